"""Rule T1 for plays: what chance gives is occasional income, said on the public table; another code is refused."""

import pytest

from huoke.govern import approvals
from huoke.reward import plays
from huoke.reward.catalogue import TaxCode
from huoke.reward.plays import check
from tests.make import campaigns
from tests.make import catalogue as make_catalogue
from tests.make import plays as make


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=4, same_person=0)


async def drafted(world, tax_code):
    async with world.begin() as tx:
        sku_id = await make_catalogue.voucher(tx, supplier_id=world.supplier_id, tax_code=tax_code)
    prize = await make.prize(world, 1_000, stock=3, sku_id=sku_id, fallback=1)
    return await make.create(world, [prize, make.nothing(999_000)])


@pytest.mark.parametrize(("tax_code", "withheld"), [(TaxCode.OCCASIONAL_INCOME, 200_000), (TaxCode.DISCOUNT_COUPON, 0)])
async def test_the_public_table_says_what_is_withheld(world, clock, tax_code, withheld):
    play_id = await drafted(world, tax_code)
    await campaigns.approve(world, await make.submit(world, play_id))
    async with world.begin() as tx:
        table = await plays.table_of(tx, await plays.seen(tx, play_id, world.operator))
    assert (table.prizes[0].tax_code, table.prizes[0].withholding_ppm) == (tax_code.value, withheld)


async def test_a_gift_with_a_purchase_is_no_prize_of_chance(world, clock, monkeypatch):
    play_id = await drafted(world, TaxCode.PURCHASE_GIFT)
    with pytest.raises(approvals.CheckFailed):
        await make.submit(world, play_id)
    assert (await make.get(world, play_id)).state is plays.PlayState.DRAFT
    # The negative control: a check that looks at nothing lets it through.
    blind = check._tax([])
    monkeypatch.setattr(check, "_tax", lambda _: blind)
    await make.submit(world, play_id)
