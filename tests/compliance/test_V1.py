"""Rule V1: every line a bank paid for has its kind of value-added tax, the state of its invoice, and the invoice."""

import asyncpg
import pytest

from huoke.reward import catalogue
from huoke.settle import invoices, statements
from huoke.settle.invoices import KindChange, LineState, Slot, VatBasis, VatKind
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue
from tests.make import invoices as make_invoices


@pytest.fixture(scope="module")
async def world(ports, database, feed, clickhouse, bank, analytics):
    return await make.world(database, feed, clickhouse, analytics, bank, count=4)


@pytest.fixture(scope="module")
async def skus(world):
    async with world.begin() as tx:
        return await make_invoices.skus(tx, world.supplier_id)


async def reclassify(world, who, line, kind=VatKind.SERVICE):
    async with world.begin(who) as tx:
        change = KindChange(statement_id=line.statement_id, place=line.place, vat_kind=kind, reason="按合同为服务采购")
        await invoices.reclassify(tx, change)


async def test_goods_given_free_are_deemed_sold_and_what_is_prepaid_is_not(world, skus, clock):
    statement_id = await make_invoices.confirmed(world, *skus.values())
    found = await make_invoices.lines(world, statement_id)
    assert [(line.place, line.slot, line.vat_kind, line.basis, line.state) for line in found] == [
        (1, Slot.SALE, VatKind.DEEMED_SALE, VatBasis.PHYSICAL, LineState.OPEN),
        (2, Slot.PURCHASE, VatKind.PREPAID_SALE, VatBasis.VOUCHER, LineState.OPEN),
        (2, Slot.USE, VatKind.PREPAID_SALE, VatBasis.VOUCHER, LineState.OPEN),
        (3, Slot.PURCHASE, VatKind.PREPAID_SALE, VatBasis.CARD_CODE, LineState.OPEN),
        (3, Slot.USE, VatKind.PREPAID_SALE, VatBasis.CARD_CODE, LineState.OPEN),
        (4, Slot.PURCHASE, VatKind.PREPAID_SALE, VatBasis.TOPUP, LineState.OPEN),
        (4, Slot.USE, VatKind.PREPAID_SALE, VatBasis.TOPUP, LineState.OPEN),
    ]


async def test_points_and_fee_waivers_need_no_invoice(world, clock):
    async with world.begin() as tx:
        points = await catalogue.sku(tx, await make_catalogue.points(tx))
    assert invoices.kind_of(points) == (VatKind.NONE, VatBasis.POINTS)
    statement_id = await make_invoices.confirmed(world, points.id)
    [line] = await make_invoices.lines(world, statement_id)
    assert (line.slot, line.state, line.can) == (Slot.NONE, LineState.NONE, ["reclassify"])
    with pytest.raises(invoices.LineTaken):
        await make_invoices.receive(world, make_invoices.invoice(line))


async def test_a_draft_has_no_lines_and_telling_twice_opens_once(world, skus, clock):
    statement_id = await make_invoices.draft(world, skus["physical"])
    await make_invoices.told(world, "statements.confirmed", statement_id)
    assert await make_invoices.lines(world, statement_id) == []
    statement_id = await make_invoices.confirmed(world, skus["physical"])
    await make_invoices.told(world, "statements.confirmed", statement_id)
    assert len(await make_invoices.lines(world, statement_id)) == 1


async def test_a_line_is_asked_for_received_reversed_and_received_again(world, skus, clock):
    statement_id = await make_invoices.confirmed(world, skus["physical"])
    [line] = await make_invoices.lines(world, statement_id)
    async with world.begin(world.buyer) as tx:
        await invoices.request(tx, make_invoices.ref(line))
    [line] = await make_invoices.lines(world, statement_id)
    assert (line.state, line.can) == (LineState.REQUESTED, ["receive", "reclassify"])
    new = make_invoices.invoice(line)
    invoice_id = await make_invoices.receive(world, new)
    [line] = await make_invoices.lines(world, statement_id)
    assert line.invoice is not None
    assert (line.state, line.invoice.id, line.invoice.number, line.can) == (
        LineState.RECEIVED, invoice_id, new.number, ["reverse", "keep_paper"],
    )  # fmt: skip
    assert (line.invoice.amount_fen, line.invoice.rate_ppm, line.invoice.tax_fen) == (11_300, 130_000, 1_300)
    async with world.begin(world.buyer) as tx:
        await invoices.reverse(tx, invoice_id, "开票有误，红冲重开")
    [line] = await make_invoices.lines(world, statement_id)
    assert (line.state, line.can) == (LineState.REVERSED, ["request", "receive"])
    with pytest.raises(invoices.NumberTaken):
        await make_invoices.receive(world, new)
    await make_invoices.receive(world, make_invoices.invoice(line))
    [line] = await make_invoices.lines(world, statement_id)
    assert line.state is LineState.RECEIVED


async def test_one_invoice_covers_lines_of_several_statements_of_one_supplier(world, skus, clock):
    mine = [
        await make_invoices.confirmed(world, skus["physical"], supplier_id=world.supplier_id, amount_fen=amount)
        for amount in (10_000, 1_300)
    ]
    [one], [two] = [await make_invoices.lines(world, statement_id) for statement_id in mine]
    [alien] = await make_invoices.lines(world, await make_invoices.confirmed(world, skus["physical"]))
    with pytest.raises(invoices.InvoiceUnfit, match="one supplier"):
        await make_invoices.receive(world, make_invoices.invoice(one, alien))
    invoice_id = await make_invoices.receive(world, make_invoices.invoice(one, two))
    after = [line for statement_id in mine for line in await make_invoices.lines(world, statement_id)]
    assert [(line.state, line.invoice and line.invoice.id) for line in after] == [(LineState.RECEIVED, invoice_id)] * 2


async def test_a_second_person_changes_the_kind_and_only_before_an_invoice(world, skus, clock):
    statement_id = await make_invoices.confirmed(world, skus["voucher"])
    purchase, _use = await make_invoices.lines(world, statement_id)
    assert "reclassify" not in (await make_invoices.lines(world, statement_id, world.buyer))[0].can
    with pytest.raises(invoices.OwnStatement):
        await reclassify(world, world.buyer, purchase)
    assert len(await make_invoices.lines(world, statement_id)) == 2
    await reclassify(world, world.other_buyer, purchase)
    [line] = await make_invoices.lines(world, statement_id)
    assert (line.vat_kind, line.slot, line.basis, line.why) == (
        VatKind.SERVICE, Slot.SALE, VatBasis.CHANGED, "按合同为服务采购",
    )  # fmt: skip
    await make_invoices.receive(world, make_invoices.invoice(line))
    with pytest.raises(invoices.LineTaken):
        await reclassify(world, world.other_buyer, line, VatKind.NONE)
    assert [row.state for row in await make_invoices.lines(world, statement_id)] == [LineState.RECEIVED]


async def test_the_database_says_so_too(world, skus, clock):
    """Negative control: written past the module, the maker's own change and a tax that does not fit are refused."""
    statement_id = await make_invoices.confirmed(world, skus["physical"])
    [line] = await make_invoices.lines(world, statement_id)
    invoice_id = await make_invoices.receive(world, make_invoices.invoice(line))
    async with world.begin() as tx:
        for statement in (
            "UPDATE invoices.line SET kind_by = made_by WHERE statement_id = $1",
            "UPDATE invoices.line SET invoice_id = NULL WHERE statement_id = $1",
            "UPDATE invoices.line SET slot = 'use' WHERE statement_id = $1",
        ):
            with pytest.raises(asyncpg.CheckViolationError):
                async with tx.savepoint():
                    await tx.execute(statement, statement_id)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with tx.savepoint():
                await tx.execute("UPDATE invoices.invoice SET tax_fen = 0 WHERE id = $1", invoice_id)


async def test_a_reversed_statement_takes_no_more_invoices(world, skus, clock):
    statement_id = await make_invoices.confirmed(world, skus["physical"])
    [line] = await make_invoices.lines(world, statement_id)
    async with world.begin(world.buyer) as tx:
        await statements.reverse(tx, statement_id, "供应商要求重出")
    with pytest.raises(invoices.LineTaken):  # at once, before the log has told
        await make_invoices.receive(world, make_invoices.invoice(line))
    await make_invoices.told(world, "statements.reversed", statement_id)
    [line] = await make_invoices.lines(world, statement_id)
    assert (line.state, line.can) == (LineState.REVERSED, [])
