"""The SQL of outlet stock."""

from collections.abc import Iterable
from typing import Any, Literal
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx

Table = Literal["shipment", "difference"]


async def add(tx: Tx, table: Table, row: dict[str, Any]) -> None:
    """Insert one row."""
    columns = ", ".join(row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    await tx.execute(f"INSERT INTO outlets.{table} ({columns}) VALUES ({places})", *row.values())


async def change(tx: Tx, table: Table, row_id: UUID, row: dict[str, Any]) -> None:
    """Set columns of one row."""
    sets = ", ".join(f"{column} = ${place}" for place, column in enumerate(row, start=2))
    await tx.execute(f"UPDATE outlets.{table} SET {sets} WHERE id = $1", row_id, *row.values())


async def lock(tx: Tx, table: Table, row_id: UUID) -> Record | None:
    """One row, locked against other writers."""
    return await tx.fetch_row(f"SELECT * FROM outlets.{table} WHERE id = $1 FOR UPDATE", row_id)


async def put_gift(tx: Tx, unit_id: int, sku_id: UUID, low_at: int | None) -> None:
    """Have a unit keep a gift; `low_at` None leaves its threshold as it is."""
    await tx.execute(
        "INSERT INTO outlets.gift AS l (unit_id, sku_id, low_at) VALUES ($1, $2, coalesce($3, 0))"
        " ON CONFLICT (tenant_id, unit_id, sku_id) DO UPDATE SET low_at = coalesce($3, l.low_at)",
        unit_id,
        sku_id,
        low_at,
    )


async def gifts(tx: Tx, units: Iterable[int] | None, sku_id: UUID | None) -> list[Record]:
    """Which gifts the units named keep; None is every unit."""
    return await tx.fetch(
        "SELECT unit_id, sku_id, low_at FROM outlets.gift WHERE ($1::int[] IS NULL OR unit_id = ANY($1))"
        " AND ($2::uuid IS NULL OR sku_id = $2) ORDER BY unit_id, sku_id",
        None if units is None else list(units),
        sku_id,
    )


async def rows(
    tx: Tx, table: Table, units: Iterable[int] | None, state: str | None, before: UUID | None, limit: int
) -> list[Record]:
    """Shipments or differences of units, latest first."""
    return await tx.fetch(
        f"SELECT * FROM outlets.{table} WHERE ($1::int[] IS NULL OR unit_id = ANY($1))"
        " AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4",
        None if units is None else list(units),
        state,
        before,
        limit,
    )
