"""Rule B4: no benefit rewards buying a wealth-management product, a fund or insurance, by product type."""

import msgspec
import pytest

from huoke.govern import privacy
from huoke.kernel.tx import SYSTEM
from huoke.reward import catalogue
from huoke.reward.catalogue import Instrument, NewSku, ProductType, RewardForbidden, SkuKind
from huoke.reward.group_buy import NotGroupable
from huoke.reward.group_buy.programme import require_groupable
from tests.make import catalogue as make


@pytest.fixture(scope="module", autouse=True)
def master_key(tmp_path_factory):
    privacy.unlock(tmp_path_factory.mktemp("keys") / "master.key")


@pytest.mark.parametrize("product_type", [ProductType.WEALTH, ProductType.FUND, ProductType.INSURANCE])
@pytest.mark.parametrize("instrument", list(Instrument))
async def test_no_benefit_for_buying_one_is_drafted(database, bank, instrument, product_type):
    async with database.begin(bank, SYSTEM) as tx:
        item_id = await make.item(tx)
        terms = make.financial_terms(instrument, product_type=product_type)
        with pytest.raises(RewardForbidden) as refused:
            await catalogue.add_sku(tx, NewSku(item_id=item_id, code="FW", kind=SkuKind.FINANCIAL, terms=terms))
        assert (refused.value.data["rule"], refused.value.pointer) == ("B4", "/terms/details/product_type")
        assert await catalogue.find_skus(tx, item_id=item_id) == []


async def test_a_waived_card_fee_is_fine(database, bank):
    """The negative control: it is the product that is refused."""
    async with database.begin(bank, SYSTEM) as tx:
        terms = make.financial_terms(Instrument.FEE_WAIVER, product_type=ProductType.CARD)
        new = NewSku(item_id=await make.item(tx), code="CARD", kind=SkuKind.FINANCIAL, terms=terms)
        assert await catalogue.publish(tx, await catalogue.add_sku(tx, new)) == 1


@pytest.mark.parametrize(
    ("field", "value"), [("name", "稳健理财体验券"), ("brand_name", "安心保险"), ("name_en", "Fund of three")]
)
async def test_no_such_product_is_bought_in_groups(database, bank, field, value):
    async with database.begin(bank, SYSTEM) as tx:
        sku = await catalogue.sku(tx, await make.voucher(tx))
    require_groupable(sku)
    with pytest.raises(NotGroupable) as refused:
        require_groupable(msgspec.structs.replace(sku, **{field: value}))
    assert refused.value.data["rule"] == "B4"
