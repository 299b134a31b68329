"""Exchange on the phone: what may be exchanged, what it would bring with the fee shown, the yes, and the way back."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5.visit import Card, Visit
from huoke.app.h5.words import Words
from huoke.kernel.http import Batchers, Principal, check_csrf
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database
from huoke.know import consent, customers
from huoke.reward import exchange
from huoke.reward.exchange import Direction, Names, Offered, Trade, TradeState

PUBLIC: dict[str, Any] = {"public": True}
_NO_STORE = {"Cache-Control": "no-store"}
_TOLD = frozenset(
    f"exchange.{code}"
    for code in (
        *("amount_unfit", "limit_reached", "quote_moved", "points_short", "points_frozen", "liquidity_short"),
        *("card_closed", "not_undoable", "member_taken", "member_unfit"),
    )
) | {"consent.not_available"}
"""Refusals that have a sentence of their own on the page."""


class ExchangeForm(msgspec.Struct, frozen=True, kw_only=True):
    """The yes: what was put in, and what the page said it brings."""

    csrf: str = ""
    request_no: str = ""
    points: int = 0
    expected: int = 0


class MemberForm(msgspec.Struct, frozen=True, kw_only=True):
    """A member's number at a partner."""

    csrf: str = ""
    member: str = ""


class BackForm(msgspec.Struct, frozen=True, kw_only=True):
    """The way back asks for nothing."""

    csrf: str = ""


@get("/exchange", operation_id="show_exchange", opt=PUBLIC, include_in_schema=False)
async def offers(visit: Visit, database: Database) -> Response[bytes]:
    """What may be exchanged today, and what was."""
    customer = visit.require_customer()
    async with database.begin(visit.bank.id, customer.actor) as tx:
        found = await exchange.offers_for(tx, _seq(customer))
        done = await exchange.own_trades(tx, _seq(customer), limit=20)
        names = await exchange.names(tx)
    return visit.page(
        "exchange.html",
        offers=[_offer(one, names, visit) for one in found],
        rows=[_row(one, names, visit) for one in done],
    )


@get("/exchange/{card_id:uuid}", operation_id="show_exchange_card", opt=PUBLIC, include_in_schema=False)
async def card(visit: Visit, database: Database, card_id: UUID, points: str = "", refused: str = "") -> Response[bytes]:
    """One exchange: how many points, what they would bring, the fee; after a refusal, why."""
    customer = visit.require_customer()
    amount = int(points) if points.isascii() and points.isdigit() and len(points) <= 10 else 0
    async with database.begin(visit.bank.id, customer.actor) as tx:
        found = await exchange.offers_for(tx, _seq(customer))
        one = next((offer for offer in found if offer.id == card_id), None)
        if one is None:
            raise exchange.CardUnknown("There is no such exchange today.")
        names = await exchange.names(tx)
        out = one.card.direction is Direction.OUT
        member = await exchange.masked_member(tx, _seq(customer), one.card.partner) if out else None
        said = None
        if points and not refused:
            try:
                _, said = await exchange.quote_for(tx, _seq(customer), card_id, amount)
            except (exchange.AmountUnfit, exchange.LimitReached, consent.NotAvailable) as refusal:
                refused = refusal.code
    words = visit.words
    code = refused if refused in _TOLD else ""
    note = Card(tone="warn", picture="clock", title=words(f"refused.{code}"), text="") if code else None
    if said is not None and said.points > one.balance:
        note, said = Card(tone="warn", picture="clock", title=words("refused.exchange.points_short"), text=""), None
    return visit.page(
        "exchange_card.html",
        offer=_offer(one, names, visit),
        card=note,
        points=amount or min(max(one.most, one.card.minimum), one.card.minimum),
        minimum=one.card.minimum,
        step=one.card.step,
        most=one.most,
        out=out,
        member=member,
        quote=_quote(said, one, names, words) if said else None,
        expected=said.gained if said else 0,
        request_no=new_id().hex,
        path=f"{visit.home}/exchange/{card_id}",
    )


@post(
    "/exchange/{card_id:uuid}/order", operation_id="ask_exchange", opt=PUBLIC, include_in_schema=False, status_code=303
)
async def order(
    visit: Visit,
    batchers: Batchers,
    card_id: UUID,
    data: Annotated[ExchangeForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Exchange once in the micro-batch: on to what became of it, or back with the reason."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    wish = exchange.Wish(
        request_no=data.request_no[:64] or new_id().hex,
        seq=_seq(customer),
        card_id=card_id,
        points=data.points,
        expected=data.expected,
    )
    try:
        made = await batchers.submit(exchange.exchange, customer.tenant, customer.actor, wish)
    except Refusal as refusal:
        return _back(visit, f"exchange/{card_id}", refusal)
    return _go(visit, f"exchanges/{made.id}")


@post(
    "/exchange/{card_id:uuid}/member",
    operation_id="link_exchange_member",
    opt=PUBLIC,
    include_in_schema=False,
    status_code=303,
)
async def link(
    visit: Visit,
    database: Database,
    card_id: UUID,
    data: Annotated[MemberForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Note the member's number; whatever came of it, the exchange's page says it."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    async with database.begin(visit.bank.id, customer.actor) as tx:
        found = await exchange.offers_for(tx, _seq(customer))
        partner = next((one.card.partner for one in found if one.id == card_id), "")
        if not partner:
            raise exchange.CardUnknown("There is no such exchange today.")
        try:
            await exchange.link_member(tx, _seq(customer), partner, data.member[:64])
        except (exchange.MemberTaken, exchange.MemberUnfit) as refusal:
            return _back(visit, f"exchange/{card_id}", refusal)
    return _go(visit, f"exchange/{card_id}")


@get("/exchanges/{trade_id:uuid}", operation_id="show_own_exchange", opt=PUBLIC, include_in_schema=False)
async def own(visit: Visit, database: Database, trade_id: UUID, refused: str = "") -> Response[bytes]:
    """One exchange: how it stands, what it took and brought, the way back while there is one."""
    customer = visit.require_customer()
    async with database.begin(visit.bank.id, customer.actor) as tx:
        numbers = await customers.numbers_of(tx, Seq(_seq(customer)))
        one = await exchange.own_trade(tx, numbers, trade_id)
        names = await exchange.names(tx)
        now = tx.now
    words, key = visit.words, _key(one)
    text = words(f"exchange.state.{key}.text", gained=f"{one.gained:,}", name=_name(names, one.target, words))
    tones = {"done": ("ok", "check"), "undone": ("", "renew"), "failed": ("", "renew")}
    tone, picture = tones.get(key, ("warn", "clock"))
    if refused in _TOLD:
        tone, picture, text = "warn", "clock", words(f"refused.{refused}")
    pairs = [
        (words("exchange.put_in"), f"{one.points:,} {_name(names, one.source, words)}"),
        (words("exchange.fee"), f"{one.fee:,}"),
        (words("exchange.got"), f"{one.gained:,} {_name(names, one.target, words)}"),
        (words("exchange.time"), words.minute(one.asked_at)),
        (words("exchange.number"), one.id.hex[-12:].upper()),
    ]
    back = one.state is TradeState.DONE and one.undo_until is not None and one.undo_until > now
    return visit.page(
        "exchange_done.html",
        card=Card(tone=tone, picture=picture, title=words(f"exchange.state.{key}"), text=text),
        pairs=pairs,
        until=words("exchange.undo_until", time=words.minute(one.undo_until)) if back and one.undo_until else "",
        path=f"{visit.home}/exchanges/{trade_id}",
    )


@post(
    "/exchanges/{trade_id:uuid}/back",
    operation_id="undo_exchange",
    opt=PUBLIC,
    include_in_schema=False,
    status_code=303,
)
async def give_back(
    visit: Visit,
    database: Database,
    trade_id: UUID,
    data: Annotated[BackForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Take it back; whatever came of it, the exchange's page says it."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    try:
        async with database.begin(visit.bank.id, customer.actor) as tx:
            await exchange.undo(tx, trade_id, await customers.numbers_of(tx, Seq(_seq(customer))))
    except exchange.NotUndoable as refusal:
        return _back(visit, f"exchanges/{trade_id}", refusal)
    return _go(visit, f"exchanges/{trade_id}")


def _seq(customer: Principal) -> int:
    assert customer.seq is not None, "a customer's session has a seq"
    return int(customer.seq)


def _go(visit: Visit, path: str) -> Redirect:
    return Redirect(f"{visit.home}/{path}", status_code=303, headers=_NO_STORE)


def _back(visit: Visit, path: str, refusal: Refusal) -> Redirect:
    if refusal.code not in _TOLD:
        raise refusal
    return _go(visit, f"{path}?refused={refusal.code}")


def _name(names: dict[str, Names], code: str, words: Words) -> str:
    found = names.get(code)
    return words.either(found.name, found.name_en) if found else code


def _offer(one: Offered, names: dict[str, Names], visit: Visit) -> dict[str, Any]:
    words, held = visit.words, one.card
    source, target = _name(names, held.source, words), _name(names, held.target, words)
    partner = names[held.target] if held.partner and held.target in names else None
    fee = ""
    if held.fee_rate or held.fee_min:
        rate = f"{held.fee_rate / 100:g}"
        fee = words("exchange.fee.least" if held.fee_min else "exchange.fee.rate", rate=rate, least=f"{held.fee_min:,}")
    return {
        "name": words.either(held.name, held.name_en),
        "rate": words("exchange.rate", takes=f"{one.takes:,}", source=source, gives=f"{one.gives:,}", target=target),
        "fee": fee or words("exchange.fee.none"),
        "balance": words("exchange.balance", points=f"{one.balance:,}", name=source),
        "partner": words.either(partner.partner, partner.partner_en) if partner else "",
        "source": source,
        "minimum": words("exchange.minimum", points=f"{held.minimum:,}", step=f"{held.step:,}"),
        "why": words(f"exchange.why.{one.why}") if one.why else "",
        "path": f"{visit.home}/exchange/{one.id}",
    }


def _quote(said: exchange.Quote, one: Offered, names: dict[str, Names], words: Words) -> dict[str, Any]:
    held = one.card
    return {
        "pairs": [
            (words("exchange.put_in"), f"{said.points:,} {_name(names, held.source, words)}"),
            (words("exchange.fee"), f"{said.fee:,}"),
            (words("exchange.converted"), f"{said.points - said.fee:,}"),
        ],
        "gained": f"{said.gained:,}",
        "target": _name(names, held.target, words),
    }


def _key(one: Trade) -> str:
    if one.state in exchange.ON_THE_WAY:
        return "waiting"
    return {TradeState.REVERSING: "failed", TradeState.BORNE: "done"}.get(one.state, one.state.value)


def _row(one: Trade, names: dict[str, Names], visit: Visit) -> dict[str, Any]:
    words, key = visit.words, _key(one)
    return {
        "what": f"{_name(names, one.source, words)} → {_name(names, one.target, words)}",
        "when": words.minute(one.asked_at),
        "value": f"−{one.points:,} / +{one.gained:,}",
        "state": words(f"exchange.state.{key}"),
        "path": f"{visit.home}/exchanges/{one.id}",
    }


routes = [offers, card, order, link, own, give_back]
