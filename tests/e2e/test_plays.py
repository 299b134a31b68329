"""Playing on the phone in a real browser: a win from the board to the counter, what changes while the page is open, two
tabs, a mission done by what happened; and the page of proof, whose own script does every draw again.
"""

import hashlib
import json
from datetime import timedelta

import pytest
from playwright.async_api import Page, Request, Route, expect

from huoke.app.h5.words import EN, ZH
from huoke.kernel.clock import CHINA
from huoke.reward import plays
from huoke.reward.plays import PlayKind, PlayState, Replay
from tests.e2e import tour
from tests.e2e.rewarding import Bank, Somebody, reloaded_until
from tests.e2e.test_phone import faults_of, overflow
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

LANGUAGES = {"zh-CN": ZH, "en": EN}
CALM = {"reduced_motion": "reduce"}
"""A wheel that turns for four seconds would be waited for."""


async def drawn(bank: Bank, play) -> int:
    """How many draws a play has in the books."""
    return (await bank.read(play.id)).drawn


async def at_board(bank: Bank, who: Somebody, play, language: str = "zh-CN") -> Page:
    """A phone on a play's page, let in as by the code of its poster."""
    phone = await bank.place.phone(language, **CALM)
    await bank.place.hand_over(phone, bank.code, who.no, f"play-{play.code}")
    assert phone.url == f"{bank.home}/p/{play.code}"
    return phone


@tour.shown_in_docs()
async def test_a_win_on_the_board_lies_in_the_wallet_and_is_redeemed_at_the_counter(place, binhai, language):
    said, strip = LANGUAGES[language], tour.Strip("play-walk")
    [who] = await binhai.people_free(1)
    prizes = [await binhai.prize(1_000_000, title="观影券", title_en="A cinema visit"), binhai.nothing(0)]
    play = await binhai.play("周末好运转盘", prizes, title_en="Weekend wheel")
    phone = await at_board(binhai, who, play, language)
    await expect(phone.locator("#left-chances")).to_have_text("3")
    await strip.add(phone)
    await phone.get_by_role("button", name=said["play.draw"], exact=True).dblclick()
    sheet = phone.get_by_role("dialog")
    await expect(sheet.get_by_text(said["play.won"])).to_be_visible()
    await expect(phone.locator("#left-chances")).to_have_text("2")
    assert await drawn(binhai, play) == 1, "two taps are one draw"
    await strip.add(phone)
    await sheet.get_by_role("link", name=said["play.use"]).click()
    code = (await phone.locator("#digits").text_content() or "").replace(" ", "")
    await strip.add(phone)
    words = Words(language)
    teller = await place.console(binhai.code, "teller", words)
    await teller.go("/counter")
    await teller.redeem(code)
    await expect(phone.get_by_role("heading", name=said["redeemed.title"])).to_be_visible()
    await strip.add(phone)
    strip.keep()
    await phone.goto(f"{binhai.home}/benefits")
    await phone.locator("label[for=t-used]").click()
    await expect(phone.locator(".list.used article.ticket")).to_have_count(1)


async def test_a_prize_that_goes_and_a_play_that_is_paused_while_the_page_is_open_are_told(binhai):
    who, quick = await binhai.people_free(2)
    last = await binhai.play("最后一份", [await binhai.prize(1_000_000, stock=1), binhai.nothing(0)], kind=PlayKind.EGG)
    phone = await at_board(binhai, who, last)
    [won] = await binhai.draw(last, [quick])
    assert won.grant_id is not None
    await phone.locator("button.pick").first.click()
    sheet = phone.get_by_role("dialog")
    await expect(sheet.get_by_role("heading", name=ZH["play.lost"])).to_be_visible()
    await expect(sheet.get_by_role("link", name=ZH["play.use"])).to_be_hidden()
    await phone.goto(f"{binhai.home}/p/{last.code}")
    await expect(phone.get_by_role("heading", name=ZH["play.closed.all_gone.title"])).to_be_visible()
    await expect(phone.locator("button.pick").first).to_be_disabled()

    paused = await binhai.play("暂停与恢复", [await binhai.prize(1_000_000), binhai.nothing(0)], kind=PlayKind.BOX)
    await phone.goto(f"{binhai.home}/p/{paused.code}")
    await binhai.move(paused, PlayState.PAUSED)
    binhai.place.watch.expected.append("409")
    await phone.locator("button.pick").first.click()
    await expect(phone.get_by_role("heading", name=ZH["play.closed.plays.paused.title"])).to_be_visible()
    assert await drawn(binhai, paused) == 0
    await binhai.move(paused, PlayState.LIVE)
    await phone.reload()
    await phone.locator("button.pick").first.click()
    await expect(sheet.get_by_role("heading", name="到店好礼券")).to_be_visible()
    await expect(phone.locator("#left-chances")).to_have_text("2")


async def test_the_last_chance_in_two_tabs_is_one_draw(binhai):
    [who] = await binhai.people_free(1)
    play = await binhai.play(
        "一天一次", [await binhai.prize(1_000_000), binhai.nothing(0)], kind=PlayKind.SCRATCH, daily_chances=1
    )
    one = await at_board(binhai, who, play)
    other = await one.context.new_page()
    await other.goto(one.url)
    await expect(other.locator("#left-chances")).to_have_text("1")
    await one.locator("button.cover").click()
    await expect(one.get_by_role("dialog").get_by_role("heading", name="到店好礼券")).to_be_visible()
    binhai.place.watch.expected.append("409")
    await other.locator("button.cover").click()
    await expect(other.get_by_role("heading", name=ZH["play.closed.plays.no_chance.title"])).to_be_visible()
    assert await drawn(binhai, play) == 1
    await other.goto(f"{binhai.home}/benefits")
    await expect(other.locator(".list.available article.ticket")).to_have_count(1)


async def test_a_mission_is_done_by_what_happened_and_its_reward_is_taken_once(binhai):
    [who] = await binhai.people_free(1)
    async with binhai.begin() as tx:
        rows = await tx.fetch("SELECT code, draft::text AS draft FROM plays.play WHERE state = 'live'")
    code = next(row["code"] for row in rows if "缴一次费" in row["draft"])
    phone = await binhai.phone(who, f"p/{code}", **CALM)
    bill = phone.locator("section.mission").filter(has_text="缴一次费")
    await expect(bill.get_by_text(ZH["way.open"], exact=True)).to_be_visible()
    await expect(bill.get_by_role("button")).to_have_count(0)
    await binhai.happens(who, "bill.paid", category="water", channel="app")
    take = bill.get_by_role("button", name=ZH["way.take"])
    await reloaded_until(phone, take)
    await take.focus()
    await phone.keyboard.press("Enter")
    await expect(bill.get_by_text(ZH["way.taken"], exact=True)).to_be_visible()
    await expect(bill.get_by_role("button")).to_have_count(0)
    await phone.goto(f"{binhai.home}/benefits")
    await expect(phone.locator(".list.available article.ticket")).to_have_count(1)


async def ended(bank: Bank):
    """A play that was drawn on two days and is over: limits of day and person, a stock that went, a guarantee."""
    today = bank.database.clock.now().astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=2)
    # Of twelve people with three draws each some eleven hit it on a day: more than four, whatever the seed is.
    scarce = await bank.prize(600_000, stock=6, fallback=1, per_person=1, per_day=4, title="限量好礼券")
    plain = await bank.prize(100_000, stock=200, fallback=2, title="到店好礼券")
    play = await bank.play(
        "两日转盘", [scarce, plain, bank.nothing(300_000)], at=first, guarantee_after=3, guarantee_line=1, draws_a_day=3
    )
    people = await bank.people_free(12)
    for hours in (1, 2, 3, 25, 26, 27):
        await bank.draw(play, people, at=first + timedelta(hours=hours))
    await bank.move(play, PlayState.ENDED)
    return await bank.read(play.id)


def change(archive: dict) -> None:
    """One draw that says another outcome than the seed gives."""
    archive["draws"][16][2] = (archive["draws"][16][2] + 1) % 1_000_000


def give_another(archive: dict) -> None:
    """One draw that gave something else than its outcome."""
    archive["draws"][40][4] = 0 if archive["draws"][40][4] else 1


def drop(archive: dict) -> None:
    """The last draw is left out."""
    archive["draws"].pop()


def promise_another(archive: dict) -> None:
    """Another promise than the seed that was made public."""
    archive["commitment"] = "00" * 32


def mend_table(archive: dict) -> None:
    """Another prize table, and its own hash with it: whole in itself, and not the one that was published."""
    [table] = archive["tables"]
    table["text"] = table["text"].replace("限量好礼券", "到店好礼券")
    table["hash"] = hashlib.sha256(table["text"].encode()).hexdigest()


def leave_table(archive: dict) -> None:
    """A table of which nobody was told stands beside the one that was published."""
    archive["tables"].append({**archive["tables"][0], "version": 2})


SHOWN = (
    ("#commitment", ZH["verify.commitment"]),
    ("dd[data-table]", ZH["verify.wrong.table"].format(version=1)),
)
"""What the page itself shows, and what is named when it is another."""
WRONG = (
    (change, [ZH["play.number"].format(number=17)]),
    (give_another, [ZH["play.number"].format(number=41)]),
    (drop, [ZH["verify.wrong.count"].format(count=71)]),
    (promise_another, [ZH["verify.commitment"]]),
    (mend_table, [ZH["verify.wrong.table"].format(version=1)]),
    (leave_table, [ZH["verify.wrong.table"].format(version=2)]),
)


async def test_the_page_of_proof_does_every_draw_again_and_names_what_was_changed(binhai):
    play = await ended(binhai)
    phone = await binhai.place.phone("zh-CN", width=320, **CALM)
    await phone.goto(f"{binhai.home}/p/{play.code}/verify")
    said = phone.get_by_role("status")
    again = phone.get_by_role("button", name=ZH["verify.replay"])
    await again.click()
    await expect(said).to_have_text(ZH["verify.right"].format(count=72))
    assert (await overflow(phone), await faults_of(phone)) == (0, [])
    archive = json.loads(
        await (await phone.context.request.get(f"{phone.url.removesuffix('verify')}archive.json")).text()
    )
    walked = {why for draw in archive["draws"] for _, why, _ in draw[5]}
    assert {"day_limit", "person_limit", "sold_out"} <= walked, "limits stood in the way of some"
    assert await replayed(binhai, play) == []
    for spoil, named in WRONG:
        spoilt = json.loads(json.dumps(archive))
        spoil(spoilt)

        async def answer(route: Route, _: Request, body: str = json.dumps(spoilt)) -> None:
            await route.fulfill(body=body, content_type="application/json")

        await phone.route("**/archive.json", answer)
        await again.click()
        await expect(said).to_have_text(ZH["verify.wrong"].format(count=len(named), which="、".join(named)))
        await phone.unroute("**/archive.json")
    for place, named in SHOWN:
        kept = await phone.locator(place).inner_text()
        await phone.locator(place).evaluate("(one) => { one.textContent = '0'.repeat(64) }")
        await again.click()
        await expect(said).to_have_text(ZH["verify.wrong"].format(count=1, which=named))
        await phone.locator(place).evaluate("(one, kept) => { one.textContent = kept }", kept)
    await again.click()
    await expect(said).to_have_text(ZH["verify.right"].format(count=72))
    assert (await overflow(phone), await faults_of(phone)) == (0, [])


async def replayed(bank: Bank, play) -> list:
    """What the server's own replay finds wrong."""
    async with bank.begin() as tx:
        tables = {table.version: table for table in await plays.tables_of(tx, play)}
    checker, wrong = Replay(play.id, play.seed, tables), []
    async for draws in plays.archive(bank.database, bank.people.tenant, play.id):
        wrong += [found for draw in draws for found in checker.check(draw)]
    return wrong
