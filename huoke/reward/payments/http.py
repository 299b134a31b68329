"""Routes of payments: the console's lists, cashiers, days; and where the cashier tells what happened."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post

from huoke.govern.people import units
from huoke.kernel.http import Page, Principal, Result, decode_cursor, each, page_limit, page_of
from huoke.kernel.tx import Database, Tx
from huoke.reward.payments import again, connect, day, notice, read
from huoke.reward.payments.connect import CashierRow, NewCashier
from huoke.reward.payments.day import PaymentDay, PaymentDifference
from huoke.reward.payments.model import PaymentState, RefundState
from huoke.reward.payments.notice import Call, Thanks
from huoke.reward.payments.read import PaymentPage, PaymentRow, RefundItem

TAGS = ["payments"]
READ = {"permission": "payment.read"}
WRITE = {"permission": "payment.write"}
NOTICE_BYTES_MAX = 64_000


class ClosedDay(msgspec.Struct, frozen=True, kw_only=True):
    """A business day to compare with the cashier's file."""

    business_on: date


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """How many differences stand open."""

    differences: int


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a difference is none, or is settled elsewhere."""

    business_on: date
    number: str
    reason: str


class RefundAgain(msgspec.Struct, frozen=True, kw_only=True):
    """A failed refund to ask for once more, and why it will work now."""

    refund_id: UUID
    reason: str


@get("/v1/payments", operation_id="list_payments", tags=TAGS, summary="Payments, latest first", opt=READ)
async def list_payments(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: PaymentState | None = None,
    seq: int | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[PaymentRow]:
    """`q` is a whole number: ours, the cashier's or an order's; of the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    size = page_limit(limit)
    before = decode_cursor(cursor, tuple[datetime, UUID])
    found = await read.find_payments(tx, q=q, seq=seq, state=status, before=before, limit=size + 1)
    counts = await read.count_payments(tx, q=q, seq=seq)
    return page_of(found, size, lambda row: (row.created_at, row.id), counts=counts, status=status)


@get(
    "/v1/payments/{payment_id:uuid}",
    operation_id="get_payment",
    tags=TAGS,
    summary="A payment with its refunds and what was said about it",
    opt=READ,
)
async def get_payment(tx: Tx, principal: Principal, payment_id: UUID) -> PaymentPage:
    principal.require_unit(await units.head_office(tx))
    return await read.get_page(tx, payment_id, may_write=principal.may("payment.write"))


@post(
    "/v1/payments/{payment_id:uuid}/query",
    operation_id="query_payment",
    tags=TAGS,
    summary="Ask the cashier about a payment now instead of at its turn",
    status_code=200,
    opt=WRITE,
)
async def query_payment(tx: Tx, principal: Principal, payment_id: UUID) -> PaymentPage:
    principal.require_unit(await units.head_office(tx))
    await read.ask_again(tx, payment_id)
    return await read.get_page(tx, payment_id, may_write=True)


@get("/v1/payment-refunds", operation_id="list_refunds", tags=TAGS, summary="Refunds, latest first", opt=READ)
async def list_refunds(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: RefundState | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[RefundItem]:
    """`q` is a whole number of a refund or its payment; of the whole bank: `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    size = page_limit(limit)
    found = await read.find_refunds(
        tx, q=q, state=status, before=decode_cursor(cursor, tuple[datetime, UUID]), limit=size + 1,
        may_write=principal.may("payment.write"),
    )  # fmt: skip
    counts = await read.count_refunds(tx)
    return page_of(found, size, lambda row: (row.created_at, row.id), counts=counts, status=status)


@post(
    "/v1/payment-refunds/again",
    operation_id="send_refunds_again",
    tags=TAGS,
    summary="Ask the cashier once more for refunds it would not make",
    opt=WRITE,
)
async def send_refunds_again(tx: Tx, principal: Principal, data: list[RefundAgain]) -> list[Result]:
    """At once, or above the bank's amount as a change that another person decides; `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))

    async def send(inner: Tx, one: RefundAgain) -> UUID:
        return await again.send_again(inner, one.refund_id, one.reason)

    return await each(tx, data, send)


@get(
    "/v1/payment-cashiers",
    operation_id="list_payment_cashiers",
    tags=TAGS,
    summary="Cashiers that were entered; keys are never shown",
    opt=READ,
)
async def list_cashiers(tx: Tx) -> Page[CashierRow]:
    return Page(items=await connect.cashiers(tx))


@post(
    "/v1/payment-cashiers",
    operation_id="propose_payment_cashiers",
    tags=TAGS,
    summary="Enter cashiers, each to be approved by somebody else",
    opt=WRITE,
)
async def propose_cashiers(tx: Tx, principal: Principal, data: list[NewCashier]) -> list[Result]:
    """Takes payments once approved; `OutOfScope` below head office."""
    principal.require_unit(await units.head_office(tx))
    return await each(tx, data, connect.propose)


@get(
    "/v1/payment-days",
    operation_id="list_payment_days",
    tags=TAGS,
    summary="Days compared with the cashier's file, latest first",
    opt=READ,
)
async def list_days(tx: Tx) -> Page[PaymentDay]:
    return Page(items=await day.days(tx))


@post(
    "/v1/payment-days",
    operation_id="close_payment_day",
    tags=TAGS,
    summary="Fetch the cashier's file of a day and compare it, also again",
    status_code=200,
    opt=WRITE,
)
async def close_day(database: Database, principal: Principal, data: ClosedDay) -> Compared:
    async with database.begin(principal.tenant, principal.actor) as tx:
        principal.require_unit(await units.head_office(tx))
    return Compared(differences=await day.close_day(database, principal.tenant, principal.actor, data.business_on))


@get(
    "/v1/payment-differences",
    operation_id="list_payment_differences",
    tags=TAGS,
    summary="Where the cashier's files and our books differ",
    opt=READ,
)
async def list_payment_differences(tx: Tx, status: str | None = None) -> Page[PaymentDifference]:
    return Page(items=await day.differences(tx, state=status))


@post(
    "/v1/payment-explanations",
    operation_id="explain_payment_difference",
    tags=TAGS,
    summary="Close a difference with a reason",
    status_code=204,
    opt=WRITE,
)
async def explain_difference(tx: Tx, principal: Principal, data: Explanation) -> None:
    principal.require_unit(await units.head_office(tx))
    await day.explain(tx, data.business_on, data.number, data.reason)


@post(
    "/v1/payment-notices/{bank_code:str}",
    operation_id="take_payment_notice",
    tags=TAGS,
    summary="The cashier tells of a payment or a refund; signed and sealed as docs/payments.md says",
    status_code=200,
    opt={"public": True, "csrf": "form"},
    request_max_body_size=NOTICE_BYTES_MAX,
)
async def take_payment_notice(request: Request[Any, Any, Any], database: Database, bank_code: str) -> Thanks:
    call = Call(headers=request.headers, body=await request.body())
    return await notice.take_notice(database, bank_code, call)


routes = [
    list_payments,
    get_payment,
    query_payment,
    list_refunds,
    send_refunds_again,
    list_cashiers,
    propose_cashiers,
    list_days,
    close_day,
    list_payment_differences,
    explain_difference,
    take_payment_notice,
]
