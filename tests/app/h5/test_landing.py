from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.app.h5.landing import Landing, Standing, decide
from huoke.reward.grants import BenefitKind, Handover, Mode, OfferItem, OfferState

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def offer(**changes) -> OfferItem:
    told = {
        "id": uuid4(),
        "line": 0,
        "sku_id": uuid4(),
        "sku_version": 1,
        "handover": Handover.COUNTER,
        "choose": 0,
        "kind": BenefitKind.VOUCHER,
        "mode": Mode.PULL,
        "title": "咖啡",
        "cost_fen": 1_980,
        "face_value_fen": 2_800,
        "points": 0,
        "points_type": "POINTS",
        "person_limit": 1,
        "opens_at": NOW - timedelta(days=1),
        "closes_at": NOW + timedelta(days=1),
        "valid_days": 30,
        "state": OfferState.OPEN,
    }
    return OfferItem(**{**told, **changes})


def standing(**changes) -> Standing:
    return Standing(**{"signed_in": True, "invited": True, "claimed": 0, "left": 5, **changes})


@pytest.mark.parametrize(
    ("changes", "stands", "said"),
    [
        ({}, {}, "open"),
        ({}, {"left": None}, "open"),
        ({}, {"signed_in": False, "invited": False}, "sign_in"),
        ({}, {"signed_in": False, "invited": False, "left": 0}, "sold_out"),
        ({}, {"left": 0}, "sold_out"),
        ({}, {"invited": False}, "not_eligible"),
        ({}, {"invited": False, "left": 0}, "not_eligible"),
        ({}, {"claimed": 1}, "claimed"),
        ({}, {"claimed": 1, "left": 0}, "claimed"),
        ({}, {"claimed": 1, "invited": False}, "claimed"),
        ({}, {"payable": False}, "full"),
        ({}, {"signed_in": False, "invited": False, "payable": False}, "full"),
        ({}, {"left": 0, "payable": False}, "sold_out"),
        ({}, {"left": None, "payable": False}, "open"),
        ({}, {"invited": False, "payable": False}, "not_eligible"),
        ({}, {"claimed": 1, "payable": False}, "claimed"),
        ({"choose": 2}, {"claimed": 1}, "open"),
        ({"choose": 2}, {"claimed": 2}, "claimed"),
        ({"choose": 2}, {"claimed": 1, "left": 0}, "sold_out"),
        ({"person_limit": 2}, {"claimed": 1}, "open"),
        ({"person_limit": 2}, {"claimed": 2}, "claimed"),
        ({"state": OfferState.PAUSED}, {"claimed": 1}, "paused"),
        ({"state": OfferState.STOPPED}, {}, "stopped"),
        ({"state": OfferState.ENDED}, {}, "ended"),
        ({"closes_at": NOW}, {}, "ended"),
        ({"opens_at": NOW + timedelta(seconds=1)}, {}, "not_started"),
        ({"opens_at": NOW}, {}, "open"),
    ],
)
def test_each_standing_has_its_word(changes, stands, said):
    assert decide(offer(**changes), standing(**stands), NOW) == said


@given(
    state=st.sampled_from(OfferState),
    signed_in=st.booleans(),
    invited=st.booleans(),
    claimed=st.integers(0, 3),
    left=st.none() | st.integers(0, 2),
    hours=st.integers(-48, 48),
)
def test_a_button_is_only_there_for_who_can_claim_now(state, signed_in, invited, claimed, left, hours):
    stands = Standing(
        signed_in=signed_in, invited=invited and signed_in, claimed=claimed if signed_in else 0, left=left
    )
    instant = NOW + timedelta(hours=hours)
    if decide(offer(state=state), stands, instant) is Landing.OPEN:
        assert signed_in
        assert invited
        assert claimed == 0
        assert left != 0
        assert state is OfferState.OPEN
        assert abs(hours) <= 24
