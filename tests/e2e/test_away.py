"""Every page of the console while the API is away: it keeps its heading and title, and says what to do."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Route, expect

from huoke.app import webbuild
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

ROUTER = Path(webbuild.WEB) / "console" / "app" / "router.tsx"
ROUTE = re.compile(r"page\('(/[^']*)', \(\) => import\('[^']+'\)(?:, '([a-z_.]+)')?\)")
ASKS_LATER = {"/imports/new", "/event-loads/new"}
"""Pages that read nothing before somebody has typed something."""
LAST = "/campaigns"
"""Read by the one who walks, once the API is back."""
HURRY = """
  const later = window.setTimeout
  window.setTimeout = (act, after, ...more) => later(act, after >= 300 ? 5 : after, ...more)
"""
"""Who asks again after a moment does so at once."""
WALK = """async ({ paths, calm, retry }) => {
  const look = () => {
    const heading = document.querySelector('main h1:not([data-left])')
    const buttons = [...document.querySelectorAll('main [role=alert] button')]
    return {
      heading: heading?.textContent.trim() ?? '',
      title: document.title,
      error: buttons.some((one) => one.textContent.trim() === retry),
      waits: !!document.querySelector('main .skeleton, main .ant-spin-spinning'),
    }
  }
  const found = []
  for (const path of paths) {
    document.querySelectorAll('main h1').forEach((one) => { one.dataset.left = '' })
    document.querySelectorAll('main [role=alert]').forEach((one) => one.removeAttribute('role'))
    document.title = ''
    history.pushState({}, '', '/console' + path)
    const until = performance.now() + 5000
    let seen
    do {
      await new Promise((done) => setTimeout(done, 15))
      seen = look()
    } while (!(seen.heading && seen.title && !seen.waits && (seen.error || calm.includes(path)))
      && performance.now() < until)
    found.push({ path, ...seen })
  }
  return found
}"""


def routes() -> dict[str, str]:
    """Every address inside the console, its parts filled in, and the permission it needs."""
    number, some = str(UUID(int=1)), {"seq": "1", "key": "payroll", "name": "app.login"}
    found = ROUTE.findall(ROUTER.read_text())
    return {re.sub(r"\$(\w+)", lambda part: some.get(part[1], number), path): may for path, may in found}


@pytest.mark.parametrize("language", ["zh-CN"])
async def test_every_page_keeps_its_heading_and_can_be_tried_again_while_the_api_is_away(place, language):
    words, known = Words(language), routes()
    console = await place.console("binhai", "operator", words)
    page = console.page

    async def may_do_all(route: Route) -> None:
        answer = await route.fetch()
        me = await answer.json()
        await route.fulfill(response=answer, body=json.dumps(me | {"permissions": sorted({*known.values()} - {""})}))

    await page.route("**/v1/session", may_do_all)
    await page.add_init_script(HURRY)
    await console.go("/nowhere")
    await expect(page.locator("main h1")).to_be_visible()
    place.watch.expected += ["ERR_BLOCKED_BY_CLIENT", "Failed to fetch"]
    line = await page.context.new_cdp_session(page)
    await line.send("Network.enable")
    await line.send("Network.setBlockedURLs", {"urls": ["*/v1/*"]})
    paths = [*(path for path in known if path != LAST), LAST]
    told = {"paths": paths, "calm": sorted(ASKS_LATER), "retry": words("action.retry")}
    seen = await page.evaluate(WALK, told)
    faults = [fault for one in seen for fault in _faults(**one)]
    assert faults == []
    await line.send("Network.setBlockedURLs", {"urls": []})
    await page.get_by_role("alert").get_by_role("button", name=words("action.retry")).first.click()
    await expect(page.get_by_role("alert")).to_have_count(0)


def _faults(path: str, heading: str, title: str, *, error: bool, waits: bool) -> Iterator[str]:
    """What is wrong with a page that could read nothing."""
    if not heading:
        yield f"{path} has no heading"
    if not title.endswith(" · Huoke"):
        yield f"{path} has no title"
    if error == (path in ASKS_LATER):
        yield f"{path} says it could not read" if error else f"{path} does not say that it could not read"
    if waits:
        yield f"{path} waits for ever"
