"""The SQL of prepayments."""

from datetime import datetime
from uuid import UUID

import asyncpg
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.settle.fulfilment.model import ReferenceTaken


async def insert(tx: Tx, prepayment_id: UUID, supplier_id: UUID, amount_fen: int, reference: str) -> None:
    """Write one; `ReferenceTaken`."""
    try:
        await tx.execute(
            "INSERT INTO fulfilment.prepayment (id, supplier_id, amount_fen, reference, state, created_by, created_at)"
            " VALUES ($1, $2, $3, $4, 'submitted', $5, $6)",
            prepayment_id,
            supplier_id,
            amount_fen,
            reference,
            tx.actor.id,
            tx.now,
        )
    except asyncpg.UniqueViolationError:
        raise ReferenceTaken(f"Payment {reference} was entered before.", pointer="/reference") from None


async def set_change(tx: Tx, prepayment_id: UUID, change_id: UUID) -> None:
    """Note the change that decides it."""
    await tx.execute("UPDATE fulfilment.prepayment SET change_id = $2 WHERE id = $1", prepayment_id, change_id)


async def close(tx: Tx, prepayment_id: UUID, state: str) -> None:
    """Paid or refused."""
    await tx.execute(
        "UPDATE fulfilment.prepayment SET state = $2, closed_at = $3 WHERE id = $1", prepayment_id, state, tx.now
    )


async def get(tx: Tx, prepayment_id: UUID, *, lock: bool) -> Record | None:
    """One prepayment."""
    suffix = " FOR NO KEY UPDATE" if lock else ""
    return await tx.fetch_row(
        f"SELECT id, supplier_id, amount_fen, reference, state FROM fulfilment.prepayment WHERE id = $1{suffix}",
        prepayment_id,
    )


async def find(
    tx: Tx, supplier_id: UUID | None, state: str | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[Record]:
    """Prepayments, latest first."""
    return await tx.fetch(
        "SELECT id, supplier_id, amount_fen, reference, state, change_id, created_by, created_at, closed_at"
        " FROM fulfilment.prepayment WHERE ($1::uuid IS NULL OR supplier_id = $1) AND ($2::text IS NULL OR state = $2)"
        " AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))"
        " ORDER BY created_at DESC, id DESC LIMIT $5",
        supplier_id,
        state,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )


async def count(tx: Tx, supplier_id: UUID | None) -> dict[str, int]:
    """How many of each state."""
    rows = await tx.fetch(
        "SELECT state, count(*) AS n FROM fulfilment.prepayment WHERE $1::uuid IS NULL OR supplier_id = $1"
        " GROUP BY state",
        supplier_id,
    )
    return {row["state"]: row["n"] for row in rows}
