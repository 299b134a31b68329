"""Shipping streams to ClickHouse so that after any crash no row is missing and none is there twice.

A stream is shipped in ranges, (from, to] in places of the log, below the watermark. The position lives in ClickHouse,
in one row per stream that is replaced by the next:

    planned   the range is fixed; its rows go in, bank by bank, each insert with a token of stream, number and range
    done      the range is in; its end is the position
    reset     the tables are to be dropped and filled from the beginning

Whoever starts reads that row: a planned range is carried out again, the very same, and ClickHouse drops the inserts it
knows by their token. A new epoch of the log resets every stream.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec
import pyarrow as pa
import structlog

from huoke.kernel.ids import TenantId
from huoke.kernel.log.position import Position, current_epoch, tip, watermark
from huoke.kernel.log.streams import IN_RANGE, Shipped, Stream, to_arrow
from huoke.kernel.log.watch import GONE, Watch, pause
from huoke.kernel.refusals import Outage

if TYPE_CHECKING:
    from huoke.kernel.engines import ClickHouse
    from huoke.kernel.log.append import Connection
    from huoke.kernel.tx import Database

RANGE_ROWS_MAX = 20_000
POLL_SECONDS = 0.2
BACK_OFF_SECONDS_MAX = 30.0
WAIT_STEP_SECONDS = 0.05
GATHER_SECONDS = 1.0
"""Between two ranges of a stream where the first was not full: what trickles in is shipped together.

One row costs ClickHouse the same four writes as a thousand. The first row after a pause waits for nothing.
"""
LOOK_AGAIN_SECONDS = 5.0
"""A running shipper reads the places of all streams again so often."""
RESET_AHEAD = 1_000
NO_BANK = TenantId(0)
"""The ClickHouse database that belongs to no bank holds the positions."""
BEGINNING = (0, -1)
"""Before the first row of any source."""
_LOCK = 0x48554F4B45
_ARCHIVES = 0x48554F4B46
ARCHIVES_SECONDS_MAX = 600
_CREATE = """
CREATE TABLE IF NOT EXISTS shipment (stream String, number UInt64, state String, epoch UInt32, from_xid UInt64,
  from_ordinal Int64, to_xid UInt64, to_ordinal Int64, at DateTime64(6, 'UTC'), version UInt64)
ENGINE = ReplacingMergeTree(version) ORDER BY stream
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
"""
_END_OF_RANGE = """
SELECT xid, ordinal, count(*) OVER () AS rows FROM (
  SELECT xid, ordinal FROM {source} WHERE (xid, ordinal) > ($1::xid8, $2::int) AND xid < $3::xid8
  ORDER BY xid, ordinal LIMIT $4) AS r ORDER BY xid DESC, ordinal DESC LIMIT 1
"""
_log = structlog.get_logger(__name__)


class Shipment(msgspec.Struct, frozen=True, kw_only=True):
    """How far a stream is: the row kept in ClickHouse."""

    stream: str
    number: int
    state: Literal["planned", "done", "reset"]
    epoch: int
    from_xid: int
    from_ordinal: int
    to_xid: int
    to_ordinal: int
    at: datetime

    @property
    def reached(self) -> Position:
        """Everything up to here is in ClickHouse."""
        if self.state == "done":
            return Position(self.epoch, self.to_xid, self.to_ordinal)
        if self.state == "planned":
            return Position(self.epoch, self.from_xid, self.from_ordinal)
        return Position(self.epoch, *BEGINNING)

    @property
    def token(self) -> str:
        """What marks the inserts of this range."""
        ends = f"{self.from_xid}.{self.from_ordinal}-{self.to_xid}.{self.to_ordinal}"
        return f"{self.stream}/{self.number}/{self.epoch}/{ends}"


class Shipper:
    """Ships streams of all banks; one at a time per cell (`run` waits for its turn)."""

    def __init__(
        self,
        feed: "Database",
        clickhouse: "ClickHouse",
        streams: Sequence[Stream],
        *,
        range_rows_max: int = RANGE_ROWS_MAX,
    ) -> None:
        assert len({stream.name for stream in streams}) == len(streams), "two streams of one name"
        self._feed = feed
        self._clickhouse = clickhouse
        self._streams = streams
        self._range_rows_max = range_rows_max
        self._last: dict[str, Shipment] = {}
        self._tables: dict[tuple[TenantId, str], tuple[Shipped, ...]] = {}
        self._fitting: set[str] = set()
        self._asked: set[str] = set()
        self._full: dict[str, bool] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Ship until `stop` is set; a stream that fails is tried again with a growing pause, the others go on."""
        while not stop.is_set():
            async with self._feed.pool.acquire() as turn:
                if await turn.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
                    try:
                        self._last.clear()
                        await self._follow_all(turn, stop)
                    finally:
                        with suppress(Exception):
                            await turn.execute("SELECT pg_advisory_unlock_all()")
            await pause(stop, 1.0)

    async def run_once(self) -> int:
        """Ship what is below the watermark now; returns how many ranges went in. Errors propagate."""
        ranges = 0
        for stream in self._streams:
            async for step in self.steps(stream):
                ranges += step == "done"
        return ranges

    async def prepare(self, tenant: TenantId) -> None:
        """Make a bank's tables, so that they can be read before anything was shipped."""
        async with self._feed.pool.acquire() as connection:
            for stream in self._streams:
                await self._table(connection, stream, tenant)

    async def rebuild(self, stream: Stream) -> None:
        """Have a stream's tables dropped and filled again from PostgreSQL, by whichever shipper runs, within seconds.

        The reset is numbered ahead of anything that shipper may still note before it looks again.
        """
        async with self._feed.pool.acquire() as connection, holding_archives(connection):
            last = await self._read_last(stream)
            reset = self._following(last, stream, "reset", Position(last.epoch if last else 1, *BEGINNING))
            await self._note(msgspec.structs.replace(reset, number=reset.number + RESET_AHEAD))

    async def steps(self, stream: Stream) -> AsyncGenerator[str, None]:
        """Ship all ranges of a stream, pausing after each step that a crash could follow: the step's name."""
        last = await self._read_last(stream)
        while True:
            async with self._feed.pool.acquire() as connection:
                epoch = await current_epoch(connection)
                if (
                    last is not None
                    and last.state != "reset"
                    and not (last.epoch == epoch and await self._fits(stream))
                ):
                    last = await self._note(self._following(last, stream, "reset", Position(epoch, *BEGINNING)))
                    yield "reset"
                if last is not None and last.state == "reset":
                    await self._drop(connection, stream)
                    yield "dropped"
                    # A stream without rows stays here: what archives bring in meanwhile must not be dropped again.
                    last = await self._note(msgspec.structs.replace(last, state="done", at=self._feed.clock.now()))
                if last is None or last.state != "planned":
                    planned = await self._plan(connection, stream, last, epoch)
                    if planned is None:
                        return
                    last = await self._note(planned)
                    yield "planned"
                async for tenant in self._insert(connection, stream, last):
                    yield f"inserted {tenant}"
                last = await self._note(msgspec.structs.replace(last, state="done", at=self._feed.clock.now()))
                yield "done"

    async def _follow_all(self, turn: "Connection", stop: asyncio.Event) -> None:
        """Ship every stream while this process has its turn."""
        watch = Watch(self._feed, POLL_SECONDS, self._came)
        woken = {stream.name: watch.waiter([stream.source]) for stream in self._streams}
        async with asyncio.TaskGroup() as group:
            beside = [group.create_task(watch.run(stop)), group.create_task(self._look_again(watch, woken, turn, stop))]
            streams = [
                group.create_task(self._follow(stream, turn, stop, woken[stream.name])) for stream in self._streams
            ]
            await asyncio.wait(streams)
            for task in beside:
                task.cancel()

    async def _follow(self, stream: Stream, turn: "Connection", stop: asyncio.Event, woken: asyncio.Event) -> None:
        back_off = POLL_SECONDS
        while not stop.is_set() and not turn.is_closed():
            woken.clear()
            if stream.name in self._asked:
                self._asked.discard(stream.name)
                self._last.pop(stream.name, None)
            try:
                async with aclosing(self.steps(stream)) as steps:
                    async for step in steps:
                        if trickled := step == "done" and not self._full.get(stream.name):
                            break
                    else:
                        trickled = False
                back_off = POLL_SECONDS
                await (pause(stop, GATHER_SECONDS) if trickled else woken.wait())
            except Exception:  # noqa: BLE001 - shown, and tried again
                back_off = min(back_off * 2, BACK_OFF_SECONDS_MAX)
                self._last.pop(stream.name, None)
                _log.exception("stream_failed", stream=stream.name, again_in_seconds=back_off)
                await pause(stop, back_off)

    async def _came(self, connection: "Connection", first: int, below: int) -> set[str]:
        """The sources with a row of transactions `first` … `below` - 1."""
        each = " UNION ALL ".join(
            f"SELECT '{source}' AS source WHERE EXISTS (SELECT FROM {source} WHERE xid >= $1::xid8 AND xid < $2::xid8)"
            for source in sorted({stream.source for stream in self._streams})
        )
        return {row["source"] for row in await connection.fetch(each, first, below)}

    async def _look_again(
        self, watch: Watch, woken: dict[str, asyncio.Event], turn: "Connection", stop: asyncio.Event
    ) -> None:
        """Find what no row tells of: a reset that another process asked for, a new epoch, a turn that is lost."""
        epoch = None
        while not stop.is_set():
            await pause(stop, LOOK_AGAIN_SECONDS)
            with suppress(Outage, *GONE):
                async with self._feed.pool.acquire() as connection:
                    epoch, former = await current_epoch(connection), epoch
                if epoch != former or turn.is_closed():
                    watch.wake_all()
                for name in await self._moved_elsewhere():
                    self._asked.add(name)
                    woken[name].set()

    async def _moved_elsewhere(self) -> list[str]:
        """Streams whose place in ClickHouse is not the one noted here: it was reset, or is lost."""
        await self._make_places()
        numbers = {one.stream: one.number for one in await read_shipments(self._clickhouse)}
        return [name for name, last in self._last.items() if numbers.get(name, last.number + 1) > last.number]

    async def _plan(
        self, connection: "Connection", stream: Stream, last: Shipment | None, epoch: int
    ) -> Shipment | None:
        after = last.reached if last is not None and last.state == "done" else Position(epoch, *BEGINNING)
        end = await connection.fetchrow(
            _END_OF_RANGE.format(source=stream.source),
            after.xid,
            after.ordinal,
            await watermark(connection),
            self._range_rows_max,
        )
        if end is None:
            return None
        self._full[stream.name] = end["rows"] >= self._range_rows_max
        planned = self._following(last, stream, "planned", after)
        return msgspec.structs.replace(planned, to_xid=end["xid"], to_ordinal=end["ordinal"])

    async def _insert(self, connection: "Connection", stream: Stream, plan: Shipment) -> AsyncGenerator[TenantId, None]:
        ends = (plan.from_xid, plan.from_ordinal, plan.to_xid, plan.to_ordinal)
        in_range = _renumbered(IN_RANGE)
        banks = await connection.fetch(
            f"SELECT DISTINCT tenant_id FROM {stream.source} WHERE {in_range} ORDER BY tenant_id", *ends
        )
        for tenant in [TenantId(row["tenant_id"]) for row in banks]:
            columns = await self._table(connection, stream, tenant)
            rows = await connection.fetch(stream.select_sql(columns), tenant, *ends)
            await self._clickhouse.insert_arrow(tenant, stream.name, to_arrow(columns, rows), plan.token)
            yield tenant

    def _following(
        self, last: Shipment | None, stream: Stream, state: Literal["planned", "reset"], after: Position
    ) -> Shipment:
        return Shipment(
            stream=stream.name,
            number=last.number + 1 if last else 1,
            state=state,
            epoch=after.epoch,
            from_xid=after.xid,
            from_ordinal=after.ordinal,
            to_xid=after.xid,
            to_ordinal=after.ordinal,
            at=self._feed.clock.now(),
        )

    async def _table(self, connection: "Connection", stream: Stream, tenant: TenantId) -> tuple[Shipped, ...]:
        columns = await stream.all_columns(connection, tenant)
        known = self._tables.get((tenant, stream.name))
        if columns != known:
            if known is None:
                await self._clickhouse.create_database(tenant)
                await self._clickhouse.command(tenant, stream.create_sql(columns))
            await self._clickhouse.command(tenant, stream.widen_sql(columns))
            self._tables[tenant, stream.name] = columns
        return columns

    async def _fits(self, stream: Stream) -> bool:
        """Whether the tables under a stream's name are its own: an earlier version may have kept something else there.

        Asked once in the life of a shipper.
        """
        if stream.name not in self._fitting:
            for tenant, order in await self._tables_named(stream.name):
                if order != stream.order_by.strip("()"):
                    _log.warning("table_of_another_shape", stream=stream.name, tenant=tenant)
                    return False
            self._fitting.add(stream.name)
        return True

    async def _drop(self, connection: "Connection", stream: Stream) -> None:
        async with holding_archives(connection):
            for name in (f"{stream.name}_archive", stream.name):
                for tenant, _ in await self._tables_named(name):
                    await self._clickhouse.command(tenant, f"DROP TABLE IF EXISTS {name} SYNC")
                    self._tables.pop((tenant, name), None)

    async def _tables_named(self, name: str) -> list[tuple[TenantId, str]]:
        """The bank and the sorting key of each bank's table of that name."""
        found = await self._clickhouse.query(
            NO_BANK,
            "SELECT toInt32(substring(database, 2)) AS bank, sorting_key FROM system.tables"
            " WHERE name = {name:String} AND match(database, '^t[1-9][0-9]*$')",
            {"name": name},
        )
        return [(TenantId(row["bank"]), row["sorting_key"]) for row in found.to_pylist()]

    async def _read_last(self, stream: Stream) -> Shipment | None:
        if stream.name not in self._last:
            await self._make_places()
            ours = {stream.name, *(one.name for one in self._streams)}
            for found in await read_shipments(self._clickhouse):
                if found.stream in ours:
                    self._last.setdefault(found.stream, found)
        return self._last.get(stream.name)

    async def _make_places(self) -> None:
        await self._clickhouse.create_database(NO_BANK)
        await self._clickhouse.command(NO_BANK, _CREATE)

    async def _note(self, shipment: Shipment) -> Shipment:
        version = shipment.number * 2 + (shipment.state == "done")
        fields = {**msgspec.structs.asdict(shipment), "version": version}
        rows = pa.table({name: [value] for name, value in fields.items()})
        await self._clickhouse.insert_arrow(NO_BANK, "shipment", rows, f"{shipment.token}/{shipment.state}")
        self._last[shipment.stream] = shipment
        return shipment


@asynccontextmanager
async def holding_archives(connection: "Connection") -> AsyncIterator[None]:
    """Hold the cell's one lock on which archives stand in ClickHouse: to ship, close, drop or ask for a rebuild."""
    await connection.execute(f"SELECT pg_advisory_lock({_ARCHIVES})", timeout=ARCHIVES_SECONDS_MAX)
    try:
        yield
    finally:
        await connection.execute(f"SELECT pg_advisory_unlock({_ARCHIVES})")


async def read_shipment(clickhouse: "ClickHouse", stream: str) -> Shipment | None:
    """How far a stream is; None before its first range."""
    return next((one for one in await read_shipments(clickhouse) if one.stream == stream), None)


async def read_shipments(clickhouse: "ClickHouse") -> list[Shipment]:
    """How far each stream is that has begun."""
    names = ", ".join(Shipment.__struct_fields__)
    found = await clickhouse.query(NO_BANK, f"SELECT {names} FROM shipment FINAL")
    return msgspec.convert(found.to_pylist(), list[Shipment])


async def shipped_past(
    feed: "Database",
    clickhouse: "ClickHouse",
    streams: Sequence[Stream],
    *,
    xid: int | None = None,
    timeout_seconds: float = 30.0,
) -> None:
    """Wait until ClickHouse has all rows of the streams up to transaction `xid` (all committed by now, when None).

    Raises `Outage` when that takes longer than `timeout_seconds`.
    """
    async with feed.pool.acquire() as connection:
        upto = xid if xid is not None else await tip(connection) - 1
    waiting = list(streams)
    try:
        async with asyncio.timeout(timeout_seconds):
            while waiting := [stream for stream in waiting if await _behind(feed, clickhouse, stream, upto)]:  # noqa: ASYNC110
                await asyncio.sleep(WAIT_STEP_SECONDS)
    except TimeoutError:
        names = ", ".join(stream.name for stream in waiting)
        raise Outage(f"ClickHouse is more than {timeout_seconds:.0f} s behind with {names}.") from None


async def _behind(feed: "Database", clickhouse: "ClickHouse", stream: Stream, upto: int) -> bool:
    shipment = await read_shipment(clickhouse, stream.name)
    async with feed.pool.acquire() as connection:
        epoch = await current_epoch(connection)
        reached = shipment.reached if shipment and shipment.epoch == epoch else Position(epoch, *BEGINNING)
        return bool(
            await connection.fetchval(
                f"SELECT EXISTS (SELECT FROM {stream.source}"
                " WHERE (xid, ordinal) > ($1::xid8, $2::int) AND xid <= $3::xid8)",
                reached.xid,
                reached.ordinal,
                upto,
            )
        )


def _renumbered(condition: str) -> str:
    for number in range(2, 6):
        condition = condition.replace(f"${number}", f"${number - 1}")
    return condition
