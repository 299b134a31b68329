"""What a payment is: money asked of a customer through a cashier, how it may move, and what may be refused.

    created → prepaid → paid → refunding → refunded
        ↘ unknown ↗  ↘ closed

Money counts only as the cashier says it: by an answer, a notice or the day file. A payment that was closed and is paid
after all is given back by itself.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.money import FEN_MAX
from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound
from huoke.reward.merchants import Place

REQUEST_NO_MAX = 64
SUBJECT_MAX = 120
AMOUNT_FEN_MAX = min(FEN_MAX, 10**11)
TTL_MAX = timedelta(days=7)
ABSENT_REST_SECONDS = 60
"""Calls may still travel for so long: until then "no such payment" proves nothing."""
ASKED_SECONDS = (3, 5, 10, 20, 40, 60)
"""How long to wait between two questions about a payment that is neither paid nor closed."""
RETRY_SECONDS = (2, 5, 15, 60, 300, 900)
"""How long to wait after a call that brought nothing."""


class PaymentState(StrEnum):
    """Where a payment stands; `unknown`: the call to the cashier had no answer, and is repeated under its number."""

    CREATED = "created"
    PREPAID = "prepaid"
    UNKNOWN = "unknown"
    PAID = "paid"
    CLOSED = "closed"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


OPEN = frozenset({PaymentState.CREATED, PaymentState.PREPAID, PaymentState.UNKNOWN})
"""Nobody knows yet whether it will be paid."""
TAKEN = frozenset({PaymentState.PAID, PaymentState.REFUNDING, PaymentState.REFUNDED})
"""The customer paid."""


class RefundState(StrEnum):
    """created → unknown → processing → refunded, or failed: the cashier will not do it, somebody must."""

    CREATED = "created"
    UNKNOWN = "unknown"
    PROCESSING = "processing"
    REFUNDED = "refunded"
    FAILED = "failed"


REFUND_OPEN = frozenset({RefundState.CREATED, RefundState.UNKNOWN, RefundState.PROCESSING})


class Told(StrEnum):
    """What a cashier says of a payment or a refund. ABSENT proves nothing while calls travel."""

    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"
    ABSENT = "absent"
    PROCESSING = "processing"
    REFUNDED = "refunded"
    FAILED = "failed"


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One word of a cashier about a payment or a refund.

    `amount_fen` is what it says was paid for or is undone, `reduction_fen` what of that our reductions bore.
    """

    told: Told
    amount_fen: int | None = None
    reduction_fen: int = 0
    cashier_no: str = ""
    at: datetime | None = None
    code: str = ""


class Reduction(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's benefit to take off a payment; `place` is the store where they pay, None for the bank's own mall."""

    grant_id: UUID
    place: Place | None = None


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """Money to ask of a customer. `subject` is what the cashier's page and the bank statement say it is for.

    (source_kind, source_id, line) is what it pays for and comes back with every event. After `expires_at` it is closed.
    `amount_fen` is the price; a reduction is taken off it by the cashier.
    """

    request_no: str
    seq: int
    amount_fen: int
    subject: str
    source_kind: str
    source_id: UUID
    line: int
    expires_at: datetime
    reduction: Reduction | None = None


class Charged(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a charge; `exists`: it was made before under this number, and stands as `state` says."""

    payment_id: UUID
    state: PaymentState
    reduction_fen: int = 0
    exists: bool = False


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a payment to undo, of its price; parts add up to no more than that.

    Of a payment with a reduction the customer gets the part less what of the reduction lies in it.
    """

    request_no: str
    payment_id: UUID
    amount_fen: int
    reason: str


class Refunded(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a refund; `exists`: it was asked for before under this number."""

    refund_id: UUID
    state: RefundState
    exists: bool = False


class PaymentPaid(Event, frozen=True, kw_only=True):
    """A customer paid: `amount_fen` is the price, `reduction_fen` what of it a reduction bore."""

    name: ClassVar[str] = "payments.paid"
    payment_id: UUID
    source_kind: str
    source_id: UUID
    line: int
    seq: int
    amount_fen: int
    reduction_fen: int = 0


class PaymentClosed(Event, frozen=True, kw_only=True):
    """A payment will not come any more; should it come after all, it is given back by itself."""

    name: ClassVar[str] = "payments.closed"
    payment_id: UUID
    source_kind: str
    source_id: UUID
    line: int
    seq: int
    amount_fen: int


class PaymentRefunded(Event, frozen=True, kw_only=True):
    """A part of a payment is undone; what of it no reduction bore is back with the customer."""

    name: ClassVar[str] = "payments.refunded"
    payment_id: UUID
    refund_id: UUID
    request_no: str
    source_kind: str
    source_id: UUID
    line: int
    seq: int
    amount_fen: int
    reduction_fen: int = 0


class RefundFailed(Event, frozen=True, kw_only=True):
    """The cashier will not give money back; somebody has to look at it."""

    name: ClassVar[str] = "payments.refund_failed"
    payment_id: UUID
    refund_id: UUID
    request_no: str
    source_kind: str
    source_id: UUID
    line: int
    seq: int
    amount_fen: int


class PaymentUnknown(NotFound):
    """There is no such payment in this bank."""

    code = "payments.payment_unknown"


class ChargeUnfit(Invalid):
    """An amount, a number, a subject or a time that cannot be."""

    code = "payments.charge_unfit"


class NoCashier(Conflict):
    """The bank has no approved cashier."""

    code = "payments.no_cashier"


class RefundUnknown(NotFound):
    """There is no such refund in this bank."""

    code = "payments.refund_unknown"


class RefundNotFailed(Conflict):
    """A refund that did not fail, or was sent again."""

    code = "payments.refund_not_failed"


class NotPaid(Conflict):
    """Nothing was paid that could be given back."""

    code = "payments.not_paid"


class RefundTooMuch(Conflict):
    """Refunds would come to more than was paid."""

    code = "payments.refund_too_much"


class NoticeRefused(Forbidden):
    """Not signed by the bank's cashier, too old, or about nothing of ours."""

    code = "payments.notice_refused"


class NoticeUnfit(Invalid):
    """A signed notice that cannot be read or says other amounts than ours."""

    code = "payments.notice_unfit"


def check_charge(new: Charge, now: datetime, pointer: str) -> None:
    """Raise `ChargeUnfit`."""
    wrong = {
        "request_no": not 1 <= len(new.request_no) <= REQUEST_NO_MAX,
        "amount_fen": not 0 < new.amount_fen <= AMOUNT_FEN_MAX,
        "subject": not 1 <= len(new.subject.strip()) <= SUBJECT_MAX,
        "expires_at": not now < new.expires_at <= now + TTL_MAX,
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise ChargeUnfit(f"The {field} of a payment cannot be like this.", pointer=f"{pointer}/{field}")


def waits(attempts: int, seconds: tuple[int, ...]) -> timedelta:
    """How long to wait after so many attempts."""
    return timedelta(seconds=seconds[min(max(attempts, 0), len(seconds) - 1)])
