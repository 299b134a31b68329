"""The chain of hashes: whatever is done to the past, it shows."""

import pytest

from huoke.kernel import log
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from tests.conftest import open_bank
from tests.kernel.log.conftest import Ring


@pytest.fixture
async def sealed_bank(owner, clickhouse, database: Database, feed: Database, ring: Ring) -> TenantId:
    """A bank with five events under two seals."""
    bank = await open_bank(owner, clickhouse)
    await ring(bank, 1, 2, 3)
    await log.seal_once(database, feed)
    await ring(bank, 4, 5)
    await log.seal_once(database, feed)
    return bank


async def test_an_untouched_chain_holds(feed: Database, database: Database, sealed_bank: TenantId):
    assert await log.verify(feed, sealed_bank) == log.Verdict(events=5, seals=2, broken_seal=None)
    assert await log.seal_once(database, feed) == 0


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE kernel.event SET payload = '{\"number\": 20}' WHERE payload->>'number' = '2'", 1),
        ("UPDATE kernel.event SET actor_id = 'nobody' WHERE payload->>'number' = '5'", 2),
        (
            "UPDATE kernel.event SET recorded_at = recorded_at + interval '1 us' WHERE payload->>'number' = '1'",
            1,
        ),
        ("DELETE FROM kernel.event WHERE payload->>'number' = '5'", 2),
        ("DELETE FROM kernel.event WHERE payload->>'number' = '2'", 1),
        ("UPDATE kernel.event SET ordinal = 1 - ordinal WHERE payload->>'number' IN ('4', '5')", 2),
    ],
)
async def test_every_change_to_the_past_shows(
    owner: Database, feed: Database, sealed_bank: TenantId, change: str, broken: int
):
    async with owner.pool.acquire() as connection:
        assert await connection.execute(f"{change} AND tenant_id = {sealed_bank}") not in {"UPDATE 0", "DELETE 0"}
    verdict = await log.verify(feed, sealed_bank)
    assert verdict.broken_seal == broken


async def test_a_crash_after_sealing_seals_nothing_twice(
    owner: Database, database: Database, feed: Database, sealed_bank: TenantId, ring: Ring
):
    """The place was not noted: the sealer reads the same events again and passes over them."""
    async with owner.pool.acquire() as connection:
        await connection.execute("UPDATE kernel.subscription SET xid = '0' WHERE name = 'log.seal'")
    await ring(sealed_bank, 6)
    await log.seal_once(database, feed)
    assert await log.verify(feed, sealed_bank) == log.Verdict(events=6, seals=3, broken_seal=None)


async def test_nobody_changes_a_seal(database: Database, sealed_bank: TenantId):
    with pytest.raises(Exception, match="permission denied"):
        async with database.begin(sealed_bank) as tx:
            await tx.execute("UPDATE kernel.seal SET hash = ''")
