"""What a ledger is: accounts, transfers between them, budgets, lots; and the pure rules of posting.

A transfer moves `amount` out of its debit account into its credit account; a balance is credits minus debits. A
transfer is named by what caused it: `(source_id, line)`. Posting the same name again is a retry, with another body a
mistake.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.money import FEN_MAX
from huoke.kernel.refusals import Conflict, Invalid, NotFound

CNY = "CNY"
"""The currency of money accounts, counted in fen; any other is a points type, counted in points, or a gift's SKU."""


class AccountKind(StrEnum):
    """What an account holds. Those in `STORED` keep a balance of their own."""

    BUDGET_SOURCE = "budget_source"
    BUDGET_AVAILABLE = "budget_available"
    BUDGET_RESERVED = "budget_reserved"
    BUDGET_COMMITTED = "budget_committed"
    BENEFIT_COST = "benefit_cost"
    SUPPLIER_PAYABLE = "supplier_payable"
    PREPAYMENT = "prepayment"
    PREPAYMENT_DRAWN = "prepayment_drawn"
    CASH = "cash"
    CASHIER = "cashier"
    CASH_PAID_IN = "cash_paid_in"
    CASH_PAID_BACK = "cash_paid_back"
    REDUCTION_FUNDED = "reduction_funded"
    REDUCTION_GIVEN = "reduction_given"
    STORE_TAKEN = "store_taken"
    MERCHANT_PAYABLE = "merchant_payable"
    OUTLET_SOURCE = "outlet_source"
    OUTLET_TRANSIT = "outlet_transit"
    OUTLET_STOCK = "outlet_stock"
    OUTLET_HANDED_OUT = "outlet_handed_out"
    OUTLET_DIFFERENCE = "outlet_difference"
    POINTS = "points"
    POINTS_ISSUED = "points_issued"
    POINTS_BURNED = "points_burned"
    POINTS_EXPIRED = "points_expired"
    POINTS_LIABILITY = "points_liability"
    POINTS_DEBT = "points_debt"
    POINTS_OWED = "points_owed"
    POINTS_CLAWED = "points_clawed"
    POINTS_EXCHANGED = "points_exchanged"
    POINTS_LIQUIDITY = "points_liquidity"
    POINTS_FEE = "points_fee"
    POINTS_ADJUSTED = "points_adjusted"
    TAX_COST = "tax_cost"
    TAX_RECEIVABLE = "tax_receivable"
    TAX_PAYABLE = "tax_payable"


STORED = frozenset(
    {
        AccountKind.POINTS,
        AccountKind.POINTS_DEBT,
        AccountKind.POINTS_LIQUIDITY,
        AccountKind.PREPAYMENT,
        AccountKind.OUTLET_TRANSIT,
        AccountKind.OUTLET_STOCK,
        AccountKind.OUTLET_HANDED_OUT,
    }
)
"""Kinds with a balance column, never below zero. Budgets keep theirs in the budget's row; the bank's own accounts are
summed from transfers when somebody asks."""


class Place(StrEnum):
    """Where a budget's money stands; `available + reserved + committed = limit`."""

    AVAILABLE = "available"
    RESERVED = "reserved"
    COMMITTED = "committed"


class TransferKind(StrEnum):
    """Why money or points moved."""

    FUND = "fund"
    ALLOCATE = "allocate"
    RESERVE = "reserve"
    RELEASE = "release"
    COMMIT = "commit"
    RETURN = "return"
    SPEND = "spend"
    PAYABLE = "payable"
    POINTS_COST = "points_cost"
    CREDIT = "credit"
    BURN = "burn"
    EXPIRE = "expire"
    CLAW_BACK = "claw_back"
    OWE = "owe"
    REPAY = "repay"
    GIVE = "give"
    EXCHANGE = "exchange"
    ADJUST = "adjust"
    MOVE = "move"
    PREPAY = "prepay"
    DRAWDOWN = "drawdown"
    STOCK = "stock"
    CHARGE = "charge"
    REFUND = "refund"
    WITHHOLD = "withhold"
    REMIT = "remit"


BUDGET_MOVES: Mapping[tuple[Place, Place], TransferKind] = {
    (Place.AVAILABLE, Place.RESERVED): TransferKind.RESERVE,
    (Place.RESERVED, Place.AVAILABLE): TransferKind.RELEASE,
    (Place.RESERVED, Place.COMMITTED): TransferKind.COMMIT,
    (Place.COMMITTED, Place.RESERVED): TransferKind.RETURN,
    (Place.COMMITTED, Place.AVAILABLE): TransferKind.RETURN,
    (Place.AVAILABLE, Place.COMMITTED): TransferKind.SPEND,
}


class AccountKey(msgspec.Struct, frozen=True):
    """Names an account: kind, whose it is ("bank", "budget", "supplier", "customer" and its key) and its currency."""

    kind: AccountKind
    owner_kind: str
    owner_key: str
    currency: str = CNY


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """One movement. `reversal_of` is the line of the same source that this one takes back."""

    source_kind: str
    source_id: UUID
    line: int
    debit_account: UUID
    credit_account: UUID
    amount: int
    kind: TransferKind = TransferKind.MOVE
    reversal_of: int | None = None

    @property
    def name(self) -> tuple[UUID, int]:
        """What makes it this transfer and no other."""
        return self.source_id, self.line


SPENDING = frozenset({TransferKind.BURN, TransferKind.GIVE, TransferKind.EXCHANGE})
"""What its owner does with an account, and so what a frozen one refuses; expiry and claw-back go on."""


class Outcome(StrEnum):
    """What became of one transfer of a batch; everything after EXISTS is a no that moved nothing."""

    POSTED = "posted"
    EXISTS = "exists"
    EXISTS_DIFFERENT = "exists_different"
    BAD_AMOUNT = "bad_amount"
    SAME_ACCOUNT = "same_account"
    UNKNOWN_ACCOUNT = "unknown_account"
    CURRENCY_MIXED = "currency_mixed"
    OVERDRAWN = "overdrawn"
    FROZEN = "frozen"
    NOTHING_TO_REVERSE = "nothing_to_reverse"
    ALREADY_REVERSED = "already_reversed"


class Standing(msgspec.Struct, frozen=True):
    """An account as it stands: `free` is balance minus held, None where it is derived and may go below zero."""

    currency: str
    free: int | None
    balance: int | None = None
    frozen: bool = False


class NewBudget(msgspec.Struct, frozen=True, kw_only=True):
    """A budget to open. A root is funded with `limit_fen` by the bank; a child gets it from `parent_id`'s available."""

    name: str
    unit_id: int
    limit_fen: int
    parent_id: UUID | None = None


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """A budget as it stands, all amounts in fen."""

    id: UUID
    parent_id: UUID | None
    unit_id: int
    name: str
    limit_fen: int
    available_fen: int
    reserved_fen: int
    committed_fen: int
    opened_at: datetime


class BudgetMoves(msgspec.Struct, frozen=True, kw_only=True):
    """Many movements between two places of budgets, as columns: item i moves `amounts_fen[i]` of
    `budget_ids[budgets[i]]` because of `source_ids[i]`, line `lines[i]`. Amounts are ≥ 0; zero books
    nothing.
    """

    source_kind: str
    budget_ids: Sequence[UUID]
    budgets: Sequence[int]
    source_ids: Sequence[UUID]
    lines: Sequence[int]
    amounts_fen: Sequence[int]


class Credit(msgspec.Struct, frozen=True, kw_only=True):
    """Points to put on a customer's account as one lot; `cost_fen` is what the bank sets aside for them.

    They come out of the bank's account `origin`, which belongs to `partner` where one stands behind them.
    """

    seq: int
    currency: str
    points: int
    expires_at: datetime | None
    source_kind: str
    source_id: UUID
    line: int
    funder: UUID | None = None
    cost_fen: int = 0
    origin: AccountKind = AccountKind.POINTS_ISSUED
    kind: TransferKind = TransferKind.CREDIT
    partner: str = ""


class Burn(msgspec.Struct, frozen=True, kw_only=True):
    """Points to take from an account, oldest lot first, into the bank's account `sink` (`partner`'s, where named)."""

    account_id: UUID
    points: int
    source_kind: str
    source_id: UUID
    line: int
    sink: AccountKind = AccountKind.POINTS_BURNED
    kind: TransferKind = TransferKind.BURN
    partner: str = ""


class Spend(msgspec.Struct, frozen=True, kw_only=True):
    """A burn of a customer named by seq and currency: whoever spends what was only just earned has no account yet."""

    seq: int
    currency: str
    points: int
    source_kind: str
    source_id: UUID
    line: int
    sink: AccountKind = AccountKind.POINTS_BURNED
    kind: TransferKind = TransferKind.BURN

    def of(self, account_id: UUID) -> Burn:
        """The same on the account it stands for."""
        return Burn(
            account_id=account_id,
            points=self.points,
            source_kind=self.source_kind,
            source_id=self.source_id,
            line=self.line,
            sink=self.sink,
            kind=self.kind,
        )


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """Points of the burn `(source_id, line)` to give back to their lots; `refund_line` names the refund."""

    source_id: UUID
    line: int
    points: int
    refund_line: int


class NewHold(msgspec.Struct, frozen=True, kw_only=True):
    """An amount of a stored account set aside until it is committed, released or its time runs out.

    `source_kind` is what it is held for; the hold's id is the id of that.
    """

    id: UUID
    account_id: UUID
    amount: int
    ttl_seconds: int
    source_kind: str


class Difference(msgspec.Struct, frozen=True):
    """Something that does not add up: what, where, what is stored, what the transfers say."""

    what: str
    key: str
    stored: int
    recomputed: int


class TransfersPosted(Event, frozen=True, kw_only=True):
    """A batch of transfers is in the ledger."""

    name: ClassVar[str] = "ledger.transfers_posted"
    count: int
    kinds: tuple[str, ...]


class BudgetsChanged(Event, frozen=True, kw_only=True):
    """Budgets were opened, funded or allocated."""

    name: ClassVar[str] = "ledger.budgets_changed"
    budget_ids: tuple[UUID, ...]
    amount_fen: int


class UnknownBudget(NotFound):
    """There is no such budget in this bank."""

    code = "ledger.unknown_budget"


class BudgetExhausted(Conflict):
    """The budget has less available than the movement needs."""

    code = "ledger.budget_exhausted"


class BudgetUnbalanced(Conflict):
    """A budget has less reserved or committed than a movement wants to take from there."""

    code = "ledger.budget_unbalanced"


class BadAmount(Invalid):
    """An amount is zero, negative or larger than a ledger can hold."""

    code = "ledger.bad_amount"


class NotRelated(Conflict):
    """Two budgets are not parent and child."""

    code = "ledger.not_related"


class LimitMoved(Conflict):
    """The limit is not what the caller expected; someone else changed it first."""

    code = "ledger.limit_moved"


class Overdrawn(Conflict):
    """The account has fewer points than asked for."""

    code = "ledger.overdrawn"


class UnknownHold(NotFound):
    """There is no such hold, or it is no longer held."""

    code = "ledger.unknown_hold"


class NotPosted(Conflict):
    """The ledger said no to a transfer that its caller could not do without."""

    code = "ledger.not_posted"


def check_amount(amount: int, pointer: str) -> None:
    """Refuse an amount that is not in 1 … 2^63-1."""
    if not 0 < amount <= FEN_MAX:
        raise BadAmount(f"The amount must be between 1 and {FEN_MAX}.", pointer=pointer)
