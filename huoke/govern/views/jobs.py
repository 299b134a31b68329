"""Writing files of lists in the background."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.views import store
from huoke.govern.views.export import write_file
from huoke.kernel import jobs
from huoke.kernel.engines import ClickHouse
from huoke.kernel.jobs import JobContext, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.sets import SetServer
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Tx


class _Requested(msgspec.Struct, frozen=True):
    export_id: UUID


@subscriber("views.enqueue_export", events={"views.export_requested"})
async def enqueue_export(tx: Tx, event: LoggedEvent) -> None:
    """Somebody asked for a file of a list: let a worker write it."""
    wanted = event.decode(_Requested)
    row = await store.get_export(tx, wanted.export_id)
    if row is None or row["state"] != "queued":
        return
    job_id = await jobs.enqueue(
        tx, "views.export", {"export_id": str(wanted.export_id)}, title=row["title"], unique_key=str(event.id)
    )
    await store.set_job(tx, wanted.export_id, job_id)


@job("views.export", at_once_max=2)
async def write_export(context: JobContext, payload: dict[str, Any]) -> None:
    """Write the file with its owner's rights and keep it for its owner; cancelled, no file is left."""
    parts: Mapping[str, object] = {
        "clickhouse": context.part(ClickHouse),
        "sets": context.part(SetServer),
        "settings": context.part(Settings),
        "clock": context.clock,
        "database": context.database,
    }
    await write_file(context, UUID(payload["export_id"]), parts)
