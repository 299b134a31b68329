"""Routes of statements."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.params import QueryParameter

from huoke.kernel.http import Page, Principal, Result, decode_cursor, each, page_limit, page_of
from huoke.kernel.tx import Tx
from huoke.settle.statements import make, read
from huoke.settle.statements.export import ExportFormat, export
from huoke.settle.statements.model import NewStatement, Statement, StatementReason, StatementRow, StatementState

TAGS = ["statements"]


@get(
    "/v1/statements",
    operation_id="list_statements",
    tags=TAGS,
    summary="Statements, latest first",
    opt={"permission": "statement.read"},
)
async def list_statements(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: StatementState | None = None,
    supplier_id: UUID | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[StatementRow]:
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await read.find(tx, principal, q=q, state=status, supplier_id=supplier_id, before=before, limit=size + 1)
    counts = await read.count(tx, q=q, supplier_id=supplier_id)
    return page_of(found, size, lambda row: (row.created_at, row.id), counts=counts, status=status)


@post(
    "/v1/statements",
    operation_id="create_statements",
    tags=TAGS,
    summary="Make statements out of what was redeemed",
    opt={"permission": "statement.write"},
)
async def create_statements(tx: Tx, data: list[NewStatement]) -> list[Result]:
    return await each(tx, data, make.create)


@get(
    "/v1/statements/{statement_id:uuid}",
    operation_id="get_statement",
    tags=TAGS,
    summary="One statement with its lines",
    opt={"permission": "statement.read"},
)
async def get_statement(tx: Tx, principal: Principal, statement_id: UUID) -> Statement:
    return await read.get(tx, principal, statement_id)


@post(
    "/v1/statements/{statement_id:uuid}/confirmation",
    operation_id="confirm_statement",
    tags=TAGS,
    summary="Confirm a statement somebody else made",
    status_code=200,
    opt={"permission": "statement.write"},
)
async def confirm_statement(tx: Tx, principal: Principal, statement_id: UUID) -> Statement:
    await make.confirm(tx, statement_id)
    return await read.get(tx, principal, statement_id)


@post(
    "/v1/statements/{statement_id:uuid}/reversal",
    operation_id="reverse_statement",
    tags=TAGS,
    summary="Take a statement back; its period is free again",
    status_code=200,
    opt={"permission": "statement.write"},
)
async def reverse_statement(tx: Tx, principal: Principal, statement_id: UUID, data: StatementReason) -> Statement:
    await make.reverse(tx, statement_id, data.reason)
    return await read.get(tx, principal, statement_id)


@get(
    "/v1/statements/{statement_id:uuid}/export",
    operation_id="export_statement",
    tags=TAGS,
    summary="A statement as CSV or Excel",
    opt={"permission": "statement.read"},
)
async def export_statement(
    tx: Tx,
    principal: Principal,
    statement_id: UUID,
    file_format: Annotated[ExportFormat, QueryParameter(name="format")] = ExportFormat.XLSX,
    lang: str = "zh",
) -> Response[bytes]:
    statement = await read.get(tx, principal, statement_id)
    file = export(statement, file_format, lang)
    return Response(
        file.content,
        media_type=file.content_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"},
    )


routes = [
    list_statements,
    create_statements,
    get_statement,
    confirm_statement,
    reverse_statement,
    export_statement,
]
