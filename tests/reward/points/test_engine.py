"""Many events through many rules at once give what one event after the other would, wherever a batch is cut."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huoke.kernel.clock import CHINA
from huoke.reward.points import Caps, EarnRule, Multiplier, Ready, engine
from huoke.reward.points.engine import Arrival, Columns

RULE = UUID(int=7)
NOON = datetime(2026, 3, 30, 4, tzinfo=UTC)
caps = st.none() | st.integers(1, 40)
rules = st.builds(
    lambda points, per_fen, day, month, person, budget, percent: EarnRule(
        name="支付",
        name_en="Payment",
        event="payment.made",
        type="POINTS",
        points=points,
        per_fen=per_fen,
        caps=Caps(day=day, month=month, person=person, budget=budget),
        multipliers=(Multiplier(percent=percent, weekdays=(2, 3)), Multiplier(percent=150, month_days=(1,))),
    ),
    st.integers(1, 9),
    st.sampled_from([0, 100]),
    caps,
    caps,
    caps,
    caps,
    st.sampled_from([100, 200, 333]),
)
events = st.lists(
    st.tuples(
        st.integers(1, 3), st.integers(0, 4), st.integers(0, 900), st.sampled_from(["payment.made", "app.login"])
    ),
    max_size=30,
)


def arrivals(found) -> list[Arrival]:
    return [
        Arrival(UUID(int=place), seq, seq % 2, name, NOON + timedelta(days=day), amount)
        for place, (seq, day, amount, name) in enumerate(found)
    ]


def one_after_the_other(rule: EarnRule, found: list[Arrival]) -> list[int]:
    """The oracle: plain sums, event by event."""
    spent: dict[tuple, int] = {}
    given = []
    for one in found:
        if one.name != rule.event:
            given.append(0)
            continue
        day = one.at.astimezone(CHINA).date()
        points = rule.points * (one.amount_fen // rule.per_fen if rule.per_fen else 1)
        held = [100]
        held += [m.percent for m in rule.multipliers if day.isoweekday() in m.weekdays or day.day in m.month_days]
        points = points * max(held) // 100
        rooms = [
            (("day", one.person, day), rule.caps.day),
            (("month", one.person, day.year, day.month), rule.caps.month),
            (("person", one.person), rule.caps.person),
            (("budget",), rule.caps.budget),
        ]
        for key, cap in rooms:
            if cap is not None:
                points = min(points, cap - spent.get(key, 0))
        for key, _ in rooms:
            spent[key] = spent.get(key, 0) + points
        given.append(points)
    return given


def at_once(rule: EarnRule, found: list[Arrival], cuts: list[int]) -> list[int]:
    """The engine, batch by batch, remembering between them what it must."""
    ready = Ready(RULE, rule, (), None, (None, None))
    earned: dict = {}
    budget = 0
    total = [0] * len(found)
    edges = sorted({0, len(found), *(min(cut, len(found)) for cut in cuts)})
    for first, last in pairwise(edges):
        columns = Columns.of(found[first:last])
        candidates = engine.candidates(columns, ready)
        points = engine.cut(columns, candidates, earned, budget)
        budget += int(points.sum())
        for name, _, since in engine.spans(columns, candidates):
            for person, day, more in zip(columns.persons[candidates.places], since, points, strict=True):
                key = (RULE, int(person), name, int(day))
                earned[key] = earned.get(key, 0) + int(more)
        for place, more in zip(candidates.places, points, strict=True):
            total[first + int(place)] = int(more)
    return total


@settings(max_examples=150, deadline=None)
@given(rule=rules, found=events, cuts=st.lists(st.integers(0, 30), max_size=3))
def test_all_at_once_is_one_after_the_other_wherever_it_is_cut(rule, found, cuts):
    happened = arrivals(found)
    assert at_once(rule, happened, cuts) == one_after_the_other(rule, happened)


def test_a_cap_that_counted_the_present_event_twice_would_be_seen(monkeypatch):
    rule = EarnRule(
        name="支付", name_en="Payment", event="payment.made", type="POINTS", points=4, caps=Caps(day=10),
        multipliers=(Multiplier(percent=100), Multiplier(percent=100)),
    )  # fmt: skip
    happened = arrivals([(1, 0, 0, "payment.made")] * 4)
    assert at_once(rule, happened, []) == [4, 4, 2, 0]
    real = engine._within

    def planted(points, groups, room):
        return real(points, groups, np.maximum(room - points[: len(room)], 0))

    monkeypatch.setattr(engine, "_within", planted)
    assert at_once(rule, happened, []) != one_after_the_other(rule, happened)


@pytest.mark.parametrize(("amount", "points"), [(99, 0), (100, 1), (199, 1), (-500, 0)])
def test_an_amount_counts_in_whole_parts(amount, points):
    rule = EarnRule(
        name="支付", name_en="Payment", event="payment.made", type="POINTS", points=1, per_fen=100,
        multipliers=(Multiplier(percent=100), Multiplier(percent=100)),
    )  # fmt: skip
    assert at_once(rule, arrivals([(1, 0, amount, "payment.made")]), []) == [points]
