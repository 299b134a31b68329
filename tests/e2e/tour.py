"""The stops of a role's walk: what every page must keep, and its picture for docs/tour.

HUOKE_TOUR names the folder the pictures go to (`HUOKE_TOUR=docs/tour`), HUOKE_PICTURES that of the pages of docs
themselves (`HUOKE_PICTURES=docs/pictures`); without them nothing is written.
"""

import io
import os
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image
from playwright.async_api import Page, expect

from tests.e2e.words import Words

FOLDER = os.environ.get("HUOKE_TOUR")
PICTURES = os.environ.get("HUOKE_PICTURES")
LONG_MS = 60_000
PICTURE_WIDTH = 1_200
QUALITY = 82
SCREEN_WIDTH, GAP = 312, 20
"""Of a phone in a strip of several."""
FAULTS = """async (impacts) => {
  const usual = (rule) => rule.enabled && !rule.tags.some((tag) => ['experimental', 'deprecated'].includes(tag))
  const grave = axe._audit.rules.filter((rule) => impacts.includes(rule.impact))
  const asked = grave.filter((rule) => rule.impact === 'critical' || usual(rule))
  const options = { runOnly: { type: 'rule', values: asked.map((rule) => rule.id) }, resultTypes: ['violations'] }
  const { violations } = await axe.run(options)
  return violations.filter((one) => impacts.includes(one.impact)).map((one) => [one.id, one.nodes[0].html])
}"""
"""Only the rules whose faults axe calls so grave: the others would take more time than these."""
ENGLISH_FIRST = ("checker", "merchant-clerk", "service-desk")


def both_languages(role: str) -> pytest.MarkDecorator:
    """Walk in both languages where pictures are made; else in one, half of the roles in each."""
    languages = ["zh-CN", "en"]
    if FOLDER is None:
        languages = ["en" if role in ENGLISH_FIRST else "zh-CN"]
    return pytest.mark.parametrize("language", languages)


def shown_in_docs() -> pytest.MarkDecorator:
    """Walk in both languages where docs show what is walked, in Chinese else."""
    return pytest.mark.parametrize("language", ["zh-CN", "en"] if PICTURES else ["zh-CN"])


async def critical_faults(page: Page) -> list[str]:
    """What a reader with a screen reader could not use."""
    return [f"{page.url} {rule}: {html[:160]}" for rule, html in await faults(page, "critical")]


async def faults(page: Page, *impacts: str) -> list[tuple[str, str]]:
    """What axe finds wrong on a page of these impacts: its rule, and the first place."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    return [(rule, html) for rule, html in await page.evaluate(FAULTS, list(impacts))]


async def bare_keys(page: Page) -> list[str]:
    """Keys that stand where their words should, technical names apart; a key begins like one of the console's."""
    families = "|".join(Words((await page.evaluate("document.documentElement.lang")) or "zh-CN").families)
    script = """(families) => {
      const key = new RegExp(`^(${families})([.][A-Za-z0-9_]+)+$`)
      const found = []
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const text = node.data.trim()
        if (key.test(text) && !node.parentElement.closest('.mono, code, pre, script')) found.push(text)
      }
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
        for (const element of document.querySelectorAll(`[${name}]`)) {
          if (key.test(element.getAttribute(name))) found.push(element.getAttribute(name))
        }
      }
      return [...new Set(found)]
    }"""
    return [f"{page.url} shows the bare key {key}" for key in await page.evaluate(script, families)]


async def settled(page: Page) -> None:
    """The heading is there and nothing on the page is still loading."""
    await page.locator("main h1").first.wait_for(timeout=LONG_MS)
    await expect(page.locator("main .skeleton")).to_have_count(0, timeout=LONG_MS)


async def stop(page: Page, role: str, number: int, name: str) -> None:
    """Stand still on a page of `role`'s walk: no critical fault, no wider than its window; its picture is taken.

    The picture is `<zh|en>/<role>-<number, two digits>-<name>.webp`; the page's own language says which.
    """
    await settled(page)
    assert await critical_faults(page) == []
    assert await bare_keys(page) == []
    wider = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, f"{page.url} is {wider} px wider than its window"
    if FOLDER is not None:
        await _take(page, Path(FOLDER), f"{role}-{number:02d}-{name}")


async def picture(page: Page, name: str, *, height: int | None = None, of: str | None = None) -> None:
    """A page, or a part `of` it, as docs show it: `<zh|en>/<name>.webp`; in a window so high, where that is given."""
    if PICTURES is None:
        return
    former = page.viewport_size
    if height and former:
        await page.set_viewport_size({"width": former["width"], "height": height})
    await settled(page)
    await _take(page, Path(PICTURES), name, of)
    if former:
        await page.set_viewport_size(former)


class Strip:
    """Screens of a phone, one after another, as docs show a walk: `<zh|en>/<name>.webp`, side by side."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._screens: list[Image.Image] = []
        self._language = ""

    async def add(self, page: Page) -> None:
        """The screen as it stands now."""
        if PICTURES is None:
            return
        await page.wait_for_load_state("networkidle")
        self._language = (await page.evaluate("document.documentElement.lang"))[:2]
        taken = await page.screenshot(animations="disabled", caret="hide")
        screen: Image.Image = Image.open(io.BytesIO(taken)).convert("RGB")
        height = round(screen.height * SCREEN_WIDTH / screen.width)
        self._screens.append(screen.resize((SCREEN_WIDTH, height), Image.Resampling.LANCZOS))

    def keep(self) -> None:
        """Write the picture, with a line around each screen and room between them."""
        if PICTURES is None:
            return
        width, height = SCREEN_WIDTH + 2, max(one.height for one in self._screens) + 2
        strip = Image.new("RGB", (len(self._screens) * (width + GAP) - GAP, height), "#FFFFFF")
        for place, screen in enumerate(self._screens):
            at = place * (width + GAP)
            strip.paste("#C9D3D8", (at, 0, at + width, screen.height + 2))
            strip.paste(screen, (at + 1, 1))
        file = Path(PICTURES) / self._language / f"{self._name}.webp"
        file.parent.mkdir(parents=True, exist_ok=True)
        strip.save(file, quality=QUALITY, method=6)


async def _take(page: Page, folder: Path, name: str, of: str | None = None) -> None:
    await page.wait_for_load_state("networkidle")
    language = (await page.evaluate("document.documentElement.lang"))[:2]
    shown = page.locator(of).first if of else page
    taken: Image.Image = Image.open(io.BytesIO(await shown.screenshot(animations="disabled", caret="hide")))
    if taken.width > PICTURE_WIDTH:
        height = round(taken.height * PICTURE_WIDTH / taken.width)
        taken = taken.resize((PICTURE_WIDTH, height), Image.Resampling.LANCZOS)
    file = folder / language / f"{name}.webp"
    file.parent.mkdir(parents=True, exist_ok=True)
    taken.save(file, quality=QUALITY, method=6)
