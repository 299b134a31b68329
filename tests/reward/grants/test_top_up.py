"""More stock and money for an offer that is on: from its parents, all or nothing."""

import pytest

from huoke.reward import grants, ledger
from huoke.reward.grants import OfferState, Terms
from tests.make import grants as make
from tests.make import ledger as make_ledger


async def below(tx, **changes):
    """An offer whose pool and budget are children with 2 units and 2,560 fen; the parents have 5 and 10,000 left."""
    world = await make.world(tx, stock=7, limit_fen=12_560)
    pool_id = await make.pool(tx, 2, sku_id=world.offer.sku_id, parent_id=world.pool_id)
    budget_id = await make_ledger.budget(tx, 2_560, parent_id=world.budget_id)
    offer = make.offer({grants.EVERY_UNIT: Terms(budget_id, pool_id)}, world.offer.sku_id, tx.now, **changes)
    await grants.publish_offer(tx, offer)
    return make.World(offer, budget_id, pool_id)


async def available(tx, world):
    [budget] = await ledger.get_budgets(tx, [world.budget_id])
    return (await make.pool_numbers(tx, world.pool_id))[1], budget.available_fen


async def test_what_is_sold_out_can_be_had_again(database, bank):
    async with database.begin(bank) as tx:
        world = await below(tx)
        await make.claim_all(tx, make.claim(world.offer.id, 1), make.claim(world.offer.id, 2))
        [refused] = await make.claim_all(tx, make.claim(world.offer.id, 3))
        assert refused.code == "grants.sold_out"
        await grants.top_up(tx, world.offer.id, stock=3, amount_fen=3_840)
        assert await available(tx, world) == (3, 3_840)
        [claimed] = await make.claim_all(tx, make.claim(world.offer.id, 3))
        assert isinstance(claimed, grants.Claimed)
        await make.assert_sound(tx)


async def test_a_root_gets_new_stock_and_money(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, stock=1, limit_fen=1_280)
        await grants.top_up(tx, world.offer.id, stock=4, amount_fen=5_120)
        assert await available(tx, world) == (5, 6_400)


async def test_where_one_of_the_two_is_short_neither_moves(database, bank):
    async with database.begin(bank) as tx:
        world = await below(tx)
        with pytest.raises(ledger.BudgetExhausted):
            await grants.top_up(tx, world.offer.id, stock=1, amount_fen=10_001)
        with pytest.raises(grants.PoolShort):
            await grants.top_up(tx, world.offer.id, stock=6)
        assert await available(tx, world) == (2, 2_560)


async def test_what_is_over_or_means_nothing_is_refused(database, bank):
    async with database.begin(bank) as tx:
        world = await below(tx)
        with pytest.raises(grants.BadQuantity):
            await grants.top_up(tx, world.offer.id)
        with pytest.raises(grants.UnknownOffer):
            await grants.top_up(tx, world.pool_id, stock=1)
        await grants.update_offer_state(tx, world.offer.id, OfferState.STOPPED)
        with pytest.raises(grants.Ended):
            await grants.top_up(tx, world.offer.id, stock=1)
        assert await available(tx, world) == (2, 2_560)
