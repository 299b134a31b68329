"""Rule L2: chance is chance whatever it looks like: L1, L3 and L6 hold for every kind of play, boxes, missions and
check-ins that give chances included.
"""

import hashlib
from importlib import import_module

import asyncpg
import pytest

from huoke.govern import approvals
from huoke.kernel.clock import CHINA
from huoke.reward import plays
from huoke.reward.plays import (
    Act,
    Cards,
    Goal,
    Measure,
    Mission,
    Option,
    Page,
    PlayKind,
    PlayState,
    PlayUnfit,
    PrizeDraft,
    Question,
    Quiz,
    Rain,
    Reward,
    Span,
    Ways,
    check,
    counting,
)
from tests.make import campaigns
from tests.make import catalogue as make_catalogue
from tests.make import plays as make
from tests.make import points as make_points

DRAW = Reward(chances=1)
DONE = {PlayKind.CHECKIN, PlayKind.MISSION, PlayKind.STEPS, PlayKind.QUIZ}
"""Kinds whose chances come by doing something."""


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=4, same_person=0)


def ways_of(kind, now):
    goal = [Goal(target=1, gives=DRAW)]
    walked = {"measure": Measure.MOST, "property": "steps", "span": Span.DAY}
    question = Question(zh="一加一？", options=[Option(zh="二"), Option(zh="三")], answer=0)
    ways = {
        PlayKind.CHECKIN: Ways(checkin=plays.CheckIn(days=[DRAW])),
        PlayKind.MISSION: Ways(missions=[Mission(title="支付", event="payment.made", goals=goal)]),
        PlayKind.STEPS: Ways(missions=[Mission(title="走路", event="steps.recorded", goals=goal, **walked)]),
        PlayKind.QUIZ: Ways(quiz=Quiz(questions=[question], ask=1, needed=1, gives=DRAW)),
        PlayKind.RAIN: Ways(rain=Rain(times=[f"{now.astimezone(CHINA):%H:%M}"], seconds=3_600)),
        PlayKind.CARDS: Ways(cards=Cards(lines=[2, 3], gives=DRAW)),
    }
    return ways.get(kind, Ways())


async def table_of(world, kind, face_value_fen=2_800):
    async with world.begin() as tx:
        sku_id = await make_catalogue.voucher(tx, supplier_id=world.supplier_id, face_value_fen=face_value_fen)
    prize = await make.prize(world, 400_000, stock=9, fallback=1, sku_id=sku_id)
    if kind is not PlayKind.CARDS:
        return [prize, make.nothing(600_000)]
    return [prize, make.nothing(200_000), *(PrizeDraft(title=name, odds_ppm=200_000) for name in ("春", "秋"))]


async def changes_of(world, kind):
    drawn_by_day = kind not in DONE | {PlayKind.RAIN}
    return {"kind": kind, "daily_chances": int(drawn_by_day), "ways": ways_of(kind, world.database.clock.now())}


async def come_by_a_chance(world, play_id, kind, seq):
    """Do what a play of the kind gives a chance for."""
    now = world.database.clock.now()
    if kind in (PlayKind.MISSION, PlayKind.STEPS):
        name, told = ("steps.recorded", {"steps": "9000"}) if kind is PlayKind.STEPS else ("payment.made", {})
        async with world.begin() as tx:
            await counting.count(tx, await counting.listening(tx), [make_points.event(seq, now, name, **told)])
        await make.do(world, play_id, seq, act=Act.TAKE)
    elif kind is PlayKind.QUIZ:
        await make.do(world, play_id, seq, act=Act.BEGIN)
        await make.do(world, play_id, seq, act=Act.ANSWER, answers=[0])
    elif kind is PlayKind.CHECKIN:
        await make.do(world, play_id, seq)


@pytest.mark.parametrize("kind", list(PlayKind))
async def test_no_kind_has_a_prize_above_the_most(world, clock, monkeypatch, kind):
    changes = await changes_of(world, kind)
    too_much = await make.create(world, await table_of(world, kind, 5_000_001), **changes)
    with pytest.raises(approvals.CheckFailed):
        await make.submit(world, too_much)
    assert (await make.get(world, too_much)).state is PlayState.DRAFT
    await make.submit(world, await make.create(world, await table_of(world, kind, 5_000_000), **changes))
    monkeypatch.setattr(check, "value_of", lambda _: 0)  # the negative control: every prize taken for worthless
    await make.submit(world, too_much)


@pytest.mark.parametrize("kind", list(PlayKind))
async def test_every_kind_is_published_and_frozen_before_the_first_draw(world, clock, kind):
    prizes, changes = await table_of(world, kind), await changes_of(world, kind)
    bare = await make.create(world, prizes, **changes, zh=Page(title="活动"))
    with pytest.raises(PlayUnfit) as refused:
        await make.submit(world, bare)
    assert refused.value.pointer == "/zh"
    play = await make.get(world, await make.live(world, prizes, **changes))
    async with world.begin() as tx:
        table = await plays.table_of(tx, await plays.published(tx, play.code))
    assert [one.odds_ppm for one in table.prizes] == [one.odds_ppm for one in prizes]
    assert (play.drawn, len(play.commitment), play.seed) == (0, 32, None)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.begin() as tx:
            await tx.execute("UPDATE plays.prize_table SET rules = '{}' WHERE play_id = $1", play.id)


@pytest.mark.parametrize("kind", list(PlayKind))
async def test_every_draw_of_every_kind_can_be_done_again_and_a_forced_one_is_seen(world, clock, monkeypatch, kind):
    play_id = await make.live(world, await table_of(world, kind), **await changes_of(world, kind))
    commitment = (await make.get(world, play_id)).commitment
    honest, forced = world.seqs[:2]
    for seq in (honest, forced):
        if kind in DONE:
            assert [one.code for one in await make.draw(world, play_id, seq)] == ["plays.no_chance"]
        await come_by_a_chance(world, play_id, kind, seq)
    [first] = await make.draw(world, play_id, honest)
    with monkeypatch.context() as planted:  # the negative control: a winner whatever the seed says
        planted.setattr(import_module("huoke.reward.plays.draw"), "outcome_of", lambda *_: 0)
        [second] = await make.draw(world, play_id, forced)
    assert (first.number, second.number, second.line) == (1, 2, 0)
    await make.end(world, play_id)
    assert hashlib.sha256((await make.get(world, play_id)).seed).digest() == commitment
    found = await plays.replay(world.database, world.tenant, play_id)
    assert found.draws == 2
    assert {one.number for one in found.mismatches} == {2}
