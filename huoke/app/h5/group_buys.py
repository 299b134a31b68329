"""Group buys on the phone: the list, one group buy, a group with its members, the own ones; all without a script."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import segno
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5 import benefits, delivery, pictures
from huoke.app.h5.delivery import ClaimForm
from huoke.app.h5.regions import is_elsewhere, own_city
from huoke.app.h5.visit import Card, Visit
from huoke.kernel.http import Batchers, Principal, check_csrf
from huoke.kernel.ids import new_id
from huoke.kernel.money import format_yuan
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database, Tx
from huoke.reward import catalogue, group_buy, payments, referral
from huoke.reward.catalogue import Sku
from huoke.reward.grants import BenefitKind, Handover
from huoke.reward.group_buy import (
    Group,
    Member,
    NewGroupBuy,
    Offered,
    PartyState,
    Programme,
    ProgrammeState,
    Reserve,
    SeatState,
)

PUBLIC: dict[str, Any] = {"public": True}
HOME = "group-buys"
"""The entry point of a ticket that leads to the list of group buys."""
ROOM = "g"
"""Where the page of a group is: its code follows."""
_NO_STORE = {"Cache-Control": "no-store"}
_TOLD = frozenset(
    {
        "group_buy.points_short",
        "group_buy.price_changed",
        "group_buy.group_full",
        "group_buy.group_closed",
        "group_buy.sold_out",
        "group_buy.limit_reached",
        "group_buy.seat_taken",
        "customers.not_eligible",
        "group_buy.not_started",
        "group_buy.ended",
        "group_buy.not_leavable",
        "payments.no_cashier",
        "grants.delivery_missing",
        "grants.delivery_unfit",
    }
)
"""Refusals that have a sentence of their own on the page the customer comes from."""
_SEAT_LOOKS = {
    SeatState.DELIVERED: ("ok", "check"),
    SeatState.RELEASED: ("", "clock"),
    SeatState.REFUNDING: ("brand", "renew"),
    SeatState.REFUNDED: ("", "renew"),
}


class SeatForm(ClaimForm, frozen=True, kw_only=True):
    """A button that takes or leaves a seat: the group (empty for a new one), the price the page showed, and where a
    supplier brings what is bought.
    """

    code: str = ""
    points: int = 0
    cash: int = 0


Form = Annotated[SeatForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/group-buys", operation_id="show_group_buys", opt=PUBLIC, include_in_schema=False)
async def listed(visit: Visit, database: Database) -> Response[bytes]:
    """Group buys that are open."""
    async with database.begin(visit.bank.id) as tx:
        found = await group_buy.shown(tx)
    tiles = [
        {
            **_sku(one, visit),
            "title": visit.words.either(one.programme.terms.title, one.programme.terms.title_en),
            "path": f"{visit.home}/group-buys/{one.programme.id}",
            "price": price_of(one.programme.terms, visit),
            "size": visit.words("group.size", count=one.programme.terms.size),
            "left": visit.words("group.left", count=f"{one.left:,}"),
        }
        for one in found
    ]
    return visit.page("group_buys.html", tiles=tiles, mine=f"{visit.home}/group-buys/mine" if visit.customer else "")


@get("/group-buys/mine", operation_id="show_own_groups", opt=PUBLIC, include_in_schema=False)
async def mine(visit: Visit, database: Database) -> Response[bytes]:
    """The customer's seats, latest first."""
    customer = visit.require_customer()
    async with database.begin(visit.bank.id, customer.actor) as tx:
        found = await group_buy.own_seats(tx, _seq(customer))
    words = visit.words
    rows = [
        {
            "title": words.either(one.title, one.title_en),
            "line": f"{words.minute(one.seat.reserved_at)} · {words('group.members', count=one.seats, size=one.size)}",
            "chip": words(f"group.state.{one.seat.state.value}"),
            "tone": {SeatState.DELIVERED: "ok", SeatState.RESERVED: "warn", SeatState.PAID: "brand"}.get(
                one.seat.state, ""
            ),
            "path": f"{visit.home}/{ROOM}/{one.code}",
        }
        for one in found
    ]
    return visit.page("own_groups.html", rows=rows)


@get("/group-buys/{programme_id:uuid}", operation_id="show_group_buy", opt=PUBLIC, include_in_schema=False)
async def show(visit: Visit, database: Database, programme_id: UUID, refused: str = "") -> Response[bytes]:
    """One group buy: what it is, what it costs, groups with a free seat; after a refusal, why."""
    async with database.begin(visit.bank.id) as tx:
        one = await group_buy.offered(tx, programme_id, _seq_or_none(visit))
        asked = await _asked(tx, visit, one.sku)
        now = tx.now
    terms, words = one.programme.terms, visit.words
    card = _programme_card(one, visit, now, f"{visit.home}/group-buys/{programme_id}")
    return visit.page(
        "group_buy.html",
        **_terms(terms, visit),
        sku=_sku(one, visit),
        left=words("group.left", count=f"{one.left:,}"),
        limit=words("group.limit", count=terms.person_limit),
        refused=words(f"group.refused.{refused}") if refused in _TOLD else "",
        card=card,
        open=card is None,
        joinable=[
            {
                "name": words("group.of", name=each.name),
                "line": words("group.needs", count=each.size - each.seats, date=words.minute(each.expires_at)),
                "path": f"{visit.home}/{ROOM}/{each.code}",
            }
            for each in one.joinable
        ],
        steps=_steps(terms, visit),
        path=f"{visit.home}/group-buys/{programme_id}",
        fields=_fields(terms, ""),
        **asked,
    )


@post(
    "/group-buys/{programme_id:uuid}/seat",
    operation_id="take_group_seat",
    opt=PUBLIC,
    include_in_schema=False,
    status_code=303,
)
async def take(visit: Visit, database: Database, batchers: Batchers, programme_id: UUID, data: Form) -> Redirect:
    """Take a seat in the micro-batch: on to its group, or back with the reason."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    async with database.begin(visit.bank.id) as tx:
        bought = await group_buy.bought(tx, programme_id)
    wish = Reserve(
        request_no=data.request_no[:64] or new_id().hex,
        programme_id=programme_id,
        seq=_seq(customer),
        code=data.code[:32],
        expected_points=data.points,
        expected_cash_fen=data.cash,
        delivery=delivery.delivery_of(data, *_way(bought)),
    )
    try:
        made = await batchers.submit(group_buy.reserve, customer.tenant, customer.actor, wish)
    except Refusal as refusal:
        if refusal.code not in _TOLD:
            raise
        back = f"{ROOM}/{wish.code}" if wish.code else f"group-buys/{programme_id}"
        return Redirect(f"{visit.home}/{back}?refused={refusal.code}", status_code=303, headers=_NO_STORE)
    if made.payment_id is not None:
        await payments.carry(database, visit.bank.id, ids=[made.payment_id])
    return Redirect(f"{visit.home}/{ROOM}/{made.code}", status_code=303, headers=_NO_STORE)


@get("/g/{code:str}", operation_id="show_group", opt=PUBLIC, include_in_schema=False)
async def group(
    request: Request[Any, Any, Any], visit: Visit, database: Database, code: str, refused: str = ""
) -> Response[bytes]:
    """A group with its members by masked name; what this visitor can do in it."""
    async with database.begin(visit.bank.id) as tx:
        found = await group_buy.group(tx, code, _seq_or_none(visit))
        address = await referral.address_of(tx, code, str(request.base_url).rstrip("/"))
        asked = await _asked(tx, visit, found.sku)
        now = tx.now
    terms, words = found.programme.terms, visit.words
    path = f"{visit.home}/{ROOM}/{code}"
    card = _group_card(found, visit, now, path)
    sits = found.seat is not None and found.seat.state in (SeatState.RESERVED, SeatState.PAID)
    is_open = found.party.state in group_buy.OPEN and now < found.party.expires_at
    return visit.page(
        "group.html",
        **_terms(terms, visit),
        benefit=benefits.title_of(found.sku.name, found.sku, words),
        members=[
            (
                words("group.me") if one.is_me else one.name,
                words(f"group.seat.{_told_of(one, found.sku)}"),
                one.state.value,
            )
            for one in found.members
        ],
        free=range(max(found.party.size - len(found.members), 0)) if is_open else range(0),
        count=words("group.members", count=len(found.members), size=found.party.size),
        until=words("group.until", date=words.minute(found.party.expires_at)) if is_open else "",
        refused=words(f"group.refused.{refused}") if refused in _TOLD else "",
        card=card,
        join=card is None,
        pay=_pay_address(found),
        waits=sits and found.payment is not None and found.payment.is_open,
        leaves=sits and is_open and not (found.payment is not None and found.payment.close_asked),
        share=address if sits and is_open else "",
        qr=segno.make_qr(address, error="m").svg_inline(border=0, omitsize=True, dark="#14212B")
        if sits and is_open
        else "",
        path=path,
        programme=f"{visit.home}/group-buys/{found.programme.id}",
        fields=_fields(terms, code),
        **asked,
    )


@post("/g/{code:str}/leave", operation_id="leave_group", opt=PUBLIC, include_in_schema=False, status_code=303)
async def leave(visit: Visit, database: Database, code: str, data: Form) -> Redirect:
    """Leave a group that is open; whatever came of it, the group's page says it."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    said = ""
    async with database.begin(visit.bank.id, customer.actor) as tx:
        found = await group_buy.group(tx, code, _seq(customer))
        try:
            async with tx.savepoint():
                if found.seat is not None:
                    await group_buy.leave(tx, found.seat.seq, found.seat.id)
        except group_buy.NotLeavable as refusal:
            said = f"?refused={refusal.code}"
    return Redirect(f"{visit.home}/{ROOM}/{code}{said}", status_code=303, headers=_NO_STORE)


def price_of(terms: NewGroupBuy, visit: Visit) -> str:
    """The price of a seat, in words."""
    words = visit.words
    if not terms.cash_fen:
        return words("group.points", points=f"{terms.points:,}")
    if not terms.points:
        return words("group.cash", amount=format_yuan(terms.cash_fen))
    return words("group.both", points=f"{terms.points:,}", amount=format_yuan(terms.cash_fen))


def _terms(terms: NewGroupBuy, visit: Visit) -> dict[str, Any]:
    words = visit.words
    return {
        "title": words.either(terms.title, terms.title_en),
        "rules": words.either(terms.rules, terms.rules_en),
        "price": price_of(terms, visit),
        "size": words("group.size", count=terms.size),
        "window": words("group.window", opens=words.short_day(terms.opens_at), closes=words.short_day(terms.closes_at)),
    }


def _sku(one: Offered, visit: Visit) -> dict[str, Any]:
    return {
        "name": benefits.title_of(one.sku.name, one.sku, visit.words),
        "picture": benefits.picture_of(one.sku.kind.value, one.sku),
        "photo": pictures.photo_of(one.sku, visit.home),
    }


def _told_of(member: Member, sku: Sku) -> str:
    """How a member's seat stands: what a supplier brings is on its way before it arrives."""
    ordered = member.state is SeatState.DELIVERED and sku.handover is catalogue.Handover.ORDER
    return "ordered" if ordered else member.state.value


async def _asked(tx: Tx, visit: Visit, sku: Sku) -> dict[str, Any]:
    """What the form of a seat asks for, and what a customer is told first of where the good is of use."""
    asks, seq = delivery.asked(*_way(sku)), _seq_or_none(visit)
    return {
        "asks": asks,
        "own_city": await own_city(tx, seq, asks),
        "elsewhere": await is_elsewhere(tx, seq, sku),
    }


def _way(sku: Sku) -> tuple[BenefitKind, Handover]:
    return BenefitKind(sku.kind.value), Handover(sku.handover.value)


def _fields(terms: NewGroupBuy, code: str) -> dict[str, Any]:
    return {"request_no": new_id().hex, "code": code, "points": terms.points, "cash": terms.cash_fen}


def _steps(terms: NewGroupBuy, visit: Visit) -> list[tuple[str, str]]:
    words = visit.words
    seat = words("group.how.seat.text", minutes=terms.pay_minutes) if terms.cash_fen else words("group.how.seat.points")
    return [
        (words("group.how.seat"), seat),
        (words("group.how.fill", hours=terms.hours, count=terms.size), words("group.how.fill.text")),
        (words("group.how.done"), words("group.how.done.text")),
        (words("group.how.back"), words("group.how.back.text")),
    ]


def _programme_card(one: Offered, visit: Visit, now: datetime, path: str) -> Card | None:
    """What stands in the way of a seat in this group buy; None where nothing does."""
    programme = one.programme
    if programme.closed(now):
        return _closed_card(programme, visit, now)
    if visit.customer is None:
        return _door(visit, path)
    if one.mine >= programme.terms.person_limit:
        return _told("limit", visit, "", "ticket", href=f"{visit.home}/group-buys/mine", action="group.mine",
                     count=programme.terms.person_limit)  # fmt: skip
    if one.left < 1:
        return _told("sold_out", visit, "", "clock")
    return None


def _closed_card(programme: Programme, visit: Visit, now: datetime) -> Card:
    terms = programme.terms
    if programme.state is ProgrammeState.LIVE and now < terms.opens_at:
        return _told("not_started", visit, "brand", "clock", date=visit.words.minute(terms.opens_at))
    return _told("ended", visit, "", "sunset", date=visit.words.minute(min(terms.closes_at, now)))


def _group_card(found: Group, visit: Visit, now: datetime, path: str) -> Card | None:
    """How the visitor stands to a group; None where they may take a seat."""
    if found.seat is not None and not (found.seat.state is SeatState.RELEASED and _takes(found, now)):
        return _seat_card(found, visit)
    onward = {"href": f"{visit.home}/group-buys/{found.programme.id}", "action": "group.open"}
    if found.party.state is PartyState.COMPLETE:
        return _told("complete", visit, "ok", "check", **onward)
    if found.party.state not in group_buy.OPEN or now >= found.party.expires_at:
        return _told("over", visit, "", "sunset", href=f"{visit.home}/group-buys", action="group")
    if len(found.members) >= found.party.size:
        return _told("full", visit, "", "clock", **onward)
    if visit.customer is None:
        return _door(visit, path)
    return _told("sold_out", visit, "", "clock") if found.left < 1 else None


def _takes(found: Group, now: datetime) -> bool:
    is_open = found.party.state is PartyState.OPEN and now < found.party.expires_at
    return is_open and found.left > 0 and found.programme.closed(now) is None


def _seat_card(found: Group, visit: Visit) -> Card:
    seat, words = found.seat, visit.words
    assert seat is not None, "a card of a seat has one"
    amount = format_yuan(seat.cash_fen)
    payment = found.payment
    taken = payment is not None and payment.paid_at is not None
    if seat.state is SeatState.RESERVED and payment is not None and not taken:
        gone = payment.close_asked or not payment.is_open
        key = "leaving" if gone else "reserved" if payment.pay_address else "asked"
        return _told(key, visit, "warn", "clock", date=words.minute(seat.pay_by), amount=amount)
    if seat.state is SeatState.PAID or (taken and seat.state is SeatState.RESERVED):
        missing = found.party.size - sum(one.state is SeatState.PAID for one in found.members)
        return _told("paid", visit, "brand", "clock", count=missing, date=words.minute(found.party.expires_at))
    tone, picture = _SEAT_LOOKS.get(seat.state, ("", "clock"))
    to_benefits = {"href": f"{visit.home}/benefits", "action": "to_benefits"}
    onward = to_benefits if seat.state is SeatState.DELIVERED else {}
    if seat.state is SeatState.DELIVERED and found.sku.handover is catalogue.Handover.ORDER:
        return _told("ordered", visit, tone, picture, **onward)
    return _told(seat.state.value, visit, tone, picture, **onward, amount=amount)


def _pay_address(found: Group) -> str:
    payment = found.payment
    waits = found.seat is not None and found.seat.state is SeatState.RESERVED
    return payment.pay_address if payment is not None and waits and payment.is_open and not payment.close_asked else ""


def _door(visit: Visit, path: str) -> Card:
    href, action = visit.door(path)
    text = visit.words("group.card.sign_in.text" if href else "group.card.app")
    return Card(
        tone="brand", picture="lock", title=visit.words("group.card.sign_in"), text=text, href=href or None,
        action=action or None,
    )  # fmt: skip


def _told(
    key: str, visit: Visit, tone: str, picture: str, href: str | None = None, action: str | None = None, **values: Any
) -> Card:
    words = visit.words
    return Card(
        tone=tone, picture=picture, title=words(f"group.card.{key}"), text=words(f"group.card.{key}.text", **values),
        href=href, action=words(action) if action else None,
    )  # fmt: skip


def _seq(customer: Principal) -> int:
    assert customer.seq is not None, "a customer's session has a seq"
    return int(customer.seq)


def _seq_or_none(visit: Visit) -> int | None:
    return None if visit.customer is None else _seq(visit.customer)


routes = [listed, mine, show, take, group, leave]
