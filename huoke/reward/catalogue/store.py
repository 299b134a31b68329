"""The SQL of the catalogue."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import asyncpg
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.catalogue.refusals import CodeTaken

Table = Literal["brand", "item", "sku", "sku_version", "bundle", "bundle_version"]

_ITEM = """
SELECT i.id, i.brand_id, b.name AS brand_name, b.name_en AS brand_name_en, i.code, i.name, i.name_en, i.category,
  i.status, i.added_at
FROM catalogue.item AS i JOIN catalogue.brand AS b ON b.id = i.brand_id
"""
_SKU = """
SELECT s.id, s.item_id, i.name AS item_name, i.name_en AS item_name_en, i.brand_id, b.name AS brand_name,
  b.name_en AS brand_name_en,
  i.category, s.code, s.kind, s.status, s.version, s.draft, s.added_at, v.name, v.name_en, v.face_value_fen, v.cost_fen,
  v.points, v.details, v.supplier_id, v.valid_days, v.valid_until, v.tax_code, v.regions, v.acceptance, v.acceptance_en,
  v.picture_id
FROM catalogue.sku AS s
JOIN catalogue.item AS i ON i.id = s.item_id
JOIN catalogue.brand AS b ON b.id = i.brand_id
LEFT JOIN catalogue.sku_version AS v ON v.sku_id = s.id AND v.version = s.version
"""
_SKU_MATCHES = """
($1::text IS NULL OR s.kind = $1) AND ($2 = '' OR strpos(s.search, $2) > 0)
AND ($3::uuid IS NULL OR s.item_id = $3) AND ($4::uuid IS NULL OR v.supplier_id = $4)
"""


async def add(tx: Tx, table: Table, row: dict[str, Any]) -> None:
    """Insert one row; `CodeTaken`."""
    columns = ", ".join(row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    try:
        await tx.execute(f"INSERT INTO catalogue.{table} ({columns}) VALUES ({places})", *row.values())
    except asyncpg.UniqueViolationError:
        raise CodeTaken(f"There is already a {table} '{row.get('code', '')}'.", pointer="/code") from None


async def change(tx: Tx, table: Table, row_id: UUID, row: dict[str, Any]) -> None:
    """Set columns of one row."""
    sets = ", ".join(f"{column} = ${place}" for place, column in enumerate(row, start=2))
    await tx.execute(f"UPDATE catalogue.{table} SET {sets} WHERE id = $1", row_id, *row.values())


async def lock(tx: Tx, table: Table, row_id: UUID) -> Record | None:
    """One row, locked against other writers."""
    return await tx.fetch_row(f"SELECT * FROM catalogue.{table} WHERE id = $1 FOR UPDATE", row_id)


async def brands(tx: Tx, ids: Sequence[UUID]) -> list[Record]:
    return await tx.fetch("SELECT * FROM catalogue.brand WHERE id = ANY($1::uuid[])", list(ids))


async def find_brands(tx: Tx, status: str | None, text: str, after: str, limit: int) -> list[Record]:
    """Brands by code, later than `after`."""
    return await tx.fetch(
        "SELECT * FROM catalogue.brand WHERE ($1::text IS NULL OR status = $1)"
        " AND ($2 = '' OR strpos(search, $2) > 0) AND code > $3 ORDER BY code LIMIT $4",
        status,
        text,
        after,
        limit,
    )


async def count_brands(tx: Tx, text: str) -> dict[str, int]:
    rows = await tx.fetch(
        "SELECT status, count(*) AS n FROM catalogue.brand WHERE $1 = '' OR strpos(search, $1) > 0 GROUP BY status",
        text,
    )
    return {row["status"]: row["n"] for row in rows}


async def items(tx: Tx, ids: Sequence[UUID]) -> list[Record]:
    return await tx.fetch(f"{_ITEM} WHERE i.id = ANY($1::uuid[])", list(ids))


async def find_items(
    tx: Tx, status: str | None, text: str, brand_id: UUID | None, after: str, limit: int
) -> list[Record]:
    """Items by code, later than `after`."""
    return await tx.fetch(
        f"{_ITEM} WHERE ($1::text IS NULL OR i.status = $1) AND ($2 = '' OR strpos(i.search, $2) > 0)"
        " AND ($3::uuid IS NULL OR i.brand_id = $3) AND i.code > $4 ORDER BY i.code LIMIT $5",
        status,
        text,
        brand_id,
        after,
        limit,
    )


async def count_items(tx: Tx, text: str, brand_id: UUID | None) -> dict[str, int]:
    rows = await tx.fetch(
        "SELECT status, count(*) AS n FROM catalogue.item WHERE ($1 = '' OR strpos(search, $1) > 0)"
        " AND ($2::uuid IS NULL OR brand_id = $2) GROUP BY status",
        text,
        brand_id,
    )
    return {row["status"]: row["n"] for row in rows}


async def skus(tx: Tx, ids: Sequence[UUID]) -> list[Record]:
    """SKUs with their newest published terms (columns are null before the first version)."""
    return await tx.fetch(f"{_SKU} WHERE s.id = ANY($1::uuid[])", list(ids))


async def find_skus(tx: Tx, matches: Sequence[Any], status: str | None, after: str, limit: int) -> list[Record]:
    """SKUs by code, later than `after`; `matches` are kind, text, item, supplier."""
    return await tx.fetch(
        f"{_SKU} WHERE {_SKU_MATCHES} AND ($5::text IS NULL OR s.status = $5) AND s.code > $6 ORDER BY s.code LIMIT $7",
        *matches,
        status,
        after,
        limit,
    )


async def count_skus(tx: Tx, matches: Sequence[Any]) -> dict[str, int]:
    rows = await tx.fetch(
        "SELECT s.status, count(*) AS n FROM catalogue.sku AS s"
        " LEFT JOIN catalogue.sku_version AS v ON v.sku_id = s.id AND v.version = s.version"
        f" WHERE {_SKU_MATCHES} GROUP BY s.status",
        *matches,
    )
    return {row["status"]: row["n"] for row in rows}


async def sku_at(tx: Tx, sku_id: UUID, version: int) -> Record | None:
    """A SKU with the terms of one published version."""
    query = _SKU.replace("v.version = s.version", "v.version = $2").replace("LEFT JOIN", "JOIN")
    return await tx.fetch_row(f"{query} WHERE s.id = $1", sku_id, version)


async def names_en(tx: Tx, sku_ids: Sequence[UUID], versions: Sequence[int]) -> list[Record]:
    """English names of published versions: sku_id, version, name_en."""
    return await tx.fetch(
        "SELECT v.sku_id, v.version, v.name_en FROM unnest($1::uuid[], $2::int[]) AS w(sku_id, version)"
        " JOIN catalogue.sku_version AS v USING (sku_id, version)",
        list(sku_ids),
        list(versions),
    )


async def versions(tx: Tx, sku_id: UUID) -> list[Record]:
    """Published versions, newest first."""
    return await tx.fetch("SELECT * FROM catalogue.sku_version WHERE sku_id = $1 ORDER BY version DESC", sku_id)


async def add_picture(tx: Tx, picture_id: UUID, narrow: bytes, wide: bytes) -> bool:
    """Keep a picture; False where it is there already."""
    done = await tx.execute(
        "INSERT INTO catalogue.picture (id, narrow, wide, added_at, added_by) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (tenant_id, id) DO NOTHING",
        picture_id,
        narrow,
        wide,
        tx.now,
        tx.actor.id,
    )
    return done > 0


async def picture(tx: Tx, picture_id: UUID, column: Literal["narrow", "wide"]) -> bytes | None:
    """A picture in one width."""
    body: bytes | None = await tx.fetch_value(f"SELECT {column} FROM catalogue.picture WHERE id = $1", picture_id)
    return body


async def has_picture(tx: Tx, picture_id: UUID) -> bool:
    """Whether the bank has a picture."""
    return await tx.fetch_value("SELECT 1 FROM catalogue.picture WHERE id = $1", picture_id) is not None
