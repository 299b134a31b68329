"""The audit trail's SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern.audit.model import AuditEntry, AuditExport, AuditFilter, ExportState, NewExport
from huoke.kernel.ids import new_id, new_ids
from huoke.kernel.tx import Tx

_MATCHES = """
  ($1::text IS NULL OR actor_id = $1)
  AND ($2::text IS NULL OR action = $2 OR (right($2, 1) = '.' AND action > $2 AND action < $2 || '~'))
  AND ($3::text IS NULL OR subject_kind = $3)
  AND ($4::text IS NULL OR subject_id = $4)
  AND ($5::timestamptz IS NULL OR at >= $5)
  AND ($6::timestamptz IS NULL OR at < $6)
  AND ($7::int[] IS NULL OR unit_id = ANY($7))
"""


async def append(tx: Tx, entries: Sequence[AuditEntry], request_id: str) -> None:
    await tx.execute(
        "INSERT INTO audit.entry (id, at, actor_kind, actor_id, action, subject_kind, subject_id, unit_id, reason,"
        " before, after, request_id)"
        " SELECT e.id, $1, $2, $3, e.action, e.subject_kind, e.subject_id, e.unit_id, e.reason, e.before::jsonb,"
        " e.after::jsonb, $4"
        " FROM unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::int[], $10::text[], $11::text[], $12::text[])"
        " AS e(id, action, subject_kind, subject_id, unit_id, reason, before, after)",
        tx.now,
        tx.actor.kind.value,
        tx.actor.id,
        request_id,
        new_ids(len(entries)),
        [entry.action for entry in entries],
        [entry.subject_kind for entry in entries],
        [entry.subject_id for entry in entries],
        [entry.unit_id for entry in entries],
        [entry.reason for entry in entries],
        [_json(entry.before) for entry in entries],
        [_json(entry.after) for entry in entries],
    )


async def find(
    tx: Tx,
    wanted: AuditFilter,
    unit_ids: list[int] | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Record]:
    """Rows newest first, older than `before`."""
    return await tx.fetch(
        f"SELECT * FROM audit.entry WHERE {_MATCHES} AND ($8::timestamptz IS NULL OR (at, id) < ($8, $9::uuid))"
        " ORDER BY at DESC, id DESC LIMIT $10",
        *_arguments(wanted, unit_ids),
        *(before or (None, None)),
        limit,
    )


async def count(tx: Tx, wanted: AuditFilter, unit_ids: list[int] | None) -> int:
    total: int = await tx.fetch_value(
        f"SELECT count(*) FROM audit.entry WHERE {_MATCHES}", *_arguments(wanted, unit_ids)
    )
    return total


async def add_export(tx: Tx, new: NewExport) -> UUID:
    export_id = new_id()
    await tx.execute(
        "INSERT INTO audit.export (id, filter, reason, requested_by, requested_at, state)"
        " VALUES ($1, $2, $3, $4, $5, 'queued')",
        export_id,
        new.filter,
        new.reason,
        tx.actor.id,
        tx.now,
    )
    return export_id


async def exports(tx: Tx, limit: int) -> list[AuditExport]:
    rows = await tx.fetch("SELECT * FROM audit.export ORDER BY requested_at DESC LIMIT $1", limit)
    return [msgspec.convert(dict(row), AuditExport) for row in rows]


async def get_export(tx: Tx, export_id: UUID) -> AuditExport | None:
    row = await tx.fetch_row("SELECT * FROM audit.export WHERE id = $1", export_id)
    return msgspec.convert(dict(row), AuditExport) if row else None


async def finish_export(tx: Tx, export_id: UUID, row_count: int, file_id: UUID | None) -> None:
    """Note the file; without one the export was cancelled."""
    await tx.execute(
        "UPDATE audit.export SET state = $2, row_count = $3, file_id = $4, finished_at = $5 WHERE id = $1",
        export_id,
        ExportState.DONE.value if file_id else ExportState.CANCELLED.value,
        row_count,
        file_id,
        tx.now,
    )


def _arguments(wanted: AuditFilter, unit_ids: list[int] | None) -> list[Any]:
    fields = (wanted.actor_id, wanted.action, wanted.subject_kind, wanted.subject_id, wanted.since, wanted.until)
    return [*fields, unit_ids]


def _json(value: dict[str, Any] | None) -> str | None:
    return None if value is None else msgspec.json.encode(value, enc_hook=str).decode()
