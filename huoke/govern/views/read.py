"""Questions about views and exports."""

from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern.people import staff, units
from huoke.govern.views import store
from huoke.govern.views.model import Export, ExportFormat, ExportState, ExportUnknown, SavedView
from huoke.kernel import jobs
from huoke.kernel.jobs import Job
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx

EXPORTS_SHOWN = 20
_OPEN = frozenset({ExportState.QUEUED, ExportState.RUNNING})


async def find(tx: Tx, principal: Principal, page: str) -> list[SavedView]:
    """The caller's views of a list, then those that the caller's unit or one above it shares."""
    mine = UUID(principal.actor.id)
    path = next((unit.path for unit in await units.tree(tx) if unit.id == principal.unit_id), [])
    rows = await store.views(tx, mine, page, [int(unit_id) for unit_id in path])
    names = await staff.names(tx, {str(row["staff_id"]) for row in rows})
    return [
        SavedView(
            id=row["id"],
            page=row["page"],
            name=row["name"],
            filters=row["filters"],
            columns=list(row["columns"]),
            shared=row["unit_id"] is not None,
            mine=row["staff_id"] == mine,
            owner=names.get(str(row["staff_id"]), ""),
            can=["change", "remove"] if row["staff_id"] == mine else [],
        )
        for row in rows
    ]


async def exports(tx: Tx, principal: Principal) -> list[Export]:
    """The caller's latest exports that have not expired, newest first."""
    rows = await store.exports(tx, UUID(principal.actor.id), EXPORTS_SHOWN)
    return [await _export(tx, row) for row in rows]


async def get_export(tx: Tx, principal: Principal, export_id: UUID) -> tuple[Export, UUID | None]:
    """One export of the caller's own and the file it made, if it has; `ExportUnknown`."""
    row = await store.get_export(tx, export_id)
    if row is None or str(row["staff_id"]) != principal.actor.id or row["expires_at"] <= tx.now:
        raise ExportUnknown("You have no such export, or its file has expired.")
    return await _export(tx, row), row["file_id"]


async def _export(tx: Tx, row: Record) -> Export:
    """The row says how it ended; until then its job says how far it is."""
    state = ExportState(row["state"])
    work: Job | None = await jobs.get(tx, row["job_id"]) if row["job_id"] else None
    if state is ExportState.QUEUED and work is not None:
        state = ExportState(work.state.value)
    made = Export(
        id=row["id"],
        job_id=row["job_id"],
        title=row["title"],
        format=ExportFormat(row["format"]),
        state=state,
        done=row["rows"] or (work.done if work else 0),
        total=row["rows"] or (work.total if work else 0),
        error=work.error if work else "",
        requested_at=row["requested_at"],
        started_at=work.started_at if work else None,
        can=[],
    )
    can = ["cancel"] if state in _OPEN else ["download"] if state is ExportState.DONE else []
    return msgspec.structs.replace(made, can=can)
