"""Every kind of play on a small phone by keyboard alone: found, played and read, in both brands, without motion."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

from huoke.app.h5.words import EN, ZH
from huoke.govern import privacy, tenants
from huoke.kernel.clock import CHINA
from huoke.reward import plays
from huoke.reward.plays import (
    PPM,
    Cards,
    CheckIn,
    CodeOf,
    Goal,
    Lobby,
    Measure,
    Mission,
    Option,
    PlayKind,
    Question,
    Quiz,
    Rain,
    Reward,
    Span,
    Ways,
)
from tests.e2e import rewarding
from tests.e2e.rewarding import Bank, Somebody, reloaded_until
from tests.e2e.test_phone import faults_of, overflow

pytestmark = pytest.mark.e2e

STOPS_MAX = 60
MOVING = "document.getAnimations().filter((one) => one.playState === 'running').length"
STOPS = """() => {
  const met = new Set()
  window.walk?.abort()
  window.walk = new AbortController()
  window.walked = { stops: [], round: false }
  document.addEventListener('focusin', ({ target: one }) => {
    const ring = getComputedStyle(one), box = one.getBoundingClientRect()
    const near = one.closest('label') ? getComputedStyle(one.closest('label')) : ring
    window.walked.round ||= met.has(one)
    met.add(one)
    window.walked.stops.push({ html: one.type === 'radio' ? one.name : one.outerHTML,
      seen: [ring, near].some((style) => style.outlineStyle !== 'none' || style.boxShadow !== 'none')
        && box.width > 0 && box.height > 0 })
  }, { signal: window.walk.signal })
  return [...document.querySelectorAll('a[href], button:not(:disabled), input:not([type=hidden]), summary')]
    .filter((one) => one.checkVisibility() && one.tabIndex >= 0 && !(one.type === 'radio' && !one.checked
      && document.querySelector(`input[name="${one.name}"]:checked`)))
    .map((one) => one.type === 'radio' ? one.name : one.outerHTML)
}"""
"""What Tab has to reach; from now on the page notes what it reaches, and whether anybody sees that."""
WALKED = """() => ({ ...window.walked,
  over: window.walked.round || !document.activeElement || document.activeElement === document.body })"""


async def whole(page: Page) -> None:
    """Nothing is wider than the screen, unreadable to assistive readers, out of reach of the keyboard, or moving."""
    assert await overflow(page) <= 0
    assert await faults_of(page) == []
    assert await page.evaluate(MOVING) == 0
    wanted = set(await page.evaluate(STOPS))
    pressed, walked = 0, {"stops": [], "over": False}
    while pressed < STOPS_MAX and not walked["over"]:
        for _ in range(len(wanted) + 1 if not pressed else 1):
            await page.keyboard.press("Tab")
            pressed += 1
        walked = await page.evaluate(WALKED)
    for at in walked["stops"]:
        assert at["seen"], f"nobody sees that this has the focus: {at['html'][:200]}"
    assert wanted - {at["html"] for at in walked["stops"]} == set(), "not reached by Tab"


async def press(page: Page, locator: Any) -> None:
    """Go to something as Tab does, and press Enter."""
    await locator.focus()
    await page.keyboard.press("Enter")


async def draw(page: Page, board: str, *, again: bool = True) -> None:
    """Draw by Enter: the sheet takes the focus, keeps it, closes by Escape, and gives it back for another draw."""
    button = page.locator(f"{board}:enabled").first
    await press(page, button)
    sheet = page.get_by_role("dialog")
    await expect(sheet).to_be_focused()
    await expect(sheet.locator("h2")).not_to_be_empty()
    assert await page.evaluate(MOVING) == 0
    for _ in range(6):
        await page.keyboard.press("Tab")
        assert await sheet.evaluate("(sheet) => sheet.contains(document.activeElement)")
    assert await faults_of(page) == []
    assert await overflow(page) <= 0
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await expect(button if again else page.locator(f"{board}:disabled").first).to_be_visible()
    assert await button.evaluate_all("(found) => found.map((one) => one === document.activeElement)") == [True] * again


def on(board: str, *, again: bool = True) -> Callable[[Bank, Page, Somebody, Any, Any], Awaitable[None]]:
    """A play that is nothing but its board."""

    async def walk(_: Bank, page: Page, __: Somebody, ___: Any, ____: Any) -> None:
        await draw(page, board, again=again)

    return walk


async def check_in(_: Bank, page: Page, __: Somebody, ___: Any, said: Any) -> None:
    await press(page, page.locator("footer.dock form button"))
    await expect(page.get_by_role("button", name=said["way.checked"])).to_be_disabled()


async def mission(bank: Bank, page: Page, who: Somebody, _: Any, said: Any) -> None:
    await bank.happens(who, "steps.recorded", steps=12_000, source="wechat")
    take = page.get_by_role("button", name=said["way.take"])
    await reloaded_until(page, take)
    await whole(page)
    await press(page, take.first)
    await expect(page.get_by_text(said["way.taken"], exact=True)).to_be_visible()


async def quiz(_: Bank, page: Page, __: Somebody, ___: Any, said: Any) -> None:
    await press(page, page.get_by_role("button", name=said["way.quiz.begin"]))
    await expect(page.locator("fieldset.question")).to_have_count(2)
    await whole(page)
    for place in range(2):
        await page.locator(f"input[name=a{place}]").first.focus()
        await page.keyboard.press("Space")
        await page.keyboard.press("ArrowDown")
    await press(page, page.get_by_role("button", name=said["way.quiz.send"]))
    await expect(page.get_by_text(said["way.quiz.right"].format(right=2, ask=2))).to_be_visible()


async def cards(_: Bank, page: Page, __: Somebody, ___: Any, said: Any) -> None:
    await press(page, page.get_by_role("link", name=said["way.cards.draw"].partition("{")[0].rstrip(" (（")))
    await page.wait_for_url("**/board")
    await whole(page)
    await draw(page, "button.pick")


async def lobby(bank: Bank, page: Page, _: Somebody, play: Any, said: Any) -> None:
    """A visit: the branch's code checks in, the manager's opens the card."""
    home = page.url.partition("/p/")[0]
    async with bank.begin() as tx:
        for key, hour in (("plays.branch_opens_hour", 0), ("plays.branch_closes_hour", 24)):
            await tenants.set_setting(tx, key, hour, "走查")
        keys = await privacy.keys(tx)
        rm = bank.people.actors[rewarding.Role.RM]
        door, _ = plays.code_now(keys, rm.unit_id, None, tx.now)
        own, _ = plays.code_now(keys, rm.unit_id, rewarding.UUID(rm.actor.id), tx.now)
    for code, does in ((door, "lobby.check_in"), (own, "lobby.open")):
        await page.goto(f"{home}/lobby/{code}")
        await whole(page)
        await press(page, page.get_by_role("button", name=said[does]))
        await expect(page.get_by_role("button", name=said[does])).to_have_count(0)
    go = page.locator(f"a[href*='/p/{play.code}?']")
    await expect(go).to_be_visible()
    await whole(page)
    await press(page, go)
    await expect(page.locator("#left-chances")).to_have_text("2")
    await whole(page)
    await draw(page, "button.cover")


def _quiz() -> Quiz:
    options = [Option(zh="点开链接", en="Tap the link"), Option(zh="拨打官方客服核实", en="Call the bank")]
    question = Question(
        zh="短信要求点链接解冻账户，怎么做？", en="A text says: tap to unfreeze. You…", options=options, answer=1
    )
    return Quiz(questions=[question, question], ask=2, seconds=600, needed=2, gives=Reward(line=0))


def _steps(measure: Measure = Measure.MOST) -> Mission:
    return Mission(
        title="今天的步数", title_en="Steps today", event="steps.recorded", measure=measure,
        property="steps" if measure is Measure.MOST else "", span=Span.DAY,
        goals=[Goal(target=1, gives=Reward(line=0))],
    )  # fmt: skip


WAYS = {
    PlayKind.CHECKIN: Ways(checkin=CheckIn(days=[Reward(line=0)], cards_a_month=1)),
    PlayKind.MISSION: Ways(missions=[_steps(Measure.TIMES)]),
    PlayKind.STEPS: Ways(missions=[_steps()]),
    PlayKind.QUIZ: Ways(quiz=_quiz()),
    PlayKind.CARDS: Ways(cards=Cards(lines=[1, 2], wild=3, gives=Reward(line=0), sets=1)),
}
PLAYED = {
    PlayKind.WHEEL: on("button.hub"),
    PlayKind.GRID: on("button.go"),
    PlayKind.SCRATCH: on("button.cover"),
    PlayKind.EGG: on("button.pick"),
    PlayKind.BOX: on("button.pick"),
    PlayKind.RAIN: on("button.pick", again=False),
    PlayKind.CHECKIN: check_in,
    PlayKind.MISSION: mission,
    PlayKind.STEPS: mission,
    PlayKind.QUIZ: quiz,
    PlayKind.CARDS: cards,
}


async def opened(bank: Bank, kind: PlayKind, *, at_branch: bool) -> Any:
    """A play of a kind that is open now; most of its draws win."""
    now = bank.database.clock.now()
    if kind is PlayKind.CARDS:
        prize = await bank.prize(0, fallback=None)
        lines = [bank.nothing(300_000), bank.nothing(300_000), bank.nothing(400_000)]
        return await bank.play("四季集卡", [prize, *lines], kind=kind, ways=WAYS[kind])
    if kind in WAYS:
        prize = await bank.prize(0, fallback=None)
        return await bank.play("每日一件事", [prize], kind=kind, ways=WAYS[kind], daily_chances=0)
    changes: dict[str, Any] = {}
    if kind is PlayKind.RAIN:
        local = now.astimezone(CHINA)
        changes = {
            "ways": Ways(rain=Rain(times=[f"{local - timedelta(minutes=1):%H:%M}"], seconds=3_600)),
            "daily_chances": 0,
        }
    if at_branch:
        changes = {"lobby": Lobby(chances=2, by=CodeOf.RM), "daily_chances": 0}
    prizes = [await bank.prize(700_000), bank.nothing(PPM - 700_000)]
    return await bank.play("每日好运", prizes, kind=kind, at=now - timedelta(minutes=2), **changes)


@pytest.mark.parametrize("code", ["binhai", "shancheng"])
@pytest.mark.parametrize("kind", [*PLAYED, "lobby"])
async def test_every_kind_is_played_by_keyboard_on_a_small_screen_without_motion(place, code, kind):
    """Each kind in one bank in Chinese and in the other in English, by turns."""
    turn = [*PLAYED, "lobby"].index(kind) + (code == "binhai")
    language, said = ("zh-CN", ZH) if turn % 2 else ("en", EN)
    at_branch = kind == "lobby"
    async with rewarding.opened(place, code) as bank:
        play = await opened(bank, PlayKind.SCRATCH if at_branch else kind, at_branch=at_branch)
        [who] = await bank.people_free(1)
        page = await bank.phone(who, f"p/{play.code}", language, width=320, reduced_motion="reduce")
        await whole(page)
        await (lobby if at_branch else PLAYED[kind])(bank, page, who, play, said)
        await page.goto(f"{bank.home}/p/{play.code}")
        await whole(page)
