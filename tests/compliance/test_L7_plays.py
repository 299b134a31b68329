"""Rule L7 for plays: the stock a play shows is the stock of its pools, at every step, and never a copy of it."""

import pytest

from huoke.reward import grants, plays
from tests.make import campaigns
from tests.make import plays as make


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=6, same_person=0)


async def shown(world, play_id):
    async with world.begin() as tx:
        play = await plays.seen(tx, play_id, world.operator)
        found = await plays.stand(tx, play, None)
        return found.stock[0]


async def test_what_a_play_shows_is_what_its_pool_has(world, clock):
    prize = await make.prize(world, 1_000_000, stock=3, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(0)])
    for left, seq in zip((2, 1, 0), world.seqs, strict=False):
        await make.draw(world, play_id, seq)
        assert await shown(world, play_id) == await make.stock(world, prize) == left
    [passed] = await make.draw(world, play_id, world.seqs[4])
    assert passed.line == 1
    async with world.begin() as tx:
        await grants.add_stock(tx, prize.pool_id, 5)
    assert await shown(world, play_id) == 5


async def test_a_number_written_past_the_grants_is_shown_as_it_stands_and_found(world, clock, owner):
    """The negative control: a play that kept a number of its own would not notice."""
    prize = await make.prize(world, 1_000_000, stock=4, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(0)])
    await make.draw(world, play_id, world.seqs[0])
    async with owner.begin_shared() as tx:
        await tx.execute("UPDATE grants.pool SET available = 4, reserved = 0 WHERE id = $1", prize.pool_id)
    assert await shown(world, play_id) == 4
    async with world.begin() as tx:
        assert "pool_reserved" in {one.what for one in await grants.verify(tx)}
