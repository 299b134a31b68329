"""What a rule listens to: seasons with both their days, conditions on the event, who it is for, the highest multiplier;
and what must be known of the past to cap it.
"""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest

from huoke.know.customers import Attribute, AttributeType
from huoke.know.language import Comparison, Op
from huoke.reward.points import Caps, EarnRule, Multiplier, Ready, engine
from huoke.reward.points.engine import Arrival, Columns

RULE = UUID(int=7)
SUNDAY = datetime(2026, 3, 1, 4, tzinfo=UTC)
"""Noon in China, on the first of a month."""


def rule(**more):
    given = {"name": "支付", "name_en": "Payment", "event": "payment.made", "type": "POINTS", "points": 5}
    return EarnRule(**given | more)


def columns(*arrivals):
    """(seq, day from the first on, amount, properties) of payments, each customer their own person of that number."""
    return Columns.of(
        [
            Arrival(UUID(int=place), seq, seq * 10, "payment.made", SUNDAY + timedelta(days=day), amount, "", told)
            for place, (seq, day, amount, told) in enumerate(arrivals)
        ]
    )


def given(found, ready):
    """(place, points) of a rule's candidates."""
    candidates = engine.candidates(found, ready)
    return list(zip(candidates.places.tolist(), candidates.points.tolist(), strict=True))


DAILY = columns(*((1, day, 100, {}) for day in range(4)))


@pytest.mark.parametrize(
    ("first", "last", "places"),
    [(None, None, [0, 1, 2, 3]), (2, None, [1, 2, 3]), (None, 2, [0, 1]), (2, 3, [1, 2]), (3, 2, [])],
)
def test_a_season_has_both_its_days(first, last, places):
    on = {name: day and date(2026, 3, day) for name, day in (("from_on", first), ("until_on", last))}
    assert given(DAILY, Ready(RULE, rule(**on))) == [(place, 5) for place in places]
    times = Multiplier(percent=300, **on)
    ready = Ready(RULE, rule(multipliers=(times,)), (), None, (None,))
    assert given(DAILY, ready) == [(place, 15 if place in places else 5) for place in range(4)]


def test_days_of_the_week_and_of_the_month_are_those_of_china():
    for field, days, places in (
        ("weekdays", (7,), [0]), ("weekdays", (1, 3), [1, 3]), ("month_days", (1,), [0]), ("month_days", (4,), [3]),
    ):  # fmt: skip
        ready = Ready(RULE, rule(multipliers=(Multiplier(percent=200, **{field: days}),)), (), None, (None,))
        assert given(DAILY, ready) == [(place, 10 if place in places else 5) for place in range(4)]
    late = datetime(2026, 3, 31, 16, tzinfo=UTC)
    found = Columns.of([Arrival(UUID(int=1), 1, 1, "payment.made", late)])
    assert (found.days.tolist(), found.months.tolist()) == ([date(2026, 4, 1).toordinal()] * 1,) * 2
    assert (found.month_days.tolist(), found.weekdays.tolist()) == ([1], [3])


def test_every_day_of_some_weeks_has_its_place_in_week_and_month():
    found = columns(*((1, day, 0, {}) for day in range(40)))
    days = [date(2026, 3, 1) + timedelta(days=day) for day in range(40)]
    assert found.weekdays.tolist() == [day.isoweekday() for day in days]
    assert found.month_days.tolist() == [day.day for day in days]
    assert found.months.tolist() == [day.replace(day=1).toordinal() for day in days]


def test_the_highest_multiplier_counts_for_those_it_is_for_and_none_makes_less():
    found = columns((1, 0, 0, {}), (2, 0, 0, {}), (3, 0, 0, {}))
    times = (Multiplier(percent=300), Multiplier(percent=200), Multiplier(percent=50))
    ready = Ready(RULE, rule(multipliers=times), (), None, (np.array([2]), np.array([2, 3]), None))
    assert given(found, ready) == [(0, 5), (1, 15), (2, 10)]


def test_a_rule_is_for_its_customers_and_its_own_event():
    found = columns((1, 0, 0, {}), (2, 0, 0, {}), (3, 0, 0, {}))
    assert given(found, Ready(RULE, rule(), (), np.array([1, 3]))) == [(0, 5), (2, 5)]
    assert given(found, Ready(RULE, rule(), (), np.array([], np.int64))) == []
    assert given(found, Ready(RULE, rule(event="app.login"))) == []


def test_conditions_hold_together_and_what_is_not_told_fulfils_none():
    amount = Attribute(name="amount_fen", label="金额", label_en="Amount", type=AttributeType.INTEGER, source="event")
    channel = Attribute(name="channel", label="渠道", label_en="Channel", type=AttributeType.TEXT, source="event")
    where = (Comparison(amount, Op.AT_LEAST, (100,)), Comparison(channel, Op.EQUAL, ("app",)))
    found = columns(
        (1, 0, 100, {"channel": "app"}), (1, 0, 99, {"channel": "app"}), (1, 0, 100, {"channel": "web"}),
        (1, 0, 100, {}), (2, 0, 500, {"channel": "app"}),
    )  # fmt: skip
    assert given(found, Ready(RULE, rule(), where)) == [(0, 5), (4, 5)]
    assert given(found, Ready(RULE, rule(), where[:1])) == [(0, 5), (2, 5), (3, 5), (4, 5)]


def test_what_gives_nothing_is_no_candidate():
    found = columns((1, 0, -100, {}), (1, 0, 99, {}), (1, 0, 100, {}), (1, 0, 250, {}))
    assert given(found, Ready(RULE, rule(points=3, per_fen=100))) == [(2, 3), (3, 6)]
    small = columns((1, 0, -1, {}), (1, 0, 0, {}), (1, 0, 1, {}))
    assert given(small, Ready(RULE, rule(points=1, per_fen=1))) == [(2, 1)]


def test_what_must_be_known_of_the_past_is_each_capped_span_of_each_person():
    found = columns((1, 0, 0, {}), (1, 1, 0, {}), (2, 31, 0, {}))
    ready = Ready(RULE, rule(caps=Caps(day=7, month=9, person=20, budget=100)))
    candidates = engine.candidates(found, ready)
    first, april = date(2026, 3, 1).toordinal(), date(2026, 4, 1).toordinal()
    assert engine.keys(found, candidates) == {
        (RULE, 10, "day", first), (RULE, 10, "day", first + 1), (RULE, 20, "day", april),
        (RULE, 10, "month", first), (RULE, 20, "month", april), (RULE, 10, "rule", 1), (RULE, 20, "rule", 1),
    }  # fmt: skip
    assert [(name, cap) for name, cap, _ in engine.spans(found, candidates)] == [("day", 7), ("month", 9), ("rule", 20)]
    assert engine.keys(found, engine.candidates(found, Ready(RULE, rule()))) == set()


@pytest.mark.parametrize(
    ("caps", "earned", "budget", "left"),
    [
        (Caps(), {}, 0, [5, 5, 5]),
        (Caps(day=7), {}, 0, [5, 2, 5]),
        (Caps(day=7), {("day", 10): 6}, 0, [1, 0, 5]),
        (Caps(day=7), {("day", 10): 9}, 0, [0, 0, 5]),
        (Caps(month=8), {("month", 20): 8}, 0, [5, 3, 0]),
        (Caps(person=11), {("rule", 10): 2}, 0, [5, 4, 5]),
        (Caps(budget=12), {}, 0, [5, 5, 2]),
        (Caps(budget=12), {}, 11, [1, 0, 0]),
        (Caps(budget=12), {}, 13, [0, 0, 0]),
        (Caps(day=7, budget=8), {}, 0, [5, 2, 1]),
    ],
)
def test_caps_leave_what_the_past_has_not_taken(caps, earned, budget, left):
    found = columns((1, 0, 0, {}), (1, 0, 0, {}), (2, 0, 0, {}))
    candidates = engine.candidates(found, Ready(RULE, rule(caps=caps)))
    first = {"day": date(2026, 3, 1).toordinal(), "month": date(2026, 3, 1).toordinal(), "rule": 1}
    known = {(RULE, person, name, first[name]): points for (name, person), points in earned.items()}
    assert engine.cut(found, candidates, known, budget).tolist() == left


def test_nothing_is_cut_of_nothing():
    none = engine.candidates(columns(), Ready(RULE, rule(caps=Caps(day=1, month=1, person=1, budget=1))))
    assert engine.cut(columns(), none, {}, 0).tolist() == []
