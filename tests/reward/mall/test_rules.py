"""The pure rule of the shelf: what an item may not be, field by field, at its bounds."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from huoke.reward.mall import model
from huoke.reward.mall.model import ItemUnfit, NewShelfItem, check_item

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ITEM = NewShelfItem(
    sku_id=UUID(int=1), points=100, cash_fen=50, stock=5, budget_id=UUID(int=2), pool_id=UUID(int=3), opens_at=T0,
    closes_at=T0 + timedelta(days=5),
)  # fmt: skip
BOUNDS = {
    "points": (0, model.FEN_MAX),
    "cash_fen": (0, model.CASH_FEN_MAX),
    "person_limit": (1, model.LIMIT_MAX),
    "stock": (1, model.FEN_MAX),
}


def unfit(now=T0, **changes):
    try:
        check_item(msgspec.structs.replace(ITEM, **changes), now)
    except ItemUnfit as refusal:
        return refusal.pointer
    return ""


@pytest.mark.parametrize("field", BOUNDS)
def test_numbers_stand_at_their_bounds_and_not_beyond(field):
    low, high = BOUNDS[field]
    assert [unfit(**{field: value}) for value in (low, high)] == ["", ""]
    assert [unfit(**{field: value}) for value in (low - 1, high + 1)] == [f"/{field}"] * 2


def test_an_item_costs_points_money_or_both():
    costs = {(0, 0): "/points", (1, 0): "", (0, 1): "", (1, 1): ""}
    assert {pair: unfit(points=pair[0], cash_fen=pair[1]) for pair in costs} == costs


def test_its_points_are_of_a_type_by_a_short_name():
    assert [unfit(currency="x" * count) for count in (0, 1, 32, 33)] == ["/currency", "", "", "/currency"]


def test_it_closes_after_it_opens_and_within_the_longest_time():
    most = T0 + timedelta(days=model.DAYS_MAX)
    said = {T0: "/closes_at", T0 + SECOND: "", most: "", most + SECOND: "/closes_at"}
    assert {end: unfit(closes_at=end) for end in said} == said
    late = T0 + timedelta(days=2)
    assert (unfit(opens_at=late, closes_at=late), unfit(opens_at=late, closes_at=late + SECOND)) == ("/closes_at", "")
    assert unfit(now=late, closes_at=late) == "/closes_at"
