"""Paying in a store on the phone: the amount, what comes off, the cashier, what came of it; all without a script."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5 import checkout
from huoke.app.h5.delivery import ClaimForm
from huoke.app.h5.visit import Card, Visit
from huoke.kernel.http import Principal, check_csrf
from huoke.kernel.ids import new_id
from huoke.kernel.money import format_yuan
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database
from huoke.reward import merchants, payments, tills
from huoke.reward.tills import Sale, SaleState, SaleWish

PUBLIC: dict[str, Any] = {"public": True}
_NO_STORE = {"Cache-Control": "no-store"}
TOLD = frozenset({"tills.sale_unfit", "tills.store_closed", "payments.no_cashier", *checkout.REDUCED})


class TillForm(ClaimForm, frozen=True, kw_only=True):
    """What is paid: the price in yuan as it was typed, and the benefit that comes off."""

    yuan: str = ""
    reduction: str = ""


@get("/stores/{store_id:uuid}/pay", operation_id="show_till", opt=PUBLIC, include_in_schema=False)
async def show_till(
    visit: Visit, database: Database, store_id: UUID, yuan: str = "", refused: str = ""
) -> Response[bytes]:
    """Ask for the amount; with one, show what may come off and what is left to pay.

    What is no amount is said so, and so is a store that takes no payments.
    """
    customer, words = visit.require_customer(), visit.words
    async with database.begin(visit.bank.id, customer.actor) as tx:
        store = await merchants.get_store(tx, store_id)
        closed = store.status is not merchants.Status.ACTIVE
        price_fen = 0 if closed else read_yuan(yuan)
        fitting = await tills.quote(tx, _seq(customer), store_id, price_fen) if price_fen else []
    unfit = "tills.store_closed" if closed else "tills.sale_unfit" if yuan and not price_fen else refused
    code = unfit if unfit in TOLD else ""
    return visit.page(
        "till.html",
        store=store.name,
        street=store.street,
        card=Card(tone="warn", picture="clock", title=words(f"mall.refused.{code}"), text="") if code else None,
        yuan=format_yuan(price_fen).replace(",", "") if price_fen else "",
        price=words("mall.price.cash", yuan=format_yuan(price_fen)) if price_fen else "",
        options=checkout.options_of(fitting, price_fen, words) if price_fen else [],
        closed=closed,
        request_no=new_id().hex,
        path=f"{visit.home}/stores/{store_id}/pay",
    )


@post("/stores/{store_id:uuid}/pay", operation_id="ring_up", opt=PUBLIC, include_in_schema=False, status_code=303)
async def ring_up(
    request: Request[Any, Any, Any],
    visit: Visit,
    database: Database,
    store_id: UUID,
    data: Annotated[TillForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Ask the cashier for the payment; back to the amount with the reason where it cannot be."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    wish = SaleWish(
        request_no=data.request_no[:64] or new_id().hex, seq=_seq(customer), store_id=store_id,
        price_fen=read_yuan(data.yuan), reduction=checkout.read_reduction(data.reduction),
    )  # fmt: skip
    try:
        async with database.begin(visit.bank.id, customer.actor) as tx:
            rung = await tills.ring_up(tx, wish)
    except Refusal as refusal:
        if refusal.code not in TOLD:
            raise
        asked = f"?yuan={quote(data.yuan[:12])}&refused={refusal.code}"
        return Redirect(f"{visit.home}/stores/{store_id}/pay{asked}", status_code=303, headers=_NO_STORE)
    address = checkout.payer_address(request)
    await payments.carry(database, visit.bank.id, ids=[rung.payment_id], payer_address=address)
    return Redirect(f"{visit.home}/sales/{rung.sale_id}", status_code=303, headers=_NO_STORE)


@get("/sales/{sale_id:uuid}", operation_id="show_sale", opt=PUBLIC, include_in_schema=False)
async def show_sale(
    request: Request[Any, Any, Any], visit: Visit, database: Database, sale_id: UUID, paid: int = 0
) -> Response[bytes]:
    """A payment in a store: the way to pay while there is one, then what came of it."""
    customer, words = visit.require_customer(), visit.words
    async with database.begin(visit.bank.id, customer.actor) as tx:
        sale = await tills.own_sale(tx, _seq(customer), sale_id)
        payment = await payments.get(tx, sale.payment_id)
    if sale.state is SaleState.OPEN and payment.is_open and (paid or not payment.pay_address):
        address = checkout.payer_address(request)
        await payments.carry(database, visit.bank.id, ids=[payment.id], payer_address=address)
        async with database.begin(visit.bank.id, customer.actor) as tx:
            payment = await payments.get(tx, sale.payment_id)
    own = f"{str(request.base_url).rstrip('/')}{visit.home}/sales/{sale_id}?paid=1"
    pay = checkout.pay_address(payment, own) if sale.state is SaleState.OPEN else ""
    waits = sale.state is SaleState.OPEN and (bool(paid) or not pay)
    return visit.page(
        "sale.html",
        card=_card(sale, payment, visit, waits=waits),
        refresh=checkout.REFRESH_SECONDS if waits else 0,
        pay=pay,
        pay_text=words("till.pay", yuan=format_yuan(sale.price_fen - sale.reduction_fen)),
        pairs=[
            (words("till.store"), sale.store),
            (words("till.time"), words.minute(sale.rung_at)),
            (words("till.price"), words("mall.price.cash", yuan=format_yuan(sale.price_fen))),
            *checkout.off_pairs(sale.price_fen, sale.reduction_fen, words),
        ],
    )


def read_yuan(text: str) -> int:
    """A typed amount in fen; 0 for what is none, or has more than two decimals."""
    try:
        fen = Decimal(text.strip().replace("，", "").replace(",", "")) * 100
    except InvalidOperation:
        return 0
    return int(fen) if fen.is_finite() and 0 < fen < 10**10 and fen == fen.to_integral_value() else 0


def _card(sale: Sale, payment: payments.Payment, visit: Visit, *, waits: bool) -> Card:
    words = visit.words
    if sale.state is SaleState.PAID:
        text = words("till.paid.text")
        if sale.back_fen:
            text = words("till.back", yuan=format_yuan(sale.back_fen))
        return Card(tone="ok", picture="check", title=words("till.paid"), text=text)
    if sale.state is SaleState.CLOSED:
        return Card(tone="", picture="renew", title=words("till.closed"), text=words("till.closed.text"))
    if waits:
        return Card(tone="brand", picture="clock", title=words("till.wait"), text=words("till.wait.text"))
    text = words("till.open.text", until=words.minute(payment.expires_at))
    return Card(tone="brand", picture="clock", title=words("till.open"), text=text)


def _seq(customer: Principal) -> int:
    assert customer.seq is not None, "a customer's session has a seq"
    return int(customer.seq)


routes = [show_till, ring_up, show_sale]
