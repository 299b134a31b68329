"""The five kinds of benefits: what each adds to its terms, and how it gets to its customer."""

import pytest

from huoke.govern import privacy
from huoke.kernel.tx import SYSTEM
from huoke.reward import catalogue
from huoke.reward.catalogue import (
    CatalogueUnfit,
    Delivery,
    FinancialDetails,
    Handover,
    Instrument,
    NewSku,
    PhysicalDetails,
    ProductType,
    SkuKind,
    TopupDetails,
    VoucherCode,
    VoucherDetails,
)
from tests.make import catalogue as make


@pytest.fixture(scope="module", autouse=True)
def master_key(tmp_path_factory):
    privacy.unlock(tmp_path_factory.mktemp("keys") / "master.key")


@pytest.fixture
async def tx(database, bank, clock):
    async with database.begin(bank, SYSTEM) as tx:
        yield tx


WAIVER = FinancialDetails(
    instrument=Instrument.FEE_WAIVER, product_type=ProductType.CARD, fee_code="ANNUAL_FEE", cap_fen=10_000
)


@pytest.mark.parametrize(
    ("kind", "details", "handover"),
    [
        (SkuKind.VOUCHER, None, Handover.COUNTER),
        (SkuKind.VOUCHER, VoucherDetails(), Handover.COUNTER),
        (SkuKind.VOUCHER, VoucherDetails(code=VoucherCode.CARD_CODE), Handover.CARD_CODE),
        (SkuKind.TOPUP, TopupDetails(carriers=["移动"]), Handover.ORDER),
        (SkuKind.PHYSICAL, PhysicalDetails(delivery=Delivery.POST), Handover.ORDER),
        (SkuKind.PHYSICAL, PhysicalDetails(delivery=Delivery.OUTLET), Handover.COUNTER),
        (SkuKind.FINANCIAL, WAIVER, Handover.COUNTER),
    ],
)
async def test_each_kind_is_published_with_its_details(tx, kind, details, handover):
    terms = make.voucher_terms(await make.supplier(tx), details=details)
    sku_id = await catalogue.add_sku(
        tx, NewSku(item_id=await make.item(tx), code=make.next_code(), kind=kind, terms=terms)
    )
    await catalogue.publish(tx, sku_id)
    sku = await catalogue.sku(tx, sku_id)
    assert (sku.kind, sku.details, sku.handover) == (kind, details, handover)
    assert (await catalogue.sku(tx, sku_id, version=1)).details == details
    [version] = await catalogue.versions(tx, sku_id)
    assert version.terms == terms


async def test_points_are_credited(tx):
    assert (await catalogue.sku(tx, await make.points(tx))).handover is Handover.CREDIT


@pytest.mark.parametrize(
    ("kind", "details", "pointer"),
    [
        (SkuKind.TOPUP, VoucherDetails(), "/terms/details"),
        (SkuKind.POINTS, VoucherDetails(), "/terms/points"),
        (SkuKind.TOPUP, TopupDetails(carriers=[""]), "/terms/details/carriers"),
        (
            SkuKind.FINANCIAL,
            FinancialDetails(instrument=Instrument.FEE_WAIVER, product_type=ProductType.CARD, cap_fen=1),
            "/terms/details/fee_code",
        ),
        (
            SkuKind.FINANCIAL,
            FinancialDetails(instrument=Instrument.FEE_WAIVER, product_type=ProductType.CARD, fee_code="F", cap_fen=0),
            "/terms/details/cap_fen",
        ),
        (
            SkuKind.FINANCIAL,
            FinancialDetails(instrument=Instrument.RATE_COUPON, product_type="loan", rate_bp=2_401, cap_fen=1),
            "/terms/details/rate_bp",
        ),
    ],
)
async def test_details_that_contradict_the_kind_are_refused(tx, kind, details, pointer):
    item_id = await make.item(tx)
    terms = make.voucher_terms(await make.supplier(tx), details=details)
    with pytest.raises(CatalogueUnfit) as refused:
        await catalogue.add_sku(tx, NewSku(item_id=item_id, code="BAD", kind=kind, terms=terms))
    assert refused.value.pointer == pointer
    assert await catalogue.find_skus(tx, item_id=item_id) == []


@pytest.mark.parametrize(
    ("kind", "pointer"), [(SkuKind.PHYSICAL, "/terms/details"), (SkuKind.TOPUP, "/terms/supplier_id")]
)
async def test_what_a_kind_needs_must_be_there_before_it_is_published(tx, kind, pointer):
    supplier_id = await make.supplier(tx) if kind is SkuKind.PHYSICAL else None
    terms = make.voucher_terms(supplier_id)
    sku_id = await catalogue.add_sku(
        tx, NewSku(item_id=await make.item(tx), code=make.next_code(), kind=kind, terms=terms)
    )
    with pytest.raises(CatalogueUnfit) as refused:
        await catalogue.publish(tx, sku_id)
    assert refused.value.pointer == pointer
