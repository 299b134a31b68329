"""The console for somebody without a mouse, on a slow line, and on one that breaks."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.e2e.console import LONG_MS, Console
from tests.e2e.tour import settled
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

TABS_MAX = 60
ROUND = 12
"""More than a small dialog has stops: Tab goes round in it."""
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
"""1.6 Mbit/s each way."""
SHIFT_MAX = 0.1
"""What counts as a page that stands still (Cumulative Layout Shift, "good")."""
LIST = re.compile(r"/v1/campaigns(\?|$)")
WATCH_SHIFTS = """
  window.shifted = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
"""


async def sign_in(place, login: str) -> Console:
    words = Words("zh-CN")
    return Console(await place.staff("binhai", login, words), words, place.web)


async def tab_to(page: Page, wanted: Locator) -> None:
    """Tab on until the keyboard is there, as somebody does who has nothing else."""
    await wanted.wait_for()
    for _ in range(TABS_MAX):
        if await wanted.evaluate("(element) => element.contains(document.activeElement)"):
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"{wanted} is not reached within {TABS_MAX} tabs")


def held_until(seen: asyncio.Event) -> Callable[[Route], Awaitable[None]]:
    """Lets a question on its way only once the page that waits for it was seen."""

    async def hold(route: Route) -> None:
        await seen.wait()
        await route.continue_()

    return hold


async def test_somebody_without_a_mouse_builds_a_segment_and_asks_who_is_in_it(place):
    console = await sign_in(place, "operator")
    page, words, keys = console.page, console.words, console.page.keyboard
    await settled(page)
    await keys.press("Control+k")
    await keys.type(words("menu.segments"))
    await expect(page.get_by_role("option", name=words("menu.segments")).first).to_be_visible()
    await keys.press("Enter")
    await expect(page).to_have_url(re.compile(r"/segments$"))
    await settled(page)
    rows = page.locator("tbody tr")
    await tab_to(page, rows.first)
    await keys.press("ArrowDown")
    await expect(rows.nth(1)).to_be_focused()
    await keys.press("Enter")
    await expect(page).to_have_url(re.compile(r"/segments/[0-9a-f-]{36}$"))

    await page.go_back()
    await settled(page)
    await tab_to(page, console.button("segment.new"))
    await keys.press("Enter")
    await tab_to(page, page.locator("#segment-name"))
    await keys.type(name := f"键盘 {uuid4().hex[:6]}")
    await tab_to(page, console.button("segment.condition").last)
    await keys.press("Enter")
    choice = page.get_by_role("menuitem", name=words("segment.addLeaf.attr"))
    await choice.wait_for()
    await tab_to(page, choice)
    await keys.press("Enter")
    rule = page.locator(".rule").first
    await tab_to(page, rule.get_by_label(words("segment.attribute")))
    await keys.type("年龄")
    await keys.press("Enter")
    await tab_to(page, rule.get_by_label(words("segment.value")))
    await keys.type("30")
    await keys.press("Enter")
    await keys.press("Escape")
    figure = page.locator(".figure").first
    await expect(figure).to_contain_text(re.compile(r"^[\d,]+ ?户"), timeout=LONG_MS)
    await console.add_sequence("登录", "支付", place=1)
    await console.add_rank("年龄", place=2)
    why = console.button("segment.whyOne")
    await tab_to(page, why)
    await keys.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    for _ in range(ROUND):
        await keys.press("Tab")
        assert await dialog.evaluate("(dialog) => dialog.contains(document.activeElement)")
    await keys.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(why).to_be_focused()
    await keys.press("Control+Home")
    save = console.button("action.save")
    for _ in range(TABS_MAX):
        if await save.evaluate("(element) => element === document.activeElement"):
            break
        await keys.press("Shift+Tab")
    await keys.press("Enter")
    await page.wait_for_url(re.compile(r"/segments/[0-9a-f-]{36}"))
    await expect(page.locator("h1")).to_have_text(name)


async def test_a_slow_line_stands_still_and_a_broken_one_says_so(place):
    console = await sign_in(place, "buyer")
    page, words = console.page, console.words
    place.watch.expected += ["ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "Failed to fetch"]
    await settled(page)
    line = await page.context.new_cdp_session(page)
    await line.send("Network.emulateNetworkConditions", SLOW)
    await page.add_init_script(WATCH_SHIFTS)
    seen = asyncio.Event()
    await page.route(LIST, held_until(seen))
    await console.go("/campaigns")
    await page.locator("main .skeleton:visible").first.wait_for()
    seen.set()
    await settled(page)
    assert await page.evaluate("window.shifted") < SHIFT_MAX
    await page.unroute(LIST)
    await line.detach()

    async def lose(route: Route) -> None:
        await route.abort()

    await page.route(LIST, lose)
    await page.reload()
    await expect(page.get_by_role("alert")).to_contain_text(words("state.broken"), timeout=LONG_MS)
    await page.unroute(LIST)
    await console.button("action.retry").click()
    await expect(page.locator("tbody tr").first).to_be_visible()

    await page.context.set_offline(True)
    said = page.locator(".as-of")
    await expect(said).to_contain_text(words("shell.offline", time="").split("，")[0])
    await expect(page.locator("tbody tr").first).to_be_visible()
    await page.context.set_offline(False)
    await expect(said).to_contain_text(words("shell.asOf", time="").strip())


async def test_a_write_whose_answer_was_lost_is_not_done_twice(place):
    console = await sign_in(place, "analyst")
    page, words = console.page, console.words
    place.watch.expected += ["ERR_FAILED", "Failed to fetch"]
    [segment, *_] = (await console.api("GET", "/v1/segments"))["items"]
    copies, sent = re.compile(r"/copies$"), []

    async def lose_the_answer(route: Route) -> None:
        sent.append(route.request.post_data_json)
        await route.fetch()
        await route.abort()

    await page.route(copies, lose_the_answer)
    await console.go(f"/segments/{segment['id']}")
    await console.button("action.more").click()
    await page.get_by_role("menuitem", name=words("action.copy")).click()
    dialog = page.get_by_role("dialog")
    name = f"只此一份 {uuid4().hex[:6]}"
    await dialog.get_by_label(words("segment.name")).fill(name)
    await dialog.get_by_role("button", name=words("action.confirm"), exact=True).click()
    await expect(dialog.get_by_role("alert")).to_contain_text(words("problem.network"))
    await page.unroute(copies)
    async with page.expect_request(copies) as again:
        await dialog.get_by_role("button", name=words("action.confirm"), exact=True).click()
    await page.wait_for_url(lambda url: segment["id"] not in url)
    assert (await again.value).post_data_json == sent[0]
    found = await console.api("GET", f"/v1/segments?q={name}")
    assert [one["name"] for one in found["items"]] == [name]
    assert page.url.endswith(found["items"][0]["id"])
