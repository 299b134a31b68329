"""Routes of plays in the console: draft, submit, pause, figures, verification."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post, put

from huoke.govern.approvals import Check
from huoke.kernel.http import Page, Principal, Result, decode_cursor, each_once, page_limit, page_of
from huoke.kernel.tx import Database, Tx
from huoke.reward import catalogue, plays
from huoke.reward.plays import store
from huoke.reward.plays.draft import Problem
from huoke.reward.plays.lobby_read import LobbyFigure, LobbyScreen, LobbyVisit
from huoke.reward.plays.model import (
    Amendment,
    Draft,
    NewAmendment,
    NewPlay,
    Play,
    PlayChange,
    PlayKind,
    PlayState,
    PrizeTable,
)
from huoke.reward.plays.preview import Preview
from huoke.reward.plays.read import PlayFigures, Replayed
from huoke.reward.plays.seasons import Template
from huoke.reward.plays.versions import Version
from huoke.reward.plays.ways import CodeOf

TAGS = ["plays"]
READ = {"permission": "campaign.read"}
WRITE = {"permission": "campaign.write"}
HOST = {"permission": "lobby.host"}


class PlayRow(msgspec.Struct, frozen=True, kw_only=True):
    """A play in a list."""

    id: UUID
    code: str
    name: str
    kind: PlayKind
    state: PlayState
    unit_id: int
    opens_at: datetime | None
    closes_at: datetime | None
    draws: int
    prizes: int
    created_at: datetime


class PlayView(msgspec.Struct, frozen=True, kw_only=True):
    """A play with its draft, the table in force, and what may be done with it; digests in hex."""

    id: UUID
    code: str
    unit_id: int
    state: PlayState
    version: int
    draft: Draft
    table: PrizeTable | None
    table_hash: str
    draws: int
    commitment: str
    seed: str
    change_id: UUID | None
    published_at: datetime | None
    ended_at: datetime | None
    problems: list[Problem]
    checks: list[Check]
    can: list[str]


class PlayMove(msgspec.Struct, frozen=True, kw_only=True):
    """Where a play is to go, and why."""

    state: PlayState
    reason: str = ""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as it stands in the editor, and the token under which it was shown before."""

    draft: Draft | None = None
    token: str = ""


class PictureKept(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that was kept: designs name it by its id."""

    id: UUID


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """The change that waits for approval."""

    change_id: UUID


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """The number of the version that was saved."""

    version: int


@get("/v1/plays", operation_id="list_plays", tags=TAGS, summary="Plays in scope, latest first", opt=READ)
async def list_plays(
    tx: Tx,
    principal: Principal,
    status: PlayState | None = None,
    kind: PlayKind | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[PlayRow]:
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await store.find(tx, principal.units, [status] if status else None, kind, before, size + 1)
    counts = await store.count_states(tx, principal.units, kind)
    return page_of(
        [_row(play) for play in found], size, lambda row: (row.created_at, row.id), counts=counts, status=status
    )


@post("/v1/plays", operation_id="create_plays", tags=TAGS, summary="Draft plays", opt=WRITE)
async def create_plays(tx: Tx, principal: Principal, data: list[NewPlay]) -> list[Result]:
    async def write(tx: Tx, new: NewPlay) -> UUID:
        return await plays.create(tx, principal, new)

    return await each_once(tx, "plays.create_route", data, write)


@get("/v1/plays/{play_id:uuid}", operation_id="get_play", tags=TAGS, summary="A play", opt=READ)
async def get_play(tx: Tx, principal: Principal, play_id: UUID) -> PlayView:
    return await _view(tx, principal, await plays.seen(tx, play_id, principal))


@put("/v1/plays/{play_id:uuid}", operation_id="change_play", tags=TAGS, summary="Save a draft", opt=WRITE)
async def change_play(tx: Tx, principal: Principal, play_id: UUID, data: PlayChange) -> Saved:
    return Saved(version=await plays.change(tx, principal, play_id, data))


@get(
    "/v1/plays/{play_id:uuid}/versions",
    operation_id="list_play_versions",
    tags=TAGS,
    summary="Saved drafts of a play, who made and who approved them",
    opt=READ,
)
async def list_play_versions(tx: Tx, principal: Principal, play_id: UUID) -> list[Version]:
    return await plays.versions(tx, principal, play_id)


@post(
    "/v1/plays/{play_id:uuid}/preview",
    operation_id="preview_play",
    tags=TAGS,
    summary="Show a draft, saved or not, on a phone page for a quarter of an hour",
    opt=READ,
    status_code=200,
)
async def preview_play(tx: Tx, principal: Principal, play_id: UUID, data: Shown) -> Preview:
    return await plays.show_draft(tx, principal, play_id, data.draft, data.token)


@post(
    "/v1/plays/{play_id:uuid}/amendments",
    operation_id="amend_play",
    tags=TAGS,
    summary="Ask for a change of a running play in its customers' favour",
    opt={"permission": "campaign.submit"},
)
async def amend_play(tx: Tx, principal: Principal, play_id: UUID, data: NewAmendment) -> Submitted:
    return Submitted(change_id=await plays.amend(tx, principal, play_id, data))


@get(
    "/v1/plays/{play_id:uuid}/amendments",
    operation_id="list_play_amendments",
    tags=TAGS,
    summary="Changes that were asked for of a play",
    opt=READ,
)
async def list_play_amendments(tx: Tx, principal: Principal, play_id: UUID) -> list[Amendment]:
    return await plays.amendments(tx, principal, play_id)


@get(
    "/v1/play-templates",
    operation_id="list_play_templates",
    tags=TAGS,
    summary="Pages to begin from, one a season",
    opt=READ,
)
async def list_play_templates() -> list[Template]:
    return list(plays.TEMPLATES)


@post(
    "/v1/play-pictures",
    operation_id="add_play_picture",
    tags=TAGS,
    summary="Upload a picture of a page: a PNG, JPEG or WebP as the body",
    opt=WRITE,
    request_max_body_size=catalogue.PICTURE_BYTES_MAX,
)
async def add_play_picture(request: Request[Any, Any, Any], principal: Principal, database: Database) -> PictureKept:
    redrawn = await asyncio.to_thread(plays.redraw, await request.body())
    async with database.begin(principal.tenant, principal.actor) as tx:
        return PictureKept(id=await plays.add_picture(tx, redrawn))


@post(
    "/v1/plays/{play_id:uuid}/submission",
    operation_id="submit_play",
    tags=TAGS,
    summary="Ask for a play's approval",
    opt={"permission": "campaign.submit"},
)
async def submit_play(tx: Tx, principal: Principal, play_id: UUID) -> Submitted:
    return Submitted(change_id=await plays.submit(tx, principal, play_id))


@put(
    "/v1/plays/{play_id:uuid}/state",
    operation_id="move_play",
    tags=TAGS,
    summary="Pause, resume or end a play",
    opt={"permission": "campaign.halt"},
)
async def move_play(tx: Tx, principal: Principal, play_id: UUID, data: PlayMove) -> PlayView:
    await plays.move(tx, principal, play_id, data.state, data.reason)
    return await _view(tx, principal, await plays.seen(tx, play_id, principal))


@get(
    "/v1/plays/{play_id:uuid}/figures",
    operation_id="get_play_figures",
    tags=TAGS,
    summary="Draws, stock and odds of a play",
    opt=READ,
)
async def get_play_figures(tx: Tx, principal: Principal, play_id: UUID) -> PlayFigures:
    return await plays.figures(tx, principal, play_id)


@post(
    "/v1/plays/{play_id:uuid}/verification",
    operation_id="verify_play",
    tags=TAGS,
    summary="Do every draw of an ended play again",
    opt=READ,
    status_code=200,
)
async def verify_play(tx: Tx, database: Database, principal: Principal, play_id: UUID) -> Replayed:
    play = await plays.seen(tx, play_id, principal)
    return await plays.replay(database, principal.tenant, play.id)


@get(
    "/v1/lobby-screen",
    operation_id="get_lobby_screen",
    tags=TAGS,
    summary="The code a screen at the caller's branch shows now",
    opt=HOST,
)
async def get_lobby_screen(
    request: Request[Any, Any, Any], tx: Tx, principal: Principal, of: CodeOf = CodeOf.RM
) -> Response[LobbyScreen]:
    shown = await plays.screen(tx, principal, of, f"{request.base_url.scheme}://{request.base_url.netloc}")
    return Response(shown, headers={"Cache-Control": "no-store"})


@get(
    "/v1/lobby-screen/picture",
    operation_id="draw_lobby_code",
    tags=TAGS,
    summary="The same code as a PNG, for screens that show no SVG",
    opt=HOST,
    media_type="image/png",
)
async def draw_lobby_code(
    request: Request[Any, Any, Any], tx: Tx, principal: Principal, of: CodeOf = CodeOf.RM
) -> Response[bytes]:
    drawn = await plays.screen_png(tx, principal, of, f"{request.base_url.scheme}://{request.base_url.netloc}")
    return Response(drawn, media_type="image/png", headers={"Cache-Control": "no-store"})


@get(
    "/v1/lobby-visits",
    operation_id="list_lobby_visits",
    tags=TAGS,
    summary="Whom the caller received at the branch today, and what they drew",
    opt=HOST,
)
async def list_lobby_visits(tx: Tx, principal: Principal) -> Page[LobbyVisit]:
    found = await plays.received(tx, principal)
    return Page(items=found, total=len(found))


@get(
    "/v1/plays/{play_id:uuid}/lobby",
    operation_id="get_play_lobby",
    tags=TAGS,
    summary="What a play of the lobby came to by branch and relationship manager",
    opt={"permission": "campaign.read"},
)
async def get_play_lobby(tx: Tx, principal: Principal, play_id: UUID) -> list[LobbyFigure]:
    return await plays.lobby_figures(tx, principal, play_id)


async def _view(tx: Tx, principal: Principal, play: Play) -> PlayView:
    drafted = play.state is PlayState.DRAFT
    table = await plays.table_of(tx, play) if play.table_version else None
    return PlayView(
        id=play.id,
        code=play.code,
        unit_id=play.unit_id,
        state=play.state,
        version=play.version,
        draft=play.draft,
        table=table,
        table_hash=table.digest().hex() if table else "",
        draws=play.drawn,
        commitment=(play.commitment or b"").hex(),
        seed=(play.seed or b"").hex(),
        change_id=play.change_id,
        published_at=play.published_at,
        ended_at=play.ended_at,
        problems=list(plays.gaps(play.draft)) if drafted else [],
        checks=await plays.rules(tx, play) if drafted else [],
        can=_can(play, principal),
    )


def _can(play: Play, principal: Principal) -> list[str]:
    ways = {
        PlayState.DRAFT: [("change", "campaign.write"), ("submit", "campaign.submit")],
        PlayState.LIVE: [("amend", "campaign.submit"), ("pause", "campaign.halt"), ("end", "campaign.halt")],
        PlayState.PAUSED: [("amend", "campaign.submit"), ("resume", "campaign.halt"), ("end", "campaign.halt")],
        PlayState.ENDED: [("verify", "campaign.read")],
    }
    return [verb for verb, permission in ways.get(play.state, []) if principal.may(permission)]


def _row(play: Play) -> PlayRow:
    return PlayRow(
        id=play.id,
        code=play.code,
        name=play.draft.name,
        kind=play.draft.kind,
        state=play.state,
        unit_id=play.unit_id,
        opens_at=play.opens_at,
        closes_at=play.closes_at,
        draws=play.drawn,
        prizes=sum(prize.sku_id is not None for prize in play.draft.prizes),
        created_at=play.created_at,
    )


routes = [
    get_lobby_screen,
    draw_lobby_code,
    list_lobby_visits,
    get_play_lobby,
    list_plays,
    create_plays,
    get_play,
    change_play,
    list_play_versions,
    amend_play,
    list_play_amendments,
    preview_play,
    list_play_templates,
    add_play_picture,
    submit_play,
    move_play,
    get_play_figures,
    verify_play,
]
