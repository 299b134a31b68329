"""Starting an import and looking at imports; the work itself is in `run`."""

import hashlib
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel import files
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import NotFound
from huoke.kernel.tx import Tx
from huoke.know.customers import store, store_import
from huoke.know.customers.import_model import (
    Import,
    ImportEndedAlready,
    ImportStatus,
    ImportUnknown,
    NewImport,
    NoRejects,
    SavedMapping,
)
from huoke.know.customers.mapping import Mapping, read_mapping
from huoke.know.customers.model import ImportQueued


async def start(tx: Tx, new: NewImport, *, announce: bool = True) -> UUID:
    """Register an import and have it run; the same file content with the same mapping again is the same import.

    Raises `files.FileMissing`, `MappingUnfit`. A dry run, or one that was refused or cancelled, may be repeated.
    `announce=False` leaves the running to the caller (`run_import`).
    """
    file = await files.get(tx, new.file_id)
    mapping = await _mapping_of(tx, new)
    work = hashlib.sha256(file.sha256.encode() + mapping.hash() + bytes([new.dry_run])).digest()
    if not new.dry_run and (earlier := await store_import.same_work(tx, work)):
        return earlier
    import_id = new_id()
    await store_import.insert(tx, import_id, new, file.name, msgspec.to_builtins(mapping), work)
    if announce:
        tx.emit(ImportQueued(import_id=import_id))
    return import_id


async def get_import(tx: Tx, import_id: UUID) -> Import:
    """An import with mapping and report; `ImportUnknown`."""
    row = await store_import.get(tx, import_id)
    if row is None:
        raise ImportUnknown("There is no such import.")
    return _import(row)


async def find_imports(
    tx: Tx, *, status: str | None = None, before: datetime | None = None, limit: int = 50
) -> tuple[list[Import], dict[str, int]]:
    """Imports, latest first, without mapping and report; and how many there are in each status."""
    rows = await store_import.find(tx, status, before, limit)
    return [_import(row) for row in rows], await store_import.count_by_status(tx)


async def cancel_import(tx: Tx, import_id: UUID) -> None:
    """Have an import stop after its present chunk; what is in stays in. `ImportUnknown`, `ImportEndedAlready`."""
    if await store_import.end(tx, import_id, ImportStatus.CANCELLED.value):
        return
    await get_import(tx, import_id)
    raise ImportEndedAlready("The import has ended already.")


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


async def _mapping_of(tx: Tx, new: NewImport) -> Mapping:
    if new.mapping is not None:
        return read_mapping(new.mapping)
    for saved in await list_mappings(tx):
        if saved.name == new.mapping_name:
            return read_mapping(saved.mapping)
    raise NotFound(f"There is no saved mapping '{new.mapping_name[:80]}'.", pointer="/mapping_name")


def _import(row: Record) -> Import:
    fields = {name: row[name] for name in row.keys() if name in Import.__struct_fields__}  # noqa: SIM118 - a Record
    running = row["status"] in (ImportStatus.QUEUED, ImportStatus.RUNNING)
    return msgspec.convert({**fields, "can": ["cancel"] if running else []}, Import)
