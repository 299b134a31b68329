"""The SQL of entry points."""

from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.know.entry_points.model import NewEntryPoint

_COLUMNS = "id, code, kind, name, target_kind, target_id, created_at, closed_at"


async def add(tx: Tx, new: NewEntryPoint, code: str) -> Record:
    """Insert an entry point under its code."""
    row = await tx.fetch_row(
        "INSERT INTO entry_points.entry_point (id, code, kind, name, target_kind, target_id, created_at)"
        f" VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING {_COLUMNS}",
        new_id(),
        code,
        new.kind.value,
        new.name,
        new.target_kind,
        new.target_id,
        tx.now,
    )
    assert row is not None
    return row


async def by_code(tx: Tx, code: str) -> Record | None:
    """The entry point of a code, closed or not."""
    return await tx.fetch_row(f"SELECT {_COLUMNS} FROM entry_points.entry_point WHERE code = $1", code)


async def of_target(tx: Tx, target_kind: str, target_id: UUID) -> list[Record]:
    """Every entry point to a target, oldest first."""
    return await tx.fetch(
        f"SELECT {_COLUMNS} FROM entry_points.entry_point WHERE target_kind = $1 AND target_id = $2"
        " ORDER BY created_at, id",
        target_kind,
        target_id,
    )


async def latest(tx: Tx, after: UUID | None, limit: int) -> list[Record]:
    """Entry points, latest first (ids are in order of time)."""
    return await tx.fetch(
        f"SELECT {_COLUMNS} FROM entry_points.entry_point WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2",
        after,
        limit,
    )


async def close(tx: Tx, target_kind: str, target_id: UUID) -> int:
    """Close every entry point to a target."""
    return await tx.execute(
        "UPDATE entry_points.entry_point SET closed_at = $3"
        " WHERE target_kind = $1 AND target_id = $2 AND closed_at IS NULL",
        target_kind,
        target_id,
        tx.now,
    )


async def close_one(tx: Tx, entry_point_id: UUID) -> None:
    """Close an entry point that is open."""
    await tx.execute(
        "UPDATE entry_points.entry_point SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL", entry_point_id, tx.now
    )
