"""A whole instance as a test runs it: `huoke up` in a process of its own, in a home with a space."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from huoke.app import instance
from huoke.app.up import PartStatus, status
from huoke.kernel import settings as settings_file
from huoke.kernel.engines.place import SYSTEM_FOLDER, find_place
from huoke.kernel.engines.ports import free_port
from huoke.kernel.engines.process import PACKAGE_ROOT, wait_until
from huoke.kernel.settings import Settings
from tests.conftest import lay_down

ENGINES_ONLY = "{}"
WITH_SETS = "{'sets': 'huoke.kernel.sets.server'}"
ALL = "up.MODULES"
_SCRIPT = """
import sys
from pathlib import Path
from huoke.app import up
from huoke.kernel.refusals import Outage
try:
    home, port = Path(sys.argv[1]), int(sys.argv[2])
    up.up(home, web_port=port, modules={modules}, when_ready=lambda settings: print("ready", flush=True))
except Outage as outage:
    sys.exit(outage.detail)
"""
_FURNISH = """
import sys
from pathlib import Path
from huoke.app import instance
from huoke.kernel import settings
settings.save(instance.prepare(Path(sys.argv[1]), web_port=int(sys.argv[2]))[0])
"""


class Instance:
    """A running `huoke up`."""

    def __init__(self, home: Path, process: "subprocess.Popen[str]") -> None:
        self.home = home
        self.process = process

    @property
    def settings(self) -> Settings:
        return settings_file.load(self.home)

    def part(self, name: str) -> PartStatus:
        """One of its processes as `huoke status` sees it now."""
        return next(part for part in status(self.home) if part.name == name)

    def wait_until_healed(self, name: str, former_pid: int) -> None:
        """Return when another process stands for the killed one; looks at pids only, for memory takes long to count."""

        def healed() -> bool:
            pids = {one.name: one.pid for one in instance.read_processes(self.home)}
            return pids.get(name, former_pid) != former_pid and psutil.pid_exists(pids[name])

        assert wait_until(healed, timeout_seconds=120)

    def family(self) -> list[psutil.Process]:
        """The supervisor and all below it."""
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def end(self) -> str:
        """Ctrl-C, and what it had to say."""
        if self.process.poll() is None:
            self.process.terminate()
        output, _ = self.process.communicate(timeout=120)
        return output


@contextmanager
def running(
    home: Path, modules: str = ENGINES_ONLY, environment: Mapping[str, str] | None = None
) -> Iterator[Instance]:
    """`huoke up` at `home` with its processes in `modules`, ready when the block begins, ended after it."""
    launched = launch(home, modules, environment)
    try:
        assert launched.process.stdout is not None
        lines = []
        for line in launched.process.stdout:
            lines.append(line)
            if line == "ready\n":
                break
        assert "ready\n" in lines, "".join(lines)
        yield launched
    finally:
        launched.end()


def furnish(home: Path) -> None:
    """Give a home the database that its first start would make: the start is then as quick as any other."""
    home.mkdir(mode=0o700, parents=True)
    # In a process of its own, which lets go of the ports when it ends.
    subprocess.run([sys.executable, "-c", _FURNISH, str(home), str(free_port())], check=True, env=_environment())
    lay_down(find_place(home, settings_file.load(home).instance))


def launch(home: Path, modules: str = ENGINES_ONLY, environment: Mapping[str, str] | None = None) -> Instance:
    """Begin `huoke up` at `home` without waiting for it; a new home gets a port no other instance would look for."""
    port = 0 if (home / "instance.json").exists() else free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT.replace("{modules}", modules), str(home), str(port)],
        env={**_environment(), **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Instance(home, process)


def _environment() -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "CLICKHOUSE_"))}
    return {**known, "PYTHONPATH": str(PACKAGE_ROOT)}


def forget(home: Path) -> None:
    """Remove a home and what root keeps elsewhere for it."""
    for mark in SYSTEM_FOLDER.glob("*/home"):
        if mark.read_text() == str(home):
            shutil.rmtree(mark.parent)
    shutil.rmtree(home.parent)
