"""Questions about payments: how one stands, lists for the console, whether everything adds up."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import ledger
from huoke.reward.payments import store, store_read
from huoke.reward.payments.hear import PAID_BACK, PAID_IN
from huoke.reward.payments.model import OPEN, PaymentState, PaymentUnknown, RefundState


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as it stands, in fen; `pay_address` is where the customer pays, empty until the cashier named it.

    `amount_fen` is the price, `reduction_fen` what of it is taken off; `refunded_fen` is of the price too.
    """

    id: UUID
    seq: int
    amount_fen: int
    reduction_fen: int
    subject: str
    source_kind: str
    source_id: UUID
    line: int
    state: PaymentState
    pay_address: str
    close_asked: bool
    refunding_fen: int
    refunded_fen: int
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether nobody knows yet that it was paid or closed."""
        return self.state in OPEN


class PaymentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as the console lists it; `customer` is masked, `code` says why it does not go on.

    `amount_fen` is the price, of which `reduction_fen` was taken off.
    """

    id: UUID
    number: str
    seq: int
    customer: str
    amount_fen: int
    reduction_fen: int
    subject: str
    source_kind: str
    source_id: UUID
    state: PaymentState
    cashier_no: str
    code: str
    refunding_fen: int
    refunded_fen: int
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None


class RefundRow(msgspec.Struct, frozen=True, kw_only=True):
    """A refund of a payment."""

    id: UUID
    number: str
    amount_fen: int
    reduction_fen: int
    reason: str
    state: RefundState
    cashier_no: str
    code: str
    created_at: datetime
    refunded_at: datetime | None


class RefundItem(RefundRow, frozen=True, kw_only=True):
    """A refund as the console lists it, with what it is of; `customer` is masked."""

    payment_id: UUID
    seq: int
    customer: str
    subject: str
    source_kind: str
    asked_by: str
    can: list[str]


class PaymentExchange(msgspec.Struct, frozen=True, kw_only=True):
    """One call to the cashier, or one of its notices."""

    operation: str
    refund_id: UUID | None
    outcome: str
    status: int
    code: str
    milliseconds: int
    at: datetime


class PaymentPage(msgspec.Struct, frozen=True, kw_only=True):
    """A payment with its refunds and what was said about it, latest first."""

    payment: PaymentRow
    refunds: list[RefundRow]
    exchanges: list[PaymentExchange]
    can: list[str]


class Books(msgspec.Struct, frozen=True, kw_only=True):
    """What payments say and what the ledger booked, in fen: the same, or something is wrong."""

    paid_fen: int
    refunded_fen: int
    ledger_paid_fen: int
    ledger_refunded_fen: int

    @property
    def equal(self) -> bool:
        """Whether both say the same."""
        return (self.paid_fen, self.refunded_fen) == (self.ledger_paid_fen, self.ledger_refunded_fen)


async def get_payments(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Payment]:
    """Payments by id."""
    return {key: _payment(row) for key, row in (await store.by_ids(tx, ids)).items()}


async def get(tx: Tx, payment_id: UUID) -> Payment:
    """One payment; `PaymentUnknown`."""
    found = await get_payments(tx, [payment_id])
    if payment_id not in found:
        raise PaymentUnknown("There is no such payment.")
    return found[payment_id]


async def payments_for(tx: Tx, source_ids: Collection[UUID]) -> dict[UUID, list[Payment]]:
    """The payments asked for some sources, oldest first."""
    found: dict[UUID, list[Payment]] = {}
    for row in await store.by_source(tx, source_ids):
        found.setdefault(row["source_id"], []).append(_payment(row))
    return found


async def find_payments(
    tx: Tx,
    *,
    q: str = "",
    seq: int | None = None,
    state: PaymentState | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[PaymentRow]:
    """Payments, latest first; `q` is a whole number: ours, the caller's, the cashier's or an order's."""
    number, text = _asked(q)
    seqs = None if seq is None else await customers.numbers_of(tx, Seq(seq))
    rows = await store_read.find(tx, number, seqs, text, state.value if state else None, before, limit)
    return await _rows(tx, rows)


async def count_payments(tx: Tx, *, q: str = "", seq: int | None = None) -> dict[str, int]:
    """How many payments are in each state."""
    number, text = _asked(q)
    seqs = None if seq is None else await customers.numbers_of(tx, Seq(seq))
    return await store_read.counts(tx, number, seqs, text)


async def get_page(tx: Tx, payment_id: UUID, *, may_write: bool) -> PaymentPage:
    """A payment with all that happened to it; `PaymentUnknown`."""
    rows = await store.by_ids(tx, [payment_id])
    if payment_id not in rows:
        raise PaymentUnknown("There is no such payment.")
    [row] = await _rows(tx, list(rows.values()))
    refunds = [_refund(one) for one in await store.refunds_of(tx, [payment_id])]
    waits = row.state in OPEN or any(one.state in ("created", "unknown", "processing") for one in refunds)
    return PaymentPage(
        payment=row,
        refunds=refunds,
        exchanges=[
            PaymentExchange(**{name: one[name] for name in PaymentExchange.__struct_fields__})
            for one in await store.exchanges_of(tx, payment_id)
        ],
        can=["ask"] if may_write and waits else [],
    )


async def find_refunds(
    tx: Tx,
    *,
    state: RefundState | None = None,
    q: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
    may_write: bool = False,
) -> list[RefundItem]:
    """Refunds, latest first; `q` is a whole number of a refund or of its payment."""
    rows = await store_read.refunds(
        tx, state.value if state else None, q.strip().lower().replace("-", ""), before, limit
    )
    people = {int(one.seq): one for one in await customers.masked_rows(tx, sorted({row["seq"] for row in rows}))}
    found = []
    for row in rows:
        person, shown = people.get(row["seq"]), _refund(row)
        waits = may_write and shown.state is RefundState.FAILED and not row["is_sent_again"]
        found.append(
            RefundItem(
                **{name: getattr(shown, name) for name in RefundRow.__struct_fields__},
                payment_id=row["payment_id"],
                seq=row["seq"],
                customer=(person.name or person.customer_no) if person else "",
                subject=row["subject"],
                source_kind=row["source_kind"],
                asked_by=row["asked_by"],
                can=["send_again"] if waits else [],
            )
        )
    return found


async def count_refunds(tx: Tx) -> dict[str, int]:
    """How many refunds are in each state."""
    return await store_read.refund_counts(tx)


async def count_failed(tx: Tx) -> int:
    """How many refunds failed and were not sent again: somebody must act."""
    return await store_read.failed_refunds(tx)


async def refunds_for(tx: Tx, numbers: Collection[str]) -> dict[str, RefundRow]:
    """The latest refund under each number of its caller."""
    found: dict[str, RefundRow] = {}
    for row in await store_read.refunds_told(tx, numbers):
        found.setdefault(row["told_as"] or row["request_no"], _refund(row))
    return found


async def books(tx: Tx) -> Books:
    """Whether payments and the ledger say the same."""
    own = await store_read.books(tx)
    return Books(
        paid_fen=own["paid_fen"],
        refunded_fen=own["refunded_fen"],
        ledger_paid_fen=-await ledger.balance(tx, PAID_IN),
        ledger_refunded_fen=await ledger.balance(tx, PAID_BACK),
    )


async def ask_again(tx: Tx, payment_id: UUID) -> None:
    """Have the cashier asked about a payment, and about its refunds, at its next call; `PaymentUnknown`."""
    rows = await store.lock(tx, [payment_id])
    if payment_id not in rows:
        raise PaymentUnknown("There is no such payment.")
    await store.wake(tx, payment_id)


def _payment(row: Record) -> Payment:
    return Payment(
        **{name: row[name] for name in Payment.__struct_fields__ if name != "state"}, state=PaymentState(row["state"])
    )


async def _rows(tx: Tx, rows: Sequence[Record]) -> list[PaymentRow]:
    people = {int(one.seq): one for one in await customers.masked_rows(tx, sorted({row["seq"] for row in rows}))}
    made = {"state", "customer", "number"}
    found = []
    for row in rows:
        person = people.get(row["seq"])
        found.append(
            PaymentRow(
                **{name: row[name] for name in PaymentRow.__struct_fields__ if name not in made},
                state=PaymentState(row["state"]),
                customer=(person.name or person.customer_no) if person else "",
                number=row["id"].hex,
            )
        )
    return found


def _refund(row: Record) -> RefundRow:
    made = {"state", "number"}
    return RefundRow(
        **{name: row[name] for name in RefundRow.__struct_fields__ if name not in made},
        state=RefundState(row["state"]),
        number=row["id"].hex,
    )


def _asked(q: str) -> tuple[UUID | None, str]:
    text = q.strip()
    try:
        return UUID(hex=text), ""
    except ValueError:
        return None, text[:64]
