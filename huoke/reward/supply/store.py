"""The SQL of suppliers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.supply.model import SupplierCodeTaken


async def add(tx: Tx, row: dict[str, Any]) -> None:
    """Insert one supplier; `SupplierCodeTaken`."""
    columns = ", ".join(row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    try:
        await tx.execute(f"INSERT INTO supply.supplier ({columns}) VALUES ({places})", *row.values())
    except asyncpg.UniqueViolationError:
        raise SupplierCodeTaken(f"There is already a supplier '{row['code']}'.", pointer="/code") from None


async def change(tx: Tx, supplier_id: UUID, row: dict[str, Any]) -> None:
    """Set columns of one supplier."""
    sets = ", ".join(f"{column} = ${place}" for place, column in enumerate(row, start=2))
    await tx.execute(f"UPDATE supply.supplier SET {sets} WHERE id = $1", supplier_id, *row.values())


async def get(tx: Tx, supplier_id: UUID, *, lock: bool = False) -> Record | None:
    """One supplier, locked against other writers when asked."""
    suffix = " FOR UPDATE" if lock else ""
    return await tx.fetch_row(f"SELECT * FROM supply.supplier WHERE id = $1{suffix}", supplier_id)


async def find(tx: Tx, status: str | None, text: str, after: str, limit: int) -> list[Record]:
    """Suppliers by code, later than `after`."""
    return await tx.fetch(
        "SELECT * FROM supply.supplier WHERE ($1::text IS NULL OR status = $1)"
        " AND ($2 = '' OR strpos(search, $2) > 0) AND code > $3 ORDER BY code LIMIT $4",
        status,
        text.lower(),
        after,
        limit,
    )


async def count(tx: Tx, text: str) -> dict[str, int]:
    """How many of each status match."""
    rows = await tx.fetch(
        "SELECT status, count(*) AS n FROM supply.supplier WHERE $1 = '' OR strpos(search, $1) > 0 GROUP BY status",
        text.lower(),
    )
    return {row["status"]: row["n"] for row in rows}


async def names(tx: Tx, supplier_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Name and English name by id."""
    query = "SELECT id, name, name_en FROM supply.supplier WHERE id = ANY($1::uuid[])"
    rows = await tx.fetch(query, list(supplier_ids))
    return {row["id"]: (row["name"], row["name_en"]) for row in rows}
