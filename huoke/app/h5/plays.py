"""Pages of plays: the board, a draw, its result, rules and proof. Readable and playable without a script."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Stream

from huoke.app.h5 import benefits, boards, play_blocks, play_channels, ways, wheel
from huoke.app.h5.pictures import KEEP
from huoke.app.h5.play_blocks import Told
from huoke.app.h5.visit import Card, Visit
from huoke.app.h5.ways import Way
from huoke.kernel.http import Batchers, Principal, check_csrf
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.money import format_yuan
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database, Tx
from huoke.know import customers
from huoke.reward import catalogue, grants, plays
from huoke.reward.plays import BlockKind, Draw, DrawDone, DrawOrder, Play, Prize, PrizeTable, Stand

PUBLIC: dict[str, Any] = {"public": True}
_PICTURE = re.compile(r"([0-9a-f]{32})\.webp")
_NO_STORE = {"Cache-Control": "no-store"}
_SENT = frozenset({"physical", "topup"})
A_DAY = timedelta(days=1)
CHANCES_AT_ONCE = 99
"""More is not shown: it would be no use on one day."""


class DrawForm(msgspec.Struct, frozen=True, kw_only=True):
    """The button of a play."""

    csrf: str = ""
    request_no: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the public table."""

    title: str
    odds: str
    stock: str
    notes: list[str]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a draw came to, as a sheet or a page says it, and as JSON answers the script."""

    number: int
    line: int
    won: bool
    title: str
    text: str
    use_path: str
    use: str
    chances: int
    again: str


@get("/p/{code:str}", operation_id="show_play", opt=PUBLIC, include_in_schema=False)
async def show(visit: Visit, database: Database, code: str, did: bool = False, no: str = "") -> Response[bytes]:
    """A play as this visitor finds it; nothing is written by looking. `did` and `no` tell what the last button did."""
    async with database.begin(visit.bank.id) as tx:
        play = await plays.published(tx, code)
        found = await plays.stand(tx, play, _seq_or_none(visit))
        told = await play_blocks.told(tx, play, found.table, visit)
        way = await ways.shown(tx, play, found.table, visit, found.stock, did=did, no=no)
        now = tx.now
    return themed(visit, play).page("play.html", **_page(found, visit, now, told, way))


@get("/p/{code:str}/board", operation_id="show_play_board", opt=PUBLIC, include_in_schema=False)
async def board(visit: Visit, database: Database, code: str) -> Response[bytes]:
    """Where the draws are used that a play gives for what is done in it."""
    async with database.begin(visit.bank.id) as tx:
        play = await plays.published(tx, code)
        if not play.draft.is_drawn:
            raise plays.PlayUnknown("Nobody draws in this play.")
        found = await plays.stand(tx, play, _seq_or_none(visit))
        told = await play_blocks.told(tx, play, found.table, visit)
        now = tx.now
    return themed(visit, play).page("play.html", **_page(found, visit, now, told) | {"back": f"{visit.home}/p/{code}"})


@post("/p/{code:str}/draw", operation_id="draw_play", opt=PUBLIC, include_in_schema=False, status_code=200)
async def draw(
    request: Request[Any, Any, Any],
    visit: Visit,
    database: Database,
    batchers: Batchers,
    code: str,
    data: Annotated[DrawForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Draw once in the micro-batch; a form is led to the result, a script gets it as JSON."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    seq = _seq(customer)
    async with database.begin(visit.bank.id) as tx:
        play = await plays.published(tx, code)
    wants_json = "application/json" in request.headers.get("Accept", "")
    order = DrawOrder(request_no=f"h5:{seq}:{data.request_no[:64]}", play_id=play.id, seq=seq)
    path = f"{visit.home}/p/{code}"
    try:
        play_channels.require(play, visit)
        done: DrawDone = await batchers.submit(plays.draw, customer.tenant, customer.actor, order)
    except Refusal as refusal:
        if refusal.status not in (403, 409):
            raise
        if wants_json:
            return Response({"refused": refusal.code}, status_code=409, headers=_NO_STORE)
        return Redirect(path, status_code=303, headers=_NO_STORE)
    if not wants_json:
        return Redirect(f"{path}/d/{done.number}", status_code=303, headers=_NO_STORE)
    async with database.begin(visit.bank.id) as tx:
        shown = await _shown(tx, visit, play, await plays.own_draw(tx, play, done.number, seq), seq)
    return Response(msgspec.to_builtins(shown), headers=_NO_STORE)


@get("/p/{code:str}/d/{number:int}", operation_id="show_draw", opt=PUBLIC, include_in_schema=False)
async def result(visit: Visit, database: Database, code: str, number: int) -> Response[bytes]:
    """What one draw came to, for the customer who drew."""
    seq = _seq(visit.require_customer())
    async with database.begin(visit.bank.id) as tx:
        play = await plays.published(tx, code)
        shown = await _shown(tx, visit, play, await plays.own_draw(tx, play, number, seq), seq)
    path = f"{visit.home}/p/{code}"
    return themed(visit, play).page("play_result.html", shown=shown, title=_title(play, visit), path=path, **_assets())


@get("/p/{code:str}/verify", operation_id="show_play_proof", opt=PUBLIC, include_in_schema=False)
async def proof(visit: Visit, database: Database, code: str) -> Response[bytes]:
    """Rules in full, odds, commitment, and after the end seed and replay (rules L3, L5, L6)."""
    async with database.begin(visit.bank.id) as tx:
        play = await plays.published(tx, code)
        table = await plays.table_of(tx, play)
        promised = await plays.promised(tx, play)
        stock = await plays.stock(tx, table)
        wins = await plays.big_wins(tx, play, table)
        told = await plays.releases(tx, play)
        names = {int(row.seq): row.name for row in await customers.masked_rows(tx, [one.seq for one in wins])}
        now = tx.now
    words = visit.words
    page = play_channels.every_rule(play, words)
    assert play.commitment is not None, "a published play has a commitment"
    assert play.published_at is not None, "a published play was published"
    values: dict[str, Any] = {
        "path": f"{visit.home}/p/{code}",
        "title": _title(play, visit),
        "rules": page,
        "rows": _rows(table, stock, plays.rewarded(play.draft), visit),
        "now": now,
        "limits": [*_limits(table, visit), *_claimed_until(play, table, visit)],
        "commitment": play.commitment.hex(),
        "tables": [(version, one.hex()) for version, one in promised.items()],
        "seed": play.seed.hex() if play.seed else "",
        "draws": play.drawn,
        "published": play.published_at,
        "amended": [
            (words.minute(one.published_at), words.either(one.zh, one.en), words.minute(one.closes_at))
            for one in reversed(told)
            if one.zh
        ],
        "wins": [(one.number, names.get(one.seq) or "*", _titled(table.prizes[one.given], visit)) for one in wins],
    }
    return themed(visit, play).page("play_proof.html", **values, **_assets("verify.js"))


@get("/play-preview/{token:str}", operation_id="preview_play_page", opt=PUBLIC, include_in_schema=False)
async def preview(visit: Visit, database: Database, token: str) -> Response[bytes]:
    """A play's page as it stands in the editor, for whoever holds its token: over prizes that nobody can win yet."""
    async with database.begin(visit.bank.id) as tx:
        play = await plays.previewed(tx, token)
        table = plays.drafted_table(play.draft)
        pools = [prize.pool_id for prize in play.draft.prizes if prize.pool_id]
        left = {pool.id: pool.available for pool in await grants.get_pools(tx, pools)}
        told = await play_blocks.told(tx, play, table, visit)
        stock = {line: left[one.pool_id] for line, one in enumerate(play.draft.prizes) if one.pool_id in left}
        way = await ways.shown(tx, play, table, visit, stock)
        now = tx.now
    shown = Stand(play=play, table=table, stock=stock, closed="", chances=play.draft.daily_chances, latest=[])
    values = _page(shown, visit, now, told, way) | {"open": True, "card": None}
    return themed(visit, play).page("play.html", **values)


@get("/play-pictures/{name:str}", operation_id="show_play_picture", opt=PUBLIC, include_in_schema=False)
async def picture(visit: Visit, database: Database, name: str) -> Response[bytes]:
    """The own picture of a page; its address is made of its bytes, so it may be kept for good."""
    asked = _PICTURE.fullmatch(name)
    if asked is None:
        raise plays.PictureUnknown(f"There is no picture {name[:80]}.")
    async with database.begin(visit.bank.id) as tx:
        body = await plays.picture(tx, UUID(asked[1]))
    return Response(body, media_type="image/webp", headers=KEEP)


@get("/p/{code:str}/archive.json", operation_id="download_play_archive", opt=PUBLIC, include_in_schema=False)
async def download(visit: Visit, database: Database, code: str) -> Stream:
    """Everything a replay needs, natural persons under marks that say nothing of who they are."""
    async with database.begin(visit.bank.id) as tx:
        play = await plays.published(tx, code)
        tables = await plays.tables_of(tx, play)
        promised = await plays.promised(tx, play)
    headers = {"Content-Disposition": f'attachment; filename="{code}.json"', **_NO_STORE}
    return Stream(
        _archive(database, visit.bank.id, play, tables, promised), media_type="application/json", headers=headers
    )


async def _archive(
    database: Database, tenant: TenantId, play: Play, tables: list[PrizeTable], promised: Mapping[int, bytes]
) -> AsyncIterator[bytes]:
    """JSON in pieces: head, then the draws in order."""
    head = {
        "play": str(play.id),
        "commitment": (play.commitment or b"").hex(),
        "seed": play.seed.hex() if play.seed else None,
        "count": play.drawn,
        "tables": [
            {
                "version": table.version,
                "hash": promised[table.version].hex(),
                "text": msgspec.json.encode(table, order="deterministic").decode(),
            }
            for table in tables
        ],
    }
    yield msgspec.json.encode(head)[:-1] + b',"draws":['
    first = True
    async for draws in plays.archive(database, tenant, play.id):
        text = b",".join(msgspec.json.encode(_public(one)) for one in draws)
        yield text if first else b"," + text
        first = False
    yield b"]}"


def _public(one: Draw) -> list[Any]:
    steps = [[step.line, step.why, step.left] for step in one.steps]
    return [
        one.number, one.version, one.outcome, one.picked, one.given, steps, one.left, one.mark.hex(), one.at.isoformat()
    ]  # fmt: skip


def _page(found: Stand, visit: Visit, now: Any, told: Told, way: Way | None = None) -> dict[str, Any]:
    play, words = found.play, visit.words
    closed = (found.closed if way is None else way.closed) or ("" if visit.customer else "sign_in")
    if not closed and way is None and found.stock and not any(found.stock.values()):
        closed = "all_gone"
    commitment = (play.commitment or bytes(4)).hex()
    lines = [(_titled(prize, visit), told.pictures.get(prize.line, "")) for prize in found.table.prizes]
    certain = plays.rewarded(play.draft)
    kind, design = boards.look_of(play.draft.kind), play.draft.design
    closed = closed if play.draft.shown_on(visit.via) else "channel"
    closed, opens = boards.closed_by_rain(closed, play, now)
    closed = boards.closed_by_visit(closed, play, played=bool(found.latest) and now - found.latest[0].at < A_DAY)
    return {
        "groups": play_blocks.groups(design, visit, board_staged=way is None),
        "has_hero": any(block.kind is BlockKind.HERO for block in design.blocks),
        "season": design.season.value if design.season else "",
        "picture": play_blocks.picture_path(design, visit),
        "days": f"{words.short_day(play.opens_at)} – {words.short_day(play.closes_at)}"
        if play.opens_at and play.closes_at
        else "",
        "rules": words.either(play.draft.zh.rules, play.draft.en.rules),
        "channel_rules": play_channels.rules_of(play, visit),
        "winners": told.winners,
        "missions": told.missions,
        "kind": kind,
        "title": _title(play, visit),
        "subtitle": words.either(play.draft.zh.subtitle, play.draft.en.subtitle),
        "path": f"{visit.home}/p/{play.code}",
        "back": "",
        "window": words("play.window", opens=words.minute(play.opens_at), closes=words.minute(play.closes_at))
        if play.opens_at and play.closes_at
        else "",
        "chances": min(found.chances, CHANCES_AT_ONCE),
        "earn": boards.earned_by(play, words),
        "sectors": wheel.sectors(lines, certain) if kind == "wheel" else [],
        "fields": [lines[line] for line in wheel.cells(lines, certain)] if kind == "grid" else [],
        "blank": wheel.CELLS - len(wheel.cells(lines, certain)),
        "order": wheel.cells(lines, certain) if kind == "grid" else wheel.fields(lines, certain),
        "dots": wheel.dots(),
        "rows": _rows(found.table, found.stock, certain, visit),
        "limits": _limits(found.table, visit),
        "commitment": f"{commitment[:4]}…{commitment[-4:]}" if play.commitment else words("play.commitment.later"),
        "open": not closed,
        "card": _card(closed, play, visit, opens) if closed else None,
        "verb": boards.verb_of(play.draft.kind, words),
        "request_no": new_id().hex,
        "mine": [(one.number, lines[one.given][0], words.minute(one.at)) for one in found.latest],
        "now": now,
        "drawn": play.draft.is_drawn,
        **_assets("play.js"),
        **(way.values if way else {"way": "", "dock": False, "said": "", "gone": False}),
    }


def _assets(script: str = "") -> dict[str, Any]:
    return {"sheet": "play.css", "island": script}


def _rows(table: PrizeTable, stock: dict[int, int], certain: set[int], visit: Visit) -> list[Row]:
    words = visit.words
    rows = []
    for prize in table.prizes:
        notes = []
        if prize.value_fen:
            notes.append(words("verify.value", amount=format_yuan(prize.value_fen)))
        if prize.per_day:
            notes.append(words("verify.per_day", count=prize.per_day))
        if prize.per_person:
            notes.append(words("verify.per_person", count=prize.per_person))
        if prize.fallback is not None:
            notes.append(words("verify.fallback", title=_titled(table.prizes[prize.fallback], visit)))
        if prize.withholding_ppm:
            notes.append(words("verify.tax"))
        left = stock.get(prize.line)
        odds = words("way.certain") if prize.line in certain else percent(prize.odds_ppm)
        shown = "—" if left is None else words("play.units", count=f"{left:,}") if left else words("play.gone")
        rows.append(Row(title=_titled(prize, visit), odds=odds, stock=shown, notes=notes))
    return rows


def percent(ppm: int) -> str:
    """Odds in percent, exactly: 120,000 ppm is 12%, 15 ppm is 0.0015%."""
    whole, part = divmod(ppm, 10_000)
    return f"{whole}.{part:04d}".rstrip("0").rstrip(".") + "%"


def _claimed_until(play: Play, table: PrizeTable, visit: Visit) -> list[str]:
    """How long a prize that is sent waits for its address, where one may be sent (rule L3: claim terms)."""
    sent = any(prize.kind in _SENT for prize in table.prizes)
    return [visit.words("verify.claim_days", count=play.draft.claim_days)] if sent else []


def _limits(table: PrizeTable, visit: Visit) -> list[str]:
    found = []
    if table.draws_a_day:
        found.append(visit.words("verify.day", count=table.draws_a_day))
    if table.guarantee_line is not None:
        title = _titled(table.prizes[table.guarantee_line], visit)
        found.append(visit.words("verify.guarantee", count=table.guarantee_after, title=title))
    return found


def _card(closed: str, play: Play, visit: Visit, at: datetime | None) -> Card:
    words = visit.words
    opens = words.minute(at) if at else ""
    tone, picture = _LOOKS.get(closed, ("", "ticket"))
    href, action = (f"{visit.home}/benefits", words("to_benefits")) if visit.customer else visit.door(f"p/{play.code}")
    return Card(
        tone=tone,
        picture=picture,
        title=words(f"play.closed.{closed}.title", opens=opens),
        text=words(f"play.closed.{closed}.text", opens=opens, where=play_channels.where(play, words)),
        href=href or None,
        action=action or None,
    )


_LOOKS = {
    "sign_in": ("brand", "lock"),
    "channel": ("brand", "lock"),
    "plays.not_started": ("brand", "clock"),
    "plays.paused": ("warn", "pause"),
    "plays.ended": ("", "sunset"),
    "customers.not_eligible": ("brand", "finance"),
    "plays.no_chance": ("brand", "clock"),
    "plays.day_limit": ("brand", "clock"),
    "lobby.visit": ("brand", "place"),
    "lobby.door": ("brand", "place"),
    "lobby.used": ("brand", "clock"),
    "rain.next": ("brand", "clock"),
    "rain.taken": ("brand", "clock"),
}


async def _shown(tx: Tx, visit: Visit, play: Play, made: Draw, seq: int) -> Shown:
    words = visit.words
    found = await plays.stand(tx, play, seq)
    tables = {table.version: table for table in await plays.tables_of(tx, play)}
    prize = tables[made.version].prizes[made.given]
    text, use_path, lost, use = words("play.lost.text"), "", words("play.lost"), words("play.use")
    if made.grant_id is not None:
        item = await grants.get_own(tx, made.grant_id, seq)
        sku = (await catalogue.skus(tx, [item.sku_id])).get(item.sku_id)
        until = words("play.until", date=benefits.last_day(item.expires_at, words)) if item.expires_at else ""
        where = words.either(sku.acceptance, sku.acceptance_en) if sku else ""
        text = " · ".join(part for part in (where, until) if part)
        use_path = f"{visit.home}/benefits/{item.id}"
        if item.state is grants.State.RESERVED and item.expires_at:
            text, use = words("play.address", date=benefits.last_day(item.expires_at, words)), words("play.address.do")
    elif boards.is_card(play, made.given):
        text = words("play.card.kept")
    elif found.chances and not found.closed:
        text += words("play.more", count=found.chances)
    return Shown(
        number=made.number,
        line=made.given,
        won=made.grant_id is not None,
        title=_titled(prize, visit) if made.grant_id is not None or boards.is_card(play, made.given) else lost,
        text=text,
        use_path=use_path,
        use=use,
        chances=found.chances,
        again=words("play.again", count=found.chances) if found.chances and not found.closed else "",
    )


def themed(visit: Visit, play: Play) -> Visit:
    """The visit in the play's own colours, where it has any."""
    colours = play.draft.design.colours
    if colours is None:
        return visit
    return msgspec.structs.replace(visit, look=msgspec.structs.replace(visit.look, brand=colours))


def _title(play: Play, visit: Visit) -> str:
    return visit.words.either(play.draft.zh.title, play.draft.en.title) or play.draft.name


def _titled(prize: Prize, visit: Visit) -> str:
    return visit.words.either(prize.title, prize.title_en)


def _seq(customer: Principal) -> int:
    assert customer.seq is not None, "a customer's session has a seq"
    return int(customer.seq)


def _seq_or_none(visit: Visit) -> int | None:
    return _seq(visit.customer) if visit.customer else None


routes = [board, *ways.routes, show, draw, result, proof, download, preview, picture]
