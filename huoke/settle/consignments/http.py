"""Routes of consignments."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, delete, get, post
from litestar.params import Parameter
from litestar.response import Stream

from huoke.govern import audit
from huoke.kernel import files
from huoke.kernel.files import FileId
from huoke.kernel.http import Page, Principal, Result, decode_cursor, download, each_once, page_limit, page_of
from huoke.kernel.tx import ActorKind, Database, Tx
from huoke.settle.consignments import read, store
from huoke.settle.consignments.answer import answer
from huoke.settle.consignments.ask import ask, cancel, own
from huoke.settle.consignments.model import (
    ANSWER_BYTES_MAX,
    Answered,
    AskedByPeople,
    Consignment,
    ConsignmentState,
    ConsignmentUnknown,
    NewConsignment,
)

TAGS = ["consignments"]


@get(
    "/v1/consignments",
    operation_id="list_consignments",
    tags=TAGS,
    summary="Files of goods to send, the latest asked for first",
    opt={"permission": "supply.read"},
)
async def list_consignments(
    tx: Tx,
    principal: Principal,
    supplier_id: UUID | None = None,
    status: ConsignmentState | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Consignment]:
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await read.find(tx, principal, supplier_id, status, before, size + 1)
    counts = await store.count(tx, supplier_id)
    return page_of(found, size, lambda row: (row.asked_at, row.id), counts=counts, status=status)


@get(
    "/v1/consignment-days",
    operation_id="list_consignment_days",
    tags=TAGS,
    summary="What suppliers without an interface are to send and was not asked for, by day",
    opt={"permission": "supply.read"},
)
async def list_days(tx: Tx) -> Page[read.WaitingDay]:
    return Page(items=await read.days(tx))


@post(
    "/v1/consignments",
    operation_id="ask_consignments",
    tags=TAGS,
    summary="Ask for files of goods to send; another person approves",
    opt={"permission": "supply.write"},
)
async def ask_consignments(tx: Tx, principal: Principal, data: list[NewConsignment]) -> list[Result]:
    if principal.actor.kind is not ActorKind.STAFF:
        raise AskedByPeople("Addresses are handed out by people; a key asks for none.")

    async def one(part: Tx, new: NewConsignment) -> UUID:
        return await ask(part, principal, new)

    return await each_once(tx, "consignments.ask", data, one)


@delete(
    "/v1/consignments/{consignment_id:uuid}",
    operation_id="cancel_consignment",
    tags=TAGS,
    summary="Withdraw an own consignment, or stop its making",
    opt={"permission": "supply.write"},
)
async def cancel_consignment(tx: Tx, principal: Principal, consignment_id: UUID) -> None:
    await cancel(tx, principal, consignment_id)


@get(
    "/v1/consignments/{consignment_id:uuid}/file",
    operation_id="download_consignment",
    tags=TAGS,
    summary="The file of an own consignment, locked with the supplier's key",
    opt={"permission": "supply.write"},
)
async def download_consignment(request: Request[Any, Any, Any], principal: Principal, consignment_id: UUID) -> Stream:
    """Only to who asked for it, until it expires; every download is in the audit trail."""
    database: Database = request.app.state.edge.database
    async with database.begin(principal.tenant, principal.actor) as tx:
        row = await own(tx, principal, consignment_id)
        if row["state"] != ConsignmentState.DONE.value or row["expires_at"] <= tx.now:
            raise ConsignmentUnknown("The consignment has no file yet, or it has expired.")
        file = await files.get(tx, FileId(row["file_id"]))
        await store.note_fetched(tx, consignment_id)
        entry = audit.AuditEntry(
            action="consignments.fetch",
            subject_kind="consignment",
            subject_id=str(consignment_id),
            reason=row["reason"],
        )
        await audit.record(tx, entry)
    return download(database, principal.tenant, file)


@post(
    "/v1/consignments/{consignment_id:uuid}/answers",
    operation_id="answer_consignment",
    tags=TAGS,
    summary="Read a supplier's answer back: its bytes are the body, its name is in the query",
    status_code=200,
    opt={"permission": "supply.write"},
    request_max_body_size=ANSWER_BYTES_MAX,
)
async def answer_consignment(
    request: Request[Any, Any, Any],
    database: Database,
    principal: Principal,
    consignment_id: UUID,
    name: Annotated[str, Parameter(min_length=1, max_length=200)],
) -> Answered:
    return await answer(database, principal, consignment_id, name, await request.body())


routes = [
    list_consignments,
    list_days,
    ask_consignments,
    cancel_consignment,
    download_consignment,
    answer_consignment,
]
