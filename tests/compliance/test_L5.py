"""Rule L5: every draw is kept, by nobody changed, and wins of more than 500 yuan are published under a mask."""

import asyncpg
import pytest

from huoke.reward import plays
from huoke.reward.plays import read
from tests.make import campaigns
from tests.make import catalogue as make_catalogue
from tests.make import plays as make


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=6, same_person=0)


async def test_a_draw_is_neither_changed_nor_taken_out_of_the_archive(world, clock):
    play_id = await make.live(world, [make.nothing(1_000_000)])
    await make.draw(world, play_id, *world.seqs[:3])
    for statement in (
        "UPDATE plays.draw SET given = 0 WHERE play_id = $1",
        "DELETE FROM plays.draw WHERE play_id = $1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.begin() as tx:
                await tx.execute(statement, play_id)
    chunks = [chunk async for chunk in plays.archive(world.database, world.tenant, play_id)]
    assert [draw.number for chunk in chunks for draw in chunk] == [1, 2, 3]


async def test_a_draw_that_was_taken_out_of_the_archive_would_be_seen(world, clock, owner):
    """The negative control: a hand that may delete takes one out, and the replay misses it."""
    play_id = await make.live(world, [make.nothing(1_000_000)])
    await make.draw(world, play_id, *world.seqs[:3])
    async with owner.begin(world.tenant) as tx:
        await tx.execute("DELETE FROM plays.draw WHERE play_id = $1 AND number = 2", play_id)
    await make.end(world, play_id)
    found = await plays.replay(world.database, world.tenant, play_id)
    assert [one.field for one in found.mismatches] == ["number", "count"]


@pytest.mark.parametrize(("face_value_fen", "published"), [(50_000, 0), (50_001, 2)])
async def test_wins_of_more_than_500_yuan_are_published(world, clock, monkeypatch, face_value_fen, published):
    async with world.begin() as tx:
        sku_id = await make_catalogue.voucher(tx, supplier_id=world.supplier_id, face_value_fen=face_value_fen)
    prize = await make.prize(world, 1_000_000, stock=9, sku_id=sku_id, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(0)])
    await make.draw(world, play_id, *world.seqs[:2])
    async with world.begin() as tx:
        play = await plays.seen(tx, play_id, world.operator)
        assert len(await plays.big_wins(tx, play, await plays.table_of(tx, play))) == published
        monkeypatch.setattr(read, "PUBLIC_WIN_FEN", 50_001)  # the negative control: one fen too late
        assert await plays.big_wins(tx, play, await plays.table_of(tx, play)) == []
