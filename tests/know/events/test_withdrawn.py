"""A load of events is taken back as a whole: out of every reading, past every rebuild, and free to come again."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from huoke.kernel import archives, log
from huoke.kernel.files import FileMissing
from huoke.kernel.ids import new_id
from huoke.know import events
from tests.make import events as make

STREAMS = [events.EVENT, events.TIMELINE]
NAMES = ("event", "timeline")


def paid(seq, *messages, amount_fen=100):
    at = datetime(2026, 2, 20, 9, 0, tzinfo=UTC)
    return pa.table(
        {
            "seq": pa.array([seq] * len(messages), pa.uint32()),
            "name": ["payment.made"] * len(messages),
            "at": pa.array(
                [at + timedelta(minutes=place) for place in range(len(messages))], pa.timestamp("us", "UTC")
            ),
            "message_id": list(messages),
            "amount_fen": [amount_fen] * len(messages),
        }
    )


@pytest.fixture
def shown(clickhouse, bank):
    """How many rows each of the bank's tables shows."""

    async def count():
        return [len(await make.rows(clickhouse, bank, name)) for name in NAMES]

    return count


@pytest.fixture
def load(database, clickhouse, bank, seqs):
    """Load messages of C1 under a load's id, and what became of them."""

    async def into(load_id, *messages):
        rows = paid(seqs["C1"], *messages)
        loaded, flaws = await events.load_rows(database, clickhouse, bank, rows, load_id=load_id)
        assert flaws == []
        return loaded.loaded, loaded.duplicate

    return into


async def test_a_load_goes_and_the_one_beside_it_stays(load, database, clickhouse, bank, other_bank, shown):
    kept, gone = new_id(), new_id()
    assert await load(kept, "k-1", "k-2") == (2, 0)
    before = await shown()
    assert await load(gone, "g-1", "g-2", "g-3") == (3, 0)
    assert await load(gone, "g-4") == (1, 0)
    assert await events.withdraw(database, clickhouse, other_bank, gone) == 0
    assert await shown() == [before[0] + 4, before[1] + 4]
    assert await events.withdraw(database, clickhouse, bank, gone) == 4
    assert await shown() == before
    assert await events.withdraw(database, clickhouse, bank, gone) == 4, "again it says the same and moves nothing"
    assert await shown() == before


async def test_a_rebuild_does_not_bring_it_back_and_both_sides_agree(load, database, feed, clickhouse, bank, shown):
    gone = new_id()
    await load(new_id(), "r-1")
    await make.ship(feed, clickhouse)
    before = await shown()
    await load(gone, "r-2", "r-3")
    await events.withdraw(database, clickhouse, bank, gone)
    for stream in STREAMS:
        await log.Shipper(feed, clickhouse, STREAMS).rebuild(stream)
    await make.ship(feed, clickhouse)
    await archives.ship(database, clickhouse, bank, STREAMS)
    assert await shown() == before
    [equal] = {one.equal for one in await archives.compare(feed, clickhouse, STREAMS) if one.tenant == bank}
    assert equal


async def test_what_was_taken_back_may_be_loaded_again(load, database, clickhouse, bank, source, seqs, shown):
    first = new_id()
    before = await shown()
    assert await load(first, "a-1", "a-2") == (2, 0)
    assert await load(new_id(), "a-1", "a-2") == (0, 2)
    await events.withdraw(database, clickhouse, bank, first)
    assert await load(first, "a-1", "a-2") == (2, 0), "the very same rows, under the very same load"
    assert await shown() == [before[0] + 2, before[1] + 2]
    await events.withdraw(database, clickhouse, bank, first)
    [live] = await make.take(database, bank, source, make.track("a-1"))
    assert live.status == "accepted"


async def test_an_archive_that_was_taken_back_is_not_shipped_by_who_looked_before(
    load, database, clickhouse, bank, shown
):
    gone = new_id()
    await load(gone, "s-1")
    async with database.begin(bank) as tx:
        [archive] = [one for one in await archives.find(tx, events.EVENT.source) if one.load_id == gone]
    rows = await archives.read(database, archive)
    await events.withdraw(database, clickhouse, bank, gone)
    before = await shown()
    for name in NAMES:
        await clickhouse.command(bank, f"DROP TABLE {name}_archive SYNC")
    await archives.ship_one(database, clickhouse, archive, STREAMS, rows)
    assert await shown() == before
    with pytest.raises(FileMissing):
        await archives.read(database, archive)
