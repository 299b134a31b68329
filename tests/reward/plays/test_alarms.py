"""Alarms of running plays: prizes that run low or are gone, odds that hardly come out as stated."""

from datetime import timedelta
from importlib import import_module
from uuid import UUID

from huoke.kernel.jobs import Sweep
from huoke.reward import ledger, plays
from huoke.reward.plays import PlayState, jobs, outcome_of
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


async def raised(owner, world):
    """(play, draws) of every event that says that odds do not hold."""
    async with owner.begin_shared() as tx:
        rows = await tx.fetch(
            "SELECT payload->>'play_id', (payload->>'draws')::int FROM kernel.event"
            " WHERE tenant_id = $1 AND name = 'plays.odds_alarm'",
            world.tenant,
        )
    return [(UUID(row[0]), row[1]) for row in rows]


async def test_a_play_that_favours_a_prize_is_told_and_an_honest_one_whose_prize_is_gone_is_not(
    world, other_bank, owner, clock, monkeypatch
):
    """Both point by one known seed; the favoured prize has two outcomes for each that its odds state."""
    drawing, seed, as_if = import_module("huoke.reward.plays.draw"), bytes(range(32)), UUID(int=1)
    found = {}
    for name, favour, stock in (("honest", 1, 3), ("biased", 2, 500)):
        prize = await make.prize(world, 200_000, stock=stock, fallback=1)
        play_id = await make.live(world, [prize, make.nothing(800_000)], daily_chances=20)
        with monkeypatch.context() as known:
            known.setattr(drawing, "outcome_of", lambda *of, by=favour: outcome_of(seed, as_if, of[-1]) // by)
            answers = await make.draw(world, play_id, *world.seqs[:58], *world.seqs[:58])
        found[name] = (play_id, sum(answer.line == 0 for answer in answers))
    (honest, few), (biased, many) = found["honest"], found["biased"]
    assert (few, many > 40) == (3, True)
    for tenant in (other_bank, world.tenant):
        assert await raised(owner, world) == []
        await jobs.check_odds.run(Sweep(database=world.database, tenant=tenant, parts={}))
    assert await raised(owner, world) == [(biased, 116)]
    look = Sweep(database=world.database, tenant=world.tenant, parts={})
    for later in (timedelta(hours=1), timedelta(days=1)):
        clock.advance(later)
        await jobs.check_odds.run(look)
    assert await raised(owner, world) == [(biased, 116)], "it stands: told once"
    async with world.begin() as tx:
        await put_odds_check(tx, biased, 116, 400_000, alarm=False, day=day_of(tx.now))
    await jobs.check_odds.run(look)
    assert await raised(owner, world) == [(biased, 116)] * 2, "it cleared meanwhile: told anew"
    assert "play_odds" in [kind for kind, _ in await told(world, biased)]
    assert "play_odds" not in [kind for kind, _ in await told(world, honest)]
    async with world.begin() as tx:
        days = [(await plays.figures(tx, world.operator, key)).odds for key in (honest, biased)]
    fair, unfair = (one[0] for one in days)
    assert (fair.draws, fair.alarm, unfair.draws, unfair.alarm) == (116, False, 116, True)
    assert unfair.p_ppm < 100 < fair.p_ppm
