"""Reading the catalogue."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.catalogue import store
from huoke.reward.catalogue.model import Brand, Item, Sku, SkuRow, SkuStatus, SkuVersion, Status
from huoke.reward.catalogue.refusals import NotPublished, Retired, Unknown
from huoke.reward.catalogue.terms import SkuKind, Terms

NO_SKU = "There is no such SKU in this bank."


async def sku(tx: Tx, sku_id: UUID, *, version: int | None = None) -> Sku:
    """The SKU as published, for a new campaign; or as it stood in `version`, whatever became of it since.

    `Unknown`, `NotPublished`, `Retired` (only without `version`).
    """
    if version is not None:
        row = await store.sku_at(tx, sku_id, version)
        if row is None:
            raise Unknown(NO_SKU, pointer="/sku_id")
        return _sku(row, version)
    rows = await store.skus(tx, [sku_id])
    if not rows:
        raise Unknown(NO_SKU, pointer="/sku_id")
    if rows[0]["status"] == SkuStatus.RETIRED:
        raise Retired(f"The SKU '{rows[0]['code']}' is retired; choose another.", pointer="/sku_id")
    if not rows[0]["version"]:
        raise NotPublished(f"The SKU '{rows[0]['code']}' is not published yet.", pointer="/sku_id")
    return _sku(rows[0], rows[0]["version"])


async def skus(tx: Tx, sku_ids: Iterable[UUID]) -> dict[UUID, Sku]:
    """SKUs by id in their newest published version, retired ones too; for pages that show what was granted."""
    rows = await store.skus(tx, list(set(sku_ids)))
    return {row["id"]: _sku(row, row["version"]) for row in rows if row["version"]}


async def names_en(tx: Tx, published: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], str]:
    """English names of published versions (SKU, version), for lists of what was granted; "" where one has none."""
    wanted = sorted(set(published))
    rows = await store.names_en(tx, [sku for sku, _ in wanted], [version for _, version in wanted]) if wanted else []
    return {(row["sku_id"], row["version"]): row["name_en"] for row in rows}


async def get_brand(tx: Tx, brand_id: UUID) -> Brand:
    """One brand; `Unknown`."""
    rows = await store.brands(tx, [brand_id])
    if not rows:
        raise Unknown("There is no such brand in this bank.")
    return _brand(rows[0])


async def find_brands(
    tx: Tx, *, status: Status | None = None, q: str = "", after: str = "", limit: int = 50
) -> list[Brand]:
    """Brands by code, later than `after`; `q` is a part of code or name."""
    return [_brand(row) for row in await store.find_brands(tx, status, _text(q), after, limit)]


async def count_brands(tx: Tx, *, q: str = "") -> dict[str, int]:
    """How many brands of each status match."""
    return await store.count_brands(tx, _text(q))


async def get_item(tx: Tx, item_id: UUID) -> Item:
    """One item; `Unknown`."""
    rows = await store.items(tx, [item_id])
    if not rows:
        raise Unknown("There is no such item in this bank.")
    return msgspec.convert(dict(rows[0]), Item)


async def find_items(
    tx: Tx, *, status: Status | None = None, q: str = "", brand_id: UUID | None = None, after: str = "", limit: int = 50
) -> list[Item]:
    """Items by code, later than `after`."""
    rows = await store.find_items(tx, status, _text(q), brand_id, after, limit)
    return [msgspec.convert(dict(row), Item) for row in rows]


async def count_items(tx: Tx, *, q: str = "", brand_id: UUID | None = None) -> dict[str, int]:
    """How many items of each status match."""
    return await store.count_items(tx, _text(q), brand_id)


async def get_sku(tx: Tx, sku_id: UUID) -> SkuRow:
    """One SKU with its published terms and its draft; `Unknown`."""
    rows = await store.skus(tx, [sku_id])
    if not rows:
        raise Unknown(NO_SKU)
    return _row(rows[0])


async def find_skus(
    tx: Tx,
    *,
    status: SkuStatus | None = None,
    kind: SkuKind | None = None,
    q: str = "",
    item_id: UUID | None = None,
    supplier_id: UUID | None = None,
    after: str = "",
    limit: int = 50,
) -> list[SkuRow]:
    """SKUs by code, later than `after`."""
    matches = (kind, _text(q), item_id, supplier_id)
    return [_row(row) for row in await store.find_skus(tx, matches, status, after, limit)]


async def count_skus(
    tx: Tx,
    *,
    kind: SkuKind | None = None,
    q: str = "",
    item_id: UUID | None = None,
    supplier_id: UUID | None = None,
) -> dict[str, int]:
    """How many SKUs of each status match."""
    return await store.count_skus(tx, (kind, _text(q), item_id, supplier_id))


async def versions(tx: Tx, sku_id: UUID) -> list[SkuVersion]:
    """Every published version of a SKU, newest first."""
    rows = await store.versions(tx, sku_id)
    return [
        SkuVersion(
            version=row["version"],
            terms=_terms(row),
            published_at=row["published_at"],
            published_by=row["published_by"],
        )
        for row in rows
    ]


def _text(q: str) -> str:
    return q.strip().lower()


def _brand(row: Record) -> Brand:
    return msgspec.convert({name: row[name] for name in Brand.__struct_fields__}, Brand)


def _terms(row: Record) -> Terms:
    return msgspec.convert({name: row[name] for name in Terms.__struct_fields__}, Terms)


def _sku(row: Record, version: int) -> Sku:
    fields: dict[str, Any] = {name: row[name] for name in Sku.__struct_fields__ if name != "version"}
    return msgspec.convert({**fields, "version": version}, Sku)


def _row(row: Record) -> SkuRow:
    return SkuRow(
        id=row["id"],
        item_id=row["item_id"],
        item_name=row["item_name"],
        item_name_en=row["item_name_en"],
        brand_id=row["brand_id"],
        brand_name=row["brand_name"],
        brand_name_en=row["brand_name_en"],
        category=row["category"],
        code=row["code"],
        kind=SkuKind(row["kind"]),
        status=SkuStatus(row["status"]),
        version=row["version"],
        terms=_terms(row) if row["version"] else None,
        draft=msgspec.convert(row["draft"], Terms) if row["draft"] else None,
        added_at=row["added_at"],
    )
