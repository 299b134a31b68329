"""Routes of invoices."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import Parameter

from huoke.kernel.http import Page, Principal, Reason, Result, decode_cursor, each, each_once, page_limit, page_of
from huoke.kernel.tx import Tx
from huoke.settle import invoices
from huoke.settle.invoices.model import (
    PAPER_BYTES_MAX,
    InvoiceLine,
    KindChange,
    LineRef,
    LineState,
    Missing,
    NewInvoice,
    VatKind,
)
from huoke.settle.invoices.paper import TYPES
from huoke.settle.invoices.store import Filter


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The number of a file that is kept."""

    id: UUID


TAGS = ["invoices"]
READ = {"permission": "statement.read"}
WRITE = {"permission": "statement.write"}


@get(
    "/v1/invoice-lines",
    operation_id="list_invoice_lines",
    tags=TAGS,
    summary="Lines of confirmed statements: how each is taxed, and its input invoice",
    opt=READ,
)
async def list_invoice_lines(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: LineState | None = None,
    vat_kind: VatKind | None = None,
    statement_id: UUID | None = None,
    supplier_id: UUID | None = None,
    since_on: date | None = None,
    until_on: date | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[InvoiceLine]:
    size = page_limit(limit)
    wanted = Filter(
        statement_id=statement_id,
        supplier_id=supplier_id,
        vat_kind=vat_kind,
        since_on=since_on,
        until_on=until_on,
        q=q.strip(),
    )
    after = decode_cursor(cursor, tuple[date, UUID, int, str])
    found = await invoices.find(tx, principal, wanted, state=status, after=after, limit=size + 1)
    counts = await invoices.count(tx, wanted)
    return page_of(
        found, size, lambda row: (row.until_on, row.statement_id, row.place, row.slot), counts=counts, status=status
    )


@post(
    "/v1/invoice-lines/requests",
    operation_id="request_invoices",
    tags=TAGS,
    summary="Note that the invoices of lines were asked for",
    opt=WRITE,
)
async def request_invoices(tx: Tx, data: list[LineRef]) -> list[Result]:
    return await each(tx, data, invoices.request)


@post(
    "/v1/invoice-lines/kinds",
    operation_id="reclassify_invoice_lines",
    tags=TAGS,
    summary="Tax lines in another way, before an invoice stands",
    opt=WRITE,
)
async def reclassify_invoice_lines(tx: Tx, data: list[KindChange]) -> list[Result]:
    return await each(tx, data, invoices.reclassify)


@post(
    "/v1/invoices",
    operation_id="receive_invoices",
    tags=TAGS,
    summary="Enter input invoices for lines that wait for one",
    opt=WRITE,
)
async def receive_invoices(tx: Tx, data: list[NewInvoice]) -> list[Result]:
    return await each_once(tx, "invoices.receive", data, invoices.receive)


@post(
    "/v1/invoices/{invoice_id:uuid}/reversal",
    operation_id="reverse_invoice",
    tags=TAGS,
    summary="Take an input invoice back; its lines wait for another",
    opt=WRITE,
    status_code=204,
)
async def reverse_invoice(tx: Tx, invoice_id: UUID, data: Reason) -> None:
    await invoices.reverse(tx, invoice_id, data.reason)


@get(
    "/v1/invoice-lines/missing",
    operation_id="list_missing_invoices",
    tags=TAGS,
    summary="By supplier what has no invoice yet, and which invoices no file",
    opt=READ,
)
async def list_missing_invoices(
    tx: Tx, supplier_id: UUID | None = None, since_on: date | None = None, until_on: date | None = None
) -> list[Missing]:
    return await invoices.missing(tx, Filter(supplier_id=supplier_id, since_on=since_on, until_on=until_on))


@post(
    "/v1/invoices/{invoice_id:uuid}/papers",
    operation_id="keep_invoice_paper",
    tags=TAGS,
    summary="Keep a file of an invoice (PDF, OFD or XML): its bytes are the body, its name is in the query",
    opt=WRITE,
    request_max_body_size=PAPER_BYTES_MAX + 1,
)
async def keep_invoice_paper(
    request: Request[Any, Any, Any],
    tx: Tx,
    invoice_id: UUID,
    name: Annotated[str, Parameter(min_length=1, max_length=200)],
) -> Kept:
    return Kept(id=await invoices.keep_paper(tx, invoice_id, name, await request.body()))


@post(
    "/v1/invoice-papers/{invoice_paper_id:uuid}/download",
    operation_id="take_invoice_paper",
    tags=TAGS,
    summary="A kept file of an invoice; that it was taken is noted in the trail",
    opt=READ,
    status_code=200,
)
async def take_invoice_paper(tx: Tx, invoice_paper_id: UUID) -> Response[bytes]:
    paper, content = await invoices.take_paper(tx, invoice_paper_id)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(paper.name)}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=TYPES[paper.format], headers=headers)


routes = [
    list_invoice_lines,
    request_invoices,
    reclassify_invoice_lines,
    receive_invoices,
    reverse_invoice,
    list_missing_invoices,
    keep_invoice_paper,
    take_invoice_paper,
]
