"""The mall: published benefits on a shelf at a price in points and money; an order burns points and grants benefits.

answers = await mall.order(tx, calls)               points only: a batch; both or neither; shaped for `kernel.batch`
placed = await mall.place(tx, wish)                 the cart: all is held until its money came or will not come
await mall.give_back(tx, order_id, seqs, reason)    stock and budget return, points to their lots, money to its payment
await mall.ask_after_sale(tx, seq, order_id, ...)   somebody of the bank decides
"""

from huoke.reward.mall.after_sales import AfterSale, Decision
from huoke.reward.mall.after_sales import ask as ask_after_sale
from huoke.reward.mall.after_sales import count as count_after_sales
from huoke.reward.mall.after_sales import decide as decide_after_sale
from huoke.reward.mall.after_sales import find as find_after_sales
from huoke.reward.mall.after_sales import of_orders as after_sales_of
from huoke.reward.mall.finish import held_of_budgets, release, take_payment
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
from huoke.reward.mall.personal import PersonalMall
from huoke.reward.mall.place import cancel, cart, lay, place, quote
from huoke.reward.mall.purchase_model import (
    PURCHASE,
    AfterSaleOpen,
    AfterSaleState,
    AfterSaleUnfit,
    AfterSaleUnknown,
    CartUnfit,
    CashNeeded,
    LimitPassed,
    Line,
    Placed,
    PurchaseState,
    PurchaseUnknown,
    Quote,
    SoldShort,
    Wish,
)
from huoke.reward.mall.read import (
    Offered,
    OrderRow,
    OwnOrder,
    OwnPurchase,
    ShelfItem,
    count_orders,
    find_items,
    find_orders,
    offered,
    opened,
    own_order,
    own_orders,
    own_purchase,
    own_purchases,
    points_of,
    shelf_for,
)
from huoke.reward.mall.sell import give_back, money_back, order, refund_ended
from huoke.reward.mall.stock import ShelfApproval, propose, take_off

__all__ = [
    "PURCHASE",
    "AfterSale",
    "AfterSaleOpen",
    "AfterSaleState",
    "AfterSaleUnfit",
    "AfterSaleUnknown",
    "CartUnfit",
    "CashNeeded",
    "Decision",
    "ItemOff",
    "ItemOrdered",
    "ItemState",
    "ItemUnfit",
    "ItemUnknown",
    "LimitPassed",
    "Line",
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
    "OwnPurchase",
    "PersonalMall",
    "Placed",
    "PointsShort",
    "PriceChanged",
    "PurchaseState",
    "PurchaseUnknown",
    "Quote",
    "ShelfApproval",
    "ShelfItem",
    "SoldShort",
    "TierNeeded",
    "Wish",
    "after_sales_of",
    "ask_after_sale",
    "cancel",
    "cart",
    "count_after_sales",
    "count_orders",
    "decide_after_sale",
    "find_after_sales",
    "find_items",
    "find_orders",
    "give_back",
    "held_of_budgets",
    "lay",
    "money_back",
    "offered",
    "opened",
    "order",
    "own_order",
    "own_orders",
    "own_purchase",
    "own_purchases",
    "place",
    "points_of",
    "propose",
    "quote",
    "refund_ended",
    "release",
    "shelf_for",
    "take_off",
    "take_payment",
]
