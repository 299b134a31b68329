"""Months of events become archives, ClickHouse is made from log and archives, and every row is there exactly once."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from huoke.kernel import archives, log
from huoke.kernel.archives import MonthOpen
from huoke.kernel.clock import CHINA
from huoke.know import events
from huoke.know.events import SchemaUnfit
from tests.make import events as make

STREAMS = [events.EVENT, events.TIMELINE]
JANUARY = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
async def both(feed, clickhouse, bank):
    """Rows of this bank on both sides, by stream."""

    async def count():
        compared = await archives.compare(feed, clickhouse, STREAMS)
        return {one.stream: (one.truth, one.clickhouse) for one in compared if one.tenant == bank}

    return count


def history(rows=3, name="payment.made", start=JANUARY, **more):
    return pa.table(
        {
            "seq": pa.array(range(rows), pa.uint32()),
            "name": [name] * rows,
            "at": pa.array([start + timedelta(hours=hour) for hour in range(rows)], pa.timestamp("us", tz="UTC")),
            **more,
        }
    )


async def test_history_stands_in_clickhouse_as_it_was_given(database, clickhouse, bank):
    table = history(
        2, amount_fen=[1250, 0], p_category=["咖啡", None], p_channel=["app", "web"], entry_code=["e1", None]
    )
    loaded = await events.load_archive(database, clickhouse, bank, table)
    assert (loaded.archives, loaded.rows) == (1, 2)
    rows = [{**row, "id": ""} for row in await make.rows(clickhouse, bank)]
    first = {"seq": 0, "name": "payment.made", "at": JANUARY, "id": "", "amount_fen": 1250, "entry_code": "e1"}
    assert rows == [
        {**first, "properties": {"category": "咖啡", "channel": "app"}},
        {**first, "seq": 1, "at": JANUARY + timedelta(hours=1), "amount_fen": 0, "entry_code": "",
         "properties": {"channel": "web"}},
    ]  # fmt: skip
    assert [row["at"] for row in await make.rows(clickhouse, bank, "timeline")] == [row["at"] for row in rows]


async def test_the_same_history_again_is_nothing_new_even_where_it_is_sealed(database, clickhouse, bank, both, seqs):
    table = history(3, "transaction.posted", p_balance_fen=[5, None, 7], p_type=["in", "out", "in"])
    await events.load_archive(database, clickhouse, bank, table)
    before = await both()
    await events.load_archive(database, clickhouse, bank, table)
    assert await both() == before
    shown = [row["properties"] for row in await make.rows(clickhouse, bank) if row["name"] == "transaction.posted"]
    assert sorted(one.get("balance_fen", "") for one in shown) == ["", "****", "****"]


@pytest.mark.parametrize(
    ("table", "pointer"),
    [
        (history(name="no.such"), "/name"),
        (history(p_unheard=["x", None, None]), "/p_unheard"),
        (history(name="page.viewed", p_seconds=["1", "two", "3"]), "/p_seconds"),
        (history().drop_columns(["at"]), "/at"),
    ],
)
async def test_history_that_no_schema_fits_is_refused_whole(database, clickhouse, bank, both, table, pointer):
    before = await both()
    with pytest.raises(SchemaUnfit) as refused:
        await events.load_archive(database, clickhouse, bank, table)
    assert refused.value.pointer == pointer
    assert await both() == before


async def partition(owner, month):
    """Have a partition for a month before the clock's own."""
    clock = owner.clock
    now = clock.now()
    clock.set(month)
    await log.partitions.ensure(owner)
    clock.set(now)


async def close(owner, database, feed, clickhouse, month):
    closing = archives.Closing(owner=owner, database=database, feed=feed, clickhouse=clickhouse, streams=STREAMS)
    return await archives.close(closing, events.EVENT, month.date().replace(day=1))


async def test_a_month_closes_into_an_archive_and_clickhouse_is_made_from_both_again(
    database, owner, feed, clickhouse, bank, source, seqs, clock, both
):
    await partition(owner, datetime(2026, 3, 1, tzinfo=UTC))
    await make.ship(feed, clickhouse)
    border = datetime(2026, 4, 1, 7, 59, tzinfo=CHINA)  # still March in UTC, April in China
    for instant, message in ((datetime(2026, 3, 2, tzinfo=UTC), "c-1"), (border, "c-2")):
        clock.set(instant)
        await make.take(database, bank, source, make.track(message, properties={"channel": "app"}))
    clock.set(border + timedelta(minutes=1))
    await make.take(database, bank, source, make.track("c-3"))
    clock.set(datetime(2026, 4, 6, tzinfo=UTC))
    with pytest.raises(MonthOpen, match="from 2026-04-08 on"):
        await close(owner, database, feed, clickhouse, border.astimezone(UTC))
    clock.set(datetime(2026, 4, 9, tzinfo=UTC))
    with pytest.raises(MonthOpen, match="until event has been shipped"):
        await close(owner, database, feed, clickhouse, border.astimezone(UTC))
    await make.ship(feed, clickhouse)
    before, rows = await both(), await make.rows(clickhouse, bank)
    assert before["event"][0] == before["event"][1]

    closed = [
        one for one in await close(owner, database, feed, clickhouse, border.astimezone(UTC)) if one.tenant == bank
    ]
    assert [(one.rows, one.origin, one.last_at) for one in closed] == [(2, "log", border)]
    async with owner.begin_shared() as tx:
        left = await tx.fetch("SELECT id FROM events.event WHERE tenant_id = $1", bank)
        assert {row["id"] for row in left} == {events.model.id_of("c-3")}
        assert await tx.fetch_value("SELECT to_regclass('events.event_202603')") is None
    assert await close(owner, database, feed, clickhouse, border.astimezone(UTC)) == []
    assert await archives.ship(database, clickhouse, bank, STREAMS) == 0
    assert await both() == before

    shipper = log.Shipper(feed, clickhouse, STREAMS)
    for stream in STREAMS:
        await shipper.rebuild(stream)
    await log.Shipper(feed, clickhouse, STREAMS).run_once()
    assert (await both())["event"][1] == 1
    assert await archives.ship(database, clickhouse, bank, STREAMS) > 0
    assert await archives.ship(database, clickhouse, bank, STREAMS) == 0
    assert await both() == before
    assert await make.rows(clickhouse, bank) == rows


async def test_one_row_lost_in_clickhouse_is_seen(clickhouse, bank, both):
    truth, held = (await both())["event"]
    assert truth == held > 0
    [row] = (await clickhouse.query(bank, "SELECT toString(id) AS id FROM event LIMIT 1")).to_pylist()
    await clickhouse.command(bank, "DELETE FROM event WHERE id = {id:UUID}", {"id": row["id"]})
    assert (await both())["event"] == (truth, truth - 1)


async def test_a_changed_file_is_seen(database, owner, clickhouse, bank):
    await events.load_archive(database, clickhouse, bank, history(4, "app.login"))
    assert await archives.damaged(database, bank, STREAMS) == []
    async with database.begin(bank) as tx:
        [*_, last] = await archives.find(tx, events.EVENT.source)
    async with owner.begin_shared() as tx:
        await tx.execute("UPDATE kernel.archive SET sha256 = '\\x00' WHERE id = $1", last.id)
    assert [one.id for one in await archives.damaged(database, bank, STREAMS)] == [last.id]


async def test_the_neighbour_sees_no_archive_of_ours(database, bank, other_bank):
    for tenant, there in ((bank, True), (other_bank, False)):
        async with database.begin(tenant) as tx:
            assert bool(await archives.find(tx, events.EVENT.source)) is there
