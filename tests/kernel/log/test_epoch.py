"""A restore begins a new epoch, keeps the order of the log and the places of its subscribers."""

import asyncio
import shutil
from collections.abc import AsyncIterator

import pytest

from huoke.kernel import log
from huoke.kernel.ids import TenantId
from huoke.kernel.log import Dispatcher, LoggedEvent, Position
from huoke.kernel.tx import Database, Tx
from tests.conftest import new_cluster, temporary_home
from tests.kernel.log.conftest import Rang

BANK = TenantId(1)
heard: list[int] = []


@log.subscriber("probe.epoch", events={"probe.rang"})
async def hear(_tx: Tx, event: LoggedEvent) -> None:
    heard.append(event.payload["number"])


@pytest.fixture
async def bases() -> AsyncIterator[tuple[Database, Database, Database]]:
    """Owner, app and feed on a cluster of their own: an epoch belongs to a whole cluster."""
    home = temporary_home()
    cluster = new_cluster(home)
    cluster.start()
    opened = [await Database.connect(cluster.url(role)) for role in ("huoke_owner", "huoke_app", "huoke_feed")]
    yield opened[0], opened[1], opened[2]
    for database in opened:
        await database.close()
    cluster.stop()
    shutil.rmtree(home)


async def test_another_cluster_begins_an_epoch_and_its_rows_come_first(bases):
    owner, database, feed = bases
    assert await log.ensure_epoch(owner) == 1
    assert await log.ensure_epoch(owner) == 1, "the same cluster as last time"
    for numbers in ((1, 2), (3, 4), (5, 6)):
        async with database.begin(BANK) as tx:
            for number in numbers:
                tx.emit(Rang(number=number))
    dispatcher = Dispatcher(database, feed, [hear])
    heard.clear()
    assert await dispatcher.run_once() == 6
    async with owner.pool.acquire() as connection:  # as a dump of a busier cluster: every xid lies ahead, one is unread
        await connection.execute("UPDATE kernel.event SET xid = (xid::text::int8 + 1000000000)::text::xid8")
        await connection.execute(
            "UPDATE kernel.subscription SET xid = (SELECT max(xid) FROM kernel.event), ordinal = 0"
        )
        await connection.execute("UPDATE kernel.epoch SET system_identifier = 1")
    assert await log.ensure_epoch(owner) == 2
    async with database.begin(BANK) as tx:
        tx.emit(Rang(number=7))
    async with feed.pool.acquire() as connection:
        async with asyncio.timeout(60):  # PostgreSQL's own work may hold the watermark for a moment
            while len((page := await log.read(connection, Position(2, 0, -1))).events) < 7:
                await asyncio.sleep(0.05)
    assert [event.payload["number"] for event in page.events] == [1, 2, 3, 4, 5, 6, 7]
    async with owner.pool.acquire() as connection:
        await connection.execute("DELETE FROM kernel.handled")  # so that only its place keeps it from hearing all again
    heard.clear()
    await dispatcher.run_once()
    assert heard == [6, 7]


async def test_a_new_epoch_on_the_same_cluster_leaves_rows_where_they_are(bases):
    owner, database, feed = bases
    await log.ensure_epoch(owner)
    async with database.begin(BANK) as tx:
        tx.emit(Rang(number=1))
    async with feed.pool.acquire() as connection:
        before = (await log.read(connection, Position(1, 0, -1))).events
        assert await log.new_epoch(owner) == 2
        assert await log.current_epoch(connection) == 2
        assert (await log.read(connection, Position(2, 0, -1))).events == before
