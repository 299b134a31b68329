"""Check-in: once a day of the bank, streaks, milestones, cards; by natural person, over midnight and a month's end."""

from datetime import date, datetime, timedelta

import msgspec

from huoke.kernel.clock import CHINA
from huoke.reward import grants, plays
from huoke.reward.plays import Act, Deed, DeedKind, Doing, Draft, Own, PlayKind, Reward, Ways, checkin
from huoke.reward.plays.model import PrizeDraft
from tests.make import plays as make

DAY = timedelta(days=1)


def kinds(answer):
    return [one.kind.value for one in answer.deeds] if hasattr(answer, "deeds") else answer.code


async def test_three_days_on_end_give_three_coffees_a_cake_and_a_draw(world, clock, calendar):
    seq = world.seqs[0]
    told = []
    for _ in range(3):
        [answer] = await make.do(world, calendar, seq)
        told.append(kinds(answer))
        clock.advance(DAY)
    assert told == [["checked"], ["checked"], ["checked", "milestone"]]
    async with world.begin() as tx:
        given = await grants.find_grants(tx, source_id=calendar, seq=seq)
        play = await plays.seen(tx, calendar, world.operator)
        assert len(given) == 4
        assert (await plays.stand(tx, play, seq)).chances == 1
    [drawn] = await make.draw(world, calendar, seq)
    assert (drawn.line, drawn.grant_id) == (2, None)


async def test_a_double_tap_and_another_record_of_the_person_count_once(world, clock, calendar):
    one, two = world.seqs[-2:]
    first, again, other = await make.do(world, calendar, one, one, two)
    assert (kinds(first), kinds(again), kinds(other)) == (["checked"], [], [])
    [later] = await make.do(world, calendar, two)
    assert kinds(later) == []
    async with world.begin() as tx:
        assert len(await grants.find_grants(tx, source_id=calendar, seq=one)) == 1
        assert await grants.find_grants(tx, source_id=calendar, seq=two) == []


async def test_a_card_mends_a_missed_day_and_completes_the_streak_once(world, clock, calendar):
    seq = world.seqs[1]
    today = clock.now().astimezone(CHINA).date()
    await make.do(world, calendar, seq)
    clock.advance(2 * DAY)
    [checked] = await make.do(world, calendar, seq)
    assert kinds(checked) == ["checked"]
    [mended] = await make.do(world, calendar, seq, act=Act.MAKE_UP, day=today + DAY)
    assert kinds(mended) == ["made_up", "milestone"]
    [again] = await make.do(world, calendar, seq, act=Act.MAKE_UP, day=today + DAY)
    assert kinds(again) == []
    for wrong in (today + 2 * DAY, today + 3 * DAY, today - DAY, None):
        [refused] = await make.do(world, calendar, seq, act=Act.MAKE_UP, day=wrong)
        assert refused.code == "plays.not_missed"
    clock.advance(2 * DAY)
    [none] = await make.do(world, calendar, seq, act=Act.MAKE_UP, day=today + 3 * DAY)
    assert none.code == "plays.no_card"


async def test_what_is_used_up_is_not_given_and_the_day_counts_all_the_same(world, clock, calendar):
    for _ in range(3):
        answers = await make.do(world, calendar, *world.seqs[2:5])
        clock.advance(DAY)
    lines = [[deed.line for deed in answer.deeds] for answer in answers]
    assert lines == [[0, 1], [0, 1], [0, None]]
    async with world.begin() as tx:
        play = await plays.seen(tx, calendar, world.operator)
        assert (await plays.stand(tx, play, None)).stock[1] == 0


async def test_whom_it_is_not_meant_for_and_what_is_closed_does_nothing(world, clock, calendar):
    [nobody] = await make.do(world, calendar, 9_999_999)
    assert nobody.code == "customers.not_eligible"
    [other] = await make.do(world, calendar, world.seqs[6], act=Act.TAKE)
    assert other.code == "plays.not_this_play"
    await make.end(world, calendar)
    [over] = await make.do(world, calendar, world.seqs[6])
    assert over.code == "plays.ended"


async def test_midnight_of_the_bank_parts_two_days(world, clock, calendar):
    seq = world.seqs[7]
    local = clock.now().astimezone(CHINA)
    clock.advance(local.replace(hour=23, minute=59, second=59) - local)
    assert kinds((await make.do(world, calendar, seq))[0]) == ["checked"]
    clock.advance(timedelta(seconds=1))
    assert kinds((await make.do(world, calendar, seq))[0]) == ["checked"]
    assert kinds((await make.do(world, calendar, seq))[0]) == []


async def test_a_reward_that_can_be_drawn_or_is_no_prize_keeps_it_a_draft(world, clock):
    coffee = await make.prize(world, 300_000, fallback=1)
    ways = make.checkin_ways(0, 1)
    play_id = await make.create(
        world, [coffee, make.nothing(700_000)], kind=PlayKind.CHECKIN, daily_chances=1, ways=ways
    )
    play = await make.get(world, play_id)
    assert [(one.pointer, one.code) for one in plays.gaps(play.draft)] == [
        ("/ways/checkin/days/0/line", "reward_drawn"),
        ("/ways/checkin/days/1/line", "reward_line"),
    ]
    bare = msgspec.structs.replace(play.draft, ways=Ways())
    assert {one.code for one in plays.gaps(bare)} == {"way", "way_empty"}


def own(*done: tuple[DeedKind, date], today: date, cards: int = 0, **changes) -> Own:
    ways = make.checkin_ways(0, 1, 2, milestones={7: Reward(chances=1)}, **changes)
    draft = Draft(name="签到", kind=PlayKind.CHECKIN, ways=ways, prizes=[PrizeDraft(title="奖")] * 3)
    at = datetime(today.year, today.month, today.day, 10, tzinfo=CHINA)
    deeds = [Deed(kind=kind, day=day, at=at, cards=cards) for kind, day in done]
    return Own(draft=draft, opens_on=date(2024, 1, 1), today=today, now=at, deeds=deeds)


def test_a_streak_runs_over_leap_day_and_the_months_end():
    days = {date(2024, 2, 27) + n * DAY for n in range(4)}
    assert date(2024, 2, 29) in days
    assert checkin.length(days, date(2024, 3, 1)) == 4
    assert checkin.length(days, date(2024, 3, 2)) == 4
    assert checkin.length(days, date(2024, 3, 3)) == 0
    without = days - {date(2024, 2, 29)}
    assert checkin.length(without, date(2024, 3, 1)) == 1


def test_the_cycle_of_days_begins_again():
    way = make.checkin_ways(0, 1, 2).checkin
    assert [checkin.reward_of(way, n).line for n in (1, 2, 3, 4, 6)] == [0, 1, 2, 0, 2]


def test_cards_of_a_month_end_with_it_and_earned_ones_stay():
    today = date(2024, 3, 2)
    used = (DeedKind.MADE_UP, date(2024, 2, 28))
    assert checkin.cards_left(own(used, today=today, cards_a_month=2)) == 1
    assert checkin.cards_left(own(used, today=today, cards_a_month=0)) == 0
    earned = own((DeedKind.CHECKED, today), today=today, cards=2, cards_a_month=0)
    assert checkin.cards_left(earned) == 2
    assert checkin.missed(earned)[:2] == [date(2024, 3, 1), date(2024, 2, 29)]


def test_two_streaks_joined_by_a_card_do_not_give_a_milestone_twice():
    """Seven days before the gap had theirs; the day that joins them to seven more gives nothing for them again."""
    today = date(2024, 3, 20)
    before = [(DeedKind.CHECKED, date(2024, 3, 6) + n * DAY) for n in range(7)]
    after = [(DeedKind.CHECKED, date(2024, 3, 14) + n * DAY) for n in range(7)]
    mine = own(*before, *after, today=today, cards_a_month=1)
    had = Deed(kind=DeedKind.MILESTONE, item=7, day=date(2024, 3, 12), at=mine.deeds[0].at)
    doing = Doing(play_id=make.UUID(int=1), seq=1, act=Act.MAKE_UP, day=date(2024, 3, 13))
    mine.deeds.append(had)
    assert [one.kind for one in checkin.make_up(mine, doing)] == [DeedKind.MADE_UP]
    mine.deeds.remove(had)
    assert [one.kind for one in checkin.make_up(mine, doing)] == [DeedKind.MADE_UP, DeedKind.MILESTONE]
