"""Routes of fulfilment: orders, suppliers' connections and health, prepayments, and callbacks of suppliers."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post, put

from huoke.kernel.http import (
    Page,
    Principal,
    Result,
    decode_cursor,
    each,
    each_once,
    page_limit,
    page_of,
    problem_of,
    results,
)
from huoke.kernel.http.problem import Problem
from huoke.kernel.refusals import Invalid, Refusal
from huoke.kernel.tx import Database, Tx
from huoke.reward import counter, grants, supply
from huoke.reward.merchants import Desk
from huoke.reward.supply import Alarm, Connection, NewConnection, OrderKind
from huoke.settle.fulfilment import (
    coupon_return,
    coupon_use,
    intervene,
    offers,
    prepayment,
    read,
    refund,
    refund_end,
    store_prepayment,
)
from huoke.settle.fulfilment.callback import Taken, take_callback
from huoke.settle.fulfilment.coupon_use import CouponFound, CouponRedemption
from huoke.settle.fulfilment.model import Call, OrderState
from huoke.settle.fulfilment.offers import SupplierOffer
from huoke.settle.fulfilment.prepayment import NewPrepayment, Prepayment, PrepaymentAccount
from huoke.settle.fulfilment.read import OrderPage, OrderRow, SupplierHealth
from huoke.settle.fulfilment.refund import NewRefund
from huoke.settle.fulfilment.refund_end import AskedRefundEnd

TAGS = ["fulfilment"]
CALLBACK_BYTES_MAX = 64_000
REDEEM = {"permission": "redemption.redeem"}
USES_MAX = 20
"""Each is a call of its own to a platform."""
CODE_SHOWN = timedelta(minutes=10)
"""How long what a coupon means stays on a teller's screen."""


class CouponCode(msgspec.Struct, frozen=True, kw_only=True):
    """A coupon's code as its customer shows it; a clerk of several stores says in which."""

    code: str
    store_id: UUID | None = None


class CouponMeaning(msgspec.Struct, frozen=True, kw_only=True):
    """What a coupon stands for: who (masked; a clerk sees no number and no unit), what, and how the platform has it.

    `problem` is what using it here and now would be refused with; otherwise as what a redemption code means.
    """

    grant_id: UUID
    customer_no: str
    customer_name: str | None
    customer_unit_id: int | None
    title: str
    title_en: str
    kind: grants.BenefitKind
    face_value_fen: int
    state: grants.State
    expires_at: datetime | None
    code_until: datetime
    on_hand: int | None
    redeemable: bool
    problem: Problem | None


class NewCouponUse(CouponCode, frozen=True, kw_only=True):
    """A coupon to use."""

    request_no: str


class TooManyUses(Invalid):
    """More coupons than are used at once."""

    code = "fulfilment.too_many_uses"


class OrderReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why an order is to be cancelled."""

    reason: str


@get(
    "/v1/supplier-orders",
    operation_id="list_supplier_orders",
    tags=TAGS,
    summary="Orders at suppliers, latest first",
    opt={"permission": "supply.read"},
)
async def list_orders(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: OrderState | None = None,
    supplier_id: UUID | None = None,
    kind: OrderKind | None = None,
    ordered_on: date | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[OrderRow]:
    size = page_limit(limit)
    asked: dict[str, Any] = {"supplier_id": supplier_id, "kind": kind, "q": q, "ordered_on": ordered_on}
    before = decode_cursor(cursor, tuple[datetime, UUID])
    states = [status] if status else None
    found = await read.find_orders(tx, principal, **asked, states=states, before=before, limit=size + 1)
    counts = await read.count_orders(tx, **asked)
    return page_of(found, size, lambda row: (row.created_at, row.id), counts=counts, status=status)


@get(
    "/v1/supplier-orders/{order_id:uuid}",
    operation_id="get_supplier_order",
    tags=TAGS,
    summary="An order with its steps and what was said on the wire",
    opt={"permission": "supply.read"},
)
async def get_order(tx: Tx, principal: Principal, order_id: UUID) -> OrderPage:
    return await read.get_order(tx, principal, order_id)


@post(
    "/v1/supplier-orders/{order_id:uuid}/cancellation",
    operation_id="cancel_supplier_order",
    tags=TAGS,
    summary="Ask for an order to be cancelled",
    status_code=200,
    opt={"permission": "supply.write"},
)
async def cancel_order(tx: Tx, principal: Principal, order_id: UUID, data: OrderReason) -> OrderPage:
    await intervene.cancel(tx, order_id, data.reason)
    return await read.get_order(tx, principal, order_id)


@post(
    "/v1/supplier-orders/{order_id:uuid}/coupon-return",
    operation_id="return_coupon",
    tags=TAGS,
    summary="Make a used coupon good again at its platform",
    status_code=200,
    opt={"permission": "supply.write"},
)
async def return_coupon(database: Database, principal: Principal, order_id: UUID, data: OrderReason) -> OrderPage:
    await coupon_return.return_coupon(database, principal.tenant, principal.actor, order_id, data.reason)
    async with database.begin(principal.tenant, principal.actor) as tx:
        return await read.get_order(tx, principal, order_id)


@post(
    "/v1/coupon-lookups",
    operation_id="look_up_coupon",
    tags=TAGS,
    summary="What the code of a platform's coupon stands for, as the platform says, and whether it can be used here",
    status_code=200,
    opt=REDEEM,
)
async def look_up_coupon(database: Database, principal: Principal, data: CouponCode) -> CouponMeaning:
    async with database.begin(principal.tenant, principal.actor) as tx:
        desk = await counter.desk_of(tx, principal)
    place = desk.place(data.store_id)
    found = await coupon_use.look_up_coupon(database, principal.tenant, principal.actor, data.code, place)
    async with database.begin(principal.tenant, principal.actor) as tx:
        return await _meaning(tx, found, desk)


async def _meaning(tx: Tx, found: CouponFound, desk: Desk) -> CouponMeaning:
    return CouponMeaning(
        **await counter.shown_at(tx, desk, found.grant),
        state=found.state,
        expires_at=found.expires_at,
        code_until=tx.now + CODE_SHOWN,
        on_hand=None,
        redeemable=found.refusal is None,
        problem=None if found.refusal is None else problem_of(found.refusal),
    )


@post(
    "/v1/coupon-uses",
    operation_id="use_coupons",
    tags=TAGS,
    summary="Use coupons of a platform here; asked again under the same number it is the same use",
    opt=REDEEM,
)
async def use_coupons(database: Database, principal: Principal, data: list[NewCouponUse]) -> list[Result]:
    if len(data) > USES_MAX:
        raise TooManyUses(f"At most {USES_MAX} coupons are used at once.")
    async with database.begin(principal.tenant, principal.actor) as tx:
        desk = await counter.desk_of(tx, principal)
    answers: list[UUID | Refusal] = []
    for one in data:
        wanted = CouponRedemption(request_no=one.request_no, code=one.code)
        try:
            place = desk.place(one.store_id)
            used = await coupon_use.use_coupon(database, principal.tenant, principal.actor, wanted, place)
        except Refusal as refusal:
            answers.append(refusal)
        else:
            answers.append(used)
    return results(answers, [one.request_no for one in data])


@post(
    "/v1/supplier-orders/{order_id:uuid}/query",
    operation_id="query_supplier_order",
    tags=TAGS,
    summary="Carry an order on now instead of at its turn",
    status_code=200,
    opt={"permission": "supply.write"},
)
async def query_order(tx: Tx, principal: Principal, order_id: UUID) -> OrderPage:
    await intervene.ask_again(tx, order_id)
    return await read.get_order(tx, principal, order_id)


@post(
    "/v1/supplier-refunds",
    operation_id="ask_supplier_refunds",
    tags=TAGS,
    summary="Ask suppliers for the price of delivered orders back, each to be approved by somebody else",
    opt={"permission": "supply.write"},
)
async def ask_refunds(tx: Tx, principal: Principal, data: list[NewRefund]) -> list[Result]:
    async def one(tx: Tx, new: NewRefund) -> UUID:
        return await refund.ask_refund(tx, new, principal.own_unit)

    return await each_once(tx, "fulfilment.ask_refund", data, one)


@post(
    "/v1/supplier-refund-ends",
    operation_id="end_supplier_refunds",
    tags=TAGS,
    summary="Ask for refunds their suppliers know nothing of to end, or to go out again; somebody else approves",
    opt={"permission": "supply.write"},
)
async def end_refunds(tx: Tx, data: list[AskedRefundEnd]) -> list[Result]:
    return await each_once(tx, "fulfilment.end_refund", data, refund_end.ask_end)


@get(
    "/v1/supplier-health",
    operation_id="list_supplier_health",
    tags=TAGS,
    summary="Connected suppliers: whether they answer, their orders, money and alarms",
    opt={"permission": "supply.read"},
)
async def list_health(tx: Tx) -> Page[SupplierHealth]:
    return Page(items=await read.health(tx))


@get(
    "/v1/supplier-offers/{sku_id:uuid}",
    operation_id="list_supplier_offers",
    tags=TAGS,
    summary="The suppliers of a SKU in the order they are asked, and why one is passed over now",
    opt={"permission": "benefit.read"},
)
async def list_offers(tx: Tx, sku_id: UUID) -> Page[SupplierOffer]:
    return Page(items=await offers.of_sku(tx, sku_id))


@get(
    "/v1/supplier-alarms",
    operation_id="list_supplier_alarms",
    tags=TAGS,
    summary="Alarms of supply, those that stand first",
    opt={"permission": "supply.read"},
)
async def list_alarms(tx: Tx, supplier_id: UUID | None = None, *, standing: bool = False) -> Page[Alarm]:
    return Page(items=await supply.alarms(tx, supplier_id=supplier_id, open_only=standing))


@get(
    "/v1/supplier-connections",
    operation_id="list_supplier_connections",
    tags=TAGS,
    summary="How suppliers are reached; keys are never shown",
    opt={"permission": "supply.read"},
)
async def list_connections(tx: Tx) -> Page[Connection]:
    return Page(items=await supply.connections(tx))


@put(
    "/v1/supplier-connections",
    operation_id="set_supplier_connections",
    tags=TAGS,
    summary="Set how suppliers are reached",
    opt={"permission": "supply.write"},
)
async def set_connections(tx: Tx, data: list[NewConnection]) -> list[Result]:
    return await each(tx, data, supply.connect)


@get(
    "/v1/prepayment-accounts",
    operation_id="list_prepayment_accounts",
    tags=TAGS,
    summary="What was paid ahead to suppliers, drawn, and is free",
    opt={"permission": "supply.read"},
)
async def list_accounts(tx: Tx) -> Page[PrepaymentAccount]:
    return Page(items=await prepayment.accounts(tx))


@get(
    "/v1/prepayments",
    operation_id="list_prepayments",
    tags=TAGS,
    summary="Prepayments, latest first",
    opt={"permission": "supply.read"},
)
async def list_prepayments(
    tx: Tx,
    supplier_id: UUID | None = None,
    status: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Prepayment]:
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await prepayment.find_prepayments(tx, supplier_id=supplier_id, state=status, before=before, limit=size + 1)
    counts = await store_prepayment.count(tx, supplier_id)
    return page_of(found, size, lambda row: (row.created_at, row.id), counts=counts, status=status)


@post(
    "/v1/prepayments",
    operation_id="prepay_suppliers",
    tags=TAGS,
    summary="Ask for prepayments, each to be approved by somebody else",
    opt={"permission": "supply.write"},
)
async def prepay(tx: Tx, principal: Principal, data: list[NewPrepayment]) -> list[Result]:
    async def one(tx: Tx, new: NewPrepayment) -> UUID:
        return await prepayment.prepay(tx, new, principal.own_unit)

    return await each_once(tx, "fulfilment.prepay", data, one)


@post(
    "/v1/supplier-callbacks/{bank_code:str}/{supplier_code:str}",
    operation_id="take_supplier_callback",
    tags=TAGS,
    summary="A supplier tells how an order stands; signed as docs/suppliers.md says",
    status_code=200,
    opt={"public": True, "csrf": "form"},
    request_max_body_size=CALLBACK_BYTES_MAX,
)
async def take_supplier_callback(
    request: Request[Any, Any, Any], database: Database, bank_code: str, supplier_code: str
) -> Taken:
    query = f"?{request.url.query}" if request.url.query else ""
    call = Call(target=f"{request.url.path}{query}", headers=request.headers, body=await request.body())
    return await take_callback(database, bank_code, supplier_code, call)


routes = [
    list_orders,
    get_order,
    cancel_order,
    query_order,
    return_coupon,
    look_up_coupon,
    use_coupons,
    ask_refunds,
    end_refunds,
    list_health,
    list_offers,
    list_alarms,
    list_connections,
    set_connections,
    list_accounts,
    list_prepayments,
    prepay,
    take_supplier_callback,
]
