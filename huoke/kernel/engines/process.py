"""Child processes that never outlive their parent, and the search for those that did.

A child leads a session of its own, so that a Ctrl-C at the terminal reaches the parent alone, and gets a signal from
the kernel when its parent dies. That signal is tied to the *thread* that spawned it, so `spawn` insists
on the main one.
"""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psutil

PR_SET_PDEATHSIG = 1
PACKAGE_ROOT = Path(__file__).resolve().parents[3]
LOG_BYTES_MAX = 10_000_000
_libc = ctypes.CDLL(None, use_errno=True)


class Child:
    """One running child: its process, its name, and how to end it gently."""

    def __init__(
        self, name: str, process: "subprocess.Popen[bytes]", log: Path | None, stop_signal: signal.Signals
    ) -> None:
        self.name = name
        self.process = process
        self.log = log
        self.stop_signal = stop_signal

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def stop(self, *, timeout_seconds: float = 30) -> None:
        """Ask it to end, wait, and kill what remains of its session after `timeout_seconds`."""
        if self.running:
            self.process.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout_seconds)
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()

    def last_words(self, *, lines: int = 12) -> str:
        """The end of its log, for the message that says why it failed."""
        text = self.log.read_text(errors="replace") if self.log is not None and self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def spawn(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path | None,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start `command` in a session of its own; it receives `stop_signal` when this process dies.

    `user` is the account to run as when this process is root. Output is added to `log`,
    which begins anew past 10 MB; without a log it goes where this process's own goes.
    """
    assert threading.current_thread() is threading.main_thread(), "a child dies with the thread that spawned it"
    with _open_log(log) as output:
        process = subprocess.Popen(  # noqa: S603
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            env={**os.environ, **(environment or {})},
            cwd="/",
            start_new_session=True,
            preexec_fn=_die_with_parent(os.getpid(), stop_signal),  # noqa: PLW1509 - one system call, no lock taken
            **account(user),
        )
    return Child(name, process, log, stop_signal)


def spawn_module(
    name: str, module: str, *arguments: str | Path, log: Path | None, environment: Mapping[str, str] | None = None
) -> Child:
    """Start `python -m module` with this interpreter and this copy of the package.

    It leaves its bytecode for the next start, whatever this environment says: compiling would take most of a start.
    """
    found = {"PYTHONPATH": str(PACKAGE_ROOT), "PYTHONDONTWRITEBYTECODE": "", **(environment or {})}
    return spawn(name, [sys.executable, "-m", module, *arguments], log=log, environment=found)


def account(user: str | None) -> dict[str, Any]:
    """The arguments of `subprocess` that make a child run as `user`; none when this process may not or need not."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def holders_of(folder: Path) -> list[psutil.Process]:
    """Every process whose working directory is `folder`: a PostgreSQL server and its backends sit in their data."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.cwd() == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def wait_until(met: Callable[[], bool], *, timeout_seconds: float, step_seconds: float = 0.05) -> bool:
    """Poll until `met()` or the time is over; says whether it was met."""
    deadline = time.monotonic() + timeout_seconds
    while not met():
        if time.monotonic() > deadline:
            return False
        time.sleep(step_seconds)
    return True


def _open_log(log: Path | None) -> AbstractContextManager[Any]:
    if log is None:
        return contextlib.nullcontext()
    if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
        log.replace(log.with_suffix(".old"))
    return log.open("ab")


def _die_with_parent(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    def prepare() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
