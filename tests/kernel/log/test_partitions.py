"""Months ahead, and what happens when they were not made in time."""

from datetime import UTC, datetime

from huoke.kernel import log
from huoke.kernel.clock import SetClock
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from tests.kernel.log.conftest import Ring


async def test_rows_of_a_missing_month_raise_the_alarm_and_are_moved_home(
    owner: Database, database: Database, ring: Ring, clock: SetClock, bank: TenantId
):
    clock.set(datetime(2031, 12, 15, tzinfo=UTC))
    await ring(bank, 1, 2)
    assert "kernel.event_default" in await log.partitions.strays(owner)
    made = await log.partitions.ensure(owner)
    months = [name for name in made if name.startswith("kernel.event_")]
    assert months == ["kernel.event_203112", "kernel.event_203201", "kernel.event_203202", "kernel.event_203203"]
    assert await log.partitions.ensure(owner) == []
    async with owner.pool.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM kernel.event_203112 WHERE tenant_id = $1", bank) == 2
        stray = "SELECT count(*) FROM kernel.event_default WHERE recorded_at >= '2031-12-01'"
        assert await connection.fetchval(stray) == 0
    await ring(bank, 3)
    async with database.begin(bank) as tx:
        numbers = await tx.fetch(
            "SELECT payload->>'number' AS n FROM kernel.event WHERE name = 'probe.rang' ORDER BY 1"
        )
    assert [row["n"] for row in numbers] == ["1", "2", "3"]


async def test_a_partition_cannot_be_reached_past_its_table(owner: Database, database: Database, bank: TenantId):
    """Row-level security is on the table: its partitions give nobody but the owner anything."""
    await log.partitions.ensure(owner)
    async with database.begin(bank) as tx:
        granted = await tx.fetch_value(
            "SELECT count(*) FROM pg_class AS c WHERE relispartition AND relkind = 'r'"
            " AND relnamespace = 'kernel'::regnamespace AND has_table_privilege(c.oid, 'SELECT')"
        )
    assert granted == 0
