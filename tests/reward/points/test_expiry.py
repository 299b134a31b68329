"""How long points are good: month ends, leap days, quarters, the fixed day."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.reward.points import Expiry, ExpiryKind, PointType, expires_at
from huoke.reward.points.model import TypeUnfit, check_type, cost_of, last_day

KIND = ExpiryKind


@pytest.mark.parametrize(
    ("expiry", "credited", "last"),
    [
        (Expiry(kind=KIND.NONE), date(2026, 3, 2), None),
        (Expiry(kind=KIND.DAYS, n=30), date(2026, 3, 2), date(2026, 4, 1)),
        (Expiry(kind=KIND.MONTHS, n=1), date(2026, 1, 31), date(2026, 2, 28)),
        (Expiry(kind=KIND.MONTHS, n=1), date(2028, 1, 31), date(2028, 2, 29)),
        (Expiry(kind=KIND.MONTHS, n=12), date(2028, 2, 29), date(2029, 2, 28)),
        (Expiry(kind=KIND.MONTHS, n=11), date(2026, 12, 31), date(2027, 11, 30)),
        (Expiry(kind=KIND.DATE, month=12, day=31), date(2026, 12, 31), date(2026, 12, 31)),
        (Expiry(kind=KIND.DATE, month=6, day=30), date(2026, 7, 1), date(2027, 6, 30)),
        (Expiry(kind=KIND.DATE, month=2, day=29), date(2026, 3, 1), date(2027, 2, 28)),
        (Expiry(kind=KIND.MONTH_END), date(2026, 2, 1), date(2026, 2, 28)),
        (Expiry(kind=KIND.MONTH_END, n=1), date(2027, 12, 31), date(2028, 1, 31)),
        (Expiry(kind=KIND.QUARTER_END), date(2026, 3, 31), date(2026, 3, 31)),
        (Expiry(kind=KIND.QUARTER_END, n=1), date(2026, 11, 5), date(2027, 3, 31)),
        (Expiry(kind=KIND.YEAR_END, n=2), date(2026, 1, 1), date(2028, 12, 31)),
    ],
)
def test_the_last_day_of_points(expiry, credited, last):
    assert last_day(expiry, credited) == last


def test_points_end_with_their_last_day_in_china():
    assert expires_at(Expiry(kind=KIND.MONTH_END), date(2026, 2, 3)) == datetime(2026, 2, 28, 16, tzinfo=UTC)


@given(
    kind=st.sampled_from([kind for kind in KIND if kind is not KIND.NONE]),
    n=st.integers(0, 40),
    month=st.integers(1, 12),
    day=st.integers(1, 28),
    credited=st.dates(date(2020, 1, 1), date(2040, 12, 31)),
)
def test_points_are_good_on_the_day_they_come(kind, n, month, day, credited):
    last = last_day(Expiry(kind=kind, n=n, month=month, day=day), credited)
    assert last is not None
    assert last >= credited


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "CNY"}, "/type/code"),
        ({"code": "points"}, "/type/code"),
        ({"name": " "}, "/type/name"),
        ({"unit_cost_fen": -1}, "/type/unit_cost_fen"),
        ({"pending_days": 367}, "/type/pending_days"),
        ({"expiry": Expiry(kind=KIND.DAYS)}, "/type/expiry/n"),
        ({"expiry": Expiry(kind=KIND.DATE, month=13)}, "/type/expiry/month"),
        ({"expiry": Expiry(kind=KIND.DATE, month=2, day=30)}, "/type/expiry/day"),
    ],
)
def test_a_type_that_cannot_be_names_its_field(change, field):
    whole = {"code": "POINTS", "name": "积分", "name_en": "Points", "unit_cost_fen": 100}
    with pytest.raises(TypeUnfit) as refused:
        check_type(PointType(**whole | {"expiry": Expiry(kind=KIND.NONE)} | change))
    assert refused.value.pointer == field


@pytest.mark.parametrize(
    ("points", "unit_cost_fen", "fen"),
    [(0, 100, 0), (4, 100, 0), (5, 100, 1), (1_000, 100, 100), (1_005, 100, 101), (499, 1, 0), (500, 1, 1)],
)
def test_points_cost_whole_fen(points, unit_cost_fen, fen):
    assert cost_of(points, unit_cost_fen) == fen


def test_points_that_are_good_for_ever_have_no_end():
    assert expires_at(Expiry(kind=KIND.NONE), date(2026, 2, 3)) is None
