"""What may be known of real accounts: tags as code, an order and a rank, an answer for one client, how warm they are.

The commands of the second half of docs/berka.md, on the Berka data moved to end yesterday; skips without it.
"""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from huoke.govern import privacy, tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.tx import Database
from huoke.know import temperature
from tests.make import tags as make_tags
from tests.tour.test_berka import DATA, EXAMPLES, MISSING

BANK, AS = "praha-known", "jana"
CLIENTS = 5_369
BASIS = ("--purpose", "service", "--basis", "legal opinion 7/1994")
TAGS = str(EXAMPLES / "berka.tags.yaml")
SEGMENT = str(EXAMPLES / "berka.segment.json")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"needs berka_*.csv.gz: set HUOKE_DATA to the folder (lacks {MISSING})"),
]


@pytest.fixture(scope="module")
async def bank(instance):
    """The bank's database, ClickHouse, its number and the day before today."""
    privacy.unlock(instance.settings.key_path)
    database = await Database.connect(instance.settings.database_url, size_max=4)
    clickhouse = await ClickHouse.connect(instance.settings.clickhouse_url)
    yield database, clickhouse, database.clock.now().astimezone(CHINA).date() - timedelta(days=1)
    await clickhouse.close()
    await database.close()


@pytest.fixture(scope="module")
def posted(huoke, bank, tmp_path_factory):
    """Every posting with its owner, brought in by the commands of the first half; the last is of yesterday."""
    out = tmp_path_factory.mktemp("berka files")
    made = [sys.executable, str(EXAMPLES / "berka.py"), str(DATA), str(out), str(bank[2])]
    subprocess.run(made, check=True, capture_output=True)
    huoke("tenant", "open", BANK, "布拉格银行")
    huoke("tenant", "staff", "add", BANK, "jana", "Jana", "--role", "operator")
    for name in ("clients", "accounts", "loans", "transactions"):
        huoke("import", str(out / f"{name}.csv"), "--mapping", str(EXAMPLES / f"berka.{name}.mapping.json"))
    owner = pd.read_csv(out / "accounts.csv", dtype=str).set_index("account_id")["client_id"]
    rows = pd.read_csv(out / "transactions.csv", dtype=str, keep_default_na=False)
    return rows.assign(owner=rows["account_id"].map(owner), date=pd.to_datetime(rows["date"]))


@pytest.fixture(scope="module")
async def tagged(huoke, bank, posted):
    """The four tags, of a bank that reviews its tag files elsewhere; filled."""
    database, _, _ = bank
    tenant = await tenants.find_by_code(database, BANK)
    async with database.begin(tenant) as tx:
        await make_tags.without_approval(tx, allowed=True)
    huoke("tags", "apply", TAGS, "--note", "Berka")
    huoke("tags", "refresh", "--whole")
    return tenant


def within(posted, day, days):
    """The postings of the last `days` days, today included, though it has none."""
    return posted[posted["date"] > pd.Timestamp(day + timedelta(days=1)) - pd.Timedelta(days=days)]


def test_a_plan_says_what_would_change_and_after_applying_nothing_would(huoke, tagged, tmp_path):
    assert json.loads(huoke("tags", "plan", TAGS, "--json"))["same"] == 4
    changed = tmp_path / "changed.yaml"
    changed.write_text(Path(TAGS).read_text().replace("low: 20", "low: 25").replace("high: 20", "high: 25"))
    [step] = json.loads(huoke("tags", "plan", str(changed), "--json"))["steps"]
    assert (step["verb"], step["name"], len(step["fields"])) == ("change", "posted_90d", 1)


def test_tags_hold_whom_pandas_says_they_hold(huoke, bank, posted, tagged, tmp_path):
    number = within(posted, bank[2], 90).groupby("owner").size()
    cash = within(posted, bank[2], 30)
    expected = {
        ("posted_90d", "many"): int((number >= 20).sum()),
        ("posted_90d", "usual"): int(((number >= 10) & (number < 20)).sum()),
        ("cash_out_30d", "yes"): cash[cash["operation"] == "cash withdrawal"]["owner"].nunique(),
    }
    assert list(expected.values()) == [547, 378, 1_085]
    for (name, value), total in expected.items():
        rule = tmp_path / "rule.json"
        rule.write_text(json.dumps({"kind": "tag", "name": name, "op": "in", "value": [value]}))
        assert json.loads(huoke("segment", "count", str(rule), *BASIS, "--json"))["total"] == total


def test_an_order_and_a_rank_select_whom_pandas_selects(huoke, bank, posted, tagged):
    found = json.loads(huoke("segment", "count", SEGMENT, *BASIS, "--json"))
    lately = within(posted, bank[2], 90)
    number = lately.groupby("owner").size()
    fifth = next(least for least in range(40, 0, -1) if (number >= least).sum() >= len(number) / 5)
    came = lately[lately["operation"] == "from another bank"][["owner", "date"]]
    went = lately[lately["operation"] == "cash withdrawal"][["owner", "date"]]
    pairs = came.merge(went, on="owner", suffixes=("", "_out"))
    days = (pairs["date_out"] - pairs["date"]).dt.days
    inside = {most: set(pairs[(days >= 0) & (days <= most)]["owner"]) for most in (6, 7)}
    least, most = (len(who & set(number[number >= fifth].index)) for who in inside.values())
    assert least <= found["total"] <= most, (
        "a posting has no time of day: the seventh day counts by the order within a day"
    )


async def test_temperatures_are_read(bank, tagged):
    database, clickhouse, day = bank
    ran = await temperature.refresh(database, clickhouse, tagged, until=day)
    async with database.begin(tagged) as tx:
        shape = await temperature.shape(tx, clickhouse)
    assert (ran.customers, shape.customers, sum(shape.stages.values())) == (CLIENTS, CLIENTS, CLIENTS)
    assert shape.stages == {"cold": 4_162, "cool": 176, "warm": 948, "hot": 83}
