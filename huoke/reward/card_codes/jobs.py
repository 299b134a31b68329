"""Reading uploaded codes as background work, and voiding those that have run out."""

from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel import jobs
from huoke.kernel.jobs import JobContext, Sweep, every, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.reward import card_codes


class _Queued(msgspec.Struct, frozen=True):
    batch_id: UUID


@subscriber("card_codes.enqueue_batch", events={"card_codes.batch_queued"})
async def enqueue_batch(tx: Tx, event: LoggedEvent) -> None:
    """Have a queued batch read."""
    queued = event.decode(_Queued)
    batch = await card_codes.get_batch(tx, queued.batch_id)
    await jobs.enqueue(
        tx,
        "card_codes.read",
        {"batch_id": str(queued.batch_id)},
        title=f"读取卡密：{batch.file_name}",
        unique_key=str(event.id),
    )


@job("card_codes.read")
async def read(context: JobContext, payload: dict[str, Any]) -> None:
    """Read a batch, again from its beginning where an earlier attempt was cut short."""
    await card_codes.read_batch(
        context.database, context.tenant, UUID(payload["batch_id"]), actor=context.actor, progress=context.progress
    )


@every("card_codes.void_expired", seconds=3_600)
async def void_expired(sweep: Sweep) -> None:
    """Take out of stock what has run out, chunk by chunk."""
    while True:
        async with sweep.database.begin(sweep.tenant) as tx:
            if not await card_codes.void_expired(tx):
                return
