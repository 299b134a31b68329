"""Writing exports of the trail in the background."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern.audit import store
from huoke.govern.audit.export import csv_chunks
from huoke.govern.audit.model import AuditExport, ExportState
from huoke.govern.audit.read import count, get_export
from huoke.kernel import files, jobs
from huoke.kernel.jobs import JobContext, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx

KEPT = timedelta(days=7)


class _Requested(msgspec.Struct, frozen=True):
    export_id: UUID


@subscriber("audit.enqueue_export", events={"audit.export_requested"})
async def enqueue_export(tx: Tx, event: LoggedEvent) -> None:
    """Someone asked for a file: let a worker write it."""
    wanted = event.decode(_Requested)
    await jobs.enqueue(
        tx,
        "audit.export",
        {"export_id": str(wanted.export_id)},
        title="导出审计记录 / Audit export",
        unique_key=str(event.id),
    )


@job("audit.export")
async def write_export(context: JobContext, payload: dict[str, Any]) -> None:
    """Write the file and note it at the export; done before, nothing happens."""
    async with context.database.begin(context.tenant, context.actor) as tx:
        export = await get_export(tx, UUID(payload["export_id"]))
        total = await count(tx, export.filter)
    if export.state is ExportState.DONE:
        return
    written = [0]
    file_id = await files.upload(
        context.database,
        context.tenant,
        context.actor,
        f"audit-{export.requested_at:%Y%m%d-%H%M%S}.csv",
        "text/csv; charset=utf-8",
        _counting(context, export, written, total),
        context.clock.now() + KEPT,
        download_permission="audit.export",
    )
    async with context.database.begin(context.tenant, context.actor) as tx:
        await store.finish_export(tx, export.id, written[0], file_id)
    await context.progress(written[0], written[0])


async def _counting(context: JobContext, export: AuditExport, written: list[int], total: int) -> AsyncIterator[bytes]:
    async for chunk, rows in csv_chunks(context.database, context.tenant, export):
        written[0] = rows
        await context.progress(rows, max(rows + 1, total + 1))
        yield chunk
