"""Whether ClickHouse holds what the truth holds: rows of every stream, bank by bank."""

from collections.abc import Sequence

import msgspec

from huoke.kernel.archives import store
from huoke.kernel.archives.model import Archive, ArchiveDamaged
from huoke.kernel.archives.put import read
from huoke.kernel.engines import ClickHouse
from huoke.kernel.files import FileDamaged, FileMissing
from huoke.kernel.ids import TenantId
from huoke.kernel.log import Stream
from huoke.kernel.tx import Database


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one stream of one bank: in PostgreSQL with its archives, and in ClickHouse."""

    stream: str
    tenant: TenantId
    truth: int
    clickhouse: int

    @property
    def equal(self) -> bool:
        """Whether nothing is missing and nothing is there twice."""
        return self.truth == self.clickhouse


async def compare(feed: Database, clickhouse: ClickHouse, streams: Sequence[Stream]) -> list[Compared]:
    """Count every stream of every bank on both sides; ask when nothing is being written, or expect the last second's
    rows to be on their way.
    """
    truth = {source: await store.count_rows(feed, source) for source in sorted({one.source for one in streams})}
    return [
        Compared(stream=stream.name, tenant=tenant, truth=rows, clickhouse=await _count(clickhouse, tenant, stream))
        for stream in streams
        for tenant, rows in truth[stream.source].items()
    ]


async def damaged(database: Database, tenant: TenantId, streams: Sequence[Stream]) -> list[Archive]:
    """Read every archive of a bank again and hash it: those that are not as they were written."""
    found = []
    for source in sorted({stream.source for stream in streams if stream.month_of}):
        async with database.begin(tenant) as tx:
            archives = await store.find(tx, source)
        for archive in archives:
            try:
                await read(database, archive)
            except (ArchiveDamaged, FileDamaged, FileMissing):
                found.append(archive)
    return found


async def _count(clickhouse: ClickHouse, tenant: TenantId, stream: Stream) -> int:
    there = await clickhouse.query(
        tenant,
        "SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name = {name:String}",
        {"name": stream.name},
    )
    if not there.column("n").to_pylist()[0]:
        return 0
    latest = " FINAL" if stream.engine != "MergeTree" else ""
    found = await clickhouse.query(tenant, f"SELECT count() AS n FROM {stream.name}{latest}")
    return int(found.column("n").to_pylist()[0])
