"""Rule L3: prizes, odds, window and rules are published before the start and then frozen."""

from datetime import timedelta

import asyncpg
import pytest

from huoke.reward import plays
from huoke.reward.plays import Page, PlayChange, PlayUnfit, WrongState
from tests.make import campaigns
from tests.make import plays as make


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=6, same_person=0)


async def test_a_play_without_rules_or_whose_odds_do_not_add_up_is_not_submitted(world, clock):
    bare = await make.create(world, [make.nothing(1_000_000)], zh=Page(title="转盘"))
    short = await make.create(world, [make.nothing(999_999)])
    for play_id, pointer in ((bare, "/zh"), (short, "/prizes")):
        with pytest.raises(PlayUnfit) as refused:
            await make.submit(world, play_id)
        assert refused.value.pointer == pointer


async def test_odds_are_public_before_the_first_draw_and_nobody_changes_them_after(world, clock, database):
    prize = await make.prize(world, 250_000, stock=9, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(750_000)], opens_at=clock.now() + timedelta(hours=2))
    play = await make.get(world, play_id)
    async with world.begin() as tx:
        shown = await plays.published(tx, play.code)
        table = await plays.table_of(tx, shown)
    assert ([one.odds_ppm for one in table.prizes], shown.drawn) == ([250_000, 750_000], 0)
    change = PlayChange(name="改", prizes=[make.nothing(1_000_000)], expected_version=play.version)
    with pytest.raises(WrongState):
        async with world.begin(world.operator) as tx:
            await plays.change(tx, world.operator, play_id, change)
    for statement in (
        "UPDATE plays.prize_table SET rules = '{}' WHERE play_id = $1",
        "DELETE FROM plays.prize_table WHERE play_id = $1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.begin() as tx:
                await tx.execute(statement, play_id)
    async with world.begin() as tx:
        assert (await plays.table_of(tx, shown)).digest() == table.digest()
