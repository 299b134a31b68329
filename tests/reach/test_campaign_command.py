"""A campaign from the command line: from a benefit to the statement, each step by whoever may take it."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from huoke.govern import people
from huoke.govern.people import Role
from huoke.kernel.clock import CHINA
from huoke.reward import grants
from tests.make import campaigns as make
from tests.make import people as make_people
from tests.make.command_line import own_home

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
DRIVER = """
import contextlib, io, json, sys
from huoke.app.cli import app
from huoke.kernel.refusals import Refusal
for words in sys.stdin:
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            app(json.loads(words), exit_on_error=False, result_action="return_value")
        said = [0, out.getvalue().strip()]
    except Refusal as refusal:
        said = [2, refusal.code]
    print(json.dumps(said), flush=True)
"""


@pytest.fixture
def huoke(cluster, schema, tmp_path):
    """Run commands, in order, in one process: (code, what was printed or the refusal's code) for each."""
    known = own_home(cluster, tmp_path / "an instance")
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER],
        cwd=ROOT,
        env={**os.environ, **known},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as driver:

        def told(words):
            print(json.dumps(words), file=driver.stdin, flush=True)
            return tuple(json.loads(driver.stdout.readline()))

        yield lambda *commands: [told(words) for words in commands]
        driver.stdin.close()
        assert driver.wait() == 0


@pytest.fixture
async def logins(world):
    """Login of each role that the walk needs, and the bank's code."""
    async with world.begin() as tx:
        for role in (Role.OPERATOR, Role.BUYER, Role.CONSUMER_REVIEWER, Role.APPROVER):
            await make_people.staff(tx, role, login=f"cli-{role.value}")
        await make_people.staff(tx, Role.BUYER, login="cli-second")
        assert await people.staff.by_login(tx, "cli-second")
        return await tx.fetch_value("SELECT code FROM tenants.tenant WHERE id = $1", world.tenant)


async def test_the_walk_from_a_benefit_to_a_statement(world, huoke, logins, clock, tmp_path):
    def by(role, *words):
        return (*words, "--bank", logins, "--as", f"cli-{role}")

    clock.set(datetime.now(CHINA))
    draft = tmp_path / "campaign.json"
    told = json.loads((EXAMPLES / "coffee.campaign.json").read_text())
    draft.write_text(json.dumps({**told, "control_percent": 0, "segment_id": str(world.segment_id)}))
    benefit = str(EXAMPLES / "coffee.benefit.json")
    prepared, again, forbidden, created = huoke(
        by("buyer", "campaign", "prepare", benefit, "--json"),
        by("buyer", "campaign", "prepare", benefit, "--json"),
        by("operator", "campaign", "prepare", benefit),
        by("operator", "campaign", "create", str(draft), "--sku", "COAST-CUP-M", "--budget", "营销费用", "--days", "7"),
    )
    assert forbidden == (2, "permission.missing")
    assert prepared == again
    assert json.loads(prepared[1])["budget_id"] == str(world.budget_id), "there is one of that name already"
    code, campaign_id = created
    assert code == 0, campaign_id
    submitted, own, first, second, ran, told = huoke(
        by("operator", "campaign", "submit", campaign_id),
        by("operator", "campaign", "approve", campaign_id),
        by("consumer_reviewer", "campaign", "approve", campaign_id),
        by("approver", "campaign", "approve", campaign_id),
        by("operator", "campaign", "run", campaign_id, "--json"),
        by("operator", "campaign", "report", campaign_id, "--json"),
    )
    assert (submitted[0], own, first, second) == (0, (2, "permission.missing"), (0, "pending"), (0, "applied"))
    assert json.loads(ran[1])["granted"] == 59
    assert json.loads(told[1])["reserved_fen"] == 59 * 1_980
    clock.set(datetime.now(CHINA))
    [claimed] = await make.claim(world, UUID(campaign_id), world.seqs[0])
    assert isinstance(claimed, grants.Claimed), claimed
    clock.set(datetime.now(CHINA) - timedelta(seconds=10))
    [redeemed] = await make.redeem(world, claimed.grant_id)
    assert isinstance(redeemed, grants.Redeemed), redeemed
    today = f"{clock.now():%Y-%m-%d}"
    [(code, statement_id)] = huoke(by("buyer", "statement", "create", "COAST", today, today))
    assert code == 0, statement_id
    shown, own, confirmed, exported = huoke(
        by("buyer", "statement", "show", statement_id, "--json"),
        by("buyer", "statement", "confirm", statement_id),
        by("second", "statement", "confirm", statement_id),
        by("buyer", "statement", "export", statement_id, "--format", "csv", "--out", str(tmp_path)),
    )
    found = msgspec.json.decode(shown[1])
    assert (found["amount_fen"], found["ledger_fen"], found["quantity"]) == (1_980, 1_980, 1)
    assert (own, confirmed) == ((2, "statements.same_person"), (0, "confirmed"))
    assert "秋日咖啡季" in Path(exported[1]).read_text(encoding="utf-8-sig")
