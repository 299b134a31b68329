"""Entering invoices: what does not fit is refused by its field, lists page and filter, several are told one by one."""

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.kernel.refusals import Refusal
from huoke.settle import invoices
from huoke.settle.invoices import Filter, LineState, Slot, VatKind, tax_fits
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
