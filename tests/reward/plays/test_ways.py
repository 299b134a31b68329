"""Quiz, steps, cards and rain through the front door, and their pure rules."""

from datetime import UTC, datetime, timedelta

import pytest

from huoke.kernel.clock import CHINA
from huoke.know.language import Op, Where
from huoke.reward import plays
from huoke.reward.plays import (
    Act,
    Cards,
    DeedKind,
    Goal,
    Measure,
    Mission,
    Option,
    PlayKind,
    PrizeDraft,
    Question,
    Quiz,
    Rain,
    Reward,
    Span,
    Ways,
    counting,
    rain,
)
from huoke.reward.plays.cards import sets_of
from tests.make import plays as make
from tests.make import points as make_points

DAY = timedelta(days=1)


def told(answer):
    return getattr(answer, "code", None) or [deed.kind.value for deed in answer.deeds]


def question(n):
    options = [Option(zh=f"甲{n}"), Option(zh=f"乙{n}"), Option(zh=f"丙{n}")]
    return Question(zh=f"第 {n} 题", options=options, answer=n % 3, why="因为")


async def quiz_of(world, **changes):
    coffee = await make.prize(world, 0, stock=9)
    quiz = Quiz(questions=[question(n) for n in range(6)], ask=3, seconds=60, needed=2, gives=Reward(line=0))
    told = {"kind": PlayKind.QUIZ, "daily_chances": 0, "ways": Ways(quiz=quiz), **changes}
    return quiz, await make.live(world, [coffee], **told)


async def own(world, play_id, seq):
    async with world.begin() as tx:
        return (await plays.mine(tx, await plays.seen(tx, play_id, world.operator), seq)).own


def right_answers(quiz, begun):
    return [quiz.questions[place].answer for place in plays.quiz_asked(begun)]


async def test_enough_right_answers_in_time_are_paid_once_a_day(world, clock):
    quiz, play_id = await quiz_of(world)
    seq = world.seqs[0]
    assert told((await make.do(world, play_id, seq, act=Act.ANSWER, answers=[0, 0, 0]))[0]) == "plays.not_begun"
    for _ in range(2):
        first, again = await make.do(world, play_id, seq, seq, act=Act.BEGIN)
        assert (told(first), told(again)) == (["begun"], [])
        begun = (await own(world, play_id, seq)).did(DeedKind.BEGUN, 0, clock.now().astimezone(CHINA).date())
        assert len(set(plays.quiz_asked(begun))) == 3
        clock.advance(timedelta(seconds=62))
        answers = right_answers(quiz, begun)
        done, repeated = await make.do(world, play_id, seq, seq, act=Act.ANSWER, answers=[answers[0], answers[1], -1])
        assert (done.deeds[0].line, done.deeds[0].note["right"], told(repeated)) == (0, 2, [])
        clock.advance(DAY)
    async with world.begin() as tx:
        play = await plays.seen(tx, play_id, world.operator)
        assert (await plays.stand(tx, play, None)).stock == {0: 7}


async def test_late_and_wrong_answers_give_nothing(world, clock):
    quiz, play_id = await quiz_of(world)
    late, wrong = world.seqs[1:3]
    await make.do(world, play_id, late, wrong, act=Act.BEGIN)
    begun = (await own(world, play_id, wrong)).deeds[0]
    bad = [(right + 1) % 3 for right in right_answers(quiz, begun)]
    [done] = await make.do(world, play_id, wrong, act=Act.ANSWER, answers=bad)
    assert (done.deeds[0].line, done.deeds[0].note["right"]) == (None, 0)
    clock.advance(timedelta(seconds=64))
    assert told((await make.do(world, play_id, late, act=Act.ANSWER, answers=[0]))[0]) == "plays.too_late"


async def test_steps_count_the_highest_of_a_day_from_known_sources_within_reason(world, clock):
    mission = Mission(
        title="走路",
        event="steps.recorded",
        measure=Measure.MOST,
        property="steps",
        span=Span.DAY,
        where=(
            Where(property="source", op=Op.IN, value=["wechat"]),
            Where(property="steps", op=Op.AT_MOST, value=60000),
        ),
        goals=[Goal(target=6000, gives=Reward(line=0))],
    )
    play_id = await make.live(
        world,
        [await make.prize(world, 0)],
        kind=PlayKind.STEPS,
        daily_chances=0,
        ways=Ways(missions=[mission]),
    )
    seq, now = world.seqs[3], clock.now()
    arrived = [("3000", "wechat"), ("5999", "wechat"), ("5000", "wechat"), ("9000", "unknown"), ("70000", "wechat")]
    sent = [make_points.event(seq, now, "steps.recorded", steps=steps, source=source) for steps, source in arrived]
    async with world.begin() as tx:
        await counting.count(tx, await counting.listening(tx), sent)
    assert list((await own(world, play_id, seq)).counts.values()) == [5999]
    assert told((await make.do(world, play_id, seq, act=Act.TAKE))[0]) == "plays.not_reached"
    async with world.begin() as tx:
        more = make_points.event(seq, now, "steps.recorded", steps="6001", source="wechat")
        await counting.count(tx, await counting.listening(tx), [more])
    assert told((await make.do(world, play_id, seq, act=Act.TAKE))[0]) == ["goal"]


async def test_a_full_set_of_cards_is_claimed_once(world, clock):
    coffee = await make.prize(world, 0, stock=5)
    cards = [PrizeDraft(title=name, odds_ppm=ppm) for name, ppm in (("春", 500_000), ("秋", 499_999), ("通", 1))]
    ways = Ways(cards=Cards(lines=[1, 2], wild=3, gives=Reward(line=0), sets=2))
    play_id = await make.live(world, [coffee, *cards], kind=PlayKind.CARDS, daily_chances=20, ways=ways)
    seq = world.seqs[4]
    assert told((await make.do(world, play_id, seq, act=Act.SET, item=1))[0]) == "plays.no_set"
    await make.draw(world, play_id, *[seq] * 20)
    mine = await own(world, play_id, seq)
    assert sum(mine.drawn.values()) == 20
    assert sets_of(ways.cards, mine.drawn) >= 2
    asked = [told((await make.do(world, play_id, seq, act=Act.SET, item=item))[0]) for item in (2, 1, 1, 2, 3)]
    assert asked == ["plays.no_set", ["set"], [], ["set"], "plays.no_set"]


def test_wild_cards_fill_what_a_set_lacks():
    cards = Cards(lines=[0, 1, 2], wild=3, gives=Reward())
    found = [{0: 1, 1: 1, 2: 1}, {0: 1, 1: 1, 3: 1}, {0: 2, 1: 2, 2: 1, 3: 1}, {3: 3}, {0: 9, 1: 9}, {0: 1, 3: 4}]
    assert [sets_of(cards, one) for one in found] == [1, 1, 2, 1, 0, 1]


async def test_a_round_of_rain_is_one_draw_for_each_person(world, clock):
    local = clock.now().astimezone(CHINA).replace(hour=20, minute=0, second=0)
    clock.advance(local - clock.now() - timedelta(seconds=1))
    prize = await make.prize(world, 1_000_000, stock=3, fallback=1)
    play_id = await make.live(
        world,
        [prize, make.nothing(0)],
        kind=PlayKind.RAIN,
        daily_chances=0,
        ways=Ways(rain=Rain(times=["20:00", "21:00"], seconds=60)),
    )
    one, two = world.seqs[-2:]
    assert [a.code for a in await make.draw(world, play_id, one)] == ["plays.no_chance"]
    clock.advance(timedelta(seconds=1))
    drawn = await make.draw(world, play_id, one, one, two, world.seqs[5])
    assert [getattr(a, "line", getattr(a, "code", "")) for a in drawn] == [0, "plays.no_chance", "plays.no_chance", 0]
    clock.advance(timedelta(seconds=60))
    assert [a.code for a in await make.draw(world, play_id, world.seqs[6])] == ["plays.no_chance"]
    clock.advance(timedelta(minutes=59))
    assert [a.line for a in await make.draw(world, play_id, one)] == [0]


def test_rounds_over_midnight():
    rainy = Rain(times=["23:59", "00:30"], seconds=120)
    at = datetime(2026, 3, 1, 0, 0, 30, tzinfo=CHINA)
    assert rain.now_on(rainy, at)[0] == datetime(2026, 2, 28, 23, 59, tzinfo=CHINA)
    assert rain.next_of(rainy, at, at + DAY) == datetime(2026, 3, 1, 0, 30, tzinfo=CHINA)
    assert rain.next_of(rainy, at, at) is None
    assert rain.now_on(rainy, at.astimezone(UTC) + timedelta(minutes=5)) is None


@pytest.mark.parametrize(
    ("ways", "kind", "codes"),
    [
        (Ways(quiz=Quiz(questions=[question(0)], ask=2, needed=3, gives=Reward(chances=1))), PlayKind.QUIZ,
         {"questions", "needed"}),
        (Ways(cards=Cards(lines=[0, 0], gives=Reward(chances=1))), PlayKind.CARDS, {"cards_twice", "cards_line"}),
        (Ways(rain=Rain(times=["20:00"])), PlayKind.WHEEL, {"way"}),
        (Ways(missions=[Mission(title="走", event="app.login", goals=[Goal(target=1, gives=Reward(chances=1))])]),
         PlayKind.STEPS, {"property"}),
    ],
)  # fmt: skip
def test_a_way_that_is_not_whole_is_told(ways, kind, codes):
    draft = plays.Draft(name="x", kind=kind, ways=ways, prizes=[PrizeDraft(title="a", sku_id=make.UUID(int=1))])
    assert codes <= {one.code for one in plays.gaps(draft)}


@pytest.mark.parametrize(("given", "code"), [(Reward(line=0), "odds_none"), (Reward(chances=1), "odds_sum")])
def test_odds_are_whole_where_somebody_draws_and_none_where_nobody_does(given, code):
    ways = Ways(quiz=Quiz(questions=[question(0)], ask=1, needed=1, gives=given))
    prizes = [PrizeDraft(title="a", sku_id=make.UUID(int=1)), PrizeDraft(title="b", odds_ppm=500_000)]
    draft = plays.Draft(name="x", kind=PlayKind.QUIZ, daily_chances=0, ways=ways, prizes=prizes)
    assert {one.code for one in plays.gaps(draft)} & {"odds_none", "odds_sum"} == {code}
