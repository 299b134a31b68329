"""Routes of brands, items, SKUs and bundles."""

import asyncio
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post, put
from litestar.params import Parameter

from huoke.kernel.http import Page, Principal, Result, decode_cursor, each, each_once, encode_cursor, page_limit
from huoke.kernel.tx import Database, Tx
from huoke.reward import catalogue
from huoke.reward.catalogue import (
    PICTURE_BYTES_MAX,
    BrandChange,
    BundleChange,
    BundleRow,
    BundleTerms,
    Crop,
    ItemChange,
    NewBrand,
    NewBundle,
    NewItem,
    NewSku,
    SkuChange,
    SkuKind,
    SkuRow,
    SkuStatus,
    SkuVersion,
    Status,
    Terms,
)

TAGS = ["catalogue"]
READ = {"permission": "benefit.read"}
WRITE = {"permission": "benefit.write"}


class BrandView(msgspec.Struct, frozen=True, kw_only=True):
    """A brand as the console shows one."""

    id: UUID
    code: str
    name: str
    name_en: str
    status: Status
    added_at: datetime
    can: list[str]


class ItemView(msgspec.Struct, frozen=True, kw_only=True):
    """An item as the console shows one."""

    id: UUID
    brand_id: UUID
    brand_name: str
    brand_name_en: str
    code: str
    name: str
    name_en: str
    category: str
    status: Status
    added_at: datetime
    can: list[str]


class SkuView(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU as the console shows one: published terms, and the draft if one is in the making."""

    id: UUID
    item_id: UUID
    item_name: str
    item_name_en: str
    brand_id: UUID
    brand_name: str
    brand_name_en: str
    category: str
    code: str
    kind: SkuKind
    status: SkuStatus
    version: int
    terms: Terms | None
    draft: Terms | None
    added_at: datetime
    can: list[str]


class SkuDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU with every published version, newest first."""

    sku: SkuView
    versions: list[SkuVersion]


class BundleView(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle as the console shows one."""

    id: UUID
    code: str
    status: SkuStatus
    version: int
    terms: BundleTerms | None
    draft: BundleTerms | None
    added_at: datetime
    can: list[str]


class PictureView(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that was kept: terms of SKUs name it by its id."""

    id: UUID


class Which(msgspec.Struct, frozen=True, kw_only=True):
    """Which brand, item or SKU."""

    id: UUID


@get("/v1/brands", operation_id="list_brands", tags=TAGS, summary="Brands by code", opt=READ)
async def list_brands(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: Status | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[BrandView]:
    size, after = page_limit(limit), _after(cursor)
    found = await catalogue.find_brands(tx, status=status, q=q, after=after, limit=size + 1)
    counts = await catalogue.count_brands(tx, q=q)
    items = [BrandView(**msgspec.structs.asdict(brand), can=_can(principal, brand.status)) for brand in found[:size]]
    return _page(items, size < len(found), status, counts)


@post("/v1/brands", operation_id="add_brands", tags=TAGS, summary="Add brands", opt=WRITE)
async def add_brands(tx: Tx, data: list[NewBrand]) -> list[Result]:
    return await each(tx, data, catalogue.add_brand)


@put("/v1/brands", operation_id="change_brands", tags=TAGS, summary="Rename brands", opt=WRITE)
async def change_brands(tx: Tx, data: list[BrandChange]) -> list[Result]:
    return await each(tx, data, catalogue.change_brand)


@post("/v1/brands/retirements", operation_id="retire_brands", tags=TAGS, summary="Retire brands", opt=WRITE)
async def retire_brands(tx: Tx, data: list[Which]) -> list[Result]:
    return await each(tx, data, lambda tx, which: catalogue.retire_brand(tx, which.id))


@get("/v1/items", operation_id="list_items", tags=TAGS, summary="Items by code", opt=READ)
async def list_items(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: Status | None = None,
    brand_id: UUID | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[ItemView]:
    size, after = page_limit(limit), _after(cursor)
    found = await catalogue.find_items(tx, status=status, q=q, brand_id=brand_id, after=after, limit=size + 1)
    counts = await catalogue.count_items(tx, q=q, brand_id=brand_id)
    items = [ItemView(**msgspec.structs.asdict(item), can=_can(principal, item.status)) for item in found[:size]]
    return _page(items, size < len(found), status, counts)


@post("/v1/items", operation_id="add_items", tags=TAGS, summary="Add items to brands", opt=WRITE)
async def add_items(tx: Tx, data: list[NewItem]) -> list[Result]:
    return await each(tx, data, catalogue.add_item)


@put("/v1/items", operation_id="change_items", tags=TAGS, summary="Change items", opt=WRITE)
async def change_items(tx: Tx, data: list[ItemChange]) -> list[Result]:
    return await each(tx, data, catalogue.change_item)


@post("/v1/items/retirements", operation_id="retire_items", tags=TAGS, summary="Retire items", opt=WRITE)
async def retire_items(tx: Tx, data: list[Which]) -> list[Result]:
    return await each(tx, data, lambda tx, which: catalogue.retire_item(tx, which.id))


@get("/v1/skus", operation_id="list_skus", tags=TAGS, summary="SKUs by code", opt=READ)
async def list_skus(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: SkuStatus | None = None,
    kind: SkuKind | None = None,
    item_id: UUID | None = None,
    supplier_id: UUID | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[SkuView]:
    size, after = page_limit(limit), _after(cursor)
    wanted: dict[str, Any] = {"kind": kind, "q": q, "item_id": item_id, "supplier_id": supplier_id}
    found = await catalogue.find_skus(tx, status=status, after=after, limit=size + 1, **wanted)
    counts = await catalogue.count_skus(tx, **wanted)
    return _page([_sku_view(row, principal) for row in found[:size]], size < len(found), status, counts)


@get("/v1/skus/{sku_id:uuid}", operation_id="get_sku", tags=TAGS, summary="A SKU and its versions", opt=READ)
async def get_sku(tx: Tx, principal: Principal, sku_id: UUID) -> SkuDetail:
    row = await catalogue.get_sku(tx, sku_id)
    return SkuDetail(sku=_sku_view(row, principal), versions=await catalogue.versions(tx, sku_id))


@post("/v1/skus", operation_id="add_skus", tags=TAGS, summary="Add SKUs as drafts", opt=WRITE)
async def add_skus(tx: Tx, data: list[NewSku]) -> list[Result]:
    return await each(tx, data, catalogue.add_sku)


@put("/v1/skus", operation_id="change_skus", tags=TAGS, summary="Write the drafts of SKUs", opt=WRITE)
async def change_skus(tx: Tx, data: list[SkuChange]) -> list[Result]:
    return await each(tx, data, catalogue.change_sku)


@post("/v1/skus/publications", operation_id="publish_skus", tags=TAGS, summary="Publish drafts", opt=WRITE)
async def publish_skus(tx: Tx, data: list[Which]) -> list[Result]:
    async def publish(tx: Tx, which: Which) -> UUID:
        await catalogue.publish(tx, which.id)
        return which.id

    return await each(tx, data, publish)


@post("/v1/skus/retirements", operation_id="retire_skus", tags=TAGS, summary="Retire SKUs", opt=WRITE)
async def retire_skus(tx: Tx, data: list[Which]) -> list[Result]:
    return await each(tx, data, lambda tx, which: catalogue.retire(tx, which.id))


@post(
    "/v1/pictures",
    operation_id="add_picture",
    tags=TAGS,
    summary="Upload a picture of a benefit: a PNG, JPEG or WebP as the body, the square to keep in the query",
    opt=WRITE,
    request_max_body_size=PICTURE_BYTES_MAX,
)
async def add_picture(
    request: Request[Any, Any, Any],
    principal: Principal,
    database: Database,
    left: Annotated[int, Parameter(ge=0)] = 0,
    top: Annotated[int, Parameter(ge=0)] = 0,
    side: Annotated[int | None, Parameter(ge=1)] = None,
) -> PictureView:
    """Draw it again and keep it; `left`, `top`, `side` are pixels of the upright picture, its middle without `side`."""
    crop = None if side is None else Crop(left, top, side)
    redrawn = await asyncio.to_thread(catalogue.redraw, await request.body(), crop)
    async with database.begin(principal.tenant, principal.actor) as tx:
        return PictureView(id=await catalogue.add_picture(tx, redrawn))


@get("/v1/bundles", operation_id="list_bundles", tags=TAGS, summary="Bundles by code", opt=READ)
async def list_bundles(
    tx: Tx,
    principal: Principal,
    q: str = "",
    status: SkuStatus | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Page[BundleView]:
    size, after = page_limit(limit), _after(cursor)
    found = await catalogue.find_bundles(tx, status=status, q=q, after=after, limit=size + 1)
    counts = await catalogue.count_bundles(tx, q=q)
    return _page([_bundle_view(row, principal) for row in found[:size]], size < len(found), status, counts)


@get("/v1/bundles/{bundle_id:uuid}", operation_id="get_bundle", tags=TAGS, summary="A bundle", opt=READ)
async def get_bundle(tx: Tx, principal: Principal, bundle_id: UUID) -> BundleView:
    return _bundle_view(await catalogue.get_bundle(tx, bundle_id), principal)


@post("/v1/bundles", operation_id="add_bundles", tags=TAGS, summary="Add bundles as drafts", opt=WRITE)
async def add_bundles(tx: Tx, data: list[NewBundle]) -> list[Result]:
    return await each_once(tx, "catalogue.add_bundle", data, catalogue.add_bundle)


@put("/v1/bundles", operation_id="change_bundles", tags=TAGS, summary="Write the drafts of bundles", opt=WRITE)
async def change_bundles(tx: Tx, data: list[BundleChange]) -> list[Result]:
    return await each(tx, data, catalogue.change_bundle)


@post("/v1/bundles/publications", operation_id="publish_bundles", tags=TAGS, summary="Publish drafts", opt=WRITE)
async def publish_bundles(tx: Tx, data: list[Which]) -> list[Result]:
    async def publish(tx: Tx, which: Which) -> UUID:
        await catalogue.publish_bundle(tx, which.id)
        return which.id

    return await each(tx, data, publish)


@post("/v1/bundles/retirements", operation_id="retire_bundles", tags=TAGS, summary="Retire bundles", opt=WRITE)
async def retire_bundles(tx: Tx, data: list[Which]) -> list[Result]:
    return await each(tx, data, lambda tx, which: catalogue.retire_bundle(tx, which.id))


def _after(cursor: str | None) -> str:
    parts: tuple[str] | None = decode_cursor(cursor, tuple[str])
    return parts[0] if parts else ""


def _page(items: list[Any], more: bool, status: str | None, counts: dict[str, int]) -> Page[Any]:
    return Page(
        items=items,
        next_cursor=encode_cursor(items[-1].code) if more else None,
        total=counts.get(status, 0) if status else sum(counts.values()),
        counts=counts,
    )


def _can(principal: Principal, status: Status) -> list[str]:
    return ["change", "retire"] if principal.may("benefit.write") and status is Status.ACTIVE else []


def _sku_view(row: SkuRow, principal: Principal) -> SkuView:
    return SkuView(**msgspec.structs.asdict(row), can=_sku_can(principal, row.status, drafted=row.draft is not None))


def _bundle_view(row: BundleRow, principal: Principal) -> BundleView:
    return BundleView(**msgspec.structs.asdict(row), can=_sku_can(principal, row.status, drafted=row.draft is not None))


def _sku_can(principal: Principal, status: SkuStatus, *, drafted: bool) -> list[str]:
    if not principal.may("benefit.write") or status is SkuStatus.RETIRED:
        return []
    return ["change", "retire", *(["publish"] if drafted else [])]


routes = [
    list_brands,
    add_brands,
    change_brands,
    retire_brands,
    list_items,
    add_items,
    change_items,
    retire_items,
    list_skus,
    get_sku,
    add_skus,
    change_skus,
    publish_skus,
    retire_skus,
    add_picture,
    list_bundles,
    get_bundle,
    add_bundles,
    change_bundles,
    publish_bundles,
    retire_bundles,
]
