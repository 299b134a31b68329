"""The SQL of lists that are left out."""

from datetime import date
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.know.exclusions.model import NewExclusion

_EXCLUSION = (
    "SELECT id, name, kind, reason, owner, upload_id, segment_id, until_on, created_at, change_id, lifting_reason,"
    " lifted_at FROM exclusions.exclusion"
)


async def insert(tx: Tx, exclusion_id: UUID, new: NewExclusion) -> None:
    """Write a list."""
    await tx.execute(
        "INSERT INTO exclusions.exclusion (id, name, kind, reason, owner, upload_id, segment_id, until_on, created_by,"
        " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $5, $9)",
        exclusion_id,
        new.name.strip(),
        new.kind.value,
        new.reason,
        tx.actor.id,
        new.upload_id,
        new.segment_id,
        new.until_on,
        tx.now,
    )


async def get(tx: Tx, exclusion_id: UUID, *, lock: bool = False) -> Record | None:
    """One list."""
    return await tx.fetch_row(f"{_EXCLUSION} WHERE id = $1{' FOR UPDATE' if lock else ''}", exclusion_id)


async def find(tx: Tx) -> list[Record]:
    """All lists, those that count first, latest first; a bank has dozens."""
    return await tx.fetch(f"{_EXCLUSION} ORDER BY lifted_at IS NOT NULL, created_at DESC, id DESC")


async def counting(tx: Tx, day: date) -> list[Record]:
    """The lists that count on a day, oldest first."""
    return await tx.fetch(
        f"{_EXCLUSION} WHERE lifted_at IS NULL AND (until_on IS NULL OR until_on >= $1) ORDER BY created_at, id", day
    )


async def set_lifting(tx: Tx, exclusion_id: UUID, change_id: UUID | None, reason: str) -> None:
    """Keep the change that asks to lift a list; None when it was not approved."""
    await tx.execute(
        "UPDATE exclusions.exclusion SET change_id = $2, lifting_reason = $3 WHERE id = $1",
        exclusion_id,
        change_id,
        reason,
    )


async def lift(tx: Tx, exclusion_id: UUID) -> None:
    """Leave a list out no longer."""
    await tx.execute("UPDATE exclusions.exclusion SET lifted_at = $2 WHERE id = $1", exclusion_id, tx.now)
