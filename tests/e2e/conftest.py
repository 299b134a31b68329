"""A real instance with its demo banks, a real browser, and somebody who watches every page for what must not happen.

HUOKE_E2E_HOME names an instance that runs already (`huoke up --demo`); else one is started as a copy of a fresh demo.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from playwright.async_api import Browser, BrowserContext, Page, Response, async_playwright, expect

from huoke.app import webbuild
from huoke.app.demo.notes import BankNotes, read_notes
from huoke.app.demo.sign_ins import STEP_SECONDS, sign_in_of
from huoke.kernel import settings as settings_file
from huoke.kernel.settings import Settings
from tests.e2e import rewarding, seeded
from tests.e2e.console import Console
from tests.e2e.words import Words

CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
LAUNCHED = ("--no-sandbox",)
"""How it is started."""
TIMEOUT_SECONDS = 600
WAIT_MS = 30_000
"""A page that is slow because the machine is busy is not wrong."""

expect.set_options(timeout=WAIT_MS)
FAILED = pytest.StashKey[bool]()
_codes_used: dict[tuple[str, str], int] = {}
_sessions: dict[tuple[str, str], Any] = {}
"""What the browser of everybody who has signed in keeps: a second code would have to wait for its half minute."""


class Watch:
    """Collects what a page must never do: errors in its console, requests to anybody else, documents without a CSP."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.expected: list[str] = []

    def follow(self, page: Page) -> None:
        page.on("console", lambda message: self._console(message.type, f"{message.text} ({page.url})"))
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("request", lambda request: self._request(request.url))
        page.on("response", self._response)

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and not any(part in text for part in self.expected):
            self.faults.append(f"console: {text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.faults.append(f"outside request: {url}")

    def _response(self, response: Response) -> None:
        if response.request.resource_type == "document" and response.status < 300:
            policy = response.headers.get("content-security-policy", "")
            if "default-src" not in policy or "unsafe-eval" in policy:
                self.faults.append(f"no policy: {response.url}")


class Place(msgspec.Struct):
    """The instance under test, its browser and its watch."""

    settings: Settings
    browser: Browser
    watch: Watch

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.settings.web_port}"

    @property
    def bank_app(self) -> str:
        return f"http://127.0.0.1:{self.settings.bank_app_port}"

    def notes(self, bank: str) -> BankNotes:
        return next(one for one in read_notes(self.settings.home).banks if one.code == bank)

    async def context(self, language: str, **options) -> BrowserContext:
        context = await self.browser.new_context(locale=language, timezone_id="Asia/Shanghai", **options)
        context.set_default_timeout(WAIT_MS)
        # A page without an origin of its own (about:blank) has no storage.
        keep = f"localStorage.setItem('huoke.language', '{language}')"
        await context.add_init_script(f"if (location.protocol === 'http:') {{ {keep} }}")
        context.on("page", self.watch.follow)
        return context

    async def console(self, bank: str, login: str, words: Words, **options: bool) -> Console:
        """The console of a member of the demo's staff; its first page is the one they `go` to."""
        return Console(await self.staff(bank, login, words, opened=False, **options), words, self.web)

    async def staff(
        self, bank: str, login: str, words: Words, *, opened: bool = True, moving: bool = False
    ) -> Page:  # fmt: skip
        """The browser of a member of the demo's staff who is signed in, once, then by that session.

        It shows the first page of the console, where people sign in; one that need not be `opened` shows nothing, and
        has signed in without a page. What moves is drawn in full only where it is `moving`.
        """
        kept = _sessions.get((bank, login))
        if kept is None and not opened:
            kept = await self._sign_in_unseen(bank, login)
        motion: Any = "no-preference" if moving else "reduce"
        context = await self.context(
            words.language, viewport={"width": 1440, "height": 1000}, storage_state=kept, reduced_motion=motion
        )
        page = await context.new_page()
        known = kept and (await context.request.get(f"{self.web}/v1/session")).status == HTTPStatus.OK
        if known and not opened:
            return page
        await (page.goto(f"{self.web}/console/") if known else self._sign_in(page, bank, login, words))
        await page.get_by_role("navigation", name=words("shell.menu")).wait_for()
        _sessions[bank, login] = await context.storage_state()
        return page

    async def _sign_in_unseen(self, bank: str, login: str) -> Any:
        """Sign somebody in as the page does, without it; what their browser keeps."""
        sign_in = sign_in_of(self.settings.key_path, bank, login)
        typed = {"tenant": bank, "login": login, "password": sign_in.password}
        typed["code"] = sign_in.code(await self.unused(bank, login))
        context = await self.browser.new_context()
        answer = await context.request.post(f"{self.web}/v1/session", data=typed)
        assert answer.ok, await answer.text()
        marks = [{"name": "huoke.signed-in", "value": (await answer.json())["staff_id"]}]
        kept = {**await context.storage_state(), "origins": [{"origin": self.web, "localStorage": marks}]}
        await context.close()
        _sessions[bank, login] = kept
        return kept

    async def _sign_in(self, page: Page, bank: str, login: str, words: Words) -> None:
        sign_in = sign_in_of(self.settings.key_path, bank, login)
        self.watch.expected.append("401")  # the console asks who is signed in before anybody is
        await page.goto(f"{self.web}/console/")
        await page.get_by_label(words("signIn.bank"), exact=True).fill(bank)
        await page.get_by_label(words("signIn.login"), exact=True).fill(login)
        await page.get_by_label(words("signIn.password"), exact=True).fill(sign_in.password)
        await page.get_by_label(words("signIn.code"), exact=True).fill(sign_in.code(await self.unused(bank, login)))
        await page.get_by_role("button", name=words("signIn.submit"), exact=True).click()

    async def sign_in_again(
        self, page: Page, bank: str, login: str, words: Words, *, at: datetime | None = None
    ) -> None:
        """What the console asks for when a session has ended: password and a fresh code (of `at`), nothing else."""
        sign_in = sign_in_of(self.settings.key_path, bank, login)
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label(words("signIn.password"), exact=True).fill(sign_in.password)
        await dialog.get_by_label(words("signIn.code"), exact=True).fill(
            sign_in.code(at or await self.unused(bank, login))
        )
        await dialog.get_by_role("button", name=words("signIn.submit"), exact=True).click()
        await expect(dialog).to_be_hidden()

    async def unused(self, bank: str, login: str) -> datetime:
        """Now, or when the next code begins where this person has used the present one: a code counts once."""
        now = datetime.now(UTC)
        step = int(now.timestamp()) // STEP_SECONDS
        if _codes_used.get((bank, login)) == step:
            await asyncio.sleep((step + 1) * STEP_SECONDS - now.timestamp() + 0.1)
            now, step = datetime.now(UTC), step + 1
        _codes_used[bank, login] = step
        return now

    async def phone(self, language: str, width: int = 390, **options) -> Page:
        """A customer's phone that is nobody's yet."""
        context = await self.context(
            language, viewport={"width": width, "height": 844}, has_touch=True, is_mobile=True, **options
        )
        return await context.new_page()

    async def hand_over(self, phone: Page, bank: str, customer_no: str, entry: str) -> None:
        """The bank's app sends the phone in: ticket, cookie, clean address."""
        address = f"{self.bank_app}/{bank}/open?customer={customer_no}&entry={entry}"
        await phone.goto(address)
        assert "ticket" not in phone.url
        assert phone.url.startswith(f"{self.web}/h5/{bank}/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first walk waits until the demo is made; on a busy machine that takes longer than any test may."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(TIMEOUT_SECONDS))


@pytest.fixture(scope="package")
def demo() -> Iterator[Settings]:
    """`huoke up --demo`, or the instance that HUOKE_E2E_HOME names; it ends when the last walk has."""
    webbuild.build()
    if home := os.environ.get("HUOKE_E2E_HOME"):
        yield settings_file.load(Path(home))
        return
    with seeded.demo() as settings:
        yield settings


@pytest.fixture(scope="package")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCHED)
        yield opened
        await opened.close()


@pytest.fixture
async def place(demo: Settings, chromium: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """Where the walk happens; at its end nothing bad may have been seen. A failed walk leaves pictures of its pages."""
    here = Place(demo, chromium, Watch())
    yield here
    if request.node.stash.get(FAILED, False):
        pages = [page for context in chromium.contexts for page in context.pages]
        for number, page in enumerate(pages):
            await page.screenshot(path=Path(tempfile.gettempdir()) / f"huoke-walk-{number}.png")
    for context in chromium.contexts:
        await context.close()
    assert here.watch.faults == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remember on the test whether it failed, so that `place` can keep pictures."""
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
async def binhai(place: Place) -> AsyncIterator[rewarding.Bank]:
    """The demo's first bank, to set plays and programmes up in."""
    async with rewarding.opened(place, "binhai") as bank:
        yield bank
