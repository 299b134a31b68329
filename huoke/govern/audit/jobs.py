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


class _Stopped(Exception):  # noqa: N818 - somebody cancelled the job
    pass


@job("audit.export")
async def write_export(context: JobContext, payload: dict[str, Any]) -> None:
    """Write the file and note it at the export; done before, nothing happens; cancelled, no file is left."""
    async with context.database.begin(context.tenant, context.actor) as tx:
        export = await get_export(tx, UUID(payload["export_id"]))
        total = await count(tx, export.filter)
    if export.state is not ExportState.QUEUED:
        return
    rows = _Rows()
    try:
        file_id = await _upload(context, export, rows, total)
    except _Stopped:
        file_id = None
    async with context.database.begin(context.tenant, context.actor) as tx:
        await store.finish_export(tx, export.id, rows.written, file_id)
    await context.progress(rows.written, rows.written)


class _Rows:
    written = 0


async def _upload(context: JobContext, export: AuditExport, rows: _Rows, total: int) -> UUID:
    return await files.upload(
        context.database,
        context.tenant,
        context.actor,
        f"audit-{export.requested_at:%Y%m%d-%H%M%S}.csv",
        "text/csv; charset=utf-8",
        _watched(context, export, rows, total),
        context.clock.now() + KEPT,
        download_permission="audit.export",
    )


async def _watched(context: JobContext, export: AuditExport, rows: _Rows, total: int) -> AsyncIterator[bytes]:
    async for chunk, written in csv_chunks(context.database, context.tenant, export):
        rows.written = written
        if not await context.progress(written, max(written, total) + 1):
            raise _Stopped
        yield chunk
