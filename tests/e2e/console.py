"""What people do in the console, one small verb each; words come from the console's own files."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Locator, Page, expect

from huoke.kernel.clock import CHINA, SystemClock
from tests.e2e.words import Words

LONG_MS = 60_000


class Console:
    """One person's console."""

    def __init__(self, page: Page, words: Words, web: str) -> None:
        self.page = page
        self.words = words
        self.web = web

    async def go(self, path: str) -> None:
        """Open an address: the whole console is loaded anew, with what the server says now."""
        await self.page.goto(f"{self.web}/console{path}")

    async def turn_to(self, path: str) -> None:
        """Another page as its link opens it, until it is there: the console stays loaded, which costs a third.

        What was read within seconds is not asked again: for pages that this tab has not shown yet.
        """
        here = urlsplit(self.page.url).path
        if not here.startswith("/console/") or here == f"/console{urlsplit(path).path}":
            await self.go(path)
            return
        script = """(path) => {
          document.querySelectorAll('main h1').forEach((one) => { one.dataset.left = '' })
          history.pushState({}, '', path)
        }"""
        await self.page.evaluate(script, f"/console{path}")
        await self.page.locator("main h1:not([data-left])").first.wait_for(timeout=LONG_MS)

    def button(self, key: str, **slots: Any) -> Locator:
        return self.page.get_by_role("button", name=self.words(key, **slots), exact=True)

    def field(self, key: str, within: str = "body") -> Locator:
        """The field of a label; required ones carry a star before their words."""
        name = re.compile(rf"^(\* ?)?{re.escape(self.words(key))}$")
        return self.page.locator(within).get_by_label(name)

    async def choose(self, field: Locator, text: str | re.Pattern[str]) -> None:
        """Pick an option of a select."""
        await field.click()
        if isinstance(text, str) and await field.get_attribute("readonly") is None:
            await field.fill(text)
        still = ':not(.ant-select-dropdown-hidden):not([class*="ant-slide-"])'  # a moving list takes no choice
        options = self.page.locator(f".ant-select-dropdown{still} .ant-select-item-option")
        await options.filter(has_text=text).first.click()

    async def api(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the API as this person, with the session of their browser; a page need not be open."""
        request, headers = self.page.context.request, {}
        if method != "GET":
            me = await (await request.get(f"{self.web}/v1/session")).json()
            headers = {"X-CSRF-Token": me["csrf_token"]}
        answer = await request.fetch(f"{self.web}{path}", method=method, headers=headers, data=body)
        return json.loads(text) if (text := await answer.text()) else None

    async def import_customers(self, file: Path) -> None:
        """Upload, declare the basis, try, then import."""
        await self.go("/imports/new")
        await self.page.locator("input[type=file]").set_input_files(file)
        await self.choose(
            self.page.get_by_label(self.words("import.basis"), exact=True), self.words("customer.bases.consent")
        )
        await self.button("import.try").click()
        tried = self.page.get_by_text(self.words("import.triedSays"))
        await expect(tried).to_be_visible(timeout=LONG_MS)
        name = re.compile(re.escape(self.words("import.run", shown="#")).replace(r"\#", r"[\d,]+"))
        await self.page.get_by_role("button", name=name).click()
        await expect(tried).to_be_hidden(timeout=LONG_MS)
        await expect(self.page.locator("main")).to_contain_text(self.words("status.import.done"), timeout=LONG_MS)

    async def save_segment(self, name: str, attributes: list[tuple[str, str, str]], expected: int) -> None:
        """Build "all of these" by hand, wait for the live count, save."""
        await self.turn_to("/segments/new")
        await self.page.locator("#segment-name").fill(name)
        for place, (label, comparison, value) in enumerate(attributes):
            await self.button("segment.condition").last.click()
            await self.page.get_by_role("menuitem", name=self.words("segment.addLeaf.attr")).click()
            rule = self.page.locator(".rule").nth(place)
            await self.choose(rule.get_by_label(self.words("segment.attribute")), re.compile(rf"^{label}$"))
            await self.choose(
                rule.get_by_label(self.words("segment.comparison")), re.compile(f"^{self.words(comparison)}$")
            )
            field = rule.get_by_label(self.words("segment.value"))
            await field.fill(value)
            await field.press("Enter")
            await self.page.keyboard.press("Escape")
        figure = self.page.locator(".figure").first
        await expect(figure).to_contain_text(re.compile(rf"^{expected:,}\D"), timeout=LONG_MS)
        await self.button("action.save").click()
        await self.page.wait_for_url(re.compile(r"/segments/[0-9a-f-]{36}"))

    async def add_sequence(self, *events: str, place: int) -> None:
        """Add "one thing after another" to the rule as its part at `place`, and see it counted."""
        rule = await self._add("sequence", place)
        for step, event in enumerate(events):
            await self.choose(rule.get_by_label(self.words("builder.event")).nth(step), re.compile(rf"^{event}$"))
        await expect(rule.locator(".rule-count b")).to_have_text(re.compile(r"^[\d,]+$"), timeout=LONG_MS)

    async def add_rank(self, by: str, *, place: int) -> None:
        """Add the first twenty percent of each branch to the rule as its part at `place`, and see it counted."""
        rule = await self._add("rank", place)
        await self.choose(rule.get_by_label(self.words("rule.rankBy")), re.compile(rf"^{by}$"))
        await self.choose(rule.get_by_label(self.words("rule.among")), self.words("rule.withins.branch"))
        await expect(rule.locator(".rule-count b")).to_have_text(re.compile(r"^[\d,]+$"), timeout=LONG_MS)

    async def _add(self, leaf: str, place: int) -> Locator:
        await self.button("segment.condition").last.click()
        await self.page.get_by_role("menuitem", name=self.words(f"segment.addLeaf.{leaf}")).click()
        return self.page.locator(".rule").nth(place)

    async def draft_campaign(self, name: str, *, segment: str, sku: str, stock: int, budget_yuan: int) -> str:
        """A push campaign without a control group, from its name to the words of its page; returns its id."""
        await self.turn_to("/campaigns/new")
        await self.page.get_by_role("button", name=self.words("template.blank")).click()
        await self.page.wait_for_url(re.compile(r"/campaigns/[0-9a-f-]{36}/edit"), timeout=LONG_MS)
        await self.field("campaign.name").fill(name)
        await self.step("audience")
        await self.choose(self.field("campaign.segment"), segment)
        await self.step("benefit")
        await self.choose(self.field("campaign.sku"), sku)
        await self.number("campaign.stock", stock)
        await self.choose(self.field("campaign.payer"), re.compile("2026"))
        await self.number("campaign.budget", budget_yuan)
        await self.step("page")
        for tab, title in (("中文", "步行者的咖啡"), ("English", "Coffee for walkers")):
            await self.page.get_by_role("tab", name=tab).first.click()
            await self.field("campaign.pageTitle").fill(title)
            await self.field("campaign.pageRules").fill(f"{title}: 1.")
        await self.step("message")
        await self.window()
        await self.step("rollout")
        await self.page.get_by_role("slider", name=self.words("campaign.control")).press("Home")
        await self.step("check")
        return re.findall(r"/campaigns/([0-9a-f-]{36})/", self.page.url)[0]

    async def step(self, name: str) -> None:
        """Go to a step of the wizard by its bar."""
        bar = self.page.get_by_role("navigation", name=self.words("campaign.sections"))
        await bar.get_by_role("button", name=re.compile(re.escape(self.words(f"wizard.steps.{name}")))).click()

    async def submit(self) -> None:
        """Send the draft to approval."""
        button = self.button("campaign.submit")
        await expect(button).to_be_enabled(timeout=LONG_MS)
        await button.click()
        await expect(self.page.get_by_text(self.words("campaign.waits"))).to_be_visible(timeout=LONG_MS)

    async def approve(self, change_id: str) -> None:
        """Tick every field, all at once, then approve."""
        await self.turn_to(f"/approvals/{change_id}")
        approve = self.button("approval.verdicts.approve")
        await expect(approve).to_be_disabled()
        boxes = self.page.locator("table.diff input[type=checkbox]")
        await boxes.evaluate_all("(all) => all.filter((one) => !one.checked).forEach((one) => one.click())")
        await expect(approve).to_be_enabled()
        await approve.click()
        await expect(approve).to_be_hidden(timeout=LONG_MS)

    async def redeem(self, code: str) -> None:
        """Type the code like a scanner does: Enter looks it up, Enter again redeems."""
        await self.page.locator("#counter-code").fill(code)
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator(".found")).to_be_visible()
        await expect(self.page.locator(".found")).to_contain_text("*")
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator(".verdict.done")).to_be_visible()

    async def undo(self, reason: str) -> None:
        """Take the latest redemption back."""
        await self.button("counter.undo").first.click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_label(self.words("audit.reason")).fill(reason)
        await dialog.get_by_role("button", name=self.words("counter.undo"), exact=True).click()
        await expect(dialog).to_be_hidden()

    async def make_statement(self, supplier: str) -> None:
        """A statement of today for one supplier."""
        await self.go("/statements")
        await self.button("statement.make").first.click()
        dialog = self.page.get_by_role("dialog")
        await self.choose(dialog.get_by_role("combobox", name=self.words("sku.supplier")), supplier)
        await dialog.get_by_role("button", name=self.words("statement.make"), exact=True).click()
        await self.page.wait_for_url(re.compile(r"/statements/[0-9a-f-]{36}"))
        await expect(self.page.get_by_text(self.words("statement.equal"))).to_be_visible()

    async def number(self, key: str, value: int) -> None:
        """Type a number and leave the field."""
        field = self.field(key)
        await field.fill(str(value))
        await field.press("Tab")

    async def window(self) -> None:
        """From a minute ago for ten days, typed."""
        now = SystemClock().now().astimezone(CHINA)
        starts, ends = (f"{day:%Y-%m-%d %H:%M}" for day in (now - timedelta(minutes=1), now + timedelta(days=10)))
        inputs = self.page.locator("#section-window .ant-picker input")
        await inputs.nth(0).click()
        for place, typed in enumerate((starts, ends)):
            await inputs.nth(place).press_sequentially(typed)
            await self.page.keyboard.press("Enter")
            await expect(inputs.nth(place)).to_have_value(typed)
