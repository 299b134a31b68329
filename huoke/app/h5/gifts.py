"""Giving points on the phone: how many and to whom, then the receiver masked and the yes; and the way back."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5.visit import Card, Visit
from huoke.app.h5.words import Words
from huoke.kernel.http import Principal, check_csrf
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database, Tx
from huoke.know import customers
from huoke.reward import ledger, points
from huoke.reward.points import AskedGift, GiftLine, PointType

PUBLIC: dict[str, Any] = {"public": True}
_NO_STORE = {"Cache-Control": "no-store"}
_TOLD = frozenset(
    f"points.{code}"
    for code in ("gift_unfit", "receiver_unknown", "look_limit", "gift_limit", "gift_closed", "gift_short", "gift_used")
)
"""Refusals that have a sentence of their own on the page."""


class GiftForm(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be given to whom; `sure` once the masked receiver was seen."""

    csrf: str = ""
    request_no: str = ""
    type: str = ""
    phone: str = ""
    points: int = 0
    sure: str = ""


class BackForm(msgspec.Struct, frozen=True, kw_only=True):
    """The way back asks for nothing."""

    csrf: str = ""


@get("/gift", operation_id="show_points_gift", opt=PUBLIC, include_in_schema=False)
async def form(visit: Visit, database: Database, refused: str = "") -> Response[bytes]:
    """What may be given on, and what was given."""
    customer = visit.require_customer()
    async with database.begin(visit.bank.id, customer.actor) as tx:
        return await _page(tx, visit, _seq(customer), refused)


@post("/gift", operation_id="give_points", opt=PUBLIC, include_in_schema=False, status_code=200)
async def give(
    visit: Visit,
    database: Database,
    data: Annotated[GiftForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[bytes] | Redirect:
    """First the receiver, masked; then, once the customer is sure, the gift."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    asked = AskedGift(
        request_no=data.request_no[:64] or new_id().hex,
        giver=_seq(customer),
        phone=data.phone[:20],
        type=data.type[:32],
        points=data.points,
    )
    async with database.begin(visit.bank.id, customer.actor) as tx:
        if data.sure:
            [answer] = await points.give(tx, [asked])
            if isinstance(answer, Refusal):
                return await _refused(tx, visit, asked, answer)
        else:
            try:
                taker = await points.check(tx, asked)
            except Refusal as refusal:
                return await _refused(tx, visit, asked, refusal)
            kind = await _kind(tx, asked.type)
            return visit.page(
                "gift_sure.html",
                taker=taker.name or "*",
                phone=f"{asked.phone[:3]}****{asked.phone[-4:]}",
                amount=f"{asked.points:,}",
                name=visit.words.either(kind.name, kind.name_en),
                asked=asked,
                path=f"{visit.home}/gift",
            )
    return Redirect(f"{visit.home}/gifts/{answer.id}", status_code=303, headers=_NO_STORE)


@get("/gifts/{gift_id:uuid}", operation_id="show_own_gift", opt=PUBLIC, include_in_schema=False)
async def own(visit: Visit, database: Database, gift_id: UUID, refused: str = "") -> Response[bytes]:
    """One gift, and the way back while there is one."""
    customer = visit.require_customer()
    async with database.begin(visit.bank.id, customer.actor) as tx:
        mine = await customers.numbers_of(tx, Seq(_seq(customer)))
        one = next((gift for gift in await points.gifts_of(tx, _seq(customer)) if gift.id == gift_id), None)
        if one is None or one.giver not in mine:
            raise points.GiftUnknown("There is no such gift.")
        kind = await _kind(tx, one.currency)
        until = await points.back_until(tx, one)
    words = visit.words
    back = one.state == "taken_back"
    card = Card(
        tone="" if back else "ok",
        picture="renew" if back else "check",
        title=words("gift.back.done" if back else "gift.done"),
        text=words(
            "gift.back.done.text" if back else "gift.done.text",
            points=f"{one.points:,}",
            name=words.either(kind.name, kind.name_en),
        ),
    )
    if refused in _TOLD:
        card = Card(tone="warn", picture="clock", title=words(f"refused.{refused}"), text="")
    return visit.page(
        "gift_done.html",
        card=card,
        until=words("gift.back.until", time=words.minute(until)) if until else "",
        path=f"{visit.home}/gifts/{gift_id}",
    )


@post(
    "/gifts/{gift_id:uuid}/back", operation_id="undo_points_gift", opt=PUBLIC, include_in_schema=False, status_code=303
)
async def give_back(
    visit: Visit,
    database: Database,
    gift_id: UUID,
    data: Annotated[BackForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Take it back; whatever came of it, the gift's page says it."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    why = ""
    try:
        async with database.begin(visit.bank.id, customer.actor) as tx:
            await points.take_back(tx, gift_id, await customers.numbers_of(tx, Seq(_seq(customer))))
    except points.GiftUsed as refusal:
        why = f"?refused={refusal.code}"
    return Redirect(f"{visit.home}/gifts/{gift_id}{why}", status_code=303, headers=_NO_STORE)


async def _refused(tx: Tx, visit: Visit, asked: AskedGift, refusal: Refusal) -> Response[bytes]:
    if refusal.code not in _TOLD:
        raise refusal
    return await _page(tx, visit, asked.giver, refusal.code, asked)


async def _page(tx: Tx, visit: Visit, seq: int, refused: str, asked: AskedGift | None = None) -> Response[bytes]:
    words = visit.words
    kinds = [one for one in await points.types(tx) if one.transferable and one.state is points.TypeState.OPEN]
    held = {one.currency: one.balance for one in await ledger.points_of(tx, [seq])}
    names = {one.code: words.either(one.name, one.name_en) for one in await points.types(tx)}
    code = refused if refused in _TOLD else ""
    return visit.page(
        "gift.html",
        kinds=[(one.code, f"{names[one.code]} · {held.get(one.code, 0):,}") for one in kinds],
        card=Card(tone="warn", picture="clock", title=words(f"refused.{code}"), text="") if code else None,
        asked=asked,
        request_no=new_id().hex,
        rows=[_row(one, seq, names, visit) for one in await points.gifts_of(tx, seq)],
        path=f"{visit.home}/gift",
    )


def _row(one: GiftLine, seq: int, names: dict[str, str], visit: Visit) -> dict[str, Any]:
    words: Words = visit.words
    given = one.giver == seq
    key = "gift.taken_back" if one.state == "taken_back" else "gift.given" if given else "gift.got"
    return {
        "what": f"{words(key)} · {names.get(one.currency, one.currency)}",
        "when": words.minute(one.given_at),
        "value": f"{'−' if given else '+'}{one.points:,}",
        "path": f"{visit.home}/gifts/{one.id}" if given else "",
    }


async def _kind(tx: Tx, code: str) -> PointType:
    return (await points.get_types(tx, [code]))[code]


def _seq(customer: Principal) -> int:
    assert customer.seq is not None, "a customer's session has a seq"
    return int(customer.seq)


routes = [form, give, own, give_back]
