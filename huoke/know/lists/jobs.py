"""Making files of approved lists in the background."""

from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel import jobs
from huoke.kernel.jobs import JobContext, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.know.lists import store
from huoke.know.lists.export import make_file


class _Approved(msgspec.Struct, frozen=True):
    list_id: UUID


@subscriber("lists.enqueue", events={"lists.approved"})
async def enqueue_list(tx: Tx, event: LoggedEvent) -> None:
    """A list was approved: let a worker make its file."""
    wanted = event.decode(_Approved)
    row = await store.get(tx, wanted.list_id)
    if row is None or row["state"] != "approved":
        return
    job_id = await jobs.enqueue(
        tx,
        "lists.make",
        {"list_id": str(wanted.list_id)},
        title=f"名单下发 · {row['name']}",
        unique_key=str(event.id),
    )
    await store.set_job(tx, wanted.list_id, job_id)


@job("lists.make", at_once_max=2)
async def make_list(context: JobContext, payload: dict[str, Any]) -> None:
    """Write the file and keep it for who asked."""
    await make_file(context, UUID(payload["list_id"]))
