"""The mall: published benefits on a shelf at a price in points; an order burns the points and grants the benefit.

answers = await mall.order(tx, calls)               a batch; both or neither; shaped for `kernel.batch`
await mall.give_back(tx, order_id, seqs, reason)    stock and money return, points to the lots they came from
"""

from huoke.reward.mall.model import (
    ItemOff,
    ItemOrdered,
    ItemState,
    ItemUnfit,
    ItemUnknown,
    NewShelfItem,
    NotReturnable,
    Order,
    Ordered,
    OrderRefunded,
    OrderState,
    OrderUnknown,
    PointsShort,
    PriceChanged,
    TierNeeded,
)
from huoke.reward.mall.read import (
    Offered,
    OrderRow,
    OwnOrder,
    ShelfItem,
    count_orders,
    find_items,
    find_orders,
    offered,
    opened,
    own_order,
    own_orders,
    points_of,
    shelf_for,
)
from huoke.reward.mall.sell import give_back, order, refund_ended
from huoke.reward.mall.stock import ShelfApproval, propose, take_off

__all__ = [
    "ItemOff",
    "ItemOrdered",
    "ItemState",
    "ItemUnfit",
    "ItemUnknown",
    "NewShelfItem",
    "NotReturnable",
    "Offered",
    "Order",
    "OrderRefunded",
    "OrderRow",
    "OrderState",
    "OrderUnknown",
    "Ordered",
    "OwnOrder",
    "PointsShort",
    "PriceChanged",
    "ShelfApproval",
    "ShelfItem",
    "TierNeeded",
    "count_orders",
    "find_items",
    "find_orders",
    "give_back",
    "offered",
    "opened",
    "order",
    "own_order",
    "own_orders",
    "points_of",
    "propose",
    "refund_ended",
    "shelf_for",
    "take_off",
]
