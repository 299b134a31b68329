"""Where PostgreSQL lives and as whom it runs."""

import os
import pwd
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from huoke.kernel.engines.place import SOCKET_NAME, SOCKET_PATH_BYTES_MAX, Place, find_place, short_folder
from huoke.kernel.engines.ports import free_port, is_free, keep, keep_from
from huoke.kernel.engines.process import PACKAGE_ROOT
from huoke.kernel.refusals import Outage


def test_a_short_home_keeps_its_sockets(tmp_path: Path):
    home = Path("/tmp") / f"short home {os.getpid()}"
    assert short_folder(home / "run", "abc") == home / "run"
    assert (home / "run").stat().st_mode & 0o777 == 0o700
    (home / "run").rmdir()
    home.rmdir()


def test_a_long_home_gets_a_short_folder_that_is_its_own(tmp_path: Path):
    long_home = tmp_path / ("很长的 path " * 8)
    other_home = tmp_path / ("很长的 path " * 9)
    folder = short_folder(long_home, "abc")
    assert len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder == short_folder(long_home, "abc")
    assert folder != short_folder(other_home, "abc")
    folder.rmdir()
    short_folder(other_home, "abc").rmdir()


def test_root_puts_the_data_where_an_unprivileged_user_can_reach_it():
    found = find_place(Path("/srv/home of mine"), "abc", uid=0)
    assert found.data == Path("/var/lib/huoke/abc/postgres")
    assert found.user is not None
    assert pwd.getpwnam(found.user).pw_uid != 0


def test_an_ordinary_user_keeps_everything_at_home(tmp_path: Path):
    found = find_place(tmp_path, "abc", uid=pwd.getpwnam("nobody").pw_uid)
    assert found == Place(tmp_path / "postgres", tmp_path / "run", None)


def test_a_user_without_an_account_is_told_so(tmp_path: Path):
    with pytest.raises(Outage, match="/etc/passwd"):
        find_place(tmp_path, "abc", uid=3_999_999)


def test_a_port_that_somebody_listens_on_is_passed_over():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not is_free(port)
        assert not keep(port)
        assert keep_from(port) > port
    assert is_free(free_port())


def test_a_kept_port_is_kept_from_other_processes_before_anybody_listens():
    port = keep_from(free_port())
    assert is_free(port)
    assert keep(port), "it is ours"
    script = f"from huoke.kernel.engines.ports import keep; print(keep({port}))"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE_ROOT)}
    said = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"
