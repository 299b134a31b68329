"""The SQL of jobs. Every change stamps the row with its transaction id, which is what the change stream follows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx

_JOB = (
    "id, name, title, state, done, total, error, attempts, cancelling, actor_kind, actor_id, created_at, started_at,"
    " finished_at, file_id"
)


async def insert(tx: Tx, job_id: UUID, name: str, title: str, payload: dict[str, Any], unique_key: str | None) -> UUID:
    """Insert a job; returns the id of the earlier one when name and key are known."""
    row = await tx.fetch_row(
        "INSERT INTO jobs.job (id, name, title, payload, unique_key, actor_kind, actor_id, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant_id, name, unique_key) DO NOTHING RETURNING id",
        job_id, name, title, payload, unique_key, tx.actor.kind.value, tx.actor.id, tx.now,
    )  # fmt: skip
    if row is not None:
        return job_id
    found = await tx.fetch_value("SELECT id FROM jobs.job WHERE name = $1 AND unique_key = $2", name, unique_key)
    assert isinstance(found, UUID)
    return found


async def push(tx: Tx, name: str, job_id: UUID, delay: timedelta) -> None:
    """Put a job's number into the queue, once."""
    payload = msgspec.json.encode((tx.tenant, job_id))
    await tx.fetch(_enqueue(), [0], [name], [payload], [delay], [str(job_id)], [None])


async def start(tx: Tx, job_id: UUID) -> Record | None:
    """Begin an attempt; None when the job has ended or is being cancelled."""
    return await tx.fetch_row(
        "UPDATE jobs.job SET state = 'running', attempts = attempts + 1, started_at = coalesce(started_at, $2),"
        " xid = pg_current_xact_id() WHERE id = $1 AND state IN ('queued', 'running') AND NOT cancelling"
        " RETURNING attempts, payload, actor_kind, actor_id",
        job_id,
        tx.now,
    )


async def report(tx: Tx, job_id: UUID, done: int, total: int) -> bool:
    """Note progress; says whether the job is to stop."""
    stop = await tx.fetch_value(
        "UPDATE jobs.job SET done = $2, total = $3, xid = pg_current_xact_id() WHERE id = $1 AND state = 'running'"
        " RETURNING cancelling",
        job_id,
        done,
        total,
    )
    return stop is not False


async def leave(tx: Tx, job_id: UUID, file_id: UUID) -> None:
    """Note the file a job made."""
    await tx.execute("UPDATE jobs.job SET file_id = $2, xid = pg_current_xact_id() WHERE id = $1", job_id, file_id)


async def finish(tx: Tx, job_id: UUID, state: str, error: str = "") -> None:
    """End a job, or send it back to the queue for another attempt (which a cancel in the meantime prevents)."""
    await tx.execute(
        "UPDATE jobs.job SET state = CASE WHEN $2 = 'queued' AND cancelling THEN 'cancelled' ELSE $2 END, error = $3,"
        " finished_at = CASE WHEN $2 = 'queued' AND NOT cancelling THEN NULL ELSE $4::timestamptz END,"
        " cancelling = false, xid = pg_current_xact_id() WHERE id = $1 AND state IN ('queued', 'running')",
        job_id,
        state,
        error,
        tx.now,
    )


async def ask_to_stop(tx: Tx, job_id: UUID) -> Record | None:
    """Cancel a queued job and mark a running one; None when there is no open job of this number."""
    return await tx.fetch_row(
        "UPDATE jobs.job SET state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END,"
        " cancelling = state = 'running', finished_at = CASE state WHEN 'queued' THEN $2::timestamptz END,"
        f" xid = pg_current_xact_id() WHERE id = $1 AND state IN ('queued', 'running') RETURNING {_JOB}",
        job_id,
        tx.now,
    )


async def get(tx: Tx, job_id: UUID) -> Record | None:
    """One job."""
    return await tx.fetch_row(f"SELECT {_JOB} FROM jobs.job WHERE id = $1", job_id)


async def find(
    tx: Tx, states: Sequence[str] | None, words: str, before: tuple[datetime, UUID] | None, limit: int
) -> list[Record]:
    """Jobs, newest first, from before a place in that order."""
    at, job_id = before or (None, None)
    return await tx.fetch(
        f"SELECT {_JOB} FROM jobs.job WHERE ($1::text[] IS NULL OR state = ANY($1))"
        " AND ($2 = '' OR position(lower($2) IN lower(title || ' ' || name)) > 0)"
        " AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))"
        " ORDER BY created_at DESC, id DESC LIMIT $5",
        states,
        words,
        at,
        job_id,
        limit,
    )


async def count_by_state(tx: Tx) -> dict[str, int]:
    """How many jobs stand in each state."""
    rows = await tx.fetch("SELECT state, count(*) AS jobs FROM jobs.job GROUP BY state")
    return {row["state"]: row["jobs"] for row in rows}


async def changed_since(tx: Tx, xid: int, limit: int) -> list[Record]:
    """Jobs whose last change lies after transaction `xid` and can no longer be overtaken, in order of change."""
    return await tx.fetch(
        f"SELECT {_JOB}, xid FROM jobs.job WHERE xid > $1 AND xid < pg_snapshot_xmin(pg_current_snapshot())"
        " ORDER BY xid FETCH FIRST $2 ROWS WITH TIES",
        xid,
        limit,
    )


async def watermark(tx: Tx) -> int:
    """The last transaction id below which nothing can change any more."""
    return int(await tx.fetch_value("SELECT pg_snapshot_xmin(pg_current_snapshot())")) - 1


@cache
def _enqueue() -> str:
    from huoke.kernel.jobs import turns  # noqa: PLC0415 - a process that never enqueues never loads it

    return turns.enqueue_sql()
