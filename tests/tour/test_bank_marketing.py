"""Real records from command line to statement: the commands of docs/bank-marketing.md on a whole instance.

Skips where the data is absent: point HUOKE_DATA at a folder with bank_marketing_full.csv.gz (UCI Bank Marketing).
"""

import csv
import json
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pandas as pd
import pytest

from huoke.govern import tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Database
from huoke.settle.statements.model import IN_FLIGHT_SECONDS

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
DATA = Path(os.environ.get("HUOKE_DATA") or ROOT.parent / "shared" / "data") / "bank_marketing_full.csv.gz"

COST_FEN = 1_980
BANK, AS = "lisboa", "ana"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.exists(), reason=f"needs {DATA.name}: set HUOKE_DATA to the folder that holds it"),
]


@pytest.fixture(scope="module")
def bank(huoke):
    """A third bank and its people; Ana holds a checker's role too, and still does not check what she made."""
    huoke("tenant", "open", "lisboa", "里斯本银行")
    roles = {"ana": "operator", "bea": "buyer", "ben": "buyer", "carl": "consumer_reviewer", "dina": "approver"}
    for login, role in roles.items():
        more = ("--role", "consumer_reviewer") if login == "ana" else ()
        huoke("tenant", "staff", "add", "lisboa", login, login.title(), "--role", role, *more)


@pytest.fixture
async def books(instance):
    """The bank's own rows, to be asked in SQL."""
    database = await Database.connect(instance.settings.database_url, size_max=1)
    async with database.begin(await tenants.find_by_code(database, "lisboa")) as tx:
        yield tx
    await database.close()


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
    assert (columns["age"]["minimum"], columns["age"]["maximum"]) == ("18", "95")
    assert (columns["balance"]["minimum"], columns["balance"]["maximum"]) == (None, None), "one customer's balance"
    assert columns["pdays"]["empty"] == 36_954 == (frame["pdays"] == -1).sum()
    assert columns["job"]["distinct"] == frame["job"].nunique() - 1, "unknown is no job"


def test_the_file_comes_in_once(huoke, bank):
    mapping = str(EXAMPLES / "bank_marketing.mapping.json")
    found = ask(huoke, "import", str(DATA), "--mapping", mapping)
    assert (found["status"], found["rows_added"], found["rows_refused"]) == ("done", 45_211, 0)
    again = ask(huoke, "import", str(DATA), "--mapping", mapping)
    assert again["id"] == found["id"]


def test_of_a_sealed_balance_rules_see_the_band(huoke, bank):
    rule = json.dumps({"kind": "attr", "name": "balance", "op": ">=", "value": 1_000})
    assert "segments.attribute_sealed" in huoke("segment", "count", rule, "--basis", "法务意见 2026-03", exit_code=2)
    assert "customers.bands" in huoke("tenant", "bands", "lisboa", "job", "1", exit_code=2)
    huoke("tenant", "bands", "lisboa", "balance", "0", "500", "1000", "2000", "5000", "10000")


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
    why = ask(huoke, "explain", str(first_out), segment_id)
    assert (why["member"], bool(why["flips"])) == (False, True)


def test_deposit_facts_are_refused_without_a_registered_basis(huoke, bank, frame):
    rule = json.dumps({"kind": "attr", "name": "balance", "op": ">=", "value": 1_000})
    assert "segments.deposit_selection" in huoke("segment", "count", rule, exit_code=2)
    found = ask(huoke, "segment", "count", rule, "--basis", "法务意见 2026-03")
    assert found["uses"][0]["deposit_path"] == ["balance"]
    assert found["total"] == int((frame["balance"] >= 1_000).sum()), "a band's edge divides exactly"
    exact = json.dumps({"kind": "attr", "name": "balance", "op": ">=", "value": 1_001})
    assert "segments.value" in huoke("segment", "count", exact, "--basis", "法务意见 2026-03", exit_code=2)


@pytest.fixture(scope="module")
def campaign_id(huoke, bank):
    """A campaign over the saved segment, approved by two others than its maker."""
    huoke("campaign", "prepare", str(EXAMPLES / "coffee.benefit.json"), "--as", "bea")
    benefit = ["--sku", "COAST-CUP-M", "--stock", "15000", "--budget", "营销费用", "--budget-yuan", "300000"]
    file = str(EXAMPLES / "coffee.campaign.json")
    return huoke("campaign", "create", file, "--segment", "25–45 岁职员", *benefit, "--days", "21").strip()


def test_a_campaign_is_approved_by_others_than_its_maker(huoke, campaign_id):
    reach = ask(huoke, "campaign", "check", campaign_id)["waterfall"]
    assert (reach["audience"], reach["no_consent"], reach["suppressed"]) == (15_288, 0, 0)
    assert "campaigns.wrong_state" in huoke("campaign", "approve", campaign_id, "--as", "carl", exit_code=2)
    huoke("campaign", "submit", campaign_id)
    assert "approvals.own_change" in huoke("campaign", "approve", campaign_id, exit_code=2)
    assert "approvals.not_your_stage" in huoke("campaign", "approve", campaign_id, "--as", "dina", exit_code=2)
    assert huoke("campaign", "approve", campaign_id, "--as", "carl").strip() == "pending"
    assert huoke("campaign", "approve", campaign_id, "--as", "dina").strip() == "applied"


def test_it_runs_to_its_end_and_nobody_is_granted_twice(huoke, campaign_id):
    progress = ask(huoke, "campaign", "run", campaign_id)
    reached = progress["audience"] - progress["control"]
    assert progress["control"] == pytest.approx(1_529, abs=150), "a tenth by hash"
    assert (progress["granted"], progress["done"], progress["total"]) == (reached, reached, reached)
    assert ask(huoke, "campaign", "run", campaign_id)["granted"] == reached


@pytest.fixture(scope="module")
def acted(huoke, instance, environment, campaign_id):
    """Customers on their phones and a teller at the counter, over HTTP: (who asked: whether they claimed, redeemed)."""
    key = huoke("tenant", "key", "add", "lisboa", "Bank app", "--permission", "ticket.issue").strip()
    code = ask(huoke, "tenant", "staff", "add", "lisboa", "tom", "Tom", "--role", "teller")["code"]
    asked = ["1", "2", "6", "7", "10", "11", "12", "17", "26"]
    address = f"http://127.0.0.1:{instance.settings.web_port}"
    words = [address, "lisboa", "--key", key, "--teller", "tom", "--code", code, *asked]
    script = [sys.executable, str(EXAMPLES / "phone_and_counter.py"), *words]
    done = subprocess.run(script, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return (
        {line["customer_no"]: line["claimed"] for line in lines if "claimed" in line},
        [line["customer_no"] for line in lines if "redeemed" in line],
    )


async def test_what_customers_and_a_teller_did_is_what_the_report_and_sql_say(huoke, campaign_id, acted, books):
    claims, redeemed_by = acted
    claimed_by = [customer for customer, claimed in claims.items() if claimed]
    assert not claims["1"], "58 years old: not in the audience"
    assert not claims["17"], "whose education is unknown is in neither it nor its opposite"
    assert len(claimed_by) >= 2
    assert redeemed_by == claimed_by[:-1], "the last voucher stays on its phone"

    told = ask(huoke, "campaign", "report", campaign_id)
    assert (told["claimed"], told["redeemed"]) == (len(claimed_by), len(redeemed_by))
    rows = await books.fetch(
        "SELECT state, count(*), sum(amount_fen)::bigint AS fen FROM grants.grant"
        " WHERE offer_id IN (SELECT id FROM grants.offer WHERE source_id = $1) GROUP BY state",
        UUID(campaign_id),
    )
    counts = {row["state"]: row["count"] for row in rows}
    fen = {row["state"]: row["fen"] for row in rows}
    assert counts == {
        "reserved": told["granted"] - told["claimed"],
        "fulfilled": told["claimed"] - told["redeemed"],
        "used": told["redeemed"],
    }
    assert told["committed_fen"] == fen["used"] == len(redeemed_by) * COST_FEN
    assert told["reserved_fen"] == fen["reserved"] + fen["fulfilled"]
    assert told["limit_fen"] == told["available_fen"] + told["reserved_fen"] + told["committed_fen"] == 30_000_000
    assert (told["stock_used"], told["stock_reserved"]) == (counts["used"], counts["reserved"] + counts["fulfilled"])


async def test_the_statement_is_what_was_redeemed_and_what_the_ledger_owes(huoke, acted, books, tmp_path):
    _, redeemed_by = acted
    owed_fen = len(redeemed_by) * COST_FEN
    payable_fen = "SELECT sum(amount)::bigint FROM ledger.transfer WHERE kind = 'payable'"
    assert await books.fetch_value(payable_fen) == owed_fen
    now = datetime.now(CHINA)
    period = (f"{now - timedelta(days=1):%Y-%m-%d}", f"{now:%Y-%m-%d}")  # midnight may lie between redeeming and this
    time.sleep(IN_FLIGHT_SECONDS + 1)
    statement_id = huoke("statement", "create", "COAST", *period, "--as", "bea").strip()
    shown = ask(huoke, "statement", "show", statement_id, "--as", "bea")
    assert (shown["quantity"], shown["amount_fen"], shown["ledger_fen"]) == (len(redeemed_by), owed_fen, owed_fen)
    assert "statements.same_person" in huoke("statement", "confirm", statement_id, "--as", "bea", exit_code=2)
    assert huoke("statement", "confirm", statement_id, "--as", "ben").strip() == "confirmed"
    options = ("--as", "bea", "--format", "csv", "--lang", "en", "--out", str(tmp_path))
    written = Path(huoke("statement", "export", statement_id, *options).strip())
    rows = list(csv.reader(written.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[-1][-1] == f"{owed_fen / 100:.2f}"
