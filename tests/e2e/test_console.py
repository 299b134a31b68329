"""The console as people use it: every page free of critical faults, views, files, keys, and the first page per role."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.console import LONG_MS, Console
from tests.e2e.tour import bare_keys, critical_faults, settled
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

PAGES = {
    "operator": [
        "/", "/customers", "/imports", "/imports/new", "/segments", "/segments/new", "{segment}",
        "{segment}?tab=members",
        "{segment}?tab=overlap", "{segment}?tab=compare", "/exclusions", "/grid", "/grid?cell=4-4-1", "/grid/axes",
        "/grid/unknown", "/campaigns",
        "/campaigns/new", "/campaigns/calendar", "{campaign}", "{campaign}?tab=board", "{campaign}?tab=effect",
        "{campaign}?tab=history", "/messages", "/pools", "/jobs",
    ],
    "branch-operator": ["/", "/customers", "/segments", "/grid", "/campaigns"],
    "buyer": [
        "/", "/benefits", "/card-codes", "/merchants", "/outlet-gifts", "/budgets", "/suppliers", "/supply",
        "/supplier-orders", "/prepayments", "/day-files", "/differences", "/statements",
    ],
    "approver": ["/", "/approvals"],
    "teller": ["/", "/counter"],
    "system": ["/", "/settings", "/units"],
    "security": ["/", "/staff"],
    "auditor": ["/", "/audit", "/nowhere"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "language"), [(role, "en" if role == "branch-operator" else "zh-CN") for role in PAGES]
)
async def test_no_page_has_a_critical_fault_and_none_scrolls_sideways(place, role, language):
    console = Console(await place.staff("binhai", role, Words(language)), Words(language), place.web)
    page = console.page
    await page.add_init_script("localStorage.setItem('huoke.theme', 'dark')")
    places = await _places(console) if role == "operator" else {}
    faults = []
    for path in PAGES[role]:
        await console.go(path.format(**places))
        await settled(page)
        faults += await critical_faults(page) + await bare_keys(page)
        if " · Huoke" not in await page.title():
            faults.append(f"{page.url} has no title of its own")
        await page.set_viewport_size({"width": 320, "height": 800})
        if await page.evaluate("document.documentElement.scrollWidth") > 320:
            faults.append(f"{page.url} scrolls sideways at 320 px")
        await page.set_viewport_size({"width": 1440, "height": 1000})
    assert faults == []
    await page.locator("main h1").first.evaluate("(heading) => { heading.textContent = 'menu.home' }")
    assert await bare_keys(page) == [f"{page.url} shows the bare key menu.home"]


async def _places(console: Console) -> dict[str, str]:
    """One running campaign and one segment, by their addresses."""
    running = await console.api("GET", "/v1/campaigns?status=running")
    segments = await console.api("GET", "/v1/segments")
    return {"campaign": f"/campaigns/{running['items'][0]['id']}", "segment": f"/segments/{segments['items'][0]['id']}"}


async def test_a_list_is_kept_as_a_view_and_written_to_a_file(place, tmp_path):
    words = Words("zh-CN")
    console = Console(await place.staff("binhai", "branch-operator", words), words, place.web)
    page = console.page
    await console.go("/campaigns?status=ended")
    await settled(page)
    await page.locator(".list-tools button").first.click()
    await page.get_by_role("menuitem", name=words("list.save")).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(words("list.name")).fill("结束的")
    await dialog.get_by_role("button", name=words("action.save"), exact=True).click()
    await expect(page.get_by_role("button", name="结束的", exact=True)).to_be_visible(timeout=LONG_MS)

    await console.go("/campaigns")
    await page.locator(".list-tools button").first.click()
    await page.get_by_role("menuitem", name="结束的", exact=True).click()
    await expect(page).to_have_url(re.compile("status=ended"))
    await page.get_by_role("button", name="结束的", exact=True).click()
    await page.get_by_role("menuitem", name=words("list.remove")).click()
    await expect(page.get_by_role("button", name="结束的", exact=True)).to_have_count(0, timeout=LONG_MS)
    await settled(page)

    await console.button("action.export").click()
    await dialog.get_by_label(words("audit.reason")).fill("例行核对活动")
    await dialog.get_by_role("button", name=words("action.export"), exact=True).click()
    await expect(page.get_by_role("link", name=words("action.download")).first).to_be_visible(timeout=LONG_MS)
    await page.reload()
    await page.get_by_role("button", name=re.compile(words("shell.jobs", count="").split("，")[0])).click()
    link = page.get_by_role("link", name=words("action.download")).first
    async with page.expect_download() as waiting:
        await link.click()
    file = tmp_path / "list.xlsx"
    await (await waiting.value).save_as(file)
    assert file.read_bytes().startswith(b"PK")


async def test_keys_lead_everywhere(place):
    words = Words("zh-CN")
    console = Console(await place.staff("binhai", "analyst", words), words, place.web)
    page = console.page
    await settled(page)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text(words("shortcut.help"))
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.keyboard.press("g")
    await page.keyboard.press("a")
    await expect(page).to_have_url(re.compile(r"/console/campaigns$"))
    await settled(page)
    await page.keyboard.press("/")
    await expect(page.get_by_label(words("campaign.search"))).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").fill("10000012")
    await expect(page.get_by_role("option").filter(has_text="10000012")).to_be_visible(timeout=LONG_MS)
