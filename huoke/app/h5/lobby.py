"""Pages of the lobby: what a code at a branch leads to: check-in, then the plays that the visit opens."""

from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body

from huoke.app.h5.visit import Card, Visit
from huoke.govern import people, privacy
from huoke.kernel.http import Batchers, check_csrf
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database, Tx
from huoke.reward import plays
from huoke.reward.plays import CodeOf, Play, Scan, Scanned

TICKET = "lobby-"
"""How the entry point of a ticket begins that leads to a code of the lobby."""
_LOOKS = {
    "sign_in": ("brand", "lock"),
    "checked_in": ("ok", "check"),
    "nothing": ("ok", "check"),
    "plays.code_stale": ("brand", "renew"),
    "plays.branch_closed": ("brand", "clock"),
    "plays.not_checked_in": ("brand", "place"),
}


class ScanForm(msgspec.Struct, frozen=True, kw_only=True):
    """The button of a scanned code."""

    csrf: str = ""
    code: str = ""


@get("/lobby/{code:str}", operation_id="show_lobby", opt={"public": True}, include_in_schema=False)
async def show(visit: Visit, database: Database, code: str) -> Response[bytes]:
    """A code as it was scanned; nothing is written by looking."""
    if visit.customer is None:
        return _card(visit, "sign_in", code)
    async with database.begin(visit.bank.id) as tx:
        found = plays.read_code(await privacy.keys(tx), code[:64])
        unit = await _unit(tx, found.unit_id) if found else None
    if found is None or unit is None:
        return _card(visit, plays.CodeUnknown.code, code)
    named, step = visit.words.either(*unit), "check_in" if found.of is CodeOf.BRANCH else "open"
    return visit.page("lobby.html", unit=named, step=step, code=code, opened=[], expected="")


@post("/lobby", operation_id="scan_lobby", opt={"public": True}, include_in_schema=False, status_code=200)
async def scan(
    visit: Visit,
    database: Database,
    batchers: Batchers,
    data: Annotated[ScanForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[bytes]:
    """Check in or open plays in the micro-batch; a refusal is said with what mends it."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    assert customer.seq is not None, "a customer's session has a seq"
    wish = Scan(seq=int(customer.seq), code=data.code[:64])
    try:
        done: Scanned = await batchers.submit(plays.scan, customer.tenant, customer.actor, wish)
    except Refusal as refusal:
        if refusal.status not in (403, 404, 409):
            raise
        return _card(visit, refusal.code, data.code)
    async with database.begin(visit.bank.id) as tx:
        live = await plays.live(tx)
        opened = [play for play in live if play.id in done.opened]
        unit = await _unit(tx, done.unit_id)
        expected = await _expected(tx, done, visit)
    if not opened and not expected:
        return _card(visit, "checked_in" if any(play.draft.lobby for play in live) else "nothing", data.code)
    named = visit.words.either(*unit) if unit else ""
    rows = [_row(play, visit) for play in opened]
    return visit.page("lobby.html", unit=named, step="", code="", opened=rows, expected=expected)


async def _expected(tx: Tx, done: Scanned, visit: Visit) -> str:
    """What is said to somebody who booked a visit for today: here, or else at another branch."""
    words = visit.words
    if done.booked:
        return words("lobby.booked", time=words.clock(done.booked[0].starts_at))
    if not done.elsewhere:
        return ""
    there = done.elsewhere[0]
    unit = await _unit(tx, there.unit_id)
    place = words.either(*unit) if unit else ""
    return words("lobby.elsewhere", time=words.clock(there.starts_at), place=place)


async def _unit(tx: Tx, unit_id: int) -> tuple[str, str] | None:
    return next(((one.name, one.name_en) for one in await people.units.tree(tx) if one.id == unit_id), None)


def _row(play: Play, visit: Visit) -> tuple[str, str, str]:
    """Address, title and chances of a play."""
    lobby, words = play.draft.lobby, visit.words
    assert lobby is not None, "a play of the lobby says how it opens"
    title = words.either(play.draft.zh.title, play.draft.en.title) or play.draft.name
    return f"{visit.home}/p/{play.code}?via=lobby", title, words("lobby.earn", count=lobby.chances)


def _card(visit: Visit, key: str, code: str) -> Response[bytes]:
    words = visit.words
    tone, picture = _LOOKS.get(key, ("warn", "shield"))
    href, action = (f"{visit.home}/benefits", words("to_benefits"))
    if key == "sign_in":
        href, action = visit.door(f"lobby/{code}")
    card = Card(
        tone=tone,
        picture=picture,
        title=words(f"lobby.card.{key}.title"),
        text=words(f"lobby.card.{key}.text"),
        href=href or None,
        action=action or None,
    )
    return visit.page("state.html", card=card, number="")


routes = [show, scan]
