"""Routes of statements."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.params import QueryParameter

from huoke.kernel.http import Page, Principal, Result, decode_cursor, each, page_limit, page_of
from huoke.kernel.tx import Tx
from huoke.reward import merchants
from huoke.settle.statements import agreement, make, read
from huoke.settle.statements.export import ExportFile, ExportFormat, export
from huoke.settle.statements.model import (
    NewStatement,
    Owed,
    Statement,
    StatementPayment,
    StatementReason,
    StatementRow,
    StatementState,
    StatementUnknown,
)

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
    owed: Owed | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[StatementRow]:
    """`owed` lists those of suppliers, or those of merchants."""
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await read.find(
        tx, principal, q=q, state=status, supplier_id=supplier_id, owed=owed, before=before, limit=size + 1
    )
    counts = await read.count(tx, q=q, supplier_id=supplier_id, owed=owed)
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
    return _file(export(await read.get(tx, principal, statement_id), file_format, lang))


@post(
    "/v1/statements/{statement_id:uuid}/answer",
    operation_id="answer_statement",
    tags=TAGS,
    summary="Answer what a merchant says differs",
    status_code=200,
    opt={"permission": "statement.write"},
)
async def answer_statement(tx: Tx, principal: Principal, statement_id: UUID, data: StatementReason) -> Statement:
    await agreement.answer(tx, statement_id, data.reason)
    return await read.get(tx, principal, statement_id)


@post(
    "/v1/statements/{statement_id:uuid}/payment",
    operation_id="pay_statement",
    tags=TAGS,
    summary="Write by which transfer a confirmed statement was paid",
    status_code=200,
    opt={"permission": "statement.write"},
)
async def pay_statement(tx: Tx, principal: Principal, statement_id: UUID, data: StatementPayment) -> Statement:
    await agreement.pay(tx, statement_id, data.reference)
    return await read.get(tx, principal, statement_id)


@get(
    "/v1/own-statements",
    operation_id="list_own_statements",
    tags=TAGS,
    summary="Statements of the merchants whose stores the caller stands in",
    opt={"permission": "statement.own"},
)
async def list_own_statements(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: StatementState | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[StatementRow]:
    size, own = page_limit(limit), await _own_merchants(tx, principal)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await read.find(tx, principal, q=q, state=status, merchants=own, before=before, limit=size + 1)
    counts = await read.count(tx, q=q, merchants=own)
    return page_of(found, size, lambda row: (row.created_at, row.id), counts=counts, status=status)


@get(
    "/v1/own-statements/{statement_id:uuid}",
    operation_id="get_own_statement",
    tags=TAGS,
    summary="One statement of a merchant of the caller",
    opt={"permission": "statement.own"},
)
async def get_own_statement(tx: Tx, principal: Principal, statement_id: UUID) -> Statement:
    return await _own(tx, principal, statement_id)


@post(
    "/v1/own-statements/{statement_id:uuid}/agreement",
    operation_id="agree_to_statement",
    tags=TAGS,
    summary="Agree to a statement, for its merchant",
    status_code=200,
    opt={"permission": "statement.own"},
)
async def agree_to_statement(tx: Tx, principal: Principal, statement_id: UUID) -> Statement:
    await agreement.agree(tx, statement_id, await _own_merchants(tx, principal))
    return await _own(tx, principal, statement_id)


@post(
    "/v1/own-statements/{statement_id:uuid}/dispute",
    operation_id="dispute_statement",
    tags=TAGS,
    summary="Say what differs on a statement, for its merchant",
    status_code=200,
    opt={"permission": "statement.own"},
)
async def dispute_statement(tx: Tx, principal: Principal, statement_id: UUID, data: StatementReason) -> Statement:
    await agreement.dispute(tx, statement_id, await _own_merchants(tx, principal), data.reason)
    return await _own(tx, principal, statement_id)


@get(
    "/v1/own-statements/{statement_id:uuid}/export",
    operation_id="export_own_statement",
    tags=TAGS,
    summary="A statement of a merchant of the caller as CSV or Excel",
    opt={"permission": "statement.own"},
)
async def export_own_statement(
    tx: Tx,
    principal: Principal,
    statement_id: UUID,
    file_format: Annotated[ExportFormat, QueryParameter(name="format")] = ExportFormat.XLSX,
    lang: str = "zh",
) -> Response[bytes]:
    return _file(export(await _own(tx, principal, statement_id), file_format, lang))


def _file(file: ExportFile) -> Response[bytes]:
    return Response(
        file.content,
        media_type=file.content_type,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"},
    )


async def _own_merchants(tx: Tx, principal: Principal) -> frozenset[UUID]:
    desk = await merchants.desk_of(tx, principal.actor.id, int(principal.unit_id or 0))
    return frozenset(store.merchant_id for store in desk.stores)


async def _own(tx: Tx, principal: Principal, statement_id: UUID) -> Statement:
    found = await read.get(tx, principal, statement_id)
    if found.merchant_id not in await _own_merchants(tx, principal):
        raise StatementUnknown("There is no such statement.")
    return found


routes = [
    list_statements,
    answer_statement,
    pay_statement,
    list_own_statements,
    get_own_statement,
    export_own_statement,
    agree_to_statement,
    dispute_statement,
    create_statements,
    get_statement,
    confirm_statement,
    reverse_statement,
    export_statement,
]
