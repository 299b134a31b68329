"""Routes of tax."""

from datetime import date
from uuid import UUID

import msgspec
from litestar import Response, get, post

from huoke.govern.people import units
from huoke.kernel.http import Page, Principal, Reason, decode_cursor, encode_cursor, page_limit
from huoke.kernel.tx import Tx
from huoke.settle import tax
from huoke.settle.tax.filing import CONTENT_TYPE
from huoke.settle.tax.model import TaxMonth, Withholding


class NewRemittance(msgspec.Struct, frozen=True, kw_only=True):
    """When and under which number a month's tax was paid, and why now."""

    paid_on: date
    reference: str
    reason: str


TAGS = ["tax"]
READ = {"permission": "statement.read"}
WRITE = {"permission": "statement.write"}


@get("/v1/tax-months", operation_id="list_tax_months", tags=TAGS, summary="Tax withheld on prizes, by month", opt=READ)
async def list_tax_months(tx: Tx, principal: Principal) -> list[TaxMonth]:
    return await tax.months(tx, principal)


@get(
    "/v1/tax-months/{month:date}/withholdings",
    operation_id="list_withholdings",
    tags=TAGS,
    summary="Records of a month",
    opt=READ,
)
async def list_withholdings(
    tx: Tx, principal: Principal, month: date, q: str = "", cursor: str | None = None, limit: int | None = None
) -> Page[Withholding]:
    size = page_limit(limit)
    place = decode_cursor(cursor, tuple[UUID])
    found = await tax.find(tx, principal, month, q=q, before=place[0] if place else None, limit=size + 1)
    return Page(items=found[:size], next_cursor=encode_cursor(found[size - 1].id) if len(found) > size else None)


@post(
    "/v1/tax-months/{month:date}/closing",
    operation_id="close_tax_month",
    tags=TAGS,
    summary="Ask to close a month; another person decides",
    opt=WRITE,
)
async def close_tax_month(tx: Tx, principal: Principal, month: date, data: Reason) -> list[TaxMonth]:
    principal.require_unit(await units.head_office(tx))
    await tax.ask(tx, month, data.reason)
    return await tax.months(tx, principal)


@post(
    "/v1/tax-months/{month:date}/file",
    operation_id="take_tax_file",
    tags=TAGS,
    summary="The file of a closed month, with names and id documents; noted in the trail",
    opt=WRITE,
    status_code=200,
)
async def take_tax_file(tx: Tx, principal: Principal, month: date, lang: str = "zh") -> Response[bytes]:
    principal.require_unit(await units.head_office(tx))
    return Response(
        await tax.file(tx, month, lang),
        media_type=CONTENT_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="tax-{month:%Y-%m}.xlsx"',
            "Cache-Control": "no-store",
        },
    )


@post(
    "/v1/tax-months/{month:date}/remittance",
    operation_id="remit_tax_month",
    tags=TAGS,
    summary="Enter the payment of a closed month; another person decides",
    opt=WRITE,
)
async def remit_tax_month(tx: Tx, principal: Principal, month: date, data: NewRemittance) -> list[TaxMonth]:
    principal.require_unit(await units.head_office(tx))
    await tax.ask_remittance(tx, month, data.paid_on, data.reference, data.reason)
    return await tax.months(tx, principal)


routes = [list_tax_months, list_withholdings, close_tax_month, take_tax_file, remit_tax_month]
