"""What the mall is: benefits on a shelf at a price in points, orders that are paid at once, and what may be refused."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.money import FEN_MAX
from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound
from huoke.reward.grants import Delivery

SOURCE = "mall"
"""The source kind of the mall in grants and in the ledger. Nobody answers for it there: no customer claims unpaid."""
LIMIT_MAX = 100
DAYS_MAX = 732
CASH_FEN_MAX = 10_000_000


class ItemState(StrEnum):
    """submitted → on_shelf → taken_off; refused when it was not approved."""

    SUBMITTED = "submitted"
    ON_SHELF = "on_shelf"
    TAKEN_OFF = "taken_off"
    REFUSED = "refused"


class OrderState(StrEnum):
    """paid → refunded: the points went back to the lots they came from; `refunding` until its money is back too."""

    PAID = "paid"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class NewShelfItem(msgspec.Struct, frozen=True, kw_only=True):
    """A benefit to put on the shelf: its price in points and money, what pays for it, where its stock comes from.

    `tier` is the key of the lowest tier that may order it; empty for everybody.
    """

    sku_id: UUID
    points: int
    cash_fen: int = 0
    currency: str = "POINTS"
    person_limit: int = 1
    stock: int
    budget_id: UUID
    pool_id: UUID
    tier: str = ""
    opens_at: datetime
    closes_at: datetime


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One customer's order; `expected_points` is the price the customer saw."""

    request_no: str
    shelf_item_id: UUID
    seq: int
    expected_points: int
    delivery: Delivery | None = None


class Ordered(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to an order: `exists` says that it is the answer to a retry."""

    order_id: UUID
    grant_id: UUID
    points: int
    exists: bool = False


class ItemOrdered(Event, frozen=True, kw_only=True):
    """A customer ordered something for points."""

    name: ClassVar[str] = "mall.ordered"
    order_id: UUID
    shelf_item_id: UUID
    points: int


class OrderRefunded(Event, frozen=True, kw_only=True):
    """An order's points went back."""

    name: ClassVar[str] = "mall.refunded"
    order_id: UUID
    points: int


class ItemUnknown(NotFound):
    """No such thing on the shelf of this bank."""

    code = "mall.item_unknown"


class OrderUnknown(NotFound):
    """No such order of this customer."""

    code = "mall.order_unknown"


class ItemUnfit(Invalid):
    """A price, a limit or a time that cannot be."""

    code = "mall.item_unfit"


class ItemOff(Conflict):
    """It is not on the shelf, not yet or not any more."""

    code = "mall.item_off"


class PriceChanged(Conflict):
    """The price is another one than the customer saw."""

    code = "mall.price_changed"


class PointsShort(Conflict):
    """The customer has too few points."""

    code = "mall.points_short"


class TierNeeded(Forbidden):
    """Only from a tier on."""

    code = "mall.tier_needed"


class NotReturnable(Conflict):
    """It was used, seen or is on its way."""

    code = "mall.not_returnable"


def check_item(new: NewShelfItem, now: datetime) -> None:
    """Raise `ItemUnfit`."""
    wrong = {
        "points": not 0 <= new.points <= FEN_MAX or new.points + new.cash_fen == 0,
        "cash_fen": not 0 <= new.cash_fen <= CASH_FEN_MAX,
        "person_limit": not 0 < new.person_limit <= LIMIT_MAX,
        "stock": not 0 < new.stock <= FEN_MAX,
        "currency": not 1 <= len(new.currency) <= 32,
        "closes_at": not max(now, new.opens_at) < new.closes_at <= now + timedelta(days=DAYS_MAX),
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise ItemUnfit(f"The {field} of a shelf item cannot be like this.", pointer=f"/{field}")
