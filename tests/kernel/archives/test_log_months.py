"""Months of the business log close into archives, and the chain of seals goes on across them."""

import hashlib
from datetime import UTC, date, datetime
from importlib import import_module
from itertools import pairwise

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from huoke.kernel import archives, files, log
from huoke.kernel.archives import Closing, MonthOpen
from huoke.kernel.archives.model import free_numbers, ranges_of, to_parquet
from huoke.kernel.archives.put import write
from huoke.kernel.events import Event
from huoke.kernel.log import EVENTS, Dispatcher, Verdict

OCTOBER, NOVEMBER = date(2025, 10, 1), date(2025, 11, 1)
BORDER = (datetime(2025, 10, 31, 23, 59, 59, 999_999, UTC), datetime(2025, 11, 1, tzinfo=UTC))


class Struck(Event):
    """A clock struck."""

    name = "probe.struck"
    number: int


@pytest.fixture(autouse=True)
def keys(cluster, schema):
    """Archives are sealed under the cluster's own key."""
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))


@pytest.fixture
async def strike(owner, database, clock):
    """Strike a number at an instant, about one customer, a set of them, or nobody."""
    now = clock.now()
    clock.set(BORDER[0])
    await log.partitions.ensure(owner)
    clock.set(now)

    async def once(tenant, number, at, seq=None, members=None):
        clock.set(at)
        async with database.begin(tenant) as tx:
            tx.emit(Struck(number=number), seq=seq, members=members)
        clock.set(now)

    return once


@pytest.fixture
def closing(owner, database, feed, clickhouse, clock):
    """What closing works with; nobody subscribes."""
    return Closing(owner=owner, database=database, feed=feed, clickhouse=clickhouse, streams=[EVENTS])


@pytest.fixture
def ready(closing):
    """Seal and ship everything."""

    async def do():
        await log.seal_once(closing.database, closing.feed)
        await log.Shipper(closing.feed, closing.clickhouse, [EVENTS]).run_once()

    return do


async def count(closing, bank):
    """Rows of this bank on both sides."""
    compared = await archives.compare(closing.feed, closing.clickhouse, [EVENTS])
    return next((one.truth, one.clickhouse) for one in compared if one.tenant == bank)


async def close(closing, bank, month=OCTOBER):
    return [one for one in await archives.close(closing, EVENTS, month) if one.tenant == bank]


async def numbers_left(closing, bank):
    async with closing.database.begin(bank) as tx:
        rows = await tx.fetch(
            "SELECT (payload->>'number')::int AS n FROM kernel.event WHERE name = 'probe.struck' ORDER BY xid, ordinal"
        )
    return [row["n"] for row in rows]


@pytest.fixture
async def closed(closing, own_bank, strike, ready):
    """A bank of five events under two seals, whose second, third and fifth lie in the archive of October."""
    late, early = BORDER
    set_of_both = BitMap([3, 70_000]).serialize()
    await strike(own_bank, 1, early)
    await strike(own_bank, 2, late, seq=7)
    await strike(own_bank, 3, late, members=set_of_both)
    await ready()
    await strike(own_bank, 4, early, seq=0)
    await strike(own_bank, 5, late)
    await ready()
    [archive] = await close(closing, own_bank)
    return archive


async def test_a_month_leaves_the_log_and_the_chain_still_holds(closing, own_bank, other_bank, strike, ready, closed):
    assert (closed.rows, closed.origin, closed.numbers) == (3, "log", ((2, 4), (5, 6)))
    assert await numbers_left(closing, own_bank) == [1, 4]
    async with closing.owner.begin_shared() as tx:
        assert await tx.fetch_value("SELECT to_regclass('kernel.event_202510')") is None
    verdict = Verdict(events=5, seals=2, broken_seal=None)
    assert await archives.verify(closing.database, closing.feed, own_bank) == verdict
    assert await log.verify(closing.feed, own_bank) != verdict
    async with closing.database.begin(other_bank) as tx:
        assert await archives.find(tx, EVENTS.source) == []
    assert await close(closing, own_bank) == []


async def test_sealing_goes_on_though_the_last_sealed_event_is_in_an_archive(closing, own_bank, strike, ready, closed):
    async with closing.owner.pool.acquire() as connection:  # a crash before the place was noted: all is read again
        await connection.execute("UPDATE kernel.subscription SET xid = '0' WHERE name = 'log.seal'")
    await strike(own_bank, 6, BORDER[1])
    await ready()
    assert await archives.verify(closing.database, closing.feed, own_bank) == Verdict(6, 3, None)
    await close(closing, own_bank, NOVEMBER)
    assert await numbers_left(closing, own_bank) == []
    await strike(own_bank, 7, datetime(2025, 12, 1, tzinfo=UTC))
    await ready()
    assert await archives.verify(closing.database, closing.feed, own_bank) == Verdict(7, 4, None)


async def test_clickhouse_is_made_from_log_and_archives_again(closing, own_bank, closed):
    before = await count(closing, own_bank)
    assert before == (5, 5)
    assert await archives.ship(closing.database, closing.clickhouse, own_bank, [EVENTS]) == 0
    shown = "SELECT * EXCEPT (members), bitmapToArray(members) AS members FROM log ORDER BY xid, ordinal"
    rows = (await closing.clickhouse.query(own_bank, shown)).to_pylist()
    await log.Shipper(closing.feed, closing.clickhouse, [EVENTS]).rebuild(EVENTS)
    await log.Shipper(closing.feed, closing.clickhouse, [EVENTS]).run_once()
    assert await count(closing, own_bank) == (5, 2)
    assert await archives.ship(closing.database, closing.clickhouse, own_bank, [EVENTS]) == 1
    assert await count(closing, own_bank) == before
    assert (await closing.clickhouse.query(own_bank, shown)).to_pylist() == rows
    assert [row["members"] for row in rows] == [[], [], [3, 70_000], [], []]


async def test_a_byte_changed_in_an_archive_is_found(closing, own_bank, closed):
    async with closing.owner.begin_shared() as tx:
        changed = "UPDATE files.chunk SET body = set_byte(body, 99, get_byte(body, 99) # 1) WHERE file_id = $1"
        assert await tx.execute(changed, closed.file_id) == 1
    assert [one.id for one in await archives.damaged(closing.database, own_bank, [EVENTS])] == [closed.id]
    assert (await archives.verify(closing.database, closing.feed, own_bank)).broken_seal == 1


@pytest.mark.parametrize(
    ("column", "row", "value", "broken"),
    [
        ("payload", 0, '{"number": 9}', 1),
        ("raw_members", 1, "3a30", 1),
        ("seq", 2, 7, 2),
        ("number", 2, 4, 2),
    ],
)
async def test_an_archive_written_anew_with_its_hash_breaks_the_chain(
    closing, own_bank, closed, column, row, value, broken
):
    """Whoever holds every key and every table still has not got the seals of later events."""
    table = await archives.read(closing.database, closed)
    values = table.column(column).to_pylist()
    values[row] = value
    place = table.column_names.index(column)
    table = table.set_column(place, column, pa.array(values, table.column(column).type))
    body = to_parquet(table)
    forged = msgspec.structs.replace(closed, sha256=hashlib.sha256(body).digest())
    forged = await write(closing.database, forged, body)
    async with closing.owner.begin_shared() as tx:
        await tx.execute(
            "UPDATE kernel.archive SET sha256 = $2, file_id = $3 WHERE id = $1",
            closed.id,
            forged.sha256,
            forged.file_id,
        )
    assert await archives.damaged(closing.database, own_bank, [EVENTS]) == []
    assert (await archives.verify(closing.database, closing.feed, own_bank)).broken_seal == broken


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE kernel.event SET actor_id = actor_id || '!' WHERE payload->>'number' = '1'", 1),
        ("UPDATE kernel.event SET seq = 1 WHERE payload->>'number' = '4'", 2),
        ("DELETE FROM kernel.event WHERE payload->>'number' = '1'", 1),
        ("UPDATE kernel.archive SET withdrawn_at = made_at WHERE origin = 'log'", 1),
    ],
)
async def test_a_change_to_what_is_left_in_the_log_is_found(closing, own_bank, closed, change, broken):
    async with closing.owner.begin_shared() as tx:
        assert await tx.execute(f"{change} AND tenant_id = {own_bank}") == 1
    assert (await archives.verify(closing.database, closing.feed, own_bank)).broken_seal == broken


async def test_a_month_waits_for_everybody_who_reads_it(closing, own_bank, strike, ready):
    heard = []

    @log.subscriber(f"probe.slow_{own_bank}", events={"probe.struck"})
    async def hear(tx, event):
        if event.tenant == own_bank:
            heard.append(event.payload["number"])

    @log.subscriber(f"probe.elsewhere_{own_bank}", events={"probe.never"})
    async def wait(tx, event):
        raise AssertionError

    closing = msgspec.structs.replace(closing, subscribers=[hear, wait])
    await strike(own_bank, 1, BORDER[0])
    with pytest.raises(MonthOpen, match="until log has been shipped"):
        await close(closing, own_bank)
    await log.Shipper(closing.feed, closing.clickhouse, [EVENTS]).run_once()
    with pytest.raises(MonthOpen, match=f"until subscriber probe.slow_{own_bank} has read"):
        await close(closing, own_bank)
    await Dispatcher(closing.database, closing.feed, [hear]).run_once()
    with pytest.raises(MonthOpen, match=f"until the events of bank {own_bank} are sealed"):
        await close(closing, own_bank)
    assert await numbers_left(closing, own_bank) == [1]
    await ready()
    [archive] = await close(closing, own_bank)
    assert (archive.rows, archive.numbers, heard) == (1, ((1, 2),), [1])


async def test_a_month_that_somebody_reads_all_the_time_stays_and_leaves_no_file(
    closing, own_bank, strike, ready, monkeypatch
):
    monkeypatch.setattr(import_module("huoke.kernel.archives.close"), "LOCK_TRIES", 1)
    await strike(own_bank, 1, BORDER[0])
    await ready()
    count_files = "SELECT count(*) FROM files.file WHERE name LIKE 'kernel.event-%'"
    async with closing.owner.begin_shared() as tx:
        before = await tx.fetch_value(count_files)
        await tx.fetch_value("SELECT count(*) FROM kernel.event")
        with pytest.raises(MonthOpen, match=r"others held kernel\.event all the time"):
            await close(closing, own_bank)
        assert await tx.fetch_value(count_files) == before
    assert await numbers_left(closing, own_bank) == [1]
    assert len(await close(closing, own_bank)) == 1


@pytest.mark.parametrize(
    ("kept", "now", "due"),
    [(0, (2025, 11, 7), False), (0, (2025, 11, 8), True), (3, (2026, 2, 7), False), (3, (2026, 2, 8), True)],
    ids=["in its week", "after its week", "third month in its week", "third month over"],
)
def test_the_business_log_keeps_its_latest_months(closing, clock, kept, now, due):
    clock.set(datetime(*now, tzinfo=UTC))
    closing = msgspec.structs.replace(closing, months_kept=kept)
    assert closing.is_due(EVENTS, OCTOBER) is due
    assert closing.is_due(msgspec.structs.replace(EVENTS, chained=False), OCTOBER) is (now != (2025, 11, 7))


@given(st.sets(st.integers(1, 60), min_size=1))
def test_numbers_are_those_that_no_archive_has(numbers):
    ranges = ranges_of(np.array(sorted(numbers), np.int64))
    assert [one for begin, end in ranges for one in range(begin, end)] == sorted(numbers)
    assert all(one[1] < two[0] for one, two in pairwise(ranges))
    free = free_numbers(ranges[::-1])
    assert [next(free) for _ in range(60)] == [one for one in range(1, 121) if one not in numbers][:60]
