"""The SQL of views, exports and the guide."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern.views.model import NewExport, NewView, ViewChange
from huoke.kernel.tx import Tx

_VIEW = "id, page, name, staff_id, unit_id, filters, columns"
_EXPORT = (
    "id, operation, title, reason, filters, columns, format, state, rows, job_id, file_id, staff_id, requested_at,"
    " expires_at"
)


async def add_view(tx: Tx, view_id: UUID, staff_id: UUID, unit_id: int | None, new: NewView) -> bool:
    """Insert a view; False when its owner has one of that name."""
    found = await tx.fetch_value(
        "INSERT INTO views.view (id, page, name, staff_id, unit_id, filters, columns, changed_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id",
        view_id,
        new.page,
        new.name.strip(),
        staff_id,
        unit_id,
        new.filters,
        new.columns,
        tx.now,
    )
    return found is not None


async def change_view(tx: Tx, staff_id: UUID, unit_id: int | None, change: ViewChange) -> bool:
    """Change a view of one's own; False when there is none."""
    found = await tx.fetch_value(
        "UPDATE views.view SET name = $3, unit_id = $4, filters = $5, columns = $6, changed_at = $7"
        " WHERE id = $1 AND staff_id = $2 RETURNING id",
        change.id,
        staff_id,
        change.name.strip(),
        unit_id,
        change.filters,
        change.columns,
        tx.now,
    )
    return found is not None


async def named(tx: Tx, staff_id: UUID, view_id: UUID, name: str) -> bool:
    """Whether another view of the same owner and list has the name."""
    found = await tx.fetch_value(
        "SELECT EXISTS (SELECT FROM views.view o JOIN views.view v USING (tenant_id, staff_id, page)"
        " WHERE v.id = $2 AND v.staff_id = $1 AND o.id <> $2 AND o.name = $3)",
        staff_id,
        view_id,
        name.strip(),
    )
    return bool(found)


async def remove_view(tx: Tx, staff_id: UUID, view_id: UUID) -> bool:
    """Delete a view of one's own; False when there is none."""
    found = await tx.fetch_value(
        "DELETE FROM views.view WHERE id = $1 AND staff_id = $2 RETURNING id", view_id, staff_id
    )
    return found is not None


async def count_views(tx: Tx, staff_id: UUID, page: str) -> int:
    """How many views of a list somebody has."""
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM views.view WHERE staff_id = $1 AND page = $2", staff_id, page
    )
    return count


async def views(tx: Tx, staff_id: UUID, page: str, unit_path: list[int]) -> list[Record]:
    """One's own views of a list and those shared by one's unit or one above; own first, then by name."""
    return await tx.fetch(
        f"SELECT {_VIEW} FROM views.view WHERE page = $2 AND (staff_id = $1 OR unit_id = ANY($3::int[]))"
        " ORDER BY staff_id <> $1, name, id",
        staff_id,
        page,
        unit_path,
    )


async def add_export(tx: Tx, export_id: UUID, staff_id: UUID, new: NewExport, expires_at: datetime) -> None:
    await tx.execute(
        "INSERT INTO views.export"
        " (id, operation, title, reason, filters, columns, format, staff_id, requested_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        export_id,
        new.operation,
        new.title.strip(),
        new.reason,
        new.filters,
        msgspec.to_builtins(new.columns),
        new.format.value,
        staff_id,
        tx.now,
        expires_at,
    )


async def get_export(tx: Tx, export_id: UUID) -> Record | None:
    return await tx.fetch_row(f"SELECT {_EXPORT} FROM views.export WHERE id = $1", export_id)


async def exports(tx: Tx, staff_id: UUID, limit: int) -> list[Record]:
    """Somebody's exports that have not expired, newest first."""
    return await tx.fetch(
        f"SELECT {_EXPORT} FROM views.export WHERE staff_id = $1 AND expires_at > $2"
        " ORDER BY requested_at DESC, id DESC LIMIT $3",
        staff_id,
        tx.now,
        limit,
    )


async def set_job(tx: Tx, export_id: UUID, job_id: UUID) -> None:
    await tx.execute("UPDATE views.export SET job_id = $2 WHERE id = $1", export_id, job_id)


async def finish_export(tx: Tx, export_id: UUID, state: str, rows: int, file_id: UUID | None) -> None:
    """End an export that is still open; one already cancelled stays so."""
    await tx.execute(
        "UPDATE views.export SET state = $2, rows = $3, file_id = $4 WHERE id = $1 AND state = 'queued'",
        export_id,
        state,
        rows,
        file_id,
    )


async def guide(tx: Tx) -> Any:
    """Whether the bank has put its guide away; None where nobody has said."""
    return await tx.fetch_value("SELECT dismissed FROM views.guide")


async def put_guide(tx: Tx, dismissed: bool) -> None:
    await tx.execute(
        "INSERT INTO views.guide (dismissed, changed_by, changed_at) VALUES ($1, $2, $3)"
        " ON CONFLICT (tenant_id) DO UPDATE SET dismissed = $1, changed_by = $2, changed_at = $3",
        dismissed,
        tx.actor.id,
        tx.now,
    )
