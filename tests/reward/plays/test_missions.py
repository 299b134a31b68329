"""Missions: counted from events once each, goals taken once, late and reversed events, what may not be asked for."""

from datetime import timedelta

import pytest

from huoke.kernel.ids import new_id
from huoke.kernel.jobs import Sweep
from huoke.know import events
from huoke.know.events import NewSchema
from huoke.know.language import DepositCondition, Op, Where
from huoke.reward import grants, plays
from huoke.reward.plays import (
    Act,
    Goal,
    Measure,
    Mission,
    PlayKind,
    Reward,
    Span,
    Undone,
    Ways,
    counting,
    item_of,
    jobs,
    store_deed,
)
from huoke.reward.points import RuleForbidden
from tests.make import events as make_events
from tests.make import plays as make
from tests.make import points as make_points

DAY = timedelta(days=1)
PAID = "payment.made"


def goal(target, line=0, **more):
    return Goal(target=target, gives=Reward(line=line, **more))


def mission(*goals, **more):
    told = {"title": "支付", "title_en": "Pay", "event": PAID, "goals": list(goals or [goal(1)])}
    return Mission(**{**told, **more})


async def live(world, *missions, stock=100, **changes):
    coffee = await make.prize(world, 0, stock=stock)
    nothing = [make.nothing(1_000_000)] if any(g.gives.chances for m in missions for g in m.goals) else []
    ways = Ways(missions=list(missions))
    told = {"kind": PlayKind.MISSION, "daily_chances": 0, "ways": ways, **changes}
    return await make.live(world, [coffee, *nothing], **told)


async def count(world, *taken):
    async with world.begin() as tx:
        return await counting.count(tx, await counting.listening(tx), list(taken))


async def done(world, play_id, seq):
    async with world.begin() as tx:
        play = await plays.seen(tx, play_id, world.operator)
        return dict((await plays.mine(tx, play, seq)).own.counts)


def codes(answers):
    return [getattr(one, "code", None) or [deed.item for deed in one.deeds] for one in answers]


async def test_a_growing_mission_gives_each_goal_once(world, clock):
    play_id = await live(world, mission(goal(1), goal(3), goal(5, chances=2)))
    seq = world.seqs[0]
    paid = [make_points.event(seq, clock.now()) for _ in range(3)]
    await count(world, *paid, *paid)
    assert list((await done(world, play_id, seq)).values()) == [3]
    taken = [codes(await make.do(world, play_id, seq, act=Act.TAKE, item=item_of(0, n))) for n in (0, 1, 1, 2, 7)]
    assert taken == [[[0]], [[1]], [[]], ["plays.not_reached"], ["plays.not_this_play"]]
    await count(world, *[make_points.event(seq, clock.now()) for _ in range(2)])
    [answer] = await make.do(world, play_id, seq, act=Act.TAKE, item=item_of(0, 2))
    assert [deed.chances for deed in answer.deeds] == [2]
    async with world.begin() as tx:
        assert len(await grants.find_grants(tx, source_id=play_id, seq=seq)) == 3


async def test_a_daily_mission_counts_each_day_and_late_events_on_their_own(world, clock):
    play_id = await live(world, mission(goal(2), span=Span.DAY))
    seq = world.seqs[1]
    first = clock.now()
    await count(world, make_points.event(seq, first))
    clock.advance(DAY)
    await count(world, make_points.event(seq, first), make_points.event(seq, clock.now()))
    assert sorted((await done(world, play_id, seq)).values()) == [1, 2]
    today, yesterday = clock.now().date(), first.date()
    assert codes(await make.do(world, play_id, seq, act=Act.TAKE, day=today)) == ["plays.not_reached"]
    assert codes(await make.do(world, play_id, seq, act=Act.TAKE, day=yesterday)) == [[0]]
    outside = [make_points.event(seq, first - DAY), make_points.event(seq, first + 10 * DAY)]
    await count(world, *outside)
    assert sorted((await done(world, play_id, seq)).values()) == [1, 2]


@pytest.mark.parametrize(("measure", "expected"), [(Measure.TIMES, 3), (Measure.DAYS, 2), (Measure.AMOUNT, 600)])
async def test_what_is_measured(world, clock, measure, expected):
    play_id = await live(world, mission(measure=measure))
    seq, now = world.seqs[2], clock.now()
    await count(world, *[make_points.event(seq, at, amount_fen=200) for at in (now, now, now + DAY)])
    assert list((await done(world, play_id, seq)).values()) == [expected]


async def test_a_reversal_is_no_longer_counted_and_takes_back_what_was_not_used(world, clock):
    async with world.begin() as tx:
        await events.define(tx, [NewSchema(name="payment.refunded", title="退款")])
    play_id = await live(world, mission(goal(2), undone_by=Undone(event="payment.refunded", key="order_no")))
    seq, now = world.seqs[3], clock.now()
    await count(world, *[make_points.event(seq, now, order_no=no) for no in ("A", "B")])
    [answer] = await make.do(world, play_id, seq, act=Act.TAKE)
    back = make_points.event(seq, now, "payment.refunded", order_no="B")
    await count(world, back, make_points.event(world.seqs[4], now, "payment.refunded", order_no="A"))
    assert list((await done(world, play_id, seq)).values()) == [1]
    async with world.begin() as tx:
        [grant] = await grants.find_grants(tx, source_id=play_id, seq=seq)
        assert (grant.id, grant.state) == (answer.deeds[0].grant_id, grants.State.REVOKED)
    assert codes(await make.do(world, play_id, seq, act=Act.TAKE)) == ["plays.not_reached"]
    await count(world, make_points.event(seq, now, order_no="C"))
    assert codes(await make.do(world, play_id, seq, act=Act.TAKE)) == [[0]]
    async with world.begin() as tx:
        assert len(await grants.find_grants(tx, source_id=play_id, seq=seq)) == 2


async def test_two_records_of_one_person_count_together_and_take_once(world, clock):
    play_id = await live(world, mission(goal(2)))
    one, two = world.seqs[-2:]
    await count(world, make_points.event(one, clock.now()), make_points.event(two, clock.now()))
    assert codes(await make.do(world, play_id, one, two, act=Act.TAKE)) == [[0], []]


async def test_what_is_gone_stays_owed(world, clock):
    play_id = await live(world, mission(), stock=1)
    await count(world, *[make_points.event(seq, clock.now()) for seq in world.seqs[5:7]])
    assert codes(await make.do(world, play_id, *world.seqs[5:7], act=Act.TAKE)) == [[0], "plays.reward_gone"]
    async with world.begin() as tx:
        [offer] = await grants.find_offers(tx, "play", play_id)
        await grants.top_up(tx, offer.id, stock=1)
    assert codes(await make.do(world, play_id, *world.seqs[5:7], act=Act.TAKE)) == [[], [0]]


async def test_events_taken_are_counted_by_the_job(world, database, clickhouse, clock):
    play_id = await live(world, mission(event="app.login"))
    source = await make_events.source(database, world.tenant)
    async with world.begin() as tx:
        number = await tx.fetch_value("SELECT customer_no FROM customers.customer WHERE seq = $1", world.seqs[8])
    other = make_events.track("o1", number, "benefit.viewed")
    await make_events.take(database, world.tenant, source, make_events.track("m1", number), other)
    async with world.begin() as tx:
        await store_deed.note_arrival(tx, new_id(), tx.now)
    await jobs.count.run(Sweep(database=database, tenant=world.tenant, parts={}))
    await jobs.count.run(Sweep(database=database, tenant=world.tenant, parts={}))
    assert list((await done(world, play_id, world.seqs[8])).values()) == [1]
    async with world.begin() as tx:
        assert await counting.waiting(tx, 10) == {}


async def test_no_mission_asks_for_wealth_products_or_deposits(world, clock):
    coffee = await make.prize(world, 0)
    told = {"kind": PlayKind.MISSION, "daily_chances": 0}
    with pytest.raises(RuleForbidden):
        await make.create(world, [coffee], **told, ways=Ways(missions=[mission(event="product.bought")]))
    wealth = mission(event="product.bought", where=(Where(property="kind", op=Op.EQUAL, value="wealth"),))
    with pytest.raises(RuleForbidden):
        await make.create(world, [coffee], **told, ways=Ways(missions=[wealth]))
    with pytest.raises(DepositCondition):
        await make.create(world, [coffee], **told, ways=Ways(missions=[mission(event="salary.received")]))
    card = mission(event="product.bought", where=(Where(property="kind", op=Op.EQUAL, value="card"),))
    assert await make.create(world, [coffee], **told, ways=Ways(missions=[card]))
