"""Entering invoices: what does not fit is refused by its field, lists page and filter, several are told one by one."""

import asyncio
import hashlib
import io
import zipfile
from datetime import date, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.settle import invoices
from huoke.settle.invoices import Filter, LineState, Slot, VatBasis, VatKind, tax_fits
from tests.make import invoices as make


@pytest.fixture(scope="module")
async def skus(world):
    async with world.begin() as tx:
        return await make.skus(tx, world.supplier_id)


@pytest.fixture
async def line(world, skus, clock):
    """A gift of 113 yuan that waits for its invoice."""
    [found] = await make.lines(world, await make.confirmed(world, skus["physical"]))
    return found


@given(amount=st.integers(1, 10**12), rate=st.integers(0, 999_999))
def test_exactly_the_nearest_fen_fits(amount, rate):
    share = amount * rate
    whole = 1_000_000 + rate
    nearest = (2 * share + whole) // (2 * whole)
    assert tax_fits(amount, rate, nearest)
    assert not tax_fits(amount, rate, nearest + 1)
    assert tax_fits(amount, rate, nearest - 1) == (2 * (share - (nearest - 1) * whole) == whole)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"number": "1" * 19}, "/number"),
        ({"number": "1" * 20, "code": "033002100111"}, "/number"),
        ({"number": "12345678", "code": "0330"}, "/code"),
        ({"number": "12345678"}, "/number"),
        ({"issued_on": date(2026, 3, 3)}, "/issued_on"),
        ({"amount_fen": 0}, "/amount_fen"),
        ({"amount_fen": 10**30}, "/amount_fen"),
        ({"rate_ppm": 1_000_000}, "/rate_ppm"),
        ({"tax_fen": 1_301}, "/tax_fen"),
        ({"tax_fen": -(10**30)}, "/tax_fen"),
        ({"amount_fen": 22_600, "tax_fen": 2_600}, "/amount_fen"),
        ({"lines": []}, "/lines"),
    ],
)
async def test_what_does_not_fit_is_refused_by_its_field_and_nothing_moves(world, line, changes, pointer):
    with pytest.raises(invoices.InvoiceUnfit) as refused:
        await make.receive(world, make.invoice(line, **changes))
    assert refused.value.pointer == pointer
    assert await make.lines(world, line.statement_id) == [line]


async def test_a_line_is_named_once_and_exists(world, line):
    with pytest.raises(invoices.InvoiceUnfit, match="named once"):
        await make.receive(world, make.invoice(line, line))
    ref = make.ref(line)
    with pytest.raises(invoices.LineUnknown):
        await make.receive(
            world, make.invoice(line, lines=[invoices.LineRef(statement_id=ref.statement_id, place=9, slot=Slot.SALE)])
        )


async def test_an_older_invoice_has_a_code(world, line):
    await make.receive(world, make.invoice(line, code="033002100111", number="12345678"))
    [after] = await make.lines(world, line.statement_id)
    assert after.invoice is not None
    assert (after.invoice.code, after.invoice.number) == ("033002100111", "12345678")


async def test_two_at_once_enter_a_line_once(world, line):
    async with world.begin(world.buyer) as tx:
        first = await invoices.receive(tx, make.invoice(line))
        second = asyncio.create_task(make.receive(world, make.invoice(line)))
        waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid())"
        while not await tx.fetch_value(waits):
            assert not second.done(), "it waits for the first"
    with pytest.raises(invoices.LineTaken):
        await second
    [after] = await make.lines(world, line.statement_id)
    assert after.invoice is not None
    assert after.invoice.id == first


async def test_two_at_once_enter_a_number_once(world, skus, clock):
    found = [(await make.lines(world, await make.confirmed(world, skus["physical"])))[0] for _ in range(3)]
    done = await asyncio.gather(
        *(make.receive(world, make.invoice(one, number="9" * 20)) for one in found), return_exceptions=True
    )
    assert sum(isinstance(one, Refusal) for one in done) == 2
    states = [(await make.lines(world, one.statement_id))[0].state for one in found]
    assert sorted(states) == [LineState.OPEN, LineState.OPEN, LineState.RECEIVED]


async def test_lists_filter_count_and_page(world, skus, clock):
    statement_id = await make.confirmed(world, skus["physical"], skus["topup"], skus["card_code"])
    gift, *_ = await make.lines(world, statement_id)
    await make.receive(world, make.invoice(gift, number="7" * 20))
    mine = Filter(statement_id=statement_id)
    async with world.begin() as tx:
        assert await invoices.count(tx, mine) == {"open": 4, "received": 1}
        whole = await invoices.find(tx, world.buyer, mine)
        paged = []
        while True:
            last = paged[-1] if paged else None
            after = (last.until_on, last.statement_id, last.place, last.slot.value) if last else None
            page = await invoices.find(tx, world.buyer, mine, after=after, limit=2)
            if not page:
                break
            paged += page
        assert paged == whole
        found = await invoices.find(tx, world.buyer, Filter(q="7" * 20))
        assert [(one.statement_id, one.place) for one in found] == [(statement_id, 1)]
        prepaid = await invoices.find(tx, world.buyer, Filter(statement_id=statement_id, vat_kind=VatKind.PREPAID_SALE))
        assert [one.place for one in prepaid] == [2, 2, 3, 3]
        later = Filter(statement_id=statement_id, since_on=make.DAY + timedelta(days=1))
        assert await invoices.find(tx, world.buyer, later) == []
        received = await invoices.find(tx, world.buyer, mine, state=LineState.RECEIVED)
        assert [one.place for one in received] == [1]


async def test_an_invoice_is_taken_back_once_and_with_a_reason(world, line):
    invoice_id = await make.receive(world, make.invoice(line))
    for reason, refusal in (("", "audit.reason"), ("红冲重开", ""), ("再冲一次", "invoices.line_taken")):
        async with world.begin(world.buyer) as tx:
            if not refusal:
                await invoices.reverse(tx, invoice_id, reason)
                continue
            with pytest.raises(Refusal) as refused:
                await invoices.reverse(tx, invoice_id, reason)
            assert refused.value.code.startswith(refusal)
    [after] = await make.lines(world, line.statement_id)
    assert (after.state, after.invoice and after.invoice.reason) == (LineState.REVERSED, "红冲重开")


PDF = b"%PDF-1.7\nan invoice\n%%EOF\n"


def ofd(**entries: str) -> bytes:
    """An archive with these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in entries.items():
            archive.writestr(name.replace("_", "."), text)
    return out.getvalue()


async def keep(world, invoice_id, name, content):
    async with world.begin(world.buyer) as tx:
        return await invoices.keep_paper(tx, invoice_id, name, content)


async def kept(world, line):
    [after] = await make.lines(world, line.statement_id)
    return [(one.name, one.format, one.size_bytes) for one in after.invoice.papers]


async def test_files_of_an_invoice_are_kept_sealed_as_they_came_and_who_took_one_is_noted(world, line):
    new = make.invoice(line)
    invoice_id = await make.receive(world, new)
    xml = f"<EInvoice><Number>{new.number}</Number></EInvoice>".encode()
    paper_id = await keep(world, invoice_id, "发票.pdf", PDF)
    await keep(world, invoice_id, "发票.xml", xml)
    assert await kept(world, line) == [("发票.pdf", "pdf", len(PDF)), ("发票.xml", "xml", len(xml))]
    async with world.begin(world.other_buyer) as tx:
        paper, content = await invoices.take_paper(tx, paper_id)
        sealed = await tx.fetch_value(
            "SELECT c.body FROM files.chunk AS c JOIN invoices.paper AS p USING (file_id) WHERE p.id = $1",
            paper_id,
        )
        actions = await tx.fetch(
            "SELECT action, actor_id FROM audit.entry WHERE subject_id = $1 ORDER BY at, action", str(invoice_id)
        )
    assert (content, paper.sha256) == (PDF, hashlib.sha256(PDF).hexdigest())
    assert b"an invoice" not in bytes(sealed)
    assert ("invoices.take_paper", world.other_buyer.actor.id) in [(row["action"], row["actor_id"]) for row in actions]
    async with world.begin() as tx:
        for statement in ("DELETE FROM invoices.paper", "UPDATE invoices.paper SET sha256 = ''"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with tx.savepoint():
                    await tx.execute(statement)


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        (b"", "/content"),
        (b"%PDF-1.7 cut off", "/content"),
        (b"MZ\x90 a program named invoice.pdf", "/content"),
        (ofd(readme_txt="an archive"), "/content"),
        (b"<EInvoice>12345678901234567890</EInvoice>", "/number"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "/content"),
        (PDF + b"x" * 10_000_000, "/content"),
    ],
)
async def test_what_is_no_file_of_this_invoice_is_refused_by_what_is_in_it(world, line, content, pointer):
    invoice_id = await make.receive(world, make.invoice(line))
    with pytest.raises(invoices.PaperUnfit) as refused:
        await keep(world, invoice_id, "发票.pdf", content)
    assert refused.value.pointer == pointer
    assert await kept(world, line) == []
    assert await keep(world, invoice_id, "发票.ofd", ofd(OFD_xml=f"<ofd:OFD>{invoice_id}</ofd:OFD>"))


async def test_a_file_stands_at_one_invoice_and_one_of_each_format(world, skus, line):
    [other] = await make.lines(world, await make.confirmed(world, skus["physical"]))
    ids = [await make.receive(world, make.invoice(one)) for one in (line, other)]
    mine = PDF + str(ids[0]).encode() + b"%%EOF"
    await keep(world, ids[0], "一.pdf", mine)
    for invoice_id, content in ((ids[1], mine), (ids[0], PDF + b"another%%EOF")):
        with pytest.raises(invoices.PaperTaken):
            await keep(world, invoice_id, "二.pdf", content)
    assert (await kept(world, line), await kept(world, other)) == ([("一.pdf", "pdf", len(mine))], [])
    async with world.begin(world.buyer) as tx:
        await invoices.reverse(tx, ids[1], "红冲重开")
    with pytest.raises(invoices.LineTaken):
        await keep(world, ids[1], "三.xml", PDF)
    with pytest.raises(invoices.InvoiceUnknown):
        await keep(world, new_id(), "四.pdf", PDF)


async def test_what_is_missing_is_summed_by_supplier(world, skus):
    supplier_id = new_id()
    statement_id = await make.confirmed(world, skus["physical"], skus["topup"], supplier_id=supplier_id)
    gift, purchase, use = sorted(await make.lines(world, statement_id), key=lambda one: (one.place, one.slot))

    async def lacks():
        async with world.begin() as tx:
            [found] = await invoices.missing(tx, Filter(supplier_id=supplier_id))
        return found.lines, found.received, found.waiting, found.waiting_fen, found.papers

    assert (purchase.slot, use.slot) == (Slot.PURCHASE, Slot.USE)
    assert await lacks() == (3, 0, 3, 33_900, 0)
    invoice_id = await make.receive(world, make.invoice(gift))
    assert await lacks() == (3, 1, 2, 22_600, 1)
    await keep(world, invoice_id, "发票.pdf", PDF + invoice_id.bytes + b"%%EOF")
    assert await lacks() == (3, 1, 2, 22_600, 0)
    await make.told(world, "statements.reversed", statement_id)
    async with world.begin() as tx:
        assert await invoices.missing(tx, Filter(supplier_id=new_id())) == []


async def test_a_difference_is_taxed_as_its_benefit_a_strangers_as_a_service_and_one_invoice_covers_both_ways(
    world, skus, clock
):
    more = [make.difference(2, -300, skus["physical"]), make.difference(3, 500), make.difference(4, 20, skus["topup"])]
    found = await make.lines(world, await make.confirmed(world, skus["physical"], more=more))
    assert [(line.place, line.title, line.amount_fen, line.vat_kind, line.basis) for line in found] == [
        (1, "权益1", 11_300, VatKind.DEEMED_SALE, VatBasis.PHYSICAL),
        (2, "权益", -300, VatKind.DEEMED_SALE, VatBasis.PHYSICAL),
        (3, "ORDER3", 500, VatKind.SERVICE, VatBasis.DIFFERENCE),
        (4, "权益", 20, VatKind.PREPAID_SALE, VatBasis.TOPUP),
        (4, "权益", 20, VatKind.PREPAID_SALE, VatBasis.TOPUP),
    ]
    await make.receive(world, make.invoice(found[0], found[1], tax_fen=1_265))
    with pytest.raises(invoices.InvoiceUnfit):
        await make.receive(world, make.invoice(found[2], amount_fen=501))
    after = await make.lines(world, found[0].statement_id)
    assert [line.state for line in after] == [LineState.RECEIVED] * 2 + [LineState.OPEN] * 3
