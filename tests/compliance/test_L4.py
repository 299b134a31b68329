"""Rule L4: a coupon or points state rules, scope, validity and limits; without them they are not published."""

import pytest

from huoke.govern import privacy
from huoke.kernel.tx import SYSTEM
from huoke.reward import catalogue
from huoke.reward.catalogue import CatalogueUnfit
from tests.make import catalogue as make


@pytest.fixture(scope="module", autouse=True)
def master_key(tmp_path_factory):
    privacy.unlock(tmp_path_factory.mktemp("keys") / "master.key")


async def test_a_sku_that_does_not_say_where_it_may_be_used_stays_a_draft(database, bank):
    async with database.begin(bank, SYSTEM) as tx:
        sku_id = await make.voucher(tx, published=False, acceptance="")
        with pytest.raises(CatalogueUnfit):
            await catalogue.publish(tx, sku_id)
        assert (await catalogue.get_sku(tx, sku_id)).version == 0


@pytest.mark.parametrize("fields", [{"valid_days": None}, {"valid_days": 0}])
async def test_a_sku_without_validity_is_refused(database, bank, fields):
    async with database.begin(bank, SYSTEM) as tx:
        with pytest.raises(CatalogueUnfit):
            await make.voucher(tx, **fields)
