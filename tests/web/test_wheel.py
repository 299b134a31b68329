"""The wheel that `make wheel` built, named by HUOKE_WHEEL: whole, and enough for the demo where nothing else is."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.faults.instances import forget

WHEEL = os.environ.get("HUOKE_WHEEL", "")
READY = "Huoke answers at"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1_800),
    pytest.mark.skipif(not WHEEL, reason="`make wheel-check` builds the wheel and runs these"),
]


def test_the_wheel_holds_pages_migrations_and_nothing_of_others():
    names = zipfile.ZipFile(WHEEL).namelist()
    assert "huoke/app/static/console/index.html" in names
    assert any(re.fullmatch(r"huoke/app/static/console/assets/index-\w+.*\.js\.br", name) for name in names)
    assert {"huoke/migrations/env.py", "huoke/migrations/versions/0001_floor.sql"} <= set(names)
    assert "huoke/app/h5/templates/landing.html" in names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"huoke"}


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder whose environment holds the wheel and what it asks for, and nothing else."""
    root = Path(tempfile.mkdtemp(prefix="huoke wheel "))
    root.chmod(0o711)
    venv.create(root / "env", with_pip=True)
    pip = [str(root / "env" / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", WHEEL]
    # A tree on the path would count as installed.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run(pip, check=True, env=clean, cwd=root)
    yield root
    shutil.rmtree(root, ignore_errors=True)


def test_the_demo_starts_without_node_and_without_the_tree(place):
    environment = {
        "PATH": f"{place / 'env' / 'bin'}",
        "HOME": str(place),
        "HUOKE_HOME": str(place / "home"),
        "COLUMNS": "200",
        "LANG": "C.UTF-8",
    }
    assert shutil.which("node", path=environment["PATH"]) is None
    process = subprocess.Popen(
        [str(place / "env" / "bin" / "huoke"), "demo"],
        env=environment,
        cwd=place,
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
        text = "".join(said)
        found = re.search(rf"{READY} (http://127\.0\.0\.1:\d+)/", text)
        assert found, text
        page = urllib.request.urlopen(f"{found[1]}/console/").read().decode()
        [script, *_] = re.findall(r'src="(/console/assets/[^"]+\.js)"', page)
        assert urllib.request.urlopen(found[1] + script).status == 200
        assert urllib.request.urlopen(f"{found[1]}/v1/health").status == 200
        again = subprocess.run(
            [str(place / "env" / "bin" / "huoke"), "demo"],
            env=environment,
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
        )
        assert again.returncode == 0, again.stderr
        assert found[1] in again.stdout
    finally:
        psutil.Process(process.pid).terminate()
        process.communicate(timeout=120)
        forget(place / "home")
    assert sys.prefix not in text
