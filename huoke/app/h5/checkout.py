"""Buying on the phone: the cart, the order that waits for its payment, after-sales; all without a script."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5 import benefits, delivery, pictures
from huoke.app.h5.delivery import ClaimForm
from huoke.app.h5.regions import elsewhere, own_city
from huoke.app.h5.visit import Card, Visit
from huoke.app.h5.words import Words
from huoke.kernel.http import Principal, check_csrf
from huoke.kernel.ids import new_id
from huoke.kernel.money import format_yuan
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database
from huoke.reward import mall, payments, reductions
from huoke.reward.catalogue import Sku
from huoke.reward.grants import BenefitKind, Delivery, Handover
from huoke.reward.mall import Line, OwnPurchase, PurchaseState, Wish

PUBLIC: dict[str, Any] = {"public": True}
_NO_STORE = {"Cache-Control": "no-store"}
REFRESH_SECONDS = 2
OPTIONS_MAX = 5
REDUCED = (
    "consent.not_available",
    "reductions.unknown",
    "reductions.too_small",
    "reductions.not_here",
    "reductions.limit_reached",
    "reductions.tier_too_low",
)
"""Refusals of what was to come off a payment, and of anything new (rule S2)."""
TOLD = frozenset(
    {
        "mall.price_changed",
        "mall.points_short",
        "mall.tier_needed",
        "mall.item_off",
        "mall.sold_short",
        "mall.limit_passed",
        "mall.cart_unfit",
        "payments.no_cashier",
        "grants.sold_out",
        "grants.limit_reached",
        "grants.delivery_unfit",
        "grants.delivery_missing",
        "ledger.budget_exhausted",
        *REDUCED,
    }
)
"""Refusals that have a sentence of their own on the cart's page."""
Form = Body(media_type=RequestEncodingType.URL_ENCODED)


class LayForm(msgspec.Struct, frozen=True, kw_only=True):
    """How many of something lie in the cart; `more` adds to what lies there."""

    csrf: str = ""
    quantity: int = 1
    more: str = ""


class CartForm(ClaimForm, frozen=True, kw_only=True):
    """The cart as it was shown: one `line` for each thing, item:quantity:points:fen, apart by commas.

    `reduction` is the benefit that comes off.
    """

    lines: str = ""
    reduction: str = ""


class AfterSaleForm(msgspec.Struct, frozen=True, kw_only=True):
    """Why an order is to be undone."""

    csrf: str = ""
    reason: str = ""


@get("/cart", operation_id="show_cart", opt=PUBLIC, include_in_schema=False)
async def show_cart(visit: Visit, database: Database, refused: str = "") -> Response[bytes]:
    """What lies in the cart at its present price, and what it comes to."""
    customer = visit.require_customer()
    seq = _seq(customer)
    async with database.begin(visit.bank.id, customer.actor) as tx:
        wanted = await mall.cart(tx, seq)
        said = await mall.quote(tx, seq, wanted)
        skus = await mall.skus_of(tx, [item_id for item_id, _ in wanted])
        fine = [line for line in said.lines if not line.refusal]
        asks = _asked([skus[line.shelf_item_id] for line in fine])
        city, abroad = await own_city(tx, seq, asks), await elsewhere(tx, seq, skus.values())
    words = visit.words
    code = refused if refused in TOLD else ""
    missing = said.points - said.balance
    return visit.page(
        "cart.html",
        card=Card(tone="warn", picture="clock", title=words(f"mall.refused.{code}"), text="") if code else None,
        rows=[_line(line, skus[line.shelf_item_id], visit, abroad) for line in said.lines],
        total=price_of(said.points, said.cash_fen, words),
        options=options_of(said.fitting, said.cash_fen, words),
        asks=asks,
        own_city=city,
        free=bool(fine) and missing <= 0,
        why=words("mall.cart.short", missing=f"{missing:,}") if fine else words("mall.cart.cannot"),
        balance=words("mall.balance", points=f"{said.balance:,}"),
        lines=",".join(f"{line.shelf_item_id.hex}:{line.quantity}:{line.points}:{line.cash_fen}" for line in fine),
        request_no=new_id().hex,
        path=f"{visit.home}/cart",
    )


@post("/mall/{item_id:uuid}/cart", operation_id="lay_into_cart", opt=PUBLIC, include_in_schema=False, status_code=303)
async def lay(visit: Visit, database: Database, item_id: UUID, data: Annotated[LayForm, Form]) -> Redirect:
    """Have so many of something in the cart; none takes it out."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    async with database.begin(visit.bank.id, customer.actor) as tx:
        lies = dict(await mall.cart(tx, _seq(customer))).get(item_id, 0)
        quantity = max(lies, data.quantity) if data.more else data.quantity
        try:
            async with tx.savepoint():
                await mall.lay(tx, _seq(customer), item_id, min(quantity, mall.QUANTITY_MAX))
        except mall.ItemOff:
            return _to(visit, "mall?refused=mall.item_off")
    return _to(visit, "cart")


@post("/cart/order", operation_id="order_cart", opt=PUBLIC, include_in_schema=False, status_code=303)
async def order_cart(
    request: Request[Any, Any, Any], visit: Visit, database: Database, data: Annotated[CartForm, Form]
) -> Redirect:
    """Order all of the cart or none of it; back to the cart with the reason where it cannot be."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    try:
        async with database.begin(visit.bank.id, customer.actor) as tx:
            lines = read_lines(data.lines)
            skus = await mall.skus_of(tx, [line.shelf_item_id for line in lines])
            wish = Wish(
                request_no=data.request_no[:64] or new_id().hex, seq=_seq(customer), lines=lines,
                delivery=_delivery(data, list(skus.values())), reduction=read_reduction(data.reduction),
            )  # fmt: skip
            placed = await mall.place(tx, wish)
    except Refusal as refusal:
        if refusal.code not in TOLD:
            raise
        return _to(visit, f"cart?refused={refusal.code}")
    if placed.payment_id is not None:
        await payments.carry(database, visit.bank.id, ids=[placed.payment_id], payer_address=payer_address(request))
    return _to(visit, f"purchases/{placed.purchase_id}")


@get("/purchases/{purchase_id:uuid}", operation_id="show_purchase", opt=PUBLIC, include_in_schema=False)
async def show_purchase(
    request: Request[Any, Any, Any], visit: Visit, database: Database, purchase_id: UUID, paid: int = 0
) -> Response[bytes]:
    """An order: the way to pay it while there is one, then what came of it; waiting, it brings itself up to date.

    `paid` is set where the customer comes back from the cashier: then the cashier is asked at once.
    """
    customer = visit.require_customer()
    payment = None
    async with database.begin(visit.bank.id, customer.actor) as tx:
        one = await mall.own_purchase(tx, _seq(customer), purchase_id)
        if one.payment_id is not None:
            payment = await payments.get(tx, one.payment_id)
    asked = payment is not None and one.state is PurchaseState.HELD and payment.is_open
    if payment is not None and asked and (paid or not payment.pay_address):
        await payments.carry(database, visit.bank.id, ids=[payment.id], payer_address=payer_address(request))
        async with database.begin(visit.bank.id, customer.actor) as tx:
            payment = await payments.get(tx, payment.id)
    words = visit.words
    waits = one.state is PurchaseState.HELD and (
        payment is None or not payment.is_open or payment.close_asked or not payment.pay_address or bool(paid)
    )
    own = f"{str(request.base_url).rstrip('/')}{visit.home}/purchases/{purchase_id}?paid=1"
    return visit.page(
        "purchase.html",
        card=_card(one, visit, waits=waits, paid=bool(paid), back=bool(payment and payment.paid_at)),
        refresh=REFRESH_SECONDS if waits else 0,
        pay=pay_address(payment, own) if one.state is PurchaseState.HELD and payment else "",
        pay_text=words("mall.pay", yuan=format_yuan(one.cash_fen - one.reduction_fen)),
        cancel=one.state is PurchaseState.HELD and payment is not None and payment.is_open and not payment.close_asked,
        rows=[_purchased(line, visit) for line in one.lines],
        units=[
            (
                f"{visit.home}/orders/{unit.id}",
                benefits.title_of(unit.sku.name, unit.sku, visit.words),
                unit.id.hex[-6:].upper(),
            )
            for unit in one.units
        ],
        pairs=[
            (words("mall.order.number"), one.id.hex[-12:].upper()),
            (words("mall.order.time"), words.minute(one.ordered_at)),
            (words("mall.cart.total"), price_of(one.points, one.cash_fen, words)),
            *off_pairs(one.cash_fen, one.reduction_fen, words),
        ],
        path=f"{visit.home}/purchases/{purchase_id}",
    )


@post(
    "/purchases/{purchase_id:uuid}/cancel",
    operation_id="cancel_purchase",
    opt=PUBLIC,
    include_in_schema=False,
    status_code=303,
)
async def cancel_purchase(
    visit: Visit, database: Database, purchase_id: UUID, data: Annotated[ClaimForm, Form]
) -> Redirect:
    """The customer does not want to pay: the cashier is told, then all is free again."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    async with database.begin(visit.bank.id, customer.actor) as tx:
        await mall.cancel(tx, _seq(customer), purchase_id)
        one = await mall.own_purchase(tx, _seq(customer), purchase_id)
    if one.payment_id is not None:
        await payments.carry(database, visit.bank.id, ids=[one.payment_id])
    return _to(visit, f"purchases/{purchase_id}")


@post(
    "/orders/{order_id:uuid}/after-sale",
    operation_id="ask_after_sale",
    opt=PUBLIC,
    include_in_schema=False,
    status_code=303,
)
async def ask_after_sale(
    visit: Visit, database: Database, order_id: UUID, data: Annotated[AfterSaleForm, Form]
) -> Redirect:
    """Ask for an order to be undone; whatever came of it, the order's page says it."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    async with database.begin(visit.bank.id, customer.actor) as tx:
        # What was asked or decided meanwhile, the page shows; it asks again for a reason that is none.
        with suppress(mall.AfterSaleOpen, mall.NotReturnable, mall.AfterSaleUnfit):
            async with tx.savepoint():
                await mall.ask_after_sale(tx, _seq(customer), order_id, data.reason)
    return _to(visit, f"orders/{order_id}")


def options_of(fitting: Sequence[reductions.Fitting], price_fen: int, words: Words) -> list[dict[str, Any]]:
    """What may come off a payment: first what takes most, then nothing at all; empty where nothing fits."""
    fit = [one for one in fitting if not one.refusal][:OPTIONS_MAX]
    if not fit:
        return []
    found = [
        {
            "value": one.grant_id.hex,
            "title": words.either(one.title, one.title_en),
            "off": words("off.amount", yuan=format_yuan(one.amount_fen)),
            "pay": words("off.pay", yuan=format_yuan(price_fen - one.amount_fen)),
        }
        for one in fit
    ]
    none = {"value": "", "title": words("off.none"), "off": "", "pay": words("off.pay", yuan=format_yuan(price_fen))}
    return [*found, none]


def off_pairs(price_fen: int, off_fen: int, words: Words) -> list[tuple[str, str]]:
    """What came off a price and what is left of it; nothing where nothing came off."""
    if not off_fen:
        return []
    return [
        (words("off.title"), words("off.amount", yuan=format_yuan(off_fen))),
        (words("off.left"), words("mall.price.cash", yuan=format_yuan(price_fen - off_fen))),
    ]


def read_reduction(text: str) -> UUID | None:
    """The benefit a form names; what cannot be read is none."""
    try:
        return UUID(hex=text) if text else None
    except ValueError:
        return None


def read_lines(text: str) -> list[Line]:
    """The lines of a cart's form; what cannot be read is no line."""
    found = []
    for part in text.split(",")[:100]:
        fields = part.split(":")
        try:
            item_id, (quantity, points, fen) = UUID(hex=fields[0]), map(int, fields[1:4])
        except ValueError:
            continue
        line = Line(shelf_item_id=item_id, quantity=quantity, expected_points=points, expected_cash_fen=fen)
        found.append(line)
    return found


def _card(one: OwnPurchase, visit: Visit, *, waits: bool, paid: bool, back: bool) -> Card:
    words, points = visit.words, f"{one.points:,}"
    if one.state is PurchaseState.PAID:
        text = words("mall.paid.text", price=price_of(one.points, one.cash_fen - one.reduction_fen, words))
        href = f"{visit.home}/benefits"
        return Card(
            tone="ok", picture="check", title=words("mall.paid.title"), text=text, href=href, action=words("use")
        )
    if one.state is PurchaseState.CLOSED:
        text = words("mall.closed.back" if back else "mall.closed.text", points=points)
        href, action = f"{visit.home}/mall", words("mall.title")
        return Card(tone="", picture="renew", title=words("mall.closed.title"), text=text, href=href, action=action)
    if waits:
        key = "mall.pay.sure" if paid else "mall.pay.ready"
        return Card(tone="brand", picture="clock", title=words(key), text=words(f"{key}.text"))
    text = words("mall.pay.text", until=words.minute(one.expires_at))
    return Card(tone="brand", picture="clock", title=words("mall.pay.title"), text=text)


def pay_address(payment: payments.Payment, own: str) -> str:
    if not payment.is_open or payment.close_asked or not payment.pay_address:
        return ""
    mark = "&" if "?" in payment.pay_address else "?"
    return f"{payment.pay_address}{mark}redirect_url={quote(own, safe='')}"


def _line(line: mall.QuotedLine, sku: Sku, visit: Visit, abroad: AbstractSet[UUID]) -> dict[str, Any]:
    words = visit.words
    key = f"mall.refused.{line.refusal}"
    return {
        "title": benefits.title_of(sku.name, sku, words),
        "picture": benefits.picture_of(sku.kind.value, sku),
        "photo": pictures.photo_of(sku, visit.home),
        "price": price_of(line.points, line.cash_fen, words),
        "quantity": line.quantity,
        "why": words(key) if line.refusal in TOLD else words("mall.cart.cannot") if line.refusal else "",
        "elsewhere": sku.id in abroad and not line.refusal,
        "path": f"{visit.home}/mall/{line.shelf_item_id}",
    }


def _purchased(line: mall.PurchasedLine, visit: Visit) -> dict[str, Any]:
    return {
        "title": benefits.title_of(line.sku.name, line.sku, visit.words),
        "picture": benefits.picture_of(line.sku.kind.value, line.sku),
        "photo": pictures.photo_of(line.sku, visit.home),
        "line": f"{price_of(line.points, line.cash_fen, visit.words)} × {line.quantity}",
    }


def price_of(points: int, cash_fen: int, words: Words) -> str:
    """Points and money as the shelf writes them: only what there is of either."""
    if not cash_fen:
        return words("mall.price.points", points=f"{points:,}")
    if not points:
        return words("mall.price.cash", yuan=format_yuan(cash_fen))
    return f"{words('mall.price.points', points=f'{points:,}')} {words('mall.plus', yuan=format_yuan(cash_fen))}"


def _asked(skus: list[Sku]) -> delivery.Asked:
    """What one order asks for: where goods are sent serves top-ups too."""
    found = {delivery.asked(BenefitKind(sku.kind.value), Handover(sku.handover.value)) for sku in skus}
    return "postal" if "postal" in found else "phone" if "phone" in found else ""


def _delivery(data: CartForm, skus: list[Sku]) -> Delivery | None:
    wanted = _asked(skus)
    for sku in skus:
        kind, handover = BenefitKind(sku.kind.value), Handover(sku.handover.value)
        if wanted and delivery.asked(kind, handover) == wanted:
            return delivery.delivery_of(data, kind, handover)
    return None


def payer_address(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else "127.0.0.1"


def _to(visit: Visit, path: str) -> Redirect:
    return Redirect(f"{visit.home}/{path}", status_code=303, headers=_NO_STORE)


def _seq(customer: Principal) -> int:
    assert customer.seq is not None, "a customer's session has a seq"
    return int(customer.seq)


routes = [show_cart, lay, order_cart, show_purchase, cancel_purchase, ask_after_sale]
