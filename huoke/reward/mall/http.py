"""The mall over HTTP: its shelf, and orders."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post

from huoke.govern.people import units
from huoke.kernel.http import Page, Result, decode_cursor, each, encode_cursor, page_limit, page_of
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward.mall import after_sales, read, stock
from huoke.reward.mall.after_sales import AfterSale, Decision
from huoke.reward.mall.model import NewShelfItem, OrderState
from huoke.reward.mall.purchase_model import AfterSaleState
from huoke.reward.mall.read import OrderRow, ShelfItem

TAGS = ["mall"]
KNOW = {"permission": "benefit.read"}
STOCK = {"permission": "benefit.write"}
ORDERS = {"permission": "order.read"}
DECIDE = {"permission": "order.decide"}


class TakeOff(msgspec.Struct, frozen=True, kw_only=True):
    """Something to take off the shelf, and why."""

    shelf_item_id: UUID
    reason: str


@get("/v1/mall/items", operation_id="list_mall_items", opt=KNOW, tags=TAGS, summary="What stands on the shelf")
async def list_mall_items(tx: Tx, principal: Principal) -> Page[ShelfItem]:
    """Also what waits for its approval and what was taken off, latest first; of the whole bank."""
    mine = principal.may("benefit.write") and principal.covers(await units.head_office(tx))
    return Page(items=await read.find_items(tx, may_write=mine))


@post("/v1/mall/items", operation_id="propose_mall_items", opt=STOCK, tags=TAGS, summary="Put benefits on the shelf")
async def propose_mall_items(tx: Tx, principal: Principal, data: list[NewShelfItem]) -> list[Result]:
    """Each waits for another person; for the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))

    async def ask(inner: Tx, new: NewShelfItem) -> UUID:
        return await stock.propose(inner, new)

    return await each(tx, data, ask)


@post(
    "/v1/mall/removals", operation_id="take_off_mall_items", opt=STOCK, tags=TAGS, summary="Take benefits off the shelf"
)
async def take_off_mall_items(tx: Tx, principal: Principal, data: list[TakeOff]) -> list[Result]:
    """What was ordered stays; `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))

    async def take(inner: Tx, one: TakeOff) -> UUID:
        await stock.take_off(inner, one.shelf_item_id, one.reason)
        return one.shelf_item_id

    return await each(tx, data, take)


@get("/v1/mall/orders", operation_id="list_mall_orders", opt=KNOW, tags=TAGS, summary="Who ordered what")
async def list_mall_orders(
    tx: Tx,
    principal: Principal,
    shelf_item_id: UUID | None = None,
    status: OrderState | None = None,
    seq: int | None = None,
    q: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[OrderRow]:
    """Latest first, customers masked; `q` is a whole number of an order, its cart or its grant, or the last twelve
    digits its customer reads out. Of the whole bank: `OutOfScope` below head office.
    """
    principal.require_unit(await units.head_office(tx))
    size = page_limit(limit)
    found = await read.find_orders(
        tx, item_id=shelf_item_id, state=status, seq=seq, q=q, before=decode_cursor(cursor, tuple[datetime, UUID]),
        limit=size + 1,
    )  # fmt: skip
    last = found[size - 1] if len(found) > size else None
    return Page(
        items=found[:size],
        next_cursor=encode_cursor(last.ordered_at, last.id) if last else None,
        counts=await read.count_orders(tx),
    )


@get(
    "/v1/mall/after-sales",
    operation_id="list_after_sales",
    opt=ORDERS,
    tags=TAGS,
    summary="Customers who want an order undone",
)
async def list_after_sales(
    tx: Tx,
    principal: Principal,
    status: AfterSaleState | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[AfterSale]:
    """Latest first, customers masked; of the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    size = page_limit(limit)
    may_decide = principal.may("order.decide")
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await after_sales.find(tx, state=status, before=before, limit=size + 1, may_decide=may_decide)
    counts = await after_sales.count(tx)
    return page_of(found, size, lambda row: (row.asked_at, row.id), counts=counts, status=status)


@post(
    "/v1/mall/after-sale-decisions",
    operation_id="decide_after_sales",
    opt=DECIDE,
    tags=TAGS,
    summary="Agree to undo orders, or refuse with a reason",
)
async def decide_after_sales(tx: Tx, principal: Principal, data: list[Decision]) -> list[Result]:
    """Points return to their lots and money to its payment; `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))

    async def decide(inner: Tx, decision: Decision) -> UUID:
        await after_sales.decide(inner, decision)
        return decision.after_sale_id

    return await each(tx, data, decide)


routes = [
    list_mall_items,
    propose_mall_items,
    take_off_mall_items,
    list_mall_orders,
    list_after_sales,
    decide_after_sales,
]
