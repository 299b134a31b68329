"""Who looks after whom over HTTP: managers, giving and ending, hand-overs, history."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import Parameter

from huoke.kernel.http import Page, Result, decode_cursor, each, encode_cursor, page_limit
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers, ownership
from huoke.know.customers import EndedOwnership, HandedOver, HandOver, NewOwnership, OwnershipStep
from huoke.know.ownership import HandOverRequest, Manager, NewHandOver

TAGS = ["ownership"]
READ = {"permission": "customer.read"}
ASSIGN = {"permission": "customer.assign"}


class ManagersPage(msgspec.Struct, frozen=True, kw_only=True):
    """Managers of the caller's units, and how many active customers of them nobody owns."""

    items: list[Manager]
    pool: int
    next_cursor: str | None = None


@get("/v1/portfolios", operation_id="list_managers", opt=ASSIGN, tags=TAGS, summary="Managers with their customers")
async def list_managers(
    tx: Tx,
    principal: Principal,
    q: Annotated[str, Parameter(max_length=100)] = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> ManagersPage:
    """By login; those who may no longer sign in, too: they may still have customers."""
    size = page_limit(limit)
    after = decode_cursor(cursor, tuple[str])
    found = await ownership.managers(tx, q=q, scope=principal.units, after=after[0] if after else "", limit=size + 1)
    return ManagersPage(
        items=found[:size],
        pool=await customers.pool_size(tx, scope=principal.units),
        next_cursor=encode_cursor(found[size - 1].login) if len(found) > size else None,
    )


@post(
    "/v1/ownerships",
    operation_id="give_customers",
    opt=ASSIGN,
    tags=TAGS,
    summary="Give customers to relationship managers; a new owner takes the former one's place",
)
async def give_customers(tx: Tx, principal: Principal, data: list[NewOwnership]) -> list[Result]:
    """Customers and managers of the caller's units, each on its own."""

    async def give(inner: Tx, new: NewOwnership) -> Seq:
        return await customers.give_one(inner, new, scope=principal.units)

    return await each(tx, data, give)


@post(
    "/v1/ownership-ends",
    operation_id="end_ownerships",
    opt=ASSIGN,
    tags=TAGS,
    summary="Say that somebody no longer looks after a customer",
)
async def end_ownerships(tx: Tx, principal: Principal, data: list[EndedOwnership]) -> list[Result]:
    """Customers of the caller's units, each on its own."""

    async def end(inner: Tx, ended: EndedOwnership) -> Seq:
        return await customers.end_one(inner, ended, scope=principal.units)

    return await each(tx, data, end)


@post(
    "/v1/hand-over-previews",
    operation_id="preview_hand_over",
    opt=ASSIGN,
    tags=TAGS,
    summary="What handing over all customers of a manager would do",
    status_code=200,
)
async def preview_hand_over(tx: Tx, principal: Principal, data: HandOver) -> HandedOver:
    """Counts; nothing moves."""
    return await customers.hand_over(tx, data, scope=principal.units, trial=True)


@get("/v1/hand-overs", operation_id="list_hand_overs", opt=ASSIGN, tags=TAGS, summary="Hand-overs, latest first")
async def list_hand_overs(tx: Tx) -> Page[HandOverRequest]:
    """With how each request ended."""
    found = await ownership.hand_overs(tx)
    return Page(items=found, total=len(found))


@post(
    "/v1/hand-overs",
    operation_id="request_hand_overs",
    opt=ASSIGN,
    tags=TAGS,
    summary="Ask to hand over all customers of a manager: another person decides",
)
async def request_hand_overs(tx: Tx, principal: Principal, data: list[NewHandOver]) -> list[Result]:
    """One request a manager."""

    async def ask(inner: Tx, new: NewHandOver) -> UUID:
        return await ownership.request_hand_over(inner, new, scope=principal.units)

    return await each(tx, data, ask)


@get(
    "/v1/customers/{seq:int}/ownerships",
    operation_id="list_customer_ownerships",
    opt=READ,
    tags=TAGS,
    summary="Who came to look after a customer and who ceased, latest first",
)
async def list_ownerships(tx: Tx, principal: Principal, seq: int) -> Page[OwnershipStep]:
    """The latest 50."""
    await customers.get(tx, Seq(seq), scope=principal.units)
    found = await customers.ownership_history(tx, Seq(seq))
    return Page(items=found, total=len(found))


routes = [
    list_managers,
    give_customers,
    end_ownerships,
    preview_hand_over,
    list_hand_overs,
    request_hand_overs,
    list_ownerships,
]
