"""Routes of figures: the live board, its stream, and the first page."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.response import ServerSentEvent, ServerSentEventMessage

from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Principal
from huoke.kernel.tx import Database, Tx
from huoke.measure.figures.board import board, require
from huoke.measure.figures.home import alarms, home
from huoke.measure.figures.home_model import Alarm, Home
from huoke.measure.figures.model import Board
from huoke.measure.figures.watch import watch

TAGS = ["figures"]


@get(
    "/v1/home",
    operation_id="get_home",
    tags=TAGS,
    summary="Running campaigns, what waits, what changed",
    opt={"permission": "any"},
)
async def get_home(tx: Tx, principal: Principal, clickhouse: ClickHouse) -> Home:
    return await home(tx, clickhouse, principal)


@get(
    "/v1/alarms",
    operation_id="list_alarms",
    tags=TAGS,
    summary="What goes wrong unless the caller acts",
    opt={"permission": "any"},
)
async def list_alarms(tx: Tx, principal: Principal) -> list[Alarm]:
    return await alarms(tx, principal)


@get(
    "/v1/campaigns/{campaign_id:uuid}/board",
    operation_id="get_board",
    tags=TAGS,
    summary="A campaign live",
    opt={"permission": "figure.read"},
)
async def get_board(tx: Tx, principal: Principal, clickhouse: ClickHouse, campaign_id: UUID) -> Board:
    await require(tx, principal, campaign_id)
    return await board(tx, clickhouse, campaign_id)


@get(
    "/v1/campaigns/{campaign_id:uuid}/board/stream",
    operation_id="stream_board",
    tags=TAGS,
    summary="The board again whenever it changes, as server-sent events",
    opt={"permission": "figure.read"},
)
async def stream_board(
    request: Request[Any, Any, Any], database: Database, clickhouse: ClickHouse, principal: Principal, campaign_id: UUID
) -> ServerSentEvent:
    async with database.begin(principal.tenant, principal.actor) as tx:
        await require(tx, principal, campaign_id)
    seen = request.headers.get("Last-Event-ID", "")

    async def messages() -> AsyncIterator[ServerSentEventMessage]:
        async for update in watch(database, clickhouse, principal.tenant, campaign_id, seen=seen):
            event = "board" if update.changed else "tick"
            yield ServerSentEventMessage(data=update.body, event=event, id=update.id, retry=2_000)

    return ServerSentEvent(messages(), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


routes = [get_home, list_alarms, get_board, stream_board]
