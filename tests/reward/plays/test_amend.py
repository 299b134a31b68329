"""Amendments: only in the customers' favour, decided by others, told on the rules page; draws keep their table."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from huoke.govern import approvals
from huoke.reward import plays
from huoke.reward.plays import AmendmentOpen, NewAmendment, PlayUnfit, WrongState, against
from tests.make import campaigns
from tests.make import plays as make

SAID = {"zh": "延长活动并追加奖品", "en": "Longer, and more prizes"}


async def a_play(world, **changes):
    prize = await make.prize(world, 100_000, stock=3, fallback=1, per_day=2)
    return prize, await make.live(world, [prize, make.nothing(900_000)], **changes)


async def ask(world, play_id, draft, stock=None):
    async with world.begin(world.operator) as tx:
        new = NewAmendment(draft=draft, stock=stock or {}, **SAID)
        return await plays.amend(tx, world.operator, play_id, new)


def better(draft, **changes):
    prize, nothing = draft.prizes
    prizes = [msgspec.structs.replace(prize, odds_ppm=400_000), msgspec.structs.replace(nothing, odds_ppm=600_000)]
    return msgspec.structs.replace(draft, prizes=prizes, **changes)


async def test_what_is_better_goes_live_with_two_people_and_draws_keep_their_table(world, clock):
    prize, play_id = await a_play(world, daily_chances=3)
    before = await make.get(world, play_id)
    await make.draw(world, play_id, *world.seqs[:5])
    draft = better(before.draft, closes_at=before.closes_at + timedelta(days=5), draws_a_day=0)
    change_id = await ask(world, play_id, draft, {0: 7})
    assert (await make.get(world, play_id)).table_version == 1
    left = await make.stock(world, prize)
    await campaigns.approve(world, change_id)
    after = await make.get(world, play_id)
    assert (after.table_version, after.closes_at, after.version) == (2, draft.closes_at, before.version + 1)
    assert await make.stock(world, prize) == left + 7
    await make.draw(world, play_id, *world.seqs[5:10])
    async with world.begin() as tx:
        table = await plays.table_of(tx, after)
        first, second = await plays.releases(tx, after)
        assert [one.odds_ppm for one in table.prizes] == [400_000, 600_000]
        assert (first.table_version, first.zh) == (1, "")
        assert (second.table_version, second.zh, second.closes_at) == (2, SAID["zh"], draft.closes_at)
    await make.end(world, play_id)
    found = await plays.replay(world.database, world.tenant, play_id)
    assert (found.draws, found.mismatches) == (10, [])
    drawn = [one.version async for chunk in plays.archive(world.database, world.tenant, play_id) for one in chunk]
    assert drawn == [1] * 5 + [2] * 5


async def test_a_prize_is_added_at_the_cost_of_winning_nothing(world, clock):
    _, play_id = await a_play(world)
    before = await make.get(world, play_id)
    added = await make.prize(world, 50_000, stock=9, fallback=1)
    prize, nothing = before.draft.prizes
    prizes = [prize, msgspec.structs.replace(nothing, odds_ppm=850_000), added]
    change_id = await ask(world, play_id, msgspec.structs.replace(before.draft, prizes=prizes))
    await campaigns.approve(world, change_id)
    async with world.begin() as tx:
        table = await plays.table_of(tx, await make.get(world, play_id))
    assert [one.offer_id is not None for one in table.prizes] == [True, False, True]
    assert table.prizes[0].offer_id != table.prizes[2].offer_id


WORSE = {
    "/closes_at": lambda draft: {"closes_at": draft.closes_at - timedelta(hours=1)},
    "/daily_chances": lambda draft: {"daily_chances": draft.daily_chances - 1},
    "/draws_a_day": lambda draft: {"draws_a_day": 1},
    "/name": lambda draft: {"name": "换个名字"},
    "/zh": lambda draft: {"zh": plays.Page(title="换个标题", rules="换个规则")},
    "/welcome_chances": lambda draft: {"welcome_chances": 9},
    "/prizes/0/odds_ppm": lambda draft: {"prizes": _shifted(draft, -1)},
    "/prizes/0/per_day": lambda draft: {"prizes": _first(draft, per_day=1)},
    "/prizes/0/title": lambda draft: {"prizes": _first(draft, title="别的")},
    "/prizes": lambda draft: {"prizes": draft.prizes[:1]},
    "/draft": lambda draft: {},
}  # fmt: skip


def _first(draft, **changes):
    return [msgspec.structs.replace(draft.prizes[0], **changes), draft.prizes[1]]


def _shifted(draft, by):
    prize, nothing = draft.prizes
    return [
        msgspec.structs.replace(prize, odds_ppm=prize.odds_ppm + by),
        msgspec.structs.replace(nothing, odds_ppm=nothing.odds_ppm - by),
    ]


@pytest.mark.parametrize("pointer", WORSE)
async def test_what_is_worse_is_refused_by_its_field_and_nothing_moves(world, clock, pointer):
    _, play_id = await a_play(world)
    play = await make.get(world, play_id)
    worse = msgspec.structs.replace(play.draft, **WORSE[pointer](play.draft))
    with pytest.raises(PlayUnfit) as refused:
        await ask(world, play_id, worse)
    assert pointer in [one["pointer"] for one in refused.value.data["problems"]]
    assert await make.get(world, play_id) == play
    async with world.begin() as tx:
        assert await plays.amendments(tx, world.operator, play_id) == []


async def test_one_amendment_at_a_time_and_a_refused_one_leaves_all_as_it_is(world, clock):
    _, play_id = await a_play(world)
    play = await make.get(world, play_id)
    change_id = await ask(world, play_id, better(play.draft))
    with pytest.raises(AmendmentOpen):
        await ask(world, play_id, better(play.draft))
    async with world.begin(world.operator) as tx:
        await approvals.withdraw(tx, change_id)
    assert await make.get(world, play_id) == play
    await ask(world, play_id, better(play.draft))


async def test_what_ended_is_not_amended(world, clock):
    _, play_id = await a_play(world)
    play = await make.get(world, play_id)
    change_id = await ask(world, play_id, better(play.draft))
    await make.end(world, play_id)
    with pytest.raises(WrongState):
        await ask(world, play_id, better(play.draft))
    with pytest.raises(approvals.Stale):
        await campaigns.approve(world, change_id)


def test_a_guarantee_only_comes_earlier_and_may_be_added(world):
    prize = plays.PrizeDraft(title="券", sku_id=UUID(int=1), odds_ppm=1, fallback=1)
    draft = plays.Draft(name="转盘", prizes=[prize, make.nothing(999_999)], guarantee_after=5, guarantee_line=0)
    for after, line, refused in ((4, 0, False), (6, 0, True), (0, None, True), (5, 0, True)):
        changed = msgspec.structs.replace(draft, guarantee_after=after, guarantee_line=line)
        codes = {one.code for one in against(draft, changed, {}) if one.code in ("guarantee", "nothing")}
        assert bool(codes) is refused
