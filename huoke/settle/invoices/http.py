"""Routes of invoices."""

from datetime import date
from uuid import UUID

from litestar import get, post

from huoke.kernel.http import Page, Principal, Reason, Result, decode_cursor, each, each_once, page_limit, page_of
from huoke.kernel.tx import Tx
from huoke.settle import invoices
from huoke.settle.invoices.model import InvoiceLine, KindChange, LineRef, LineState, NewInvoice, VatKind
from huoke.settle.invoices.store import Filter

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


routes = [list_invoice_lines, request_invoices, reclassify_invoice_lines, receive_invoices, reverse_invoice]
