"""Archives on their way to ClickHouse: into the same tables as the log, each exactly once.

Which archives a table holds is written beside it, in `<stream>_archive`, and dropped with it. Whoever changes either
holds one lock of the cell, so that no archive is taken for shipped that a rebuild just dropped.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pyarrow as pa

from huoke.kernel.archives import store
from huoke.kernel.archives.model import Archive
from huoke.kernel.archives.put import read
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.log import PLACE, Shipped, Stream, holding_archives
from huoke.kernel.tx import Database

ROWS_AT_ONCE = 500_000


async def ship(database: Database, clickhouse: ClickHouse, tenant: TenantId, streams: Sequence[Stream]) -> int:
    """Bring every archive of a bank that its tables lack to ClickHouse; returns how many went in."""
    shipped = 0
    for source in sorted({stream.source for stream in streams if stream.month_of}):
        fed = [stream for stream in streams if stream.source == source]
        async with database.begin(tenant) as tx:
            archives = await store.find(tx, source)
        if archives:
            everywhere = await _everywhere(clickhouse, tenant, [stream.name for stream in fed])
            for archive in archives:
                if archive.id not in everywhere:
                    await ship_one(database, clickhouse, archive, fed)
                    shipped += 1
    return shipped


async def _everywhere(clickhouse: ClickHouse, tenant: TenantId, streams: Sequence[str]) -> set[UUID]:
    """The archives that stand in the tables of all of some streams; asked every few seconds, so by few questions."""
    await clickhouse.create_database(tenant)
    there = await clickhouse.query(tenant, store.THERE_SQL, {"names": [store.note_table(stream) for stream in streams]})
    if there.column("n")[0].as_py() < len(streams):
        return set()
    found = await clickhouse.query(tenant, store.everywhere_sql(streams))
    return store.as_ids(found.column("id").to_pylist())


async def ship_one(
    database: Database, clickhouse: ClickHouse, archive: Archive, fed: Sequence[Stream], rows: pa.Table | None = None
) -> None:
    """Bring one archive to those tables that lack it. `rows`, when at hand, saves reading it."""
    if rows is None:
        rows = await read(database, archive)
    async with database.pool.acquire() as turn, holding_archives(turn):
        async with database.begin(archive.tenant) as tx:
            if not await store.stands(tx, archive.id):
                return  # withdrawn since the caller looked
        await asyncio.gather(*(_bring(clickhouse, archive, stream, rows) for stream in fed))


async def _bring(clickhouse: ClickHouse, archive: Archive, stream: Stream, rows: pa.Table) -> None:
    if archive.id not in await noted(clickhouse, archive.tenant, stream):
        await _insert(clickhouse, archive, stream, rows)
        await note(clickhouse, archive.tenant, stream, [archive])


async def prepare(clickhouse: ClickHouse, tenant: TenantId, streams: Sequence[Stream]) -> None:
    """Make the tables of a bank, so that they can be read before anything is in them."""
    for stream in streams:
        await noted(clickhouse, tenant, stream)


async def noted(clickhouse: ClickHouse, tenant: TenantId, stream: Stream) -> set[UUID]:
    """The archives that stand in a stream's table; makes both tables where they are missing."""
    await clickhouse.create_database(tenant)
    await clickhouse.command(tenant, stream.create_sql(_placed(stream)))
    await clickhouse.command(tenant, store.create_notes_sql(stream.name))
    found = await clickhouse.query(tenant, store.noted_sql(stream.name))
    return store.as_ids(found.column("id").to_pylist())


async def note(clickhouse: ClickHouse, tenant: TenantId, stream: Stream, archives: Sequence[Archive]) -> None:
    """Write down that archives stand in a stream's table."""
    rows = pa.table(
        {
            "id": pa.array([str(archive.id) for archive in archives], pa.string()),
            "rows": pa.array([archive.rows for archive in archives], pa.uint64()),
        }
    )
    token = "/".join(archive.id.hex for archive in archives)
    await clickhouse.insert_arrow(tenant, store.note_table(stream.name), rows, token)


async def _insert(clickhouse: ClickHouse, archive: Archive, stream: Stream, rows: pa.Table) -> None:
    wanted = rows.select([column.name for column in _placed(stream)])
    for start in range(0, wanted.num_rows, ROWS_AT_ONCE):
        token = f"archive/{archive.id}/{start}"
        await clickhouse.insert_arrow(archive.tenant, stream.name, wanted.slice(start, ROWS_AT_ONCE), token)


def _placed(stream: Stream) -> tuple[Shipped, ...]:
    assert stream.columns_of is None, "an archived stream has the same columns for every bank"
    return (*stream.columns, *PLACE)
