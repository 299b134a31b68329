"""Closing a month of the log: its rows become archives, and its partition goes.

A month is closed for all banks at once, a week after its end (UTC, by the time of recording), when every stream that it
feeds has been shipped past it. ClickHouse then holds the rows already, and is told so before the partition goes.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, time

import pyarrow as pa

from huoke.kernel.archives import store
from huoke.kernel.archives.model import CLOSE_AFTER, LOG, ROWS_MAX, Archive, MonthOpen
from huoke.kernel.archives.put import pack
from huoke.kernel.archives.ship import note, noted
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.log import Position, Stream, current_epoch, holding_archives, read_shipment, to_arrow
from huoke.kernel.tx import Database

PAGE_ROWS = 20_000


async def close_due(
    owner: Database, database: Database, feed: Database, clickhouse: ClickHouse, streams: Sequence[Stream]
) -> list[Archive]:
    """Close every month that is due, oldest first; stops at one that is not shipped yet."""
    closed: list[Archive] = []
    for stream in [one for one in streams if one.month_of]:
        async with owner.pool.acquire() as connection:
            months = await store.months(connection, stream.source)
        for month in months:
            if _end(month) + CLOSE_AFTER <= owner.clock.now():
                closed += await close(owner, database, feed, clickhouse, streams, stream, month)
    return closed


async def close(
    owner: Database,
    database: Database,
    feed: Database,
    clickhouse: ClickHouse,
    streams: Sequence[Stream],
    stream: Stream,
    month: date,
) -> list[Archive]:
    """Close one month of a stream's source; the archives it became, none when it had no rows or is closed already.

    `MonthOpen` within a week of its end, or while ClickHouse has not got all of it.
    """
    if _end(month) + CLOSE_AFTER > owner.clock.now():
        raise MonthOpen(f"{month:%Y-%m} is closed from {_end(month) + CLOSE_AFTER:%Y-%m-%d} on.")
    partition = f"{stream.source}_{month:%Y%m}"
    fed = [one for one in streams if one.source == stream.source]
    async with owner.pool.acquire() as connection, holding_archives(connection):
        if await connection.fetchval("SELECT to_regclass($1)", partition) is None:
            return []
        await _check_shipped(feed, clickhouse, fed, month, stream)
        archives = [archive async for archive in _packed(database, feed, stream, month)]
        for one in fed:
            for tenant in sorted({archive.tenant for archive in archives}):
                await noted(clickhouse, tenant, one)
                await note(clickhouse, tenant, one, [archive for archive in archives if archive.tenant == tenant])
        async with connection.transaction():
            await store.replace_partition(connection, stream.source, partition, archives)
    return archives


async def _check_shipped(
    feed: Database, clickhouse: ClickHouse, fed: Sequence[Stream], month: date, stream: Stream
) -> None:
    async with feed.pool.acquire() as connection:
        epoch = await current_epoch(connection)
        last = await connection.fetchrow(
            f"SELECT xid, ordinal FROM {stream.source} WHERE {_within(stream, month)} ORDER BY xid DESC, ordinal DESC"
            " LIMIT 1"
        )
    for one in fed if last is not None else ():
        shipment = await read_shipment(clickhouse, one.name)
        assert last is not None
        reached = shipment is not None and shipment.state != "reset" and shipment.epoch == epoch
        if not reached or shipment is None or shipment.reached < Position(epoch, last["xid"], last["ordinal"]):
            raise MonthOpen(f"{month:%Y-%m} waits until {one.name} has been shipped past it.")


async def _packed(database: Database, feed: Database, stream: Stream, month: date) -> AsyncIterator[Archive]:
    async with feed.pool.acquire() as connection:
        rows = await connection.fetch(
            f"SELECT DISTINCT tenant_id FROM {stream.source} WHERE {_within(stream, month)} ORDER BY tenant_id"
        )
    for tenant in [TenantId(row["tenant_id"]) for row in rows]:
        held: list[pa.Table] = []
        async for page in _pages(feed, stream, tenant, month):
            held.append(page)
            if sum(one.num_rows for one in held) + PAGE_ROWS > ROWS_MAX:
                yield await pack(database, tenant, stream.source, LOG, pa.concat_tables(held), at=stream.month_of)
                held = []
        if held:
            yield await pack(database, tenant, stream.source, LOG, pa.concat_tables(held), at=stream.month_of)


async def _pages(feed: Database, stream: Stream, tenant: TenantId, month: date) -> AsyncIterator[pa.Table]:
    """A bank's rows of a month in the order of the log, as its ClickHouse columns."""
    after, end = (0, -1), (2**62, 0)
    while True:
        async with feed.pool.acquire() as connection:
            columns = await stream.all_columns(connection, tenant)
            sql = stream.select_sql(columns, also=_within(stream, month)) + f" LIMIT {PAGE_ROWS}"
            rows = await connection.fetch(sql, tenant, *after, *end)
        if not rows:
            return
        after = (rows[-1]["xid"], rows[-1]["ordinal"])
        yield to_arrow(columns, rows)


def _within(stream: Stream, month: date) -> str:
    begin = datetime.combine(month, time(), UTC)
    return f"({stream.month_of} >= '{begin.isoformat()}' AND {stream.month_of} < '{_end(month).isoformat()}')"


def _end(month: date) -> datetime:
    after = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    return datetime.combine(after, time(), UTC)
