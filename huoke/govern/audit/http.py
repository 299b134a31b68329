"""Routes of the audit trail."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.params import Parameter

from huoke.govern import audit
from huoke.govern.audit import AuditExport, AuditFilter, AuditRow, NewExport
from huoke.kernel.http import Page, Principal, Result, decode_cursor, each, encode_cursor, page_limit
from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Tx

TAGS = ["audit"]


@get(
    "/v1/audit",
    operation_id="list_audit",
    tags=TAGS,
    summary="Who did what, newest first",
    opt={"permission": "audit.read"},
)
async def list_audit(
    tx: Tx,
    principal: Principal,
    actor_id: str | None = None,
    action: Annotated[str | None, Parameter(description="Exact, or a module with its dot: 'identity.'")] = None,
    subject_kind: str | None = None,
    subject_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[AuditRow]:
    if since and until and since >= until:
        raise Invalid("since must lie before until.", pointer="/since")
    wanted = AuditFilter(
        actor_id=actor_id, action=action, subject_kind=subject_kind, subject_id=subject_id, since=since, until=until
    )
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    rows = await audit.find(tx, wanted, unit_ids=principal.units, before=before, limit=size + 1)
    more = len(rows) > size
    last = rows[size - 1] if more else None
    return Page(
        items=rows[:size],
        next_cursor=encode_cursor(last.at, last.id) if last else None,
        total=await audit.count(tx, wanted, unit_ids=principal.units) if cursor is None else None,
    )


@get(
    "/v1/audit/exports",
    operation_id="list_audit_exports",
    tags=TAGS,
    summary="Files asked for, newest first",
    opt={"permission": "audit.export"},
)
async def list_audit_exports(tx: Tx, limit: int | None = None) -> Page[AuditExport]:
    return Page(items=await audit.exports(tx, page_limit(limit)))


@get(
    "/v1/audit/exports/{export_id:uuid}",
    operation_id="get_audit_export",
    tags=TAGS,
    summary="One export and, once done, its file",
    opt={"permission": "audit.export"},
)
async def get_audit_export(tx: Tx, export_id: UUID) -> AuditExport:
    return await audit.get_export(tx, export_id)


@post(
    "/v1/audit/exports",
    operation_id="export_audit",
    tags=TAGS,
    summary="Write matching entries into a CSV file, by a job",
    opt={"permission": "audit.export"},
)
async def export_audit(tx: Tx, data: list[NewExport]) -> list[Result]:
    return await each(tx, data, audit.request_export)


routes = [list_audit, list_audit_exports, get_audit_export, export_audit]
