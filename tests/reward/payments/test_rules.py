"""The pure rules of payments: what may be asked of a customer, and how long to wait between attempts."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from huoke.reward.payments import model
from huoke.reward.payments.model import Charge, ChargeUnfit, check_charge, waits

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CHARGE = Charge(
    request_no="r", seq=1, amount_fen=100, subject="咖啡", source_kind="mall", source_id=UUID(int=1), line=0,
    expires_at=T0 + timedelta(minutes=15),
)  # fmt: skip


def unfit(**changes):
    try:
        check_charge(msgspec.structs.replace(CHARGE, **changes), T0, "/0")
    except ChargeUnfit as refusal:
        return refusal.pointer
    return ""


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("amount_fen", (1, model.AMOUNT_FEN_MAX), (0, -1, model.AMOUNT_FEN_MAX + 1)),
        ("request_no", ("r", "r" * model.REQUEST_NO_MAX), ("", "r" * (model.REQUEST_NO_MAX + 1))),
        ("subject", ("x", "x" * model.SUBJECT_MAX), ("", " ", "x" * (model.SUBJECT_MAX + 1))),
        ("expires_at", (T0 + SECOND, T0 + model.TTL_MAX), (T0, T0 + model.TTL_MAX + SECOND)),
    ],
)
def test_a_charge_stands_at_its_bounds_and_not_beyond(field, good, bad):
    assert [unfit(**{field: value}) for value in good] == [""] * len(good)
    assert [unfit(**{field: value}) for value in bad] == [f"/0/{field}"] * len(bad)


def test_attempts_wait_longer_and_longer_up_to_the_last():
    told = [waits(attempts, (5, 30, 300)) for attempts in (-1, 0, 1, 2, 3, 9)]
    assert [one.total_seconds() for one in told] == [5, 5, 30, 300, 300, 300]
