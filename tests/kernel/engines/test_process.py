"""Children that never outlive their parent."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from huoke.kernel.engines.process import PACKAGE_ROOT, spawn, spawn_module, wait_until

PARENT = """
import sys, time
from pathlib import Path
from huoke.kernel.engines.process import spawn
child = spawn("sleeper", ["sleep", "600"], log=Path(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(600)
"""


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path):
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE_ROOT)}
    command = [sys.executable, "-c", PARENT, str(tmp_path / "log")]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert psutil.pid_exists(child)
        parent.kill()
    assert wait_until(lambda: not psutil.pid_exists(child), timeout_seconds=60)


def test_a_child_leads_a_session_of_its_own(tmp_path: Path):
    child = spawn("sleeper", ["sleep", "600"], log=tmp_path / "log")
    assert os.getsid(child.pid) == child.pid
    child.stop()
    assert child.process.returncode == -signal.SIGTERM


def test_a_module_leaves_its_bytecode_for_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "bell.py").write_text("print('rang')")
    (tmp_path / "ringer.py").write_text("import bell")
    child = spawn_module("ringer", "ringer", log=tmp_path / "log", environment={"PYTHONPATH": str(tmp_path)})
    assert child.process.wait(60) == 0
    assert (tmp_path / "log").read_text() == "rang\n"
    prefix = sys.pycache_prefix
    kept = Path(f"{prefix}{tmp_path}") if prefix else tmp_path / "__pycache__"
    assert list(kept.glob("bell.*.pyc"))


def test_a_child_that_does_not_listen_is_killed_with_its_whole_session(tmp_path: Path):
    script = "trap '' TERM; sleep 600 & echo $!; wait; wait; sleep 600"
    child = spawn("deaf", ["sh", "-c", script], log=tmp_path / "log")
    assert wait_until(lambda: (tmp_path / "log").read_text().strip().isdigit(), timeout_seconds=60)
    grandchild = int((tmp_path / "log").read_text())
    child.stop(timeout_seconds=0.2)
    assert child.process.returncode == -signal.SIGKILL
    assert wait_until(lambda: not psutil.pid_exists(grandchild), timeout_seconds=60)


def test_only_the_main_thread_may_spawn_because_the_child_would_die_with_another(tmp_path: Path):
    refused = []

    def try_it() -> None:
        with pytest.raises(AssertionError):
            spawn("sleeper", ["sleep", "600"], log=tmp_path / "log")
        refused.append(True)

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    assert refused == [True]


def test_the_last_lines_of_a_log_say_why(tmp_path: Path):
    child = spawn("talker", ["sh", "-c", "seq 100; exit 7"], log=tmp_path / "log")
    assert child.process.wait() == 7
    assert child.last_words(lines=2) == "99\n100"
