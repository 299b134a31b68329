"""A merchant's clerk on a phone: bound by the bank, in the store they chose, redeeming what that store accepts."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.console import LONG_MS, Console
from tests.e2e.tour import both_languages, stop
from tests.e2e.vouchers import redemptions_of, voucher
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

BANK = "binhai"
ROLE = "merchant-clerk"
BRAND, OTHER = "海岸咖啡", "湾区出行"
FOUND, DONE = ".found", ".verdict.done"
CAMERA = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ['qr_code'] }
  async detect() { return window.seen ? [{ rawValue: window.seen }] : [] }
}
navigator.mediaDevices.getUserMedia = async () => {
  const picture = document.createElement('canvas')
  picture.width = picture.height = 240
  const brush = picture.getContext('2d')
  setInterval(() => { brush.fillStyle = '#445'; brush.fillRect(0, 0, 240, 240) }, 50)
  return picture.captureStream(10)
}
"""
"""A camera and a reader of codes: the machine has neither."""


@both_languages(ROLE)
async def test_a_tour_of_a_clerks_day(place, language):
    words = Words(language)
    await the_bank_binds_them(place, words)
    page = await place.staff(BANK, ROLE, words, opened=False)
    await page.set_viewport_size({"width": 390, "height": 844})
    clerk = Console(page, words, place.web)
    await clerk.go("/counter")
    store = page.locator(".choose-store li button").first
    name = await store.locator("b").inner_text()
    await stop(page, ROLE, 1, "stores")
    await store.click()
    await expect(page.locator("#counter-code")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name=re.compile(f"^{re.escape(name)}"))).to_be_visible()
    await stop(page, ROLE, 2, "ready")
    await redeem(place, clerk, language)
    await what_is_used_elsewhere(place, clerk, language)
    await with_the_camera(place, clerk, language)
    await the_stores_day(clerk, name)


async def the_bank_binds_them(place, words: Words) -> None:
    """The buyer takes the clerk out of the first store, takes that back, and sees them in it."""
    buyer = await place.console(BANK, "buyer", words)
    page = buyer.page
    await buyer.go("/merchants?tab=stores")
    await page.get_by_label(words("merchant.searchStore")).fill("HAIAN-S1")
    row = page.locator("main tbody tr")
    await expect(row).to_have_count(1, timeout=LONG_MS)
    await row.get_by_role("button").first.click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_role("button", name=words("clerk.unbind")).first.click()
    await expect(drawer.get_by_text(words("clerk.none"))).to_be_visible()
    await page.get_by_role("button", name=words("clerk.back"), exact=True).click()
    await expect(drawer.get_by_role("button", name=words("clerk.unbind")).first).to_be_visible()
    await page.context.close()


async def redeem(place, clerk: Console, language: str) -> None:
    """Typed on the phone; two quick taps redeem once, in the store."""
    page = clerk.page
    coffee = await voucher(place, BANK, BRAND, language)
    await page.locator("#counter-code").fill(await coffee.code())
    await clerk.button("counter.look").click()
    await expect(page.locator(FOUND)).to_contain_text(coffee.name)
    await expect(page.locator(FOUND)).not_to_contain_text(coffee.customer_no)
    await stop(page, ROLE, 3, "found")
    await page.locator(".redeem").dblclick()
    await expect(page.locator(DONE)).to_contain_text(coffee.title)
    await stop(page, ROLE, 4, "done")
    [row] = await redemptions_of(place, coffee.grant_id)
    assert (row["way"], row["undone_at"]) == ("store", None)


async def what_is_used_elsewhere(place, clerk: Console, language: str) -> None:
    """Another brand's voucher: not here, and where instead; nothing happens to it."""
    page, words = clerk.page, clerk.words
    other = await voucher(place, BANK, OTHER, language)
    await page.locator("#counter-code").fill(await other.code())
    await clerk.button("counter.look").click()
    await expect(page.locator(FOUND)).to_contain_text(words("problem.merchants_not_accepted_here"))
    await expect(page.locator(".where")).to_contain_text(words("counter.counters"))
    await expect(page.locator(".redeem")).to_have_count(0)
    await stop(page, ROLE, 5, "elsewhere")
    await page.locator(".decide").get_by_role("button").click()
    assert await redemptions_of(place, other.grant_id) == []


async def with_the_camera(place, clerk: Console, language: str) -> None:
    """A device without a camera says so; one that has one redeems what it sees."""
    page, words = clerk.page, clerk.words
    await page.get_by_role("button", name=words("counter.camera.open")).click()
    await expect(page.locator(".camera")).to_contain_text(words("counter.camera.noCamera"))
    await page.add_init_script(CAMERA)
    await page.reload()
    await page.get_by_role("button", name=words("counter.camera.open")).click()
    await expect(page.locator(".camera video")).to_be_visible()
    coffee = await voucher(place, BANK, BRAND, language)
    await page.evaluate("code => { window.seen = 'HUOKE:R:' + code }", await coffee.code())
    await expect(page.locator(FOUND)).to_contain_text(coffee.title)
    await expect(page.locator(".camera")).to_have_count(0)
    await page.locator(".redeem").click()
    await expect(page.locator(DONE)).to_be_visible()


async def the_stores_day(clerk: Console, name: str) -> None:
    """This store's day, and not the other's; narrow, in the dark."""
    page, words = clerk.page, clerk.words
    rows = page.locator(".counter table tbody tr")
    await expect(rows.first).to_contain_text(name)
    await expect(rows.nth(1)).to_contain_text(name, timeout=LONG_MS)
    await page.locator(".day-totals").evaluate("part => part.scrollIntoView()")
    await stop(page, ROLE, 6, "day")
    await page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).click()
    other = page.locator(".choose-store li button").nth(1)
    its_name = await other.locator("b").inner_text()
    await other.click()
    its_own = page.get_by_text(words("counter.noneToday")).or_(rows.filter(has_text=its_name)).first
    await expect(its_own).to_be_visible(timeout=LONG_MS)
    await expect(rows.filter(has_text=name)).to_have_count(0)
    await page.evaluate("localStorage.setItem('huoke.theme', 'dark')")
    await page.set_viewport_size({"width": 320, "height": 800})
    await page.reload()
    await expect(its_own).to_be_visible(timeout=LONG_MS)
    await expect(rows.filter(has_text=name)).to_have_count(0)
    await stop(page, ROLE, 7, "narrow")
