"""The port to ClickHouse: banks apart, replays without effect, bitmaps as they are."""

import asyncio
from typing import Any

import pyarrow as pa
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError
from pyroaring import BitMap

from huoke.kernel.engines import ClickHouse
from huoke.kernel.engines.clickhouse import OutOfMeans
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage
from huoke.kernel.sets.codecs import decode_group, encode_group

FACTS = "CREATE TABLE {} (id UInt32, name String) ENGINE MergeTree ORDER BY id {}"
WINDOW = "SETTINGS non_replicated_deduplication_window = 100"
ROWS = pa.table({"id": pa.array([1, 2, 3], pa.uint32()), "name": ["一", "two", "\\N\t'3"]})


async def test_a_table_of_one_bank_does_not_exist_in_another(
    clickhouse: ClickHouse, bank: TenantId, other_bank: TenantId
):
    await clickhouse.command(bank, FACTS.format("own", WINDOW))
    await clickhouse.insert_arrow(bank, "own", ROWS, "first")
    assert (await clickhouse.query(bank, "SELECT count() AS n FROM own")).to_pylist() == [{"n": 3}]
    with pytest.raises(DatabaseError, match="UNKNOWN_TABLE"):
        await clickhouse.query(other_bank, "SELECT count() AS n FROM own")


async def test_a_replayed_insert_adds_nothing(clickhouse: ClickHouse, bank: TenantId):
    await clickhouse.command(bank, FACTS.format("replayed", WINDOW))
    for token in ("1:10", "1:10", "10:20", "1:10"):
        await clickhouse.insert_arrow(bank, "replayed", ROWS, token)
    assert (await clickhouse.query(bank, "SELECT count() AS n FROM replayed")).to_pylist() == [{"n": 6}]


async def test_without_the_window_a_replay_doubles(clickhouse: ClickHouse, bank: TenantId):
    """The control to the test above."""
    await clickhouse.command(bank, FACTS.format("doubled", ""))
    for _ in range(2):
        await clickhouse.insert_arrow(bank, "doubled", ROWS, "1:10")
    assert (await clickhouse.query(bank, "SELECT count() AS n FROM doubled")).to_pylist() == [{"n": 6}]


async def test_values_travel_as_they_are(clickhouse: ClickHouse, bank: TenantId):
    text = "a'b\"c\\d\te\nf 客 {x:UInt8} ; DROP DATABASE t1 --"
    sql = "SELECT {text:String} AS text, {ids:Array(UInt32)} AS ids"
    answer = await clickhouse.query(bank, sql, {"text": text, "ids": [1, 4_294_967_295]})
    assert answer.to_pylist() == [{"text": text, "ids": [1, 4_294_967_295]}]


async def test_values_too_long_for_an_address_travel_as_they_are(clickhouse: ClickHouse, bank: TenantId):
    text, ids = "客\r\n--'\"\\\t\n; \r" * 5_000, list(range(4_294_900_000, 4_294_950_000))
    sql = "SELECT {text:String} AS text, {ids:Array(UInt32)} AS ids"
    answer = await clickhouse.query(bank, sql, {"text": text, "ids": ids})
    assert answer.to_pylist() == [{"text": text, "ids": ids}]


async def test_bitmaps_come_back_as_they_were_put(clickhouse: ClickHouse, bank: TenantId):
    await clickhouse.command(
        bank,
        "CREATE TABLE tag_bitmap (group UInt32, tag String, bm AggregateFunction(groupBitmap, UInt32))"
        f" ENGINE MergeTree ORDER BY (group, tag) {WINDOW}",
    )
    sets = [
        BitMap(),
        BitMap([5]),
        BitMap(range(32)),
        BitMap(range(33)),
        BitMap(range(0, 3_000_000, 3)),
        BitMap([2**31 - 1]),
    ]
    columns = {"group": list(range(6)), "tag": ["标签" * 70] * 6}
    for _ in range(2):
        await clickhouse.put_bitmaps(bank, "tag_bitmap", columns, [encode_group(members) for members in sets], "once")
    found = await clickhouse.get_bitmaps(bank, "SELECT group AS key, bm AS bitmap FROM tag_bitmap ORDER BY group")
    assert [(key, decode_group(state)) for key, state in found] == list(enumerate(sets))
    assert (await clickhouse.get_bitmaps(bank, "SELECT group AS key, bm AS bitmap FROM tag_bitmap WHERE 0")) == []
    counts = await clickhouse.query(bank, "SELECT bitmapCardinality(bm) AS n FROM tag_bitmap ORDER BY group")
    assert counts.column("n").to_pylist() == [len(members) for members in sets]


async def test_a_query_past_its_means_is_an_outage_and_no_bug(clickhouse: ClickHouse, bank: TenantId):
    with pytest.raises(OutOfMeans):
        await clickhouse.query(bank, "SELECT length(groupArray(number)) FROM numbers(500000000)")
    with pytest.raises(OutOfMeans):
        await clickhouse.query(
            bank, "SELECT sum(cityHash64(number)) FROM numbers(100000000000)", settings={"max_execution_time": 1}
        )


async def test_a_clickhouse_that_is_away_is_an_outage(bank: TenantId):
    away = await ClickHouse.connect("http://huoke:token@127.0.0.1:9")
    with pytest.raises(Outage):
        await away.query(bank, "SELECT 1")
    await away.close()


class _Impatient(ClickHouse):
    """Waits for no merge: its answer comes too late, while the engine works on."""

    async def command(self, tenant: TenantId, sql: str, *arguments: Any, **options: Any) -> None:
        if not sql.startswith("OPTIMIZE"):
            return await super().command(tenant, sql, *arguments, **options)
        self.work = asyncio.ensure_future(super().command(tenant, sql))
        while not await self._is_merging(tenant, "parted") and not self.work.done():
            pass
        raise Outage("No answer in time.")


async def test_a_merge_that_outlasts_an_answer_is_waited_for(clickhouse: ClickHouse, bank: TenantId):
    impatient = _Impatient(clickhouse._url)
    await clickhouse.command(bank, FACTS.format("parted", ""))
    for part in range(3):
        await clickhouse.command(bank, f"INSERT INTO parted SELECT number, '{part}' FROM numbers(700000)")
    await impatient.merge(bank, "parted")
    assert impatient.work.done() or await _parts(clickhouse, bank) == 1
    await impatient.work
    assert await _parts(clickhouse, bank) == 1
    await impatient.close()


async def _parts(clickhouse: ClickHouse, bank: TenantId) -> int:
    sql = "SELECT uniqExact(_part) AS n FROM parted"
    return int((await clickhouse.query(bank, sql)).column("n")[0].as_py())


async def test_an_answer_that_breaks_off_in_its_middle_is_an_outage_and_no_half_answer(
    bank: TenantId, monkeypatch: pytest.MonkeyPatch
):
    whole = pa.BufferOutputStream()
    table = pa.table({"n": list(range(1000))})
    with pa.ipc.new_file(whole, table.schema) as writer:
        writer.write_table(table)
    half = whole.getvalue().to_pybytes()[:-700]

    class Breaking:
        def query_arrow(self, *_: Any, **__: Any) -> pa.Table:
            return pa.ipc.open_file(pa.py_buffer(half)).read_all()

    breaking = ClickHouse("")
    monkeypatch.setattr(breaking, "_client", Breaking())
    with pytest.raises(OutOfMeans, match="broke off"):
        await breaking.query(bank, "SELECT n FROM somewhere")
