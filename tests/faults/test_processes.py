"""The whole instance under customers' load over HTTP, with one process killed after the other."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator

import pytest

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from tests.conftest import temporary_home
from tests.faults.instances import ALL, Instance, forget, furnish, running
from tests.faults.load import connected
from tests.faults.phones import Acknowledged, Crowd, set_stage, wrongs
from tests.faults.stage import Stage

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]
BETWEEN = 100
"""So many claims are answered before, between and after what is killed."""


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    """Everything that `huoke up` runs."""
    home = temporary_home() / "in stance"
    furnish(home)
    with running(home, ALL) as started:
        yield started
    forget(home)


@pytest.fixture
async def database(instance: Instance) -> AsyncIterator[Database]:
    """That instance's database."""
    async with connected(instance.settings.database_url) as opened:
        yield opened


@pytest.fixture(scope="module")
def stage(instance: Instance) -> Stage:
    """Customers of a bank, signed in, with points to claim for all tests: each goes on where the last one ended."""
    return set_stage(instance.home)


@pytest.fixture(scope="module")
def acknowledged() -> Acknowledged:
    """What was answered to anybody so far."""
    return {}


@pytest.fixture
async def crowd(instance: Instance, stage: Stage, acknowledged: Acknowledged) -> Crowd:
    """These customers, about to claim."""
    return Crowd(stage, instance.settings.web_port, acknowledged)


async def kill_and_wait(instance: Instance, name: str) -> None:
    pid = instance.part(name).pid
    os.kill(pid, signal.SIGKILL)
    await asyncio.to_thread(instance.wait_until_healed, name, pid)


async def test_a_killed_api_loses_and_doubles_nothing(instance: Instance, database: Database, crowd: Crowd):
    async with crowd.claiming():
        for _ in range(2):
            await crowd.grow(BETWEEN)
            await kill_and_wait(instance, "web")
        await crowd.grow(BETWEEN)
    assert crowd.outages > 0, "the customers never noticed: nothing was tried"
    assert await wrongs(database, crowd) == []


async def test_a_killed_database_under_the_api_loses_and_doubles_nothing(
    instance: Instance, database: Database, crowd: Crowd
):
    async with crowd.claiming():
        for _ in range(2):
            await crowd.grow(BETWEEN)
            await kill_and_wait(instance, "postgres")
        await crowd.grow(BETWEEN)
    assert crowd.outages > 0
    assert await wrongs(database, crowd) == []


async def test_a_killed_worker_and_sidecar_ship_every_step_once(instance: Instance, database: Database, crowd: Crowd):
    clickhouse = await ClickHouse.connect(instance.settings.clickhouse_url)
    async with crowd.claiming():
        for name in ("worker", "clickhouse", "worker", "sets"):
            await crowd.grow(BETWEEN)
            await kill_and_wait(instance, name)
        await crowd.grow(BETWEEN)
    assert await wrongs(database, crowd) == []
    tenant = TenantId(crowd.stage.tenant)
    async with database.begin(tenant) as tx:
        row = await tx.fetch_row("SELECT count(*) AS n, sum(amount_fen)::bigint AS fen FROM grants.step")
    assert row is not None
    expected = {"n": row["n"], "steps": row["n"], "fen": row["fen"]}
    sql = "SELECT count() AS n, uniqExact(grant_id, step) AS steps, sum(amount_fen) AS fen FROM grant_step"
    for _ in range(600):
        found = (await clickhouse.query(tenant, sql)).to_pylist()
        if found == [expected]:
            break
        await asyncio.sleep(0.1)
    assert found == [expected]
    await clickhouse.close()
