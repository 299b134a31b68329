"""Gifts at outlets: shipments, gifts, differences, and the accounts their units stand on."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound
from huoke.reward.ledger import AccountKey, AccountKind

QUANTITY_MAX = 1_000_000


class ShipmentState(StrEnum):
    """Sent until all of it is signed for or accounted for."""

    SENT = "sent"
    SIGNED = "signed"


class DifferenceKind(StrEnum):
    """Found when a shipment was signed for, or when the shelf was counted."""

    SHIPMENT = "shipment"
    COUNT = "count"


class DifferenceState(StrEnum):
    """Open until a second person decides."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class NewShipment(msgspec.Struct, frozen=True, kw_only=True):
    """Gifts to send to a unit."""

    sku_id: UUID
    unit_id: int
    quantity: int
    request_no: str | None = None


class SignOrder(msgspec.Struct, frozen=True, kw_only=True):
    """How many of a shipment arrived; `reason` says why where some are missing."""

    quantity: int
    reason: str = ""


class CountOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What lies on the shelf; `reason` says why where the book says otherwise."""

    unit_id: int
    sku_id: UUID
    quantity: int
    reason: str = ""
    request_no: str | None = None


class CheckOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A second person's decision about a difference."""

    confirmed: bool


class GiftOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Below how many units an alarm stands; 0 for none."""

    unit_id: int
    sku_id: UUID
    low_at: int


class Shipment(msgspec.Struct, frozen=True, kw_only=True):
    """A shipment as it stands: `quantity` sent, `signed` arrived."""

    id: UUID
    sku_id: UUID
    unit_id: int
    quantity: int
    signed: int
    state: ShipmentState
    sent_by: str
    sent_at: datetime
    signed_by: str | None
    signed_at: datetime | None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Expected and found units, why, and who decided."""

    id: UUID
    kind: DifferenceKind
    shipment_id: UUID | None
    sku_id: UUID
    unit_id: int
    expected: int
    found: int
    reason: str
    state: DifferenceState
    noted_by: str
    noted_at: datetime
    checked_by: str | None
    checked_at: datetime | None


class Gift(msgspec.Struct, frozen=True, kw_only=True):
    """The gifts of one SKU at one unit."""

    unit_id: int
    sku_id: UUID
    on_hand: int
    in_transit: int
    handed_out: int
    low_at: int

    @property
    def low(self) -> bool:
        """Whether more should be sent."""
        return self.low_at > 0 and self.on_hand < self.low_at


class StockMoved(Event, frozen=True, kw_only=True):
    """Gifts moved at a unit: sent, signed, counted or handed out."""

    name: ClassVar[str] = "outlets.stock_moved"
    unit_id: int
    sku_id: UUID
    move: str
    quantity: int


class OutletUnfit(Invalid):
    """A quantity, SKU or reason that cannot be."""

    code = "outlets.unfit"


class OutletUnknown(NotFound):
    """There is no such shipment or difference in this bank."""

    code = "outlets.unknown"


class OutletEmpty(Conflict):
    """The unit has none of this gift on its shelf."""

    code = "outlets.empty"


class Settled(Conflict):
    """The shipment is signed or the difference decided already."""

    code = "outlets.settled"


class OwnDifference(Forbidden):
    """Whoever noted a difference does not decide about it (rule D5)."""

    code = "outlets.own_difference"


def shelf(unit_id: int, sku_id: UUID) -> AccountKey:
    """Units on the shelf of a unit: never below zero."""
    return AccountKey(AccountKind.OUTLET_STOCK, "unit", str(unit_id), currency_of(sku_id))


def transit(unit_id: int, sku_id: UUID) -> AccountKey:
    """Units on their way to a unit: never below zero."""
    return AccountKey(AccountKind.OUTLET_TRANSIT, "unit", str(unit_id), currency_of(sku_id))


def handed_out(unit_id: int, sku_id: UUID) -> AccountKey:
    """Units a unit has handed out."""
    return AccountKey(AccountKind.OUTLET_HANDED_OUT, "unit", str(unit_id), currency_of(sku_id))


def source(sku_id: UUID) -> AccountKey:
    """Where gifts come from."""
    return AccountKey(AccountKind.OUTLET_SOURCE, "bank", "", currency_of(sku_id))


def missing(sku_id: UUID) -> AccountKey:
    """What counts found missing, less what they found over."""
    return AccountKey(AccountKind.OUTLET_DIFFERENCE, "bank", "", currency_of(sku_id))


def currency_of(sku_id: UUID) -> str:
    """The unit in which a gift is counted in the ledger: itself."""
    return f"sku:{sku_id}"


def check_quantity(quantity: int, least: int = 1) -> None:
    """Raise `OutletUnfit`."""
    if not least <= quantity <= QUANTITY_MAX:
        raise OutletUnfit(f"A quantity is {least} to {QUANTITY_MAX}.", pointer="/quantity")
