"""What arrives goes through the rules so many events at a time, however many stand at one instant."""

from datetime import timedelta

import pytest

from huoke.kernel.ids import new_id
from huoke.kernel.jobs import Sweep
from huoke.kernel.sets import SetServer
from huoke.reward import ledger
from huoke.reward.points import jobs, store_earn
from tests.make import events as make_events
from tests.make import points as make

AT_ONCE = 3


@pytest.fixture
async def seqs(database, bank, units):
    return await make_events.people(database, bank, "J1", "J2")


async def arrive(database, bank, source, *messages):
    """Events at this instant, and the note that they wait."""
    await make_events.take(database, bank, source, *messages)
    async with database.begin(bank) as tx:
        await store_earn.note_arrival(tx, new_id(), tx.now, len(messages))


def logins(name, count):
    return [make_events.track(f"{name}-{number}", f"J{1 + number % 2}") for number in range(count)]


async def test_no_transaction_reads_more_than_goes_together_and_none_is_left_out(
    database, clickhouse, bank, seqs, clock, monkeypatch
):
    async with database.begin(bank) as tx:
        await make.kind(tx)
        await make.rule(tx, event="app.login", per_fen=0)
    source = await make_events.source(database, bank)
    await arrive(database, bank, source, *logins("a", 4))
    await arrive(database, bank, source, *logins("b", 5))
    clock.advance(timedelta(seconds=1))
    await arrive(database, bank, source, *logins("c", 2))
    read = []

    async def counted(tx, ready, found):
        read.append(len(found))
        return await earn(tx, ready, found)

    earn = jobs.earn
    monkeypatch.setattr(jobs, "EVENTS_AT_ONCE", AT_ONCE)
    monkeypatch.setattr(jobs, "earn", counted)
    sweep = Sweep(database=database, tenant=bank, parts={type(clickhouse): clickhouse, SetServer: SetServer()})
    await jobs.earn_arrived.run(sweep)
    assert read == [3, 3, 3, 2]
    async with database.begin(bank) as tx:
        keys = [ledger.points_account(seq, "GOLD") for seq in seqs.values()]
        assert [await ledger.balance(tx, key) for key in keys] == [6, 5]
        assert await store_earn.arrivals(tx, 10) == []
    await jobs.earn_arrived.run(sweep)
    assert read == [3, 3, 3, 2]
