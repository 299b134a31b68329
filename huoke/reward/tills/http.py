"""Routes of sales in stores: for the bank, and for the clerks of each store."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post

from huoke.kernel.http import Page, Principal, Result, decode_cursor, each, page_limit, page_of
from huoke.kernel.tx import Tx
from huoke.know import entry_points
from huoke.know.entry_points import Picture
from huoke.reward import merchants
from huoke.reward.merchants import Desk
from huoke.reward.tills import picture, read, sell
from huoke.reward.tills.model import Sale, SaleState

TAGS = ["tills"]


class SaleBack(msgspec.Struct, frozen=True, kw_only=True):
    """A sale to undo, of its price so much, and why."""

    sale_id: UUID
    price_fen: int
    reason: str


@get(
    "/v1/sales",
    operation_id="list_sales",
    tags=TAGS,
    summary="What customers paid in stores, latest first",
    opt={"permission": "redemption.read"},
)
async def list_sales(
    tx: Tx,
    principal: Principal,
    status: SaleState | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Sale]:
    """A clerk sees the stores they stand in, anybody else those their units look after; customers masked."""
    desk = await _desk(tx, principal)
    size = page_limit(limit)
    stores, units = desk.store_ids, None if desk.is_clerk else principal.units
    found = await read.find_sales(
        tx,
        stores=stores,
        units=units,
        state=status,
        before=decode_cursor(cursor, tuple[datetime, UUID]),
        limit=size + 1,
        may_write=principal.may("redemption.redeem") and desk.is_clerk,
    )
    counts = await read.count_sales(tx, stores=stores, units=units)
    return page_of(found, size, lambda row: (row.rung_at, row.id), counts=counts, status=status)


@post(
    "/v1/sale-refunds",
    operation_id="give_sales_back",
    tags=TAGS,
    summary="Undo sales in whole or in part: a clerk, in their own stores",
    opt={"permission": "redemption.redeem"},
)
async def give_sales_back(tx: Tx, principal: Principal, data: list[SaleBack]) -> list[Result]:
    """The customer's money goes back the way it came, less what a reduction bore; the merchant is owed so much less."""
    desk = await _desk(tx, principal)
    stores = desk.store_ids or frozenset()

    async def undo(inner: Tx, one: SaleBack) -> UUID:
        return await sell.give_back(inner, one.sale_id, one.price_fen, one.reason, stores=stores)

    return await each(tx, data, undo)


@get(
    "/v1/stores/{store_id:uuid}/picture",
    operation_id="draw_store",
    tags=TAGS,
    summary="A store's code to be paid by, as QR code or poster",
    opt={"permission": "redemption.read"},
    media_type="application/octet-stream",
)
async def draw_store(
    request: Request[Any, Any, Any],
    tx: Tx,
    principal: Principal,
    store_id: UUID,
    kind: Picture = Picture.QR_SVG,
    lang: Literal["zh", "en"] = "zh",
) -> Response[bytes]:
    """A clerk's own stores, anybody else's those their units look after; `merchants.Unknown`."""
    desk = await _desk(tx, principal)
    shop = await merchants.get_store(tx, store_id)
    if store_id not in (desk.store_ids or ()) if desk.is_clerk else not principal.covers(shop.unit_id):
        raise merchants.Unknown("There is no such store in this bank.")
    drawn = await picture.draw(tx, store_id, kind, str(request.base_url), english=lang == "en")
    headers = {"Content-Disposition": f'inline; filename="{shop.code}.{kind.value}"', "Cache-Control": "no-store"}
    return Response(drawn, media_type=entry_points.TYPES[kind], headers=headers)


async def _desk(tx: Tx, principal: Principal) -> Desk:
    return await merchants.desk_of(tx, principal.actor.id, int(principal.unit_id or 0))


routes = [list_sales, give_sales_back, draw_store]
