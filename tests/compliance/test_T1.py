"""Rule T1: each benefit has a tax code; a random gift or extra chance is occasional income at 20 %, others none."""

import pytest

from huoke.govern import privacy
from huoke.kernel.tx import SYSTEM
from huoke.reward import catalogue
from huoke.reward.catalogue import CatalogueUnfit, TaxCode
from tests.make import catalogue as make


@pytest.fixture(scope="module", autouse=True)
def master_key(tmp_path_factory):
    privacy.unlock(tmp_path_factory.mktemp("keys") / "master.key")


@pytest.mark.parametrize(
    ("tax_code", "withholding_ppm"),
    [(TaxCode.OCCASIONAL_INCOME, 200_000), (TaxCode.PURCHASE_GIFT, 0), (TaxCode.DISCOUNT_COUPON, 0)],
)
async def test_every_published_sku_says_how_much_is_withheld(database, bank, tax_code, withholding_ppm):
    async with database.begin(bank, SYSTEM) as tx:
        sku = await catalogue.sku(tx, await make.voucher(tx, tax_code=tax_code))
    assert (sku.tax_code, sku.withholding_ppm) == (tax_code, withholding_ppm)


async def test_points_for_spending_are_not_taxed_and_a_voucher_cannot_pass_for_them(database, bank):
    async with database.begin(bank, SYSTEM) as tx:
        assert (await catalogue.sku(tx, await make.points(tx))).withholding_ppm == 0
        with pytest.raises(CatalogueUnfit):
            await make.voucher(tx, tax_code=TaxCode.SPENDING_POINTS)


async def test_the_database_knows_no_other_code(database, bank):
    import asyncpg

    async with database.begin(bank, SYSTEM) as tx:
        sku_id = await make.voucher(tx)
        with pytest.raises(asyncpg.CheckViolationError):
            async with tx.savepoint():
                await tx.execute(
                    "INSERT INTO catalogue.sku_version (sku_id, version, name, name_en, face_value_fen, cost_fen,"
                    " points, valid_days, tax_code, regions, acceptance, acceptance_en, published_at, published_by)"
                    " VALUES ($1, 2, '', '', 0, 0, 0, 1, 'none', '{}', '', '', $2, '')",
                    sku_id,
                    tx.now,
                )
