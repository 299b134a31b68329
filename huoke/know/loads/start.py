"""Looking into an uploaded file, and having it loaded."""

import asyncio
import hashlib
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel import files
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.tx import Database, Tx
from huoke.know import events
from huoke.know.customers import StoredSource
from huoke.know.events import FileLook, FileMapping, SourceUnknown
from huoke.know.loads import store
from huoke.know.loads.model import LoadAtWork, LoadQueued, NewLoad, NewLook


async def look(database: Database, clickhouse: ClickHouse, tenant: TenantId, wanted: NewLook) -> FileLook:
    """How an uploaded file would be read, and what would become of its first rows; nothing is loaded.

    Raises `files.FileMissing`, `events.Malformed`.
    """
    async with database.begin(tenant) as tx:
        file = await files.get(tx, wanted.file_id)
    source = StoredSource(database, tenant, file, asyncio.get_running_loop())
    return await events.look_file(database, clickhouse, tenant, source, wanted.mapping)


async def start(tx: Tx, new: NewLoad) -> UUID:
    """Have a file loaded as events of a source. The same file again is harmless: its rows are duplicates.

    Raises `files.FileMissing`, `events.SourceUnknown`, `events.Malformed`, and `LoadAtWork` while the same file is
    being loaded in the same way.
    """
    file = await files.get(tx, new.file_id)
    if new.source_id not in {one.id for one in await events.sources.find(tx) if one.revoked_at is None}:
        raise SourceUnknown("No open source of this bank has this id.", pointer="/source_id")
    mapping = new.mapping or FileMapping()
    assert mapping.zone, "a zone that is none is refused here"
    told = msgspec.json.encode((file.sha256, new.source_id, mapping))
    load_id = new_id()
    about = {
        "name": file.name,
        "file_id": new.file_id,
        "source_id": new.source_id,
        "size_bytes": file.size_bytes,
        "mapping": msgspec.to_builtins(mapping),
    }
    if not await store.insert(tx, load_id, about, hashlib.sha256(told).digest()):
        raise LoadAtWork("This file is being loaded just now.")
    tx.emit(LoadQueued(load_id=load_id))
    entry = audit.AuditEntry(
        action="loads.start", subject_kind="event_load", subject_id=str(load_id), after={"file": file.name}
    )
    await audit.record(tx, entry)
    return load_id
