"""The phone pages in a real browser: both banks, both languages, small screens, without a script, double taps."""

import re

import pytest
from playwright.async_api import Page, expect

from huoke.app.h5.words import EN, ZH
from tests.e2e.tour import faults

pytestmark = pytest.mark.e2e

CRITICAL = ("critical", "serious")


def nobody_yet(place, bank: str) -> list[str]:
    """Customers who were granted nothing."""
    return [customer.no for customer in place.notes(bank).customers if customer.note == "还没有权益"]


def with_voucher(place, bank: str) -> list[str]:
    return [customer.no for customer in place.notes(bank).customers if customer.note == "有一张可使用"]


def entry(place, bank: str, name: str) -> str:
    return next(one.code for one in place.notes(bank).entries if one.name == name)


async def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


async def faults_of(page: Page) -> list[str]:
    """The rules a page breaks whose faults are critical or serious."""
    return [rule for rule, _ in await faults(page, *CRITICAL)]


@pytest.mark.parametrize(("language", "words"), [("zh-CN", ZH), ("en-US", EN)])
async def test_a_double_tap_is_one_benefit(place, language, words):
    number = nobody_yet(place, "binhai")[0 if words is ZH else 1]
    phone = await place.phone(language)
    await place.hand_over(phone, "binhai", number, "benefits")
    tickets = phone.locator(".list.available article.ticket")
    before = await tickets.count()
    had = await tickets.locator("a.pill").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    await place.hand_over(phone, "binhai", number, entry(place, "binhai", "周末出行立减"))
    button = phone.get_by_role("button", name=words["landing.claim"])
    await button.dblclick()
    await expect(phone.get_by_role("heading", name=words["claimed.title"], exact=True)).to_be_visible()
    await phone.goto(f"{place.web}/h5/binhai/benefits")
    await expect(tickets).to_have_count(before + 1)
    known = "".join(f":not([href='{link}'])" for link in had)
    await tickets.locator(f"a.pill{known}").click()
    await expect(phone.locator("#digits")).to_have_text(re.compile(r"\d{4} \d{4} \d{4}"))
    await phone.reload()
    await expect(phone.locator(".qr svg")).to_be_visible()


async def test_the_code_renews_without_loading_the_page(place):
    phone = await place.phone("zh-CN")
    await place.hand_over(phone, "shancheng", with_voucher(place, "shancheng")[0], "benefits")
    await phone.locator(".list.available a.pill").first.click()
    first = await phone.locator("#digits").text_content()
    loads: list[str] = []
    phone.on("load", lambda page: loads.append(page.url))
    await phone.locator("#renew").click()
    await expect(phone.locator("#digits")).not_to_have_text(first)
    await expect(phone.locator("#left")).to_have_text(re.compile("5[0-9]|60"))
    assert loads == []


async def test_everything_works_without_a_script(place):
    phone = await place.phone("zh-CN", java_script_enabled=False)
    await place.hand_over(phone, "shancheng", with_voucher(place, "shancheng")[1], "benefits")
    await phone.locator("label[for=t-expired]").click()
    await expect(phone.locator(".list.expired")).to_be_visible()
    await expect(phone.locator(".list.available")).to_be_hidden()
    await phone.locator("label[for=t-available]").click()
    await phone.locator(".list.available a.pill").first.click()
    await expect(phone.locator(".qr svg")).to_be_visible()


@pytest.mark.parametrize("bank", ["binhai", "shancheng"])
async def test_small_screens_and_assistive_readers_find_their_way(place, bank):
    phone = await place.phone("zh-CN", width=320)
    number = with_voucher(place, bank)[0]
    first = place.notes(bank).entries[0].code
    await place.hand_over(phone, bank, number, first)
    for path in (f"c/{first}", f"c/{first}/rules", "benefits", f"c/{first}?lang=en", "benefits?lang=en"):
        await phone.goto(f"{place.web}/h5/{bank}/{path}")
        assert await overflow(phone) <= 0, path
        assert await faults_of(phone) == [], path
    await phone.locator(".list.available a.pill").first.click()
    await expect(phone.locator("#digits")).to_be_visible()
    assert await overflow(phone) <= 0
    assert await faults_of(phone) == []
    await own_tags_and_personalisation(place, phone, bank)


async def own_tags_and_personalisation(place, phone: Page, bank: str) -> None:
    """What the bank noted is read, deleted and taken back; choosing is switched off and on again (rule P4)."""
    await phone.goto(f"{place.web}/h5/{bank}/choices?lang=zh")
    switch = phone.locator("#profiling .switch")
    await expect(switch).to_have_attribute("aria-checked", "true")
    await phone.locator("#profiling").get_by_role("link", name=ZH["noted"]).click()
    delete, restore = (phone.get_by_role("button", name=ZH[f"noted.{verb}"]) for verb in ("delete", "restore"))
    await expect(delete.first).to_be_visible()
    await phone.wait_for_load_state()
    had, gone = await delete.count(), await restore.count()
    name = await phone.locator("section.choice").first.get_attribute("id")
    assert await overflow(phone) <= 0
    assert await faults_of(phone) == []
    await phone.locator(f"#{name} button").click()
    await expect(restore).to_have_count(gone + 1)
    await expect(delete).to_have_count(had - 1)
    await expect(phone.locator(f"#{name}.idle")).to_be_visible()
    assert await overflow(phone) <= 0
    assert await faults_of(phone) == []
    await phone.wait_for_timeout(500)  # a tap sooner than that is the second of a double tap
    await phone.locator(f"#{name} button").click()
    await expect(restore).to_have_count(gone)
    await expect(delete).to_have_count(had)

    await phone.get_by_role("link", name=ZH["choices"]).last.click()
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "false")
    await phone.goto(f"{place.web}/h5/{bank}/noted?lang=en")
    await expect(phone.get_by_text(EN["noted.off"])).to_be_visible()
    assert await overflow(phone) <= 0
    assert await faults_of(phone) == []
    await phone.goto(f"{place.web}/h5/{bank}/choices?lang=zh")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "true")


async def test_a_phone_that_is_offline_is_told_and_loses_nothing(place):
    phone = await place.phone("zh-CN")
    place.watch.expected.append("ERR_INTERNET_DISCONNECTED")
    await place.hand_over(phone, "shancheng", with_voucher(place, "shancheng")[0], "benefits")
    await phone.context.set_offline(True)
    await expect(phone.get_by_role("alert")).to_contain_text(ZH["offline.title"])
    await phone.context.set_offline(False)
    await expect(phone.get_by_role("alert")).to_have_count(0)
