"""The SQL of card codes."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx


async def insert_batch(tx: Tx, row: dict[str, Any]) -> None:
    """Write a batch that waits to be read."""
    columns = ", ".join(row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    await tx.execute(f"INSERT INTO card_codes.batch ({columns}) VALUES ({places})", *row.values())


async def lock_batch(tx: Tx, batch_id: UUID) -> Record | None:
    """One batch, locked against other writers."""
    return await tx.fetch_row("SELECT * FROM card_codes.batch WHERE id = $1 FOR UPDATE", batch_id)


async def change_batch(tx: Tx, batch_id: UUID, row: dict[str, Any]) -> None:
    """Set columns of one batch."""
    sets = ", ".join(f'"{column}" = ${place}' for place, column in enumerate(row, start=2))
    await tx.execute(f"UPDATE card_codes.batch SET {sets} WHERE id = $1", batch_id, *row.values())


async def batches(tx: Tx, batch_id: UUID | None, sku_id: UUID | None, before: UUID | None, limit: int) -> list[Record]:
    """Batches with what is left of them, latest first."""
    return await tx.fetch(
        'SELECT b.id, b.sku_id, b.unit_id, b.file_name, b.expires_on, b.state, b.success, b.failed, b."exists",'
        " b.duplicate, b.lists, b.error, b.uploaded_by, b.uploaded_at, c.* FROM card_codes.batch b"
        " CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'free') AS free,"
        " count(*) FILTER (WHERE state = 'drawn') AS drawn, count(*) FILTER (WHERE state = 'seen') AS seen,"
        " count(*) FILTER (WHERE state = 'void') AS void FROM card_codes.card_code WHERE batch_id = b.id) c"
        " WHERE ($1::uuid IS NULL OR b.id = $1) AND ($2::uuid IS NULL OR b.sku_id = $2)"
        " AND ($3::uuid IS NULL OR b.id < $3) ORDER BY b.id DESC LIMIT $4",
        batch_id,
        sku_id,
        before,
        limit,
    )


class NewCode(msgspec.Struct, frozen=True):
    """A code to write."""

    id: UUID
    sealed: bytes
    blind: bytes


async def lock_supplier(tx: Tx, supplier_id: UUID) -> None:
    """Let codes of one supplier be taken in one file after another."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext('card_codes.supplier'), hashtext($1))", str(supplier_id))


async def standing_at_others(tx: Tx, brand_id: UUID, blinds: Sequence[bytes]) -> list[Record]:
    """Codes that stand under another brand: SKU and blind index."""
    return await tx.fetch(
        "SELECT sku_id, blind FROM card_codes.card_code WHERE blind = ANY($2) AND state <> 'void' AND brand_id <> $1",
        brand_id,
        list(blinds),
    )


async def insert_codes(tx: Tx, batch: Record, brand_id: UUID, codes: Sequence[NewCode]) -> tuple[int, set[bytes]]:
    """Write codes the batch's SKU never had and no SKU of the brand has; a code called back may come again elsewhere.

    Returns how many were written, and the blind indexes that now stand in this batch.
    """
    inserted = await tx.execute(
        "INSERT INTO card_codes.card_code (id, batch_id, sku_id, brand_id, sealed, blind, expires_on, state)"
        " SELECT c.id, $4, $5, $6, c.sealed, c.blind, $7, 'free' FROM unnest($1::uuid[], $2::bytea[], $3::bytea[])"
        " AS c(id, sealed, blind) ORDER BY c.blind ON CONFLICT DO NOTHING",
        [code.id for code in codes],
        [code.sealed for code in codes],
        [code.blind for code in codes],
        batch["id"],
        batch["sku_id"],
        brand_id,
        batch["expires_on"],
    )
    rows = await tx.fetch(
        "SELECT blind FROM card_codes.card_code WHERE sku_id = $1 AND blind = ANY($2) AND batch_id = $3",
        batch["sku_id"],
        [code.blind for code in codes],
        batch["id"],
    )
    return inserted, {row["blind"] for row in rows}


_DRAW = """
WITH wish AS (
  SELECT grant_id, row_number() OVER (ORDER BY n) AS nth FROM unnest($2::uuid[]) WITH ORDINALITY AS w(grant_id, n)
), locked AS (
  SELECT id, expires_on FROM card_codes.card_code WHERE sku_id = $1 AND state = 'free' AND expires_on >= $3
    AND brand_id IS NOT NULL
  ORDER BY expires_on, id LIMIT cardinality($2::uuid[]) FOR UPDATE SKIP LOCKED
), free AS (
  SELECT id, row_number() OVER (ORDER BY expires_on, id) AS nth FROM locked
)
UPDATE card_codes.card_code c SET state = 'drawn', grant_id = w.grant_id, drawn_at = $4
FROM free f JOIN wish w USING (nth) WHERE c.id = f.id AND c.state = 'free' RETURNING c.grant_id, c.expires_on
"""


async def draw(tx: Tx, sku_id: UUID, grant_ids: Sequence[UUID], today: date) -> list[Record]:
    """Set codes aside, the first to expire first: one statement that passes over what others are drawing."""
    return await tx.fetch(_DRAW, sku_id, list(grant_ids), today, tx.now)


async def put_back(tx: Tx, grant_ids: Sequence[UUID]) -> int:
    """Free the codes of grants nobody saw."""
    return await tx.execute(
        "UPDATE card_codes.card_code SET state = 'free', grant_id = NULL, drawn_at = NULL"
        " WHERE grant_id = ANY($1) AND state = 'drawn'",
        list(grant_ids),
    )


async def see(tx: Tx, grant_id: UUID) -> Record | None:
    """Note that the code of a grant was seen; None where it has none."""
    return await tx.fetch_row(
        "UPDATE card_codes.card_code SET state = 'seen', seen_at = coalesce(seen_at, $2) WHERE grant_id = $1"
        " RETURNING id, sealed, expires_on",
        grant_id,
        tx.now,
    )


async def of_grant(tx: Tx, grant_id: UUID) -> Record | None:
    """The code of a grant, as it is."""
    return await tx.fetch_row("SELECT id, sealed, expires_on FROM card_codes.card_code WHERE grant_id = $1", grant_id)


async def of_grants(tx: Tx, grant_ids: Sequence[UUID]) -> list[Record]:
    """Grants that have a code, and its last day."""
    return await tx.fetch(
        "SELECT grant_id, expires_on FROM card_codes.card_code WHERE grant_id = ANY($1)", list(grant_ids)
    )


async def void(tx: Tx, batch_id: UUID | None, before: date | None, limit: int) -> list[Record]:
    """Void free codes, of one batch or those that ran out before a day or are copies; SKU, unit and how many."""
    return await tx.fetch(
        "WITH due AS (SELECT id FROM card_codes.card_code WHERE state = 'free'"
        " AND ($1::uuid IS NULL OR batch_id = $1) AND ($2::date IS NULL OR expires_on < $2 OR brand_id IS NULL)"
        " ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED),"
        " voided AS (UPDATE card_codes.card_code c SET state = 'void' FROM due WHERE c.id = due.id"
        " RETURNING c.sku_id, c.batch_id)"
        " SELECT b.sku_id, b.unit_id, count(*)::int AS quantity FROM voided v JOIN card_codes.batch b"
        " ON b.id = v.batch_id GROUP BY b.sku_id, b.unit_id ORDER BY 1, 2",
        batch_id,
        before,
        limit,
    )


async def count_codes(tx: Tx, sku_ids: Sequence[UUID]) -> list[Record]:
    """Codes by SKU and state."""
    return await tx.fetch(
        "SELECT sku_id, state, count(*) AS n FROM card_codes.card_code WHERE sku_id = ANY($1) GROUP BY sku_id, state",
        list(sku_ids),
    )
