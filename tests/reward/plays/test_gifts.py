"""Cards that are given: by the consent of both, within limits, and every card stays one card in whatever order."""

from collections import Counter
from datetime import timedelta
from importlib import import_module

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huoke.kernel.batch import Call
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import SYSTEM
from huoke.know import consent, customers
from huoke.know.consent import SuppressionReason, SuppressionStatement, Verdict
from huoke.reward import ledger, plays
from huoke.reward.plays import Act, Cards, GiftState, Giving, Move, PlayKind, PrizeDraft, Reward, Trade, Ways
from huoke.reward.plays.entering import own_of
from tests.make import plays as make

gift = import_module("huoke.reward.plays.gift")
PLAYERS, CHANCES = 4, 6
LINES = (1, 2)


async def card_play(world, **giving):
    coffee = await make.prize(world, 0, stock=50)
    cards = [PrizeDraft(title=name, odds_ppm=ppm) for name, ppm in (("春", 500_000), ("秋", 400_000), ("通", 100_000))]
    told = Giving(**{"gives_a_day": 3, "takes_a_day": 2, "takes": 3, "hours": 24, **giving})
    ways = Ways(cards=Cards(lines=list(LINES), wild=3, gives=Reward(line=0), sets=9, giving=told))
    return await make.live(world, [coffee, *cards], kind=PlayKind.CARDS, daily_chances=CHANCES, ways=ways)


async def owns(tx, play_id, world, seqs):
    play = await plays.seen(tx, play_id, world.operator)
    facts = await customers.facts(tx, sorted(seqs))
    persons = dict(zip(facts.persons.tolist(), facts.seqs.tolist(), strict=True))
    return {persons[person]: one for person, one in (await own_of(tx, play, persons)).items()}


async def move(world, play_id, seq, what, **fields):
    async with world.begin() as tx:
        [answer] = await plays.trade(tx, [Call(Trade(play_id=play_id, seq=seq, move=what, **fields), SYSTEM, tx.now)])
    return answer


async def held(world, play_id, *seqs):
    async with world.begin() as tx:
        found = await owns(tx, play_id, world, seqs)
    return [+plays.held_of(found[seq]) for seq in seqs]


async def drawn_line(world, play_id, seq):
    """A card line somebody has at least two of."""
    [mine] = await held(world, play_id, seq)
    return max(LINES, key=lambda line: mine[line])


async def test_a_card_goes_over_when_its_receiver_agrees_and_nothing_is_given_for_it(world, clock):
    play_id = await card_play(world)
    giver, friend, other = world.seqs[20:23]
    await make.draw(world, play_id, *[giver] * CHANCES)
    line = await drawn_line(world, play_id, giver)
    [before] = await held(world, play_id, giver)
    made = await move(world, play_id, giver, Move.OFFER, line=line)
    assert (made.state, made.to_seq) == (GiftState.OPEN, None)
    assert (await held(world, play_id, giver, friend)) == [before - Counter([line]), Counter()]
    assert (await move(world, play_id, giver, Move.AGREE, code=made.code)).code == "plays.own_gift"
    done, again = [await move(world, play_id, friend, Move.AGREE, code=made.code) for _ in range(2)]
    assert done == again
    assert (done.state, done.from_seq, done.to_seq) == (GiftState.DONE, giver, friend)
    assert (await move(world, play_id, other, Move.AGREE, code=made.code)).code == "plays.unknown_gift"
    assert (await move(world, play_id, giver, Move.TAKE_BACK, code=made.code)).code == "plays.unknown_gift"
    assert await held(world, play_id, giver, friend, other) == [before - Counter([line]), Counter([line]), Counter()]
    assert (await move(world, play_id, friend, Move.OFFER, line=line)).code == "plays.card_not_free"
    async with world.begin() as tx:
        play = await plays.seen(tx, play_id, world.operator)
        lots = [await ledger.find_lots(tx, seq, play.currency) for seq in (giver, friend)]
        deeds = [one.deeds for one in (await owns(tx, play_id, world, [giver, friend])).values()]
    assert (lots, deeds) == ([[], []], [[], []])


async def test_what_is_asked_for_comes_from_who_agrees_and_limits_count_the_natural_person(world, clock):
    play_id = await card_play(world, takes_a_day=1)
    giver, one, two = world.seqs[23], *world.seqs[-2:]
    await make.draw(world, play_id, *[giver] * CHANCES)
    line = await drawn_line(world, play_id, giver)
    asked = await move(world, play_id, one, Move.ASK, line=line)
    assert (asked.asked, asked.from_seq, asked.to_seq) == (True, None, one)
    assert (await move(world, play_id, two, Move.ASK, line=line)).code == "plays.gift_limit"
    assert (await move(world, play_id, two, Move.AGREE, code=asked.code)).code == "plays.own_gift"
    assert (await move(world, play_id, giver, Move.AGREE, code=asked.code)).from_seq == giver
    offered = await move(world, play_id, giver, Move.OFFER, line=await drawn_line(world, play_id, giver))
    assert (await move(world, play_id, two, Move.AGREE, code=offered.code)).code == "plays.gift_limit"
    assert [sum(mine.values()) for mine in await held(world, play_id, giver, one)] == [CHANCES - 2, 1]
    clock.advance(timedelta(hours=24))
    assert (await move(world, play_id, two, Move.AGREE, code=offered.code)).code == "plays.unknown_gift"
    assert [sum(mine.values()) for mine in await held(world, play_id, giver, one)] == [CHANCES - 1, 1]


async def test_a_card_of_a_claimed_set_stays_and_who_is_suppressed_receives_nothing(world, clock):
    play_id = await card_play(world, gives_a_day=20)
    giver, friend = world.seqs[24:26]
    await make.draw(world, play_id, *[giver] * CHANCES)
    [mine] = await held(world, play_id, giver)
    sets = plays.sets_of((await make.get(world, play_id)).draft.ways.cards, mine)
    for item in range(1, sets + 1):
        await make.do(world, play_id, giver, act=Act.SET, item=item)
    for line in LINES * CHANCES:
        await move(world, play_id, giver, Move.OFFER, line=line)
    [left] = await held(world, play_id, giver)
    assert plays.sets_of((await make.get(world, play_id)).draft.ways.cards, left) == sets
    offered = await move(world, play_id, world.seqs[26], Move.ASK, line=1)
    async with world.begin() as tx:
        members = CustomerSet.of(world.tenant, [friend, world.seqs[26]])
        reason = SuppressionReason.STAFF
        await consent.suppress(tx, [SuppressionStatement(reason=reason, verdict=Verdict.GIVEN, members=members)])
    assert (await move(world, play_id, friend, Move.ASK, line=1)).code == "customers.not_eligible"
    assert (await move(world, play_id, giver, Move.AGREE, code=offered.code)).code == "plays.unknown_gift"


steps = st.lists(
    st.tuples(
        st.integers(0, PLAYERS - 1), st.sampled_from(list(Move)), st.sampled_from(LINES), st.integers(0, 5),
        st.integers(0, 30),
    ),
    max_size=14,
)  # fmt: skip


class RolledBack(Exception):
    """The end of an example."""


@pytest.fixture(scope="module")
async def table(world):
    """A play of cards in which four people have drawn all they may."""
    play_id = await card_play(world)
    seqs = world.seqs[30 : 30 + PLAYERS]
    await make.draw(world, play_id, *[seq for seq in seqs for _ in range(CHANCES)])
    return play_id, seqs


async def live(world, table, steps):
    play_id, seqs = table
    async with world.begin() as tx:
        start, codes = tx.now, [""]
        before = await owns(tx, play_id, world, seqs)
        drawn = sum((Counter(one.drawn) for one in before.values()), Counter())
        for who, what, line, place, hours in steps:
            tx.now += timedelta(hours=hours)
            wish = Trade(play_id=play_id, seq=seqs[who], move=what, line=line, code=codes[place % len(codes)])
            if tx.now < start + timedelta(days=9):
                [answer] = await plays.trade(tx, [Call(wish, SYSTEM, tx.now)])
                codes += [answer.code] if isinstance(answer, plays.CardGift) else []
            found = await owns(tx, play_id, world, seqs)
            all_held = sum((Counter(plays.held_of(one)) for one in found.values()), Counter())
            waiting = {
                one.id: one.line for own in found.values() for one in own.gifts if not one.asked and one.waits(tx.now)
            }
            assert all_held + Counter(waiting.values()) == drawn
            assert all(count >= 0 for own in found.values() for count in plays.held_of(own).values())
            for own in found.values():
                today, ever = plays.taken(own)
                assert plays.given_today(own) <= 3
                assert today <= 2
                assert ever <= 3
        raise RolledBack


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=steps)
async def test_every_card_stays_one_card_in_any_order(world, clock, table, steps):
    with pytest.raises(RolledBack):
        await live(world, table, steps)


OFFERED = (0, Move.OFFER, 1, 0, 0), (0, Move.OFFER, 2, 0, 0)
FOUR_TAKEN = (
    *OFFERED,
    (2, Move.OFFER, 1, 0, 0),
    (2, Move.OFFER, 2, 0, 0),
    *((1, Move.AGREE, 1, place, 0) for place in (1, 2, 3, 4)),
)
ACCEPTED = *OFFERED, (1, Move.AGREE, 1, 1, 0), (1, Move.AGREE, 1, 2, 0)


@pytest.mark.parametrize(
    ("name", "planted", "steps"),
    [
        ("_out", lambda own, one: one.from_seq in own.seqs and one.state is GiftState.DONE, OFFERED),
        ("_received", lambda _own: Counter(), ACCEPTED),
        ("offer", lambda *_: None, (OFFERED[0],) * 4),
        ("receive", lambda *_, **__: None, FOUR_TAKEN),
    ],
)  # fmt: skip
async def test_planted_bugs_of_giving_are_seen(world, clock, table, monkeypatch, name, planted, steps):
    with pytest.raises(RolledBack):
        await live(world, table, steps)
    monkeypatch.setattr(gift, name, planted)
    with pytest.raises(AssertionError):
        await live(world, table, steps)


def test_a_gift_is_nothing_once_its_time_is_over(clock):
    now = clock.now()
    one = plays.CardGift(
        id=make.UUID(int=1), code="x", line=1, asked=False, from_seq=1, to_seq=None, state=GiftState.OPEN, made_at=now,
        expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    assert one.waits(now)
    assert not one.waits(now + timedelta(hours=1))
    assert not msgspec.structs.replace(one, state=GiftState.TAKEN_BACK).waits(now)
