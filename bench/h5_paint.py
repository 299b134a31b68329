"""First paint of a campaign's page on a slow phone: 1.6 Mbit/s, 150 ms, a quarter of this machine's processor.

A customer comes in through the demo's bank app; then the page is loaded cold, each time in a fresh browser context with
its session, and the browser itself says when it first painted content. Baseline: the console's first page under the
same throttle in the same run, in turn with ours. Before anything is timed the page must show the campaign and its
button, and the console its form; the paint of a page that shows neither would be quick as well.

HUOKE_E2E_HOME names an instance that runs already (`huoke up --demo`); else one is started in a temporary home.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from huoke.app import webbuild
from huoke.app.demo.notes import read_notes
from huoke.app.h5.words import ZH
from huoke.kernel import settings as settings_file
from huoke.kernel.settings import Settings

CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
READY = "Huoke answers at"
BANK = "binhai"
FRESH = "还没有权益"
LOADS = 9
MBIT, LATENCY_MS, CPU_RATE = 1.6, 150, 4
RATIO_MAX, PAINT_MS_MAX = 0.3, 800
TIMEOUT_MS = 120_000


async def run(size: int | None = None) -> list[dict[str, Any]]:
    """Load each page `size` times (9), cold."""
    loads = size or LOADS
    webbuild.build()
    async with _instance() as settings, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        web = f"http://127.0.0.1:{settings.web_port}"
        state, address, title = await _come_in(browser, settings)
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(loads):
            ours.append(await _paint(browser, address, f"h1:has-text('{title}')", state))
            theirs.append(await _paint(browser, f"{web}/console/", "form, main", None))
        await browser.close()
    return [_row(ours, theirs)]


def _row(ours: list[float], theirs: list[float]) -> dict[str, Any]:
    mine, other = statistics.median(ours), statistics.median(theirs)
    return {
        "name": "h5-paint",
        "ours": round(mine),
        "unit": f"ms to first paint, median of {len(ours)} cold loads, {MBIT} Mbit/s, {LATENCY_MS} ms, CPU/{CPU_RATE}",
        "baseline": "the console's first page under the same throttle",
        "baseline_value": round(other),
        "ratio": round(mine / other, 3),
        "slowest_ms": round(max(ours)),
        "checks": {
            "at least 5 loads": len(ours) >= 5,
            f"at most {PAINT_MS_MAX} ms": mine <= PAINT_MS_MAX,
            f"at most {RATIO_MAX} of the console": mine <= RATIO_MAX * other,
        },
    }


async def _come_in(browser: Browser, settings: Settings) -> tuple[Any, str, str]:
    """A customer's session, the address of a campaign that is open to them, and its title; unthrottled."""
    notes = next(one for one in read_notes(settings.home).banks if one.code == BANK)
    numbers = [one.no for one in notes.customers if one.note == FRESH]
    button = ZH["landing.claim"]
    for entry in notes.entries:
        context = await browser.new_context(**_PHONE)
        page = await context.new_page()
        opened = f"http://127.0.0.1:{settings.bank_app_port}/{BANK}/open?customer={numbers[0]}&entry={entry.code}"
        await page.goto(opened, timeout=TIMEOUT_MS)
        if await page.get_by_role("button", name=button).count():
            found = await context.storage_state(), page.url, await page.locator("h1").first.inner_text()
            await context.close()
            return found
        await context.close()
    raise AssertionError(f"no campaign of {BANK} shows {numbers[0]} the button '{button}'")


async def _paint(browser: Browser, address: str, shows: str, state: Any) -> float:
    """Milliseconds from the navigation to the first content, cold."""
    context = await browser.new_context(**_PHONE, storage_state=state)
    page = await _throttled(context)
    await page.goto(address, wait_until="load", timeout=TIMEOUT_MS)
    await page.locator(shows).first.wait_for(timeout=TIMEOUT_MS)
    painted: float = await page.evaluate(_PAINTED)
    await context.close()
    return painted


async def _throttled(context: BrowserContext) -> Page:
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    rate = MBIT * 1_000_000 / 8
    conditions = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": rate, "uploadThroughput": rate / 2}
    await session.send("Network.emulateNetworkConditions", conditions)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_RATE})
    return page


@asynccontextmanager
async def _instance() -> AsyncIterator[Settings]:
    """The instance that HUOKE_E2E_HOME names, or one of its own."""
    if home := os.environ.get("HUOKE_E2E_HOME"):
        yield settings_file.load(Path(home))
        return
    with tempfile.TemporaryDirectory(prefix="huoke paint ") as folder:
        root = Path(folder)
        root.chmod(0o711)
        known = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "CLICKHOUSE_"))}
        process = subprocess.Popen(
            [sys.executable, "-m", "huoke", "up", "--demo", "--customers", "1000", "--home", str(root / "home")],
            env={**known, "COLUMNS": "200"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            assert process.stdout is not None
            assert any(READY in line for line in process.stdout), "the instance did not start"
            yield settings_file.load(root / "home")
        finally:
            psutil.Process(process.pid).terminate()
            process.communicate(timeout=120)


_PHONE: dict[str, Any] = {
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
_PAINTED = """() => new Promise((found) => {
  const look = () => {
    const [entry] = performance.getEntriesByName('first-contentful-paint');
    if (entry) found(entry.startTime); else setTimeout(look, 20);
  };
  look();
})"""
