"""The walk of the whole floor: import, segment, campaign, approval by others, run, claim, redeem, board, statement."""

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec
import pytest
from playwright.async_api import Page, expect

from huoke.app.h5.words import EN, ZH
from tests.e2e.console import LONG_MS, Console
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

CUSTOMERS = 60


class Case(msgspec.Struct, frozen=True):
    """One bank walked in one language."""

    language: str
    bank: str
    sku: str
    supplier: str
    age: str
    job: str


CASES = [
    Case("zh-CN", "binhai", "海岸咖啡 中杯券", "海岸咖啡连锁", "年龄", "职业"),
    Case("en", "shancheng", "River cableway, one way", "Cableway Tours", "Age", "Occupation"),
]


def customers_file(folder: Path, job: str) -> tuple[Path, list[str]]:
    """Sixty walkers aged 20 … 79 of a job nobody else has; the file, and the numbers of those aged 50 and over."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["客户号", "姓名", "手机号", "证件号", "机构号", "age", "job"])
    for n in range(CUSTOMERS):
        writer.writerow([f"W{job[-4:]}{n:04d}", f"行{n}", f"121{n:08d}", f"98{job[-4:]}{n:012d}", "HO", 20 + n, job])
    file = folder / "walkers.csv"
    file.write_text(out.getvalue())
    return file, [f"W{job[-4:]}{n:04d}" for n in range(CUSTOMERS) if 20 + n >= 50]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.language)
async def test_the_whole_floor(place, tmp_path, case):
    words = Words(case.language)
    job = f"walker{datetime.now(UTC):%H%M%S}"
    file, members = customers_file(tmp_path, job)

    operator = await place.console(case.bank, "operator", words)
    await operator.import_customers(file)
    conditions = [(case.job, "segment.op.in", job), (case.age, "segment.op.atLeast", "50")]
    await operator.save_segment(f"Walk {job}", conditions, len(members))
    expression = {
        "kind": "all",
        "of": [
            {"kind": "attr", "name": "job", "op": "in", "value": [job]},
            {"kind": "attr", "name": "age", "op": ">=", "value": 50},
        ],
    }
    counted = await operator.api("POST", "/v1/segments/count", {"expression": expression})
    assert counted["total"] == len(members)

    name = f"Walk {job}"
    campaign_id = await operator.draft_campaign(name, segment=name, sku=case.sku, stock=50, budget_yuan=2_000)
    await operator.submit()
    campaign = await operator.api("GET", f"/v1/campaigns/{campaign_id}")
    await own_check_is_refused(operator, campaign["change_id"])
    for login in ("consumer-reviewer", "approver"):
        checker = await place.console(case.bank, login, words)
        await checker.approve(campaign["change_id"])

    await operator.go(f"/campaigns/{campaign_id}?tab=board")
    board = operator.page.locator(".funnel")
    await expect(board).to_contain_text(str(len(members)), timeout=LONG_MS)
    campaign = await operator.api("GET", f"/v1/campaigns/{campaign_id}")
    assert campaign["progress"]["granted"] == len(members)

    phone = await place.phone("zh-CN" if case.language == "zh-CN" else "en-US")
    code = await claim_on(place, phone, case, campaign["entry_code"], members[0], operator)
    teller = await place.console(case.bank, "teller", words)
    await teller.go("/counter")
    await teller.redeem(code)
    said = ZH if case.language == "zh-CN" else EN
    await expect(phone.get_by_role("heading", name=said["redeemed.title"])).to_be_visible()
    await teller.undo("walk: wrong customer")
    await phone.reload()
    await teller.redeem((await phone.locator("#digits").text_content() or "").replace(" ", ""))
    await expect(phone.get_by_role("heading", name=said["redeemed.title"])).to_be_visible()

    await board_equals_sql(place, operator, campaign_id, len(members))
    buyer = await place.console(case.bank, "buyer", words)
    await buyer.make_statement(case.supplier)


async def own_check_is_refused(operator: Console, change_id: str) -> None:
    """The maker sees why they cannot decide, and the API says the same."""
    await operator.turn_to(f"/approvals/{change_id}")
    await expect(operator.page.locator("table.diff")).to_be_visible()
    await expect(operator.button("approval.verdicts.approve")).to_have_count(0)
    change = await operator.api("GET", f"/v1/approvals/{change_id}")
    assert "decide" not in change["can"]
    assert change["why_not"]


async def claim_on(place, phone: Page, case: Case, entry: str, customer_no: str, operator: Console) -> str:
    """Landing, claim, wallet, code; the bank's own backend hands the walker over."""
    said = ZH if case.language == "zh-CN" else EN
    ticket = await issue_ticket(place, case.bank, customer_no, entry)
    await phone.goto(f"{place.web}/h5/{case.bank}/enter?ticket={ticket}")
    assert phone.url == f"{place.web}/h5/{case.bank}/c/{entry}"
    await phone.get_by_role("button", name=said["landing.claim"]).click()
    await expect(phone.get_by_role("heading", name=said["claimed.title"], exact=True)).to_be_visible()
    await phone.goto(f"{place.web}/h5/{case.bank}/benefits")
    await phone.locator(".list.available a.pill").first.click()
    return (await phone.locator("#digits").text_content() or "").replace(" ", "")


async def issue_ticket(place, bank: str, customer_no: str, entry: str) -> str:
    """As the bank's backend does: with its API key."""
    from huoke.app.demo.bank_app import ask_ticket

    return ask_ticket(place.settings.web_port, place.notes(bank).api_key, customer_no, entry)


async def board_equals_sql(place, operator: Console, campaign_id: str, granted: int) -> None:
    """The live board, the API behind it and the rows in PostgreSQL say the same."""
    connection = await asyncpg.connect(place.settings.database_owner_url)
    try:
        row = await connection.fetchrow(
            "SELECT count(*) AS granted, count(claimed_at) AS claimed,"
            " count(*) FILTER (WHERE g.state = 'used') AS redeemed"
            " FROM grants.grant g JOIN grants.offer o ON o.tenant_id = g.tenant_id AND o.id = g.offer_id"
            " WHERE o.source_id = $1",
            campaign_id,
        )
    finally:
        await connection.close()
    assert dict(row) == {"granted": granted, "claimed": 1, "redeemed": 1}
    await operator.go(f"/campaigns/{campaign_id}?tab=board")
    figures = operator.page.locator(".funnel li .figure")
    for place_, expected in enumerate((granted, row["granted"], row["claimed"], row["redeemed"])):
        await expect(figures.nth(place_)).to_have_text(re.compile(rf"^{expected}\D"), timeout=LONG_MS)
