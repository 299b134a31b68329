"""The SQL of consignments."""

from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.settle.consignments.model import ConsignmentState, NewConsignment


async def insert(tx: Tx, consignment_id: UUID, new: NewConsignment, orders: int, unit_id: int) -> bool:
    """Write one that waits for approval; False where its supplier and day have one that is not over."""
    return bool(
        await tx.execute(
            "INSERT INTO consignments.consignment (id, supplier_id, business_on, orders, reason, unit_id, staff_id,"
            " asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant_id, supplier_id, business_on)"
            " WHERE state IN ('pending', 'approved') DO NOTHING",
            consignment_id,
            new.supplier_id,
            new.business_on,
            orders,
            new.reason,
            unit_id,
            UUID(tx.actor.id),
            tx.now,
        )
    )


async def set_change(tx: Tx, consignment_id: UUID, change_id: UUID) -> None:
    """Keep the approval it waits for."""
    await tx.execute("UPDATE consignments.consignment SET change_id = $2 WHERE id = $1", consignment_id, change_id)


async def set_job(tx: Tx, consignment_id: UUID, job_id: UUID) -> None:
    """Keep the job that makes its file."""
    await tx.execute("UPDATE consignments.consignment SET job_id = $2 WHERE id = $1", consignment_id, job_id)


async def end(tx: Tx, consignment_id: UUID, state: ConsignmentState) -> None:
    """Move one on, unless it is over."""
    await tx.execute(
        "UPDATE consignments.consignment SET state = $2 WHERE id = $1 AND state IN ('pending', 'approved')",
        consignment_id,
        state.value,
    )


async def done(tx: Tx, consignment_id: UUID, file_id: UUID, rows: int, expires_at: datetime) -> bool:
    """Keep the file; False where it was cancelled meanwhile."""
    return bool(
        await tx.execute(
            "UPDATE consignments.consignment SET state = 'done', file_id = $2, rows = $3, made_at = $4,"
            " expires_at = $5 WHERE id = $1 AND state = 'approved'",
            consignment_id,
            file_id,
            rows,
            tx.now,
            expires_at,
        )
    )


async def made_before(tx: Tx, supplier_id: UUID, on: date) -> bool:
    """Whether a supplier has a file of this day already: it knows of every order of the day that is not ended."""
    found: bool = await tx.fetch_value(
        "SELECT EXISTS (SELECT FROM consignments.consignment WHERE supplier_id = $1 AND business_on = $2"
        " AND state = 'done')",
        supplier_id,
        on,
    )
    return found


async def note_fetched(tx: Tx, consignment_id: UUID) -> None:
    """Note when the file was fetched first."""
    await tx.execute(
        "UPDATE consignments.consignment SET fetched_at = coalesce(fetched_at, $2) WHERE id = $1",
        consignment_id,
        tx.now,
    )


async def note_answered(tx: Tx, consignment_id: UUID, sent: int, refused: int) -> None:
    """Add what an answer said."""
    await tx.execute(
        "UPDATE consignments.consignment SET answered_at = $2, sent = sent + $3, refused = refused + $4 WHERE id = $1",
        consignment_id,
        tx.now,
        sent,
        refused,
    )


async def get(tx: Tx, consignment_id: UUID, *, lock: bool = False) -> Record | None:
    """One consignment."""
    ending = " FOR NO KEY UPDATE" if lock else ""
    return await tx.fetch_row(f"SELECT * FROM consignments.consignment WHERE id = $1{ending}", consignment_id)


async def find(
    tx: Tx,
    supplier_id: UUID | None,
    state: ConsignmentState | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Record]:
    """Consignments, the latest first."""
    return await tx.fetch(
        "SELECT * FROM consignments.consignment WHERE ($1::uuid IS NULL OR supplier_id = $1)"
        " AND ($2::text IS NULL OR state = $2)"
        " AND ($3::timestamptz IS NULL OR (asked_at, id) < ($3, $4::uuid)) ORDER BY asked_at DESC, id DESC LIMIT $5",
        supplier_id,
        state.value if state else None,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )


async def count(tx: Tx, supplier_id: UUID | None) -> dict[str, int]:
    """How many stand in each state."""
    rows = await tx.fetch(
        "SELECT state, count(*) FROM consignments.consignment WHERE ($1::uuid IS NULL OR supplier_id = $1)"
        " GROUP BY state",
        supplier_id,
    )
    return {row["state"]: row["count"] for row in rows}
