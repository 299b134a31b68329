"""The bytes that ClickHouse writes and reads, against the real engine."""

from datetime import UTC, datetime

import numpy as np
import pytest
from pyroaring import BitMap

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage
from huoke.kernel.sets import (
    Absent,
    All,
    CustomerSet,
    Leaf,
    SetServer,
    Source,
    Want,
    decode_group,
    encode_group,
    from_groups,
    to_groups,
)
from tests.conftest import Engines
from tests.make import sets as make_sets

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
SIZES = [0, 1, 31, 32, 33, 65_536, 1_000_000]


@pytest.fixture(scope="module")
async def table(clickhouse: ClickHouse, bank: TenantId) -> str:
    await clickhouse.command(
        bank,
        "CREATE TABLE kept (`group` UInt16, tag String, ver UInt64, bm AggregateFunction(groupBitmap, UInt32))"
        " ENGINE = ReplacingMergeTree(ver) ORDER BY (`group`, tag)"
        " SETTINGS non_replicated_deduplication_window = 100",
    )
    return "kept"


@pytest.mark.parametrize("size", SIZES)
async def test_clickhouse_writes_what_we_read(clickhouse: ClickHouse, bank: TenantId, size: int):
    found = await clickhouse.get_bitmaps(
        bank,
        "SELECT 0 AS key, groupBitmapState(toUInt32(number * 7 + 3)) AS bitmap FROM numbers({n:UInt64})",
        {"n": size},
    )
    [(_, payload)] = found
    assert payload[0] == (0 if size <= 32 else 1)
    assert decode_group(payload) == BitMap(range(3, 3 + 7 * size, 7))


@pytest.mark.parametrize("size", SIZES)
async def test_we_write_what_clickhouse_reads(clickhouse: ClickHouse, bank: TenantId, table: str, size: int):
    members = CustomerSet.of(bank, np.arange(size, dtype=np.uint32) * 13 + 5)
    groups = to_groups(members) or {0: encode_group(BitMap())}
    tag = f"size {size}"
    columns = {"group": list(groups), "tag": [tag] * len(groups), "ver": [1] * len(groups)}
    await clickhouse.put_bitmaps(bank, table, columns, list(groups.values()), f"put {size}")
    seen = await clickhouse.query(
        bank,
        "SELECT sum(bitmapCardinality(bm)) AS members, sum(arraySum(bitmapToArray(bm))) AS total"
        " FROM kept FINAL WHERE tag = {tag:String}",
        {"tag": tag},
    )
    assert seen.to_pylist() == [{"members": size, "total": sum(range(5, 5 + 13 * size, 13))}]
    back = await clickhouse.get_bitmaps(
        bank, "SELECT `group` AS key, bm AS bitmap FROM kept FINAL WHERE tag = {tag:String}", {"tag": tag}
    )
    assert from_groups(bank, dict(back)) == members


async def test_clickhouse_also_reads_the_large_form_of_a_small_set(clickhouse: ClickHouse, bank: TenantId, table: str):
    payload = BitMap([4, 5]).serialize()
    large = b"\x01" + bytes([len(payload)]) + payload
    assert decode_group(large) == BitMap([4, 5])
    await clickhouse.put_bitmaps(bank, table, {"group": [0], "tag": ["large form"], "ver": [1]}, [large], "large form")
    seen = await clickhouse.query(bank, "SELECT bitmapToArray(bm) AS m FROM kept FINAL WHERE tag = 'large form'")
    assert seen.to_pylist() == [{"m": [4, 5]}]


async def test_a_new_version_takes_members_away(clickhouse: ClickHouse, bank: TenantId, table: str):
    for version, members in ((1, [1, 2, 3]), (2, [1])):
        groups = to_groups(CustomerSet.of(bank, members))
        columns = {"group": [0], "tag": ["shrinks"], "ver": [version]}
        await clickhouse.put_bitmaps(bank, table, columns, list(groups.values()), f"shrinks {version}")
    seen = await clickhouse.get_bitmaps(
        bank, "SELECT `group` AS key, bm AS bitmap FROM kept FINAL WHERE tag = 'shrinks'"
    )
    assert list(decode_group(seen[0][1])) == [1]
    merged = await clickhouse.query(
        bank, "SELECT bitmapToArray(groupBitmapMergeState(bm)) AS m FROM kept WHERE tag = 'shrinks'"
    )
    assert merged.to_pylist() == [{"m": [1, 2, 3]}], "the control: reading without FINAL brings removed members back"


async def test_the_set_server_fetches_and_leaves_the_erased_out(
    cluster: Engines, clickhouse: ClickHouse, bank: TenantId, other_bank: TenantId
):
    odd = "SELECT 1 AS key, groupBitmapState(toUInt32(number)) AS bitmap FROM numbers(3000000) WHERE number % 2 = 1"
    few = "SELECT 2 AS key, groupBitmapState(toUInt32(number)) AS bitmap FROM numbers(10) WHERE number < {n:UInt8}"
    none = (
        "SELECT 3 AS key, groupBitmapState(toUInt32(number)) AS bitmap FROM numbers(1) WHERE number > 1 GROUP BY number"
    )
    sources = [
        Source(f"{odd} UNION ALL {few}", {1: "odd", 2: "few"}, {"n": 4}),
        Source(none, {3: "none"}),
    ]
    server = SetServer(clickhouse_url=cluster.clickhouse_url)
    with pytest.raises(Absent):
        await server.fetch(bank, sources, erased="erased")
    await server.put(bank, {"erased": make_sets.of(bank, 1, 1_999_999).to_bytes()})
    await server.fetch(bank, sources, as_of=MORNING, erased="erased")
    found = await server.evaluate(bank, All(parts=(Leaf(key="odd"), Leaf(key="few"))), Want(members=True))
    assert found.members == make_sets.of(bank, 3)
    assert (await server.evaluate(bank, Leaf(key="odd"))).total == 1_500_000 - 2
    assert (await server.evaluate(bank, Leaf(key="none"))).total == 0
    halves = [Source(f"{odd} AND number {half} 1200000", {1: "halves"}) for half in ("<", ">=")]
    await server.fetch(bank, halves)
    assert (await server.evaluate(bank, Leaf(key="halves"))).total == 1_500_000
    assert await server.missing(other_bank, ["odd"]) == ["odd"]


async def test_a_set_server_without_clickhouse_says_so(bank: TenantId):
    with pytest.raises(Outage, match="no ClickHouse"):
        await SetServer().fetch(bank, [Source("SELECT 1", {})])


@pytest.mark.parametrize("junk", [b"", b"\x00", b"\x02\x00", b"\x00\x02\x01\x00\x00\x00", b"\x01\xff", b"\x01\x05abc"])
def test_broken_bytes_are_refused(junk):
    with pytest.raises(ValueError):
        decode_group(junk)


def test_groups_part_at_1048576():
    assert sorted(to_groups(make_sets.of(1, 1_048_575, 1_048_576, 5_000_000))) == [0, 1, 4]
