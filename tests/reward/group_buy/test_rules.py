"""The pure rules of group buys: when a seat is refused, until when a group fills, and what a programme may not be."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from huoke.reward.group_buy import model
from huoke.reward.group_buy.model import (
    NewGroupBuy,
    Party,
    PartyState,
    Programme,
    ProgrammeState,
    ProgrammeUnfit,
    Reserve,
    Sitting,
    check_terms,
    party_end,
    refuse_seat,
)

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
TERMS = NewGroupBuy(
    name="拼", title="拼", rules="规则", sku_id=UUID(int=1), points=100, cash_fen=500, stock=30, budget_id=UUID(int=2),
    opens_at=T0, closes_at=T0 + timedelta(days=10), person_limit=2, hours=24,
)  # fmt: skip
PARTY = Party(
    id=UUID(int=3), programme_id=UUID(int=4), code="abc", state=PartyState.OPEN, size=3, opened_by=1, opened_at=T0,
    expires_at=T0 + timedelta(hours=24), ended_at=None, reason="",
)  # fmt: skip
ASKED = Reserve(request_no="r", programme_id=UUID(int=4), seq=1, expected_points=100, expected_cash_fen=500)


def programme(state=ProgrammeState.LIVE, **changes):
    return Programme(
        id=UUID(int=4), unit_id=1, state=state, terms=msgspec.structs.replace(TERMS, **changes), offer_id=None,
        pool_id=None, seat_pool_id=None, budget_id=None, change_id=None, created_by="s", created_at=T0,
    )  # fmt: skip


def refused(*, one=ASKED, person=7, of=None, party=None, inside=(), seats=0, at=T0):
    found = refuse_seat(one, person, of or programme(), party, Sitting(set(inside), {person: seats}), at)
    return type(found).__name__ if found is not None else ""


def test_a_programme_takes_seats_from_its_opening_to_before_its_end_while_live():
    seconds = timedelta(seconds=1)
    at = {T0 - seconds: "NotStarted", T0: "", TERMS.closes_at - seconds: "", TERMS.closes_at: "Ended"}
    assert {instant: refused(at=instant) for instant in at} == at
    for state in ProgrammeState:
        assert refused(of=programme(state)) == ("" if state is ProgrammeState.LIVE else "Ended")


@pytest.mark.parametrize("field", ["expected_points", "expected_cash_fen"])
def test_another_price_than_was_seen_is_refused(field):
    for by in (-1, 1):
        wrong = msgspec.structs.replace(ASKED, **{field: getattr(ASKED, field) + by})
        assert refused(one=wrong) == "PriceChanged"


def test_a_person_takes_as_many_seats_as_the_limit_and_none_more():
    assert [refused(seats=count) for count in (0, 1, 2, 3)] == ["", "", "LimitReached", "LimitReached"]
    assert refuse_seat(ASKED, 7, programme(person_limit=1), None, Sitting(set(), {}), T0) is None


def test_a_group_takes_others_until_it_is_full_over_or_ended():
    assert refused(party=PARTY, inside=(1, 2)) == ""
    assert refused(party=PARTY, inside=(1, 2, 3)) == "GroupFull"
    assert refused(party=PARTY, inside=(7,)) == "SeatTaken"
    assert refused(party=PARTY, inside=(1, 2, 7)) == "SeatTaken"
    assert refused(party=PARTY, at=PARTY.expires_at - timedelta(seconds=1)) == ""
    assert refused(party=PARTY, at=PARTY.expires_at) == "GroupClosed"
    for state in PartyState:
        closed = refused(party=msgspec.structs.replace(PARTY, state=state)) == "GroupClosed"
        assert closed == (state not in model.OPEN)


def test_a_group_ends_after_its_hours_and_never_after_the_programme():
    assert party_end(TERMS, T0) == T0 + timedelta(hours=24)
    assert party_end(TERMS, TERMS.closes_at - timedelta(hours=3)) == TERMS.closes_at


BOUNDS = {
    "size": (model.SIZE_MIN, model.SIZE_MAX),
    "points": (0, model.FEN_MAX),
    "cash_fen": (0, model.PRICE_FEN_MAX),
    "hours": (1, model.HOURS_MAX),
    "pay_minutes": (model.PAY_MINUTES_MIN, model.PAY_MINUTES_MAX),
    "stock": (TERMS.size, model.STOCK_MAX),
    "person_limit": (1, model.LIMIT_MAX),
    "valid_days": (1, 365),
}


def unfit(**changes):
    try:
        check_terms(msgspec.structs.replace(TERMS, **changes), T0)
    except ProgrammeUnfit as refusal:
        return refusal.pointer
    return ""


@pytest.mark.parametrize("field", BOUNDS)
def test_numbers_stand_at_their_bounds_and_not_beyond(field):
    low, high = BOUNDS[field]
    more = {"stock": model.STOCK_MAX} if field == "size" else {}
    assert [unfit(**{**more, field: value}) for value in (low, high)] == ["", ""]
    assert [unfit(**{**more, field: value}) for value in (low - 1, high + 1)] == [f"/{field}"] * 2


@pytest.mark.parametrize(
    ("field", "most"),
    [("name", model.NAME_MAX), ("title", model.NAME_MAX), ("title_en", 80), ("rules", model.RULES_MAX),
     ("rules_en", model.RULES_MAX)],
)  # fmt: skip
def test_texts_are_as_long_as_they_may_be(field, most):
    assert (unfit(**{field: "x" * most}), unfit(**{field: "x" * (most + 1)})) == ("", f"/{field}")


@pytest.mark.parametrize("field", ["name", "title", "rules", "currency"])
def test_what_has_to_be_said_is_said(field):
    assert unfit(**{field: " "}) == f"/{field}"


def test_it_closes_after_it_opens_and_after_now():
    second = timedelta(seconds=1)
    assert (unfit(closes_at=T0), unfit(closes_at=T0 + second)) == ("/closes_at", "")
    late = T0 + timedelta(days=2)
    assert (unfit(opens_at=late, closes_at=late), unfit(opens_at=late, closes_at=late + second)) == ("/closes_at", "")
    assert unfit(opens_at=T0 - timedelta(days=9), closes_at=T0) == "/closes_at"


def test_a_seat_costs_points_cash_or_both():
    assert [unfit(points=1, cash_fen=0), unfit(points=0, cash_fen=1), unfit(points=0, cash_fen=0)] == [
        "",
        "",
        "/points",
    ]
