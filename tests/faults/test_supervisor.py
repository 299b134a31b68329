"""`huoke up` as the one parent: whatever is killed comes back, nothing is left behind."""

import asyncio
import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from huoke.app.up import status, stop
from huoke.kernel.engines import ClickHouse
from huoke.kernel.engines.process import wait_until
from huoke.kernel.ids import TenantId
from tests.conftest import Engines, temporary_home
from tests.faults.instances import WITH_SETS, Instance, forget, furnish, launch, running

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]


@pytest.fixture
def new_home() -> Iterator[Path]:
    """A home with a space in its path, where nothing ever ran."""
    folder = temporary_home() / "in stance"
    yield folder
    forget(folder)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Such a home for the tests that do not mind what ran there before: a first start takes long."""
    folder = temporary_home() / "in stance"
    yield folder
    forget(folder)


async def write_one(instance: Instance) -> None:
    connection = await asyncpg.connect(instance.settings.database_owner_url)
    await connection.execute("DROP TABLE IF EXISTS kept; CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)")
    await connection.close()


async def count_kept(instance: Instance) -> int:
    connection = await asyncpg.connect(instance.settings.database_owner_url)
    count = await connection.fetchval("SELECT count(*) FROM kept")
    await connection.close()
    assert isinstance(count, int)
    return count


async def clickhouse_answers(instance: Instance) -> bool:
    clickhouse = await ClickHouse.connect(instance.settings.clickhouse_url)
    await clickhouse.create_database(TenantId(1))
    answer = await clickhouse.query(TenantId(1), "SELECT 1 AS one")
    await clickhouse.close()
    return answer.to_pylist() == [{"one": 1}]


def listens(path: str) -> bool:
    """Whether somebody takes calls at a socket: what was killed leaves its file, what starts takes it away first."""
    with socket.socket(socket.AF_UNIX) as caller:
        return caller.connect_ex(path) == 0


async def test_each_killed_child_is_started_again_and_a_stop_leaves_nothing(home: Path):
    with running(home, WITH_SETS) as instance:
        await write_one(instance)
        for name in ("postgres", "clickhouse", "sets"):
            before = instance.part(name)
            os.kill(before.pid, signal.SIGKILL)
            instance.wait_until_healed(name, before.pid)
            assert instance.part(name).restarts == before.restarts + 1
        assert await count_kept(instance) == 1
        assert await clickhouse_answers(instance)
        assert wait_until(lambda: listens(instance.settings.set_server_path), timeout_seconds=60)
        family = instance.family()
        assert stop(home)
        assert instance.process.wait(60) == 0
    assert psutil.wait_procs(family, timeout=60)[1] == []
    assert status(home) == []
    assert not stop(home)


async def test_a_killed_supervisor_takes_all_down_and_the_next_start_heals(home: Path):
    with running(home, WITH_SETS) as instance:
        await write_one(instance)
        busy = await asyncpg.connect(instance.settings.database_owner_url)
        endless = "DO $$ BEGIN LOOP PERFORM sqrt(i) FROM generate_series(1, 100000000) AS i; END LOOP; END $$"
        task = asyncio.create_task(busy.execute(endless))
        await asyncio.sleep(0.2)
        family = instance.family()
        instance.process.kill()
        instance.process.wait()
        with running(home, WITH_SETS) as next_start:
            with pytest.raises((asyncpg.PostgresError, OSError)):
                await task
            assert psutil.wait_procs(family, timeout=60)[1] == []
            assert await count_kept(next_start) == 1
            assert await clickhouse_answers(next_start)


async def test_supervisor_and_postmaster_killed_together_heal(home: Path):
    with running(home) as instance:
        await write_one(instance)
        postmaster = instance.part("postgres").pid
        instance.process.kill()
        os.kill(postmaster, signal.SIGKILL)
        instance.process.wait()
        with running(home) as next_start:
            assert await count_kept(next_start) == 1


async def test_two_instances_live_side_by_side_and_a_second_start_of_one_is_refused(home: Path):
    other = temporary_home() / "other"
    furnish(other)
    with running(home) as first, running(other) as second:
        assert first.settings.instance != second.settings.instance
        assert first.settings.web_port != second.settings.web_port
        await write_one(first)
        await write_one(second)
        refused = launch(home)
        assert "already runs" in refused.process.communicate(timeout=60)[0]
        assert refused.process.returncode == 1
        assert await count_kept(first) == 1
    forget(other)


async def test_ports_are_kept_and_a_taken_one_is_refused_clearly(home: Path):
    with running(home) as instance:
        kept = instance.settings.web_port
    with running(home) as instance:
        assert instance.settings.web_port == kept
    with socket.create_server(("127.0.0.1", kept)):
        refused = launch(home)
        said = refused.process.communicate(timeout=60)[0]
    assert f"Port {kept}" in said
    assert "taken by another program" in said
    assert refused.process.returncode == 1


async def test_engines_of_ones_own_are_used_instead(new_home: Path, cluster: Engines):
    environment = {
        "DATABASE_URL": cluster.database_url,
        "DATABASE_OWNER_URL": cluster.database_owner_url,
        "CLICKHOUSE_URL": cluster.clickhouse_url,
    }
    with running(new_home, environment=environment) as instance:
        assert [part.name for part in status(new_home)] == ["up"]
        assert instance.settings.database_url == cluster.database_url
        assert instance.settings.clickhouse_url == cluster.clickhouse_url
        feed = await asyncpg.connect(instance.settings.database_feed_url)
        assert await feed.fetchval("SELECT current_user::text") == "huoke_feed"
        await feed.close()


def test_one_database_url_without_the_other_is_refused(new_home: Path, cluster: Engines):
    refused = launch(new_home, environment={"DATABASE_URL": cluster.database_url})
    assert "DATABASE_URL and DATABASE_OWNER_URL go together" in refused.process.communicate(timeout=60)[0]


def test_a_copied_home_does_not_run_the_first_ones_databases(home: Path):
    if os.geteuid() != 0:
        pytest.skip("an ordinary user's databases are inside the home and copied with it")
    with running(home):
        pass
    copy = home.parent / "copy"
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns("sets", "scratch"))
    refused = launch(copy)
    assert "is a copy of" in refused.process.communicate(timeout=60)[0]


def test_a_stop_while_starting_leaves_nothing(new_home: Path):
    instance = launch(new_home)
    assert wait_until(lambda: (new_home / "postgres").exists() or any(status(new_home)), timeout_seconds=60)
    instance.process.terminate()
    instance.process.communicate(timeout=120)
    assert status(new_home) == []
