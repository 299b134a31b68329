"""Real records from command line to statement: the commands of docs/import.md on a whole instance.

Skips where the data is absent: point HUOKE_DATA at a folder with bank_marketing_full.csv.gz (UCI Bank Marketing).
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
import pytest

from tests.faults.instances import ALL, forget, running

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
DATA = Path(os.environ.get("HUOKE_DATA") or ROOT.parent / "shared" / "data") / "bank_marketing_full.csv.gz"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.exists(), reason=f"needs {DATA.name}: set HUOKE_DATA to the folder that holds it"),
]


@pytest.fixture(scope="module")
def instance():
    home = Path(tempfile.mkdtemp(prefix="huoke tour ")) / "home"
    home.parent.chmod(0o711)
    with running(home, ALL) as up:
        yield up
    forget(home)


@pytest.fixture(scope="module")
def huoke(instance):
    """Run one command against the instance; its output."""

    def run(*words: str, exit_code: int = 0) -> str:
        known = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "CLICKHOUSE_"))}
        environment = {**known, "HUOKE_HOME": str(instance.home), "HUOKE_BANK": "lisboa", "HUOKE_AS": "ana"}
        done = subprocess.run(
            [sys.executable, "-m", "huoke", *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == exit_code, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def bank(huoke):
    """A third bank with an operator."""
    huoke("tenant", "open", "lisboa", "里斯本银行")
    huoke("tenant", "staff", "add", "lisboa", "ana", "Ana", "--role", "operator")


@pytest.fixture(scope="module")
def frame():
    return pd.read_csv(DATA)


def ask(huoke, *words):
    return json.loads(huoke(*words, "--json"))


def test_a_dry_run_says_what_the_file_holds(huoke, bank, frame):
    mapping = str(EXAMPLES / "bank_marketing.mapping.json")
    found = ask(huoke, "import", str(DATA), "--mapping", mapping, "--dry-run")
    assert (found["rows_read"], found["rows_added"], found["rows_refused"]) == (45_211, 45_211, 0)
    columns = {column["column"]: column for column in found["report"]["columns"]}
    assert (columns["balance"]["minimum"], columns["balance"]["maximum"]) == ("-8019", "102127")
    assert columns["pdays"]["empty"] == 36_954 == (frame["pdays"] == -1).sum()
    assert columns["job"]["distinct"] == frame["job"].nunique() - 1, "unknown is no job"


def test_the_file_comes_in_once(huoke, bank):
    mapping = str(EXAMPLES / "bank_marketing.mapping.json")
    found = ask(huoke, "import", str(DATA), "--mapping", mapping)
    assert (found["status"], found["rows_added"], found["rows_refused"]) == ("done", 45_211, 0)
    again = ask(huoke, "import", str(DATA), "--mapping", mapping)
    assert again["id"] == found["id"]


def test_a_segment_counts_exactly_what_pandas_counts(huoke, bank, frame):
    expected = frame[
        frame["age"].between(25, 45)
        & frame["job"].isin(["management", "technician", "admin."])
        & ~frame["education"].isin(["primary", "unknown"])
    ]
    rule = str(EXAMPLES / "bank_marketing.segment.json")
    segment_id = huoke("segment", "create", "25–45 岁职员", rule).strip()
    audience = ask(huoke, "segment", "freeze", segment_id)
    assert audience["size"] == len(expected), "the audience waits for every imported customer"
    found = ask(huoke, "segment", "count", rule)
    assert (found["total"], found["universe"]) == (len(expected), 45_211)
    ages = next(node for node in found["nodes"] if node["path"] == "/of/0")
    assert (ages["count"], ages["unknown"]) == (int(frame["age"].between(25, 45).sum()), 0)
    school = next(node for node in found["nodes"] if node["path"] == "/of/2")
    assert school["unknown"] == int((frame["education"] == "unknown").sum())
    first_out = int(frame.index.difference(expected.index)[0]) + 1
    why = ask(huoke, "segment", "explain", segment_id, str(first_out))
    assert (why["member"], bool(why["flips"])) == (False, True)


def test_deposit_facts_are_refused_without_a_registered_basis(huoke, bank):
    rule = json.dumps({"kind": "attr", "name": "balance", "op": ">", "value": 1_000})
    huoke("segment", "count", rule, exit_code=2)
    found = ask(huoke, "segment", "count", rule, "--basis", "法务意见 2026-03")
    assert found["uses"][0]["deposit_path"] == ["balance"]
