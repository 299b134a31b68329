"""What a statement is: what one supplier or merchant is owed for one period, as the ledger has it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound

IN_FLIGHT_SECONDS = 3
"""A statement ends this long before it is made: a redemption is written within two seconds of its own time."""
DAYS_MAX = 366


class StatementState(StrEnum):
    """A reversed statement frees its period."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    REVERSED = "reversed"


class Owed(StrEnum):
    """Who is owed by a statement."""

    SUPPLIER = "supplier"
    MERCHANT = "merchant"


class StatementPayment(msgspec.Struct, frozen=True, kw_only=True):
    """The reference of the transfer that paid a statement."""

    reference: str


class StoreLineKind(StrEnum):
    """Sales of a store, or one benefit redeemed there."""

    SALE = "sale"
    BENEFIT = "benefit"


class NewStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A statement to make, of a supplier or of a merchant: both days included, in the bank's time."""

    supplier_id: UUID | None = None
    merchant_id: UUID | None = None
    since_on: date
    until_on: date
    request_no: str | None = None


class StoreLine(msgspec.Struct, frozen=True, kw_only=True):
    """A store's day on a merchant's statement, in fen: its sales, or how often one benefit was redeemed.

    Of sales the merchant is owed the price less its own share of reductions. Benefits are paid for by their suppliers:
    they stand there to be compared, at nothing.
    """

    place: int
    store_id: UUID
    store: str
    on_day: date
    kind: StoreLineKind
    title: str
    done: int
    undone: int
    price_fen: int
    reduction_fen: int
    own_fen: int
    amount_fen: int


class StatementReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a statement is reversed."""

    reason: str


class StatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """What was redeemed of one SKU in one campaign at one cost; `quantity` = redeemed − undone, amount in fen.

    Or, with a `difference_id`, what accepting a difference of the day file of `on_day` brought for the order `number`:
    an amount alone, below zero what is owed no more; SKU and title are there where the order is the bank's.
    """

    place: int
    sku_id: UUID | None
    title: str
    source_id: UUID | None
    campaign: str
    redeemed: int
    undone: int
    quantity: int
    unit_cost_fen: int
    amount_fen: int
    difference_id: UUID | None = None
    on_day: date | None = None
    number: str = ""


class StatementRow(msgspec.Struct, frozen=True, kw_only=True):
    """A statement in a list; covers [since_at, until_at)."""

    id: UUID
    number: str
    supplier_id: UUID | None
    merchant_id: UUID | None
    supplier: str
    """Who is owed: the name of the supplier, or of the merchant."""
    supplier_en: str
    since_on: date
    until_on: date
    since_at: datetime
    until_at: datetime
    state: StatementState
    quantity: int
    amount_fen: int
    prepaid_fen: int
    """Of the amount, what the supplier drew from its prepayment within the period."""
    payable_fen: int
    """What is still to be paid; below zero where more was drawn than delivered."""
    created_by: str
    created_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    reversed_at: datetime | None
    reason: str
    agreed_by: str
    agreed_at: datetime | None
    dispute: str
    answer: str
    paid_by: str
    paid_at: datetime | None
    paid_reference: str
    can: list[str]


class Statement(StatementRow, frozen=True, kw_only=True):
    """A statement whole. `ledger_fen` is what the ledger says for the same period: always equal to `amount_fen`."""

    lines: list[StatementLine]
    store_lines: list[StoreLine]
    ledger_fen: int


class SettledStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A statement as other modules settle by it; `created_by` is the actor's id. A merchant's has no such lines."""

    number: str
    supplier_id: UUID | None
    until_on: date
    state: StatementState
    created_by: str
    lines: list[StatementLine]


class StatementCreated(Event, frozen=True, kw_only=True):
    """A statement was made."""

    name: ClassVar[str] = "statements.created"
    statement_id: UUID
    supplier_id: UUID | None
    merchant_id: UUID | None = None
    amount_fen: int


class StatementConfirmed(Event, frozen=True, kw_only=True):
    """A statement was confirmed by a second person."""

    name: ClassVar[str] = "statements.confirmed"
    statement_id: UUID


class StatementAnswered(Event, frozen=True, kw_only=True):
    """A merchant agreed to a statement, said what differs, or the bank answered that: `told` says which."""

    name: ClassVar[str] = "statements.answered"
    statement_id: UUID
    told: str


class StatementPaid(Event, frozen=True, kw_only=True):
    """A confirmed statement was paid."""

    name: ClassVar[str] = "statements.paid"
    statement_id: UUID


class StatementReversed(Event, frozen=True, kw_only=True):
    """A statement was taken back."""

    name: ClassVar[str] = "statements.reversed"
    statement_id: UUID


class StatementUnknown(NotFound):
    """There is no such statement in this bank."""

    code = "statements.unknown"


class PeriodUnfit(Invalid):
    """A period that runs backwards, is too long or lies in the future."""

    code = "statements.period_unfit"


class PeriodTaken(Conflict):
    """A live statement of the supplier covers the period already."""

    code = "statements.period_taken"


class NothingOwed(Conflict):
    """Nothing of the supplier was redeemed in the period."""

    code = "statements.nothing_owed"


class OwedUnfit(Invalid):
    """Neither a supplier nor a merchant, or both."""

    code = "statements.owed_unfit"


class NotAgreed(Conflict):
    """The merchant has not agreed to it."""

    code = "statements.not_agreed"


class NotMerchants(Conflict):
    """Only a merchant's statement is agreed to and disputed."""

    code = "statements.not_merchants"


class ReferenceMissing(Invalid):
    """A payment needs the reference of its transfer."""

    code = "statements.reference_missing"


class LedgerDiffers(Conflict):
    """The lines and the ledger's payable transfers do not give the same amount."""

    code = "statements.ledger_differs"


class WrongState(Conflict):
    """The statement is in a state that does not allow it."""

    code = "statements.wrong_state"


class SamePerson(Forbidden):
    """Who made a statement does not confirm it (rule D5)."""

    code = "statements.same_person"


class Covered(msgspec.Struct, frozen=True):
    """What a live statement covers."""

    number: str
    since_at: datetime
    until_at: datetime


def day_start(day: date) -> datetime:
    """Midnight at the start of a day, in the bank's time."""
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


def period(since_on: date, until_on: date, now: datetime, covered: Iterable[Covered]) -> tuple[datetime, datetime]:
    """The instants [since, until) a new statement covers: the days asked for, up to now, less what is covered already.

    A day that is not over is covered up to now; the next statement goes on from there. Raises `PeriodUnfit` and
    `PeriodTaken`.
    """
    if not since_on <= until_on <= since_on + timedelta(days=DAYS_MAX):
        raise PeriodUnfit(f"A period has 1 to {DAYS_MAX} days and its first day comes first.", pointer="/until_on")
    since_at = day_start(since_on)
    until_at = min(day_start(until_on + timedelta(days=1)), now - timedelta(seconds=IN_FLIGHT_SECONDS))
    if until_at <= since_at:
        raise PeriodUnfit("The period has not begun.", pointer="/since_on")
    for other in sorted(covered, key=lambda held: held.since_at):
        if other.until_at <= since_at or other.since_at >= until_at:
            continue
        if other.since_at > since_at or other.until_at >= until_at:
            raise PeriodTaken(
                f"Statement {other.number} covers part of this period; reverse it first or choose other days.",
                pointer="/since_on",
                number=other.number,
                since_at=other.since_at.isoformat(),
                until_at=other.until_at.isoformat(),
            )
        since_at = other.until_at
    return since_at, until_at
