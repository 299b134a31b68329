"""A teller's day: scan, redeem, scan twice, lose the network and the answer, undo, two tabs, a gift, the day's list."""

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.console import LONG_MS, Console
from tests.e2e.tour import both_languages, stop
from tests.e2e.vouchers import redemptions_of, voucher
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

BANK = "binhai"
ROLE = "teller"
FOUND, DONE, REFUSED, ASKING = ".found", ".verdict.done", ".verdict.refused", ".verdict.asking"


async def scan(page: Page, code: str) -> None:
    """As a scanner gun does: the QR code's text and Enter, as keys, wherever the focus is."""
    await page.bring_to_front()
    await page.keyboard.type(f"HUOKE:R:{code}")
    await page.keyboard.press("Enter")


@both_languages(ROLE)
async def test_a_tour_of_a_tellers_day(place, language):
    words = Words(language)
    place.watch.expected += ["Failed to load resource"]
    teller = Console(await place.staff(BANK, ROLE, words, moving=True), words, place.web)
    page = teller.page
    await stop(page, ROLE, 1, "home")
    await page.get_by_role("link", name=words("menu.counter")).first.click()
    await expect(page.locator("#counter-code")).to_be_focused()
    await stop(page, ROLE, 2, "ready")

    first = await voucher(place, BANK, language=language)
    code = await first.code()
    await page.locator("h1").click()
    await scan(page, code)
    await expect(page.locator(FOUND)).to_contain_text(first.name)
    await expect(page.locator(FOUND)).to_contain_text(first.title)
    await stop(page, ROLE, 3, "found")
    await teller.button("counter.redeem").or_(page.locator(".redeem")).first.dblclick()
    await expect(page.locator(DONE)).to_contain_text(first.title)
    await stop(page, ROLE, 4, "done")
    await scan(page, code)
    await expect(page.locator(DONE)).to_contain_text(words("counter.again"))
    assert len(await redemptions_of(place, first.grant_id)) == 1

    await undo_while_another_is_scanned(place, teller, language)
    await without_a_network(place, teller, language)
    await two_tabs(place, teller, language)
    await a_gift(place, teller, language)
    await the_session_ends(place, teller, language)
    await the_day(teller, first.title)


async def undo_while_another_is_scanned(place, teller: Console, language: str) -> None:
    """A code that is scanned into the open dialog neither spoils the reason nor is lost."""
    page, words = teller.page, teller.words
    second = await voucher(place, BANK, language=language)
    await page.locator(DONE).get_by_role("button", name=words("counter.undo")).click()
    dialog = page.get_by_role("dialog")
    reason = dialog.get_by_label(words("audit.reason"))
    await reason.fill("客户点错了")
    await stop(page, ROLE, 5, "undo")
    await scan(page, await second.code())
    await expect(reason).to_have_value("客户点错了")
    await dialog.get_by_role("button", name=words("counter.undo"), exact=True).click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator(FOUND)).to_contain_text(second.title)
    await page.keyboard.press("Enter")
    await expect(page.locator(DONE)).to_be_visible()


async def without_a_network(place, teller: Console, language: str) -> None:
    """Scanned without a network: kept. Redeemed without an answer: asked again under its number, once in the books."""
    page, words = teller.page, teller.words
    third = await voucher(place, BANK, language=language)
    code = await third.code()
    await page.context.set_offline(True)
    await scan(page, code)
    await expect(page.locator(ASKING)).to_contain_text(words("counter.offline"))
    await stop(page, ROLE, 6, "offline")
    await page.context.set_offline(False)
    await expect(page.locator(FOUND)).to_contain_text(third.title)

    heard: list[str] = []

    async def lose(route: Route) -> None:
        heard.append(route.request.post_data or "")
        await route.fetch()
        await route.abort()

    await page.route("**/v1/redemptions", lose)
    await page.keyboard.press("Enter")
    await expect(page.locator(ASKING)).to_contain_text(words("counter.unanswered"))
    async with page.expect_response("**/v1/redemptions", timeout=LONG_MS) as answered:
        await page.unroute("**/v1/redemptions", lose)
    heard.append((await answered.value).request.post_data or "")
    assert len(set(heard)) == 1
    await expect(page.locator(DONE)).to_be_visible()
    assert len(await redemptions_of(place, third.grant_id)) == 1


async def two_tabs(place, teller: Console, language: str) -> None:
    """The same code in two tabs: both see it, one redeems."""
    fourth = await voucher(place, BANK, language=language)
    code = await fourth.code()
    tabs = [teller.page, await teller.page.context.new_page()]
    await tabs[1].goto(f"{place.web}/console/counter")
    await expect(tabs[1].locator("#counter-code")).to_be_visible()
    for tab in tabs:
        await scan(tab, code)
        await expect(tab.locator(FOUND)).to_be_visible()
    for tab in tabs:
        await tab.locator(".redeem").click()
    await expect(tabs[0].locator(DONE)).to_be_visible()
    await expect(tabs[1].locator(REFUSED)).to_be_visible()
    assert len(await redemptions_of(place, fourth.grant_id)) == 1
    await tabs[1].close()


async def the_day(teller: Console, title: str) -> None:
    """The day's list by state and search; on a phone, in the dark."""
    page, words = teller.page, teller.words
    rows = page.locator(".counter table tbody tr")
    await page.get_by_role("tab", name=re.compile(f"^{words('counter.standing.undone')}")).click()
    await expect(page).to_have_url(re.compile("status=undone"))
    await expect(rows.first).to_contain_text("客户点错了")
    await page.get_by_label(words("counter.search")).fill(title)
    await expect(page).to_have_url(re.compile(r"q=."))
    await expect(rows.first).to_contain_text(title)
    await page.get_by_role("tab", name=re.compile(f"^{words('table.all')}")).click()
    await expect(page).not_to_have_url(re.compile("status="))
    await stop(page, ROLE, 7, "day")
    await page.evaluate("localStorage.setItem('huoke.theme', 'dark')")
    await page.reload()
    await expect(rows.first).to_be_visible(timeout=LONG_MS)
    for width in (390, 320):
        await page.set_viewport_size({"width": width, "height": 844})
        await stop(page, ROLE, 8, "phone")


async def the_session_ends(place, teller: Console, language: str) -> None:
    """Signed out in mid-work: what was typed and what was scanned stay, and go on once somebody signed in again."""
    page, words = teller.page, teller.words
    fresh = await place.unused(BANK, ROLE)
    fifth = await voucher(place, BANK, language=language)
    code = await fifth.code()
    field = page.locator("#counter-code")
    await page.bring_to_front()
    await field.fill("4711")  # the scanner types behind it, into the same field
    await page.context.clear_cookies()
    await scan(page, code)
    await expect(page.get_by_text(words("signIn.ended"), exact=True)).to_be_visible()
    await stop(page, ROLE, 9, "session-ended")
    await place.sign_in_again(page, BANK, ROLE, words, at=fresh)
    await expect(page.locator(FOUND)).to_contain_text(fifth.title)
    await expect(field).to_have_value("4711")
    await page.locator(".redeem").click()
    await expect(page.locator(DONE)).to_contain_text(fifth.title)
    assert len(await redemptions_of(place, fifth.grant_id)) == 1
    await field.fill("")


async def a_gift(place, teller: Console, language: str) -> None:
    """A gift is handed over at the counter: the page says how many lie there, and one less afterwards."""
    page, words = teller.page, teller.words
    on_hand = words("counter.onHand" if language == "zh-CN" else "counter.onHand_other").replace("{{shown}}", r"[\d,]+")
    left: list[int] = []
    for _ in range(2):
        gift = await voucher(place, BANK, "滨海茶礼", language=language)
        await scan(page, await gift.code())
        await expect(page.locator(FOUND)).to_contain_text(gift.name)
        shelf = page.locator(FOUND).get_by_text(re.compile(on_hand))
        left.append(int(re.search(r"[\d,]+", await shelf.inner_text())[0].replace(",", "")))
        if len(left) == 1:
            await stop(page, ROLE, 10, "gift")
            await scan(page, await gift.code())  # looking took a while, and a code stands for a minute
            await expect(page.locator(FOUND)).to_contain_text(gift.name)
        await page.locator(".redeem").click()
        await expect(page.locator(DONE)).to_contain_text(gift.title)
    assert left == [left[0], left[0] - 1]
