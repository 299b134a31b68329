"""kill -9 under load: 0 lost, 0 double, sums equal; and two planted bugs that the same count must find."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator

import psutil
import pyarrow as pa
import pytest

from huoke.kernel.batch import Batchers
from huoke.kernel.clock import SystemClock
from huoke.kernel.engines import ClickHouse, Cluster
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage
from huoke.kernel.tx import Database, Tx
from huoke.reward import ledger
from tests.conftest import new_cluster, temporary_home
from tests.faults.instances import Instance, forget, furnish, running
from tests.faults.load import Load, connected, open_offer, through, wrongs

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    """The engines of an instance under its supervisor."""
    home = temporary_home() / "in stance"
    furnish(home)
    with running(home) as started:
        yield started
    forget(home)


@pytest.fixture
async def bank(instance: Instance) -> TenantId:
    """A bank of one's own in that instance."""
    return await open_bank(instance.settings.database_owner_url)


async def open_bank(owner_url: str) -> TenantId:
    owner = await Database.connect(owner_url, clock=SystemClock())
    async with owner.begin_shared() as tx:
        tenant = await tx.fetch_value("SELECT coalesce(max(id), 0) + 1 FROM tenants.tenant")
        await tx.execute(
            "INSERT INTO tenants.tenant (id, code, name, name_en, status, brand, created_at)"
            " VALUES ($1, $2, '银行', 'Bank', 'open', '{}', $3)",
            tenant,
            f"bank-{tenant}",
            tx.now,
        )
    await owner.close()
    return TenantId(tenant)


def backends(postmaster: int) -> list[psutil.Process]:
    """The server processes that serve the app's role."""
    found = []
    for process in psutil.Process(postmaster).children():
        try:
            if "huoke_app" in " ".join(process.cmdline()):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def log_writer(postmaster: int) -> psutil.Process:
    """The process that carries the write-ahead log to disk in the background."""
    return next(each for each in psutil.Process(postmaster).children() if "walwriter" in " ".join(each.cmdline()))


async def test_a_killed_backend_loses_and_doubles_nothing(instance: Instance, bank: TenantId):
    async with connected(instance.settings.database_url) as database:
        world = await open_offer(database, bank)
        batchers = Batchers(database)
        load = Load(world.offer.id, through(batchers, bank))
        async with load.running():
            for _ in range(3):
                await load.grow(300)
                backends(instance.part("postgres").pid)[0].kill()
            await load.grow(300)
        assert load.outages > 0, "the callers never noticed: nothing was tried"
        assert await wrongs(database, bank, world, load) == []
    assert instance.part("postgres").restarts == 0


async def test_a_killed_postmaster_loses_and_doubles_nothing(instance: Instance, bank: TenantId):
    async with connected(instance.settings.database_url) as database:
        world = await open_offer(database, bank)
        load = Load(world.offer.id, through(Batchers(database), bank))
        async with load.running():
            for _ in range(2):
                await load.grow(300)
                postmaster = instance.part("postgres").pid
                os.kill(postmaster, signal.SIGKILL)
                await asyncio.to_thread(instance.wait_until_healed, "postgres", postmaster)
            await load.grow(300)
        assert load.outages > 0
        assert await wrongs(database, bank, world, load) == []


async def test_a_killed_sidecar_loses_and_doubles_no_shipped_row(instance: Instance, bank: TenantId):
    clickhouse = await ClickHouse.connect(instance.settings.clickhouse_url)
    await clickhouse.create_database(bank)
    window = "SETTINGS non_replicated_deduplication_window = 1000"
    await clickhouse.command(bank, f"CREATE TABLE facts (id UInt64) ENGINE MergeTree ORDER BY id {window}")
    victim, outages = instance.part("clickhouse"), 0
    for batch in range(60):
        rows = pa.table({"id": pa.array(range(100 * batch, 100 * batch + 100), pa.uint64())})
        if batch in {20, 40}:
            os.kill(instance.part("clickhouse").pid, signal.SIGKILL)
        while True:
            try:
                await clickhouse.insert_arrow(bank, "facts", rows, f"epoch 1: {batch}")
            except Outage:
                outages += 1
                await asyncio.sleep(0.05)
            else:
                break
        if batch % 7 == 0:
            await clickhouse.insert_arrow(bank, "facts", rows, f"epoch 1: {batch}")
    counted = await clickhouse.query(bank, "SELECT count() AS n, uniqExact(id) AS ids, max(id) AS last FROM facts")
    assert counted.to_pylist() == [{"n": 6_000, "ids": 6_000, "last": 5_999}]
    assert outages > 0
    assert instance.part("clickhouse").restarts == victim.restarts + 2
    await clickhouse.close()


@pytest.fixture
async def lax() -> AsyncIterator[Cluster]:
    """A cluster that acknowledges before it writes: the planted bug."""
    home = temporary_home()
    settings = {"synchronous_commit": "off", "wal_buffers": "64MB", "bgwriter_lru_maxpages": "0"}
    cluster = new_cluster(home, settings=settings)
    cluster.start()
    yield cluster
    cluster.stop()
    shutil.rmtree(home)


async def test_commits_that_do_not_wait_for_the_disk_are_found_lost(lax: Cluster):
    """The control to the killed postmaster: the same load, the same count."""
    bank = await open_bank(lax.url("huoke_owner"))
    async with connected(lax.url("huoke_app")) as database:
        world = await open_offer(database, bank)
        lax.query("CHECKPOINT")
        load = Load(world.offer.id, through(Batchers(database), bank))
        assert lax.child is not None
        writer = log_writer(lax.child.pid)
        writer.suspend()  # else it writes now and then, and what a kill loses would be left to chance
        async with load.running():
            await load.grow(300)
            os.kill(lax.child.pid, signal.SIGKILL)
            lax.child.process.wait()
            writer.kill()
            lax.start()
            await load.grow(50)
        assert any(wrong.startswith("lost") for wrong in await wrongs(database, bank, world, load))


async def test_a_use_case_split_over_two_transactions_is_found_out(
    instance: Instance, bank: TenantId, monkeypatch: pytest.MonkeyPatch
):
    """The control to the sums: grants are written in one transaction, their money in the next; a kill falls between."""
    whole, stands_between, struck = ledger.move_decided, asyncio.Event(), asyncio.Event()

    async def split(tx: Tx, *arguments: object) -> object:
        await tx.connection.execute(f"COMMIT; BEGIN; SELECT set_config('app.tenant', '{int(tx.tenant)}', true)")
        stands_between.set()
        await struck.wait()
        return await whole(tx, *arguments)

    monkeypatch.setattr(ledger, "move_decided", split)
    async with connected(instance.settings.database_url) as database:
        world = await open_offer(database, bank)
        load = Load(world.offer.id, through(Batchers(database), bank))
        async with load.running():
            await stands_between.wait()
            postmaster = instance.part("postgres").pid
            os.kill(postmaster, signal.SIGKILL)
            await asyncio.to_thread(instance.wait_until_healed, "postgres", postmaster)
            struck.set()
            await load.grow(50)
        found = await wrongs(database, bank, world, load)
    assert any(wrong.startswith("difference") for wrong in found)
