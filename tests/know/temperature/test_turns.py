"""Where a temperature turned: the weeks that moved it most, far enough apart, and what was unlike the weeks before."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from huoke.know.temperature.model import Part, Scale, SignalRule
from huoke.know.temperature.turns import SHOWN_DAYS, by_name, turns, weeks_of_change

LAST = date(2026, 6, 1)
SCALE = Scale(
    signals=(
        SignalRule(event="app.login", part=Part.ACTIVITY, weight=1, cap=1),
        SignalRule(event="salary.received", part=Part.MONEY, weight=4, cap=4),
    )
)
SHARE = np.array([0.5, 0.5, 0.0], np.float32)
TITLES = {"app.login": ("登录", "Signed in"), "salary.received": ("工资到账", "Salary received")}


def course(*steps):
    """A course of `SHOWN_DAYS` values: (place, value) from then on; NaN before the first."""
    values = np.full(SHOWN_DAYS, np.nan, np.float32)
    for place, value in steps:
        values[place:] = value
    return values


def test_a_fall_and_a_rise_are_two_turns_and_an_even_course_has_none():
    assert weeks_of_change(course((0, 70), (30, 40), (60, 55))) == [(24, -30.0), (54, 15.0)]
    assert weeks_of_change(course((0, 70))) == []
    assert weeks_of_change(course((0, 70), (40, 66))) == [], "four points are no turn"


def test_the_first_reading_is_no_turn():
    assert weeks_of_change(course((40, 70))) == []


def test_turns_are_two_weeks_apart_and_three_at_most():
    stairs = course(*[(place, 90 - place) for place in range(0, SHOWN_DAYS, 5)])
    places = [place for place, _ in weeks_of_change(stairs)]
    assert len(places) == 3
    assert all(later - earlier >= 14 for earlier, later in pairwise(places))


def test_a_fall_names_what_stopped_and_a_rise_what_came():
    logins = [{"name": "app.login", "day": age, "times": 1} for age in range(40, 90)]
    salary = [{"name": "salary.received", "day": 9, "times": 1}]
    told = by_name([{**row, "day": 100 - row["day"]} for row in [*logins, *salary]], 100)
    points = [(LAST - timedelta(days=80), 70.0), (LAST - timedelta(days=33), 50.0), (LAST - timedelta(days=5), 62.0)]
    fell, rose = turns(points, LAST, told, SCALE, SHARE, TITLES)
    assert (fell.points, fell.event, fell.text) == (-20.0, "app.login", "一周没有登录，此前每周 7 次")
    assert fell.text_en == "Signed in: 0 that week, 7 a week before"
    assert (rose.points, rose.event, rose.text) == (12.0, "salary.received", "工资到账 1 次，此前每周 0 次")
    assert fell.day < rose.day


def test_a_turn_that_nothing_explains_says_so():
    points = [(LAST - timedelta(days=80), 70.0), (LAST - timedelta(days=33), 50.0)]
    [fell] = turns(points, LAST, {}, SCALE, SHARE, TITLES)
    assert (fell.event, fell.text) == (None, "没有新的往来")
