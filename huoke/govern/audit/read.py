"""Reading the trail: newest first, filtered, with the names of staff."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.govern.audit import store
from huoke.govern.audit.model import AuditExport, AuditFilter, AuditRow, ExportNotFound
from huoke.kernel.tx import ActorKind, Tx

Names = Callable[[Tx, Iterable[str]], Awaitable[dict[str, str]]]
"""Staff ids → their names; ids it does not know are left out."""

_names: list[Names] = []


def register_names(names: Names) -> None:
    """Say who knows the names of staff; `app` registers the people module."""
    _names[:] = [names]


async def find(
    tx: Tx,
    wanted: AuditFilter,
    *,
    unit_ids: frozenset[int] | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[AuditRow]:
    """Entries newest first; `before` is (at, id) of the last row of the page above, `unit_ids` None the whole bank."""
    rows = await store.find(tx, wanted, _units(unit_ids), before, limit)
    return await _named(tx, rows)


async def count(tx: Tx, wanted: AuditFilter, *, unit_ids: frozenset[int] | None = None) -> int:
    """How many entries match."""
    return await store.count(tx, wanted, _units(unit_ids))


async def exports(tx: Tx, limit: int = 50) -> list[AuditExport]:
    """Exports asked for, newest first."""
    return await store.exports(tx, limit)


async def get_export(tx: Tx, export_id: UUID) -> AuditExport:
    """One export; `ExportNotFound`."""
    export = await store.get_export(tx, export_id)
    if export is None:
        raise ExportNotFound("There is no such export in this bank.")
    return export


async def _named(tx: Tx, rows: list[Record]) -> list[AuditRow]:
    ids = {row["actor_id"] for row in rows if row["actor_kind"] == ActorKind.STAFF}
    names = await _names[0](tx, ids) if _names and ids else {}
    return [_row(row, names.get(row["actor_id"], "")) for row in rows]


def _row(row: Record, name: str) -> AuditRow:
    fields = {key: value for key, value in row.items() if key != "tenant_id"}
    return AuditRow(actor_name=name, **fields)


def _units(unit_ids: frozenset[int] | None) -> list[int] | None:
    return None if unit_ids is None else sorted(unit_ids)
