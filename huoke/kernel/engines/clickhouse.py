"""The narrow port to ClickHouse, sidecar and cluster alike: a database per bank, and five ways in.

Everything is addressed by bank: `t<tenant id>` is the database of a statement, so a table is named without one. Nothing
a person typed may become SQL text here; values travel as parameters (`{name:Type}`).
"""

import asyncio
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage

if TYPE_CHECKING:
    import pyarrow as pa

CONNECTIONS = 8
QUERY_SECONDS_MAX = 120
MERGE_POLL_SECONDS = 1
_OUT_OF_MEANS = frozenset({159, 202, 241})
"""ClickHouse's codes for time over, too many queries and memory over: the same query may pass later."""


class OutOfMeans(Outage):
    """ClickHouse gave up a query for lack of memory or time."""


class ClickHouse:
    """A pool of connections to one ClickHouse. Raises `Outage` while it does not answer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: Any = None
        self._opening = threading.Lock()
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="clickhouse")

    @classmethod
    async def connect(cls, url: str) -> "ClickHouse":
        """A port to the ClickHouse at `url` (http://user:password@host:port); it is opened when first needed.

        A process therefore starts, and does all that needs PostgreSQL alone, while ClickHouse is away.
        """
        return cls(url)

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.to_thread(self._threads.shutdown)
        if self._client is not None:
            self._client.close()

    async def create_database(self, tenant: TenantId) -> None:
        """Make the bank's database where it is missing."""
        await self._do("command", f"CREATE DATABASE IF NOT EXISTS {name(tenant)}")

    async def drop_database(self, tenant: TenantId) -> None:
        """Forget everything derived of a bank; it can be rebuilt from PostgreSQL."""
        await self._do("command", f"DROP DATABASE IF EXISTS {name(tenant)} SYNC")

    async def command(
        self,
        tenant: TenantId,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """Run a statement that answers nothing, in the bank's database."""
        await self._do("command", sql, parameters=params, settings=_within(tenant, settings))

    async def merge(self, tenant: TenantId, table: str) -> None:
        """Make one part of a table's many; waits for as long as the engine works, longer than for any answer."""
        try:
            await self.command(tenant, f"OPTIMIZE TABLE {table} FINAL")
        except OutOfMeans:
            raise
        except Outage:  # the engine goes on; where it is really away, the next question says so
            while await self._is_merging(tenant, table):  # noqa: ASYNC110 - another process merges, which sets no event
                await asyncio.sleep(MERGE_POLL_SECONDS)

    async def _is_merging(self, tenant: TenantId, table: str) -> bool:
        sql = "SELECT count() AS n FROM system.merges WHERE database = currentDatabase() AND table = {table:String}"
        return bool((await self.query(tenant, sql, {"table": table})).column("n")[0].as_py())

    async def query(
        self,
        tenant: TenantId,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        settings: Mapping[str, Any] | None = None,
    ) -> "pa.Table":
        """The answer as Arrow columns: `.column("n").to_numpy()`, `.to_pylist()`.

        UInt32 stays uint32, DateTime64 becomes a timestamp, DateTime its seconds.
        """
        return await self._do("query_arrow", sql, parameters=params, settings=_within(tenant, settings))

    async def insert_arrow(self, tenant: TenantId, table: str, rows: "pa.Table", token: str) -> None:
        """Insert columns by name; the same `token` again inserts nothing.

        The table needs `non_replicated_deduplication_window` and a replay must bring the very same rows.
        """
        if rows.num_rows:
            settings = _within(tenant, _once(token))
            await self._do("insert_arrow", table, rows, database=name(tenant), settings=settings)

    async def get_bitmaps(
        self,
        tenant: TenantId,
        sql: str,
        params: Mapping[str, Any] | None = None,
        *,
        settings: Mapping[str, Any] | None = None,
        versioned: bool = False,
    ) -> list[tuple[int, memoryview]]:
        """Rows of a query with two columns, `key` (any unsigned integer) and `bitmap` (a groupBitmap state of UInt32).

        The bytes are those of `kernel.sets.decode_group`. Where the query is `versioned`, it has a column `version` as
        well, and of each key the row of the highest is given.
        """
        numbers = ("key", "version") if versioned else ("key",)
        columns = ", ".join(f"toUInt64({number})" for number in numbers)
        wrapped = f"SELECT {columns}, bitmap FROM ({sql})"
        raw = await self._do(
            "raw_query", wrapped, parameters=params, settings=_within(tenant, settings), fmt="RowBinary"
        )
        rows = _read_bitmaps(raw, len(numbers))
        if not versioned:
            return [(key, payload) for (key,), payload in rows]
        latest: dict[int, tuple[int, memoryview]] = {}
        for (key, version), payload in rows:
            if key not in latest or latest[key][0] < version:
                latest[key] = version, payload
        return [(key, payload) for key, (_, payload) in latest.items()]

    async def put_bitmaps(
        self,
        tenant: TenantId,
        table: str,
        columns: Mapping[str, Sequence[int] | Sequence[str]],
        bitmaps: Sequence[bytes],
        token: str,
        *,
        bitmap_column: str = "bm",
    ) -> None:
        """Insert rows of integer or text columns and a groupBitmap state; the same `token` again inserts nothing."""
        if not bitmaps:
            return
        kinds = {column: "String" if isinstance(values[0], str) else "Int64" for column, values in columns.items()}
        structure = ", ".join([f"{column} {kind}" for column, kind in kinds.items()])
        structure += f", {bitmap_column} AggregateFunction(groupBitmap, UInt32)"
        names = ", ".join([*columns, bitmap_column])
        into = f"INSERT INTO {table} ({names}) SELECT {names} FROM input('{structure}') FORMAT RowBinary\n"
        rows = zip(*columns.values(), bitmaps, strict=True)
        body = into.encode() + b"".join(_write_value(value) for row in rows for value in row)
        await self._do("raw_insert", insert_block=body, settings=_within(tenant, _once(token)))

    async def _do(self, method: str, *arguments: Any, **options: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: self._call(method, arguments, options)
        )

    def _call(self, method: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        import pyarrow as pa  # noqa: PLC0415 - see _open
        from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError  # noqa: PLC0415 - see _open

        try:
            with self._opening:
                self._client = self._client or _open(self._url)
            return getattr(self._client, method)(*arguments, **options)
        except OperationalError as error:
            raise Outage("ClickHouse does not answer; figures and segments wait for it.") from error
        except DatabaseError as error:
            if error.code in _OUT_OF_MEANS:
                raise OutOfMeans("ClickHouse ran out of memory or time for this question.") from error
            raise
        except pa.ArrowInvalid as error:
            if method != "query_arrow":
                raise
            raise OutOfMeans("ClickHouse broke off in the middle of its answer, for lack of memory.") from error


def _open(url: str) -> Any:
    """Connect; the driver and Arrow are imported here because they cost 90 MB, which a supervisor need not carry."""
    import clickhouse_connect  # noqa: PLC0415
    from clickhouse_connect.driver.httputil import get_pool_manager  # noqa: PLC0415

    return clickhouse_connect.get_client(
        dsn=url,
        autogenerate_session_id=False,
        autogenerate_query_id=False,
        send_receive_timeout=QUERY_SECONDS_MAX,
        pool_mgr=get_pool_manager(maxsize=CONNECTIONS),
    )


def name(tenant: TenantId) -> str:
    """The ClickHouse database of a bank."""
    return f"t{int(tenant)}"


def _within(tenant: TenantId, settings: Mapping[str, Any] | None) -> dict[str, Any]:
    return {**(settings or {}), "database": name(tenant)}


def _once(token: str) -> dict[str, Any]:
    return {"insert_deduplication_token": token, "insert_deduplicate": 1}


def _read_bitmaps(raw: bytes, numbers: int) -> Iterator[tuple[tuple[int, ...], memoryview]]:
    """The rows of an answer: so many unsigned integers each, and a state."""
    before = struct.Struct(f"<{numbers}Q")
    position = 0
    view = memoryview(raw)
    while position < len(raw):
        start = position + before.size
        found = before.unpack_from(raw, position)
        position = _end_of_state(raw, start)
        yield found, view[start:position]


def _end_of_state(raw: bytes, start: int) -> int:
    """Where the state at `start` ends: `00`, count, 4 bytes a member; or `01`, a varint, that many bytes."""
    if raw[start] == 0:
        return start + 2 + 4 * raw[start + 1]
    length = shift = 0
    position = start + 1
    while True:
        byte = raw[position]
        position += 1
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return position + length


def _write_value(value: int | str | bytes) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, int):
        return struct.pack("<q", value)
    text = value.encode()
    length, prefix = len(text), bytearray()
    while length > 0x7F:
        prefix.append(length & 0x7F | 0x80)
        length >>= 7
    prefix.append(length)
    return bytes(prefix) + text
