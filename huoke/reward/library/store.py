"""The SQL of listings."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.library.model import Listing

STREAM = "library.listing"
_LISTED = ", ".join(Listing.__struct_fields__)


async def get(tx: Tx, numbers: Sequence[int]) -> list[Record]:
    """Listings in the order asked for; a number nobody has is left out."""
    return await tx.fetch(
        f"SELECT {_LISTED} FROM unnest($1::int[]) WITH ORDINALITY AS asked (n, place)"
        " JOIN library.listing ON number = n ORDER BY place",
        list(numbers),
    )


async def lock(tx: Tx, numbers: Sequence[int]) -> list[Record]:
    """Listings by number, locked."""
    return await tx.fetch(
        f"SELECT {_LISTED} FROM library.listing WHERE number = ANY($1::int[]) ORDER BY number FOR UPDATE",
        sorted(set(numbers)),
    )


async def of_skus(tx: Tx, sku_ids: Sequence[UUID]) -> list[Record]:
    """Every supplier's listing of SKUs of the catalogue, the first to be asked first."""
    return await tx.fetch(
        f"SELECT {_LISTED} FROM library.listing WHERE sku_id = ANY($1::uuid[]) ORDER BY sku_id, priority, number",
        list(sku_ids),
    )


async def take_numbers(tx: Tx, count: int) -> int:
    """Take `count` numbers that nobody has; returns the first."""
    first: int = await tx.fetch_value(
        "INSERT INTO library.numbering AS n (next) VALUES ($1) ON CONFLICT (tenant_id)"
        " DO UPDATE SET next = n.next + $1 RETURNING next - $1",
        count,
    )
    return first


async def put_own(tx: Tx, row: dict[str, Any]) -> int | None:
    """Write the listing of a SKU of the bank's own, or of one its supplier has no listing for; its number if it is new.

    A listing the SKU was taken from stays its supplier's: only what says that it is taken is written.
    """
    known = await tx.fetch_value("SELECT number FROM library.listing WHERE sku_id = $1 LIMIT 1", row["sku_id"])
    ordinal = tx.take_ordinals(STREAM, 1)
    if known is not None:
        sets = ", ".join(f"{column} = ${place}" for place, column in enumerate(row, 3))
        await tx.execute(
            f"UPDATE library.listing SET {sets}, xid = pg_current_xact_id(), ordinal = $2"
            " WHERE number = $1 AND import_id IS NULL",
            known,
            ordinal,
            *row.values(),
        )
        return None
    number = await take_numbers(tx, 1)
    columns = ", ".join(row)
    places = ", ".join(f"${place}" for place in range(3, len(row) + 3))
    added = await tx.execute(
        f"INSERT INTO library.listing (number, ordinal, {columns}) VALUES ($1, $2, {places})"
        " ON CONFLICT (tenant_id, supplier_id, code) DO NOTHING",
        number,
        ordinal,
        *row.values(),
    )
    return number if added else None


async def retire(tx: Tx, sku_id: UUID) -> None:
    """A SKU is retired: what was made of it alone is gone, a supplier's listing may be taken again."""
    first = tx.take_ordinals(STREAM, 100)
    await tx.execute(
        "UPDATE library.listing SET sku_id = NULL, changed_at = $2,"
        " status = CASE WHEN import_id IS NULL THEN 'gone' ELSE status END,"
        " xid = pg_current_xact_id(), ordinal = $3 + n FROM (SELECT number AS of,"
        " row_number() OVER (ORDER BY number)::int - 1 AS n FROM library.listing WHERE sku_id = $1) AS r"
        " WHERE number = r.of",
        sku_id,
        tx.now,
        first,
    )


async def order(tx: Tx, numbers: Sequence[int]) -> None:
    """Write the places of a SKU's listings among each other, the first to be asked first."""
    await tx.execute(
        "UPDATE library.listing AS l SET priority = a.place - 1, changed_at = $2, xid = pg_current_xact_id(),"
        " ordinal = $3 + a.place - 1 FROM unnest($1::int[]) WITH ORDINALITY AS a (number, place)"
        " WHERE l.number = a.number",
        list(numbers),
        tx.now,
        tx.take_ordinals(STREAM, len(numbers)),
    )


async def take(tx: Tx, number: int, sku_id: UUID, priority: int) -> None:
    """Note into which SKU a listing was taken, and its place among the SKU's suppliers."""
    await tx.execute(
        "UPDATE library.listing SET sku_id = $2, priority = $3, changed_at = $4, xid = pg_current_xact_id(),"
        " ordinal = $5 WHERE number = $1",
        number,
        sku_id,
        priority,
        tx.now,
        tx.take_ordinals(STREAM, 1),
    )
