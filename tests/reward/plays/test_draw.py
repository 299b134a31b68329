"""Draws through the front door: chances, stock, limits, retries, fallbacks; and every draw done again."""

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huoke.kernel.batch import Call
from huoke.kernel.idempotency import RequestReused
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants, ledger, plays
from huoke.reward.plays import PlayState
from tests.make import cuts
from tests.make import grants as make_grants
from tests.make import plays as make
from tests.make.command_line import command_line, own_home


def lines(answers):
    return [getattr(answer, "line", getattr(answer, "code", None)) for answer in answers]


async def test_a_draw_takes_a_chance_gives_the_prize_and_can_be_done_again(world, clock):
    prize = await make.prize(world, 1_000_000, stock=5, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(0)])
    before = await make.get(world, play_id)
    assert (before.state, before.seed, len(before.commitment)) == (PlayState.LIVE, None, 32)
    [done] = await make.draw(world, play_id, world.seqs[0])
    assert (done.number, done.line, done.exists) == (1, 0, False)
    async with world.begin() as tx:
        [grant] = await grants.find_grants(tx, source_id=play_id, seq=world.seqs[0])
        assert grant.id == done.grant_id
        found = await plays.stand(tx, before, world.seqs[0])
        assert (found.chances, found.stock, found.closed) == (2, {0: 4}, "")
        await make_grants.assert_sound(tx)
    await make.end(world, play_id)
    replayed = await plays.replay(world.database, world.tenant, play_id)
    assert (replayed.draws, replayed.mismatches, replayed.commitment_holds) == (1, [], True)


async def test_stock_falls_to_zero_and_not_below_and_the_fallback_follows(world, clock):
    rich = await make.prize(world, 1_000_000, stock=2, fallback=1)
    small = await make.prize(world, 0, stock=1, fallback=2)
    play_id = await make.live(world, [rich, small, make.nothing(0)])
    answers = await make.draw(world, play_id, *world.seqs[:5])
    assert lines(answers) == [0, 0, 1, 2, 2]
    assert (await make.stock(world, rich), await make.stock(world, small)) == (0, 0)
    await make.end(world, play_id)
    assert (await plays.replay(world.database, world.tenant, play_id)).mismatches == []


async def test_a_retry_answers_the_same_and_takes_nothing(world, clock):
    prize = await make.prize(world, 1_000_000, stock=5, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(0)])
    seq = world.seqs[1]
    [first] = await make.draw(world, play_id, seq, request_no="tap-1")
    again, twin = await make.draw(world, play_id, seq, seq, request_no="tap-1")
    assert (again.number, again.exists, twin.number, twin.exists) == (1, True, 1, True)
    [reused] = await make.draw(world, play_id, world.seqs[2], request_no="tap-1")
    assert isinstance(reused, RequestReused)
    assert (await make.get(world, play_id)).drawn == first.number == 1
    assert await make.stock(world, prize) == 4


async def test_chances_end_with_their_day_and_come_again_after_midnight(world, clock):
    play_id = await make.live(world, [make.nothing(1_000_000), await make.prize(world, 0, fallback=0)], daily_chances=2)
    seq = world.seqs[3]
    assert lines(await make.draw(world, play_id, seq, seq, seq)) == [0, 0, "plays.no_chance"]
    assert (await make.get(world, play_id)).drawn == 2
    clock.advance(timedelta(hours=14, minutes=59, seconds=59))
    assert lines(await make.draw(world, play_id, seq)) == ["plays.no_chance"]
    clock.advance(timedelta(seconds=1))
    async with world.begin() as tx:
        found = await plays.stand(tx, await plays.seen(tx, play_id, world.operator), seq)
        assert found.chances == 2
    assert lines(await make.draw(world, play_id, seq)) == [0]


async def test_two_records_of_one_person_share_chances_and_limits(world, clock):
    one, two = world.seqs[-2:]
    prize = await make.prize(world, 1_000_000, stock=9, fallback=1, per_person=1)
    play_id = await make.live(world, [prize, make.nothing(0)], daily_chances=2, draws_a_day=2)
    assert lines(await make.draw(world, play_id, one, two)) == [0, "plays.no_chance"]
    assert lines(await make.draw(world, play_id, one, one)) == [1, "plays.day_limit"]
    assert await make.stock(world, prize) == 8


@pytest.mark.parametrize(("state", "code"), [(PlayState.PAUSED, "plays.paused"), (PlayState.ENDED, "plays.ended")])
async def test_what_is_closed_takes_no_chance(world, clock, state, code):
    prize = await make.prize(world, 1_000_000, stock=5, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(0)])
    async with world.begin(world.operator) as tx:
        await plays.move(tx, world.operator, play_id, state, "检查")
    assert lines(await make.draw(world, play_id, world.seqs[4])) == [code]
    assert (await make.get(world, play_id)).drawn == 0
    assert await make.stock(world, prize) == 5


async def test_before_the_start_after_the_end_and_by_nobody(world, clock):
    now = clock.now()
    play_id = await make.live(
        world, [make.nothing(1_000_000), await make.prize(world, 0, fallback=0)], opens_at=now + timedelta(hours=1)
    )
    assert lines(await make.draw(world, play_id, world.seqs[5])) == ["plays.not_started"]
    clock.advance(timedelta(hours=1))
    assert lines(await make.draw(world, play_id, world.seqs[5], 9_999_999)) == [0, "customers.not_eligible"]
    clock.advance(timedelta(days=20))
    assert lines(await make.draw(world, play_id, world.seqs[5])) == ["plays.ended"]
    async with world.begin() as tx:
        assert await plays.end_due(tx) >= 1
    assert (await make.get(world, play_id)).seed is not None


async def test_a_changed_draw_is_found_by_the_replay(world, clock, owner):
    """The negative control: one line of the archive altered past every rule."""
    prize = await make.prize(world, 300_000, stock=50, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(700_000)])
    await make.draw(world, play_id, *world.seqs[:20])
    await make.end(world, play_id)
    assert (await plays.replay(world.database, world.tenant, play_id)).mismatches == []
    async with owner.begin_shared() as tx:
        await tx.execute("UPDATE plays.draw SET given = 1 - given WHERE play_id = $1 AND number = 7", play_id)
    [wrong] = (await plays.replay(world.database, world.tenant, play_id)).mismatches
    assert (wrong.number, wrong.field) == (7, "given")
    async with owner.begin_shared() as tx:
        await tx.execute("DELETE FROM plays.draw WHERE play_id = $1 AND number = 20", play_id)
    fields = {one.field for one in (await plays.replay(world.database, world.tenant, play_id)).mismatches}
    assert fields == {"given", "count"}


@pytest.fixture
def command(cluster, tmp_path):
    """The command line beside an instance on the same engines."""
    with command_line({**os.environ, **own_home(cluster, tmp_path / "home")}) as run:
        yield run


async def test_the_command_exits_with_0_where_every_draw_holds_and_with_1_where_one_was_changed(
    world, clock, owner, command
):
    prize = await make.prize(world, 300_000, stock=50, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(700_000)])
    await make.draw(world, play_id, *world.seqs[:20])
    async with owner.begin_shared() as tx:
        code = await tx.fetch_value("SELECT code FROM tenants.tenant WHERE id = $1", world.tenant)
        login = await tx.fetch_value("SELECT login FROM people.staff WHERE id::text = $1", world.operator.actor.id)
    words = ("draws", "verify", str(play_id), "--bank", code, "--as", login)
    assert "plays.seed_secret" in command(*words, exit_code=2)
    await make.end(world, play_id)
    assert command(*words) == "20 draws, 0 mismatches, the commitment holds\n"
    async with owner.begin_shared() as tx:
        await tx.execute("UPDATE plays.draw SET given = 1 - given WHERE play_id = $1 AND number = 7", play_id)
    first, last = command(*words, exit_code=1).splitlines()
    assert first.startswith("draw 7: given is ")
    assert last == "20 draws, 1 mismatches, the commitment holds"
    assert '"number":7' in command(*words, "--json", exit_code=1)


async def test_a_prize_that_runs_out_of_money_falls_back_and_says_so(world, clock):
    async with world.begin() as tx:
        poor = await ledger.open_budget(tx, ledger.NewBudget(name="小预算", unit_id=world.units.head, limit_fen=1_980))
    prize = await make.prize(world, 1_000_000, stock=5, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(0)], budget_id=poor)
    assert lines(await make.draw(world, play_id, *world.seqs[:2])) == [0, 1]
    async with world.begin() as tx:
        await make_grants.assert_sound(tx)
    chunks = [chunk async for chunk in plays.archive(world.database, world.tenant, play_id)]
    [[_, second]] = chunks
    assert [(step.line, step.why, step.left) for step in second.steps] == [(0, "budget", 4)]


@pytest.fixture(scope="module")
async def scarce(world):
    """Two of the first prize, one a day of the second, a guarantee, two draws a day."""
    first = await make.prize(world, 400_000, stock=2, fallback=2)
    second = await make.prize(world, 300_000, stock=9, fallback=2, per_day=1, per_person=1)
    more = {"draws_a_day": 2, "guarantee_after": 2, "guarantee_line": 1}
    return await make.live(world, [first, second, make.nothing(300_000)], **more), first


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=st.lists(st.integers(0, 3), min_size=2, max_size=10), cut=st.integers(1, 9))
async def test_two_cuts_of_one_batch_of_draws_at_any_place_give_the_same(world, scarce, clock, who, cut):
    play_id, first = scarce

    async def put(tx, part):
        orders = [plays.DrawOrder(request_no=new_id().hex, play_id=play_id, seq=world.seqs[20 + one]) for one in part]
        return lines(await plays.draw(tx, [Call(one, SYSTEM, tx.now) for one in orders]))

    async def state(tx):
        [pool] = await grants.get_pools(tx, [first.pool_id])
        held = [len(await grants.find_grants(tx, source_id=play_id, seq=seq)) for seq in world.seqs[20:24]]
        return pool.available, held

    runs = [await cuts.comes_to(world.begin(), who, at, put, state) for at in (cut, len(who))]
    assert runs[0] == runs[1]
    assert any(line in (0, 1, 2) for line in runs[0][0])
