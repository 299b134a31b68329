"""The SQL of searches for look-alikes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx

_SEARCH = (
    "SELECT id, name, segment_id, segment_version, seed_upload_id, wanted, units, state, failure, failure_detail,"
    " asked_by, asked_at, ended_at, seed, others, auc, drivers, upload_id, found FROM lookalikes.search"
)


async def insert(tx: Tx, search_id: UUID, fields: Mapping[str, Any]) -> None:
    """Write a search that waits: name, segment_id, segment_version, seed_upload_id, wanted, units."""
    await tx.execute(
        "INSERT INTO lookalikes.search (id, name, segment_id, segment_version, seed_upload_id, wanted, units, asked_by,"
        " asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        search_id,
        *(fields[name] for name in ("name", "segment_id", "segment_version", "seed_upload_id", "wanted", "units")),
        tx.actor.id,
        tx.now,
    )


async def get(tx: Tx, search_id: UUID) -> Record | None:
    """One search."""
    return await tx.fetch_row(f"{_SEARCH} WHERE id = $1", search_id)


async def find(tx: Tx, limit: int) -> list[Record]:
    """Searches, latest first."""
    return await tx.fetch(f"{_SEARCH} ORDER BY asked_at DESC, id DESC LIMIT $1", limit)


async def done(tx: Tx, search_id: UUID, fields: Mapping[str, Any]) -> bool:
    """Keep what came of a search that waits: seed, others, auc, drivers, upload_id, found."""
    return bool(
        await tx.execute(
            "UPDATE lookalikes.search SET state = 'done', ended_at = $2, seed = $3, others = $4, auc = $5,"
            " drivers = $6, upload_id = $7, found = $8 WHERE id = $1 AND state = 'asked'",
            search_id,
            tx.now,
            *(fields[name] for name in ("seed", "others", "auc", "drivers", "upload_id", "found")),
        )
    )


async def failed(tx: Tx, search_id: UUID, code: str, detail: str) -> None:
    """Keep why a search came to nothing."""
    await tx.execute(
        "UPDATE lookalikes.search SET state = 'failed', ended_at = $2, failure = $3, failure_detail = $4"
        " WHERE id = $1 AND state = 'asked'",
        search_id,
        tx.now,
        code,
        detail,
    )
