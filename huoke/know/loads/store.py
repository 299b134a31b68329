"""The SQL of loads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.know.loads.tables import AT_WORK

COUNTS = ("read", "loaded", "duplicate", "waiting", "refused", "traits_refused", "share")
_LISTED = (
    "id, name, file_id, source_id, size_bytes, mapping, status, share, read, loaded, duplicate, waiting, refused,"
    " traits_refused, causes, rejects_file_id, refusal, created_at, created_by, started_at, ended_at, withdrawn_at,"
    " withdrawn_by"
)
_MATCHES = "($1 = '' OR strpos(lower(name), lower($1)) > 0) AND ($2::uuid IS NULL OR source_id = $2)"


async def insert(tx: Tx, load_id: UUID, new: dict[str, Any], work: bytes) -> bool:
    """Add a load; False when the same work is being done."""
    return bool(
        await tx.execute(
            "INSERT INTO loads.load (id, name, file_id, source_id, size_bytes, mapping, work, status, created_at,"
            " created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9)"
            f" ON CONFLICT (tenant_id, work) WHERE {AT_WORK} DO NOTHING",
            load_id,
            new["name"],
            new["file_id"],
            new["source_id"],
            new["size_bytes"],
            new["mapping"],
            work,
            tx.now,
            tx.actor.id,
        )
    )


async def get(tx: Tx, load_id: UUID) -> Record | None:
    """One load."""
    return await tx.fetch_row(f"SELECT {_LISTED} FROM loads.load WHERE id = $1", load_id)


async def find(
    tx: Tx,
    *,
    q: str,
    source_id: UUID | None,
    status: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Record]:
    """Loads, latest first."""
    return await tx.fetch(
        f"SELECT {_LISTED} FROM loads.load WHERE {_MATCHES} AND ($3::text IS NULL OR status = $3)"
        " AND ($4::timestamptz IS NULL OR (created_at, id) < ($4, $5::uuid))"
        " ORDER BY created_at DESC, id DESC LIMIT $6",
        q.strip(),
        source_id,
        status,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )


async def count_by_status(tx: Tx, q: str, source_id: UUID | None) -> dict[str, int]:
    """How many there are in each status."""
    rows = await tx.fetch(
        f"SELECT status, count(*) AS n FROM loads.load WHERE {_MATCHES} GROUP BY status", q.strip(), source_id
    )
    return {row["status"]: row["n"] for row in rows}


async def begin(tx: Tx, load_id: UUID) -> Record | None:
    """Note that a load runs, from nothing; None when it has ended."""
    return await tx.fetch_row(
        "UPDATE loads.load SET status = 'running', started_at = $2, share = 0, read = 0, loaded = 0, duplicate = 0,"
        " waiting = 0, refused = 0, traits_refused = 0, causes = '[]' WHERE id = $1 AND status IN ('queued', 'running')"
        f" RETURNING {_LISTED}",
        load_id,
        tx.now,
    )


async def count(tx: Tx, load_id: UUID, counts: dict[str, Any]) -> bool:
    """Note how far a load is; False when it is to run no more."""
    told = ", ".join(f"{name} = ${place}" for place, name in enumerate(COUNTS, 2))
    values = [counts[name] for name in COUNTS]
    return bool(
        await tx.execute(f"UPDATE loads.load SET {told} WHERE id = $1 AND status = 'running'", load_id, *values)
    )


async def end(
    tx: Tx,
    load_id: UUID,
    status: str,
    *,
    causes: list[dict[str, Any]],
    rejects_file_id: UUID | None = None,
    refusal: dict[str, Any] | None = None,
) -> bool:
    """Note how a load ended; False when somebody else ended it."""
    return bool(
        await tx.execute(
            "UPDATE loads.load SET status = $2, causes = $3, rejects_file_id = $4, refusal = $5, ended_at = $6"
            " WHERE id = $1 AND status = 'running'",
            load_id,
            status,
            causes,
            rejects_file_id,
            refusal,
            tx.now,
        )
    )


async def cancel(tx: Tx, load_id: UUID) -> bool:
    """Note that a load is to stop; False when it has ended."""
    return bool(
        await tx.execute(
            "UPDATE loads.load SET status = 'cancelled', ended_at = $2 WHERE id = $1"
            " AND status IN ('queued', 'running')",
            load_id,
            tx.now,
        )
    )


async def ask_withdrawal(tx: Tx, load_id: UUID) -> bool:
    """Note that a load is to be taken back; False when it is not done, or brought nothing."""
    return bool(
        await tx.execute(
            "UPDATE loads.load SET status = 'withdrawing', withdrawn_by = $2 WHERE id = $1 AND status = 'done'"
            " AND loaded + waiting > 0",
            load_id,
            tx.actor.id,
        )
    )


async def withdrawn(tx: Tx, load_id: UUID) -> bool:
    """Note that nothing of a load stands any more."""
    return bool(
        await tx.execute(
            "UPDATE loads.load SET status = 'withdrawn', withdrawn_at = $2 WHERE id = $1 AND status = 'withdrawing'",
            load_id,
            tx.now,
        )
    )
