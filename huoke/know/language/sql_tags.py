"""ClickHouse SQL of tags: where their sets lie, and what one customer's values are."""

from collections.abc import Iterable, Mapping, Sequence

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import Source
from huoke.know.language.expression import Op
from huoke.know.language.sql_values import Parameters
from huoke.know.language.tagged import KNOWN, BoundTag, TagWord

TAG_TABLE = "tag_bitmap"
"""One set for each group of 1,048,576 customers, tag and value; the latest `ver` counts, by FINAL or by who reads.

Groups from `SAMPLE_GROUPS` on hold a fair sample of the group so many below.
"""
SAMPLE_GROUPS = 1 << 15
READ = (
    "merge_tree_min_rows_for_concurrent_read = 20, merge_tree_min_bytes_for_concurrent_read = 1,"
    " merge_tree_coarse_index_granularity = 4,"
    " local_filesystem_read_method = 'mmap', min_bytes_to_use_mmap_io = 1"
)
"""Sets are read as they lie, on several threads, out of the system's own cache of files: FINAL reads on one."""
VERSION = f"ver * {1 << 32} + _block_number"
"""Of equal versions the one written later counts, as with FINAL: blocks of a table are numbered as they come."""
_VALUES = 1 << 16
_GROUPS = 1 << 16


def tag_source(wanted: Mapping[str, tuple[int, int]]) -> Source:
    """The query that gives sets of tags: key → (number, code)."""
    pairs = ", ".join(f"({number}, {code})" for number, code in sorted(set(wanted.values())))
    numbers = ", ".join(str(number) for number in sorted({number for number, _ in wanted.values()}))
    codes = {code for _, code in wanted.values()}
    held = f"value = {min(codes)}" if len(codes) == 1 else f"(tag, value) IN ({pairs})"
    sql = (
        f"SELECT (toUInt64(tag) * {_VALUES} + value) * {_GROUPS} + `group` AS key, {VERSION} AS version, bm AS bitmap"
        f" FROM {TAG_TABLE} WHERE `group` < {SAMPLE_GROUPS} AND tag IN ({numbers}) AND {held}"
        f" SETTINGS {READ}"
    )
    return Source(sql, {number * _VALUES + code: key for key, (number, code) in wanted.items()}, versions=_GROUPS)


def tag_condition(bound: BoundTag, parameters: Parameters) -> str:
    """A tag leaf as a condition on `seq` of a customer: true, false, or NULL where the tag cannot say."""
    if not bound.word.usable:
        held = {Op.IS_KNOWN: "0", Op.IS_UNKNOWN: "1"}.get(bound.op, "NULL")
        return f"CAST({held} AS Nullable(UInt8))"
    known = f"(seq IN ({_members(bound.word, (KNOWN,))}))"
    if bound.word.hidden:
        hidden = parameters.add(sorted(bound.word.hidden_seqs), "Array(UInt32)")
        known = f"({known} AND NOT has({hidden}, seq))"
    match bound.op:
        case Op.IS_KNOWN:
            return known
        case Op.IS_UNKNOWN:
            return f"(NOT {known})"
    sign = "NOT " if bound.op is Op.NOT_IN else ""
    return f"if({known}, seq {sign}IN ({_members(bound.word, bound.codes)}), CAST(NULL AS Nullable(UInt8)))"


async def tagged(
    clickhouse: ClickHouse, tenant: TenantId, seqs: Iterable[int], words: Sequence[TagWord]
) -> dict[int, dict[str, str]]:
    """The value of every tag that can say one of each customer, "" where it has none; at most some hundred of each."""
    usable = {word.number: word for word in words if word.usable}
    wanted = sorted(set(seqs))
    found: dict[int, dict[str, str]] = {seq: {} for seq in wanted}
    if not usable or not wanted:
        return found
    rows = await clickhouse.query(
        tenant,
        f"SELECT one AS seq, tag, max(value) AS value FROM {TAG_TABLE} FINAL"
        " ARRAY JOIN {seqs:Array(UInt32)} AS one"
        " WHERE tag IN {tags:Array(UInt32)} AND `group` IN {groups:Array(UInt16)}"
        " AND `group` = bitShiftRight(one, 20) AND bitmapContains(bm, one) GROUP BY one, tag",
        {"seqs": wanted, "tags": sorted(usable), "groups": sorted({seq >> 20 for seq in wanted})},
    )
    for row in rows.to_pylist():
        word = usable[row["tag"]]
        if row["seq"] not in word.hidden_seqs:
            names = {code: value for value, code in word.values.items()}
            found[row["seq"]][word.name] = names.get(row["value"], "")
    return found


def _members(word: TagWord, codes: Sequence[int]) -> str:
    listed = ", ".join(map(str, codes))
    return (
        f"SELECT arrayJoin(bitmapToArray(bm)) FROM {TAG_TABLE} FINAL WHERE `group` < {SAMPLE_GROUPS}"
        f" AND tag = {word.number} AND value IN ({listed})"
    )
