"""Loads as background work."""

from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel import jobs
from huoke.kernel.engines import ClickHouse
from huoke.kernel.jobs import JobContext, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.know.loads.read import get
from huoke.know.loads.run import run_load, run_withdrawal


class _About(msgspec.Struct, frozen=True):
    load_id: UUID


@subscriber("loads.enqueue", events={"loads.queued"})
async def enqueue(tx: Tx, event: LoggedEvent) -> None:
    """Have a load run."""
    found = await get(tx, event.decode(_About).load_id)
    payload = {"load_id": str(found.id)}
    await jobs.enqueue(tx, "loads.load", payload, title=f"装载事件 · {found.name}", unique_key=str(event.id))


@subscriber("loads.enqueue_withdrawal", events={"loads.withdrawal_asked"})
async def enqueue_withdrawal(tx: Tx, event: LoggedEvent) -> None:
    """Have a load taken back."""
    found = await get(tx, event.decode(_About).load_id)
    payload = {"load_id": str(found.id)}
    await jobs.enqueue(tx, "loads.withdraw", payload, title=f"撤回事件 · {found.name}", unique_key=str(event.id))


@job("loads.load", at_once_max=1)
async def load(context: JobContext, payload: dict[str, Any]) -> None:
    """Load a file; one at a time, so that no two bring the same message."""
    await run_load(
        context.database,
        context.part(ClickHouse),
        context.tenant,
        UUID(payload["load_id"]),
        actor=context.actor,
        progress=context.progress,
    )


@job("loads.withdraw", at_once_max=1)
async def withdraw(context: JobContext, payload: dict[str, Any]) -> None:
    """Take a load back."""
    await run_withdrawal(
        context.database,
        context.part(ClickHouse),
        context.tenant,
        UUID(payload["load_id"]),
        actor=context.actor,
    )
