"""Routes of merchants, stores, clerks and rules of acceptance."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post, put

from huoke.kernel.http import Page, Principal, Result, decode_cursor, each, each_once, encode_cursor, page_limit
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, merchants
from huoke.reward.merchants import (
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
from huoke.reward.merchants.stores import Clerk, Imported

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
    """Which member of staff redeems in which store; without a store, nowhere."""

    staff_id: UUID
    store_id: UUID | None = None


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
    items = [MerchantView(**msgspec.structs.asdict(one), can=_can(principal, one.status)) for one in found[:size]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].code) if len(found) > size else None)


@post("/v1/merchants", operation_id="add_merchants", tags=TAGS, summary="Add merchants", opt=WRITE)
async def add_merchants(tx: Tx, principal: Principal, data: list[NewMerchant]) -> list[Result]:
    async def write(tx: Tx, new: NewMerchant) -> UUID:
        principal.require_unit(new.unit_id)
        return await merchants.add_merchant(tx, new)

    return await each_once(tx, "merchants.add_merchant", data, write)


@put("/v1/merchants", operation_id="change_merchants", tags=TAGS, summary="Change merchants", opt=WRITE)
async def change_merchants(tx: Tx, principal: Principal, data: list[MerchantChange]) -> list[Result]:
    async def write(tx: Tx, wanted: MerchantChange) -> UUID:
        principal.require_unit(wanted.unit_id)
        return await merchants.change_merchant(tx, wanted)

    return await each(tx, data, write)


@post("/v1/merchants/retirements", operation_id="retire_merchants", tags=TAGS, summary="Retire merchants", opt=WRITE)
async def retire_merchants(tx: Tx, data: list[WhichOne]) -> list[Result]:
    return await each(tx, data, lambda tx, which: merchants.retire_merchant(tx, which.id))


@post(
    "/v1/merchants/{merchant_id:uuid}/stores/import",
    operation_id="import_stores",
    tags=TAGS,
    summary="Write stores of a merchant from a CSV, which is the body",
    status_code=200,
    opt=WRITE,
    request_max_body_size=CSV_BYTES_MAX,
)
async def import_stores(request: Request[Any, Any, Any], tx: Tx, merchant_id: UUID) -> Imported:
    return await merchants.import_stores(tx, merchant_id, await request.body())


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
    items = [StoreView(**msgspec.structs.asdict(one), can=_can(principal, one.status)) for one in found[:size]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].code) if len(found) > size else None)


@post("/v1/stores", operation_id="add_stores", tags=TAGS, summary="Add stores to merchants", opt=WRITE)
async def add_stores(tx: Tx, data: list[NewStore]) -> list[Result]:
    return await each_once(tx, "merchants.add_store", data, merchants.add_store)


@put("/v1/stores", operation_id="change_stores", tags=TAGS, summary="Change stores", opt=WRITE)
async def change_stores(tx: Tx, data: list[StoreChange]) -> list[Result]:
    return await each(tx, data, merchants.change_store)


@post("/v1/stores/retirements", operation_id="retire_stores", tags=TAGS, summary="Retire stores", opt=WRITE)
async def retire_stores(tx: Tx, data: list[WhichOne]) -> list[Result]:
    return await each(tx, data, lambda tx, which: merchants.retire_store(tx, which.id))


@get("/v1/clerks", operation_id="list_clerks", tags=TAGS, summary="Who redeems in which store", opt=READ)
async def list_clerks(tx: Tx, store_id: UUID | None = None) -> Page[Clerk]:
    found = await merchants.find_clerks(tx, store_id=store_id)
    return Page(items=found, total=len(found))


@put("/v1/clerks", operation_id="bind_clerks", tags=TAGS, summary="Bind clerks to stores", opt=WRITE)
async def bind_clerks(tx: Tx, data: list[Binding]) -> list[Result]:
    async def write(tx: Tx, binding: Binding) -> UUID:
        if binding.store_id is None:
            return await merchants.unbind_clerk(tx, binding.staff_id)
        return await merchants.bind_clerk(tx, binding.staff_id, binding.store_id)

    return await each(tx, data, write)


@get("/v1/acceptances", operation_id="list_acceptances", tags=TAGS, summary="Rules of acceptance, by scope", opt=READ)
async def list_acceptances(tx: Tx) -> Page[Rule]:
    found = await merchants.find_rules(tx)
    return Page(items=found, total=len(found))


@post("/v1/acceptances", operation_id="add_acceptances", tags=TAGS, summary="Add rules of acceptance", opt=WRITE)
async def add_acceptances(tx: Tx, data: list[NewRule]) -> list[Result]:
    return await each_once(tx, "merchants.add_rule", data, merchants.add_rule)


@post(
    "/v1/acceptances/removals",
    operation_id="remove_acceptances",
    tags=TAGS,
    summary="Take rules of acceptance away",
    opt=WRITE,
)
async def remove_acceptances(tx: Tx, data: list[WhichOne]) -> list[Result]:
    return await each(tx, data, lambda tx, which: merchants.remove_rule(tx, which.id))


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


def _can(principal: Principal, status: Status) -> list[str]:
    return ["change", "retire"] if principal.may("benefit.write") and status is Status.ACTIVE else []


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
    bind_clerks,
    list_acceptances,
    add_acceptances,
    remove_acceptances,
    list_sku_places,
]
