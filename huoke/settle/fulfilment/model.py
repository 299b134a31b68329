"""An order at a supplier: its states and what may move it, the circuit breaker, events, refusals; all pure rules.

    created ──call──▶ sent ──▶ accepted ──▶ success
       ▲                │  ╲       ▲  ╲
       └─ not taken ────┘   ▶ unknown  ▶ failed ──▶ refunded (──▶ the grant's next order, at another supplier)

success ──▶ refunded where the supplier gives a delivered order's price back (refund_model.py).

`unknown` leaves only by query, callback, cancel or day file: it is never ordered again and never refunded. An ended
order is not moved by what arrives late; a supplier that contradicts an end is left to reconciliation.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID
from zlib import crc32

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound, Unauthorised
from huoke.reward.ledger import AccountKey, AccountKind
from huoke.reward.supply import Answer, OrderKind, Told

BACK_OFF_SECONDS = 5
BACK_OFF_SECONDS_MAX = 3_600
BACK_OFF_JITTER = 0.2
ROUNDS = 4
"""A slice holds at most this many calls for each that may run at once."""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class OrderState(StrEnum):
    """The life of an order at a supplier."""

    CREATED = "created"
    SENT = "sent"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    SUCCESS = "success"
    FAILED = "failed"
    REFUNDED = "refunded"


class Cause(StrEnum):
    """What moved an order."""

    GRANT = "grant"
    REROUTE = "reroute"
    CALL = "call"
    ANSWER = "answer"
    NOT_TAKEN = "not_taken"
    SILENCE = "silence"
    QUERY = "query"
    CALLBACK = "callback"
    CANCEL = "cancel"
    DAY_FILE = "day_file"
    STAFF = "staff"
    REFUND = "refund"


ON_THE_WAY = frozenset({OrderState.SENT, OrderState.ACCEPTED, OrderState.UNKNOWN})
"""States in which the supplier may have the order and has not said how it ended."""
OPEN = ON_THE_WAY | {OrderState.CREATED}

NEXT: Mapping[OrderState | None, frozenset[OrderState]] = {
    None: frozenset({OrderState.CREATED}),
    OrderState.CREATED: frozenset({OrderState.SENT, OrderState.ACCEPTED, OrderState.SUCCESS, OrderState.FAILED}),
    OrderState.SENT: frozenset(
        {OrderState.CREATED, OrderState.ACCEPTED, OrderState.UNKNOWN, OrderState.SUCCESS, OrderState.FAILED}
    ),
    OrderState.ACCEPTED: frozenset({OrderState.SUCCESS, OrderState.FAILED}),
    OrderState.UNKNOWN: frozenset({OrderState.ACCEPTED, OrderState.SUCCESS, OrderState.FAILED}),
    OrderState.SUCCESS: frozenset({OrderState.FAILED, OrderState.REFUNDED}),
    OrderState.FAILED: frozenset({OrderState.REFUNDED}),
    OrderState.REFUNDED: frozenset({OrderState.SUCCESS}),
}
"""Which state may follow which; None is before the order. What leaves success or refunded was decided by two people."""

_END = {Told.SUCCESS: OrderState.SUCCESS, Told.FAILED: OrderState.FAILED, Told.REFUNDED: OrderState.FAILED}

GIVEN_BACK = "given_back"
"""The code of an order whose price its supplier gave back after it was delivered."""


def heard(state: OrderState, told: Told) -> OrderState | None:
    """The state an order goes to when its supplier says `told`; None where that changes nothing.

    ABSENT changes nothing: a supplier's books may lag behind its door. Ended orders stay as they ended.
    """
    if state not in OPEN:
        return None
    if told is Told.PROCESSING:
        return None if state is OrderState.ACCEPTED else OrderState.ACCEPTED
    return _END.get(told)


def contradicts(state: OrderState, told: Told) -> bool:
    """Whether a supplier now says the opposite of how an order ended; the day file will show it to people."""
    return (state is OrderState.SUCCESS and told is Told.FAILED) or (
        state in (OrderState.FAILED, OrderState.REFUNDED) and told is Told.SUCCESS
    )


def prepayment_of(supplier_id: UUID) -> AccountKey:
    """The account of what was paid ahead to a supplier and is not used up."""
    return AccountKey(AccountKind.PREPAYMENT, "supplier", str(supplier_id))


def drawn_of(supplier_id: UUID) -> AccountKey:
    """The account of what a supplier has earned out of prepayments."""
    return AccountKey(AccountKind.PREPAYMENT_DRAWN, "supplier", str(supplier_id))


def back_off(attempts: int, order_id: UUID) -> timedelta:
    """The pause after the n-th call without an end (1 is the first): doubles from 5 s, at most an hour.

    Up to a fifth less, by order and attempt, so that orders which failed together do not come back together.
    """
    pause = min(BACK_OFF_SECONDS * 2 ** min(attempts - 1, 20), BACK_OFF_SECONDS_MAX)
    jitter = crc32(order_id.bytes + attempts.to_bytes(4)) / 2**32
    return timedelta(seconds=pause * (1 - BACK_OFF_JITTER * jitter))


def begun(now: datetime) -> dict[str, Any]:
    """What every order begins with, made anew or asked of another supplier: nothing went out, nothing was paid."""
    return {
        "state": OrderState.CREATED,
        "steps": 1,
        "ordered_on": None,
        "supplier_no": "",
        "code": "",
        "reason": "",
        "proof": {},
        "drawn_fen": 0,
        "draws": 0,
        "attempts": 0,
        "due_at": now,
        "cancel_asked_at": None,
        "created_at": now,
        "changed_at": now,
    }


def number_of(order_id: UUID) -> str:
    """An order's number: its id in Crockford's base 32, 26 characters, ascending as orders were made."""
    value, signs = order_id.int, []
    for _ in range(26):
        value, place = divmod(value, 32)
        signs.append(_CROCKFORD[place])
    return "".join(reversed(signs))


class BreakerState(StrEnum):
    """Closed: calls flow. Open: none until `probe_at`. Half open: one, whose outcome decides."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker(msgspec.Struct, frozen=True, kw_only=True):
    """The circuit breaker of one supplier: failures in a row, openings in a row, when the next probe may go."""

    state: BreakerState = BreakerState.CLOSED
    failures: int = 0
    trips: int = 0
    probe_at: datetime | None = None

    def room(self, now: datetime, most: int) -> tuple["Breaker", int]:
        """How many calls may go now, and the breaker as it stands while they do."""
        if self.state is BreakerState.CLOSED:
            return self, most
        if self.probe_at is not None and now < self.probe_at:
            return self, 0
        return msgspec.structs.replace(self, state=BreakerState.HALF_OPEN), 1

    def after(self, answered: bool, now: datetime, failures_max: int, open_seconds: int) -> "Breaker":
        """The breaker after one call. It opens after `failures_max` failures in a row or a failed probe, each time
        twice as long as before, at most 32 times `open_seconds`; one answer closes it.
        """
        if answered:
            return Breaker()
        failures = self.failures + 1
        if self.state is BreakerState.CLOSED and failures < failures_max:
            return msgspec.structs.replace(self, failures=failures)
        if self.state is BreakerState.OPEN and self.probe_at is not None and now < self.probe_at:
            return msgspec.structs.replace(self, failures=failures)
        pause = timedelta(seconds=open_seconds * 2 ** min(self.trips, 5))
        return Breaker(state=BreakerState.OPEN, failures=failures, trips=self.trips + 1, probe_at=now + pause)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order as stored: the `turn`-th of its grant; `next_id` is the one that took its place at another supplier."""

    id: UUID
    grant_id: UUID
    number: str
    supplier_id: UUID
    sku_id: UUID
    sku_code: str
    title: str
    kind: OrderKind
    seq: int
    amount_fen: int
    state: OrderState
    steps: int
    ordered_on: date | None
    supplier_no: str
    code: str
    reason: str
    proof: dict[str, str]
    drawn_fen: int
    draws: int
    attempts: int
    due_at: datetime | None
    cancel_asked_at: datetime | None
    created_at: datetime
    changed_at: datetime
    turn: int = 1
    next_id: UUID | None = None


class OrdersMoved(Event, frozen=True, kw_only=True):
    """Orders of one supplier reached a state; the customers are the event's members."""

    name: ClassVar[str] = "fulfilment.orders_moved"
    supplier_id: UUID
    state: str
    count: int
    amount_fen: int


class OrdersRerouted(Event, frozen=True, kw_only=True):
    """Orders that failed for certain at one supplier went on to another; the customers are the event's members.

    `more_fen` is what they cost more there, below zero what they cost less.
    """

    name: ClassVar[str] = "fulfilment.orders_rerouted"
    supplier_id: UUID
    next_supplier_id: UUID
    count: int
    more_fen: int


class OrderContradicted(Event, frozen=True, kw_only=True):
    """A supplier says the opposite of how an order ended."""

    name: ClassVar[str] = "fulfilment.order_contradicted"
    order_id: UUID
    supplier_id: UUID
    state: str
    told: str


class BreakerMoved(Event, frozen=True, kw_only=True):
    """A supplier's circuit breaker opened or closed."""

    name: ClassVar[str] = "fulfilment.breaker_moved"
    supplier_id: UUID
    state: str


class PrepaymentPaid(Event, frozen=True, kw_only=True):
    """Money was paid ahead to a supplier."""

    name: ClassVar[str] = "fulfilment.prepayment_paid"
    prepayment_id: UUID
    supplier_id: UUID
    amount_fen: int


class OrderUnknown(NotFound):
    """There is no such order in this bank."""

    code = "fulfilment.order_unknown"


class OrderEnded(Conflict):
    """The order has ended; nothing is left to cancel or to ask."""

    code = "fulfilment.order_ended"


class PrepaymentShort(Conflict):
    """What was paid ahead does not cover this."""

    code = "fulfilment.prepayment_short"


class PrepaymentUnfit(Invalid):
    """An amount or payment number that cannot be."""

    code = "fulfilment.prepayment_unfit"


class PrepaymentUnknown(NotFound):
    """There is no such prepayment in this bank."""

    code = "fulfilment.prepayment_unknown"


class ReferenceTaken(Conflict):
    """The payment number was used for this supplier before."""

    code = "fulfilment.reference_taken"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A callback as it came: `target` is path and query; `headers` find their names in any case."""

    target: str
    headers: Mapping[str, str]
    body: bytes


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """A callback whose signature was good: what it says of an order, under a nonce that comes once."""

    nonce: str
    answer: Answer


class CallbackUnfit(Invalid):
    """A signed body that is not an order as the protocol writes it."""

    code = "fulfilment.callback_unfit"


class CallbackRefused(Unauthorised):
    """The callback is not signed by this supplier, or is too old."""

    code = "fulfilment.callback_refused"
