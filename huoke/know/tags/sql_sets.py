"""A bank's sets of tags in ClickHouse: read by group, written under a new version, latest counts."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from pyroaring import BitMap

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import decode_group, encode_group
from huoke.know import customers
from huoke.know.language import SAMPLE_GROUPS, TAG_TABLE
from huoke.know.tags.sample import sampled

BYTES_AT_ONCE = 32_000_000
_VALUES = 1 << 16
_GROUPS = 1 << 16

Place = tuple[int, int]
"""(group, value's code)"""
Sets = dict[Place, BitMap]


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The sets of one tag that are to be written under a version."""

    number: int
    version: int
    sets: Sets


async def prepare(clickhouse: ClickHouse, tenant: TenantId) -> None:
    """Make the bank's table where it is missing.

    A granule is four sets: whoever reads one of a tag's sets must not read a thousand others.
    """
    await clickhouse.create_database(tenant)
    await clickhouse.command(
        tenant,
        f"CREATE TABLE IF NOT EXISTS {TAG_TABLE} (`group` UInt16, tag UInt32, value UInt16, ver UInt64,"
        " bm AggregateFunction(groupBitmap, UInt32) CODEC(ZSTD)) ENGINE = ReplacingMergeTree(ver)"
        " ORDER BY (`group`, tag, value) SETTINGS index_granularity = 4, non_replicated_deduplication_window = 1000,"
        " fsync_after_insert = 1, fsync_part_directory = 1",
    )


async def standing(clickhouse: ClickHouse, tenant: TenantId, numbers: Iterable[int]) -> dict[int, Sets]:
    """What lies there of some tags, empty sets included."""
    wanted = sorted(set(numbers))
    found: dict[int, Sets] = {number: {} for number in wanted}
    if not wanted:
        return found
    rows = await clickhouse.get_bitmaps(
        tenant,
        f"SELECT (toUInt64(tag) * {_VALUES} + value) * {_GROUPS} + `group` AS key, bm AS bitmap"
        f" FROM {TAG_TABLE} FINAL WHERE `group` < {SAMPLE_GROUPS} AND tag IN {{tags:Array(UInt32)}}",
        {"tags": wanted},
    )
    for key, payload in rows:
        group, value, number = key % _GROUPS, key // _GROUPS % _VALUES, key // _GROUPS // _VALUES
        found[number][group, value] = decode_group(payload)
    return found


async def write(clickhouse: ClickHouse, tenant: TenantId, written: Sequence[Written], token: str) -> int:
    """Write sets, each with its part of the sample; the same token again writes nothing. Returns how many rows."""
    for one in written:
        for bitmap in one.sets.values():
            bitmap.run_optimize()  # the same members; sets of nearly everybody become a few bytes
    rows = [
        (one, place, payload)
        for one in written
        for (group, code), bitmap in sorted(one.sets.items())
        for place, payload in _rows(group, code, bitmap)
    ]
    start = part = 0
    while start < len(rows):
        end, size_bytes = start, 0
        while end < len(rows) and size_bytes < BYTES_AT_ONCE:
            size_bytes += len(rows[end][2])
            end += 1
        now = rows[start:end]
        columns = {
            "group": [place[0] for _, place, _ in now],
            "tag": [one.number for one, _, _ in now],
            "value": [place[1] for _, place, _ in now],
            "ver": [one.version for one, _, _ in now],
        }
        await clickhouse.put_bitmaps(
            tenant, TAG_TABLE, {f"`{name}`": listed for name, listed in columns.items()}, [row[2] for row in now],
            f"{token}/{part}",
        )  # fmt: skip
        start, part = end, part + 1
    return len(rows)


def _rows(group: int, code: int, members: BitMap) -> list[tuple[Place, bytes]]:
    """A set and its part of the sample, which stays whole where that is smaller (a set of nearly everybody).

    Whoever reads the sample lays a sampled set beside it, so that the others of a whole one count for nothing.
    """
    whole, part = encode_group(members), encode_group(sampled(group, members))
    return [((group, code), whole), ((SAMPLE_GROUPS + group, code), min(whole, part, key=len))]


async def everyone(clickhouse: ClickHouse, tenant: TenantId) -> tuple[dict[int, BitMap], dict[int, BitMap]]:
    """Every customer of the bank by group, and who was erased; nobody before the first shipment."""
    tables = await clickhouse.query(
        tenant,
        "SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name = {table:String}",
        {"table": customers.CUSTOMERS.name},
    )
    if not tables.column("n")[0].as_py():
        return {}, {}
    rows = await clickhouse.get_bitmaps(
        tenant,
        "SELECT bitShiftRight(seq, 20) * 2 + (status = 'erased') AS key, groupBitmapState(seq) AS bitmap"
        f" FROM {customers.CUSTOMERS.name} FINAL GROUP BY key",
    )
    there: dict[int, BitMap] = {}
    erased: dict[int, BitMap] = {}
    for key, payload in rows:
        (erased if key % 2 else there)[key // 2] = decode_group(payload)
    return there, erased


async def is_empty(clickhouse: ClickHouse, tenant: TenantId) -> bool:
    """Whether no set lies there at all: nothing was filled yet, or the store was lost."""
    found = await clickhouse.query(tenant, f"SELECT count() AS n FROM {TAG_TABLE}")
    return not found.column("n")[0].as_py()


def counts_of(sets: Mapping[Place, BitMap]) -> dict[int, int]:
    """How many customers each code has."""
    found: dict[int, int] = {}
    for (_, code), members in sets.items():
        found[code] = found.get(code, 0) + len(members)
    return found
