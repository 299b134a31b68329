"""A customer whole, in parts that fail alone; two joined; and a tag from its editor through approval to a segment."""

import asyncio
import re
import secrets

import pytest
from playwright.async_api import expect

from tests.e2e.campaigns import decide
from tests.e2e.console import LONG_MS
from tests.e2e.tour import critical_faults, picture, settled
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

BANK = "binhai"
COURSE = {"from": ".*", "to": ".*"}
FORBIDDEN = 403


@pytest.mark.parametrize("language", ["zh-CN"])
async def test_a_customer_whole_and_two_who_are_one(place, language):
    words = Words(language)
    console = await place.console(BANK, "operator", words)
    page = console.page
    await page.goto(f"{place.web}/console/customers")
    await settled(page)
    await page.locator("tbody a.name").nth(3).click()
    await settled(page)
    evidence = page.locator(".evidence > li")
    await expect(evidence.first).to_contain_text(words("identity.kinds.customer_no"))
    own = await evidence.first.locator("b").inner_text()

    await expect(page.locator(".identity .tag.stage")).to_be_visible()
    await expect(page.get_by_role("img", name=re.compile(words("temperature.course", **COURSE)))).to_be_visible()
    lines = page.locator(".timeline > li")
    await expect(lines.first).to_be_visible()
    await picture(page, "customer", height=1_500)
    await picture(page, "timeline", of="section.card:has(.timeline)")
    await picture(page, "neighbourhood", of="section.card:has(.around)")
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

    await page.route("**/v1/customers/*/timeline?*", lambda route: route.abort())
    place.watch.expected.append("ERR_FAILED")
    await page.reload()
    await expect(page.locator(".card", has_text=words("timeline.title")).get_by_role("alert")).to_be_visible()
    await expect(page.locator(".identity .tag.stage")).to_be_visible()
    await page.unroute("**/v1/customers/*/timeline?*")

    await console.turn_to("/identity-matches")
    await settled(page)
    assert await critical_faults(page) == []


@pytest.mark.parametrize("language", ["en"])
async def test_a_tag_from_its_editor_to_a_segment(place, language):
    words = Words(language)
    operator = await place.console(BANK, "operator", words)
    page, name = operator.page, f"walked_{secrets.token_hex(3)}"
    await operator.go("/tags/new")
    await settled(page)
    texts = {"label": "近期登录", "label_en": "Signed in lately", "name": name, "category": "activity/app"}
    for field, text in {**texts, "meaning": "近30天登录过", "meaning_en": "Signed in within 30 days"}.items():
        await page.locator(f"#tag-{field}").fill(text)
    await operator.choose(page.locator("#tag-kind"), words("tag.kinds.statistic"))
    await operator.choose(page.locator("#tag-event"), re.compile("^Signed in$"))
    await page.get_by_label(words("tag.lowEnd")).fill("1")
    figure = page.locator(".figure").first
    await expect(figure).to_contain_text(re.compile(r"^[1-9]"), timeout=LONG_MS)
    assert await critical_faults(page) == []
    await picture(page, "tag-editor")
    await operator.button("tag.saveSubmit").click()
    await page.wait_for_url(re.compile(r"/approvals/[0-9a-f-]{36}"), timeout=LONG_MS)
    change_id = re.findall(r"/approvals/([0-9a-f-]{36})", page.url)[0]
    assert (await operator.api("GET", f"/v1/tags?q={name}"))["items"][0]["data_at"] is None, "it waits"
    await decide(await place.console(BANK, "approver", words), change_id, "approve")
    tag = await filled(operator, name)
    rule = {"kind": "all", "of": [{"kind": "tag", "name": name, "op": "in", "value": ["yes"]}]}
    counted = await operator.api("POST", "/v1/segments/count", {"expression": rule, "serves": "selection"})
    assert 0 < counted["total"] <= tag["counts"]["yes"]
    await operator.turn_to(f"/tags/{tag['id']}")
    await settled(page)
    await expect(page.get_by_role("heading", name="Signed in lately")).to_be_visible()
    assert await critical_faults(page) == []
    await picture(page, "tag", height=1_300)
    await operator.turn_to("/tags")
    await settled(page)
    assert await critical_faults(page) == []
    await picture(page, "tags")


async def filled(operator, name):
    """The tag once the worker has filled it."""
    for _ in range(LONG_MS // 500):
        [tag] = (await operator.api("GET", f"/v1/tags?q={name}"))["items"]
        if tag["data_at"]:
            return tag
        await asyncio.sleep(0.5)
    raise AssertionError(f"{name} is not filled")


@pytest.mark.parametrize("language", ["zh-CN"])
async def test_a_risk_officer_judges_a_ring_that_an_operator_does_not_see(place, language):
    words = Words(language)
    operator = await place.console(BANK, "operator", words)
    assert (await operator.page.request.get(f"{place.web}/v1/rings")).status == FORBIDDEN
    await operator.go("/identity-matches/rules")
    await expect(operator.page.locator(".identity-rules > li")).to_have_count(3)
    await picture(operator.page, "identity-rules", height=620)
    console = await place.console(BANK, "risk", words)
    page = console.page
    await console.go("/rings?status=new")
    await page.locator("tbody a.name").first.click()
    await expect(page.locator(".ring-devices > li").first).to_be_visible()
    assert await critical_faults(page) == []
    await picture(page, "ring", height=1_000)
    await page.get_by_role("button", name=words("rings.verbs.ring"), exact=True).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(words("rings.note")).fill("同一批设备")
    await dialog.get_by_role("button", name=words("rings.verbs.ring"), exact=True).click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator(".ring-said > li").first).to_contain_text("同一批设备")
    await page.locator(".ring-devices a.name").first.click()
    await expect(page.get_by_text(words("around.purposes.fraud"))).to_be_visible()
    around = page.locator(".around")
    await around.locator("[tabindex='0']").focus()
    await page.keyboard.press("ArrowRight")
    await expect(around.locator(".node").nth(1)).to_be_focused()
    assert await critical_faults(page) == []
