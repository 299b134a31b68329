"""A customer whole: who they are and by what evidence, what they hold, an amount shown against a reason, two joined."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.console import Console
from tests.e2e.tour import critical_faults, settled
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

BANK = "binhai"


@pytest.mark.parametrize("language", ["zh-CN"])
async def test_a_customer_whole_and_two_who_are_one(place, language):
    words = Words(language)
    console = Console(await place.staff(BANK, "operator", words), words, place.web)
    page = console.page
    await page.goto(f"{place.web}/console/customers")
    await settled(page)
    await page.locator("tbody a.name").nth(3).click()
    await settled(page)
    evidence = page.locator(".evidence > li")
    await expect(evidence.first).to_contain_text(words("identity.kinds.customer_no"))
    own = await evidence.first.locator("b").inner_text()

    lines = page.locator(".timeline > li")
    await expect(lines.first).to_be_visible()
    await page.get_by_text(words("timeline.filters.profile"), exact=True).click()
    await expect(page.locator(".timeline > li .mark").first).to_have_attribute("data-of", "profile")
    await page.get_by_role("button", name=words("timeline.asOf")).click()
    stood = page.get_by_role("dialog")
    await expect(stood).to_contain_text(words("customer.unit"))
    await page.keyboard.press("Escape")
    await expect(stood).to_be_hidden()

    accounts = page.get_by_role("table").first
    await expect(accounts).to_contain_text(re.compile(r"\*{4}\d{4}"))
    await expect(accounts).to_contain_text("****")
    assert await critical_faults(page) == []
    await page.set_viewport_size({"width": 390, "height": 844})
    wider = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, f"{wider} px wider than its window"
    await page.set_viewport_size({"width": 1440, "height": 1000})

    await page.get_by_role("button", name=words("identity.merge"), exact=True).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(words("identity.other")).fill(own)
    await dialog.get_by_label(words("identity.reason")).fill("同一身份证件")
    await dialog.get_by_role("button", name=words("identity.ask")).click()
    await expect(dialog).to_contain_text(words("identity.notFound"))
    await dialog.get_by_label(words("identity.other")).fill(str(int(own) + 1))
    await dialog.get_by_role("button", name=words("identity.ask")).click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_text(words("identity.waiting"))).to_be_visible()

    await page.goto(f"{place.web}/console/identity-matches")
    await settled(page)
    assert await critical_faults(page) == []
