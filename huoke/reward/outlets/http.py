"""Routes of outlet stock."""

from uuid import UUID

import msgspec
from litestar import get, post, put

from huoke.kernel.http import Page, Principal, Result, decode_cursor, each, each_once, encode_cursor, page_limit
from huoke.kernel.tx import Tx
from huoke.reward import outlets
from huoke.reward.outlets import (
    CheckOrder,
    CountOrder,
    Difference,
    DifferenceState,
    Gift,
    GiftOrder,
    NewShipment,
    Shipment,
    ShipmentState,
    SignOrder,
)

TAGS = ["outlets"]
READ = {"permission": "outlet.read"}
KEEP = {"permission": "outlet.keep"}
SEND = {"permission": "benefit.write"}


class GiftView(Gift, frozen=True, kw_only=True):
    """A gift at a unit, and whether it runs low."""

    is_low: bool


class ShipmentView(Shipment, frozen=True, kw_only=True):
    """A shipment with what may be done with it."""

    can: list[str]


class DifferenceView(Difference, frozen=True, kw_only=True):
    """A difference with what may be done with it."""

    can: list[str]


@get("/v1/outlet-stock", operation_id="list_outlet_stock", tags=TAGS, summary="Gifts at the units in scope", opt=READ)
async def list_outlet_stock(tx: Tx, principal: Principal, sku_id: UUID | None = None) -> Page[GiftView]:
    found = await outlets.find_gifts(tx, units=principal.units, sku_id=sku_id)
    items = [GiftView(**msgspec.structs.asdict(one), is_low=one.low) for one in found]
    return Page(items=items, total=len(items))


@put(
    "/v1/outlet-stock",
    operation_id="set_outlet_gifts",
    tags=TAGS,
    summary="Say below how many gifts an alarm stands",
    opt=SEND,
)
async def set_outlet_gifts(tx: Tx, principal: Principal, data: list[GiftOrder]) -> list[Result]:
    async def write(tx: Tx, order: GiftOrder) -> UUID:
        principal.require_unit(order.unit_id)
        await outlets.set_gift(tx, order)
        return order.sku_id

    return await each(tx, data, write)


@get("/v1/shipments", operation_id="list_shipments", tags=TAGS, summary="Gifts sent to units in scope", opt=READ)
async def list_shipments(
    tx: Tx,
    principal: Principal,
    status: ShipmentState | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[ShipmentView]:
    size, after = page_limit(limit), decode_cursor(cursor, tuple[UUID])
    found = await outlets.find_shipments(
        tx, units=principal.units, state=status, before=after[0] if after else None, limit=size + 1
    )
    return Page(
        items=[_shipment(shipment, principal) for shipment in found[:size]],
        next_cursor=encode_cursor(found[size - 1].id) if len(found) > size else None,
    )


@post("/v1/shipments", operation_id="send_shipments", tags=TAGS, summary="Send gifts to units", opt=SEND)
async def send_shipments(tx: Tx, principal: Principal, data: list[NewShipment]) -> list[Result]:
    async def write(tx: Tx, new: NewShipment) -> UUID:
        principal.require_unit(new.unit_id)
        return await outlets.send(tx, new)

    return await each_once(tx, "outlets.send", data, write)


@post(
    "/v1/shipments/{shipment_id:uuid}/signature",
    operation_id="sign_shipment",
    tags=TAGS,
    summary="Sign for what arrived of a shipment",
    status_code=200,
    opt=KEEP,
)
async def sign_shipment(tx: Tx, principal: Principal, shipment_id: UUID, data: SignOrder) -> ShipmentView:
    signed = await outlets.sign(tx, shipment_id, data)
    principal.require_unit(signed.unit_id)
    return _shipment(signed, principal)


@get(
    "/v1/outlet-differences",
    operation_id="list_outlet_differences",
    tags=TAGS,
    summary="Gifts missing or over at units in scope",
    opt=READ,
)
async def list_outlet_differences(
    tx: Tx,
    principal: Principal,
    status: DifferenceState | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[DifferenceView]:
    size, after = page_limit(limit), decode_cursor(cursor, tuple[UUID])
    found = await outlets.find_differences(
        tx, units=principal.units, state=status, before=after[0] if after else None, limit=size + 1
    )
    return Page(
        items=[_difference(difference, principal) for difference in found[:size]],
        next_cursor=encode_cursor(found[size - 1].id) if len(found) > size else None,
    )


@post("/v1/outlet-counts", operation_id="count_outlet_stock", tags=TAGS, summary="Count gifts on the shelf", opt=KEEP)
async def count_outlet_stock(tx: Tx, principal: Principal, data: list[CountOrder]) -> list[Result]:
    async def write(tx: Tx, order: CountOrder) -> UUID:
        principal.require_unit(order.unit_id)
        return (await outlets.count(tx, order)).id

    return await each_once(tx, "outlets.count", data, write)


@post(
    "/v1/outlet-differences/{difference_id:uuid}/check",
    operation_id="check_outlet_difference",
    tags=TAGS,
    summary="Decide, as a second person, about a difference",
    status_code=200,
    opt=KEEP,
)
async def check_outlet_difference(
    tx: Tx, principal: Principal, difference_id: UUID, data: CheckOrder
) -> DifferenceView:
    checked = await outlets.check_difference(tx, difference_id, data)
    principal.require_unit(checked.unit_id)
    return _difference(checked, principal)


def _shipment(shipment: Shipment, principal: Principal) -> ShipmentView:
    may = principal.may("outlet.keep") and shipment.state is ShipmentState.SENT
    return ShipmentView(**msgspec.structs.asdict(shipment), can=["sign"] if may else [])


def _difference(difference: Difference, principal: Principal) -> DifferenceView:
    may = principal.may("outlet.keep") and difference.state is DifferenceState.OPEN
    return DifferenceView(
        **msgspec.structs.asdict(difference),
        can=["check"] if may and difference.noted_by != principal.actor.id else [],
    )


routes = [
    list_outlet_stock,
    set_outlet_gifts,
    list_shipments,
    send_shipments,
    sign_shipment,
    list_outlet_differences,
    count_outlet_stock,
    check_outlet_difference,
]
