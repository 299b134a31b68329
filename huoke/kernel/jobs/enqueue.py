"""Enqueueing and cancelling."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from huoke.kernel.ids import new_id
from huoke.kernel.jobs import store
from huoke.kernel.jobs.model import Job, JobFinished, JobMissing
from huoke.kernel.jobs.read import to_job
from huoke.kernel.tx import Tx


async def enqueue(
    tx: Tx,
    name: str,
    payload: dict[str, Any],
    *,
    title: str,
    unique_key: str | None = None,
    delay: timedelta = timedelta(0),
) -> UUID:
    """Enqueue a job of kind `name` and return its id; with a known `unique_key`, the id of the earlier one.

    Call it from subscribers and schedules (there `unique_key=str(event.id)`), never in a business transaction: the
    queue notifies its workers at commit, which serialises commits. `payload` holds ids only; people read `title`.
    """
    job_id = new_id()
    kept = await store.insert(tx, job_id, name, title, payload, unique_key)
    if kept == job_id:
        await store.push(tx, name, job_id, delay)
    return kept


async def cancel(tx: Tx, job_id: UUID) -> Job:
    """Cancel a queued job at once, and ask a running one to stop at its next step.

    Raises `JobMissing`, or `JobFinished` when it has ended.
    """
    row = await store.ask_to_stop(tx, job_id)
    if row is not None:
        return to_job(row)
    if await store.get(tx, job_id) is None:
        raise JobMissing("There is no such job.")
    raise JobFinished("The job has ended already.")
