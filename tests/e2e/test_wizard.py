"""What the wizard never loses: sessions end, tabs meet, buttons are pressed twice, people go back."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.e2e.campaigns import largest_segment
from tests.e2e.console import LONG_MS, Console
from tests.e2e.tour import settled
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

WORDS = Words("zh-CN")
EDIT = re.compile(r"/campaigns/([0-9a-f-]{36})/edit")


async def operator(place) -> Console:
    return await place.console("binhai", "operator", WORDS, moving=True)


async def begin(console: Console) -> str:
    """A blank draft, opened; returns its id."""
    await console.go("/campaigns/new")
    await console.page.get_by_role("button", name=WORDS("template.blank")).click()
    await console.page.wait_for_url(EDIT, timeout=LONG_MS)
    return EDIT.findall(console.page.url)[0]


async def saved(page: Page) -> None:
    """What was typed is on the server."""
    await expect(page.get_by_text(re.compile(WORDS("form.autosaved", time="")))).to_be_visible(timeout=LONG_MS)


async def saved_never(page: Page) -> None:
    """From now on no save reaches the server: the line is cut."""

    async def cut(route: Route) -> None:
        await (route.abort() if route.request.method == "PUT" else route.continue_())

    await page.route(re.compile(r"/v1/campaigns/[0-9a-f-]{36}$"), cut)


async def goal_is(console: Console, campaign_id: str, goal: str) -> None:
    """The server has this goal, or soon will."""
    for _ in range(100):
        if (await draft_of(console, campaign_id))["goal"] == goal:
            return
        await console.page.wait_for_timeout(100)
    raise AssertionError(f"the goal never became {goal}")


async def draft_of(console: Console, campaign_id: str) -> dict:
    return (await console.api("GET", f"/v1/campaigns/{campaign_id}"))["draft"]


async def test_a_closed_tab_has_kept_what_was_never_saved(place):
    console = await operator(place)
    page = console.page
    await begin(console)
    await saved_never(page)
    await console.field("campaign.goal").fill("没来得及保存")
    await page.reload()
    await settled(page)
    await expect(console.field("campaign.goal")).to_have_value("没来得及保存")
    await expect(console.button("form.dropDraft")).to_be_visible()


async def test_of_two_tabs_the_older_one_is_told_and_nothing_is_lost(place):
    console = await operator(place)
    first = console.page
    campaign_id = await begin(console)
    second = await first.context.new_page()
    await second.goto(first.url)
    await settled(second)
    await expect(first.get_by_text(WORDS("wizard.elsewhere"))).to_be_visible()
    other = Console(second, WORDS, place.web)
    await other.field("campaign.name").fill("另一页写的名字")
    await saved(second)
    await expect(console.field("campaign.name")).to_have_value("另一页写的名字")

    place.watch.expected.append("409")
    second_is_done = asyncio.Event()

    async def late(route: Route) -> None:
        if route.request.method == "PUT":
            await second_is_done.wait()
        await route.continue_()

    await first.route(f"**/v1/campaigns/{campaign_id}", late)
    async with first.expect_request(lambda request: request.method == "PUT"):
        await console.field("campaign.goal").fill("这一页写的目标")
    async with second.expect_response(lambda answer: answer.request.method == "PUT"):
        await other.field("campaign.name").fill("又改了名字")
    second_is_done.set()
    conflict = first.get_by_text(WORDS("wizard.conflict"))
    await expect(conflict).to_be_visible(timeout=LONG_MS)
    assert (await draft_of(console, campaign_id))["name"] == "又改了名字", "nothing was written over"
    await expect(console.field("campaign.goal")).to_have_value("这一页写的目标")
    await console.button("wizard.keepMine").click()
    await expect(conflict).to_be_hidden(timeout=LONG_MS)
    await goal_is(console, campaign_id, "这一页写的目标")


async def test_back_and_forward_walk_the_steps_and_keep_what_is_in_them(place):
    console = await operator(place)
    page = console.page
    await begin(console)
    await console.field("campaign.name").fill("前进后退")
    await console.button("wizard.next", step=WORDS("wizard.steps.audience")).click()
    await console.button("wizard.next", step=WORDS("wizard.steps.benefit")).click()
    await expect(page).to_have_url(re.compile("step=benefit"))
    await page.go_back()
    await expect(page).to_have_url(re.compile("step=audience"))
    await page.go_back()
    await expect(console.field("campaign.name")).to_have_value("前进后退")
    await page.go_forward()
    await page.go_forward()
    await expect(page.locator("#section-benefit")).to_be_visible()


async def test_a_double_press_begins_one_draft_and_submits_once(place):
    console = await operator(place)
    page = console.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    await console.go("/campaigns/new")
    await page.get_by_role("button", name=WORDS("template.blank")).dblclick()
    await page.wait_for_url(EDIT, timeout=LONG_MS)
    await expect(console.field("campaign.name")).to_be_visible(timeout=LONG_MS)
    assert sum(url.endswith("/v1/campaigns") for url in sent) == 1
    segment = (await largest_segment(console))["name"]
    sku = (await console.api("GET", "/v1/skus?status=published&limit=1"))["items"][0]["terms"]["name"]
    campaign_id = await console.draft_campaign("连按两次", segment=segment, sku=sku, stock=5, budget_yuan=500)
    button = console.button("campaign.submit")
    await expect(button).to_be_enabled(timeout=LONG_MS)
    await button.dblclick()
    await expect(page.get_by_text(WORDS("campaign.waits"))).to_be_visible(timeout=LONG_MS)
    assert sum(url.endswith("/submission") for url in sent) == 1
    assert (await console.api("GET", f"/v1/campaigns/{campaign_id}"))["state"] == "submitted"


async def test_every_step_can_be_used_on_a_narrow_screen(place):
    console = await operator(place)
    page = console.page
    await begin(console)
    await page.set_viewport_size({"width": 390, "height": 844})
    for step in ("goal", "audience", "benefit", "page", "message", "rollout", "check"):
        await page.goto(re.sub(r"\?.*", "", page.url) + f"?step={step}")
        await settled(page)
        for width in (390, 320):
            await page.set_viewport_size({"width": width, "height": 844})
            wider = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wider <= 0, f"{step} is {wider} px wider than {width}"
            await expect(page.locator(".form-summary")).to_be_visible()


async def test_a_session_that_ends_mid_wizard_keeps_what_was_typed(place):
    console = await operator(place)
    page = console.page
    campaign_id = await begin(console)
    await console.field("campaign.name").fill("会话结束前")
    await saved(page)
    place.watch.expected.append("401")
    await console.api("DELETE", "/v1/session")
    await console.field("campaign.goal").fill("会话结束后写下的目标")
    await expect(page.get_by_text(WORDS("signIn.ended"), exact=True)).to_be_visible(timeout=LONG_MS)
    await place.sign_in_again(page, "binhai", "operator", WORDS)
    await expect(console.field("campaign.goal")).to_have_value("会话结束后写下的目标")
    await goal_is(console, campaign_id, "会话结束后写下的目标")
