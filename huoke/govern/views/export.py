"""A file of a list: asked for with a reason, read page by page with its owner's rights, marked with who made it."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import audit, identity
from huoke.govern.views import store
from huoke.govern.views.model import (
    ROWS_MAX,
    ExportColumn,
    ExportFormat,
    ExportRequested,
    ExportState,
    ExportUnknown,
    NewExport,
    check_export,
    listing,
)
from huoke.govern.views.write import cells_of, open_file
from huoke.kernel import files, jobs
from huoke.kernel.ids import new_id
from huoke.kernel.jobs import JobContext
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Forbidden
from huoke.kernel.tx import Tx

KEPT = timedelta(days=7)
TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ListNotAllowed(Forbidden):
    """The caller may not read the list."""

    code = "permission.missing"


async def request_export(tx: Tx, principal: Principal, new: NewExport) -> UUID:
    """Ask for a file of a list; returns the export's id.

    `ListUnknown`, `ExportUnfit`, `ReasonMissing`, or `ListNotAllowed` without the list's own permission. It holds what
    the list itself would show its caller: in scope, masked, at most `ROWS_MAX` rows (rule F3).
    """
    reason = audit.require_reason(new.reason)
    check_export(new)
    wanted = listing(new.operation)
    _require(principal, wanted.permission)
    wanted.check(new.filters)
    export_id = new_id()
    asked = msgspec.structs.replace(new, reason=reason)
    await store.add_export(tx, export_id, UUID(principal.actor.id), asked, tx.now + KEPT)
    await audit.record(
        tx,
        audit.AuditEntry(
            action="views.export",
            subject_kind="export",
            subject_id=str(export_id),
            reason=reason,
            after={"operation": new.operation, "filters": new.filters, "format": new.format.value},
        ),
    )
    tx.emit(ExportRequested(export_id=export_id))
    return export_id


async def cancel_export(tx: Tx, principal: Principal, export_id: UUID) -> None:
    """Stop an export of one's own; `ExportUnknown`, or `JobFinished` when it has ended."""
    row = await store.get_export(tx, export_id)
    if row is None or str(row["staff_id"]) != principal.actor.id:
        raise ExportUnknown("You have no such export.")
    if row["job_id"]:
        await jobs.cancel(tx, row["job_id"])
    await store.finish_export(tx, export_id, ExportState.CANCELLED.value, 0, None)


async def write_file(context: JobContext, export_id: UUID, parts: Mapping[str, object]) -> None:
    """Read the list to its end and keep the file; an export that has ended is left alone."""
    async with context.database.begin(context.tenant, context.actor) as tx:
        row = await store.get_export(tx, export_id)
        if row is None or row["state"] != ExportState.QUEUED.value:
            return
        principal = await identity.principal_of_staff(tx, row["staff_id"])
    columns = msgspec.convert(row["columns"], list[ExportColumn])
    kind = ExportFormat(row["format"])
    at = context.clock.now()
    mark = f"Huoke · {principal.name} · {at.isoformat(timespec='seconds')} · {export_id}"
    with tempfile.TemporaryDirectory(prefix="huoke-export-") as folder:
        path = Path(folder) / f"rows.{kind.value}"
        rows = await _write(context, row, principal, parts, columns, path, mark)
        file_id = None
        if not context.cancelled:
            file_id = await files.upload(
                context.database,
                context.tenant,
                context.actor,
                f"{_file_name(row['title'])}-{at:%Y%m%d-%H%M%S}.{kind.value}",
                TYPES[kind],
                _pieces(path),
                row["expires_at"],
            )
    state = ExportState.CANCELLED if context.cancelled else ExportState.DONE
    async with context.database.begin(context.tenant, context.actor) as tx:
        await store.finish_export(tx, export_id, state.value, rows, file_id)


async def _write(
    context: JobContext,
    row: Record,
    principal: Principal,
    parts: Mapping[str, object],
    columns: list[ExportColumn],
    path: Path,
    mark: str,
) -> int:
    """Every page is a transaction of its own, so that a long file holds no snapshot."""
    wanted = listing(row["operation"])
    _require(principal, wanted.permission)
    cursor, written = None, 0
    with open_file(path, ExportFormat(row["format"]), columns, mark) as out:
        while True:
            async with context.database.begin(context.tenant, context.actor) as tx:
                page = await wanted.rows(tx, principal, parts, row["filters"], cursor)
            taken = page.items[: ROWS_MAX - written]
            for item in taken:
                out.add(cells_of(item, columns))
            written += len(taken)
            cursor = page.next_cursor
            more = bool(cursor) and bool(taken) and written < ROWS_MAX
            if not await context.progress(written, max(page.total or 0, written) + int(more)) or not more:
                return written


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as source:
        while piece := source.read(1 << 20):
            yield piece


def _file_name(title: str) -> str:
    """A title as a part of a file's name."""
    return "".join("-" if letter in '/\\:*?"<>|' or ord(letter) < 32 else letter for letter in title).strip(" .")


def _require(principal: Principal, permission: str) -> None:
    if permission != "any" and not principal.may(permission):
        raise ListNotAllowed(f"You need the permission '{permission}'.", permission=permission)
