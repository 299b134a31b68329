"""The order port: how the bank orders from a supplier, whatever the supplier speaks.

A module that can talk to suppliers registers an adapter by name; a supplier's connection names the adapter it takes.
Every call may be lost on its way: what is certain and what is not is said by three outcomes and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Outage


class OrderKind(StrEnum):
    """A direct top-up of an account, goods sent to an address, or a financial benefit that core banking grants."""

    TOPUP = "topup"
    PHYSICAL = "physical"
    FINANCIAL = "financial"


class Told(StrEnum):
    """What a supplier says of an order. ABSENT is a query's "no such order": it proves nothing while calls travel.

    REFUNDED is an order that was delivered and whose price it gave back.
    """

    PROCESSING = "processing"
    SUCCESS = "success"
    FAILED = "failed"
    REFUNDED = "refunded"
    ABSENT = "absent"


class RefundStatus(StrEnum):
    """What a supplier says of a refund it was asked for; the last two are final."""

    PROCESSING = "processing"
    SUCCESS = "success"
    REFUSED = "refused"


OF_THE_RECIPIENT = frozenset({"number_invalid", "recipient_invalid", "recipient_missing", "cancelled"})
"""Codes of a no that any other supplier would have to say as well."""


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets it: `account` for a top-up, the rest for goods. Personal data: never kept with orders, never logged."""

    account: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""


class OrderCall(msgspec.Struct, frozen=True, kw_only=True):
    """An order to place. `number` is ours and names this order for good: the same number again is the same order.

    `ordered_on` is the business day that both sides' day files count it in. Money in fen.
    """

    number: str
    ordered_on: date
    sku_code: str
    kind: OrderKind
    quantity: int
    amount_fen: int
    recipient: Recipient


class RefundCall(msgspec.Struct, frozen=True, kw_only=True):
    """A refund to ask for, of a whole order. `number` is ours and names it for good: again, it is the same refund."""

    number: str
    reason: str


class RefundTold(msgspec.Struct, frozen=True, kw_only=True):
    """What a supplier says of one refund; a no has its code and its reason."""

    number: str
    status: RefundStatus
    code: str = ""
    reason: str = ""


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """A raw exchange as it may be kept: personal fields masked; `status` is 0 where there was no answer."""

    request: str = ""
    response: str = ""
    status: int = 0


class ParcelState(StrEnum):
    """How far goods are on their way."""

    PACKED = "packed"
    SENT = "sent"
    DELIVERED = "delivered"
    PROBLEM = "problem"


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One word of a supplier about where goods are; `note` is for the customer, where something is wrong."""

    state: ParcelState
    at: datetime
    carrier: str = ""
    tracking_no: str = ""
    note: str = ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the supplier says of one order. `amount_fen` is what it charges once it succeeded; `proof` is free text by
    key (a tracking number, a voucher of the operator).
    """

    number: str
    told: Told
    supplier_no: str = ""
    amount_fen: int | None = None
    code: str = ""
    reason: str = ""
    proof: dict[str, str] = {}
    parcel: Parcel | None = None
    refund: RefundTold | None = None
    wire: Wire = Wire()


class NotTaken(Outage):
    """The call certainly had no effect (no connection, or a signed "busy"): the same call may be made again."""

    def __init__(self, detail: str, wire: Wire) -> None:
        super().__init__(detail)
        self.wire = wire


class NoAnswer(Outage):
    """The call may have had its effect: never order again, never refund; ask by query, callback or day file."""

    def __init__(self, detail: str, wire: Wire) -> None:
        super().__init__(detail, unknown=True)
        self.wire = wire


class SupplierOrder(Protocol):
    """One supplier, as the bank orders from it.

    Every method raises `NotTaken` where a retry is harmless and may help, and `NoAnswer` where nobody knows. A plain no
    of the supplier is an `Answer` with `Told.FAILED`, its code and its reason; it is final.
    """

    async def order(self, call: OrderCall) -> Answer:
        """Place an order; PROCESSING, SUCCESS or FAILED. A known number answers with that order's present state."""

    async def query(self, call: OrderCall) -> Answer:
        """How an order stands; ABSENT where the supplier does not know it (yet). `call` is the order as it went out."""

    async def cancel(self, call: OrderCall) -> Answer:
        """Ask to cancel: FAILED with code `cancelled` where it was in time, else how the order stands."""

    async def refund(self, call: OrderCall, refund: RefundCall) -> Answer:
        """Ask for the price of a delivered order back: `Answer.refund` says how that stands. See `has_refunds`."""

    async def stock(self, sku_codes: Sequence[str]) -> Mapping[str, int]:
        """How many units the supplier has of each SKU it knows; others are left out."""

    async def day_file(self, on: date) -> bytes:
        """The file of a business day, as `docs/suppliers.md` describes it; `NotTaken` while it is not there yet."""

    async def close(self) -> None:
        """Let go of its connections."""


class NoRefunds:
    """For adapters whose protocol has no call for a refund."""

    async def refund(self, call: OrderCall, refund: RefundCall) -> Answer:  # noqa: ARG002 - there is nobody to tell
        """`NotTaken`: it is settled with the supplier."""
        raise NotTaken(f"Order {call.number} is not refunded by call here: {REFUND_MEND}", Wire())


REFUND_MEND = (
    "agree on it with the supplier; what it then writes in its day file is accepted under Differences, and the next"
    " statement carries it."
)
"""What to do where a supplier cannot be asked for a refund by call."""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where and how a supplier is reached, its key opened. Prints nothing of the key."""

    supplier_id: UUID
    supplier_code: str
    adapter: str
    address: str
    key_id: str
    key: bytes
    timeout_seconds: float
    callback_address: str

    def __repr__(self) -> str:
        return f"Endpoint({self.supplier_code})"


Adapter = Callable[[Endpoint, Callable[[], datetime]], SupplierOrder]
"""(where, present instant) → the port."""

KeyCheck = Callable[[bytes], str]
"""(key) → why it is not one of this protocol's; empty where it is."""

_adapters: dict[str, Adapter] = {}
_key_checks: dict[str, KeyCheck] = {}
_nowhere: set[str] = set()
"""Adapters that call nobody: their suppliers have no address."""
_no_refunds: set[str] = set()
"""Adapters whose protocol has no call for a refund."""


def register_adapter(
    name: str,
    adapter: Adapter,
    check_key: KeyCheck | None = None,
    *,
    has_address: bool = True,
    has_refunds: bool = True,
) -> None:
    """Say who speaks the protocol `name`; for `app/`. Where keys are checked, none can be made here."""
    _adapters[name] = adapter
    if not has_address:
        _nowhere.add(name)
    if not has_refunds:
        _no_refunds.add(name)
    if check_key is not None:
        _key_checks[name] = check_key


def adapters() -> list[str]:
    """The names of all adapters."""
    return sorted(_adapters)


def adapter(name: str) -> Adapter:
    """The adapter of a name; a bug where nobody registered it."""
    assert name in _adapters, f"nobody registered the adapter {name}"
    return _adapters[name]


def has_address(name: str) -> bool:
    """Whether suppliers of a protocol are called somewhere."""
    return name not in _nowhere


def has_refunds(name: str) -> bool:
    """Whether suppliers of a protocol can be asked for a refund by call."""
    return name not in _no_refunds


def key_check(name: str) -> KeyCheck | None:
    """How a protocol checks its keys; None where any key of the right length will do."""
    return _key_checks.get(name)
