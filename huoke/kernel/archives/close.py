"""Closing a month of the log: its rows become archives, and its partition goes.

A month is closed for all banks at once, a week after its end (UTC, by the time of recording), when everybody has read
it: every stream that it feeds has been shipped past it, and of the business log its subscribers and the sealer have
gone past it too. ClickHouse then holds the rows already, and is told so before the partition goes.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, time
from itertools import islice

import msgspec
import numpy as np
import pyarrow as pa
from asyncpg import LockNotAvailableError

from huoke.kernel import files
from huoke.kernel.archives import store
from huoke.kernel.archives.model import (
    BYTES_MAX,
    CLOSE_AFTER,
    LOG,
    ROWS_MAX,
    Archive,
    MonthOpen,
    free_numbers,
    ranges_of,
)
from huoke.kernel.archives.put import pack
from huoke.kernel.archives.ship import note, noted
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.log import (
    Position,
    Shipped,
    Stream,
    Subscriber,
    current_epoch,
    find_lagging,
    holding_archives,
    read_shipment,
    to_arrow,
    unsealed,
)
from huoke.kernel.log.append import Connection
from huoke.kernel.tx import Database

PAGE_ROWS = 10_000
LOCK_TRIES = 30
LOCK_PAUSE_SECONDS = 1.0
_WITHIN = "within_month"
_NUMBER = "number"


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """What closing works with: four connections, the streams, and who else reads the business log.

    `months_kept` whole months of the business log stay in PostgreSQL behind the running one.
    """

    owner: Database
    database: Database
    feed: Database
    clickhouse: ClickHouse
    streams: Sequence[Stream]
    subscribers: Sequence[Subscriber] = ()
    months_kept: int = 0

    def fed_by(self, source: str) -> list[Stream]:
        """The streams that ship a source."""
        return [stream for stream in self.streams if stream.source == source]

    def is_due(self, stream: Stream, month: date) -> bool:
        """Whether the worker closes a month by itself."""
        last = month
        for _ in range(self.months_kept if stream.chained else 0):
            last = _next(last)
        return _start(_next(last)) + CLOSE_AFTER <= self.owner.clock.now()


class Closed(msgspec.Struct, frozen=True):
    """What became of the months that were due: archives made, and why others wait."""

    archives: list[Archive]
    waiting: list[MonthOpen]


class _Month(msgspec.Struct, frozen=True):
    """One month of one stream's source."""

    stream: Stream
    first: date

    @property
    def begin(self) -> datetime:
        return _start(self.first)

    @property
    def end(self) -> datetime:
        return _start(_next(self.first))

    @property
    def partition(self) -> str:
        return f"{self.stream.source}_{self.first:%Y%m}"

    @property
    def condition(self) -> str:
        column = self.stream.month_of
        return f"({column} >= '{self.begin.isoformat()}' AND {column} < '{self.end.isoformat()}')"


async def close_due(closing: Closing) -> Closed:
    """Close every month that is due, of each stream the oldest first and none after one that has to wait."""
    closed = Closed([], [])
    for stream in [one for one in closing.streams if one.month_of]:
        async with closing.owner.pool.acquire() as connection:
            months = await store.months(connection, stream.source)
        try:
            for month in [one for one in months if closing.is_due(stream, one)]:
                closed.archives.extend(await close(closing, stream, month))
        except MonthOpen as waits:
            closed.waiting.append(waits)
    return closed


async def close(closing: Closing, stream: Stream, first: date) -> list[Archive]:
    """Close one month of a stream's source; the archives it became, none when it had no rows or is closed already.

    `MonthOpen` within a week of its end, or while somebody has not read all of it. Months kept are not asked about.
    """
    month = _Month(stream, first)
    if month.end + CLOSE_AFTER > closing.owner.clock.now():
        raise MonthOpen(f"{first:%Y-%m} is closed from {month.end + CLOSE_AFTER:%Y-%m-%d} on.")
    async with closing.owner.pool.acquire() as connection, holding_archives(connection):
        if await connection.fetchval("SELECT to_regclass($1)", month.partition) is None:
            return []
        await _check_read(closing, connection, month)
        archives = [archive async for archive in _packed(closing, connection, month)]
        try:
            for one in closing.fed_by(stream.source):
                for tenant in sorted({archive.tenant for archive in archives}):
                    await noted(closing.clickhouse, tenant, one)
                    theirs = [archive for archive in archives if archive.tenant == tenant]
                    await note(closing.clickhouse, tenant, one, theirs)
            await _replace(connection, month, archives)
        except LockNotAvailableError:
            await _forget(closing.database, archives)
            raise MonthOpen(f"{first:%Y-%m} waits: others held {stream.source} all the time.") from None
    return archives


async def _check_read(closing: Closing, owner: Connection, month: _Month) -> None:
    last = await owner.fetchrow(
        f"SELECT xid, ordinal FROM {month.stream.source} WHERE {month.condition}"
        " ORDER BY xid DESC, ordinal DESC LIMIT 1"
    )
    if last is None:
        return
    name, epoch = f"{month.first:%Y-%m}", await current_epoch(owner)
    for one in closing.fed_by(month.stream.source):
        shipment = await read_shipment(closing.clickhouse, one.name)
        reached = shipment is not None and shipment.state != "reset" and shipment.epoch == epoch
        if not reached or shipment is None or shipment.reached < Position(epoch, last["xid"], last["ordinal"]):
            raise MonthOpen(f"{name} waits until {one.name} has been shipped past it.")
    if month.stream.chained:
        if (lagging := await find_lagging(owner, closing.subscribers, month.begin, month.end)) is not None:
            raise MonthOpen(f"{name} waits until subscriber {lagging} has read all of it.")
        if (tenant := await unsealed(owner, (last["xid"], last["ordinal"]))) is not None:
            raise MonthOpen(f"{name} waits until the events of bank {tenant} are sealed.")


async def _packed(closing: Closing, owner: Connection, month: _Month) -> AsyncIterator[Archive]:
    stream = month.stream
    rows = await owner.fetch(f"SELECT DISTINCT tenant_id FROM {stream.source} WHERE {month.condition} ORDER BY 1")
    for tenant in [TenantId(row["tenant_id"]) for row in rows]:
        held: list[pa.Table] = []
        async for page in _pages(closing.feed, owner, month, tenant):
            rows_then = sum(one.num_rows for one in held) + page.num_rows
            if held and (rows_then > ROWS_MAX or sum(one.nbytes for one in held) > BYTES_MAX):
                yield await _pack(closing.database, tenant, stream, held)
                held = []
            held.append(page)
        if held:
            yield await _pack(closing.database, tenant, stream, held)


async def _pack(database: Database, tenant: TenantId, stream: Stream, pages: list[pa.Table]) -> Archive:
    rows = pa.concat_tables(pages)
    packed = await pack(database, tenant, stream.source, LOG, rows, at=stream.month_of)
    numbers = ranges_of(rows.column(_NUMBER).to_numpy()) if stream.chained else ()
    return msgspec.structs.replace(packed, numbers=numbers)


async def _pages(feed: Database, owner: Connection, month: _Month, tenant: TenantId) -> AsyncIterator[pa.Table]:
    """A bank's rows of a month in the order of the log, as its ClickHouse columns and what archives hold beside.

    A row's number counts all rows before it, those of later months among them: the two orders differ at the border.
    """
    stream = month.stream
    last = await owner.fetchrow(
        f"SELECT xid, ordinal FROM {stream.source} WHERE tenant_id = $1 AND {month.condition}"
        " ORDER BY xid DESC, ordinal DESC LIMIT 1",
        tenant,
    )
    assert last is not None, "the month has rows of this bank"
    numbers = free_numbers(await store.taken_numbers(owner, stream.source, tenant))
    after, end = (0, -1), (last["xid"], last["ordinal"])
    while after < end:
        async with feed.pool.acquire() as connection:
            columns = (
                *await stream.all_columns(connection, tenant),
                *stream.archived,
                Shipped(_WITHIN, "Bool", month.condition),
            )
            also = "true" if stream.chained else month.condition
            sql = stream.select_sql(columns, also=also) + f" LIMIT {PAGE_ROWS}"
            rows = await connection.fetch(sql, tenant, *after, *end)
        after = (rows[-1]["xid"], rows[-1]["ordinal"])
        page = to_arrow(columns, rows)
        if stream.chained:
            page = page.append_column(_NUMBER, pa.array(np.fromiter(islice(numbers, len(rows)), np.int64)))
        page = page.filter(page.column(_WITHIN)).drop_columns([_WITHIN])
        if page.num_rows:
            yield page


async def _replace(connection: Connection, month: _Month, archives: Sequence[Archive]) -> None:
    """Put archives in the place of the month; long readers are waited for without holding writers up."""
    for tries_left in reversed(range(LOCK_TRIES)):
        try:
            async with connection.transaction():
                await store.replace_partition(connection, month.stream.source, month.partition, archives)
        except LockNotAvailableError:
            if not tries_left:
                raise
            await asyncio.sleep(LOCK_PAUSE_SECONDS)
        else:
            return


async def _forget(database: Database, archives: Sequence[Archive]) -> None:
    """Remove the files of archives that came to nothing."""
    for archive in archives:
        async with database.begin(archive.tenant) as tx:
            await files.remove(tx, archive.file_id)


def _start(first: date) -> datetime:
    return datetime.combine(first, time(), UTC)


def _next(first: date) -> date:
    return first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
