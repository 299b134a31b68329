"""Starting an import and looking at imports; the work itself is in `run`."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel import files
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import NotFound
from huoke.kernel.tx import Tx
from huoke.know.customers import store, store_import
from huoke.know.customers.bands import check_decided
from huoke.know.customers.import_model import (
    Arrived,
    Import,
    ImportEndedAlready,
    ImportStatus,
    ImportUnknown,
    NewImport,
    NoRejects,
    SavedMapping,
)
from huoke.know.customers.mapping import Mapping, read_mapping
from huoke.know.customers.model import ImportEnded, ImportQueued


async def start(tx: Tx, new: NewImport, *, announce: bool = True, day: Arrived | None = None) -> UUID:
    """Register an import and have it run; the same file content with the same mapping again is the same import.

    Raises `files.FileMissing`, `MappingUnfit`, `BandsUndecided`. A dry run, or one that was refused or cancelled, may
    be repeated.
    `announce=False` leaves the running to the caller (`run_import`). `day` is the day of a feed the file is for.
    """
    file = await files.get(tx, new.file_id)
    mapping = await _mapping_of(tx, new)
    if mapping.attributes():
        await check_decided(tx, mapping.attributes())
    work = hashlib.sha256(file.sha256.encode() + mapping.hash() + bytes([new.dry_run]) + _told(day)).digest()
    if not new.dry_run and (earlier := await store_import.same_work(tx, work)):
        return earlier
    import_id = new_id()
    await store_import.insert(tx, import_id, new, file.name, msgspec.to_builtins(mapping), work, day)
    if announce:
        tx.emit(ImportQueued(import_id=import_id))
    return import_id


async def get_import(tx: Tx, import_id: UUID) -> Import:
    """An import with mapping and report; `ImportUnknown`."""
    row = await store_import.get(tx, import_id)
    if row is None:
        raise ImportUnknown("There is no such import.")
    return _import(tx, row)


async def find_imports(
    tx: Tx, *, status: str | None = None, before: datetime | None = None, limit: int = 50
) -> tuple[list[Import], dict[str, int]]:
    """Imports, latest first, without mapping and report; and how many there are in each status."""
    rows = await store_import.find(tx, status, before, limit)
    return [_import(tx, row) for row in rows], await store_import.count_by_status(tx)


async def cancel_import(tx: Tx, import_id: UUID) -> None:
    """Have an import stop after its present chunk; what is in stays in. `ImportUnknown`, `ImportEndedAlready`."""
    found = await get_import(tx, import_id)
    if not await store_import.end(tx, import_id, ImportStatus.CANCELLED.value):
        raise ImportEndedAlready("The import has ended already.")
    tx.emit(ImportEnded(import_id=import_id, status=ImportStatus.CANCELLED.value))
    if found.status is ImportStatus.QUEUED and not found.dry_run:
        await remove_upload(tx, found)


async def remove_upload(tx: Tx, ended: Import) -> None:
    """Remove the file of an import that has ended, unless another one that has not ended reads it."""
    if not await store_import.file_in_use(tx, ended.file_id):
        await files.remove(tx, ended.file_id)


async def rejects_file(tx: Tx, import_id: UUID) -> files.FileId:
    """The file with the refused rows; `NoRejects`."""
    found = await get_import(tx, import_id)
    if found.rejects_file_id is None:
        raise NoRejects("This import refused no row.")
    return files.FileId(found.rejects_file_id)


async def save_mapping(tx: Tx, saved: SavedMapping) -> None:
    """Save a mapping under its name, over the one that had it; `MappingUnfit`."""
    mapping = read_mapping(saved.mapping)
    await store.put_mapping(tx, new_id(), saved.name, msgspec.to_builtins(mapping))


async def list_mappings(tx: Tx) -> list[SavedMapping]:
    """Saved mappings, by name."""
    return [msgspec.convert(dict(row), SavedMapping) for row in await store.mappings(tx)]


def _told(day: Arrived | None) -> bytes:
    return msgspec.json.encode(day) if day else b""


async def saved_mapping(tx: Tx, name: str) -> dict[str, Any]:
    """The mapping saved under a name; `NotFound`."""
    for saved in await list_mappings(tx):
        if saved.name == name:
            return saved.mapping
    raise NotFound(f"There is no saved mapping '{name[:80]}'.", pointer="/mapping_name")


async def _mapping_of(tx: Tx, new: NewImport) -> Mapping:
    return read_mapping(new.mapping if new.mapping is not None else await saved_mapping(tx, new.mapping_name))


def _import(tx: Tx, row: Record) -> Import:
    fields = {name: row[name] for name in row.keys() if name in Import.__struct_fields__}  # noqa: SIM118 - a Record
    can = []
    if row["status"] in (ImportStatus.QUEUED, ImportStatus.RUNNING):
        can.append("cancel")
    ended = row["status"] in (ImportStatus.DONE, ImportStatus.CANCELLED)
    declared = bool(row.get("mapping") and row["mapping"].get("consents") and row["rows_same"])
    if ended and not row["dry_run"] and (row["rows_added"] + row["rows_changed"] or declared):
        can.append("undo")
    return msgspec.convert({**fields, "can": can, **_progress(tx, row)}, Import)


def _progress(tx: Tx, row: Record) -> dict[str, int | None]:
    """How much of the rows is done, and for how long the rest will take at the pace up to here."""
    undoing = row["status"] == ImportStatus.UNDOING
    total = row["rows_added"] + row["rows_changed"] if undoing else row["rows_total"]
    if not total:
        return {"share_ppm": row["share_ppm"]}
    share_ppm = min((row["rows_undone"] if undoing else row["rows_read"]) * 1_000_000 // total, 1_000_000)
    running = row["status"] == ImportStatus.RUNNING and row["began_at"] is not None
    if not running or not share_ppm:
        return {"share_ppm": share_ppm}
    spent = (tx.now - row["began_at"]).total_seconds()
    return {"share_ppm": share_ppm, "seconds_left": round(spent * (1_000_000 - share_ppm) / share_ppm)}
