"""Events reach their subscribers at least once and have their effect exactly once."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from huoke.kernel import log
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.log import Dispatcher, LoggedEvent, Subscriber, dispatcher
from huoke.kernel.tx import Database, Tx
from tests.kernel.log.conftest import Rang, Ring


class Bell(msgspec.Struct):
    """The subscriber's own view of the event."""

    number: int


class Ear:
    """A subscriber of a fresh name that notes what it heard, for one bank, in its own transaction."""

    def __init__(self, bank: TenantId) -> None:
        self.bank = bank
        self.heard: list[int] = []
        self.fail_on: int | None = None
        self.subscriber: Subscriber = log.subscriber(f"probe.{new_id()}", events={"probe.rang"})(self.hear)

    async def hear(self, tx: Tx, event: LoggedEvent) -> None:
        if event.tenant != self.bank:
            return
        assert tx.tenant == event.tenant
        number = event.decode(Bell).number
        if number == self.fail_on:
            raise ZeroDivisionError
        self.heard.append(number)
        tx.emit(Answered(number=number))


class Answered(Rang):
    """The effect, written in the same transaction."""

    name = "probe.answered"


Answers = Callable[[], Awaitable[list[int]]]


@pytest.fixture
async def answers(database: Database, bank: TenantId) -> Answers:
    """The numbers answered since the test began."""

    async def count() -> int:
        async with database.begin(bank) as tx:
            return await tx.fetch_value("SELECT count(*) FROM kernel.event WHERE name = 'probe.answered'")

    before = await count()

    async def read() -> list[int]:
        async with database.begin(bank) as tx:
            rows = await tx.fetch(
                "SELECT (payload->>'number')::int AS n FROM kernel.event WHERE name = 'probe.answered'"
                " ORDER BY xid, ordinal OFFSET $1",
                before,
            )
        return [row["n"] for row in rows]

    return read


@pytest.fixture
async def ear(database: Database, feed: Database, bank: TenantId) -> Ear:
    """A subscriber whose place is at the present end of the log."""
    ear = Ear(bank)
    silent = log.subscriber(ear.subscriber.name, events={"probe.rang"})(_nothing)
    await Dispatcher(database, feed, [silent]).run_once()
    return ear


async def _nothing(_tx: Tx, _event: LoggedEvent) -> None:
    return


async def test_each_event_is_handled_once_in_order(database, feed, ear: Ear, ring: Ring, bank, answers: Answers):
    await ring(bank, 1, 2)
    await ring(bank, 3)
    dispatcher = Dispatcher(database, feed, [ear.subscriber])
    await dispatcher.run_once()
    await dispatcher.run_once()
    await Dispatcher(database, feed, [ear.subscriber]).run_once()
    assert await answers() == [1, 2, 3]


async def test_a_lost_place_replays_without_a_second_effect(
    database, feed, owner: Database, ear: Ear, ring: Ring, bank, answers: Answers
):
    """As after a crash between the work and the note of the place."""
    await ring(bank, 1, 2)
    await Dispatcher(database, feed, [ear.subscriber]).run_once()
    async with owner.pool.acquire() as connection:
        await connection.execute("UPDATE kernel.subscription SET xid = '0' WHERE name = $1", ear.subscriber.name)
    await ring(bank, 3)
    await Dispatcher(database, feed, [ear.subscriber]).run_once()
    assert await answers() == [1, 2, 3]
    async with owner.pool.acquire() as connection:
        await connection.execute("UPDATE kernel.subscription SET xid = '0' WHERE name = $1", ear.subscriber.name)
        await connection.execute("DELETE FROM kernel.handled WHERE subscriber = $1", ear.subscriber.name)
    await Dispatcher(database, feed, [ear.subscriber]).run_once()
    assert len(await answers()) > 3, "the control: without the notes everything has its effect again"


async def test_a_failure_undoes_its_batch_and_holds_back_only_its_own_subscriber(
    database, feed, ring: Ring, ear: Ear, bank, answers: Answers
):
    other = Ear(bank)
    other.subscriber = log.subscriber(other.subscriber.name, events={"probe.rang"})(other.hear)
    ear.fail_on = 2
    await ring(bank, 1, 2, 3)
    with pytest.raises(ZeroDivisionError):
        await Dispatcher(database, feed, [ear.subscriber]).run_once()
    assert await answers() == []
    ear.fail_on = None
    await Dispatcher(database, feed, [ear.subscriber]).run_once()
    assert await answers() == [1, 2, 3]


async def test_running_it_shows_the_error_goes_on_with_others_and_heals(
    database, feed, ring: Ring, ear: Ear, bank, answers: Answers
):
    well = Ear(bank)
    silent = log.subscriber(well.subscriber.name, events={"probe.rang"})(_nothing)
    await Dispatcher(database, feed, [silent]).run_once()
    ear.fail_on = 1
    stop = asyncio.Event()
    running = asyncio.create_task(Dispatcher(database, feed, [ear.subscriber, well.subscriber]).run(stop))
    await ring(bank, 1)
    await _until(lambda: well.heard == [1])
    await _until_async(lambda: _error(database, ear.subscriber.name), "ZeroDivisionError: ")
    ear.fail_on = None
    await _until(lambda: ear.heard == [1])
    await _until_async(lambda: _error(database, ear.subscriber.name), "")
    stop.set()
    await running
    assert sorted(await answers()) == [1, 1]


async def test_what_happens_wakes_whoever_waits_for_it(database, feed, ring: Ring, ear: Ear, bank, monkeypatch):
    """The control to looking again: nobody would within the test."""
    monkeypatch.setattr(dispatcher, "LOOK_AGAIN_SECONDS", 600.0)
    stop = asyncio.Event()
    running = asyncio.create_task(Dispatcher(database, feed, [ear.subscriber]).run(stop))
    for number in range(3):
        await ring(bank, number)
        await _until(lambda number=number: ear.heard == list(range(number + 1)))
    stop.set()
    await running


async def test_only_those_whom_it_concerns_read_what_happened(database, feed, ring: Ring, ear: Ear, bank, monkeypatch):
    monkeypatch.setattr(dispatcher, "LOOK_AGAIN_SECONDS", 600.0)
    read: list[str] = []
    whole = Dispatcher._carry

    async def noted(self: Dispatcher, one: Subscriber) -> tuple[int, bool]:
        read.append(one.name)
        return await whole(self, one)

    monkeypatch.setattr(Dispatcher, "_carry", noted)
    deaf = log.subscriber(f"probe.{new_id()}", events={"probe.hummed"})(_nothing)
    stop = asyncio.Event()
    running = asyncio.create_task(Dispatcher(database, feed, [ear.subscriber, deaf]).run(stop))
    await ring(bank, 0)
    await _until(lambda: ear.heard == [0])
    read.clear()
    for number in (1, 2, 3):
        await ring(bank, number)
        await _until(lambda number=number: ear.heard[-1] == number)
    assert read.count(ear.subscriber.name) >= 3
    assert read.count(deaf.name) <= 1, "at most the look of the start, were that so late"
    stop.set()
    await running


async def test_who_rests_is_taken_along_and_who_stands_still_is_not(
    database, feed, ring: Ring, ear: Ear, bank, monkeypatch, answers: Answers
):
    monkeypatch.setattr(dispatcher, "LOOK_AGAIN_SECONDS", 0.05)
    monkeypatch.setattr(dispatcher, "REST_XIDS_MAX", 0)
    deaf = log.subscriber(f"probe.{new_id()}", events={"probe.hummed"})(_nothing)
    ear.fail_on = 2
    stop = asyncio.Event()
    running = asyncio.create_task(Dispatcher(database, feed, [ear.subscriber, deaf]).run(stop))
    await _until_async(lambda: _error(database, deaf.name), "")
    await ring(bank, 1, 2)
    await _until_async(lambda: _error(database, ear.subscriber.name), "ZeroDivisionError: ")
    rang = await _last_rang(database, bank)
    async with asyncio.timeout(60):
        while await _place(database, deaf.name) < rang:
            await ring(bank, 3)
            await asyncio.sleep(0.02)
    assert await _place(database, ear.subscriber.name) < rang
    ear.fail_on = None
    await _until(lambda: 2 in ear.heard)
    stop.set()
    await running
    assert (await answers())[:2] == [1, 2]


async def test_a_place_that_was_moved_back_is_found_though_nothing_happens(
    database, feed, owner: Database, ring: Ring, ear: Ear, bank, monkeypatch
):
    monkeypatch.setattr(dispatcher, "LOOK_AGAIN_SECONDS", 0.1)
    stop = asyncio.Event()
    await ring(bank, 1)
    running = asyncio.create_task(Dispatcher(database, feed, [ear.subscriber]).run(stop))
    await _until(lambda: ear.heard == [1])
    async with owner.pool.acquire() as connection:
        await connection.execute("DELETE FROM kernel.handled WHERE subscriber = $1", ear.subscriber.name)
        await connection.execute("UPDATE kernel.subscription SET xid = '0' WHERE name = $1", ear.subscriber.name)
    await _until(lambda: ear.heard.count(1) > 1)
    stop.set()
    await running


async def test_two_workers_handle_each_event_once(database, feed, ear: Ear, ring: Ring, bank, answers: Answers):
    for number in range(30):
        await ring(bank, number)
    workers = [Dispatcher(database, feed, [ear.subscriber]) for _ in range(2)]
    await asyncio.gather(*(worker.run_once() for worker in workers))
    assert await answers() == list(range(30))


def test_two_subscribers_may_not_share_a_name(database, feed, bank):
    ear = Ear(bank)
    with pytest.raises(AssertionError):
        Dispatcher(database, feed, [ear.subscriber, ear.subscriber])


async def _error(database: Database, name: str) -> str:
    async with database.begin_shared() as tx:
        return await tx.fetch_value("SELECT error FROM kernel.subscription WHERE name = $1", name)


async def _place(database: Database, name: str) -> int:
    async with database.begin_shared() as tx:
        return await tx.fetch_value("SELECT xid FROM kernel.subscription WHERE name = $1", name)


async def _last_rang(database: Database, bank: TenantId) -> int:
    async with database.begin(bank) as tx:
        return await tx.fetch_value("SELECT max(xid) FROM kernel.event WHERE name = 'probe.rang'")


async def _until(met: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not met():
            await asyncio.sleep(0.02)


async def _until_async(read: Callable[[], Awaitable[str]], wanted: str) -> None:
    async with asyncio.timeout(60):
        while await read() != wanted:
            await asyncio.sleep(0.02)
