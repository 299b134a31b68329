"""Which supplier delivers: the first healthy offer of the SKU, and after a definite no the next one.

An offer is a listing of the library that was taken into the SKU. The published supplier delivers at the published
price, every other at its listing's price of the moment, as far as the price-drift guard and the budget allow. Healthy
is a supplier that is connected and answers, with stock, and paid ahead for one order more where it is prepaid. An order
nobody knows the end of goes nowhere else.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.govern import tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_ids
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants, ledger, library, supply
from huoke.reward.catalogue import CouponDetails
from huoke.reward.grants import Reassignment
from huoke.reward.supply import OF_THE_RECIPIENT
from huoke.settle.fulfilment import store, store_read
from huoke.settle.fulfilment.model import Cause, Order, OrdersRerouted, begun, number_of, prepayment_of

DRIFT_PERCENT = tenants.declare("fulfilment.drift_percent", int, 10, minimum=0, maximum=100, unit="percent")
"""By how much another supplier may be dearer than the published cost."""
ORDERS_MAX = 4
"""A grant is ordered from at most so many suppliers."""
GOES_ON = frozenset({Cause.ANSWER, Cause.QUERY, Cause.CALLBACK, Cause.DAY_FILE, Cause.REROUTE})
"""What says for certain that a supplier will not deliver; people who cancel do not want another."""


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier that has a SKU: under which code, and what one costs there in fen."""

    supplier_id: UUID
    sku_code: str
    amount_fen: int


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU as published: its supplier, and what one costs."""

    sku_id: UUID
    supplier_id: UUID
    cost_fen: int


async def routes(tx: Tx, asked: Iterable[Asked]) -> dict[Asked, list[Route]]:
    """Every offer of SKUs that the price-drift guard lets through, in the order of the library's priorities."""
    drift = await tenants.setting(tx, DRIFT_PERCENT)
    wanted = set(asked)
    skus = await catalogue.skus(tx, {one.sku_id for one in wanted})
    listed = await library.offers_of(tx, {one.sku_id for one in wanted})
    today = tx.now.astimezone(CHINA).date()
    found: dict[Asked, list[Route]] = {}
    for one in wanted:
        offers = [offer for offer in listed.get(one.sku_id, []) if offer.supplier_id is not None]
        own = next((offer for offer in offers if offer.supplier_id == one.supplier_id), None)
        code = own.code if own else _code(skus.get(one.sku_id), one.sku_id)
        first = Route(supplier_id=one.supplier_id, sku_code=code, amount_fen=one.cost_fen)
        others = [
            Route(supplier_id=offer.supplier_id, sku_code=offer.code, amount_fen=offer.cost_fen)
            for offer in offers
            if offer.supplier_id is not None
            and offer.supplier_id != one.supplier_id
            and offer.can_be_had(today)
            and offer.cost_fen * 100 <= one.cost_fen * (100 + drift)
        ]
        before = [route for route in others if own and _place(offers, route) < offers.index(own)]
        found[one] = [*before, first, *(route for route in others if route not in before)]
    return found


async def healthy(tx: Tx, suppliers: Sequence[UUID]) -> dict[UUID, int | None]:
    """Of these suppliers those that answer, each with what prepaid orders it may still take in fen (None: any)."""
    wanted = set(suppliers)
    broken = {row["supplier_id"] for row in await store_read.open_breakers(tx)}
    room: dict[UUID, int | None] = {}
    for one in await supply.connections(tx):
        if one.supplier_id in wanted - broken and one.enabled:
            room[one.supplier_id] = await prepaid_room(tx, one.supplier_id) if one.prepaid else None
    return room


async def prepaid_room(tx: Tx, supplier_id: UUID) -> int:
    """What of the prepayment no order on its way will need, in fen."""
    return await ledger.balance(tx, prepayment_of(supplier_id)) - await store.on_the_way_fen(tx, supplier_id)


async def first(tx: Tx, asked: Asked, count: int) -> tuple[Route, Route]:
    """The published offer of a SKU, and where new orders go: the first healthy one with room for all, else that."""
    ways = (await routes(tx, [asked]))[asked]
    published = next(way for way in ways if way.supplier_id == asked.supplier_id)
    if len(ways) == 1:
        return published, published
    room = await healthy(tx, [way.supplier_id for way in ways])
    return published, next((way for way in ways if _fits(room, way, count)), published)


async def divert(tx: Tx, failed: Sequence[Order], causes: Mapping[UUID, Cause]) -> dict[UUID, Order]:
    """The next order of each failed one that another supplier takes over, by the failed one's id; not written yet.

    Grants are reassigned here; those that no supplier may take at this price, or the budget cannot pay, are left out.
    """
    going = [
        order
        for order in failed
        if causes[order.id] in GOES_ON and order.code not in OF_THE_RECIPIENT and order.cancel_asked_at is None
    ]
    if not going:
        return {}
    ways = await _ways(tx, going)
    if all(len(found) == 1 for found in ways.values()):
        return {}
    await grants.hold(tx, [order.grant_id for order in failed])
    tried = await store.tried(tx, [order.grant_id for order in going])
    room = await healthy(tx, [way.supplier_id for found in ways.values() for way in found])
    planned: dict[UUID, Order] = {}
    for order, order_id in zip(going, new_ids(len(going)), strict=True):
        known = tried[order.grant_id]
        open_to = [way for way in ways.get(order.id, ()) if way.supplier_id not in known and _fits(room, way, 1)]
        if open_to and len(known) < ORDERS_MAX:
            planned[order.id] = _next(tx, order, order_id, open_to[0])
            if (left := room[open_to[0].supplier_id]) is not None:
                room[open_to[0].supplier_id] = left - open_to[0].amount_fen
    return await _reassigned(tx, {order.id: order for order in going}, planned)


async def _ways(tx: Tx, orders: Sequence[Order]) -> dict[UUID, list[Route]]:
    """By order: the offers of its SKU as its grant was published."""
    terms = await grants.published_terms(tx, [order.grant_id for order in orders])
    asked = {
        order.id: Asked(sku_id=order.sku_id, supplier_id=supplier_id, cost_fen=cost_fen)
        for order in orders
        for supplier_id, cost_fen in [terms[order.grant_id]]
        if supplier_id is not None
    }
    found = await routes(tx, asked.values())
    return {order_id: found[one] for order_id, one in asked.items()}


async def _reassigned(tx: Tx, failed: Mapping[UUID, Order], planned: dict[UUID, Order]) -> dict[UUID, Order]:
    wanted = [
        Reassignment(
            grant_id=order.grant_id, supplier_id=order.supplier_id, amount_fen=order.amount_fen, turn=order.turn
        )
        for order in planned.values()
    ]
    answers = await grants.reassign(tx, wanted)
    kept = {
        key: order
        for (key, order), answer in zip(planned.items(), answers, strict=True)
        if not isinstance(answer, Refusal)
    }
    _announce(tx, [(failed[key], order) for key, order in kept.items()])
    return kept


def _announce(tx: Tx, pairs: Sequence[tuple[Order, Order]]) -> None:
    groups: defaultdict[tuple[UUID, UUID], list[tuple[Order, Order]]] = defaultdict(list)
    for before, after in pairs:
        groups[before.supplier_id, after.supplier_id].append((before, after))
    for (supplier_id, next_id), members in groups.items():
        tx.emit(
            OrdersRerouted(
                supplier_id=supplier_id,
                next_supplier_id=next_id,
                count=len(members),
                more_fen=sum(after.amount_fen - before.amount_fen for before, after in members),
            ),
            members=BitMap([after.seq for _, after in members]).serialize(),
        )


def _next(tx: Tx, order: Order, order_id: UUID, way: Route) -> Order:
    return msgspec.structs.replace(
        order,
        id=order_id,
        number=number_of(order_id),
        supplier_id=way.supplier_id,
        sku_code=way.sku_code,
        amount_fen=way.amount_fen,
        **begun(tx.now),
        turn=order.turn + 1,
        next_id=None,
    )


def _code(sku: catalogue.Sku | None, sku_id: UUID) -> str:
    """What a SKU without a listing is called at its supplier: a coupon by its batch, all else by its own code."""
    match sku and sku.details:
        case CouponDetails(stock_id=stock_id):
            return stock_id
    return sku.code if sku else str(sku_id)


def _fits(room: Mapping[UUID, int | None], way: Route, count: int) -> bool:
    if way.supplier_id not in room:
        return False
    left = room[way.supplier_id]
    return left is None or left >= way.amount_fen * count


def _place(offers: Sequence[library.Listing], route: Route) -> int:
    return next(place for place, offer in enumerate(offers) if offer.supplier_id == route.supplier_id)
