"""Routes of the lobby: the code on a screen, whom one received, what a play came to by branch."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get

from huoke.kernel.http import Page, Principal
from huoke.kernel.tx import Tx
from huoke.reward import plays
from huoke.reward.plays.lobby_read import LobbyFigure, LobbyScreen, LobbyVisit
from huoke.reward.plays.ways import CodeOf

TAGS = ["plays"]
HOST = {"permission": "lobby.host"}


@get(
    "/v1/lobby-screen",
    operation_id="get_lobby_screen",
    tags=TAGS,
    summary="The code a screen at the caller's branch shows now",
    opt=HOST,
)
async def get_screen(
    request: Request[Any, Any, Any], tx: Tx, principal: Principal, of: CodeOf = CodeOf.RM
) -> Response[LobbyScreen]:
    shown = await plays.screen(tx, principal, of, f"{request.base_url.scheme}://{request.base_url.netloc}")
    return Response(shown, headers={"Cache-Control": "no-store"})


@get(
    "/v1/lobby-visits",
    operation_id="list_lobby_visits",
    tags=TAGS,
    summary="Whom the caller received at the branch today, and what they drew",
    opt=HOST,
)
async def list_visits(tx: Tx, principal: Principal) -> Page[LobbyVisit]:
    found = await plays.received(tx, principal)
    return Page(items=found, total=len(found))


@get(
    "/v1/plays/{play_id:uuid}/lobby",
    operation_id="get_play_lobby",
    tags=TAGS,
    summary="What a play of the lobby came to by branch and relationship manager",
    opt={"permission": "campaign.read"},
)
async def get_figures(tx: Tx, principal: Principal, play_id: UUID) -> list[LobbyFigure]:
    return await plays.lobby_figures(tx, principal, play_id)


routes = [get_screen, list_visits, get_figures]
