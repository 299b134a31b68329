"""A day at the service desk: find, explain, write again, say why not, compensate with another's approval, close."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.console import LONG_MS, Console
from tests.e2e.tour import both_languages, stop
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

BANK = "binhai"
ROLE = "service-desk"
REASON = {"zh-CN": "门店设备故障，客户未取到商品", "en": "The machine failed; nothing was handed over"}
TITLE = {"zh-CN": "到店没有领到咖啡", "en": "Came to the store, got no coffee"}
NOTED = {"zh-CN": "已告知客户权益在“我的权益”里。", "en": "Told the customer to look under My benefits."}


async def find(desk: Console, text: str) -> None:
    await desk.page.locator("#desk-text").fill(text)
    await desk.page.keyboard.press("Enter")


async def somebody(desk: Console) -> tuple[str, str]:
    """Customer number and benefit of a customer of the demo who can use one and never came to the desk."""
    for row in (await desk.api("GET", "/v1/customers?limit=100"))["items"]:
        if (await desk.api("GET", f"/v1/cases?seq={row['seq']}"))["items"]:
            continue
        for benefit in (await desk.api("GET", f"/v1/customers/{row['seq']}/benefits"))["items"]:
            if benefit["state"] == "fulfilled" and benefit["handover"] == "counter":
                return row["customer_no"], benefit["id"]
    raise AssertionError("the demo has nobody who can use a benefit")


async def choose(desk: Console, dialog: Locator, key: str, text: str | re.Pattern[str]) -> None:
    await desk.choose(dialog.get_by_label(desk.words(key)), text)


@both_languages(ROLE)
async def test_a_tour_of_a_day_at_the_service_desk(place, language):
    words = Words(language)
    place.watch.expected += ["Failed to load resource"]
    desk = Console(await place.staff(BANK, ROLE, words), words, place.web)
    page = desk.page
    await stop(page, ROLE, 1, "home")
    customer_no, grant_id = await somebody(desk)

    await page.get_by_role("navigation", name=words("shell.menu")).get_by_role("link", name=words("menu.desk")).click()
    await expect(page.locator("#desk-text")).to_be_focused()
    await find(desk, "999999999999")
    await expect(page.get_by_text(words("desk.nobody"))).to_be_visible(timeout=LONG_MS)
    await stop(page, ROLE, 2, "nobody")

    await find(desk, grant_id)
    await page.wait_for_url(re.compile(rf"/desk/customers/\d+\?grant={grant_id}"), timeout=LONG_MS)
    await expect(page.locator("h1")).to_contain_text("*")
    await expect(page.locator(".aloud blockquote")).to_be_visible()
    await stop(page, ROLE, 3, "story")

    await write_again(desk, language)
    await why_not(desk)
    change = await compensate(desk, grant_id, language)
    await approve(place, words, change)
    await close(desk, language)
    await narrow_and_dark(desk, customer_no)


async def write_again(desk: Console, language: str) -> None:
    """A case is opened on the way; a number in it is refused; the message goes out and its receipt comes back."""
    page, words = desk.page, desk.words
    await desk.button("desk.acts.link").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(words("desk.reason")).fill(REASON[language])
    await choose(desk, dialog, "desk.kind", words("desk.caseKinds.not_received"))
    await dialog.get_by_label(words("desk.caseTitle")).fill("13812345678")
    send = dialog.get_by_role("button", name=words("desk.acts.link"))  # "loading" may stand before its words
    await send.click()
    await expect(dialog.get_by_role("alert")).to_contain_text(words("problem.care_personal_text"))
    await dialog.get_by_label(words("desk.caseTitle")).fill(TITLE[language])
    await send.click()
    await expect(dialog).to_be_hidden(timeout=LONG_MS)
    story = page.locator(".story")
    await expect(story).to_contain_text(REASON[language], timeout=LONG_MS)
    await stop(page, ROLE, 4, "sent")


async def why_not(desk: Console) -> None:
    """A campaign by name: every condition, and a sentence to read out; never a word on control groups."""
    page, words = desk.page, desk.words
    here = page.url
    await page.get_by_role("tab", name=words("desk.why")).click()
    await desk.choose(page.get_by_label(words("desk.whichCampaign")), "冬日咖啡季")
    await expect(page.locator(".conditions li").first).to_be_visible(timeout=LONG_MS)
    said = await page.locator("main").inner_text()
    assert "对照" not in said
    assert "control" not in said.lower()
    await stop(page, ROLE, 5, "why")
    await page.goto(here)


async def compensate(desk: Console, grant_id: str, language: str) -> str:
    """Asked for in the case that is open; returns the change that waits."""
    page, words = desk.page, desk.words
    await desk.button("desk.acts.compensate").click()
    dialog = page.get_by_role("dialog")
    await choose(desk, dialog, "desk.goodwill", re.compile("海岸咖啡"))
    await dialog.get_by_label(words("desk.reason")).fill(REASON[language])
    await stop(page, ROLE, 6, "compensate")
    await dialog.get_by_role("button", name=words("desk.acts.compensate"), exact=True).click()
    await expect(dialog).to_be_hidden(timeout=LONG_MS)
    cases = (await desk.api("GET", "/v1/cases?view=mine&status=open"))["items"]
    case = await desk.api("GET", f"/v1/cases/{next(one['id'] for one in cases if one['grant_id'] == grant_id)}")
    [asked] = [one for one in case["compensations"] if one["state"] == "submitted"]
    await desk.turn_to(f"/cases/{case['row']['id']}")
    return asked["change_id"]


async def approve(place, words: Words, change_id: str) -> None:
    """Somebody else sees benefit, cost, case, reason and limits, goes to the case and back, and approves."""
    checker = await place.console(BANK, "approver", words)
    await checker.go(f"/approvals/{change_id}")
    await expect(checker.page.locator("table.diff")).to_be_visible()
    await stop(checker.page, ROLE, 7, "approval")
    await checker.button("approval.whole").click()
    await checker.page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}"), timeout=LONG_MS)
    await checker.approve(change_id)


async def close(desk: Console, language: str) -> None:
    """The benefit is there; a contact is noted; the case ends with a word."""
    page, words = desk.page, desk.words
    await page.reload()
    await expect(page.locator("main")).to_contain_text(words("status.compensation.granted"), timeout=LONG_MS)
    await desk.button("desk.addNote").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(words("desk.body")).fill(NOTED[language])
    await dialog.get_by_role("button", name=words("action.save"), exact=True).click()
    await expect(dialog).to_be_hidden(timeout=LONG_MS)
    await expect(page.locator("main")).to_contain_text(NOTED[language], timeout=LONG_MS)
    await stop(page, ROLE, 8, "case")
    await desk.button("desk.close").click()
    await dialog.get_by_label(words("desk.outcome")).fill(NOTED[language])
    await dialog.get_by_role("button", name=words("desk.close"), exact=True).click()
    await expect(page.locator("main")).to_contain_text(words("status.case.closed"), timeout=LONG_MS)
    await desk.turn_to("/cases")
    await stop(page, ROLE, 9, "cases")


async def narrow_and_dark(desk: Console, customer_no: str) -> None:
    """The same on a narrow window in the dark, down to 320 px."""
    page = desk.page
    await page.evaluate("localStorage.setItem('huoke.theme', 'dark')")
    await page.set_viewport_size({"width": 390, "height": 844})
    await desk.go("/desk")
    await find(desk, customer_no)
    await page.wait_for_url(re.compile(r"/desk/customers/\d+"), timeout=LONG_MS)
    await stop(page, ROLE, 10, "narrow")
    await page.set_viewport_size({"width": 320, "height": 800})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
