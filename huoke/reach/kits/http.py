"""Routes of kits."""

from datetime import datetime
from uuid import UUID

from litestar import delete, get, post

from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page, Principal, Reason, Result, decode_cursor, each, encode_cursor, page_limit
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Database, Tx
from huoke.know.language import Analytics
from huoke.reach import kits
from huoke.reach.kits.model import KitView, NewSetup, Preview, Setup, SetupRow, Terms

TAGS = ["kits"]
READ = {"permission": "campaign.read"}
WRITE = {"permission": "campaign.write"}


@get("/v1/kits", operation_id="list_kits", tags=TAGS, summary="Scenarios ready to be set up", opt=READ)
async def list_kits(tx: Tx, principal: Principal) -> list[KitView]:
    return await kits.gallery(tx, principal)


@post(
    "/v1/kit-previews",
    operation_id="preview_kit",
    tags=TAGS,
    summary="Whom a kit would reach, what it would cost at most, what is missing",
    opt=WRITE,
    status_code=200,
)
async def preview_kit(tx: Tx, principal: Principal, clickhouse: ClickHouse, sets: SetServer, data: Terms) -> Preview:
    return await kits.preview(tx, principal, Analytics(clickhouse, sets), data)


@get("/v1/kit-setups", operation_id="list_kit_setups", tags=TAGS, summary="Kits that were set up", opt=READ)
async def list_kit_setups(
    tx: Tx, principal: Principal, q: str = "", cursor: str | None = None, limit: int | None = None
) -> Page[SetupRow]:
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await kits.find(tx, principal, q=q, before=before, limit=size + 1)
    last = found[size - 1] if len(found) > size else None
    return Page(items=found[:size], next_cursor=encode_cursor(last.created_at, last.id) if last else None)


@post("/v1/kit-setups", operation_id="set_up_kits", tags=TAGS, summary="Set kits up: drafts, nothing more", opt=WRITE)
async def set_up_kits(tx: Tx, principal: Principal, data: list[NewSetup]) -> list[Result]:
    async def write(tx: Tx, new: NewSetup) -> UUID:
        return await kits.set_up(tx, principal, new)

    return await each(tx, data, write)


@get("/v1/kit-setups/{setup_id:uuid}", operation_id="get_kit_setup", tags=TAGS, summary="A kit's parts", opt=READ)
async def get_kit_setup(tx: Tx, principal: Principal, setup_id: UUID) -> Setup:
    return await kits.get(tx, principal, setup_id)


@post(
    "/v1/kit-setups/{setup_id:uuid}/submission",
    operation_id="submit_kit_setup",
    tags=TAGS,
    summary="Send every part of a kit to its approval",
    opt={"permission": "campaign.submit"},
)
async def submit_kit_setup(
    tx: Tx, database: Database, principal: Principal, clickhouse: ClickHouse, sets: SetServer, setup_id: UUID
) -> Setup:
    await kits.submit(tx, database, principal, Analytics(clickhouse, sets), setup_id)
    return await kits.get(tx, principal, setup_id)


@post(
    "/v1/kit-setups/{setup_id:uuid}/stop",
    operation_id="stop_kit_setup",
    tags=TAGS,
    summary="Stop everything of a kit that runs",
    status_code=200,
    opt={"permission": "campaign.halt"},
)
async def stop_kit_setup(tx: Tx, principal: Principal, setup_id: UUID, data: Reason) -> Setup:
    await kits.stop(tx, principal, setup_id, data.reason)
    return await kits.get(tx, principal, setup_id)


@delete(
    "/v1/kit-setups/{setup_id:uuid}",
    operation_id="remove_kit_setup",
    tags=TAGS,
    summary="Take back a kit that is no more than drafts",
    opt=WRITE,
)
async def remove_kit_setup(tx: Tx, principal: Principal, setup_id: UUID) -> None:
    await kits.remove(tx, principal, setup_id)


routes = [
    list_kits,
    preview_kit,
    list_kit_setups,
    set_up_kits,
    get_kit_setup,
    submit_kit_setup,
    stop_kit_setup,
    remove_kit_setup,
]
