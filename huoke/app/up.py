"""`huoke up`: the one parent of PostgreSQL, ClickHouse, the set server, the API and the worker of an instance.

Whatever dies is started again, with back-off. Ctrl-C or SIGTERM ends all in order; when the supervisor itself is killed
the kernel signals every child, and the next start heals what is left. Children are spawned from the main thread only.
"""

import http.client
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import msgspec
import psutil
from rich.console import Console

from huoke.app import instance
from huoke.app.instance import Running
from huoke.kernel import settings as settings_file
from huoke.kernel.engines import Child, Cluster, Sidecar
from huoke.kernel.engines.process import spawn_module, wait_until
from huoke.kernel.refusals import Outage
from huoke.kernel.settings import Settings

POLL_SECONDS = 0.2
BACKOFF_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Pause before the first, second, … restart in a row; a child that ran for `STEADY_SECONDS` begins anew."""
STEADY_SECONDS = 60.0
STOP_SECONDS_MAX = 90.0

MODULES = {
    "sets": "huoke.kernel.sets.server",
    "web": "huoke.app.web",
    "worker": "huoke.app.worker",
}
"""Our own processes beside the engines, in the order of starting."""
DEMO_MODULES = {
    **MODULES,
    "bank-app": "huoke.app.demo.bank_app",
    "suppliers": "huoke.app.demo.supplier_server",
    "sms": "huoke.app.demo.sms_gateway",
    "cashiers": "huoke.app.demo.cashier_server",
    "partners": "huoke.app.demo.points_partner",
}


class Stopped(Exception):  # noqa: N818 - not an error
    """Somebody asked to stop while we were starting."""


class Part(msgspec.Struct):
    """One supervised process: how to start it, what runs now, how often it was started again."""

    name: str
    start: Callable[[], Child]
    stop: Callable[[], None]
    child: Child | None = None
    restarts: int = 0
    row: int = 0
    """Restarts without a steady run in between."""
    started_at: float = 0.0
    due_at: float = 0.0


class Supervisor:
    """Starts the parts of one instance in order, keeps them alive, stops them in reverse."""

    def __init__(self, home: Path, console: Console) -> None:
        self.home = home
        self.console = console
        self.parts: list[Part] = []
        self.stopping = False
        self._step = ""
        self._step_began = time.monotonic()

    def add(self, name: str, start: Callable[[], Child], stop: Callable[[], None] | None = None) -> None:
        """Start a part now and supervise it from now on."""
        part = Part(name, start, stop or (lambda: part.child.stop() if part.child else None))
        self.parts.append(part)
        self._start(part)

    def watch(self) -> None:
        """Keep every part alive until a signal says stop."""
        while not self.stopping:
            self.tend()
            time.sleep(POLL_SECONDS)

    def tend(self) -> None:
        """Look at every part once and start again what died."""
        for part in self.parts:
            if part.child is None or not part.child.running:
                self._revive(part)

    def stop(self) -> None:
        """End every part, last started first."""
        self.stopping = True
        for part in reversed(self.parts):
            part.stop()
        self.parts.clear()
        self._tell()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Say what is being waited for and, at the end, how long it took."""
        self._step, self._step_began = name, time.monotonic()
        yield
        self.console.print(f"  {name:<12} {time.monotonic() - self._step_began:5.1f} s")

    def check(self, _seconds: float = 0) -> None:
        """Called while waiting: shows the seconds on a terminal, raises `Stopped` when a signal came."""
        if self.stopping:
            raise Stopped
        if self.console.is_terminal:
            self.console.print(f"  {self._step:<12} {time.monotonic() - self._step_began:5.1f} s …", end="\r")

    def catch_signals(self) -> None:
        """From now on SIGINT and SIGTERM ask for an orderly stop."""

        def ask(_number: int, _frame: FrameType | None) -> None:
            self.stopping = True

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, ask)

    def _start(self, part: Part) -> None:
        part.started_at = time.monotonic()
        part.child = part.start()
        self._tell()

    def _revive(self, part: Part) -> None:
        """Note a death once, wait for its back-off to pass, start it again."""
        now = time.monotonic()
        if part.child is not None:
            code = part.child.process.returncode
            part.row = 0 if now - part.started_at > STEADY_SECONDS else part.row
            part.due_at = now + BACKOFF_SECONDS[min(part.row, len(BACKOFF_SECONDS) - 1)]
            part.child, part.row, part.restarts = None, part.row + 1, part.restarts + 1
            self.console.print(f"[yellow]{part.name} ended ({_reason(code)}); starting it again.[/yellow]")
        if now < part.due_at:
            return
        try:
            self._start(part)
        except Outage as outage:
            self.console.print(f"[red]{part.name}: {outage.detail}[/red]")
            part.due_at = time.monotonic() + BACKOFF_SECONDS[min(part.row, len(BACKOFF_SECONDS) - 1)]
            part.row += 1
        except Stopped:
            return

    def _tell(self) -> None:
        running = [Running(p.name, p.child.pid, p.restarts) for p in self.parts if p.child is not None]
        instance.write_processes(self.home, running)


def up(
    home: Path | None = None,
    *,
    web_port: int = 0,
    demo: bool = False,
    modules: Mapping[str, str] = MODULES,
    then: Sequence[Sequence[str]] = (),
    when_ready: Callable[[Settings], None] | None = None,
    console: Console | None = None,
) -> None:
    """Run the instance at `home` until Ctrl-C or SIGTERM; `demo` makes a first start the start of a demo.

    `modules` are our own processes beside the engines. Once everything answers, the modules in `then`, each with its
    arguments, run one after the other on this terminal, and `when_ready` is called. Raises `Held` when it runs already
    and `Outage` with the mend when a part cannot start; by then all that was started has been stopped.
    """
    home = (home or settings_file.default_home()).absolute()
    console = console or Console(highlight=False)
    with instance.hold(home):
        supervisor = Supervisor(home, console)
        supervisor.catch_signals()
        try:
            settings = _start_all(supervisor, modules, web_port, demo=demo)
            for module, *arguments in then:
                _run_once(supervisor, module, *arguments, log=None)
            if when_ready is not None:
                when_ready(settings)
            supervisor.watch()
        except Stopped:
            pass
        finally:
            with supervisor.step("Stop"):
                supervisor.stop()


def stop(home: Path | None = None) -> bool:
    """Stop the instance at `home` and wait for its end; False when it did not run."""
    home = (home or settings_file.default_home()).absolute()
    pid = instance.holder(home)
    if not pid:
        return False
    psutil.Process(pid).terminate()
    if not wait_until(lambda: instance.holder(home) != pid, timeout_seconds=STOP_SECONDS_MAX):
        raise Outage(f"Process {pid} still stops; ask again, or look into {home / 'log'}.")
    return True


class PartStatus(msgspec.Struct, frozen=True):
    """One process as `huoke status` shows it."""

    name: str
    pid: int
    alive: bool
    restarts: int
    pss_bytes: int
    """Proportional memory of it and its own children; 0 when this user may not know."""


def status(home: Path | None = None) -> list[PartStatus]:
    """What runs of the instance at `home`, supervisor first; empty when it does not run."""
    home = (home or settings_file.default_home()).absolute()
    pid = instance.holder(home)
    if not pid:
        return []
    own = PartStatus("up", pid, alive=True, restarts=0, pss_bytes=_pss(pid, family=False))
    parts = instance.read_processes(home)
    return [own, *(PartStatus(p.name, p.pid, psutil.pid_exists(p.pid), p.restarts, _pss(p.pid)) for p in parts)]


def _start_all(supervisor: Supervisor, modules: Mapping[str, str], web_port: int, *, demo: bool) -> Settings:
    home = supervisor.home
    settings, place = instance.prepare(home, web_port=web_port, demo=demo)
    sidecar = cluster = None
    if not settings.clickhouse_url:
        sidecar = Sidecar(home / "clickhouse", log=home / "log" / "clickhouse.log")
        settings = msgspec.structs.replace(settings, clickhouse_url=sidecar.url)
    if place is not None:
        cluster = Cluster(place, log=home / "log" / "postgres.log")
        settings = msgspec.structs.replace(
            settings,
            database_url=cluster.url("huoke_app"),
            database_owner_url=cluster.url("huoke_owner"),
            database_feed_url=cluster.url("huoke_feed"),
        )
    settings_file.save(settings)
    _start_engines(supervisor, cluster, sidecar)
    with supervisor.step("Schema"):
        _run_once(supervisor, "huoke.app.current", log=home / "log" / "migrate.log")
    for name, module in modules.items():
        arguments = [settings.set_server_path] if name == "sets" else []
        supervisor.add(name, _starter(home, name, module, arguments))
    if "web" in modules:
        with supervisor.step("API"):
            _wait_for_web(supervisor, settings.web_port)
    return settings


def _start_engines(supervisor: Supervisor, cluster: Cluster | None, sidecar: Sidecar | None) -> None:
    if sidecar is not None:
        with supervisor.step("ClickHouse"):
            supervisor.add("clickhouse", lambda: sidecar.start(on_wait=supervisor.check), sidecar.stop)
    if cluster is not None:
        with supervisor.step("PostgreSQL"):
            if not cluster.created:
                cluster.create()
            supervisor.add("postgres", lambda: cluster.start(on_wait=supervisor.check), cluster.stop)
            cluster.prepare("huoke")


def _starter(home: Path, name: str, module: str, arguments: list[str]) -> Callable[[], Child]:
    environment = {"HUOKE_HOME": str(home)}
    log = home / "log" / f"{name}.log"
    return lambda: spawn_module(name, module, *arguments, log=log, environment=environment)


def _run_once(supervisor: Supervisor, module: str, *arguments: str, log: Path | None) -> None:
    """Run a module to its end while the parts are tended; `Outage` with its last words when it fails."""
    child = spawn_module(module, module, *arguments, log=log, environment={"HUOKE_HOME": str(supervisor.home)})
    try:
        while child.running:
            if log is not None:
                supervisor.check()
            elif supervisor.stopping:
                raise Stopped
            supervisor.tend()
            time.sleep(0.03)
    finally:
        child.stop()
    if child.process.returncode:
        raise Outage(f"{module} failed.\n{child.last_words()}")


def _wait_for_web(supervisor: Supervisor, port: int) -> None:
    """Return when the API answers; `Outage` with its last words when it ended instead."""
    web = next(part for part in supervisor.parts if part.name == "web")
    while not _healthy(port):
        supervisor.check()
        if web.child is not None and not web.child.running:
            raise Outage(f"The API did not start:\n{web.child.last_words()}")
        time.sleep(0.05)


def _healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/v1/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _pss(pid: int, *, family: bool = True) -> int:
    try:
        process = psutil.Process(pid)
        members = [process, *process.children(recursive=True)] if family else [process]
        return sum(int(member.memory_full_info().pss) for member in members)
    except psutil.Error:
        return 0


def _reason(code: int | None) -> str:
    return f"killed by {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"


def main() -> None:
    """`python -m huoke.app.up [HOME]`: run an instance and say where it answers."""
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    try:
        up(home, when_ready=lambda settings: print(f"Huoke answers at http://127.0.0.1:{settings.web_port}"))
    except Outage as outage:
        sys.exit(outage.detail)


if __name__ == "__main__":
    main()
