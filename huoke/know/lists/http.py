"""Lists that are handed out, over HTTP."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, delete, get, post
from litestar.response import Stream

from huoke.govern import audit
from huoke.govern.people import staff
from huoke.kernel import files
from huoke.kernel.engines import ClickHouse
from huoke.kernel.files import FileId
from huoke.kernel.http import Page, Result, download, each_once
from huoke.kernel.principal import Principal
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import ActorKind, Database, Tx
from huoke.know import language, lists, segments
from huoke.know.lists import store
from huoke.know.lists.model import ByPeople, ListColumn, ListExport, ListState, ListUnknown, NewListExport

TAGS = ["lists"]
EXPORT = {"permission": "list.export"}
SHOWN = 50


@get("/v1/list-columns", operation_id="list_list_columns", opt=EXPORT, tags=TAGS, summary="Columns a list may have")
async def list_list_columns(tx: Tx) -> Page[ListColumn]:
    """Fields of every customer first."""
    found = list((await lists.list_columns(tx)).values())
    return Page(items=[*found[-len(lists.FIELDS) :], *found[: -len(lists.FIELDS)]])


@post(
    "/v1/list-exports",
    operation_id="request_lists",
    opt=EXPORT,
    tags=TAGS,
    summary="Ask for files of segments' customers; another person approves",
)
async def request_lists(
    tx: Tx, principal: Principal, clickhouse: ClickHouse, sets: SetServer, data: list[NewListExport]
) -> list[Result]:
    """The customers are frozen now, and checked again when the file is made."""
    if principal.actor.kind is not ActorKind.STAFF:
        raise ByPeople("Lists are handed out by people; a key asks for none.")
    viewer = await segments.viewer_of(tx, principal)

    async def write(part: Tx, new: NewListExport) -> UUID:
        await segments.see(part, new.segment_id, viewer)
        return await lists.request_list(part, principal, language.Analytics(clickhouse, sets), new)

    return await each_once(tx, "lists.make", data, write)


@get(
    "/v1/segments/{segment_id:uuid}/list-exports",
    operation_id="list_lists",
    opt=EXPORT,
    tags=TAGS,
    summary="Lists handed out of a segment, latest first",
)
async def list_lists(tx: Tx, principal: Principal, segment_id: UUID) -> Page[ListExport]:
    """Everybody's, so that nobody asks twice; only who asked can fetch the file."""
    await segments.see(tx, segment_id, await segments.viewer_of(tx, principal))
    rows = [row for row in await store.find(tx, segment_id, SHOWN) if principal.covers(row["unit_id"])]
    names = await staff.names(tx, {str(row["staff_id"]) for row in rows})
    return Page(items=[_shown(dict(row), principal, names, tx) for row in rows])


@delete(
    "/v1/list-exports/{list_id:uuid}",
    operation_id="cancel_list",
    opt=EXPORT,
    tags=TAGS,
    summary="Withdraw an own list, or stop its making",
)
async def cancel_list(tx: Tx, principal: Principal, list_id: UUID) -> None:
    """No file stays behind."""
    await lists.cancel_list(tx, principal, list_id)


@get(
    "/v1/list-exports/{list_id:uuid}/file",
    operation_id="download_list",
    opt=EXPORT,
    tags=TAGS,
    summary="The file of an own list",
)
async def download_list(request: Request[Any, Any, Any], principal: Principal, list_id: UUID) -> Stream:
    """Only to who asked for it, until it expires; every download is in the audit trail."""
    database: Database = request.app.state.edge.database
    async with database.begin(principal.tenant, principal.actor) as tx:
        row = await lists.own(tx, principal, list_id)
        if row["state"] != ListState.DONE.value or row["expires_at"] <= tx.now:
            raise ListUnknown("The list has no file yet, or it has expired.")
        file = await files.get(tx, FileId(row["file_id"]))
        entry = audit.AuditEntry(
            action="lists.fetch", subject_kind="list_export", subject_id=str(list_id), reason=row["reason"]
        )
        await audit.record(tx, entry)
    return download(database, principal.tenant, file)


def _shown(row: dict[str, Any], principal: Principal, names: dict[str, str], tx: Tx) -> ListExport:
    own = str(row["staff_id"]) == principal.actor.id
    ready = row["state"] == ListState.DONE.value and row["expires_at"] > tx.now
    can = ["download"] if own and ready else ["cancel"] if own and row["state"] in ("pending", "approved") else []
    asked_by = names.get(str(row["staff_id"]), str(row["staff_id"]))
    return msgspec.convert({**row, "asked_by": asked_by, "can": can}, ListExport)


routes = [list_list_columns, request_lists, list_lists, cancel_list, download_list]
