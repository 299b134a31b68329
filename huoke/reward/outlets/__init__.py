"""Outlet gift stock: what units receive, sign for, count and hand out, in double entry; two persons for differences."""

from huoke.reward.outlets.differ import check_difference, count
from huoke.reward.outlets.hand_out import hand_out, on_hand, take_back
from huoke.reward.outlets.model import (
    CheckOrder,
    CountOrder,
    Difference,
    DifferenceKind,
    DifferenceState,
    Gift,
    GiftOrder,
    NewShipment,
    OutletEmpty,
    OutletUnfit,
    OutletUnknown,
    OwnDifference,
    Shipment,
    ShipmentState,
    SignOrder,
    StockMoved,
)
from huoke.reward.outlets.read import find_differences, find_gifts, find_shipments
from huoke.reward.outlets.send import send, set_gift, sign, watch_gifts

__all__ = [
    "CheckOrder",
    "CountOrder",
    "Difference",
    "DifferenceKind",
    "DifferenceState",
    "Gift",
    "GiftOrder",
    "NewShipment",
    "OutletEmpty",
    "OutletUnfit",
    "OutletUnknown",
    "OwnDifference",
    "Shipment",
    "ShipmentState",
    "SignOrder",
    "StockMoved",
    "check_difference",
    "count",
    "find_differences",
    "find_gifts",
    "find_shipments",
    "hand_out",
    "on_hand",
    "send",
    "set_gift",
    "sign",
    "take_back",
    "watch_gifts",
]
