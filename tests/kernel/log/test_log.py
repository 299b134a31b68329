"""Appending and reading: order, banks, watermark, and who holds it back."""

import asyncpg
import pytest

from huoke.kernel import log
from huoke.kernel.ids import TenantId
from huoke.kernel.log import Position
from huoke.kernel.log.position import ORDINAL_MAX
from huoke.kernel.tx import Database
from tests.conftest import Engines
from tests.kernel.log.conftest import Rang, Ring


async def heard(feed: Database, bank: TenantId, after: Position) -> list[int]:
    async with feed.pool.acquire() as connection:
        page = await log.read(connection, after, names=["probe.rang"])
    return [event.payload["number"] for event in page.events if event.tenant == bank]


async def here(feed: Database) -> Position:
    async with feed.pool.acquire() as connection:
        return Position(1, await log.tip(connection) - 1, ORDINAL_MAX)


async def test_events_are_read_in_the_order_they_were_emitted(ring: Ring, feed: Database, bank: TenantId):
    start = await here(feed)
    await ring(bank, 3, 1, 2)
    await ring(bank, 9)
    assert await heard(feed, bank, start) == [3, 1, 2, 9]


async def test_pages_continue_where_the_last_one_ended(ring: Ring, feed: Database, bank: TenantId):
    start = await here(feed)
    for number in range(5):
        await ring(bank, number, number + 10)
    numbers, after = [], start
    async with feed.pool.acquire() as connection:
        while True:
            page = await log.read(connection, after, names=["probe.rang"], limit=3)
            numbers += [event.payload["number"] for event in page.events]
            after = page.reached
            if not page.full:
                break
    assert numbers == [0, 10, 1, 11, 2, 12, 3, 13, 4, 14]


async def test_a_transaction_rolled_back_leaves_no_event(database: Database, feed: Database, bank: TenantId):
    start = await here(feed)
    with pytest.raises(ZeroDivisionError):
        async with database.begin(bank) as tx:
            tx.emit(Rang(number=1))
            await tx.flush()
            raise ZeroDivisionError
    assert await heard(feed, bank, start) == []


async def test_no_bank_sees_anothers_events_and_nobody_changes_one(
    database: Database, feed: Database, ring: Ring, bank: TenantId, other_bank: TenantId
):
    await ring(bank, 4711)
    async with database.begin(other_bank) as tx:
        assert await tx.fetch_value("SELECT count(*) FROM kernel.event WHERE payload->>'number' = '4711'") == 0
    for statement in ("UPDATE kernel.event SET payload = '{}'", "DELETE FROM kernel.event", "TRUNCATE kernel.event"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.begin(bank) as tx:
                await tx.execute(statement)
        async with feed.pool.acquire() as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    async with database.begin(bank) as tx:
        assert await tx.fetch_value("SELECT count(*) FROM kernel.event WHERE payload->>'number' = '4711'") == 1


async def test_an_event_cannot_be_written_for_another_bank(database: Database, bank: TenantId, other_bank: TenantId):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.begin(bank) as tx:
            await tx.execute(
                "INSERT INTO kernel.event (tenant_id, ordinal, id, name, version, data_class, recorded_at, actor_kind,"
                " actor_id, payload) VALUES ($1, 0, gen_random_uuid(), 'x', 1, 'C1', $2, 'system', 'x', '{}')",
                other_bank,
                tx.now,
            )


async def test_an_idle_writer_holds_readers_back_and_is_named(
    cluster: Engines, database: Database, feed: Database, ring: Ring, bank: TenantId
):
    start = await here(feed)
    idle = await asyncpg.connect(cluster.database_url, server_settings={"application_name": "forgotten"})
    await idle.execute("BEGIN; SELECT pg_current_xact_id()")
    await ring(bank, 1)
    assert await heard(feed, bank, start) == [], "the reader must not pass a writer that may still commit earlier rows"
    async with feed.pool.acquire() as connection:
        holder = await log.find_holder(connection)
        assert holder is not None
        assert (holder.pid, holder.application) == (idle.get_server_pid(), "forgotten")
        late = holder.since.replace(year=holder.since.year + 1)
        assert await log.alarm(connection, now=late) == holder
        assert await log.alarm(connection, now=holder.since) is None
    await idle.execute("ROLLBACK")
    assert await heard(feed, bank, start) == [1]
    await idle.close()


async def test_an_idle_writer_in_another_database_does_the_same(
    cluster: Engines, feed: Database, ring: Ring, bank: TenantId
):
    if cluster.postgres is None:
        pytest.skip("needs a cluster of our own with a second database")
    start = await here(feed)
    elsewhere = await asyncpg.connect(cluster.postgres.url("huoke_owner", database="postgres"))
    await elsewhere.execute("BEGIN; SELECT pg_current_xact_id()")
    await ring(bank, 2)
    assert await heard(feed, bank, start) == []
    async with feed.pool.acquire() as connection:
        holder = await log.find_holder(connection)
    assert holder is not None
    assert (holder.pid, holder.database) == (elsewhere.get_server_pid(), "postgres")
    await elsewhere.close()
    assert await heard(feed, bank, start) == [2]


async def test_without_the_watermark_a_late_commit_is_lost(
    cluster: Engines, feed: Database, ring: Ring, bank: TenantId
):
    """The control: a reader that goes by what it has seen passes over a row that commits behind it."""
    slow = await asyncpg.connect(cluster.database_url)
    await slow.execute(f"BEGIN; SELECT set_config('app.tenant', '{bank}', true); SELECT pg_current_xact_id()")
    await ring(bank, 1)
    latest = "SELECT max(xid) FROM kernel.event WHERE tenant_id = $1"
    async with feed.pool.acquire() as connection:
        seen = await connection.fetchval(latest, bank)
        await slow.execute(
            "INSERT INTO kernel.event (ordinal, id, name, version, data_class, recorded_at, actor_kind, actor_id,"
            " payload) VALUES (0, gen_random_uuid(), 'probe.late', 1, 'C1', '2026-03-02', 'system', 'x', '{}'); COMMIT"
        )
        assert await connection.fetchval("SELECT count(*) FROM kernel.event WHERE name = 'probe.late'") == 1
        missed = "SELECT count(*) FROM kernel.event WHERE name = 'probe.late' AND xid > $1"
        assert await connection.fetchval(missed, seen) == 0
    await slow.close()
