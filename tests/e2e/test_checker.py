"""A checker's day: the queue, a change field by field, its simulation and rules; sent back once, then approved."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from tests.e2e.campaigns import decide, submitted
from tests.e2e.console import LONG_MS, Console
from tests.e2e.tour import both_languages, stop
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

BANK = "binhai"
ROLE = "checker"
NAMES = {"zh-CN": "久别重逢咖啡", "en": "Coffee for those who were away"}


@both_languages(ROLE)
async def test_a_tour_of_a_checkers_day(place, language):
    words = Words(language)
    operator = await place.console(BANK, "operator", words)
    campaign = await submitted(operator, f"{NAMES[language]} {datetime.now(UTC):%H%M%S}")
    reviewer = Console(await place.staff(BANK, "consumer-reviewer", words), words, place.web)
    await stop(reviewer.page, ROLE, 1, "home")
    await the_queue(reviewer, campaign["draft"]["name"])
    await sent_back(reviewer, operator, campaign)
    again = await operator.api("POST", f"/v1/campaigns/{campaign['id']}/submission")
    assert again["change_id"] != campaign["change_id"]
    await approved(reviewer, again["change_id"])
    approver = await place.console(BANK, "approver", words)
    await decide(approver, again["change_id"], "approve")
    await reviewer.go(f"/approvals/{again['change_id']}")
    await expect(reviewer.page.locator("ol.steps li[data-state=done]")).to_have_count(4, timeout=LONG_MS)
    await stop(reviewer.page, ROLE, 7, "in-effect")
    found = await operator.api("GET", f"/v1/campaigns/{campaign['id']}")
    assert found["state"] == "running"


async def the_queue(reviewer: Console, name: str) -> None:
    """What waits for this person, and the change that came in last."""
    page = reviewer.page
    await reviewer.turn_to("/approvals?view=to_decide")
    row = page.get_by_role("row").filter(has_text=name)
    await expect(row).to_be_visible(timeout=LONG_MS)
    await stop(page, ROLE, 2, "queue")
    await row.click()
    await expect(page.locator("table.diff")).to_be_visible(timeout=LONG_MS)
    await stop(page, ROLE, 3, "fields")
    await page.get_by_role("heading", name=reviewer.words("approval.simulation")).scroll_into_view_if_needed()
    await stop(page, ROLE, 4, "simulation")


async def sent_back(reviewer: Console, operator: Console, campaign: dict) -> None:
    """A word to the maker is needed; then it is the maker's draft again, and the word stands on it."""
    page, words = reviewer.page, reviewer.words
    button = reviewer.button("approval.verdicts.return")
    await expect(button).to_be_disabled()
    await page.get_by_label(words("approval.comment")).fill("英文规则请补充门店范围")
    await stop(page, ROLE, 5, "send-back")
    await button.click()
    await expect(page.locator("ol.steps li[data-state=no]").first).to_be_visible(timeout=LONG_MS)
    found = await operator.api("GET", f"/v1/campaigns/{campaign['id']}")
    assert (found["state"], found["offer_id"]) == ("draft", None)


async def approved(reviewer: Console, change_id: str) -> None:
    """Approving opens with the last field that is ticked."""
    page = reviewer.page
    await reviewer.turn_to(f"/approvals/{change_id}")
    approve = reviewer.button("approval.verdicts.approve")
    await expect(approve).to_be_disabled(timeout=LONG_MS)
    boxes = page.locator("table.diff input[type=checkbox]")
    for place in range(await boxes.count()):
        await boxes.nth(place).check()
    await expect(approve).to_be_enabled()
    await approve.scroll_into_view_if_needed()
    await stop(page, ROLE, 6, "ticked")
    await approve.click()
    await expect(approve).to_be_hidden(timeout=LONG_MS)
