"""A refund asked of a supplier for a delivered order: its states and what may move it; pure rules.

    submitted ──▶ approved ──call──▶ sent ──▶ processing ──▶ success | refused
        ╲            ▲                │  ╲
         ▶ declined  └── not taken ───┘   ▶ unknown ──▶ processing | success | refused

`unknown` leaves by query, callback or day file; where the supplier never heard of it, two people end it or let it go
out again (`refund_end`). A refund keeps its number for good, and while one stands no other is asked for.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, NotFound
from huoke.reward.supply import Answer, RefundStatus, Told


class RefundState(StrEnum):
    """The life of a refund; the last three are ends."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENT = "sent"
    PROCESSING = "processing"
    UNKNOWN = "unknown"
    SUCCESS = "success"
    REFUSED = "refused"
    DECLINED = "declined"


ASKED = frozenset({RefundState.APPROVED, RefundState.SENT, RefundState.PROCESSING, RefundState.UNKNOWN})
"""States in which a supplier was asked, or is about to be."""
STANDING = ASKED | {RefundState.SUBMITTED}

_HEARD = {
    RefundStatus.PROCESSING: RefundState.PROCESSING,
    RefundStatus.SUCCESS: RefundState.SUCCESS,
    RefundStatus.REFUSED: RefundState.REFUSED,
}


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """A refund as stored, of a whole order. `reason` is why the bank asks; `code` and `answer` are of a no."""

    id: UUID
    order_id: UUID
    supplier_id: UUID
    number: str
    amount_fen: int
    reason: str
    state: RefundState
    code: str
    answer: str
    change_id: UUID | None
    attempts: int
    due_at: datetime | None
    created_by: str
    created_at: datetime
    closed_at: datetime | None


def heard(number: str, answer: Answer) -> RefundState | None:
    """The state a refund goes to when its supplier says `answer` of its order; None where that says nothing of it.

    An order that is refunded without a number (a day file) is refunded by the one refund that stands.
    """
    if answer.refund is not None:
        return _HEARD[answer.refund.status] if answer.refund.number == number else None
    return RefundState.SUCCESS if answer.told is Told.REFUNDED else None


class RefundEnded(Event, frozen=True, kw_only=True):
    """A refund that a supplier was asked for came to its end: success or refused."""

    name: ClassVar[str] = "fulfilment.refund_ended"
    refund_id: UUID
    order_id: UUID
    supplier_id: UUID
    state: str
    amount_fen: int


class RefundUnknown(NotFound):
    """There is no such refund in this bank."""

    code = "fulfilment.refund_unknown"


class RefundUnfit(Conflict):
    """The order was not delivered, or cost nothing: there is nothing to ask back."""

    code = "fulfilment.refund_unfit"


class RefundStands(Conflict):
    """A refund of this order was asked for and has not ended."""

    code = "fulfilment.refund_stands"


class RefundImpossible(Conflict):
    """The supplier's protocol has no call for a refund."""

    code = "fulfilment.refund_impossible"
