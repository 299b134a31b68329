"""A demo as its start leaves it, kept stopped, and instances that begin as copies of it: to make one takes a minute.

It is made anew for other code and for another day, by one session while others wait; the former one is removed then.
"""

import asyncio
import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import asyncpg
import msgspec
import psutil

from huoke.kernel import settings as settings_file
from huoke.kernel.clock import CHINA
from huoke.kernel.engines.place import find_place
from huoke.kernel.engines.process import PACKAGE_ROOT
from huoke.kernel.settings import Settings
from tests.faults.instances import forget
from tests.quick import quick_folder

READY = "Huoke answers at"
KEPT = Path(tempfile.gettempdir()) / f"huoke-demo-{os.geteuid()}"
AFTERMATH_SECONDS_MAX = 60
"""What the worker still has to do when a demo answers (tags, models) is done once, not by every copy."""
QUIET_SECONDS = 2
CUSTOMERS = "2500"
"""Enough for control groups of more than two hundred; each thousand more would cost seconds of every session."""
OPEN_SQL = "SELECT count(*) FROM jobs.job WHERE state IN ('queued', 'running')"


@contextmanager
def demo() -> Iterator[Settings]:
    """A running demo of one's own, a copy of the kept one; it ends with the block and is forgotten."""
    root = Path(tempfile.mkdtemp(prefix="huoke walk ", dir=quick_folder()))
    root.chmod(0o711)
    try:
        _copy(root / "home")
        with _running(root / "home") as settings:
            yield settings
    finally:
        forget(root / "home")


def _copy(home: Path) -> None:
    """A home like the kept one, under a name of its own; it looks for free ports when it starts."""
    KEPT.mkdir(mode=0o711, exist_ok=True)
    with (KEPT / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = _kept(KEPT / _stamp() / "home")
        _copy_all(kept, home)
        shutil.rmtree(home / "sockets")
        for name in ("lock", "processes.json"):
            (home / name).unlink(missing_ok=True)
        former = settings_file.load(kept)
        mine = msgspec.structs.replace(
            former,
            home=home,
            instance=secrets.token_hex(4),
            web_port=0,
            bank_app_port=0,
            supplier_port=0,
            sms_port=0,
            cashier_port=0,
            partner_port=0,
            coupon_port=0,
        )
        settings_file.save(mine)
        place = find_place(home, mine.instance)
        if place.user is not None:
            place.make()
            place.data.rmdir()
            data = find_place(kept, former.instance).data
            _copy_all(data, place.data)


def _copy_all(source: Path, target: Path) -> None:
    """`source` under another name, all its thousands of files."""
    subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True)


def _kept(home: Path) -> Path:
    """`home` as the start of a demo left it; any other that was kept goes."""
    if (home.parent / "whole").exists():
        return home
    for former in KEPT.glob("*/home"):
        forget(former)
    home.parent.mkdir(mode=0o711, exist_ok=True)
    with _running(home) as settings:
        asyncio.run(_wait_for_quiet(settings.database_owner_url))
    (home.parent / "whole").touch()
    return home


@contextmanager
def _running(home: Path) -> Iterator[Settings]:
    known = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "CLICKHOUSE_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "huoke", "up", "--demo", "--customers", CUSTOMERS, "--home", str(home)],
        env={**known, "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if READY in line:
                break
        assert READY in "".join(said), "".join(said)
        yield settings_file.load(home)
    finally:
        if process.poll() is None:
            psutil.Process(process.pid).terminate()
        process.communicate(timeout=120)


async def _wait_for_quiet(url: str) -> None:
    connection = await asyncpg.connect(url)
    quiet = 0
    for _ in range(AFTERMATH_SECONDS_MAX):
        quiet = 0 if await connection.fetchval(OPEN_SQL) else quiet + 1
        if quiet > QUIET_SECONDS:
            break
        await asyncio.sleep(1)
    await connection.close()


def _stamp() -> str:
    """Which code makes the demo, and on which day."""
    files = sorted(one for room in ("huoke", "migrations") for one in (PACKAGE_ROOT / room).rglob("*.[ps][yq]*"))
    digest = hashlib.sha256(f"{sys.version} {datetime.now(CHINA):%Y-%m-%d}".encode())
    for file in (*files, PACKAGE_ROOT / "requirements.lock"):
        if "__pycache__" not in file.parts:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
