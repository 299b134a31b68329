"""Imports as background work."""

from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel import jobs
from huoke.kernel.engines import ClickHouse
from huoke.kernel.jobs import JobContext, Sweep, every, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Tx
from huoke.know.customers.databases import allowed_of
from huoke.know.customers.extract import get_extract, run_extract
from huoke.know.customers.import_model import ImportUnknown
from huoke.know.customers.importing import get_import
from huoke.know.customers.run import run_import
from huoke.know.customers.seal_again import seal_again
from huoke.know.customers.undo import run_undo


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
        title=f"导入 · {found.name}",
        unique_key=str(event.id),
    )


class _Asked(msgspec.Struct, frozen=True):
    extract_id: UUID


@subscriber("customers.enqueue_extract", events={"customers.extract_queued"})
async def enqueue_extract(tx: Tx, event: LoggedEvent) -> None:
    """Have a query put to its database."""
    found = await get_extract(tx, event.decode(_Asked).extract_id)
    payload = {"extract_id": str(found.id)}
    await jobs.enqueue(tx, "customers.extract", payload, title=f"查询数据库 · {found.name}", unique_key=str(event.id))


@job("customers.extract", at_once_max=2)
async def extract(context: JobContext, payload: dict[str, Any]) -> None:
    """Put a query and keep its answer."""
    allowed = allowed_of(context.part(Settings).import_addresses)
    await run_extract(
        context.database,
        context.tenant,
        UUID(payload["extract_id"]),
        allowed,
        actor=context.actor,
        progress=context.progress,
    )


@subscriber("customers.enqueue_undo", events={"customers.import_undo_asked"})
async def enqueue_undo(tx: Tx, event: LoggedEvent) -> None:
    """Have an import undone."""
    asked = event.decode(_Queued)
    found = await get_import(tx, asked.import_id)
    payload = {"import_id": str(asked.import_id)}
    await jobs.enqueue(tx, "customers.undo", payload, title=f"撤回导入 · {found.name}", unique_key=str(event.id))


@job("customers.undo")
async def undo(context: JobContext, payload: dict[str, Any]) -> None:
    """Undo an import, from wherever an earlier attempt left it."""
    await run_undo(
        context.database,
        context.tenant,
        UUID(payload["import_id"]),
        actor=context.actor,
        progress=context.progress,
        clickhouse=context.part(ClickHouse),
    )


@job("customers.import")
async def run(context: JobContext, payload: dict[str, Any]) -> None:
    """Run an import, from wherever an earlier attempt left it."""
    await run_import(
        context.database,
        context.tenant,
        UUID(payload["import_id"]),
        actor=context.actor,
        progress=context.progress,
        clickhouse=context.part(ClickHouse),
    )


@every("customers.seal", seconds=60)
async def seal_waiting(sweep: Sweep) -> None:
    """Seal values whose attribute became class C2, or has other bands now."""
    await seal_again(sweep.database, sweep.part(ClickHouse), sweep.tenant)
