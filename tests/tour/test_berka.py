"""Real records of accounts from files to a client's page: the commands of docs/berka.md on a whole instance.

Skips where the data is absent: point HUOKE_DATA at a folder with berka_client.csv.gz and its sisters (PKDD'99).
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from huoke.govern import privacy, tenants
from huoke.kernel.engines import ClickHouse
from huoke.kernel.tx import Database
from huoke.know import accounts, customers, events

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
DATA = Path(os.environ.get("HUOKE_DATA") or ROOT.parent / "shared" / "data")
NEEDED = ("client", "disp", "account", "loan", "district", "trans_partial_1993_to_1994Q1")
MISSING = [name for name in NEEDED if not (DATA / f"berka_{name}.csv.gz").exists()]

BANK, AS = "praha", "jana"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"needs berka_*.csv.gz: set HUOKE_DATA to the folder (lacks {MISSING})"),
]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The bank's four files, made by the example's own command."""
    out = tmp_path_factory.mktemp("berka files")
    subprocess.run([sys.executable, str(EXAMPLES / "berka.py"), str(DATA), str(out)], check=True, capture_output=True)
    return out


@pytest.fixture(scope="module")
def brought(huoke, files):
    """What each of the four commands said."""
    huoke("tenant", "open", "praha", "布拉格银行")
    huoke("tenant", "staff", "add", "praha", "jana", "Jana", "--role", "operator")

    def bring(name: str) -> dict:
        mapping = str(EXAMPLES / f"berka.{name}.mapping.json")
        return json.loads(huoke("import", str(files / f"{name}.csv"), "--mapping", mapping, "--json"))

    return {name: bring(name) for name in ("clients", "accounts", "loans", "transactions")}


@pytest.fixture
async def bank(instance):
    """The bank's database, to be asked, and its number."""
    privacy.unlock(instance.settings.key_path)
    database = await Database.connect(instance.settings.database_url, size_max=2)
    yield database, await tenants.find_by_code(database, "praha")
    await database.close()


def counts(found: dict) -> tuple[int, int, int]:
    return found["rows_read"], found["rows_added"], found["rows_refused"]


def test_every_row_of_every_file_comes_in(brought):
    assert {name: counts(found) for name, found in brought.items()} == {
        "clients": (5_369, 5_369, 0),
        "accounts": (4_500, 4_500, 0),
        "loans": (682, 682, 0),
        "transactions": (49_102, 49_102, 0),
    }
    columns = {column["column"]: column for column in brought["clients"]["report"]["columns"]}
    assert columns["gender"]["distinct"] == 2
    assert columns["district"]["distinct"] == 77
    assert columns["born_on"]["minimum"] is None, "a birthday is of class C2"


async def test_accounts_and_loans_stand_with_their_owners(brought, bank, files):
    database, tenant = bank
    async with database.begin(tenant) as tx:
        kinds = await tx.fetch("SELECT kind, count(*), count(DISTINCT seq) AS owners FROM accounts.account GROUP BY 1")
        assert [(row["kind"], row["count"], row["owners"]) for row in kinds] == [("current", 4_500, 4_500)]
        standings = await tx.fetch("SELECT standing, count(*) FROM accounts.holding GROUP BY 1 ORDER BY 1")
        assert [(row["standing"], row["count"]) for row in standings] == [("closed", 234), ("open", 448)]
        owner = pd.read_csv(files / "loans.csv", dtype=str).iloc[0]
        seq = (await customers.find_by_no(tx, [owner["client_id"]]))[owner["client_id"]]
        held = await accounts.held_by(tx, seq)
        assert str(held.holdings[0].matures_on) == owner["matures_on"]


async def test_a_clients_page_shows_the_transactions_in_order(brought, bank, files, instance):
    database, tenant = bank
    clickhouse = await ClickHouse.connect(instance.settings.clickhouse_url)
    posted = pd.read_csv(files / "transactions.csv", dtype=str, keep_default_na=False)
    busiest = posted["account_id"].value_counts().index[0]
    mine = posted[posted["account_id"] == busiest].assign(out=lambda rows: rows["direction"] == "out")
    expected = mine.sort_values(["date", "out"], kind="stable")
    client = pd.read_csv(files / "accounts.csv", dtype=str).set_index("account_id").loc[busiest, "client_id"]
    async with database.begin(tenant) as tx:
        seq = (await customers.find_by_no(tx, [client]))[client]
    deadline = time.monotonic() + 30
    lines = []
    while len(lines) < len(expected) and time.monotonic() < deadline:
        lines = await events.timeline(clickhouse, tenant, seq, names=["transaction.posted"], limit=1_000)
    signed = [
        round(float(amount) * 100) * (-1 if out else 1)
        for amount, out in zip(expected["amount"], expected["out"], strict=True)
    ]
    assert [line.amount_fen for line in reversed(lines)] == signed
    assert {line.properties["balance_fen"] for line in lines} == {"****"}
    everything = await clickhouse.query(
        tenant, "SELECT count() AS n, sum(amount_fen) AS fen FROM event WHERE name = 'transaction.posted'"
    )
    cents = (posted["amount"].astype(float) * 100).round().astype(int)
    whole = int((cents * posted["direction"].map({"in": 1, "out": -1})).sum())
    assert everything.to_pylist() == [{"n": 49_102, "fen": whole}], "every posting once, to the cent"
    await clickhouse.close()
