"""Shipping is exact: killed between any two steps, no row is missing and none is there twice."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence

import pytest
from pyroaring import BitMap

from huoke.kernel import log
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.log import EVENTS, Shipment, Shipped, Shipper, Stream, read_shipment, shipped_past
from huoke.kernel.log.shipper import NO_BANK, RESET_AHEAD
from huoke.kernel.refusals import Outage
from huoke.kernel.tx import Database
from tests.conftest import Engines
from tests.kernel.log.conftest import Rang, Ring

THINGS = """
CREATE SCHEMA IF NOT EXISTS probe;
CREATE TABLE probe.{name} (tenant_id int NOT NULL, id int NOT NULL, colour text, amount_fen bigint, made_on date,
  attributes jsonb NOT NULL DEFAULT '{{}}', xid xid8 NOT NULL DEFAULT pg_current_xact_id(), ordinal int NOT NULL,
  PRIMARY KEY (tenant_id, id));
CREATE INDEX ON probe.{name} (xid, ordinal);
GRANT USAGE ON SCHEMA probe TO huoke_feed;
GRANT SELECT ON probe.{name} TO huoke_feed
"""


@pytest.fixture
async def things(owner: Database) -> AsyncIterator[Stream]:
    """A source table of its own, and its stream of facts."""
    name = f"thing_{new_id().hex[-12:]}"
    async with owner.pool.acquire() as connection:
        await connection.execute(THINGS.format(name=name))
        yield Stream(
            name=name,
            source=f"probe.{name}",
            columns=(
                Shipped("id", "UInt32"),
                Shipped("colour", "LowCardinality(Nullable(String))"),
                Shipped("amount_fen", "Nullable(Int64)"),
                Shipped("made_on", "Nullable(Date)"),
            ),
            order_by="id",
        )
        await connection.execute(f"DROP TABLE probe.{name}")


async def add(owner: Database, stream: Stream, bank: TenantId, ids: Sequence[int]) -> None:
    async with owner.pool.acquire() as connection:
        await connection.execute(
            f"INSERT INTO {stream.source} (tenant_id, id, colour, amount_fen, made_on, ordinal)"
            " SELECT $1, i, 'red', i * 100, '2026-03-02', n FROM unnest($2::int[]) WITH ORDINALITY AS t(i, n)",
            bank,
            list(ids),
        )


async def ids_of(clickhouse: ClickHouse, stream: Stream, bank: TenantId) -> list[int]:
    found = await clickhouse.query(bank, f"SELECT id FROM {stream.name} ORDER BY id")
    return found.column("id").to_pylist()


async def test_rows_arrive_with_their_values_each_in_its_own_bank(
    owner, feed, clickhouse: ClickHouse, things: Stream, bank: TenantId, other_bank: TenantId
):
    await add(owner, things, bank, [1, 2])
    await add(owner, things, other_bank, [2, 3])
    assert await Shipper(feed, clickhouse, [things]).run_once() == 1
    rows = await clickhouse.query(
        bank, f"SELECT id, colour, amount_fen, toString(made_on) AS d FROM {things.name} ORDER BY id"
    )
    assert rows.to_pylist() == [
        {"id": 1, "colour": "red", "amount_fen": 100, "d": "2026-03-02"},
        {"id": 2, "colour": "red", "amount_fen": 200, "d": "2026-03-02"},
    ]
    assert await ids_of(clickhouse, things, other_bank) == [2, 3]


async def test_killed_after_any_step_a_new_shipper_completes_exactly(
    owner, feed, clickhouse: ClickHouse, things: Stream, bank: TenantId, other_bank: TenantId
):
    """Every step of a shipment of three ranges over two banks is followed once by a crash."""
    await clickhouse.create_database(bank)
    expected: dict[TenantId, list[int]] = {bank: [], other_bank: []}
    crash_after, finished, shipments = 0, False, 0
    while not finished:
        base = 1000 * crash_after
        for start in range(base, base + 12, 4):
            await add(owner, things, bank, [start, start + 1])
            await add(owner, things, other_bank, [start + 2, start + 3])
            expected[bank] += [start, start + 1]
            expected[other_bank] += [start + 2, start + 3]
        finished = True
        step_number = 0
        async for _ in Shipper(feed, clickhouse, [things], range_rows_max=4).steps(things):
            if step_number == crash_after:
                finished = False
                break
            step_number += 1
        await Shipper(feed, clickhouse, [things], range_rows_max=5).run_once()
        shipments += 1
        for tenant, ids in expected.items():
            assert await ids_of(clickhouse, things, tenant) == ids
        crash_after += 1
    assert shipments == 13, "three ranges of planned, two banks, done; and once without a crash"


async def test_without_the_token_a_replay_doubles(owner, feed, clickhouse: ClickHouse, things: Stream, bank: TenantId):
    """The control: the same crash, with a table that forgets tokens."""
    await add(owner, things, bank, [1, 2])
    shipper = Shipper(feed, clickhouse, [things])
    await shipper.prepare(bank)
    await clickhouse.command(bank, f"ALTER TABLE {things.name} MODIFY SETTING non_replicated_deduplication_window = 0")
    async for step in shipper.steps(things):
        if step.startswith("inserted"):
            break
    await Shipper(feed, clickhouse, [things]).run_once()
    assert await ids_of(clickhouse, things, bank) == [1, 1, 2, 2]


async def test_a_replayed_range_is_the_planned_one_and_not_what_came_since(
    owner, feed, clickhouse: ClickHouse, things: Stream, bank: TenantId
):
    await add(owner, things, bank, [1])
    async for step in Shipper(feed, clickhouse, [things]).steps(things):
        if step.startswith("inserted"):
            break
    await add(owner, things, bank, [2])
    planned = await read_shipment(clickhouse, things.name)
    assert planned is not None
    assert planned.state == "planned"
    steps = [step async for step in Shipper(feed, clickhouse, [things]).steps(things)]
    assert steps == [f"inserted {bank}", "done", "planned", f"inserted {bank}", "done"]
    assert await ids_of(clickhouse, things, bank) == [1, 2]


async def test_rows_of_one_transaction_are_cut_into_ranges(owner, feed, clickhouse: ClickHouse, things, bank):
    await add(owner, things, bank, range(50))
    assert await Shipper(feed, clickhouse, [things], range_rows_max=20).run_once() == 3
    assert await ids_of(clickhouse, things, bank) == list(range(50))


async def test_latest_rows_replace_earlier_ones_and_new_columns_appear(
    owner: Database, feed, clickhouse: ClickHouse, things: Stream, bank: TenantId
):
    defined = ["age"]

    async def attributes(_connection, _tenant: TenantId) -> list[Shipped]:
        return [Shipped(f"attr_{name}", "Nullable(Int64)", f"(s.attributes->>'{name}')::bigint") for name in defined]

    latest = Stream(
        name=things.name, source=things.source, columns=things.columns[:2], order_by="id",
        engine="ReplacingMergeTree(xid)", columns_of=attributes,
    )  # fmt: skip
    await add(owner, things, bank, [1, 2])
    shipper = Shipper(feed, clickhouse, [latest])
    await shipper.run_once()
    defined.append("height")
    async with owner.pool.acquire() as connection:
        await connection.execute(
            f"UPDATE {things.source} SET attributes = $1, colour = 'blue', xid = pg_current_xact_id() WHERE id = 2",
            {"age": 40, "height": 170},
        )
    await shipper.run_once()
    rows = await clickhouse.query(
        bank, f"SELECT id, colour, attr_age, attr_height FROM {things.name} FINAL ORDER BY id"
    )
    assert rows.to_pylist() == [
        {"id": 1, "colour": "red", "attr_age": None, "attr_height": None},
        {"id": 2, "colour": "blue", "attr_age": 40, "attr_height": 170},
    ]


async def test_rebuilding_fills_the_tables_again_from_postgresql(
    owner, feed, clickhouse, things: Stream, bank, other_bank
):
    await add(owner, things, bank, [1, 2])
    await add(owner, things, other_bank, [3])
    shipper = Shipper(feed, clickhouse, [things])
    await shipper.run_once()
    await clickhouse.command(bank, f"TRUNCATE TABLE {things.name}")
    await shipper.rebuild(things)
    for crash_after in range(3):
        step_number = 0
        async for _ in Shipper(feed, clickhouse, [things]).steps(things):
            step_number += 1
            if step_number > crash_after:
                break
    await Shipper(feed, clickhouse, [things]).run_once()
    assert await ids_of(clickhouse, things, bank) == [1, 2]
    assert await ids_of(clickhouse, things, other_bank) == [3]


async def test_a_rebuild_asked_for_elsewhere_wins_over_what_a_running_shipper_notes(
    owner, feed, clickhouse, things: Stream, bank
):
    await add(owner, things, bank, [1])
    running = Shipper(feed, clickhouse, [things])
    await running.run_once()
    await clickhouse.command(bank, f"TRUNCATE TABLE {things.name}")
    await Shipper(feed, clickhouse, [things]).rebuild(things)
    await add(owner, things, bank, [2])
    await running.run_once()
    assert (await read_shipment(clickhouse, things.name)).state == "reset"
    await Shipper(feed, clickhouse, [things]).run_once()
    assert await ids_of(clickhouse, things, bank) == [1, 2]


async def test_a_rebuild_asked_for_beside_a_running_shipper_is_not_lost(owner, feed, clickhouse, things: Stream, bank):
    stop = asyncio.Event()
    running = asyncio.create_task(Shipper(feed, clickhouse, [things], range_rows_max=3).run(stop))
    await add(owner, things, bank, range(10))
    await shipped_past(feed, clickhouse, [things])
    await clickhouse.command(bank, f"ALTER TABLE {things.name} DELETE WHERE id < 5 SETTINGS mutations_sync = 2")
    await Shipper(feed, clickhouse, [things]).rebuild(things)
    for start in range(10, 30):  # the running shipper has not seen the reset yet, and goes on
        await add(owner, things, bank, [start])
    async with asyncio.timeout(60):
        while not (await shipment_of(clickhouse, things)).number > RESET_AHEAD + 5:
            await asyncio.sleep(0.05)
    await shipped_past(feed, clickhouse, [things])
    stop.set()
    await running
    assert await ids_of(clickhouse, things, bank) == list(range(30))


async def shipment_of(clickhouse: ClickHouse, stream: Stream) -> Shipment:
    shipment = await read_shipment(clickhouse, stream.name)
    assert shipment is not None
    return shipment


async def test_a_lost_clickhouse_is_filled_again(owner, feed, clickhouse, things: Stream, bank):
    await add(owner, things, bank, [1, 2])
    await Shipper(feed, clickhouse, [things]).run_once()
    await clickhouse.command(bank, f"DROP TABLE {things.name} SYNC")
    await clickhouse.command(NO_BANK, "DROP TABLE shipment SYNC")
    await Shipper(feed, clickhouse, [things]).run_once()
    assert await ids_of(clickhouse, things, bank) == [1, 2]


async def test_waiting_for_own_writes(owner, feed, clickhouse, things: Stream, bank):
    shipper = Shipper(feed, clickhouse, [things])
    await shipper.run_once()
    await shipped_past(feed, clickhouse, [things])
    await add(owner, things, bank, [1])
    with pytest.raises(Outage, match=things.name):
        await shipped_past(feed, clickhouse, [things], timeout_seconds=0.2)
    stop = asyncio.Event()
    running = asyncio.create_task(shipper.run(stop))
    await shipped_past(feed, clickhouse, [things])
    assert await ids_of(clickhouse, things, bank) == [1]
    stop.set()
    await running


async def test_only_one_of_two_shippers_ships(owner, feed, clickhouse, things: Stream, bank):
    stop = asyncio.Event()
    running = [asyncio.create_task(Shipper(feed, clickhouse, [things], range_rows_max=3).run(stop)) for _ in range(2)]
    for start in range(0, 60, 2):
        await add(owner, things, bank, [start, start + 1])
    await shipped_past(feed, clickhouse, [things])
    stop.set()
    await asyncio.gather(*running)
    assert await ids_of(clickhouse, things, bank) == list(range(60))


async def test_a_stream_that_fails_does_not_hold_up_another(owner, feed, clickhouse, things: Stream, bank):
    broken = Stream(name="broken_probe", source="probe.nowhere", columns=(), order_by="xid")
    stop = asyncio.Event()
    running = asyncio.create_task(Shipper(feed, clickhouse, [broken, things]).run(stop))
    await add(owner, things, bank, [1])
    await shipped_past(feed, clickhouse, [things])
    stop.set()
    await running
    assert await ids_of(clickhouse, things, bank) == [1]


@pytest.mark.faults
async def test_a_shipper_killed_again_and_again_loses_and_doubles_nothing(
    cluster: Engines, owner, feed, clickhouse, things: Stream, bank, other_bank
):
    program = f"""
import asyncio
from huoke.kernel.engines import ClickHouse
from huoke.kernel.log import Shipped, Shipper, Stream
from huoke.kernel.tx import Database
async def main():
    feed = await Database.connect({cluster.database_feed_url!r})
    clickhouse = await ClickHouse.connect({cluster.clickhouse_url!r})
    stream = Stream(name={things.name!r}, source={things.source!r}, columns=(Shipped("id", "UInt32"),), order_by="id")
    print("ready", flush=True)
    await Shipper(feed, clickhouse, [stream], range_rows_max=7).run(asyncio.Event())
asyncio.run(main())
"""
    plain = Stream(name=things.name, source=things.source, columns=(Shipped("id", "UInt32"),), order_by="id")
    sent = 0
    for life in range(6):
        process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
        try:
            await asyncio.to_thread(process.stdout.readline)
            for _ in range(10 + 7 * life):
                await add(owner, things, bank, range(sent, sent + 5))
                await add(owner, things, other_bank, range(sent, sent + 5))
                sent += 5
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    await Shipper(feed, clickhouse, [plain], range_rows_max=1000).run_once()
    assert await ids_of(clickhouse, plain, bank) == list(range(sent))
    assert await ids_of(clickhouse, plain, other_bank) == list(range(sent))


async def test_the_log_itself_is_the_timeline(database, feed, clickhouse, ring: Ring, bank, other_bank):
    timeline = Stream(
        name=f"event_{new_id().hex[-12:]}", source=EVENTS.source, columns=EVENTS.columns, order_by=EVENTS.order_by,
        partition_by=EVENTS.partition_by,
    )  # fmt: skip
    await ring(bank, 7)
    await ring(other_bank, 7)
    async with database.begin(bank) as tx:
        tx.emit(Rang(number=8), members=BitMap([1, 2, 3]).serialize())
    await Shipper(feed, clickhouse, [timeline]).run_once()
    rows = await clickhouse.query(
        bank,
        f"SELECT seq, JSONExtractInt(payload, 'number') AS number, bitmapToArray(members) AS members"
        f" FROM {timeline.name}"
        " WHERE name = 'probe.rang' ORDER BY number",
    )
    assert rows.to_pylist() == [
        {"seq": 7, "number": 7, "members": []},
        {"seq": -1, "number": 8, "members": [1, 2, 3]},
    ]
    about_two = await clickhouse.query(
        bank, f"SELECT count() AS n FROM {timeline.name} WHERE seq = 2 OR (seq = -1 AND bitmapContains(members, 2))"
    )
    assert about_two.to_pylist() == [{"n": 1}]


async def test_nothing_above_the_watermark_is_shipped(cluster: Engines, owner, feed, clickhouse, things: Stream, bank):
    async with owner.pool.acquire() as slow, slow.transaction():
        await slow.execute(f"INSERT INTO {things.source} (tenant_id, id, ordinal) VALUES ({bank}, 1, 0)")
        await add(owner, things, bank, [2])
        assert await Shipper(feed, clickhouse, [things]).run_once() == 0
    await Shipper(feed, clickhouse, [things]).run_once()
    assert await ids_of(clickhouse, things, bank) == [1, 2]


async def test_the_sources_named_in_the_house_have_what_a_stream_needs(owner: Database):
    async with owner.pool.acquire() as connection:
        assert await connection.fetchval(f"SELECT count(xid) = count(ordinal) FROM {EVENTS.source}")
    assert log.streams_of([log]) == [EVENTS]
