"""The SQL of lists that are handed out."""

from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.know.lists.model import ListState, NewListExport
from huoke.know.segments import Audience


async def insert(tx: Tx, list_id: UUID, new: NewListExport, frozen: Audience, unit_id: int, kept: timedelta) -> None:
    """Write a list that waits for approval."""
    await tx.execute(
        "INSERT INTO lists.list_export (id, segment_id, segment_version, audience_id, size, name, purpose, columns,"
        " clear, format, rows_max, reason, unit_id, staff_id, asked_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        list_id,
        frozen.segment_id,
        frozen.segment_version,
        frozen.id,
        frozen.size,
        frozen.name,
        frozen.purpose,
        list(new.columns),
        new.clear,
        new.format.value,
        new.rows_max,
        new.reason,
        unit_id,
        UUID(tx.actor.id),
        tx.now,
        tx.now + kept,
    )


async def set_change(tx: Tx, list_id: UUID, change_id: UUID) -> None:
    """Keep the approval it waits for."""
    await tx.execute("UPDATE lists.list_export SET change_id = $2 WHERE id = $1", list_id, change_id)


async def set_job(tx: Tx, list_id: UUID, job_id: UUID) -> None:
    """Keep the job that makes its file."""
    await tx.execute("UPDATE lists.list_export SET job_id = $2 WHERE id = $1", list_id, job_id)


async def end(tx: Tx, list_id: UUID, state: ListState) -> None:
    """Move a list on, unless it is over."""
    await tx.execute(
        "UPDATE lists.list_export SET state = $2 WHERE id = $1 AND state IN ('pending', 'approved')",
        list_id,
        state.value,
    )


async def done(tx: Tx, list_id: UUID, file_id: UUID, rows: int, left_out: int, expires_at: datetime) -> bool:
    """Keep the file; False when the list was cancelled meanwhile."""
    return bool(
        await tx.execute(
            "UPDATE lists.list_export SET state = 'done', file_id = $2, rows = $3, left_out = $4, made_at = $5,"
            " expires_at = $6 WHERE id = $1 AND state = 'approved'",
            list_id,
            file_id,
            rows,
            left_out,
            tx.now,
            expires_at,
        )
    )


async def get(tx: Tx, list_id: UUID) -> Record | None:
    """One list."""
    return await tx.fetch_row("SELECT * FROM lists.list_export WHERE id = $1", list_id)


async def find(tx: Tx, segment_id: UUID, limit: int) -> list[Record]:
    """Lists of a segment, latest first."""
    return await tx.fetch(
        "SELECT * FROM lists.list_export WHERE segment_id = $1 ORDER BY asked_at DESC, id DESC LIMIT $2",
        segment_id,
        limit,
    )


async def standing(tx: Tx) -> list[Record]:
    """Lists that wait, are being made, or can still be fetched; latest first."""
    return await tx.fetch(
        "SELECT id, name, state, segment_id, unit_id FROM lists.list_export WHERE state IN ('pending', 'approved')"
        " OR (state = 'done' AND expires_at > $1) ORDER BY asked_at DESC, id DESC",
        tx.now,
    )
