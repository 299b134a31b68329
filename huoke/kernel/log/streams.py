"""Streams: which rows of PostgreSQL are shipped to ClickHouse, and as what. Declared in a module's `streams.py`.

    STEPS = Stream(
        name="grant_step",
        source="grants.step",
        columns=(Shipped("at", "DateTime64(6, 'UTC')"), Shipped("grant_id", "UUID"), Shipped("amount_fen", "Int64")),
        order_by="(grant_id, xid)",
    )

A source has `tenant_id`, the columns of `schema.position_columns` with an index on (xid, ordinal), and `feed=True`.
Rows of facts never change. Rows of a latest-state source set `xid = pg_current_xact_id()` whenever they change; their
stream has `engine="ReplacingMergeTree(xid)"` and is read with FINAL.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
from asyncpg import Record
from pyroaring import BitMap

from huoke.kernel.ids import TenantId
from huoke.kernel.sets import encode_group

if TYPE_CHECKING:
    from huoke.kernel.log.append import Connection

BITMAP = "AggregateFunction(groupBitmap, UInt32)"
"""The type of a column that holds a set; in PostgreSQL a bytea with a roaring bitmap, NULL for nobody."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
TEXT_MAP = "Map(LowCardinality(String), String)"
"""The type of a column of named texts; in PostgreSQL a jsonb object whose values are strings."""
_WRAPPER = re.compile(r"(?:Nullable|LowCardinality)\((.+)\)")
_NOBODY = encode_group(BitMap())
_ARROW = {
    "Bool": pa.bool_(), "Date": pa.date32(), "Date32": pa.date32(), "Float64": pa.float64(), "Int8": pa.int8(),
    "Int16": pa.int16(), "Int32": pa.int32(), "Int64": pa.int64(), "String": pa.string(), "UInt8": pa.uint8(),
    "UInt16": pa.uint16(), "UInt32": pa.uint32(), "UInt64": pa.uint64(), "UUID": pa.string(),
    TEXT_MAP: pa.map_(pa.string(), pa.string()),
}  # fmt: skip


class Shipped(msgspec.Struct, frozen=True):
    """One column: its name and type in ClickHouse, and the SQL over the source's row when it is not the same column.

    `type` is one of Bool, Date, Float64, Int8 … Int64, UInt8 … UInt64, String, UUID, DateTime64(6, 'UTC'), `BITMAP`,
    `TEXT_MAP`, or Nullable or LowCardinality of one. What is shipped as String or UUID is cast to text, jsonb included.
    """

    name: str
    type: str
    select: str = ""
    packed: bool = True
    """Unpacking a column takes a processor longer than all else where a question reads the whole of it, often."""

    @property
    def plain_type(self) -> str:
        """The type without Nullable and LowCardinality."""
        kind = self.type
        while wrapped := _WRAPPER.fullmatch(kind):
            kind = wrapped[1]
        return kind

    @property
    def declared(self) -> str:
        """The column as a table declares it."""
        return f"`{self.name}` {self.type}{'' if self.packed else ' CODEC(NONE)'}"


PLACE = (Shipped("xid", "UInt64"), Shipped("ordinal", "UInt32"))
"""The last columns of every table: the row's place in the log; (0, n) for rows loaded beside it."""
ColumnsOf = Callable[["Connection", TenantId], Awaitable[Sequence[Shipped]]]


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one table on their way to one ClickHouse table of each bank."""

    name: str
    """The ClickHouse table."""
    source: str
    """The PostgreSQL table, with its schema."""
    columns: tuple[Shipped, ...]
    order_by: str
    engine: str = "MergeTree"
    partition_by: str = ""
    granule_rows: int = 8_192
    """So many rows are read for each one that is looked for: few where questions are about one customer."""
    indexes: tuple[str, ...] = ()
    """Secondary indexes as ClickHouse declares them: "name expression TYPE kind"."""
    month_of: str = ""
    """The column by which closed months of the source become archives; empty where they never do."""
    archived: tuple[Shipped, ...] = ()
    """What archives hold beside the columns shipped."""
    chained: bool = False
    """Whether seals are chained over its rows: archives then hold each row's number in the chain of its bank."""
    columns_of: ColumnsOf | None = None
    """Further columns of one bank, asked over a feed connection before each range (which sees all banks: filter by
    tenant_id); new ones are added to its table. Their `select` must never fail on a row."""

    async def all_columns(self, feed: "Connection", tenant: TenantId) -> tuple[Shipped, ...]:
        """The columns of a bank's table, the place of each row last."""
        more = tuple(await self.columns_of(feed, tenant)) if self.columns_of else ()
        columns = (*self.columns, *more, *PLACE)
        assert all(_NAME.fullmatch(column.name) for column in columns), "a column's name is a plain identifier"
        return columns

    def create_sql(self, columns: Sequence[Shipped]) -> str:
        """The statement that makes a bank's table where it is missing."""
        listed = ", ".join(column.declared for column in columns)
        listed += "".join(f", INDEX {index}" for index in self.indexes)
        partition = f" PARTITION BY {self.partition_by}" if self.partition_by else ""
        return (
            f"CREATE TABLE IF NOT EXISTS {self.name} ({listed}) ENGINE = {self.engine}{partition}"
            f" ORDER BY {self.order_by} SETTINGS index_granularity = {self.granule_rows},"
            " non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1"
        )

    def widen_sql(self, columns: Sequence[Shipped]) -> str:
        """The statement that adds what a bank's table lacks, all at once: each one alone costs as much."""
        added = ", ".join(f"ADD COLUMN IF NOT EXISTS {column.declared}" for column in columns)
        return f"ALTER TABLE {self.name} {added}"

    def select_sql(self, columns: Sequence[Shipped], *, also: str = "true") -> str:
        """The statement that reads a bank's rows of a range: $1 the bank, ($2, $3) before it, ($4, $5) its end."""
        listed = ", ".join(f"{_select(column)} AS {column.name}" for column in columns)
        return (
            f"SELECT {listed} FROM {self.source} AS s WHERE tenant_id = $1 AND {IN_RANGE} AND {also}"
            " ORDER BY s.xid, s.ordinal"
        )


IN_RANGE = "(xid, ordinal) > ($2::xid8, $3::int) AND (xid, ordinal) <= ($4::xid8, $5::int)"

EVENTS = Stream(
    name="log",
    source="kernel.event",
    columns=(
        Shipped("id", "UUID"),
        Shipped("recorded_at", "DateTime64(6, 'UTC')"),
        Shipped("name", "LowCardinality(String)"),
        Shipped("version", "UInt8"),
        Shipped("data_class", "LowCardinality(String)"),
        Shipped("actor_kind", "LowCardinality(String)"),
        Shipped("actor_id", "String"),
        Shipped("seq", "Int64", "coalesce(seq, -1)"),
        Shipped("members", BITMAP),
        Shipped("payload", "String"),
    ),
    order_by="(seq, recorded_at, id)",
    partition_by="toYYYYMM(recorded_at)",
    month_of="recorded_at",
    archived=(Shipped("raw_members", "Nullable(String)", "encode(s.members, 'hex')"),),
    chained=True,
)
"""The log itself, as the timeline: by customer, then time. Events about nobody or about a set have seq -1.

An archive also holds the members byte by byte as they were appended, for that is what was sealed.
"""


def streams_of(modules: Iterable[ModuleType]) -> list[Stream]:
    """Every stream declared in the given modules."""
    return [thing for module in modules for thing in vars(module).values() if isinstance(thing, Stream)]


def to_arrow(columns: Sequence[Shipped], rows: Sequence[Record]) -> pa.Table:
    """Rows of `select_sql` as Arrow columns."""
    arrays = {column.name: _to_array(column, [row[place] for row in rows]) for place, column in enumerate(columns)}
    return pa.table(arrays)


def _select(column: Shipped) -> str:
    expression = column.select or f"s.{column.name}"
    return f"({expression})::text" if column.plain_type in {"String", "UUID"} else expression


def _to_array(column: Shipped, values: list[object]) -> pa.Array:
    kind = column.plain_type
    if kind == BITMAP:
        return pa.array([_to_group(value) for value in values], pa.binary())
    if kind == TEXT_MAP:
        return pa.array([list(value.items()) for value in values], _ARROW[kind])  # type: ignore[attr-defined]
    if kind.startswith("DateTime64"):
        return pa.array(values, pa.timestamp("us", tz="UTC"))
    return pa.array(values, _ARROW[kind])


def _to_group(value: object) -> bytes:
    assert value is None or isinstance(value, bytes)
    return _NOBODY if value is None else encode_group(BitMap.deserialize(value))
