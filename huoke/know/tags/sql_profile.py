"""ClickHouse SQL of profiles: two sets laid beside all tags, and counted with each."""

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.sets import CustomerSet, decode_group, encode_group, to_groups
from huoke.know.language import SAMPLE_GROUPS, TAG_TABLE
from huoke.know.tags import sql_sets
from huoke.know.tags.sample import sampled, share
from huoke.know.tags.sql_asked import ASKED_TABLE, laid

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_AT_ONCE = 64
"""A block of so many sets is all that is in memory at a time."""
QUERIES_AT_ONCE = 3
"""Each begins and ends alone on a processor: a third has both of a small machine busy meanwhile."""
GROUP_BITS = 20
_VALUES = 1 << 16


async def count_all(
    clickhouse: ClickHouse, tenant: TenantId, members: CustomerSet, universe: CustomerSet, *, from_sample: bool = False
) -> dict[tuple[int, int], tuple[int, int]]:
    """How many of two sets have every value of every tag; from the sample scaled to all.

    Group after group of 1,048,576 customers: joined to all groups at once, every block of sets would carry both. Where
    the universe is nearly everybody, those outside it are counted instead: a small set is quickly laid beside all.
    """
    await sql_sets.prepare(clickhouse, tenant)  # a bank without a tag has an empty table
    wanted, outside = _parts(members, universe, from_sample=from_sample)
    found: dict[int, NDArray[np.int64]] = {}
    async with laid(clickhouse, tenant, wanted) as asked:
        middle = await _middle(clickhouse, tenant)
        halves = (f"tag < {middle}", f"tag >= {middle}")  # one query keeps but one processor busy
        turns = asyncio.Semaphore(QUERIES_AT_ONCE)

        async def counted(group: int, half: str) -> None:
            async with turns:
                answer = await _beside(clickhouse, tenant, asked, group, half, outside=group in outside)
            columns = [answer.column(name).to_numpy() for name in ("key", "inside", "there")]
            for key, inside, there in zip(*(column.tolist() for column in columns), strict=True):
                before = found.get(key)
                now = np.array([inside, there], dtype=np.int64)
                found[key] = now if before is None else before + now

        await asyncio.gather(*(counted(group, half) for group in sorted({one for one, _ in wanted}) for half in halves))
    scale = 1 / share() if from_sample else 1.0
    return {
        (key // _VALUES, key % _VALUES): (round(int(pair[0]) * scale), round(int(pair[1]) * scale))
        for key, pair in found.items()
    }


async def _middle(clickhouse: ClickHouse, tenant: TenantId) -> int:
    """The number that parts all tags in two: of a range the index knows what need not be read."""
    found = await clickhouse.query(tenant, f"SELECT medianExact(tag) AS middle FROM {TAG_TABLE}")
    return int(found.column("middle")[0].as_py())


async def _beside(
    clickhouse: ClickHouse, tenant: TenantId, asked: UUID, group: int, half: str, *, outside: bool
) -> "pa.Table":
    """Both sets of a group beside the sets of half of its tags."""
    laid_down = f"(SELECT groupBitmapMergeState(bm) FROM {ASKED_TABLE} WHERE id = '{asked}' AND `group` = {group}"
    those = "bitmapAndCardinality(bm, those)"
    there = f"bitmapCardinality(bm) - {those}" if outside else those
    return await clickhouse.query(
        tenant,
        f"WITH {laid_down} AND part = 0) AS these, {laid_down} AND part = 1) AS those"
        f" SELECT toUInt64(tag) * {_VALUES} + value AS key, bitmapAndCardinality(bm, these) AS inside,"
        f" {there} AS there FROM {TAG_TABLE} FINAL WHERE `group` = {group}"
        f" AND {half}",
        settings={"max_block_size": ROWS_AT_ONCE},
    )


def _parts(
    members: CustomerSet, universe: CustomerSet, *, from_sample: bool
) -> tuple[dict[tuple[int, int], bytes], set[int]]:
    """Both sets by the group their tags lie in: part 0 the members, 1 the universe, in some groups all outside it."""
    inside, there = to_groups(members), to_groups(universe)
    found: dict[tuple[int, int], bytes] = {}
    outside: set[int] = set()
    for group, payload in there.items():
        place = group + (SAMPLE_GROUPS if from_sample else 0)
        these, those = decode_group(inside.get(group, encode_group(BitMap()))), decode_group(payload)
        if from_sample:  # a set may lie whole in place of its sample: who is not in the sample must not be counted
            these, those = sampled(group, these), sampled(group, those)
        else:
            others = BitMap(range(group << GROUP_BITS, (group + 1) << GROUP_BITS)) - those
            if len(others) < len(those):
                those = others
                outside.add(place)
        for part, one in enumerate((these, those)):
            one.run_optimize()
            found[place, part] = encode_group(one)
    return found, outside
