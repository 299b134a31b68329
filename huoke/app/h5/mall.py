"""The mall on the phone: the shelf, one item, the order, and what was ordered. All of it works without a script."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5 import benefits, checkout, delivery, pictures, till
from huoke.app.h5.delivery import ClaimForm
from huoke.app.h5.regions import is_elsewhere, own_city
from huoke.app.h5.visit import Card, Visit
from huoke.app.h5.words import Words
from huoke.kernel.http import Batchers, Principal, check_csrf
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.money import format_yuan
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database, Tx
from huoke.know import customers
from huoke.reward import grants, ledger, mall, payments
from huoke.reward.catalogue import SkuKind
from huoke.reward.grants import BenefitKind, Handover, State
from huoke.reward.mall import Offered, OrderState, OwnOrder
from huoke.reward.supply import Parcel, ParcelState
from huoke.settle import fulfilment

PUBLIC: dict[str, Any] = {"public": True}
CURRENCY = "POINTS"
_NO_STORE = {"Cache-Control": "no-store"}
_TOLD = checkout.TOLD | frozenset(
    {
        "mall.price_changed",
        "mall.points_short",
        "mall.tier_needed",
        "mall.item_off",
        "mall.cash_needed",
        "grants.sold_out",
        "grants.limit_reached",
    }
)
"""Refusals that have a sentence of their own on the item's page and on the shelf."""


class OrderForm(ClaimForm, frozen=True, kw_only=True):
    """The order's form: the price it showed beside what a claim asks."""

    points: int = 0


@get("/mall", operation_id="show_mall", opt=PUBLIC, include_in_schema=False)
async def shelf(
    visit: Visit, database: Database, q: str = "", category: str = "", refused: str = ""
) -> Response[bytes]:
    """Everything on the shelf, by category or by a part of its name; what is gone stays, grey and with its word.

    Whoever wanted what left the shelf meanwhile comes back to it with the reason.
    """
    customer = visit.require_customer()
    async with database.begin(visit.bank.id, customer.actor) as tx:
        offered = await mall.shelf_for(tx, _seq(customer))
        points, soon = await _points(tx, _seq(customer), visit.words)
    text = q.strip()[:40]
    found = [one for one in offered if _meant(one, text, category)]
    categories = sorted({one.sku.category for one in offered})
    return visit.page(
        "mall.html",
        card=_refused_card(_barred(offered) or refused, visit.words),
        points=points,
        soon=soon,
        q=text,
        category=category,
        categories=[(name, visit.words(f"mall.category.{name}")) for name in categories if _has_word(name)],
        tiles=[_tile(one, visit) for one in found],
    )


@get("/mall/{item_id:uuid}", operation_id="show_mall_item", opt=PUBLIC, include_in_schema=False)
async def item(visit: Visit, database: Database, item_id: UUID, refused: str = "") -> Response[bytes]:
    """One item with its price, what is left and its terms; after a refusal, why."""
    customer = visit.require_customer()
    async with database.begin(visit.bank.id, customer.actor) as tx:
        one = await mall.offered(tx, _seq(customer), item_id)
        points, _ = await _points(tx, _seq(customer), visit.words)
        elsewhere = await is_elsewhere(tx, _seq(customer), one.sku)
        asks = "" if one.cash_fen else delivery.asked(BenefitKind(one.sku.kind.value), Handover(one.sku.handover.value))
        city = await own_city(tx, _seq(customer), asks)
    words, tile = visit.words, _tile(one, visit)
    enough = points >= one.points
    return visit.page(
        "mall_item.html",
        elsewhere=elsewhere,
        item=tile,
        card=_refused_card(_barred([one]) or refused, words),
        price=one.points,
        cash=one.cash_fen,
        free=one.state == "on" and enough,
        why=""
        if one.state == "on" and enough
        else tile["why"] or words("mall.short", missing=f"{one.points - points:,}"),
        balance=words("mall.balance", points=f"{points:,}"),
        asks=asks,
        own_city=city,
        can_lay=one.state == "on",
        where=words.either(one.sku.acceptance, one.sku.acceptance_en),
        limit=words("mall.limit", count=one.person_limit, mine=one.mine),
        until=words("mall.until", date=benefits.last_day(one.closes_at, words)),
        request_no=new_id().hex,
        path=f"{visit.home}/mall/{item_id}",
    )


@post(
    "/mall/{item_id:uuid}/order", operation_id="order_from_mall", opt=PUBLIC, include_in_schema=False, status_code=303
)
async def order(
    visit: Visit,
    database: Database,
    batchers: Batchers,
    item_id: UUID,
    data: Annotated[OrderForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Order once in the micro-batch: on to the order, or back to the item (to the shelf, where it is off) with why."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    async with database.begin(visit.bank.id, customer.actor) as tx:
        sku = (await mall.skus_of(tx, [item_id])).get(item_id)
    wish = mall.Order(
        request_no=data.request_no[:64] or new_id().hex,
        shelf_item_id=item_id,
        seq=_seq(customer),
        expected_points=data.points,
        delivery=delivery.delivery_of(data, BenefitKind(sku.kind.value), Handover(sku.handover.value)) if sku else None,
    )
    try:
        made = await batchers.submit(mall.order, customer.tenant, customer.actor, wish)
    except Refusal as refusal:
        if refusal.code not in _TOLD:
            raise
        back = "mall" if isinstance(refusal, mall.ItemOff) else f"mall/{item_id}"
        return Redirect(f"{visit.home}/{back}?refused={refusal.code}", status_code=303, headers=_NO_STORE)
    return Redirect(f"{visit.home}/orders/{made.order_id}", status_code=303, headers=_NO_STORE)


@get("/orders", operation_id="show_own_orders", opt=PUBLIC, include_in_schema=False)
async def own_orders(visit: Visit, database: Database) -> Response[bytes]:
    """What the customer ordered, latest first."""
    customer = visit.require_customer()
    async with database.begin(visit.bank.id, customer.actor) as tx:
        found = await mall.own_orders(tx, _seq(customer))
        waiting = await mall.own_purchases(tx, _seq(customer), state=mall.PurchaseState.HELD)
    rows = [_waiting_row(one, visit) for one in waiting] + [_order_row(one, visit) for one in found]
    return visit.page("orders.html", rows=rows)


@get("/orders/{order_id:uuid}", operation_id="show_own_order", opt=PUBLIC, include_in_schema=False)
async def own_order(visit: Visit, database: Database, order_id: UUID) -> Response[bytes]:
    """One order: how its benefit stands, where to use it, and the way back while there is one."""
    customer = visit.require_customer()
    async with database.begin(visit.bank.id, customer.actor) as tx:
        one = await mall.own_order(tx, _seq(customer), order_id)
        asked = (await mall.after_sales_of(tx, [order_id])).get(order_id)
        parcels = (await fulfilment.parcels_of(tx, [one.grant.id])).get(one.grant.id, [])
        number = mall.refund_number(order_id)
        back = (await payments.refunds_for(tx, [number])).get(number)
    words = visit.words
    return visit.page(
        "order.html",
        row=_order_row(one, visit),
        card=_order_card(one, visit, back.amount_fen - back.reduction_fen if back else one.cash_fen),
        way=_way(one, parcels, visit),
        stray=bool(parcels) and parcels[-1].state is ParcelState.PROBLEM,
        told=_told_card(asked, words),
        wrote=_wrote(asked, words),
        returnable=one.returnable and asked is None,
        askable=one.state is OrderState.PAID
        and not one.returnable
        and (asked is None or asked.state is mall.AfterSaleState.REFUSED),
        path=f"{visit.home}/orders/{order_id}",
        pairs=[
            (words("mall.order.number"), one.id.hex[-12:].upper()),
            (words("mall.order.time"), words.minute(one.ordered_at)),
            (words("mall.cart.total"), checkout.price_of(one.points, one.cash_fen, words)),
        ],
    )


@post(
    "/orders/{order_id:uuid}/back", operation_id="give_back_order", opt=PUBLIC, include_in_schema=False, status_code=303
)
async def give_back(
    visit: Visit,
    database: Database,
    order_id: UUID,
    data: Annotated[ClaimForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Give back what was not used; whatever came of it, the order's page says it."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    async with database.begin(visit.bank.id, customer.actor) as tx:
        try:
            async with tx.savepoint():
                numbers = await customers.numbers_of(tx, Seq(_seq(customer)))
                await mall.give_back(tx, order_id, numbers, visit.words("mall.order.reason"))
        except mall.NotReturnable:
            pass  # used meanwhile: the page shows that it was
    return Redirect(f"{visit.home}/orders/{order_id}", status_code=303, headers=_NO_STORE)


def _seq(customer: Principal) -> int:
    assert customer.seq is not None, "a customer's session has a seq"
    return int(customer.seq)


async def _points(tx: Tx, seq: int, words: Words) -> tuple[int, str]:
    """What there is to spend, and what of it ends next."""
    balance = await mall.points_of(tx, seq, CURRENCY)
    return balance, benefits.next_expiry(await ledger.find_lots(tx, seq, CURRENCY), words)


def _refused_card(refused: str, words: Words) -> Card | None:
    """Why nothing came of an order; None for what has no sentence here."""
    if refused not in _TOLD:
        return None
    return Card(tone="warn", picture="clock", title=words(f"mall.refused.{refused}"), text="")


def _barred(offered: Sequence[Offered]) -> str:
    """The code of what is said to somebody to whom nothing new is sold (rule S2); empty for others."""
    return "consent.not_available" if any(one.barred for one in offered) else ""


def _meant(one: Offered, text: str, category: str) -> bool:
    names = (one.sku.name, one.sku.name_en, one.sku.brand_name, one.sku.brand_name_en)
    return (not category or one.sku.category == category) and any(text.lower() in name.lower() for name in names)


def _has_word(category: str) -> bool:
    return category in benefits.PICTURES


def _tile(one: Offered, visit: Visit) -> dict[str, Any]:
    words, state = visit.words, one.state
    why = ""
    if state == "tier" and one.tier is not None:
        why = words("mall.why.tier", level=words.either(one.tier.name, one.tier.name_en))
    elif state != "on":
        why = words(f"mall.why.{state}")
    return {
        "title": benefits.title_of(one.sku.name, one.sku, words),
        "picture": benefits.picture_of(one.sku.kind.value, one.sku),
        "photo": pictures.photo_of(one.sku, visit.home),
        "line": words("mall.left", count=f"{one.left:,}"),
        "price": checkout.price_of(one.points, one.cash_fen, words),
        "why": why,
        "grey": state != "on",
        "path": f"{visit.home}/mall/{one.id}",
    }


def _way(one: OwnOrder, parcels: Sequence[Parcel], visit: Visit) -> list[dict[str, str]]:
    """Where goods are, latest first; what is sent and not told of yet waits to be packed."""
    words = visit.words
    posted = one.grant.handover is Handover.ORDER and one.sku.kind is SkuKind.PHYSICAL
    if not posted or one.state is not OrderState.PAID:
        return []
    if not parcels:
        return [{"title": words("parcel.waits"), "at": "", "text": ""}]
    return [
        {
            "title": words(f"parcel.{told.state.value}"),
            "at": words.minute(told.at),
            "text": told.note or words("parcel.by", carrier=told.carrier, number=told.tracking_no).strip(),
        }
        for told in reversed(parcels)
    ]


def _order_card(one: OwnOrder, visit: Visit, back_fen: int) -> Card:
    words, points, yuan = visit.words, f"{one.points:,}", format_yuan(back_fen)
    if one.state is OrderState.REFUNDING:
        text = words("mall.order.refunding.text", points=points, yuan=yuan)
        return Card(tone="", picture="renew", title=words("mall.order.refunding"), text=text)
    if one.state is OrderState.REFUNDED:
        key = "mall.order.refunded.cash" if one.cash_fen else "mall.order.refunded.text"
        text = words(key, points=points, yuan=yuan)
        return Card(tone="", picture="renew", title=words("mall.order.refunded"), text=text)
    return Card(
        tone="ok",
        picture="check",
        title=words("mall.order.paid"),
        text=words("mall.paid.text", price=checkout.price_of(one.points, one.cash_fen, words)),
        href=f"{visit.home}/benefits/{one.grant.id}",
        action=words("see" if one.grant.state in (State.FULFILLING, State.USED) else "use"),
    )


def _told_card(asked: mall.OwnAfterSale | None, words: Words) -> Card | None:
    """How a request of after-sales stands; an agreed one is told by the order itself."""
    if asked is None:
        return None
    if asked.state is mall.AfterSaleState.ASKED:
        return Card(tone="brand", picture="clock", title=words("mall.after.asked"), text=words("mall.after.asked.text"))
    if asked.state is mall.AfterSaleState.REFUSED:
        return Card(tone="warn", picture="clock", title=words("mall.after.refused"), text=asked.answer)
    return None


def _wrote(asked: mall.OwnAfterSale | None, words: Words) -> list[tuple[str, str]]:
    """What the customer asked for and when; of an agreed request also what was answered."""
    if asked is None:
        return []
    agreed = asked.state is mall.AfterSaleState.AGREED
    answer = [(words("mall.after.answer"), asked.answer)] if agreed else []
    return [
        (words("mall.after.at"), words.minute(asked.asked_at)),
        (words("mall.after.wrote"), asked.reason),
        *answer,
    ]


def _waiting_row(one: mall.OwnPurchase, visit: Visit) -> dict[str, Any]:
    words, first = visit.words, one.lines[0].sku
    return {
        "title": benefits.title_of(first.name, first, words),
        "picture": benefits.picture_of(first.kind.value, first),
        "photo": pictures.photo_of(first, visit.home),
        "line": f"{words.minute(one.ordered_at)} · {checkout.price_of(one.points, one.cash_fen, words)}",
        "chip": words("mall.pay.title"),
        "tone": "",
        "path": f"{visit.home}/purchases/{one.id}",
    }


def _order_row(one: OwnOrder, visit: Visit) -> dict[str, Any]:
    words = visit.words
    refunded = one.state is not OrderState.PAID
    key = f"mall.order.{one.state.value}" if refunded else f"state.{one.grant.state.value}"
    return {
        "title": benefits.title_of(one.sku.name, one.sku, words),
        "picture": benefits.picture_of(one.sku.kind.value, one.sku),
        "photo": pictures.photo_of(one.sku, visit.home),
        "line": f"{words.minute(one.ordered_at)} · {checkout.price_of(one.points, one.cash_fen, words)}",
        "chip": words(key),
        "tone": "grey" if refunded or one.grant.state not in grants.OPEN else "",
        "path": f"{visit.home}/orders/{one.id}",
    }


routes = [shelf, item, order, own_orders, own_order, give_back, *checkout.routes, *till.routes]
