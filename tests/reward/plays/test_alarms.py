"""Alarms of running plays: prizes that run low or are gone, odds that hardly come out as stated."""

from datetime import timedelta

from huoke.reward import ledger, plays
from huoke.reward.plays import PlayState
from huoke.reward.plays.model import day_of
from huoke.reward.plays.store import put_odds_check
from tests.make import plays as make


async def told(world, play_id):
    async with world.begin() as tx:
        return [(one.kind, one.share_ppm) for one in await plays.alarms(tx, None) if one.play_id == play_id]


async def test_a_prize_that_runs_low_and_then_is_gone_is_told(world, clock):
    prize = await make.prize(world, 1_000_000, stock=11, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(0)], daily_chances=20)
    await make.draw(world, play_id, *[world.seqs[0]] * 9)
    assert await told(world, play_id) == []
    await make.draw(world, play_id, world.seqs[1])
    assert await told(world, play_id) == [("play_low", 90_909)]
    await make.draw(world, play_id, world.seqs[1])
    assert await told(world, play_id) == [("play_out", 0)]


async def test_the_last_look_at_the_odds_counts_while_the_play_runs(world, clock):
    play_id = await make.live(world, [await make.prize(world, 1_000, fallback=1), make.nothing(999_000)])
    async with world.begin() as tx:
        await put_odds_check(tx, play_id, 500, 3, alarm=True, day=day_of(tx.now))
    assert await told(world, play_id) == [("play_odds", 3)]
    async with world.begin(world.operator) as tx:
        await plays.move(tx, world.operator, play_id, PlayState.PAUSED, "核查概率")
    assert await told(world, play_id) == []
    async with world.begin(world.operator) as tx:
        await plays.move(tx, world.operator, play_id, PlayState.LIVE)
        await put_odds_check(tx, play_id, 600, 400_000, alarm=False, day=day_of(tx.now))
    assert await told(world, play_id) == []


async def test_a_fallback_in_use_and_a_budget_near_its_end_are_told(world, clock):
    async with world.begin() as tx:
        budget = ledger.NewBudget(name="小预算", unit_id=world.units.head, limit_fen=20_000)
        budget_id = await ledger.open_budget(tx, budget)
    prize = await make.prize(world, 1_000_000, stock=100, fallback=1, per_day=9)
    play_id = await make.live(world, [prize, make.nothing(0)], budget_id=budget_id, daily_chances=20)
    await make.draw(world, play_id, *[world.seqs[2]] * 9)
    assert await told(world, play_id) == []
    await make.draw(world, play_id, world.seqs[2])
    assert await told(world, play_id) == [("play_fallback", 100_000)]
    clock.advance(timedelta(days=1))
    await make.draw(world, play_id, world.seqs[2])
    assert await told(world, play_id) == [("play_fallback", 90_909), ("play_budget", 10_000)]
