"""Pages of cards that go from customer to customer: a link the other one opens, and agrees on or not."""

from typing import Annotated, Any

import msgspec
import segno
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5.visit import Card, Visit
from huoke.kernel.http import Batchers, check_csrf
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database, Tx
from huoke.know import customers
from huoke.reward import plays
from huoke.reward.plays import CardGift, GiftState, Move, Trade

_NO_STORE = {"Cache-Control": "no-store"}
TOLD = frozenset(
    {"plays.card_not_free", "plays.gift_limit", "plays.own_gift", "plays.unknown_gift", "customers.not_eligible"}
)
"""Refusals that a page of cards explains."""


class TradeForm(msgspec.Struct, frozen=True, kw_only=True):
    """A button about a card: `gift` is the code of one that waits."""

    csrf: str = ""
    move: Move
    line: int = 0
    gift: str = ""


@post("/p/{code:str}/cards", operation_id="trade_card", opt={"public": True}, include_in_schema=False, status_code=303)
async def trade(
    visit: Visit,
    database: Database,
    batchers: Batchers,
    code: str,
    data: Annotated[TradeForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Offer, ask, agree or take back in the micro-batch; on to the page that says what came of it."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    assert customer.seq is not None, "a customer's session has a seq"
    async with database.begin(visit.bank.id) as tx:
        play = await plays.published(tx, code)
    wish = Trade(play_id=play.id, seq=int(customer.seq), move=data.move, line=data.line, code=data.gift[:32])
    path = f"{visit.home}/p/{code}"
    try:
        made: CardGift = await batchers.submit(plays.trade, customer.tenant, customer.actor, wish)
    except Refusal as refusal:
        if refusal.status not in (403, 404, 409):
            raise
        where = f"{path}/cards/{data.gift[:32]}" if data.gift.isalnum() else path
        return Redirect(f"{where}?no={refusal.code}" if refusal.code in TOLD else where, status_code=303)
    where = path if data.move is Move.TAKE_BACK else f"{path}/cards/{made.code}"
    return Redirect(where, status_code=303, headers=_NO_STORE)


@get("/p/{code:str}/cards/{gift:str}", operation_id="show_card_gift", opt={"public": True}, include_in_schema=False)
async def show(
    request: Request[Any, Any, Any], visit: Visit, database: Database, code: str, gift: str, no: str = ""
) -> Response[bytes]:
    """A card that waits, as its maker or the other one finds it; nothing is written by looking."""
    async with database.begin(visit.bank.id) as tx:
        play = await plays.published(tx, code)
        found = await plays.gift_at(tx, play, gift[:32])
        prize = (await plays.table_of(tx, play)).prizes[found.line]
        names = {int(row.seq): row.name for row in await customers.masked_rows(tx, [found.maker])}
        mine = await _is_mine(tx, visit, found)
        waits = found.waits(tx.now)
    words = visit.words
    path = f"{visit.home}/p/{play.code}"
    kind = "asked" if found.asked else "offered"
    title = words.either(prize.title, prize.title_en)
    address = f"{str(request.base_url).rstrip('/')}{path}/cards/{found.code}"
    said = words(f"way.no.{no}") if no in TOLD else ""
    values: dict[str, Any] = {
        "path": path,
        "title": title,
        "head": words(
            f"gift_card.own.{kind}" if mine else f"gift_card.{kind}",
            title=title,
            name=names.get(found.maker) or words("gift_card.friend"),
        ),
        "until": words("way.giving.until", time=words.minute(found.expires_at)),
        "waits": waits and visit.customer is not None,
        "mine": mine,
        "asked": found.asked,
        "gift": found.code,
        "address": address,
        "qr": segno.make_qr(address, error="m").svg_inline(border=4, omitsize=True, dark="#14212B", light="#FFFFFF")
        if mine and waits
        else "",
        "said": said,
        "card": _card(visit, found, waits=waits, path=path),
    }
    return visit.page("card_gift.html", **values)


async def _is_mine(tx: Tx, visit: Visit, found: CardGift) -> bool:
    if visit.customer is None or visit.customer.seq is None:
        return False
    return found.maker in await customers.numbers_of(tx, visit.customer.seq)


def _card(visit: Visit, found: CardGift, *, waits: bool, path: str) -> Card | None:
    words = visit.words
    if found.state is GiftState.DONE:
        key, tone, picture = "done", "ok", "check"
    elif not waits:
        key, tone, picture = "over", "", "clock"
    elif visit.customer is None:
        key, tone, picture = "sign_in", "brand", "lock"
    else:
        return None
    href, action = (path, words("play.back"))
    if key == "sign_in":
        href, action = visit.door(f"{path}/cards/{found.code}")
    return Card(
        tone=tone,
        picture=picture,
        title=words(f"gift_card.card.{key}.title"),
        text=words(f"gift_card.card.{key}.text"),
        href=href or None,
        action=action or None,
    )


def page(own: plays.Own, visit: Visit, titles: dict[int, str]) -> dict[str, Any]:
    """What the page of a customer's cards says of giving; empty where cards stay with who drew them."""
    cards, words = own.draft.ways.cards, visit.words
    giving = cards.giving if cards else None
    if cards is None or giving is None:
        return {"giving": None}
    free = plays.free_of(own, plays.sets_claimed(own))
    out = sum(one.state is GiftState.DONE and one.from_seq in own.seqs for one in own.gifts)
    _, received = plays.taken(own)
    return {
        "giving": {
            "rules": words(
                "way.giving.rules",
                gives=giving.gives_a_day,
                takes=giving.takes_a_day,
                all=giving.takes,
                hours=giving.hours,
            ),
            "free": free,
            "lines": set(cards.lines),
            "waiting": [
                (
                    one.code,
                    words(f"way.giving.waiting.{'asked' if one.asked else 'offered'}", title=titles[one.line]),
                    words("way.giving.until", time=words.minute(one.expires_at)),
                )
                for one in own.gifts
                if one.waits(own.now) and one.maker in own.seqs
            ],
            "moved": words("way.giving.moved", out=out, in_=received) if out or received else "",
        }
    }


routes = [trade, show]
