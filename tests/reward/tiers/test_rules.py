"""The pure rules of tiers: schemes at their bounds, months that count, who holds, is protected or goes down."""

from datetime import date
from uuid import UUID

import msgspec
import numpy as np
import pytest

from huoke.reward.tiers import model
from huoke.reward.tiers.model import (
    Period,
    Scheme,
    SchemeUnfit,
    Tier,
    TierBenefit,
    check_scheme,
    earned,
    held_until,
    month_of,
    months_closed,
    months_counted,
    review,
)

LOW, MID, TOP = (Tier(key=key, name=key, name_en=key, threshold=at) for key, at in (("a", 0), ("b", 100), ("c", 500)))
SCHEME = Scheme(tiers=(LOW, MID, TOP))
GIFT = TierBenefit(sku_id=UUID(int=1), budget_id=UUID(int=2), pool_id=UUID(int=3))


def unfit(**changes):
    try:
        check_scheme(msgspec.structs.replace(SCHEME, **changes))
    except SchemeUnfit as refusal:
        return refusal.pointer.removeprefix("/scheme/")
    return ""


def level(place=1, **changes):
    tiers = [LOW, MID, TOP]
    tiers[place] = msgspec.structs.replace(tiers[place], **changes)
    return unfit(tiers=tuple(tiers))


def some(count):
    return tuple(Tier(key=f"k{n}", name="n", name_en="n", threshold=n) for n in range(count))


def test_a_scheme_has_two_tiers_at_least_and_no_more_than_it_may():
    counts = {1: "tiers", 2: "", model.LEVELS_MAX: "", model.LEVELS_MAX + 1: "tiers"}
    assert {count: unfit(tiers=some(count)) for count in counts} == counts
    assert unfit(tiers=(LOW, MID, msgspec.structs.replace(TOP, key="b"))) == "tiers"


def test_protection_stands_at_its_bounds():
    days = {-1: "protection_days", 0: "", model.PROTECTION_MAX: "", model.PROTECTION_MAX + 1: "protection_days"}
    assert {one: unfit(protection_days=one) for one in days} == days


def test_tiers_rise_from_zero():
    assert (level(0, threshold=1), level(0, threshold=-1)) == ("tiers/0/threshold",) * 2
    assert (level(threshold=0), level(threshold=1), level(threshold=499)) == ("tiers/1/threshold", "", "")
    assert level(threshold=500) == "tiers/2/threshold"
    tops = {model.GROWTH_MAX: "", model.GROWTH_MAX + 1: "tiers/2/threshold"}
    assert {at: level(2, threshold=at) for at in tops} == tops


def test_a_tier_is_named_in_both_languages_and_by_a_key():
    assert [level(name="x" * n) for n in (0, 1, 20, 21)] == ["tiers/1/name", "", "", "tiers/1/name"]
    assert [level(name_en="x" * n) for n in (0, 1, 40, 41)] == ["tiers/1/name", "", "", "tiers/1/name"]
    assert (level(name=" "), level(name_en=" ")) == ("tiers/1/name",) * 2
    assert level(key="1b") == "tiers/1/key"


def test_benefits_are_few_each_once_and_none_on_the_lowest():
    many = tuple(msgspec.structs.replace(GIFT, sku_id=UUID(int=n)) for n in range(model.BENEFITS_MAX + 1))
    assert (level(benefits=many[:-1]), level(benefits=many)) == ("", "tiers/1/benefits")
    assert level(0, benefits=(GIFT,)) == "tiers/0/benefits"
    assert level(benefits=(GIFT, GIFT)) == "tiers/1/benefits"
    days = {0: "tiers/1/benefits", 1: "", 366: "", 367: "tiers/1/benefits"}
    assert {n: level(benefits=(msgspec.structs.replace(GIFT, valid_days=n),)) for n in days} == days


def test_months_count_on_over_years():
    assert [month_of(date(2026, 1, 31)), month_of(date(2025, 12, 1))] == [24_312, 24_311]
    assert months_counted(Period.CALENDAR_YEAR, date(2026, 5, 9)) == (24_312, 24_316)
    rolling = next(one for one in Period if one is not Period.CALENDAR_YEAR)
    assert months_counted(rolling, date(2026, 5, 9)) == (24_305, 24_316)
    assert months_closed(date(2026, 12, 31)) == (24_312, 24_323)


def test_a_period_ends_with_the_year_or_a_year_later():
    rolling = next(one for one in Period if one is not Period.CALENDAR_YEAR)
    assert held_until(Period.CALENDAR_YEAR, date(2026, 5, 9)) == date(2026, 12, 31)
    days = {
        date(2026, 5, 9): date(2027, 5, 8),
        date(2026, 1, 1): date(2026, 12, 31),
        date(2024, 2, 29): date(2025, 2, 28),
    }
    assert {day: held_until(rolling, day) for day in days} == days


def test_growth_is_enough_for_the_tier_it_reaches():
    assert earned(SCHEME, [-5, 0, 99, 100, 101, 499, 500, 10_000]).tolist() == [0, 0, 0, 1, 1, 1, 2, 2]


def looked(*, gradual, days, rows):
    """`rows` are (tier, protected, growth)."""
    scheme = msgspec.structs.replace(SCHEME, gradual=gradual, protection_days=days)
    tiers, protected, growth = (np.array(column) for column in zip(*rows, strict=True))
    found = review(scheme, tiers, protected.astype(bool), growth)
    return list(zip(found.tiers.tolist(), found.protected.tolist(), strict=True))


ROWS = [(2, False, 500), (2, False, 0), (2, True, 0), (2, True, 100), (1, True, 600), (0, False, 100), (2, True, 500)]


@pytest.mark.parametrize(
    ("gradual", "days", "said"),
    [
        (True, 30, [(2, False), (2, True), (1, False), (1, False), (2, False), (1, False), (2, False)]),
        (False, 30, [(2, False), (2, True), (0, False), (1, False), (2, False), (1, False), (2, False)]),
        (True, 0, [(2, False), (1, False), (1, False), (1, False), (2, False), (1, False), (2, False)]),
        (False, 1, [(2, False), (2, True), (0, False), (1, False), (2, False), (1, False), (2, False)]),
    ],
)
def test_at_the_end_of_a_period_a_tier_is_held_protected_or_lost(gradual, days, said):
    assert looked(gradual=gradual, days=days, rows=ROWS) == said


def test_a_year_of_no_growth_goes_down_one_tier_and_not_below_the_lowest():
    assert looked(gradual=True, days=0, rows=[(0, False, 0), (1, False, 0)]) == [(0, False), (0, False)]
