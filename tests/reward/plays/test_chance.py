"""Chance, pure: outcomes, lines, fallbacks, guarantees; nothing here touches a database."""

import hashlib
import hmac
from collections import Counter
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.reward.plays import (
    PPM,
    Prize,
    PrizeTable,
    bounds_of,
    commitment_of,
    dead_end,
    line_at,
    outcome_of,
    probability,
)
from huoke.reward.plays.chance import Past, settle

PLAY = UUID("0190a000-0000-7000-8000-000000000001")
SEED = bytes(range(32))


def table(*odds: int, fallbacks: tuple[int | None, ...] = (), **changes) -> PrizeTable:
    """Prizes with these odds; the last line wins nothing."""
    last = len(odds) - 1
    prizes = [
        Prize(
            line=line,
            title=str(line),
            title_en=str(line),
            odds_ppm=ppm,
            per_day=0,
            per_person=0,
            fallback=(fallbacks[line] if fallbacks else last) if line != last else None,
            offer_id=UUID(int=line + 1) if line != last else None,
        )
        for line, ppm in enumerate(odds)
    ]
    return PrizeTable(version=1, prizes=prizes, **changes)


def test_an_outcome_is_the_mac_of_the_number_and_nothing_else():
    mac = hmac.new(SEED, f"{PLAY}:7".encode(), hashlib.sha256).digest()
    assert outcome_of(SEED, PLAY, 7) == int.from_bytes(mac[:8], "big") * 1_000_000 // 2**64
    assert commitment_of(SEED) == hashlib.sha256(SEED).digest()
    assert [outcome_of(SEED, PLAY, n) for n in (1, 2, 3)] == [outcome_of(SEED, PLAY, n) for n in (1, 2, 3)]


@given(st.lists(st.integers(0, 400_000), min_size=1, max_size=6), st.integers(0, PPM - 1))
def test_the_line_of_an_outcome_is_the_one_whose_share_it_falls_into(odds, outcome):
    spare = PPM - sum(odds)
    if spare < 0:
        return
    bounds = bounds_of(table(*odds, spare))
    line = line_at(bounds, outcome)
    low = bounds[line - 1] if line else 0
    assert low <= outcome < bounds[line]


def test_a_hundred_thousand_draws_follow_the_odds_and_a_biased_coin_is_found():
    odds = table(120_000, 1_000, 879_000)
    bounds = bounds_of(odds)
    seen = Counter(line_at(bounds, outcome_of(SEED, PLAY, n)) for n in range(1, 100_001))
    counts = [seen[line] for line in range(3)]
    weights = [prize.odds_ppm for prize in odds.prizes]
    assert probability(counts, weights) > 0.001
    stolen = [counts[0] - 600, counts[1], counts[2] + 600]
    assert probability(stolen, weights) < 1e-4


def test_what_is_gone_falls_back_line_by_line_to_nothing():
    odds = table(500_000, 500_000, 0, fallbacks=(1, 2, None))
    stock = {0: 1, 1: 1}

    def take(line):
        if not stock[line]:
            return "sold_out", 0
        stock[line] -= 1
        return "", stock[line] + 1

    bounds, past, today = bounds_of(odds), Past(), Counter()
    first, second, third = (settle(odds, bounds, 0, past, today, take) for _ in range(3))
    assert (first.given, second.given, third.given) == (0, 1, 2)
    assert [(step.line, step.why) for step in third.steps] == [(0, "sold_out"), (1, "sold_out")]
    assert past.dry == 1


def test_limits_of_a_day_and_of_a_person_are_counted_in_the_batch_itself():
    odds = table(PPM, 0)
    capped = msgspec.structs.replace(
        odds, prizes=[msgspec.structs.replace(odds.prizes[0], per_day=2, per_person=1), odds.prizes[1]]
    )
    bounds, today = bounds_of(capped), Counter()
    one, two, three = Past(), Past(), Past()
    found = [settle(capped, bounds, 5, past, today, lambda _: ("", 9)) for past in (one, one, two, three)]
    assert [item.given for item in found] == [0, 1, 0, 1]
    assert [step.why for item in found for step in item.steps] == ["person_limit", "day_limit"]


def test_the_guarantee_comes_at_its_draw_and_not_before():
    odds = table(0, PPM, guarantee_after=3, guarantee_line=0)
    bounds, past, today = bounds_of(odds), Past(), Counter()
    found = [settle(odds, bounds, 1, past, today, lambda _: ("", 9)) for _ in range(6)]
    assert [item.given for item in found] == [1, 1, 0, 1, 1, 0]


@pytest.mark.parametrize(
    ("fallbacks", "stuck"),
    [([1, 2, None], None), ([1, 0, None], 0), ([None, 2, None], 0), ([2, 2, None], None), ([7, 2, None], 0)],
)
def test_fallbacks_that_never_end_are_found(fallbacks, stuck):
    assert dead_end(fallbacks, [True, True, False]) == stuck


def test_what_a_draw_did_is_counted_once_and_says_how_many_units_were_left():
    odds = table(PPM, 0)
    capped = msgspec.structs.replace(
        odds, prizes=[msgspec.structs.replace(odds.prizes[0], per_day=2, per_person=1), odds.prizes[1]]
    )
    bounds, today, past, other = bounds_of(capped), Counter(), Past(), Past()
    first, second = (settle(capped, bounds, 5, past, today, lambda _: ("", 9)) for _ in range(2))
    assert (past.today, past.dry, dict(past.won), dict(today)) == (2, 1, {0: 1}, {0: 1})
    assert (first.left, second.left, [step.left for step in second.steps]) == (9, 0, [0])
    settle(capped, bounds, 5, other, today, lambda _: ("", 9))
    third = settle(capped, bounds, 5, Past(), today, lambda _: ("", 9))
    assert (dict(today), [(step.why, step.left) for step in third.steps], third.left) == ({0: 2}, [("day_limit", 0)], 0)
    nothing = settle(table(0, PPM), bounds_of(table(0, PPM)), 5, Past(), Counter(), lambda _: ("", 9))
    assert (nothing.given, nothing.left, nothing.steps) == (1, 0, [])


def test_a_guarantee_of_one_draw_gives_at_the_first():
    odds = table(0, PPM, guarantee_after=1, guarantee_line=0)
    assert settle(odds, bounds_of(odds), 1, Past(), Counter(), lambda _: ("", 9)).given == 0
    never = table(0, PPM, guarantee_after=0, guarantee_line=0)
    assert settle(never, bounds_of(never), 1, Past(dry=9), Counter(), lambda _: ("", 9)).given == 1
