"""The SQL of files."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx

WRITING_KEPT = timedelta(days=1)
"""An upload that was never finished is removed after so long."""


async def begin(tx: Tx, file_id: UUID, name: str, content_type: str, permission: str, expires_at: datetime) -> None:
    """Note a file that is about to be written."""
    await tx.execute(
        "INSERT INTO files.file (id, name, content_type, download_permission, created_by, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        file_id,
        name,
        content_type,
        permission,
        f"{tx.actor.kind.value}:{tx.actor.id}",
        tx.now,
        expires_at,
    )


async def add_chunk(tx: Tx, file_id: UUID, number: int, body: bytes) -> None:
    """Store one sealed chunk."""
    await tx.execute("INSERT INTO files.chunk (file_id, number, body) VALUES ($1, $2, $3)", file_id, number, body)


async def finish(tx: Tx, file_id: UUID, size_bytes: int, sha256: str) -> None:
    """All chunks are there."""
    await tx.execute(
        "UPDATE files.file SET state = 'ready', size_bytes = $2, sha256 = $3 WHERE id = $1", file_id, size_bytes, sha256
    )


async def get(tx: Tx, file_id: UUID) -> Record | None:
    """A ready file that has not expired."""
    return await tx.fetch_row(
        "SELECT id, name, content_type, size_bytes, sha256, download_permission, created_at, expires_at"
        " FROM files.file WHERE id = $1 AND state = 'ready' AND expires_at > $2",
        file_id,
        tx.now,
    )


async def get_chunk(tx: Tx, file_id: UUID, number: int) -> bytes | None:
    """One sealed chunk."""
    body = await tx.fetch_value("SELECT body FROM files.chunk WHERE file_id = $1 AND number = $2", file_id, number)
    assert body is None or isinstance(body, bytes)
    return body


async def find_expired(tx: Tx, limit: int) -> list[UUID]:
    """Files past their time, and uploads that were never finished."""
    rows = await tx.fetch(
        "SELECT id FROM files.file WHERE expires_at <= $1 OR (state = 'writing' AND created_at <= $2) LIMIT $3",
        tx.now,
        tx.now - WRITING_KEPT,
        limit,
    )
    return [row["id"] for row in rows]


async def remove(tx: Tx, file_ids: Sequence[UUID]) -> None:
    """Remove files with their chunks."""
    await tx.execute("DELETE FROM files.chunk WHERE file_id = ANY($1::uuid[])", list(file_ids))
    await tx.execute("DELETE FROM files.file WHERE id = ANY($1::uuid[])", list(file_ids))
