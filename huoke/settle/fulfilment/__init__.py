"""Orders at suppliers: made for grants that wait, placed, asked after, ended; and the money paid ahead for them.

await fulfilment.carry(database, tenant, supplier_id)     one slice of a supplier's due orders; runs as a job
await fulfilment.take_callback(database, bank, supplier, call)
order = await fulfilment.get_order(tx, order_id)          with its steps and what was said on the wire
"""

from huoke.kernel.signing import is_signed_answer, is_signed_call, sign_answer, sign_call
from huoke.settle.fulfilment.alarms import watch
from huoke.settle.fulfilment.callback import Taken, take_callback
from huoke.settle.fulfilment.carry import carry, recipients
from huoke.settle.fulfilment.core_file import CoreFileSupplier
from huoke.settle.fulfilment.core_format import CoreAnswer, CoreFileUnfit, CoreLine, read_rows, write_answer
from huoke.settle.fulfilment.core_send import send_files
from huoke.settle.fulfilment.correct import (
    adjust,
    correct,
    drawn_by,
    end_absent,
    end_by_file,
    orders_by_number,
    orders_of_day,
)
from huoke.settle.fulfilment.coupon import CouponKeys, CouponSupplier, check_coupon_keys, openid_of
from huoke.settle.fulfilment.coupon_return import return_coupon
from huoke.settle.fulfilment.create import Issued, create
from huoke.settle.fulfilment.intervene import ask_again, cancel
from huoke.settle.fulfilment.model import (
    ON_THE_WAY,
    Breaker,
    BreakerMoved,
    BreakerState,
    Call,
    CallbackRefused,
    CallbackUnfit,
    Cause,
    Order,
    OrderContradicted,
    OrderEnded,
    OrdersMoved,
    OrdersRerouted,
    OrderState,
    OrderUnknown,
    PrepaymentPaid,
    PrepaymentShort,
    PrepaymentUnfit,
    ReferenceTaken,
    drawn_of,
    prepayment_of,
)
from huoke.settle.fulfilment.move import divert_waiting, draw_short
from huoke.settle.fulfilment.prepayment import (
    NewPrepayment,
    Prepayment,
    PrepaymentAccount,
    PrepaymentApproval,
    accounts,
    find_prepayments,
    prepay,
)
from huoke.settle.fulfilment.read import (
    DayOfGoods,
    Exchange,
    OrderPage,
    OrderRefund,
    OrderRow,
    OrderStep,
    SupplierHealth,
    count_orders,
    find_orders,
    get_order,
    goods_by_day,
    health,
    parcels_of,
    proof_of,
)
from huoke.settle.fulfilment.refund import NewRefund, RefundApproval, ask_refund
from huoke.settle.fulfilment.refund_model import (
    RefundEnded,
    RefundImpossible,
    RefundStands,
    RefundState,
    RefundUnfit,
)
from huoke.settle.fulfilment.rest import RestSupplier
from huoke.settle.fulfilment.route import Asked, Route, routes
from huoke.settle.fulfilment.streams import STEPS

__all__ = [
    "ON_THE_WAY",
    "STEPS",
    "Asked",
    "Breaker",
    "BreakerMoved",
    "BreakerState",
    "Call",
    "CallbackRefused",
    "CallbackUnfit",
    "Cause",
    "CoreAnswer",
    "CoreFileSupplier",
    "CoreFileUnfit",
    "CoreLine",
    "CouponKeys",
    "CouponSupplier",
    "DayOfGoods",
    "Exchange",
    "Issued",
    "NewPrepayment",
    "NewRefund",
    "Order",
    "OrderContradicted",
    "OrderEnded",
    "OrderPage",
    "OrderRefund",
    "OrderRow",
    "OrderState",
    "OrderStep",
    "OrderUnknown",
    "OrdersMoved",
    "OrdersRerouted",
    "Prepayment",
    "PrepaymentAccount",
    "PrepaymentApproval",
    "PrepaymentPaid",
    "PrepaymentShort",
    "PrepaymentUnfit",
    "ReferenceTaken",
    "RefundApproval",
    "RefundEnded",
    "RefundImpossible",
    "RefundStands",
    "RefundState",
    "RefundUnfit",
    "RestSupplier",
    "Route",
    "SupplierHealth",
    "Taken",
    "accounts",
    "adjust",
    "ask_again",
    "ask_refund",
    "cancel",
    "carry",
    "check_coupon_keys",
    "correct",
    "count_orders",
    "create",
    "divert_waiting",
    "draw_short",
    "drawn_by",
    "drawn_of",
    "end_absent",
    "end_by_file",
    "find_orders",
    "find_prepayments",
    "get_order",
    "goods_by_day",
    "health",
    "is_signed_answer",
    "is_signed_call",
    "openid_of",
    "orders_by_number",
    "orders_of_day",
    "parcels_of",
    "prepay",
    "prepayment_of",
    "proof_of",
    "read_rows",
    "recipients",
    "return_coupon",
    "routes",
    "send_files",
    "sign_answer",
    "sign_call",
    "take_callback",
    "watch",
    "write_answer",
]
