"""L7: the stock shown is the stock in the pool, always."""

from huoke.reward import grants
from huoke.reward.grants import Mode
from tests.make import grants as make


async def test_what_is_shown_is_what_can_be_had_at_every_step(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, stock=3)
        for shown in (3, 2, 1, 0):
            [pool] = await grants.get_pools(tx, [world.pool_id])
            assert pool.available == shown
            [answer] = await make.claim_all(tx, make.claim(world.offer.id, 100 + shown))
            assert isinstance(answer, grants.Claimed) == (shown > 0)
        assert answer.code == "grants.sold_out"


async def test_a_push_a_return_and_an_allocation_show_at_once(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, stock=10, mode=Mode.PUSH)
        await grants.grant_members(tx, world.offer.id, make.facts(range(1, 5)))
        child = await make.pool(tx, 2, sku_id=world.offer.sku_id, parent_id=world.pool_id)
        assert await make.pool_numbers(tx, world.pool_id) == (10, 4, 4, 0, 2)
        assert await make.pool_numbers(tx, child) == (2, 2, 0, 0, 0)
        [item] = await grants.wallet(tx, 1)
        await grants.return_(tx, [item.id], "客户不要")
        assert (await make.pool_numbers(tx, world.pool_id))[1] == 5
        await make.assert_sound(tx)


async def test_a_number_that_was_written_past_the_grants_is_found(database, owner, other_bank):
    """The negative control: stock shown that no grant explains."""
    async with database.begin(other_bank) as tx:
        world = await make.world(tx, stock=10)
        await make.claim_all(tx, make.claim(world.offer.id, 1))
    async with owner.begin_shared() as tx:
        await tx.execute("UPDATE grants.pool SET available = 10, reserved = 0 WHERE id = $1", world.pool_id)
    async with database.begin(other_bank) as tx:
        [difference] = await grants.verify(tx)
        assert (difference.what, difference.stored, difference.recomputed) == ("pool_reserved", 0, 1)
