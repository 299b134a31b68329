"""Withdrawing a load: its rows leave ClickHouse and their archives, and no rebuild brings them back.

What a load brought lies in archives of its own, past the log, so nothing that was appended is changed: the list keeps
each archive with its hash, and says since when it stands no more.
"""

from collections.abc import Sequence
from uuid import UUID

import pyarrow as pa

from huoke.kernel import files
from huoke.kernel.archives import store
from huoke.kernel.archives.model import Archive, ArchiveDamaged, place_of
from huoke.kernel.archives.put import read
from huoke.kernel.archives.ship import noted
from huoke.kernel.engines import ClickHouse
from huoke.kernel.files import FileDamaged, FileMissing
from huoke.kernel.ids import TenantId
from huoke.kernel.log import Stream, holding_archives
from huoke.kernel.tx import Database


async def withdraw(
    database: Database, clickhouse: ClickHouse, tenant: TenantId, load_id: UUID, streams: Sequence[Stream]
) -> list[Archive]:
    """Take back all that a load brought, and say what that was; begun again after a crash it goes on.

    The files stay until `drop` is told of each archive: their rows may still have to be read.
    """
    async with database.begin(tenant) as tx:
        archives = await store.withdraw(tx, load_id)
    async with database.pool.acquire() as turn, holding_archives(turn):
        for stream in streams if archives else ():
            await noted(clickhouse, tenant, stream)
            await clickhouse.command(
                tenant, f"DELETE FROM {stream.name} WHERE xid = {{place:UInt64}}", {"place": place_of(load_id)}
            )
    return archives


async def rows_left(database: Database, archive: Archive) -> pa.Table | None:
    """The rows of a withdrawn archive while its file is there and whole."""
    try:
        return await read(database, archive)
    except (ArchiveDamaged, FileDamaged, FileMissing):
        return None


async def drop(database: Database, archive: Archive) -> None:
    """Remove the file of a withdrawn archive."""
    async with database.begin(archive.tenant) as tx:
        assert not await store.stands(tx, archive.id), "only what was withdrawn is removed"
        await files.remove(tx, archive.file_id)
