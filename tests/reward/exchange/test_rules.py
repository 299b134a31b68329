"""The pure rules of exchange: cards, quotes, room in limits, and what follows from a partner's word."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.reward import exchange
from huoke.reward.exchange import AmountUnfit, LimitReached, TierRate, Told, TradeState
from huoke.reward.exchange.model import (
    POINTS_MAX,
    RATE_MAX,
    Room,
    Step,
    Trade,
    back_off,
    heard,
    require_amount,
    same,
    undo_until,
)
from tests.make import exchange as make

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_a_card_names_what_is_wrong_with_it():
    exchange.check_card(make.card())
    for wrong, field in (
        ({"takes": 0}, "takes"),
        ({"target": "POINTS"}, "target"),
        ({"fee_min": 100}, "fee_min"),
        ({"minimum": 105}, "minimum"),
        ({"gives": 1, "takes": 1_000}, "minimum"),
        ({"partner": "sky"}, "partner"),
        ({"until_on": make.FROM - timedelta(days=1)}, "until_on"),
        ({"person_day": 50}, "person_day"),
        ({"person_day": 600, "person_month": 500}, "person_day"),
        ({"tiers": (exchange.TierRate(tier="gold", takes=2, gives=1),)}, "tiers/0"),
        ({"undo_hours": 73}, "undo_hours"),
        ({"bearer": exchange.Bearer.PARTNER}, "bearer"),
    ):
        with pytest.raises(exchange.CardUnfit) as refused:
            exchange.check_card(make.card(**wrong))
        assert refused.value.pointer == f"/card/{field}"


@given(
    points=st.integers(1, 10**9), takes=st.integers(1, 10**6), gives=st.integers(1, 10**6), fee=st.integers(0, 5_000)
)
def test_a_quote_rounds_for_the_bank_and_by_less_than_one(points, takes, gives, fee):
    said = exchange.quote(make.card(takes=takes, gives=gives, fee_rate=fee), points)
    assert 0 <= said.fee - points * fee / 10_000 < 1.001
    exact = (points - said.fee) * gives
    assert said.gained * takes <= exact < (said.gained + 1) * takes


@pytest.mark.parametrize(
    ("points", "more", "fee", "gained"),
    [
        (200, {}, 10, 126),
        (200, {"fee_rate": 0}, 0, 133),
        (200, {"fee_rate": 1}, 1, 132),
        (200, {"fee_min": 30}, 30, 113),
        (200, {"fee_min": 9}, 10, 126),
        (3, {"fee_rate": 0}, 0, 2),
        (2, {"fee_rate": 0}, 0, 1),
        (5, {"fee_rate": 0, "fee_min": 9}, 9, 0),
    ],
)
def test_a_quote_takes_the_fee_first_and_rounds_down(points, more, fee, gained):
    said = exchange.quote(make.card(**more), points)
    assert (said.points, said.fee, said.gained, said.takes, said.gives) == (points, fee, gained, 3, 2)


def test_a_tier_has_its_own_rate_and_the_others_everybodys():
    card = make.card(tiers=(TierRate(tier="gold", takes=1, gives=1), TierRate(tier="top", takes=1, gives=2)))
    assert [card.rate_of(tier) for tier in ("", "gold", "top", "silver")] == [(3, 2), (1, 1), (1, 2), (3, 2)]
    assert exchange.quote(card, 200, "top").gained == 380


def test_a_card_that_says_no_more_costs_nothing_and_limits_nothing():
    card = exchange.Card(name="换", name_en="Swap", source="POINTS", target="GOLD", takes=1, gives=1, from_on=make.FROM)
    assert (card.fee_rate, card.fee_min, card.minimum, card.step, card.undo_hours) == (0, 0, 1, 1, 0)
    assert (card.person_day, card.person_month, card.all_day, card.all_month) == (0, 0, 0, 0)
    assert (card.cost_month_fen, card.alarm_percent) == (0, 80)
    exchange.check_card(card)


def tier(key, takes, gives, reason="等级服务"):
    return TierRate(tier=key, takes=takes, gives=gives, reason=reason)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": ""}, "name"), ({"name": " "}, "name"), ({"name": "x" * 41}, "name"), ({"name_en": ""}, "name_en"),
        ({"name_en": "x" * 41}, "name_en"), ({"source": "points"}, "source"), ({"target": "g"}, "target"),
        ({"takes": RATE_MAX + 1}, "takes"), ({"gives": 0}, "gives"), ({"gives": RATE_MAX + 1}, "gives"),
        ({"fee_rate": -1}, "fee_rate"), ({"fee_rate": 5_001}, "fee_rate"), ({"fee_min": -1}, "fee_min"),
        ({"minimum": 0, "step": 1}, "fee_min"), ({"minimum": POINTS_MAX + 10}, "minimum"), ({"step": 0}, "step"),
        ({"step": POINTS_MAX + 1}, "step"), ({"undo_hours": -1}, "undo_hours"),
        ({"direction": "out"}, "partner"), ({"direction": "out", "partner": "sky", "undo_hours": 1}, "undo_hours"),
        ({"bearer": "budget"}, "funder"), ({"funder": UUID(int=1)}, "funder"),
        ({"all_day": 99}, "all_day"), ({"all_month": POINTS_MAX + 1}, "all_month"),
        ({"all_day": 300, "all_month": 299}, "all_day"),
        ({"tiers": (TierRate(tier="a", takes=0, gives=1),)}, "tiers/0"),
        ({"tiers": (TierRate(tier="a", takes=1, gives=RATE_MAX + 1),)}, "tiers/0"),
        ({"tiers": (TierRate(tier="a", takes=RATE_MAX + 1, gives=RATE_MAX),)}, "tiers/0"),
        ({"tiers": (tier("a", 1, 1), tier("b", 2, 1))}, "tiers/1"),
        ({"tiers": (tier("a", 1, 1, reason=" "),)}, "tiers/0/reason"),
        ({"tiers": (tier("a", 1, 1, reason="x" * 101),)}, "tiers/0/reason"),
        ({"cost_month_fen": -1}, "cost_month_fen"), ({"cost_month_fen": 10**12 + 1}, "cost_month_fen"),
        ({"direction": "out", "partner": "sky", "cost_month_fen": 1}, "cost_month_fen"),
        ({"direction": "in", "partner": "sky", "bearer": "partner", "cost_month_fen": 1}, "cost_month_fen"),
        ({"alarm_percent": 0}, "alarm_percent"), ({"alarm_percent": 101}, "alarm_percent"),
        ({"tiers": (TierRate(tier="a", takes=1, gives=1),) * 2}, "tiers"),
    ],
)  # fmt: skip
def test_each_field_has_its_bounds(more, field):
    with pytest.raises(exchange.CardUnfit) as refused:
        exchange.check_card(make.card(**_typed(more)))
    assert refused.value.pointer == f"/card/{field}"


def _typed(more):
    kinds = {"direction": exchange.Direction, "bearer": exchange.Bearer}
    return {key: kinds[key](value) if key in kinds else value for key, value in more.items()}


@pytest.mark.parametrize(
    "more",
    [
        {"name": "x" * 40, "name_en": "x" * 40}, {"takes": RATE_MAX, "gives": RATE_MAX}, {"fee_rate": 5_000},
        {"name": "x", "name_en": "x"}, {"minimum": 1, "step": 1, "fee_rate": 0, "takes": 1, "gives": 1},
        {"minimum": 101, "step": 1}, {"takes": 95, "gives": 1},
        {"fee_min": 98, "takes": 1, "gives": 1, "fee_rate": 0},
        {"undo_hours": 72}, {"person_day": 100, "person_month": 100}, {"person_day": POINTS_MAX}, {"all_day": 100},
        {"person_day": 500, "all_day": 400}, {"until_on": make.FROM}, {"bearer": "budget", "funder": UUID(int=1)},
        {"tiers": (tier("a", 3, 2, reason="x"), tier("b", RATE_MAX, RATE_MAX, reason="x" * 100))},
        {"cost_month_fen": 10**12, "alarm_percent": 1}, {"cost_month_fen": 1, "alarm_percent": 100},
        {"direction": "in", "partner": "sky", "cost_month_fen": 1},
        {"direction": "out", "partner": "sky", "bearer": "partner"},
    ],
)  # fmt: skip
def test_bounds_belong_to_what_may_be(more):
    exchange.check_card(make.card(**_typed(more)))


@pytest.mark.parametrize(
    ("points", "room", "refusal"),
    [
        (100, Room(), None),
        (90, Room(), AmountUnfit),
        (105, Room(), AmountUnfit),
        (POINTS_MAX, Room(), LimitReached),
        (POINTS_MAX + 10, Room(), AmountUnfit),
        (300, Room(person_day=0), None),
        (310, Room(), LimitReached),
        (100, Room(person_day=200), None),
        (110, Room(person_day=200), LimitReached),
        (110, Room(person_month=400), LimitReached),
        (100, Room(person_month=400), None),
        (110, Room(all_day=600), LimitReached),
        (110, Room(all_month=800), LimitReached),
        (100, Room(person_day=301), LimitReached),
    ],
)
def test_room_is_what_the_tightest_limit_leaves(points, room, refusal):
    card = make.card(person_day=300, person_month=500, all_day=700, all_month=900)
    if refusal is None:
        require_amount(card, points, room)
        return
    with pytest.raises(refusal) as refused:
        require_amount(card, points, room)
    assert refused.value.data.get("left", 0) >= 0


def test_what_limits_nothing_leaves_all():
    assert Room(all_day=10**12).left(make.card()) == POINTS_MAX
    assert Room().more(5).more(2) == Room(person_day=7, person_month=7, all_day=7, all_month=7)
    card = make.card(person_day=300)
    with pytest.raises(LimitReached) as refused:
        require_amount(card, 200, Room(person_day=110))
    assert refused.value.data["left"] == 190
    with pytest.raises(LimitReached) as refused:
        require_amount(card, 200, Room(person_day=301))
    assert refused.value.data["left"] == 0
    require_amount(make.card(), POINTS_MAX, Room())


S = TradeState
WORDS = (Told.PROCESSING, Told.SUCCESS, Told.FAILED, Told.REVERSED, Told.ABSENT)
NONE, COMMIT, RELEASE = Step.NOTHING, Step.COMMIT, Step.RELEASE


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        *((state, (NONE, COMMIT, RELEASE, RELEASE, NONE)) for state in (S.ASKED, S.SENT, S.UNKNOWN)),
        (S.DONE, (NONE, NONE, Step.CONTRADICTS, Step.CONTRADICTS, NONE)),
        (S.FAILED, (NONE, Step.ASK_BACK, NONE, NONE, NONE)),
        (S.REVERSING, (NONE, Step.TAKE_AGAIN, Step.CAME_BACK, Step.CAME_BACK, NONE)),
        *((state, (NONE,) * 5) for state in (S.BORNE, S.UNDONE)),
    ],
)
def test_a_partners_word_has_one_consequence(state, steps):
    assert tuple(heard(state, told) for told in WORDS) == steps


def test_calls_are_repeated_less_and_less_often():
    assert [int(back_off(n).total_seconds()) for n in (1, 2, 3, 10, 11, 1_000)] == [5, 10, 20, 2_560, 3_600, 3_600]


def test_a_card_may_give_time_to_think_again():
    assert undo_until(make.card(), NOW) is None
    assert undo_until(make.card(undo_hours=1), NOW) == NOW + timedelta(hours=1)


def test_a_card_holds_on_its_days_both_included():
    card = make.card(from_on=date(2026, 3, 1), until_on=date(2026, 3, 3))
    assert [card.open_on(date(2026, 3, day)) for day in (1, 2, 3, 4)] == [True, True, True, False]
    assert not card.open_on(date(2026, 2, 28))
    assert make.card().open_on(date(2036, 1, 1))


def test_a_number_stands_for_one_wish():
    wish = make.wish(UUID(int=1), 7, 200)
    trade = Trade(
        id=UUID(int=9), card_id=UUID(int=1), direction=exchange.Direction.OWN, partner="", number="n", seq=7,
        source="POINTS", target="GOLD", points=200, fee=0, gained=1, takes=1, gives=1, state=S.DONE, code="", reason="",
        attempts=0, due_at=None, asked_at=NOW, ended_at=NOW, undo_until=None,
    )  # fmt: skip
    assert same(trade, wish)
    for other in (make.wish(UUID(int=2), 7, 200), make.wish(UUID(int=1), 8, 200), make.wish(UUID(int=1), 7, 300)):
        assert not same(trade, other)
