"""Making files of approved consignments in the background."""

from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel import jobs
from huoke.kernel.jobs import JobContext, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.settle.consignments import store
from huoke.settle.consignments.make import make_file


class _Approved(msgspec.Struct, frozen=True):
    consignment_id: UUID


@subscriber("consignments.enqueue", events={"consignments.approved"})
async def enqueue_consignment(tx: Tx, event: LoggedEvent) -> None:
    """A consignment was approved: let a worker make its file."""
    wanted = event.decode(_Approved)
    row = await store.get(tx, wanted.consignment_id)
    if row is None or row["state"] != "approved":
        return
    job_id = await jobs.enqueue(
        tx,
        "consignments.make",
        {"consignment_id": str(wanted.consignment_id)},
        title=f"发货清单 · {row['business_on'].isoformat()}",
        unique_key=str(event.id),
    )
    await store.set_job(tx, wanted.consignment_id, job_id)


@job("consignments.make", at_once_max=2)
async def make_consignment(context: JobContext, payload: dict[str, Any]) -> None:
    """Write the file and keep it for who asked."""
    await make_file(context, UUID(payload["consignment_id"]))
