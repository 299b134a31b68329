"""PostgreSQL under our own supervisor: its locale, its durability, its roles, and what a kill leaves behind."""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from huoke.kernel.engines import Cluster, Place, find_binaries
from huoke.kernel.engines.place import unprivileged_user
from huoke.kernel.engines.postgres import feed_url, reachable
from huoke.kernel.engines.process import holders_of, wait_until
from huoke.kernel.ids import TenantId
from huoke.kernel.refusals import Outage
from huoke.kernel.tx import Database
from tests.conftest import new_cluster, temporary_home


@pytest.fixture
def own() -> Iterator[Cluster]:
    """A cluster of one's own, to be killed."""
    home = temporary_home()
    cluster = new_cluster(home)
    cluster.start()
    yield cluster
    cluster.stop()
    shutil.rmtree(home)


def test_acknowledged_writes_are_on_disk_and_pages_have_checksums(own: Cluster):
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert own.query(f"SHOW {setting}") == "on"


async def test_chinese_has_trigrams(owner: Database):
    """The locale C.UTF-8 knows that these are letters; plain C drops them without a word."""
    async with owner.begin_shared() as tx:
        await tx.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public")
        assert await tx.fetch_value("SELECT cardinality(public.show_trgm('火客银行'))") == 5
        assert (
            await tx.fetch_value("SELECT datcollate FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
        )


async def test_the_app_role_acts_for_one_bank_and_owns_nothing(database: Database, bank: TenantId):
    async with database.begin(bank) as tx:
        assert await tx.fetch_value("SELECT kernel.tenant()") == bank
        assert await tx.fetch_value("SELECT current_user") == "huoke_app"
        assert await tx.fetch_value("SELECT count(*) FROM pg_class WHERE relowner = 'huoke_app'::regrole") == 0


async def test_the_feed_role_is_not_bound_by_row_level_security_and_no_superuser(feed: Database):
    async with feed.begin_shared() as tx:
        assert await tx.fetch_value("SELECT rolbypassrls AND NOT rolsuper FROM pg_roles WHERE rolname = current_user")


async def test_the_owner_can_take_on_the_feed_role(own: Cluster):
    connection = await asyncpg.connect(feed_url(own.url("huoke_owner")))
    assert await connection.fetchval("SELECT current_user::text") == "huoke_feed"
    await connection.close()


async def test_a_busy_backend_orphaned_by_a_killed_postmaster_is_reaped_at_the_next_start(own: Cluster):
    connection = await asyncpg.connect(own.url("huoke_owner"))
    await connection.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)")
    await connection.close()
    task = await leave_an_orphan(own)
    assert [process.name() for process in holders_of(own.place.data)] == ["postgres"]
    own.start()
    with pytest.raises((asyncpg.PostgresError, OSError)):
        await task
    connection = await asyncpg.connect(own.url("huoke_owner"))
    assert await connection.fetchval("SELECT count(*) FROM kept") == 1
    await connection.close()


async def test_without_the_reaping_a_start_is_refused(own: Cluster, monkeypatch: pytest.MonkeyPatch):
    """The control to the test above."""
    task = await leave_an_orphan(own)
    with monkeypatch.context() as patch:
        patch.setattr(own, "reap", lambda: None)
        with pytest.raises(Outage, match="shared memory block"):
            own.start()
    own.reap()
    assert holders_of(own.place.data) == []
    with pytest.raises((asyncpg.PostgresError, OSError)):
        await task


async def leave_an_orphan(own: Cluster) -> "asyncio.Task[str]":
    """Kill the postmaster while a backend is busy, which therefore does not notice; returns its caller's task."""
    busy = await asyncpg.connect(own.url("huoke_owner"))
    endless = "DO $$ BEGIN LOOP PERFORM sqrt(i) FROM generate_series(1, 100000000) AS i; END LOOP; END $$"
    task = asyncio.create_task(busy.execute(endless))
    await asyncio.sleep(0.2)
    assert own.child is not None
    os.kill(own.child.pid, signal.SIGKILL)
    own.child.process.wait()
    assert wait_until(lambda: len(holders_of(own.place.data)) == 1, timeout_seconds=60)
    return task


def test_a_half_made_cluster_is_made_anew():
    home = temporary_home()
    place = Place(home / "pg" / "data", home / "pg" / "run", unprivileged_user())
    cluster = Cluster(place, log=home / "log")
    place.make()
    (place.data / "base").mkdir()
    (place.data / "postgresql.conf").write_text("half")
    assert not cluster.created
    cluster.create()
    cluster.start()
    cluster.prepare("huoke")
    cluster.prepare("huoke")
    assert cluster.query("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'huoke\\_%'") == "3"
    cluster.stop()
    assert holders_of(place.data) == []
    shutil.rmtree(home)


def test_what_the_server_says_is_told_when_it_cannot_start(own: Cluster):
    own.stop()
    own.settings["shared_buffers"] = "nonsense"
    with pytest.raises(Outage, match='invalid value for parameter "shared_buffers"'):
        own.start()


def test_binaries_in_a_closed_home_are_copied_for_postgres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    user = unprivileged_user()
    if user is None:
        pytest.skip("only root runs PostgreSQL as somebody else")
    monkeypatch.setattr("huoke.kernel.engines.postgres.SYSTEM_FOLDER", tmp_path.parent / "system")
    wheel = find_binaries().parents[1]
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    shutil.copytree(wheel, closed / wheel.name, symlinks=True)
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), closed / f"{wheel.name}.libs", symlinks=True)
    inside = closed / wheel.name / "pginstall" / "bin"
    copy = reachable(inside, user)
    assert copy.is_relative_to(tmp_path.parent / "system")
    assert reachable(inside, user) == copy
    for folder in copy.parents:
        if folder.is_relative_to(Path("/tmp")) and folder != Path("/tmp"):
            folder.chmod(0o755)
    version = subprocess.run([copy / "postgres", "--version"], user=user, capture_output=True, text=True, check=True)
    assert version.stdout.startswith("postgres (PostgreSQL)")
