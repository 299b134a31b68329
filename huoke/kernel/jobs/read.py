"""Questions about jobs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.jobs import store
from huoke.kernel.jobs.model import OPEN, Job, JobMissing, JobState
from huoke.kernel.tx import Tx


class Change(msgspec.Struct, frozen=True):
    """A job after a change, and the place of that change in the stream."""

    xid: int
    job: Job


async def get(tx: Tx, job_id: UUID) -> Job:
    """One job; raises `JobMissing`."""
    row = await store.get(tx, job_id)
    if row is None:
        raise JobMissing("There is no such job.")
    return to_job(row)


async def find(
    tx: Tx,
    *,
    states: Sequence[JobState] | None = None,
    q: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Job]:
    """Jobs, newest first; `before` is (created_at, id) of the last one seen, `q` is looked for in title and name."""
    wanted = [state.value for state in states] if states else None
    return [to_job(row) for row in await store.find(tx, wanted, q, before, limit)]


async def count(tx: Tx) -> dict[str, int]:
    """How many jobs stand in each state; states without jobs are left out."""
    return await store.count_by_state(tx)


async def changes(tx: Tx, after: int | None, *, limit: int = 100) -> tuple[list[Change], int]:
    """Jobs that changed after a place in the stream, each as it is now, and the place reached.

    Without a place: no jobs, and the present place.
    """
    if after is None:
        return [], await store.watermark(tx)
    rows = await store.changed_since(tx, after, limit)
    changed = [Change(row["xid"], to_job(row)) for row in rows]
    return changed, changed[-1].xid if changed else after


def to_job(row: Record) -> Job:
    """A job out of its row."""
    fields = {name: row[name] for name in Job.__struct_fields__ if name not in {"state", "can"}}
    state = JobState(row["state"])
    return Job(state=state, can=["cancel"] if state in OPEN and not row["cancelling"] else [], **fields)
