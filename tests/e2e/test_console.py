"""The console as people use it: every page free of critical faults, views, files, keys, and the first page per role."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e import tour
from tests.e2e.console import LONG_MS, Console
from tests.e2e.tour import bare_keys, critical_faults, picture, settled, shown_in_docs
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

PAGES = {
    "operator": [
        "/", "/customers", "{customer}", "/identity-matches", "/identity-matches/rules", "/imports", "/imports/new",
        "/tags", "{tag}", "/tags/new", "/segments", "/segments/new", "{segment}", "{segment}?tab=members",
        "{segment}?tab=overlap", "{segment}?tab=compare", "/exclusions", "/grid", "/grid?cell={cell}", "/grid/axes",
        "/grid/unknown", "/models", "/temperature", "/temperature/scale", "/early-warnings", "/leads", "/cascades",
        "{chain}", "/campaigns",
        "/campaigns/new", "/campaigns/calendar", "{campaign}", "{campaign}?tab=board", "{campaign}?tab=effect",
        "{campaign}?tab=history", "/messages", "/pools", "/jobs",
    ],
    "operator of rewards": [
        "/plays", "{play}", "/points/types", "/points/rules", "/points/exchange", "/points/report", "{customer}/points",
        "/tiers", "/mall", "/referral", "{programme}", "/referral/new", "/group-buys", "{group_buy}", "/group-buys/new",
        "/kits", "{kit}", "/kits/set-up", "{setup}", "/library", "/catalogue-imports", "/my-invitations",
    ],
    "branch-operator": ["/", "/customers", "{customer}", "{tag}", "/segments", "{segment}", "/grid", "/campaigns"],
    "buyer": [
        "/", "/benefits", "/card-codes", "/merchants", "/outlet-gifts", "/budgets", "/suppliers", "/supply",
        "/supplier-orders", "/prepayments", "/day-files", "/differences", "/statements", "{statement}", "/payments",
        "{payment}", "/consignments", "/invoices", "/tax",
    ],
    "merchant-clerk": ["/own-statements"],
    "approver": ["/", "/approvals", "{change}"],
    "risk": ["/rings", "{ring}", "/ring-members"],
    "rm": ["/", "/customers", "{customer}", "/early-warnings", "/temperature", "/leads"],
    "teller": ["/", "/counter"],
    "system": ["/", "/settings", "/units"],
    "security": ["/", "/staff"],
    "auditor": ["/", "/audit", "/price-spreads", "/nowhere"],
}  # fmt: skip
SHOWN = {
    "operator": {
        "/": ("home", 1_000), "{segment}": ("segment", 1_240), "{segment}?tab=compare": ("segment-compared", 1_000),
        "{campaign}?tab=board": ("board", 1_240), "/grid?cell={cell}": ("grid", 1_240),
        "/temperature": ("temperature", 1_240), "/models": ("models", 1_000), "{chain}": ("chain", 800),
    },
    "operator of rewards": {
        "/plays": ("plays", 1_000), "/tiers": ("tiers", 1_100),
        "/points/rules": ("points-rules", 620), "/points/report": ("points-report", 1_240),
        "/points/exchange": ("exchange", 620), "/kits": ("kits", 1_000), "{kit}": ("kit-form", 900),
    },
    "approver": {"{change}": ("approval", 1_240)},
}  # fmt: skip
"""Pages that docs show, by the names of their pictures, in a window so high."""
IN_ENGLISH = ("branch-operator", "risk", "rm", "operator of rewards")


WIDE, NARROW = {"width": 1440, "height": 1000}, {"width": 320, "height": 800}


async def resize(page: Page, size: dict[str, int]) -> None:
    """A window of that size, where it is not."""
    if page.viewport_size != size:
        await page.set_viewport_size(size)


async def wide_faults(page: Page) -> list[str]:
    """What a page does wrong in a window of a desk."""
    faults = await critical_faults(page) + await bare_keys(page)
    return faults if " · Huoke" in await page.title() else [*faults, f"{page.url} has no title of its own"]


async def narrow_faults(page: Page) -> list[str]:
    """What it does wrong in the narrowest."""
    wide = await page.evaluate("document.documentElement.scrollWidth") > NARROW["width"]
    return [f"{page.url} scrolls sideways at 320 px"] if wide else []


def walked() -> list[tuple[str, str]]:
    """Each role in one language; where pictures are made, those with pages that docs show, in both."""
    if tour.PICTURES is not None:
        return [(role, language) for role in SHOWN for language in ("zh-CN", "en")]
    return [(role, "en" if role in IN_ENGLISH else "zh-CN") for role in PAGES]


@pytest.mark.parametrize(("role", "language"), walked())
async def test_no_page_has_a_critical_fault_and_none_scrolls_sideways(place, role, language):
    console = await place.console("binhai", role.split()[0], Words(language))
    page = console.page
    theme = "light" if tour.PICTURES else "dark"
    await page.add_init_script(f"localStorage.setItem('huoke.theme', '{theme}')")
    await page.emulate_media(reduced_motion="reduce")  # to draw what moves took a quarter of the time
    places = await _places(console, PAGES[role])
    faults, sizes = [], [WIDE, NARROW]
    await console.go("/nowhere")  # in these colours
    for path in PAGES[role]:
        await console.turn_to(path.format(**places))
        await settled(page)
        if shown := SHOWN.get(role, {}).get(path):
            await page.set_viewport_size(WIDE)
            await picture(page, shown[0], height=shown[1])
        for size in sizes:
            await resize(page, size)
            faults += await (narrow_faults if size is NARROW else wide_faults)(page)
        sizes.reverse()  # the next page begins in the window this one ends in
    assert faults == []
    await page.locator("main h1").first.evaluate("(heading) => { heading.textContent = 'menu.home' }")
    assert await bare_keys(page) == [f"{page.url} shows the bare key menu.home"]
    await page.locator("main").first.evaluate("(main) => main.append(document.createElement('button'))")
    assert [" button-name: " in fault for fault in await critical_faults(page)] == [True]


LISTED = {
    "customer": ("/v1/customers", "/customers/{seq}"),
    "tag": ("/v1/tags?state=active&kind=statistic", "/tags/{id}"),
    "segment": ("/v1/segments", "/segments/{id}"),
    "campaign": ("/v1/campaigns?status=running&q=冬日咖啡季", "/campaigns/{id}"),
    "chain": ("/v1/cascades", "/cascades/{seq}"),
    "ring": ("/v1/rings", "/rings/{id}"),
    "change": ("/v1/approvals?q=园丁与白衣", "/approvals/{id}"),
    "play": ("/v1/plays?status=live", "/plays/{id}"),
    "programme": ("/v1/referral-programmes", "/referral/{id}"),
    "group_buy": ("/v1/group-buys", "/group-buys/{id}"),
    "kit": ("/v1/kits", "/kits/{key}"),
    "setup": ("/v1/kit-setups", "/kits/set-up/{id}"),
    "payment": ("/v1/payments", "/payments/{id}"),
    "statement": ("/v1/statements", "/statements/{id}"),
}


async def _places(console: Console, paths: list[str]) -> dict[str, str]:
    """Where the first of each list lies that the paths name, and the cell of the grid where most customers stand."""
    places = {}
    for name, (listed, path) in LISTED.items():
        if any(f"{{{name}}}" in each for each in paths):
            found = await console.api("GET", listed)
            places[name] = path.format(**(found if isinstance(found, list) else found["items"])[0])
    if any("{cell}" in each for each in paths):
        cells = (await console.api("GET", "/v1/grid"))["cells"]
        places["cell"] = max(cells, key=lambda cell: cell["customers"] or 0)["cell"]
    return places


async def test_a_list_is_kept_as_a_view_and_written_to_a_file(place, tmp_path):
    words = Words("zh-CN")
    console = await place.console("binhai", "branch-operator", words)
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


async def test_who_wants_no_motion_opens_and_closes_all_the_same(place):
    """Nothing moves then, so nothing says that it has come to rest: dialogs, menus and lists must not wait for it."""
    words = Words("zh-CN")
    console = await place.console("binhai", "buyer", words)
    page = console.page
    await page.emulate_media(reduced_motion="reduce")
    await console.go("/statements")
    await settled(page)
    merchant = words("statement.owes.merchant")
    await console.choose(page.get_by_label(words("statement.owed"), exact=True), merchant)
    await expect(page).to_have_url(re.compile("owed=merchant"))
    await expect(page.locator(".ant-select-dropdown:visible")).to_have_count(0)
    await page.locator(".list-tools button").first.click()
    await page.get_by_role("menuitem", name=words("list.save")).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await expect(page.get_by_role("menu")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await page.locator(".list-tools button").first.click()
    await expect(page.get_by_role("menuitem", name=words("list.save"))).to_be_in_viewport()


@shown_in_docs()
async def test_a_list_of_many_choices_leaves_the_picture_free(place, language):
    """It stays open while more may be chosen, and closes with the last, on Escape and on a click elsewhere."""
    words = Words(language)
    console = await place.console("binhai", "operator", words)
    page = console.page
    first, *others = (await console.api("GET", "/v1/segments?limit=50"))["items"][-5:]
    await console.go(f"/segments/{first['id']}?tab=overlap")
    await settled(page)
    answers = []
    page.on("response", lambda one: answers.append(one) if one.url.endswith("/v1/segment-intersections") else None)
    field = page.get_by_role("combobox", name=words("segmentLife.choose"))
    lists = page.locator(".ant-select-dropdown:visible")
    await field.click()
    for place_of, other in enumerate(others):
        await expect(lists).to_have_count(1)
        await field.fill(other["name"])
        whole = re.compile(f"^{re.escape(other['name'])}$")  # another's name may hold it
        await lists.locator(".ant-select-item-option", has_text=whole).first.click()
        if place_of == 0:
            await page.keyboard.press("Escape")
            await expect(lists).to_have_count(0)
            await field.click()
            await expect(lists).to_have_count(1)
            await page.get_by_role("heading", name=words("segmentLife.overlap")).click()
            await expect(lists).to_have_count(0)
            await field.click()
    await expect(lists).to_have_count(0)
    await expect(page.locator(".upset .total")).to_have_count(len(others) + 1)
    await expect(page.locator(".upset .part").first).to_be_visible()
    await picture(page, "segment-overlap", height=760)
    told = await answers[-1].json()
    assert (len(told["segments"]), told["segments"][0]["id"]) == (len(others) + 1, first["id"])
    rows = page.locator(".as-table tbody tr")
    listed = [await row.locator("td.number").first.text_content() for row in await rows.all()]
    counted = [f"{part['count']:,}" for part in told["parts"]]
    assert listed == counted
    drawn = await page.locator(".upset .part > text").all_text_contents()
    assert drawn == [count for count in listed if count != "0"]
    assert await page.locator(".upset .total").all_text_contents() == [f"{one['total']:,}" for one in told["segments"]]
    assert sum(part["count"] for part in told["parts"]) == told["anybody"]
    await rows.nth(1).locator("td.number").first.evaluate("(cell) => { cell.textContent = '7,777,777' }")
    assert [await row.locator("td.number").first.text_content() for row in await rows.all()] != counted


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
    await page.emulate_media(reduced_motion="reduce")  # a menu that still comes does not take the focus
    views = page.locator(".list-tools button").first
    await views.press("Enter")
    save = page.get_by_role("menuitem", name=words("list.save"))
    await expect(save).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.locator("[role=menuitem]:focus")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(views).to_be_focused()
    await page.keyboard.press("/")
    await expect(page.get_by_label(words("campaign.search"))).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").fill("10000012")
    await expect(page.get_by_role("option").filter(has_text="10000012")).to_be_visible(timeout=LONG_MS)
