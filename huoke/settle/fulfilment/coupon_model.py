"""A coupon used in a place of ours: its states, and what a platform's words make of it; pure rules.

    sent ──yes──▶ used
      │ ╲──no──▶ refused
      ╰─silence─▶ unknown ──asked after──▶ used | refused

A use keeps its number for good. One that is `unknown` is never sent again: the platform is asked how the coupon stands.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, NotFound

SETTLED = timedelta(minutes=15)
"""No call travels longer: a coupon that still stands unused after that was not used by it."""


class UseState(StrEnum):
    """The life of a use; the last two are ends."""

    SENT = "sent"
    UNKNOWN = "unknown"
    USED = "used"
    REFUSED = "refused"


class CouponUse(msgspec.Struct, frozen=True, kw_only=True):
    """A use as stored. `number` is the platform's `use_request_no`; `request_no` the teller's."""

    id: UUID
    order_id: UUID
    supplier_id: UUID
    number: str
    request_no: str
    state: UseState
    code: str
    unit_id: int
    store_id: UUID | None
    teller: str
    attempts: int
    due_at: datetime | None
    asked_at: datetime
    ended_at: datetime | None

    @property
    def coupon_code(self) -> str:
        """Whose use it is: its number is the coupon's code, `U` and a count."""
        return self.number.rpartition("U")[0]


class CouponUnknown(NotFound):
    """No delivered coupon of this bank has this code."""

    code = "fulfilment.coupon_unknown"


class CouponUnusable(Conflict):
    """The platform says that this coupon cannot be used: `why` in `data` says which way."""

    code = "fulfilment.coupon_unusable"


class CouponBusy(Conflict):
    """Another use of this coupon waits for the platform's word."""

    code = "fulfilment.coupon_busy"


class CouponUsed(Event, frozen=True, kw_only=True):
    """A coupon of a platform was used in a place of ours."""

    name: ClassVar[str] = "fulfilment.coupon_used"
    order_id: UUID
    use_id: UUID
    unit_id: int
    store_id: UUID | None


def found(use: CouponUse, state: str, use_request_no: str, now: datetime) -> tuple[UseState, str]:
    """What a use is, with the code of a no, when its platform says that the coupon stands like this."""
    if state == "USED":
        mine = use_request_no == use.number
        return (UseState.USED, "") if mine else (UseState.REFUSED, "used_elsewhere")
    if not state:
        return UseState.UNKNOWN, ""
    if state == "SENDED":
        return (UseState.REFUSED, "not_used") if now >= use.asked_at + SETTLED else (UseState.UNKNOWN, "")
    return UseState.REFUSED, "not_usable"
