"""Routes of merchants, stores, clerks and rules of acceptance."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post, put

from huoke.kernel.http import Page, Principal, Result, decode_cursor, each, each_once, encode_cursor, page_limit
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, merchants
from huoke.reward.merchants import (
    Candidate,
    Clerk,
    Merchant,
    MerchantChange,
    NewMerchant,
    NewRule,
    NewStore,
    Rule,
    Status,
    Store,
    StoreChange,
)
from huoke.reward.merchants.stores import Imported

TAGS = ["merchants"]
READ = {"permission": "benefit.read"}
WRITE = {"permission": "benefit.write"}
CSV_BYTES_MAX = 4 << 20


class MerchantView(Merchant, frozen=True, kw_only=True):
    """A merchant with what may be done with it."""

    can: list[str]


class StoreView(Store, frozen=True, kw_only=True):
    """A store with what may be done with it."""

    can: list[str]


class WhichOne(msgspec.Struct, frozen=True, kw_only=True):
    """Which merchant, store or rule."""

    id: UUID


class Binding(msgspec.Struct, frozen=True, kw_only=True):
    """Which member of staff redeems in which store."""

    staff_id: UUID
    store_id: UUID


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where a benefit is accepted."""

    stores: list[Store]
    counters: bool


@get("/v1/merchants", operation_id="list_merchants", tags=TAGS, summary="Merchants in scope, by code", opt=READ)
async def list_merchants(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: Status | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[MerchantView]:
    size, after = page_limit(limit), _after(cursor)
    found = await merchants.find_merchants(tx, status=status, q=q, units=principal.units, after=after, limit=size + 1)
    items = [MerchantView(**msgspec.structs.asdict(one), can=_can(principal, one)) for one in found[:size]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].code) if len(found) > size else None)


@post("/v1/merchants", operation_id="add_merchants", tags=TAGS, summary="Add merchants", opt=WRITE)
async def add_merchants(tx: Tx, principal: Principal, data: list[NewMerchant]) -> list[Result]:
    async def write(tx: Tx, new: NewMerchant) -> UUID:
        return await merchants.add_merchant(tx, new, units=principal.units)

    return await each_once(tx, "merchants.add_merchant", data, write)


@put("/v1/merchants", operation_id="change_merchants", tags=TAGS, summary="Change merchants", opt=WRITE)
async def change_merchants(tx: Tx, principal: Principal, data: list[MerchantChange]) -> list[Result]:
    return await each(tx, data, lambda tx, wanted: merchants.change_merchant(tx, wanted, units=principal.units))


@post("/v1/merchants/retirements", operation_id="retire_merchants", tags=TAGS, summary="Retire merchants", opt=WRITE)
async def retire_merchants(tx: Tx, principal: Principal, data: list[WhichOne]) -> list[Result]:
    return await each(tx, data, lambda tx, which: merchants.retire_merchant(tx, which.id, units=principal.units))


@post(
    "/v1/merchants/{merchant_id:uuid}/stores/import",
    operation_id="import_stores",
    tags=TAGS,
    summary="Write stores of a merchant from a CSV, which is the body",
    status_code=200,
    opt=WRITE,
    request_max_body_size=CSV_BYTES_MAX,
)
async def import_stores(request: Request[Any, Any, Any], tx: Tx, principal: Principal, merchant_id: UUID) -> Imported:
    return await merchants.import_stores(tx, merchant_id, await request.body(), units=principal.units)


@get("/v1/stores", operation_id="list_stores", tags=TAGS, summary="Stores in scope, by code", opt=READ)
async def list_stores(
    tx: Tx,
    principal: Principal,
    q: str = "",
    merchant_id: UUID | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[StoreView]:
    size, after = page_limit(limit), _after(cursor)
    found = await merchants.find_stores(
        tx,
        merchant_ids=None if merchant_id is None else [merchant_id],
        q=q,
        units=principal.units,
        after=after,
        limit=size + 1,
    )
    items = [StoreView(**msgspec.structs.asdict(one), can=_can(principal, one)) for one in found[:size]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].code) if len(found) > size else None)


@post("/v1/stores", operation_id="add_stores", tags=TAGS, summary="Add stores to merchants", opt=WRITE)
async def add_stores(tx: Tx, principal: Principal, data: list[NewStore]) -> list[Result]:
    async def write(tx: Tx, new: NewStore) -> UUID:
        return await merchants.add_store(tx, new, units=principal.units)

    return await each_once(tx, "merchants.add_store", data, write)


@put("/v1/stores", operation_id="change_stores", tags=TAGS, summary="Change stores", opt=WRITE)
async def change_stores(tx: Tx, principal: Principal, data: list[StoreChange]) -> list[Result]:
    return await each(tx, data, lambda tx, wanted: merchants.change_store(tx, wanted, units=principal.units))


@post("/v1/stores/retirements", operation_id="retire_stores", tags=TAGS, summary="Retire stores", opt=WRITE)
async def retire_stores(tx: Tx, principal: Principal, data: list[WhichOne]) -> list[Result]:
    return await each(tx, data, lambda tx, which: merchants.retire_store(tx, which.id, units=principal.units))


@get("/v1/clerks", operation_id="list_clerks", tags=TAGS, summary="Who redeems in which store", opt=READ)
async def list_clerks(tx: Tx, principal: Principal, store_id: UUID | None = None) -> Page[Clerk]:
    found = await merchants.find_clerks(tx, store_id=store_id, units=principal.units)
    return Page(items=found, total=len(found))


@get(
    "/v1/clerk-candidates",
    operation_id="list_clerk_candidates",
    tags=TAGS,
    summary="Staff who may be bound to a store",
    opt=WRITE,
)
async def list_clerk_candidates(tx: Tx, principal: Principal, q: str = "") -> Page[Candidate]:
    return Page(items=await merchants.find_candidates(tx, q=q, units=principal.units))


@put("/v1/clerks", operation_id="bind_clerks", tags=TAGS, summary="Bind clerks to stores", opt=WRITE)
async def bind_clerks(tx: Tx, principal: Principal, data: list[Binding]) -> list[Result]:
    async def write(tx: Tx, binding: Binding) -> UUID:
        return await merchants.bind_clerk(tx, binding.staff_id, binding.store_id, units=principal.units)

    return await each(tx, data, write)


@post("/v1/clerks/removals", operation_id="unbind_clerks", tags=TAGS, summary="Unbind clerks from stores", opt=WRITE)
async def unbind_clerks(tx: Tx, principal: Principal, data: list[Binding]) -> list[Result]:
    async def write(tx: Tx, binding: Binding) -> UUID:
        return await merchants.unbind_clerk(tx, binding.staff_id, binding.store_id, units=principal.units)

    return await each(tx, data, write)


@get("/v1/acceptances", operation_id="list_acceptances", tags=TAGS, summary="Rules of acceptance, by scope", opt=READ)
async def list_acceptances(tx: Tx) -> Page[Rule]:
    found = await merchants.find_rules(tx)
    return Page(items=found, total=len(found))


@post("/v1/acceptances", operation_id="add_acceptances", tags=TAGS, summary="Add rules of acceptance", opt=WRITE)
async def add_acceptances(tx: Tx, principal: Principal, data: list[NewRule]) -> list[Result]:
    async def write(tx: Tx, new: NewRule) -> UUID:
        return await merchants.add_rule(tx, new, units=principal.units)

    return await each_once(tx, "merchants.add_rule", data, write)


@post(
    "/v1/acceptances/removals",
    operation_id="remove_acceptances",
    tags=TAGS,
    summary="Take rules of acceptance away",
    opt=WRITE,
)
async def remove_acceptances(tx: Tx, principal: Principal, data: list[WhichOne]) -> list[Result]:
    return await each(tx, data, lambda tx, which: merchants.remove_rule(tx, which.id, units=principal.units))


@get(
    "/v1/skus/{sku_id:uuid}/places",
    operation_id="list_sku_places",
    tags=TAGS,
    summary="Where a benefit is accepted",
    opt=READ,
)
async def list_sku_places(tx: Tx, sku_id: UUID) -> Places:
    await catalogue.get_sku(tx, sku_id)
    stores, counters = await merchants.where(tx, sku_id)
    return Places(stores=stores, counters=counters)


def _after(cursor: str | None) -> str:
    parts: tuple[str] | None = decode_cursor(cursor, tuple[str])
    return parts[0] if parts else ""


def _can(principal: Principal, one: Merchant | Store) -> list[str]:
    may = principal.may("benefit.write") and principal.covers(one.unit_id) and one.status is Status.ACTIVE
    verbs = ["change", "retire"] if may else []
    return [*verbs, "bind"] if verbs and isinstance(one, Store) else verbs


routes = [
    list_merchants,
    add_merchants,
    change_merchants,
    retire_merchants,
    import_stores,
    list_stores,
    add_stores,
    change_stores,
    retire_stores,
    list_clerks,
    list_clerk_candidates,
    bind_clerks,
    unbind_clerks,
    list_acceptances,
    add_acceptances,
    remove_acceptances,
    list_sku_places,
]
