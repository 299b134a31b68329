"""Imports as background work."""

from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel import jobs
from huoke.kernel.jobs import JobContext, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.know.customers.import_model import ImportUnknown
from huoke.know.customers.importing import get_import
from huoke.know.customers.run import run_import


class _Queued(msgspec.Struct, frozen=True):
    import_id: UUID


@subscriber("customers.enqueue_import", events={"customers.import_queued"})
async def enqueue_import(tx: Tx, event: LoggedEvent) -> None:
    """Have a queued import run."""
    queued = event.decode(_Queued)
    try:
        found = await get_import(tx, queued.import_id)
    except ImportUnknown:
        return
    await jobs.enqueue(
        tx,
        "customers.import",
        {"import_id": str(queued.import_id)},
        title=f"导入客户：{found.name}",
        unique_key=str(event.id),
    )


@job("customers.import")
async def run(context: JobContext, payload: dict[str, Any]) -> None:
    """Run an import, from wherever an earlier attempt left it."""
    await run_import(
        context.database, context.tenant, UUID(payload["import_id"]), actor=context.actor, progress=context.progress
    )
