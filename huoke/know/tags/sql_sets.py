"""A bank's sets of tags in ClickHouse: read by group, written under a new version, latest counts."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import decode_group, encode_group
from huoke.know import customers
from huoke.know.language import SAMPLE_GROUPS, TAG_TABLE
from huoke.know.tags import sql_asked
from huoke.know.tags.sample import sampled
from huoke.know.tags.sql_asked import ASKED_TABLE

BYTES_AT_ONCE = 32_000_000
A_FEW = {"max_block_size": 64, "min_insert_block_size_bytes": BYTES_AT_ONCE, "min_insert_block_size_rows": 0}
"""Sets are large: no more than these of them are in memory at a time."""
_VALUES = 1 << 16
_GROUPS = 1 << 16

Place = tuple[int, int]
"""(group, value's code)"""
Sets = dict[Place, BitMap]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What lies there of one tag: its sets, or those of some customers in them, and how many each set has in all."""

    sets: Sets
    sizes: dict[Place, int]

    @classmethod
    def of(cls, sets: Sets) -> "Standing":
        """Whole sets."""
        return cls(sets=sets, sizes={place: len(members) for place, members in sets.items()})


class Lying(msgspec.Struct, frozen=True):
    """Where sets of a tag lie, and the newest version of them: newer than the catalogue's, a filling was cut off."""

    places: frozenset[Place]
    version: int


NOTHING = Standing(sets={}, sizes={})


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What of one tag is to be written under a version: whole sets, and who comes to and goes from sets that stand."""

    number: int
    version: int
    sets: Sets
    came: Mapping[Place, BitMap] = {}
    went: Mapping[Place, BitMap] = {}


async def prepare(clickhouse: ClickHouse, tenant: TenantId) -> None:
    """Make the bank's table where it is missing.

    A granule is one set, and nearly every set is packed for itself: whoever reads one of a tag's sets reads and
    unpacks no other.
    """
    await clickhouse.create_database(tenant)
    await clickhouse.command(
        tenant,
        f"CREATE TABLE IF NOT EXISTS {TAG_TABLE} (`group` UInt16, tag UInt32, value UInt16, ver UInt64,"
        " bm AggregateFunction(groupBitmap, UInt32) CODEC(ZSTD)) ENGINE = ReplacingMergeTree(ver)"
        " ORDER BY (`group`, tag, value) SETTINGS index_granularity = 1, min_compress_block_size = 4096,"
        " non_replicated_deduplication_window = 1000,"
        " fsync_after_insert = 1, fsync_part_directory = 1",
    )


async def standing(
    clickhouse: ClickHouse, tenant: TenantId, numbers: Iterable[int], *, code: int | None = None
) -> dict[int, Sets]:
    """What lies there of some tags, of all values or of one, empty sets included."""
    wanted = sorted(set(numbers))
    found: dict[int, Sets] = {number: {} for number in wanted}
    if not wanted:
        return found
    rows = await clickhouse.get_bitmaps(
        tenant,
        f"SELECT (toUInt64(tag) * {_VALUES} + value) * {_GROUPS} + `group` AS key, bm AS bitmap"
        f" FROM {TAG_TABLE} FINAL WHERE `group` < {SAMPLE_GROUPS} AND tag IN ({_listed(wanted)})"
        + ("" if code is None else f" AND value = {code}"),
    )
    for key, payload in rows:
        number, place = _place_of(key)
        found[number][place] = decode_group(payload)
    return found


async def lying(clickhouse: ClickHouse, tenant: TenantId, numbers: Iterable[int]) -> dict[int, Lying]:
    """Which sets of some tags lie there, without reading any."""
    wanted = sorted(set(numbers))
    found: dict[int, tuple[set[Place], int]] = {number: (set(), 0) for number in wanted}
    rows = await clickhouse.query(
        tenant,
        f"SELECT tag, `group` AS part, value, max(ver) AS newest FROM {TAG_TABLE} WHERE `group` < {SAMPLE_GROUPS}"
        " AND tag IN {tags:Array(UInt32)} GROUP BY tag, part, value",
        {"tags": wanted},
    )
    for row in rows.to_pylist():
        places, newest = found[row["tag"]]
        found[row["tag"]] = (places | {(row["part"], row["value"])}, max(newest, row["newest"]))
    return {number: Lying(frozenset(places), newest) for number, (places, newest) in found.items()}


async def standing_among(
    clickhouse: ClickHouse, tenant: TenantId, parts: Mapping[int, int], asked: UUID
) -> dict[int, Standing]:
    """Of the sets of some tags those customers who are in the sets laid as each one's part, and every set's size."""
    wanted = sorted(parts)
    found = {number: Standing(sets={}, sizes={}) for number in wanted}
    rows = await clickhouse.get_bitmaps(
        tenant,
        f"SELECT ((toUInt64(t.tag) * {_VALUES} + t.value) * {_GROUPS} + t.`group`) * 2 + sized AS key, bitmap FROM"
        " (SELECT t.tag, t.value, t.`group`, [bitmapAnd(t.bm, a.bm), bitmapBuild([toUInt32(bitmapCardinality(t.bm))])]"
        f" AS found FROM (SELECT `group`, tag, value, bm FROM {TAG_TABLE} FINAL WHERE `group` < {SAMPLE_GROUPS}"
        f" AND tag IN {{tags:Array(UInt32)}}) AS t LEFT JOIN (SELECT `group`, part, bm FROM {ASKED_TABLE}"
        " WHERE id = {id:UUID}) AS a ON t.`group` = a.`group`"
        " AND transform(t.tag, {tags:Array(UInt32)}, {parts:Array(UInt8)}, 0) = a.part) AS t"
        " ARRAY JOIN found AS bitmap, [0, 1] AS sized",
        {"tags": wanted, "parts": [parts[number] for number in wanted], "id": str(asked)},
        settings=A_FEW,
    )
    for key, payload in rows:
        number, place = _place_of(key // 2)
        members = decode_group(payload)
        if key % 2:
            found[number].sizes[place] = members.min()
        else:
            found[number].sets[place] = members
    return found


def _listed(numbers: Iterable[int]) -> str:
    """Numbers as SQL: thousands of them are too long for a parameter."""
    return ", ".join(str(int(number)) for number in sorted(numbers))


def _place_of(key: int) -> tuple[int, Place]:
    """The tag and the place that a key stands for."""
    return key // _GROUPS // _VALUES, (key % _GROUPS, key // _GROUPS % _VALUES)


async def write(clickhouse: ClickHouse, tenant: TenantId, written: Sequence[Written], token: str) -> int:
    """Write sets, each with its part of the sample; the same token again writes nothing. Returns how many rows."""
    patched = await _patch(clickhouse, tenant, written)
    return patched + await _write_whole(clickhouse, tenant, written, token)


async def _patch(clickhouse: ClickHouse, tenant: TenantId, written: Sequence[Written]) -> int:
    """Write the sets that somebody comes to or goes from: ClickHouse makes them of those that stand.

    Done twice it comes to the same. What was kept whole in place of a sample stays right for those in the sample.
    """
    rows: dict[sql_asked.Row, bytes] = {}
    for one in written:
        for way, moved in ((sql_asked.CAME, one.came), (sql_asked.WENT, one.went)):
            for (group, code), members in moved.items():
                rows[group, one.number, code, one.version, way] = encode_group(members)
                part = encode_group(sampled(group, members))
                rows[SAMPLE_GROUPS + group, one.number, code, one.version, way] = part
    if not rows:
        return 0
    async with sql_asked.moved(clickhouse, tenant, rows) as asked:
        came, went = (
            f"(SELECT `group`, tag, value, ver, bm FROM {sql_asked.MOVED_TABLE} WHERE id = '{asked}' AND way = {way})"
            for way in (sql_asked.CAME, sql_asked.WENT)
        )
        on = "t.`group` = {0}.`group` AND t.tag = {0}.tag AND t.value = {0}.value"
        await clickhouse.command(
            tenant,
            f"INSERT INTO {TAG_TABLE} (`group`, tag, value, ver, bm) SELECT t.`group`, t.tag, t.value, c.ver,"
            f" bitmapOr(bitmapAndnot(t.bm, w.bm), c.bm) FROM (SELECT `group`, tag, value, bm FROM {TAG_TABLE} FINAL"
            f" WHERE tag IN ({_listed({number for _, number, *_ in rows})})) AS t"
            f" INNER JOIN {came} AS c ON {on.format('c')} INNER JOIN {went} AS w ON {on.format('w')}",
            settings=A_FEW,
        )
    return len(rows) // 2


async def _write_whole(clickhouse: ClickHouse, tenant: TenantId, written: Sequence[Written], token: str) -> int:
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
