"""What a sale in a store is: a price, what came off it, what of it the merchant is owed."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Conflict, Invalid, NotFound

SALE = "store_sale"
"""The source kind of sales in payments and in the ledger."""
TTL = timedelta(minutes=15)
PRICE_FEN_MAX = 5_000_000
"""Above it nobody types a price into a phone."""


class SaleState(StrEnum):
    """open → paid, or closed."""

    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"


class SaleWish(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer pays in a store; `reduction` is a benefit of theirs that comes off."""

    request_no: str
    seq: int
    store_id: UUID
    price_fen: int
    reduction: UUID | None = None


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a wish: a payment to make. `exists`: it was asked for before under this number."""

    sale_id: UUID
    payment_id: UUID
    reduction_fen: int
    exists: bool = False


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """A sale as it stands, in fen; `own_fen` is what of the reduction its merchant bears, `back_fen` of the price."""

    id: UUID
    seq: int
    customer: str
    store_id: UUID
    store: str
    merchant_id: UUID
    price_fen: int
    reduction_fen: int
    own_fen: int
    back_fen: int
    payment_id: UUID
    state: SaleState
    rung_at: datetime
    ended_at: datetime | None
    can: list[str] = []


class StoreDay(msgspec.Struct, frozen=True, kw_only=True):
    """Sales of a store on a day: how many and how many were undone in part or whole; what the merchant is owed.

    `price_fen` less what went back; of it `reduction_fen` was taken off, of which the merchant bears `own_fen`.
    """

    store_id: UUID
    on: date
    sales: int
    undone: int
    price_fen: int
    reduction_fen: int
    own_fen: int

    @property
    def amount_fen(self) -> int:
        """What the merchant is owed: the price less its own share."""
        return self.price_fen - self.own_fen


class SaleUnfit(Invalid):
    """A price that cannot be."""

    code = "tills.sale_unfit"


class SaleUnknown(NotFound):
    """There is no such sale, or not in this store."""

    code = "tills.sale_unknown"


class StoreClosed(Conflict):
    """The store takes no payments."""

    code = "tills.store_closed"
