"""Identities over HTTP: the card of a customer, suggested matches, joining and parting."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import Parameter

from huoke.kernel.http import Page, Result, each, page_limit
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know.customers import Resemblance
from huoke.know.identities import merge, read
from huoke.know.identities.model import Found, Identities, Match, Merge, NewApart, NewMerge, NewParting

TAGS = ["identities"]
READ = {"permission": "customer.read"}
JOIN = {"permission": "customer.merge"}


@get(
    "/v1/customers/{seq:int}/identities",
    operation_id="get_customer_identities",
    opt=READ,
    tags=TAGS,
    summary="What a customer is known by, with the evidence; masked",
)
async def get_customer_identities(tx: Tx, principal: Principal, seq: int) -> Identities:
    """Those joined to them included."""
    found = await read.identities_of(tx, Seq(seq), scope=principal.units)
    return msgspec.structs.replace(found, can=["merge"] if principal.may("customer.merge") else [])


@get("/v1/identities", operation_id="resolve_identity", opt=READ, tags=TAGS, summary="Whom an identity means")
async def resolve_identity(
    tx: Tx, principal: Principal, q: Annotated[str, Parameter(min_length=1, max_length=100)]
) -> Page[Found]:
    """One customer, or several between whom a person decides."""
    found = await read.resolve(tx, q, scope=principal.units)
    return Page(items=found, total=len(found))


@get(
    "/v1/identity-matches",
    operation_id="list_identity_matches",
    opt=JOIN,
    tags=TAGS,
    summary="Customers who may be one, and customers who share a phone",
)
async def list_identity_matches(
    tx: Tx, principal: Principal, why: Resemblance = Resemblance.SAME_DOCUMENT, limit: int | None = None
) -> Page[Match]:
    """Those nobody has decided yet; they go as they are decided, so there is one page."""
    found = await read.matches(tx, why, scope=principal.units)
    return Page(items=found[: page_limit(limit)], total=len(found))


@post(
    "/v1/identity-matches/apart",
    operation_id="tell_customers_apart",
    opt=JOIN,
    tags=TAGS,
    summary="Say that two customers are two: they are suggested no more",
)
async def tell_customers_apart(tx: Tx, principal: Principal, data: list[NewApart]) -> list[Result]:
    """Each pair once."""

    async def tell(inner: Tx, new: NewApart) -> int:
        await read.tell_apart(inner, new.seq, new.other_seq, scope=principal.units)
        return new.seq

    return await each(tx, data, tell)


@get("/v1/merges", operation_id="list_merges", opt=JOIN, tags=TAGS, summary="Requests to join or part, latest first")
async def list_merges(tx: Tx, principal: Principal) -> Page[Merge]:
    """Those of the caller's units."""
    return Page(items=await merge.merges(tx, scope=principal.units))


@post(
    "/v1/merges",
    operation_id="request_merges",
    opt=JOIN,
    tags=TAGS,
    summary="Ask to join two customers who are one: another person decides",
)
async def request_merges(tx: Tx, principal: Principal, data: list[NewMerge]) -> list[Result]:
    """One request a customer."""

    async def ask(inner: Tx, new: NewMerge) -> UUID:
        return await merge.request_join(inner, new, scope=principal.units)

    return await each(tx, data, ask)


@post(
    "/v1/partings",
    operation_id="request_partings",
    opt=JOIN,
    tags=TAGS,
    summary="Ask to part customers who were joined by mistake: another person decides",
)
async def request_partings(tx: Tx, principal: Principal, data: list[NewParting]) -> list[Result]:
    """One request a customer."""

    async def ask(inner: Tx, new: NewParting) -> UUID:
        return await merge.request_part(inner, new, scope=principal.units)

    return await each(tx, data, ask)


routes = [
    get_customer_identities,
    resolve_identity,
    list_identity_matches,
    tell_customers_apart,
    list_merges,
    request_merges,
    request_partings,
]
