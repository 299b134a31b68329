"""What an order of several units, or one with money, is: lines at fixed prices, held for a while, paid or closed."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound
from huoke.reward import reductions
from huoke.reward.grants import Delivery

PURCHASE = "mall_purchase"
"""The source kind of purchases in payments and in the ledger."""
TTL = timedelta(minutes=15)
HOLD_SPARE = timedelta(days=2)
"""How much longer points stay held: the cashier may take so long to say that it closed a payment."""
LINES_MAX = 20
RESERVE_LINE, RELEASE_LINE = 1_000, 2_000
"""Added to a line to name its money in the ledger, set aside and let go; the burn is line 0, refunds follow it."""
QUANTITY_MAX = 100
UNITS_MAX = 100
REASON_MAX = 200


class PurchaseState(StrEnum):
    """held → paid, or closed: nothing of it is held any more. What is undone later is undone unit by unit."""

    HELD = "held"
    PAID = "paid"
    CLOSED = "closed"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Something to order, with the price of one that the customer saw."""

    shelf_item_id: UUID
    quantity: int
    expected_points: int
    expected_cash_fen: int = 0


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """An order of one customer. `delivery` is where goods are sent, or the phone to top up; it serves every line.

    `reduction` is a benefit of theirs that the cashier takes off the money.
    """

    request_no: str
    seq: int
    lines: list[Line]
    delivery: Delivery | None = None
    reduction: UUID | None = None


class QuotedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line at its present price; `refusal` is the code of why it cannot be ordered so, empty where it can."""

    shelf_item_id: UUID
    quantity: int
    points: int
    cash_fen: int
    left: int
    refusal: str


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What an order would cost now. It holds nothing. `fitting` could be taken off its money, the most first."""

    lines: list[QuotedLine]
    points: int
    cash_fen: int
    currency: str
    balance: int
    fitting: list[reductions.Fitting] = []


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a wish: held until `expires_at` for its payment, or paid at once where it costs points only.

    Of `cash_fen` the customer pays all but `reduction_fen`.
    """

    purchase_id: UUID
    state: PurchaseState
    points: int
    cash_fen: int
    payment_id: UUID | None
    expires_at: datetime
    reduction_fen: int = 0
    exists: bool = False


class PurchaseClosed(Event, frozen=True, kw_only=True):
    """What an order held is free again; `code` says why: payment_closed, or why it could not be delivered."""

    name: ClassVar[str] = "mall.purchase_closed"
    purchase_id: UUID
    points: int
    cash_fen: int
    code: str


class PurchasePaid(Event, frozen=True, kw_only=True):
    """An order is paid, and its benefits are granted."""

    name: ClassVar[str] = "mall.purchase_paid"
    purchase_id: UUID
    points: int
    cash_fen: int
    units: int


class PurchaseUnknown(NotFound):
    """No such order of this customer."""

    code = "mall.purchase_unknown"


class CartUnfit(Invalid):
    """Nothing, too much or mixed things in one order."""

    code = "mall.cart_unfit"


class CashNeeded(Conflict):
    """It also costs money, and is ordered through the cart."""

    code = "mall.cash_needed"


class SoldShort(Conflict):
    """There is less left than asked for."""

    code = "mall.sold_short"


class LimitPassed(Conflict):
    """More than one person may have."""

    code = "mall.limit_passed"


class AfterSaleState(StrEnum):
    """asked → agreed or refused."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"


class AfterSaleUnfit(Invalid):
    """Without a reason, or with one too long."""

    code = "mall.after_sale_unfit"


class AfterSaleUnknown(NotFound):
    """There is no such request."""

    code = "mall.after_sale_unknown"


class AfterSaleOpen(Conflict):
    """It was asked for already, or decided."""

    code = "mall.after_sale_open"


class AfterSaleAsked(Event, frozen=True, kw_only=True):
    """A customer wants an order undone."""

    name: ClassVar[str] = "mall.after_sale_asked"
    after_sale_id: UUID
    order_id: UUID


class AfterSaleDecided(Event, frozen=True, kw_only=True):
    """Somebody decided about it."""

    name: ClassVar[str] = "mall.after_sale_decided"
    after_sale_id: UUID
    order_id: UUID
    state: str


def check_wish(lines: list[Line]) -> None:
    """Raise `CartUnfit`."""
    items = [line.shelf_item_id for line in lines]
    if not 1 <= len(lines) <= LINES_MAX or len(set(items)) != len(items):
        raise CartUnfit(f"An order has 1 to {LINES_MAX} different things.", pointer="/lines")
    for place, line in enumerate(lines):
        if not 1 <= line.quantity <= QUANTITY_MAX:
            raise CartUnfit(f"A quantity is 1 to {QUANTITY_MAX}.", pointer=f"/lines/{place}/quantity")
    if sum(line.quantity for line in lines) > UNITS_MAX:
        raise CartUnfit(f"An order has {UNITS_MAX} units at most.", pointer="/lines")
