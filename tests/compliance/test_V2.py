"""Rule V2: what is prepaid has a non-taxed invoice on purchase and a real one on use; cards keep to their caps."""

import pytest

from huoke.govern import tenants
from huoke.reward import catalogue
from huoke.reward.catalogue import VoucherCode, VoucherDetails
from huoke.settle import invoices
from huoke.settle.invoices import LineState, Slot
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue
from tests.make import invoices as make_invoices


@pytest.fixture(scope="module")
async def world(ports, database, feed, clickhouse, bank, analytics):
    return await make.world(database, feed, clickhouse, analytics, bank, count=4)


@pytest.fixture
async def slots(world, clock):
    """Purchase and use of a card code, both waiting."""
    async with world.begin() as tx:
        skus = await make_invoices.skus(tx, world.supplier_id)
    return await make_invoices.lines(world, await make_invoices.confirmed(world, skus["card_code"]))


async def test_a_prepaid_line_has_a_place_for_the_purchase_and_one_for_the_use(world, slots):
    purchase, use = slots
    await make_invoices.receive(world, make_invoices.invoice(purchase, rate_ppm=0, tax_fen=0))
    purchase, use = await make_invoices.lines(world, purchase.statement_id)
    assert [(line.slot, line.state) for line in (purchase, use)] == [
        (Slot.PURCHASE, LineState.RECEIVED),
        (Slot.USE, LineState.OPEN),
    ]
    await make_invoices.receive(world, make_invoices.invoice(use))
    after = await make_invoices.lines(world, purchase.statement_id)
    assert [line.invoice and line.invoice.tax_fen for line in after] == [0, 1_300]


async def test_the_purchase_is_not_taxed(world, slots):
    purchase, use = slots
    with pytest.raises(invoices.InvoiceUnfit) as refused:
        await make_invoices.receive(world, make_invoices.invoice(purchase))
    assert (refused.value.pointer, refused.value.data["rule"]) == ("/rate_ppm", "V2")
    with pytest.raises(invoices.InvoiceUnfit, match="an invoice of its own"):
        await make_invoices.receive(world, make_invoices.invoice(purchase, use, rate_ppm=0, tax_fen=0))
    after = await make_invoices.lines(world, purchase.statement_id)
    assert [line.state for line in after] == [LineState.OPEN, LineState.OPEN]


def card(face_value_fen, *, registered):
    details = VoucherDetails(code=VoucherCode.CARD_CODE, registered=registered)
    return {"face_value_fen": face_value_fen, "details": details}


@pytest.mark.parametrize(("registered", "cap_fen"), [(False, 100_000), (True, 500_000)])
async def test_a_prepaid_card_keeps_to_its_cap(world, clock, registered, cap_fen):
    async with world.begin() as tx:
        await make_catalogue.voucher(tx, **card(cap_fen, registered=registered))
        above = await make_catalogue.voucher(tx, published=False, **card(cap_fen + 1, registered=registered))
        with pytest.raises(catalogue.CatalogueUnfit) as refused:
            async with tx.savepoint():
                await catalogue.publish(tx, above)
        assert (refused.value.pointer, refused.value.data) == (
            "/terms/face_value_fen",
            {"cap_fen": cap_fen, "rule": "V2"},
        )
        assert (await catalogue.get_sku(tx, above)).version == 0


async def test_our_own_voucher_is_no_prepaid_card(world, clock):
    """Negative control of the kind: a voucher nobody sold ahead has no cap."""
    async with world.begin() as tx:
        sku_id = await make_catalogue.voucher(tx, face_value_fen=100_001)
        assert (await catalogue.get_sku(tx, sku_id)).version == 1


async def test_the_caps_are_the_banks_settings(world, clock):
    async with world.begin() as tx:
        sku_id = await make_catalogue.voucher(tx, published=False, **card(100_001, registered=False))
        await tenants.set_setting(tx, "catalogue.card_cap_fen", 200_000, "监管口径调整")
        assert await catalogue.publish(tx, sku_id) == 1
        await tenants.set_setting(tx, "catalogue.card_cap_fen", 100_000, "恢复")
