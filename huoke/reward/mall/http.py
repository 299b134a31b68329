"""The mall over HTTP: its shelf, and orders."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post

from huoke.govern.people import units
from huoke.kernel.http import Page, Result, decode_cursor, each, encode_cursor, page_limit
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward.mall import read, stock
from huoke.reward.mall.model import NewShelfItem, OrderState
from huoke.reward.mall.read import OrderRow, ShelfItem

TAGS = ["mall"]
KNOW = {"permission": "benefit.read"}
STOCK = {"permission": "benefit.write"}


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
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[OrderRow]:
    """Latest first, customers masked; of the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    size = page_limit(limit)
    found = await read.find_orders(
        tx, item_id=shelf_item_id, state=status, seq=seq, before=decode_cursor(cursor, tuple[datetime, UUID]),
        limit=size + 1,
    )  # fmt: skip
    last = found[size - 1] if len(found) > size else None
    return Page(
        items=found[:size],
        next_cursor=encode_cursor(last.ordered_at, last.id) if last else None,
        counts=await read.count_orders(tx),
    )


routes = [list_mall_items, propose_mall_items, take_off_mall_items, list_mall_orders]
