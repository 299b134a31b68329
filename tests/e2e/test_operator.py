"""An operator's day: a campaign from a template through every step, its life, the calendar, and what one changed."""

import re
from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from tests.e2e.campaigns import decide
from tests.e2e.console import LONG_MS, Console
from tests.e2e.tour import both_languages, settled, stop
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

BANK = "binhai"
ROLE = "operator"
TEMPLATE = {"zh-CN": "睡眠卡唤醒", "en": "Wake a dormant card"}
BENEFIT = {"zh-CN": "海岸咖啡 中杯券", "en": "Coast Coffee, medium cup"}


@both_languages(ROLE)
async def test_a_tour_of_an_operators_day(place, tmp_path, language):
    words = Words(language)
    operator = Console(await place.staff(BANK, ROLE, words), words, place.web)
    await stop(operator.page, ROLE, 1, "home")
    await through_the_wizard(operator, language)
    campaign_id = re.findall(r"/campaigns/([0-9a-f-]{36})", operator.page.url)[0]
    await stop(operator.page, ROLE, 10, "waits")
    change_id = (await operator.api("GET", f"/v1/campaigns/{campaign_id}"))["change_id"]
    for login in ("consumer-reviewer", "approver"):
        await decide(await place.console(BANK, login, words), change_id, "approve")
    await its_life(operator, campaign_id)
    await the_calendar(operator)
    await what_one_changed(operator, tmp_path)
    await a_cell_of_the_grid(operator)


async def through_the_wizard(operator: Console, language: str) -> None:
    """From the gallery of templates to the submitted campaign; every step is looked at."""
    page, words = operator.page, operator.words
    await operator.turn_to("/campaigns/new")
    await stop(page, ROLE, 2, "templates")
    card = page.locator("li.template").filter(has_text=TEMPLATE[language])
    await card.get_by_role("button", name=words("template.use"), exact=True).click()
    await page.wait_for_url(re.compile(r"/campaigns/[0-9a-f-]{36}/edit"), timeout=LONG_MS)
    await operator.field("campaign.name").fill(f"{TEMPLATE[language]} {datetime.now(UTC):%H%M%S}")
    await stop(page, ROLE, 3, "goal")
    await operator.step("audience")
    await expect(page.locator(".waterfall b").first).to_have_text(re.compile(r"[1-9]"), timeout=LONG_MS)
    await stop(page, ROLE, 4, "audience")
    await operator.step("benefit")
    await operator.choose(operator.field("campaign.sku"), BENEFIT[language])
    await operator.number("campaign.stock", 200)
    await operator.choose(operator.field("campaign.payer"), re.compile("2026"))
    await operator.number("campaign.budget", 4_000)
    await expect(page.locator(".figure.gold")).to_contain_text(re.compile(r"[1-9]"), timeout=LONG_MS)
    await stop(page, ROLE, 5, "benefit")
    await operator.step("page")
    await stop(page, ROLE, 6, "page")
    await operator.step("message")
    await operator.window()
    await expect(page.locator(".sms p").first).to_contain_text("【", timeout=LONG_MS)
    await stop(page, ROLE, 7, "message")
    await operator.step("rollout")
    await expect(page.locator(".plan-sizes li").first).to_be_visible(timeout=LONG_MS)
    await stop(page, ROLE, 8, "rollout")
    await operator.step("check")
    await expect(operator.button("campaign.submit")).to_be_enabled(timeout=LONG_MS)
    await stop(page, ROLE, 9, "check")
    await operator.submit()


async def its_life(operator: Console, campaign_id: str) -> None:
    """The first step of the release is granted; then it is paused with a reason, and goes on."""
    page, words = operator.page, operator.words
    await operator.go(f"/campaigns/{campaign_id}?tab=board")
    await expect(page.locator(".funnel li .figure").nth(1)).to_have_text(re.compile(r"^[1-9]"), timeout=LONG_MS)
    await stop(page, ROLE, 11, "board")
    for verb, reason in (("pause", "等待供应商补货"), ("resume", "货已补齐，继续")):
        await operator.button(f"campaign.verbs.{verb}").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label(words("audit.reason")).fill(reason)
        if verb == "pause":
            await stop(page, ROLE, 12, "pause")
        await dialog.get_by_role("button", name=words(f"campaign.verbs.{verb}"), exact=True).click()
        await expect(dialog).to_be_hidden(timeout=LONG_MS)
        state = (await operator.api("GET", f"/v1/campaigns/{campaign_id}"))["state"]
        assert state == {"pause": "paused", "resume": "running"}[verb]


async def the_calendar(operator: Console) -> None:
    page = operator.page
    await operator.turn_to("/campaigns/calendar")
    await expect(page.locator(".calendar-bar-item").first).to_be_visible(timeout=LONG_MS)
    await stop(page, ROLE, 13, "calendar")


async def what_one_changed(operator: Console, folder) -> None:
    """A finished campaign with a control group: the effect, and the one page about it."""
    page, words = operator.page, operator.words
    ended = (await operator.api("GET", "/v1/campaigns?status=ended&limit=50"))["items"]
    told = [await operator.api("GET", f"/v1/campaigns/{one['id']}/effect") for one in ended]
    shown = next(one for one in told if one["effect"]["verdict"] in ("raised", "no_difference_seen"))
    await operator.turn_to(f"/campaigns/{shown['campaign_id']}?tab=effect")
    await expect(operator.button("paper.make")).to_be_visible(timeout=LONG_MS)
    await settled(page)
    await stop(page, ROLE, 14, "effect")
    await operator.button("paper.make").click()
    async with page.expect_download(timeout=LONG_MS) as waiting:
        await page.get_by_role("menuitem", name=words("paper.pdf")).click()
    file = folder / "effect.pdf"
    await (await waiting.value).save_as(file)
    assert file.read_bytes().startswith(b"%PDF-")


async def a_cell_of_the_grid(operator: Console) -> None:
    """The largest cell, its moves and tags, and a segment of its customers that counts as many."""
    page, words = operator.page, operator.words
    found = await operator.api("GET", "/v1/grid")
    largest = max(found["cells"], key=lambda cell: cell["customers"] or 0)
    await operator.turn_to("/grid")
    await page.locator(f'[data-cell="{largest["cell"]}"]').click()
    panel = page.locator(".cell-panel")
    await expect(panel.locator(".cell-count b")).to_have_text(f"{largest['customers']:,}", timeout=LONG_MS)
    await expect(panel.locator(".flow-picture")).to_be_visible()
    await panel.get_by_role("button", name=words("grid.segment"), exact=True).click()
    await page.get_by_label(words("segment.basis"), exact=True).fill("客户分层服务管理办法")
    await page.get_by_role("button", name=words("grid.makes.segment"), exact=True).click()
    await page.wait_for_url(re.compile(r"/segments/[0-9a-f-]{36}"), timeout=LONG_MS)
    await expect(page.locator(".figure").first).to_contain_text(re.compile(r"^[\d,]+\D"), timeout=LONG_MS)
