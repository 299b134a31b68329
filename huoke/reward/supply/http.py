"""Routes of suppliers."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post, put

from huoke.kernel.http import Page, Principal, Result, decode_cursor, each, encode_cursor, page_limit
from huoke.kernel.tx import Tx
from huoke.reward import supply
from huoke.reward.supply import NewSupplier, Supplier, SupplierChange, SupplierStatus

TAGS = ["supply"]


class SupplierView(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier as the console shows one; the contact is masked."""

    id: UUID
    code: str
    name: str
    name_en: str
    tax_no: str
    settlement_days: int
    contact_name: str
    contact_phone: str
    status: SupplierStatus
    added_at: datetime
    can: list[str]


class SupplierRetirement(msgspec.Struct, frozen=True, kw_only=True):
    """Which supplier to take out of use."""

    id: UUID


@get(
    "/v1/suppliers",
    operation_id="list_suppliers",
    tags=TAGS,
    summary="Suppliers by code",
    opt={"permission": "benefit.read"},
)
async def list_suppliers(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: SupplierStatus | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[SupplierView]:
    size = page_limit(limit)
    after = decode_cursor(cursor, tuple[str])
    found = await supply.find(tx, status=status, q=q, after=after[0] if after else "", limit=size + 1)
    counts = await supply.count(tx, q=q)
    return Page(
        items=[_view(supplier, principal) for supplier in found[:size]],
        next_cursor=encode_cursor(found[size - 1].code) if len(found) > size else None,
        total=counts.get(status, 0) if status else sum(counts.values()),
        counts=counts,
    )


@get(
    "/v1/suppliers/{supplier_id:uuid}",
    operation_id="get_supplier",
    tags=TAGS,
    summary="A supplier",
    opt={"permission": "benefit.read"},
)
async def get_supplier(tx: Tx, principal: Principal, supplier_id: UUID) -> SupplierView:
    return _view(await supply.get(tx, supplier_id), principal)


@post(
    "/v1/suppliers",
    operation_id="add_suppliers",
    tags=TAGS,
    summary="Add suppliers",
    opt={"permission": "benefit.write"},
)
async def add_suppliers(tx: Tx, data: list[NewSupplier]) -> list[Result]:
    return await each(tx, data, supply.add)


@put(
    "/v1/suppliers",
    operation_id="change_suppliers",
    tags=TAGS,
    summary="Change suppliers",
    opt={"permission": "benefit.write"},
)
async def change_suppliers(tx: Tx, data: list[SupplierChange]) -> list[Result]:
    return await each(tx, data, supply.change)


@post(
    "/v1/suppliers/retirements",
    operation_id="retire_suppliers",
    tags=TAGS,
    summary="Take suppliers out of use",
    opt={"permission": "benefit.write"},
)
async def retire_suppliers(tx: Tx, data: list[SupplierRetirement]) -> list[Result]:
    return await each(tx, data, _retire)


async def _retire(tx: Tx, retirement: SupplierRetirement) -> UUID:
    return await supply.retire(tx, retirement.id)


def _view(supplier: Supplier, principal: Principal) -> SupplierView:
    allowed = principal.may("benefit.write") and supplier.status is SupplierStatus.ACTIVE
    return SupplierView(**msgspec.structs.asdict(supplier), can=["change", "retire"] if allowed else [])


routes = [list_suppliers, get_supplier, add_suppliers, change_suppliers, retire_suppliers]
