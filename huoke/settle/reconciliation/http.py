"""Routes of reconciliation: day files in, differences worked to their end."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.params import QueryParameter

from huoke.kernel.http import Page, Principal, decode_cursor, page_limit, page_of
from huoke.kernel.tx import Database, Tx
from huoke.settle.reconciliation import read, work
from huoke.settle.reconciliation.bring import bring, fetch
from huoke.settle.reconciliation.model import DayFileRow, Difference, DifferenceKind, DifferenceState, Resolution

TAGS = ["reconciliation"]


class DayFileAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which file to ask a supplier for."""

    supplier_id: UUID
    business_on: date


class DifferenceResolution(msgspec.Struct, frozen=True, kw_only=True):
    """How a difference ends, and why: accept_theirs or keep_ours."""

    resolution: Resolution
    reason: str


class DifferenceReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a proposal is not followed."""

    reason: str


@get(
    "/v1/day-files",
    operation_id="list_day_files",
    tags=TAGS,
    summary="Suppliers' day files, the latest brought first",
    opt={"permission": "supply.read"},
)
async def list_day_files(
    tx: Tx, supplier_id: UUID | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[DayFileRow]:
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await read.find_files(tx, supplier_id=supplier_id, before=before, limit=size + 1)
    return page_of(found, size, lambda row: (row.brought_at, row.id))


@get(
    "/v1/day-files/{day_file_id:uuid}",
    operation_id="get_day_file",
    tags=TAGS,
    summary="A day file with its totals",
    opt={"permission": "supply.read"},
)
async def get_day_file(tx: Tx, day_file_id: UUID) -> DayFileRow:
    return await read.get_file(tx, day_file_id)


@post(
    "/v1/day-files",
    operation_id="bring_day_file",
    tags=TAGS,
    summary="Bring a supplier's file of a business day: its bytes are the body",
    opt={"permission": "supply.write"},
)
async def bring_day_file(
    request: Request[Any, Any, Any], database: Database, principal: Principal, supplier_id: UUID, business_on: date
) -> DayFileRow:
    content = await request.body()
    file_id = await bring(database, principal.tenant, principal.actor, supplier_id, business_on, content)
    async with database.begin(principal.tenant, principal.actor) as tx:
        return await read.get_file(tx, file_id)


@post(
    "/v1/day-files/fetches",
    operation_id="fetch_day_file",
    tags=TAGS,
    summary="Ask a connected supplier for its file of a business day",
    opt={"permission": "supply.write"},
)
async def fetch_day_file(database: Database, principal: Principal, data: DayFileAsked) -> DayFileRow:
    file_id = await fetch(database, principal.tenant, principal.actor, data.supplier_id, data.business_on)
    async with database.begin(principal.tenant, principal.actor) as tx:
        return await read.get_file(tx, file_id)


@get(
    "/v1/differences",
    operation_id="list_differences",
    tags=TAGS,
    summary="Differences, the latest business day first",
    opt={"permission": "supply.read"},
)
async def list_differences(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: DifferenceState | None = None,
    day_file_id: UUID | None = None,
    supplier_id: UUID | None = None,
    kind: Annotated[DifferenceKind | None, QueryParameter(name="kind")] = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[Difference]:
    size = page_limit(limit)
    asked: dict[str, Any] = {"day_file_id": day_file_id, "supplier_id": supplier_id, "kind": kind, "q": q}
    after = decode_cursor(cursor, tuple[date, UUID])
    states = [status] if status else None
    found = await read.find_differences(tx, principal, **asked, states=states, after=after, limit=size + 1)
    counts = await read.count_differences(tx, **asked)
    return page_of(found, size, lambda row: (row.business_on, row.id), counts=counts, status=status)


@post(
    "/v1/differences/{difference_id:uuid}/resolution",
    operation_id="resolve_difference",
    tags=TAGS,
    summary="Say how a difference ends; where money moves somebody else confirms",
    status_code=204,
    opt={"permission": "supply.write"},
)
async def resolve_difference(tx: Tx, difference_id: UUID, data: DifferenceResolution) -> None:
    await work.resolve(tx, difference_id, data.resolution, data.reason)


@post(
    "/v1/differences/{difference_id:uuid}/confirmation",
    operation_id="confirm_difference",
    tags=TAGS,
    summary="Confirm what somebody else proposed",
    status_code=204,
    opt={"permission": "supply.write"},
)
async def confirm_difference(tx: Tx, difference_id: UUID) -> None:
    await work.confirm(tx, difference_id)


@post(
    "/v1/differences/{difference_id:uuid}/reopening",
    operation_id="reopen_difference",
    tags=TAGS,
    summary="Do not follow a proposal: the difference is open again",
    status_code=204,
    opt={"permission": "supply.write"},
)
async def reopen_difference(tx: Tx, difference_id: UUID, data: DifferenceReason) -> None:
    await work.take_back(tx, difference_id, data.reason)


routes = [
    list_day_files,
    get_day_file,
    bring_day_file,
    fetch_day_file,
    list_differences,
    resolve_difference,
    confirm_difference,
    reopen_difference,
]
