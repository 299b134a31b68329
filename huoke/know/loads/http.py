"""Files of events over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import Parameter
from litestar.response import Stream

from huoke.govern.people import staff
from huoke.kernel import files
from huoke.kernel.engines import ClickHouse
from huoke.kernel.http import Page, Result, decode_cursor, download, each_once, encode_cursor, page_limit
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Database, Tx
from huoke.know.events import FileLook
from huoke.know.loads import read, steer
from huoke.know.loads.model import EventLoad, LoadStatus, NewLoad, NewLook
from huoke.know.loads.start import look, start

TAGS = ["events"]
READ = {"permission": "event.read"}
WRITE = {"permission": "event.write"}


@post(
    "/v1/event-file-looks",
    operation_id="look_into_event_file",
    opt=WRITE,
    tags=TAGS,
    summary="Look into an uploaded file of events: how it would be read, and what would become of its first rows",
    status_code=200,
)
async def look_into(database: Database, clickhouse: ClickHouse, principal: Principal, data: NewLook) -> FileLook:
    """Nothing is loaded."""
    return await look(database, clickhouse, principal.tenant, data)


@post("/v1/event-loads", operation_id="start_event_loads", opt=WRITE, tags=TAGS, summary="Load files of events")
async def start_loads(tx: Tx, data: list[NewLoad]) -> list[Result]:
    """Each runs as a job; the same file again brings nothing twice."""
    return await each_once(tx, "loads.start", data, start)


@get("/v1/event-loads", operation_id="list_event_loads", opt=READ, tags=TAGS, summary="Loaded files of events")
async def list_loads(
    tx: Tx,
    q: Annotated[str, Parameter(max_length=200)] = "",
    status: LoadStatus | None = None,
    source_id: UUID | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[EventLoad]:
    """Latest first; `q` is a part of the file's name."""
    size, before = page_limit(limit), decode_cursor(cursor, tuple[datetime, UUID])
    found, counts = await read.find(tx, q=q, source_id=source_id, status=status, before=before, limit=size + 1)
    more = encode_cursor(found[size - 1].created_at, found[size - 1].id) if len(found) > size else None
    items = await _named(tx, found[:size])
    return Page(items=items, next_cursor=more, total=sum(counts.values()), counts=counts)


@get("/v1/event-loads/{load_id:uuid}", operation_id="get_event_load", opt=READ, tags=TAGS, summary="One load")
async def get_load(tx: Tx, load_id: UUID) -> EventLoad:
    """With its refused rows by cause, and how many rows wait to this day."""
    return (await _named(tx, [await read.get(tx, load_id)]))[0]


@post(
    "/v1/event-loads/{load_id:uuid}/cancellation",
    operation_id="cancel_event_load",
    opt=WRITE,
    tags=TAGS,
    summary="Stop a load; what it brought is taken back",
    status_code=200,
)
async def cancel_load(tx: Tx, load_id: UUID) -> EventLoad:
    """Nothing of it stands."""
    await steer.cancel(tx, load_id)
    return await read.get(tx, load_id)


@post(
    "/v1/event-loads/{load_id:uuid}/withdrawal",
    operation_id="withdraw_event_load",
    opt=WRITE,
    tags=TAGS,
    summary="Take back everything a load brought",
    status_code=200,
)
async def withdraw_load(tx: Tx, load_id: UUID) -> EventLoad:
    """Runs as a job."""
    await steer.withdraw(tx, load_id)
    return await read.get(tx, load_id)


@get(
    "/v1/event-loads/{load_id:uuid}/rejects",
    operation_id="download_event_rejects",
    opt=WRITE,
    tags=TAGS,
    summary="Refused rows as CSV, each with row, cause and mend",
)
async def download_rejects(tx: Tx, database: Database, principal: Principal, load_id: UUID) -> Stream:
    """Cells that a spreadsheet would run as a formula begin with an apostrophe."""
    file = await files.get(tx, await read.rejects_file(tx, load_id))
    return download(database, principal.tenant, file)


async def _named(tx: Tx, found: list[EventLoad]) -> list[EventLoad]:
    """With the names of staff in the place of their ids."""
    names = await staff.names(tx, {one for load in found for one in (load.created_by, load.withdrawn_by) if one})
    return [
        msgspec.structs.replace(
            one,
            created_by=names.get(one.created_by, one.created_by),
            withdrawn_by=names.get(one.withdrawn_by, one.withdrawn_by) if one.withdrawn_by else None,
        )
        for one in found
    ]


routes = [look_into, start_loads, list_loads, get_load, cancel_load, withdraw_load, download_rejects]
