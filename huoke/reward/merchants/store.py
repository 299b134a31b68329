"""The SQL of merchants."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal
from uuid import UUID

import asyncpg
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.merchants.model import CodeTaken

Table = Literal["merchant", "store", "acceptance"]
Place = Literal["merchant", "store"]

_STORE = """
SELECT s.id, s.merchant_id, m.name AS merchant_name,
  m.name_en AS merchant_name_en, m.unit_id, s.code, s.name, s.name_en, s.region, s.street, s.hours,
  s.latitude, s.longitude, CASE WHEN m.status = 'retired' THEN 'retired' ELSE s.status END AS status, s.added_at,
  (SELECT count(*) FROM merchants.clerk c WHERE c.store_id = s.id) AS clerks
FROM merchants.store s JOIN merchants.merchant m ON m.id = s.merchant_id
"""


async def add(tx: Tx, table: Table, row: dict[str, Any]) -> None:
    """Insert one row; `CodeTaken`."""
    columns = ", ".join(row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    try:
        await tx.execute(f"INSERT INTO merchants.{table} ({columns}) VALUES ({places})", *row.values())
    except asyncpg.UniqueViolationError:
        raise CodeTaken(f"There is already a {table} '{row.get('code', '')}'.", pointer="/code") from None


async def change(tx: Tx, table: Table, row_id: UUID, row: dict[str, Any]) -> None:
    """Set columns of one row."""
    sets = ", ".join(f"{column} = ${place}" for place, column in enumerate(row, start=2))
    await tx.execute(f"UPDATE merchants.{table} SET {sets} WHERE id = $1", row_id, *row.values())


async def remove(tx: Tx, rule_id: UUID) -> int:
    """Delete a rule of acceptance."""
    return await tx.execute("DELETE FROM merchants.acceptance WHERE id = $1", rule_id)


async def lock(tx: Tx, table: Place, row_id: UUID) -> Record | None:
    """One row with the unit that looks after it, locked against other writers."""
    if table == "merchant":
        return await tx.fetch_row("SELECT * FROM merchants.merchant WHERE id = $1 FOR UPDATE", row_id)
    return await tx.fetch_row(
        "SELECT s.*, m.unit_id FROM merchants.store s JOIN merchants.merchant m ON m.id = s.merchant_id"
        " WHERE s.id = $1 FOR UPDATE OF s",
        row_id,
    )


async def merchants(
    tx: Tx,
    *,
    ids: Sequence[UUID] | None,
    status: str | None,
    text: str,
    units: Iterable[int] | None,
    after: str,
    limit: int,
) -> list[Record]:
    """Merchants by code, later than `after`."""
    return await tx.fetch(
        "SELECT m.id, m.code, m.name, m.name_en, m.category, m.unit_id, m.status, m.added_at,"
        " (SELECT count(*) FROM merchants.store s WHERE s.merchant_id = m.id AND s.status = 'active') AS stores"
        " FROM merchants.merchant m WHERE ($1::text IS NULL OR m.status = $1)"
        " AND ($2 = '' OR strpos(m.search, $2) > 0) AND ($3::int[] IS NULL OR m.unit_id = ANY($3))"
        " AND m.code > $4 AND ($6::uuid[] IS NULL OR m.id = ANY($6)) ORDER BY m.code LIMIT $5",
        status,
        text,
        None if units is None else list(units),
        after,
        limit,
        None if ids is None else list(ids),
    )


async def stores(
    tx: Tx,
    *,
    ids: Sequence[UUID] | None,
    merchant_ids: Sequence[UUID] | None,
    text: str,
    units: Iterable[int] | None,
    after: str,
    limit: int,
) -> list[Record]:
    """Stores by code, later than `after`, that match every filter given."""
    return await tx.fetch(
        f"{_STORE} WHERE ($1::uuid[] IS NULL OR s.id = ANY($1)) AND ($2::uuid[] IS NULL OR s.merchant_id = ANY($2))"
        " AND ($3 = '' OR strpos(s.search, $3) > 0) AND ($4::int[] IS NULL OR m.unit_id = ANY($4))"
        " AND s.code > $5 ORDER BY s.code LIMIT $6",
        None if ids is None else list(ids),
        None if merchant_ids is None else list(merchant_ids),
        text,
        None if units is None else list(units),
        after,
        limit,
    )


async def put_stores(tx: Tx, merchant_id: UUID, rows: Sequence[tuple[object, ...]]) -> list[Record]:
    """Write or rewrite stores of a merchant by code: (id, code, name, name_en, region, street, hours, lat, lon,
    search).

    Returns code and whether it is new; a code that another merchant's store has is left out.
    """
    return await tx.fetch(
        "INSERT INTO merchants.store AS s (id, merchant_id, code, name, name_en, region, street, hours, latitude,"
        " longitude, search, status, added_at) SELECT r.id, $11, r.code, r.name, r.name_en, r.region, r.street,"
        " r.hours, r.latitude, r.longitude, r.search, 'active', $12"
        " FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],"
        " $8::float8[], $9::float8[], $10::text[])"
        " AS r(id, code, name, name_en, region, street, hours, latitude, longitude, search)"
        " ON CONFLICT (tenant_id, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,"
        " region = excluded.region,"
        " street = excluded.street, hours = excluded.hours, latitude = excluded.latitude,"
        " longitude = excluded.longitude, search = excluded.search WHERE s.merchant_id = excluded.merchant_id"
        " RETURNING code, xmax = 0 AS is_new",
        *(list(column) for column in zip(*rows, strict=True)),
        merchant_id,
        tx.now,
    )


async def put_clerk(tx: Tx, staff_id: UUID, store_id: UUID) -> int:
    """Bind a member of staff to a store; 0 where they were bound to it before."""
    return await tx.execute(
        "INSERT INTO merchants.clerk (staff_id, store_id, bound_by, bound_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING",
        staff_id,
        store_id,
        tx.actor.id,
        tx.now,
    )


async def drop_clerk(tx: Tx, staff_id: UUID, store_id: UUID) -> int:
    """Unbind a member of staff from a store."""
    return await tx.execute("DELETE FROM merchants.clerk WHERE staff_id = $1 AND store_id = $2", staff_id, store_id)


async def clerks(
    tx: Tx, *, staff_ids: Iterable[UUID] | None, store_id: UUID | None, units: Iterable[int] | None
) -> list[Record]:
    """Who stands in which store of the units named, in the order they were bound."""
    return await tx.fetch(
        "SELECT c.staff_id, c.store_id, c.bound_at FROM merchants.clerk c JOIN merchants.store s ON s.id = c.store_id"
        " JOIN merchants.merchant m ON m.id = s.merchant_id WHERE ($1::uuid[] IS NULL OR c.staff_id = ANY($1))"
        " AND ($2::uuid IS NULL OR c.store_id = $2) AND ($3::int[] IS NULL OR m.unit_id = ANY($3))"
        " ORDER BY c.bound_at, c.staff_id, s.code LIMIT 5000",
        None if staff_ids is None else list(staff_ids),
        store_id,
        None if units is None else list(units),
    )


async def rules(tx: Tx, scopes: Sequence[tuple[str, str]] | None) -> list[Record]:
    """Rules of acceptance of (scope, key) pairs; None is all."""
    if scopes is None:
        return await tx.fetch("SELECT * FROM merchants.acceptance ORDER BY scope, scope_key, added_at, id LIMIT 2000")
    return await tx.fetch(
        "SELECT a.* FROM merchants.acceptance a JOIN unnest($1::text[], $2::text[]) AS w(scope, scope_key)"
        " USING (scope, scope_key) ORDER BY a.added_at, a.id",
        [scope for scope, _ in scopes],
        [key for _, key in scopes],
    )
