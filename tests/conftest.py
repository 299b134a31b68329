"""The real engines under every test: one cluster and one sidecar a session, a fresh bank a module, a clock that stands.

    cluster      PostgreSQL 18 and ClickHouse in a temporary home, with the whole schema
    database     a `Database` of role huoke_app: one bank per transaction, row-level security in force
    owner, feed  the same of roles huoke_owner and huoke_feed
    clickhouse   the port to ClickHouse
    bank         a bank of its own for the test module; other_bank, so that a leak shows; own_bank for one test
    clock        09:00 on Monday 2 March 2026 in Shanghai at the start of every test

With DATABASE_URL and DATABASE_OWNER_URL set the tests run there instead (`make test-postgres`); whole instances that a
test starts keep their own engines, which are theirs to kill.
"""

import fcntl
import gc
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from huoke.app import migrate
from huoke.app.migrate import upgrade
from huoke.govern import privacy
from huoke.kernel.clock import CHINA, SetClock
from huoke.kernel.engines import ClickHouse, Cluster, Place, Sidecar, find_binaries
from huoke.kernel.engines.place import unprivileged_user
from huoke.kernel.engines.postgres import ROLES_SQL, feed_url
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database
from tests import schedule
from tests.quick import quick_folder

CARELESS = {"fsync": "off", "full_page_writes": "off", "wal_compression": "off"}
"""A cluster that is thrown away need not outlive its machine; one that must (`own` of test_postgres) takes the real."""
START = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)
_clock = SetClock(START)
_GIVEN = {name: os.environ.pop(name, "") for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
"""Taken out of the environment: settings of an instance would follow it."""
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""Hundreds of processes are started here; each would compile all it imports."""
os.environ["HUOKE_SIDECAR_SETTINGS"] = "&".join(
    f"compile_{what}=0" for what in ("expressions", "aggregate_expressions", "sort_description")
)
"""Machine code for a question asked three times pays over millions of rows; over fifty it takes longer than they do."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Of some million objects that imports and items make, hardly one is garbage: none is looked for, then or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_finish() -> None:
    """Hypothesis mixes what our sources hold into what it draws: numbers, and not 10,000 texts.

    One draw of text in forty was one of those, none of them more than once in 400,000 draws, and to sort out which of
    them fit took as long as all other drawing.
    """
    if "hypothesis" not in sys.modules:
        return
    from hypothesis.internal.conjecture import providers

    read = providers._get_local_constants

    def numbers() -> Any:
        found = read()
        found.strings.clear()
        return found

    providers._get_local_constants = numbers


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first."""
    items.sort(key=lambda item: schedule.place_in_line(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> schedule.RoomScheduling | None:
    """How `make test` shares the suite; any other `--dist` is xdist's own."""
    return schedule.RoomScheduling(config, log) if config.getoption("dist") == "loadfile" else None


class Engines(msgspec.Struct):
    """What `cluster` is: addresses, and the processes where they are ours to kill."""

    home: Path
    database_url: str
    database_owner_url: str
    database_feed_url: str
    clickhouse_url: str
    postgres: Cluster | None
    sidecar: Sidecar


@pytest.fixture(scope="session")
def cluster() -> Iterator[Engines]:
    """PostgreSQL and ClickHouse for this session (one of each for every worker)."""
    home = temporary_home()
    sidecar = Sidecar(home / "clickhouse", log=home / "clickhouse.log")
    postgres = None
    try:
        sidecar.start()
        if _GIVEN["DATABASE_URL"]:
            owner_url = _GIVEN["DATABASE_OWNER_URL"]
            urls = [_GIVEN["DATABASE_URL"], owner_url, feed_url(owner_url)]
        else:
            postgres = new_cluster(home, settings=CARELESS)
            postgres.start()
            urls = [postgres.url(role) for role in ("huoke_app", "huoke_owner", "huoke_feed")]
        yield Engines(home, *urls, sidecar.url, postgres, sidecar)
    finally:
        if postgres is not None:
            postgres.stop()
        sidecar.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
async def schema(cluster: Engines) -> None:
    """Every table of every module."""
    await upgrade(cluster.database_owner_url)
    privacy.unlock(cluster.home / "master.key")


@pytest.fixture(scope="session")
async def database(cluster: Engines, schema: None) -> AsyncIterator[Database]:
    """Role huoke_app."""
    opened = await Database.connect(cluster.database_url, clock=_clock, size_max=20)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def owner(cluster: Engines, schema: None) -> AsyncIterator[Database]:
    """Role huoke_owner."""
    opened = await Database.connect(cluster.database_owner_url, clock=_clock)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def feed(cluster: Engines, schema: None) -> AsyncIterator[Database]:
    """Role huoke_feed."""
    opened = await Database.connect(cluster.database_feed_url, clock=_clock)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def clickhouse(cluster: Engines) -> AsyncIterator[ClickHouse]:
    """The port to this session's ClickHouse."""
    opened = await ClickHouse.connect(cluster.clickhouse_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
async def bank(cluster: Engines, owner: Database, clickhouse: ClickHouse) -> TenantId:
    """A bank that only this test module writes to, under the cluster's own master key whoever ran before."""
    privacy.unlock(cluster.home / "master.key")
    return await open_bank(owner, clickhouse)


@pytest.fixture
async def own_bank(cluster: Engines, owner: Database, clickhouse: ClickHouse) -> TenantId:
    """A bank that only this test writes to."""
    privacy.unlock(cluster.home / "master.key")
    return await open_bank(owner, clickhouse)


@pytest.fixture(scope="module")
async def other_bank(owner: Database, clickhouse: ClickHouse) -> TenantId:
    """A second bank: nothing of it may ever show in the first."""
    return await open_bank(owner, clickhouse)


@pytest.fixture
def clock() -> Iterator[SetClock]:
    """The clock of all three databases."""
    _clock.set(START)
    yield _clock
    _clock.set(START)


async def open_bank(owner: Database, clickhouse: ClickHouse) -> TenantId:
    """Register one more bank and make its ClickHouse database."""
    async with owner.begin_shared() as tx:
        await tx.execute("LOCK TABLE tenants.tenant IN SHARE ROW EXCLUSIVE MODE")
        tenant = TenantId(await tx.fetch_value("SELECT coalesce(max(id), 0) + 1 FROM tenants.tenant"))
        await tx.execute(
            "INSERT INTO tenants.tenant (id, code, name, name_en, status, brand, created_at)"
            " VALUES ($1, $2, $3, $4, 'open', '{}', $5)",
            tenant,
            f"bank-{tenant}",
            f"第{tenant}银行",
            f"Bank {tenant}",
            tx.now,
        )
    await clickhouse.create_database(tenant)
    return tenant


def temporary_home() -> Path:
    """A folder with a space in its name that PostgreSQL's user may pass through."""
    home = Path(tempfile.mkdtemp(prefix="huoke test ", dir=quick_folder()))
    home.chmod(0o711)
    return home


def new_cluster(home: Path, **options: Any) -> Cluster:
    """A cluster with roles and a database that holds every table."""
    place = Place(home / "pg" / "data", home / "pg" / "run", unprivileged_user())
    lay_down(place)
    return Cluster(place, log=home / "postgres.log", **options)


def lay_down(place: Place) -> None:
    """Copy a cluster that was made once to `place`."""
    template = _template(place.user)
    place.make()
    place.data.rmdir()
    subprocess.run(["cp", "-a", "--reflink=auto", template, place.data], check=True)


def _template(user: str | None) -> Path:
    """A stopped cluster with the whole schema: made once for this PostgreSQL and these migrations, others wait."""
    binaries = find_binaries()
    digest = hashlib.sha256(f"{binaries} {(binaries / 'postgres').stat().st_mtime} {ROLES_SQL}".encode())
    for file in sorted(migrate.MIGRATIONS.rglob("*.[ps][yq]*")):
        if "__pycache__" not in file.parts:
            digest.update(file.read_bytes())
    ready = Path(tempfile.gettempdir()) / f"huoke-template-{os.geteuid()}-{digest.hexdigest()[:12]}"
    with ready.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            draft = Path(tempfile.mkdtemp(prefix="huoke draft ", dir=ready.parent))
            draft.chmod(0o711)
            made = Cluster(Place(draft / "data", draft / "run", user), log=draft / "log", settings=CARELESS)
            made.create()
            made.start()
            made.prepare("huoke")
            upgrade_it = [sys.executable, "-m", "huoke.app.migrate"]  # in a process of its own: a loop may run in this
            known = {**os.environ, "DATABASE_OWNER_URL": made.url("huoke_owner")}
            subprocess.run(upgrade_it, check=True, env=known, stdout=subprocess.DEVNULL)
            made.stop()
            draft.rename(ready)
    return ready / "data"
