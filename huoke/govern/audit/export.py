"""A file of the trail: asked for with a reason, written by a job, itself in the trail (rule F3)."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.govern.audit import store
from huoke.govern.audit.model import (
    EXPORT_ROWS_MAX,
    AuditEntry,
    AuditExport,
    AuditRow,
    ExportRequested,
    NewExport,
    require_reason,
    safe_cell,
)
from huoke.govern.audit.read import find
from huoke.govern.audit.record import record
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database, Tx

PAGE_ROWS = 5_000
COLUMNS = tuple(AuditRow.__struct_fields__)


async def request_export(tx: Tx, new: NewExport) -> UUID:
    """Ask for a CSV file of the matching entries; returns the export's id, `ReasonMissing` without a reason."""
    reason = require_reason(new.reason)
    export_id = await store.add_export(tx, msgspec.structs.replace(new, reason=reason))
    await record(
        tx,
        AuditEntry(
            action="audit.export",
            subject_kind="audit_export",
            subject_id=str(export_id),
            reason=reason,
            after={"filter": msgspec.to_builtins(new.filter)},
        ),
    )
    tx.emit(ExportRequested(export_id=export_id))
    return export_id


async def csv_chunks(database: Database, tenant: TenantId, export: AuditExport) -> AsyncIterator[tuple[bytes, int]]:
    """The file in pieces with the rows written so far: UTF-8 with BOM; the first line is the watermark.

    Every page is a transaction of its own, so that a long file holds no snapshot; later entries stay out.
    """
    watermark = f"huoke · {export.id} · {export.requested_by} · {export.requested_at.isoformat()}"
    yield b"\xef\xbb\xbf" + _lines([[watermark], list(COLUMNS)]), 0
    wanted = msgspec.structs.replace(export.filter, until=_earlier(export.filter.until, export.requested_at))
    before: tuple[datetime, UUID] | None = None
    written = 0
    while written < EXPORT_ROWS_MAX:
        async with database.begin(tenant) as tx:
            rows = await find(tx, wanted, before=before, limit=min(PAGE_ROWS, EXPORT_ROWS_MAX - written))
        if not rows:
            return
        before = (rows[-1].at, rows[-1].id)
        written += len(rows)
        yield _lines([[_cell(getattr(row, column)) for column in COLUMNS] for row in rows]), written


def _earlier(until: datetime | None, requested_at: datetime) -> datetime:
    return min(until, requested_at) if until else requested_at


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return msgspec.json.encode(value).decode()
    return safe_cell(value.isoformat() if isinstance(value, datetime) else str(value))


def _lines(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
