"""The customer's walk: from the bank's app through a campaign, a choice, the counter and their own choices, and back in
by a code from a message.
"""

import asyncio
import re

import httpx
import msgspec
import pytest
from playwright.async_api import Page, expect

from huoke.app.demo.bank_app import ask_ticket
from huoke.app.h5.words import EN, ZH
from huoke.govern import privacy, tenants
from huoke.kernel.tx import Database
from huoke.know import consent, customers
from huoke.reach import channels
from tests.e2e import tour
from tests.e2e.words import Words

pytestmark = pytest.mark.e2e

BANK, ROLE = "binhai", "customer"
LANGUAGES = {"zh-CN": ZH, "en": EN}


async def stop(phone: Page, number: int, name: str) -> None:
    """A stop of the tour; phone pages say what they are in their first heading."""
    await tour.stop(phone, ROLE, number, name)


def entry(place, name: str) -> str:
    return next(one.code for one in place.notes(BANK).entries if one.name == name)


async def redeem(place, code: str, language: str) -> None:
    """A teller redeems what the phone shows, over the API as the counter does."""
    teller = (await place.staff(BANK, "teller", Words(language), opened=False)).request
    token = (await (await teller.get(f"{place.web}/v1/session")).json())["csrf_token"]
    redemption = {"request_no": f"walk-{code}", "code": code}
    answer = await teller.post(f"{place.web}/v1/redemptions", data=[redemption], headers={"X-CSRF-Token": token})
    [result] = await answer.json()
    assert result["status"] == "done", result


async def message(place, phone_number: str, pattern: str) -> str:
    """What the newest message of a phone says, once it has come: the demo's gateway shows every inbox."""
    async with httpx.AsyncClient() as client:
        for _ in range(100):
            page = await client.get(f"http://127.0.0.1:{place.settings.sms_port}/inbox", params={"phone": phone_number})
            if found := re.search(pattern, page.text):
                return found[0]
            await asyncio.sleep(0.3)
    raise AssertionError(f"no message to {phone_number}")


class Somebody(msgspec.Struct):
    """A customer of the demo who was granted nothing yet, with what only they know; `leave` is their way out."""

    no: str
    phone: str
    leave: str


async def somebody(place) -> Somebody:
    """Somebody nobody else's walk uses, who may be written to."""
    privacy.unlock(place.settings.key_path)
    database = await Database.connect(place.settings.database_url)
    noted = [one.no for one in place.notes(BANK).customers]
    try:
        async with database.begin(await tenants.find_by_code(database, BANK)) as tx:
            free = await consent.members(tx, consent.MARKETING) - await consent.suppressed(tx)
            rows = await tx.fetch(_UNTOUCHED, noted)
            seq, number = next((row["seq"], row["customer_no"]) for row in rows if row["seq"] in free)
            phone = (await customers.contacts(tx, [seq]))[seq].phone
            return Somebody(number, phone, (await channels.unsubscribe_paths(tx, [seq]))[seq])
    finally:
        await database.close()


_UNTOUCHED = """
SELECT c.seq, c.customer_no FROM customers.customer c
WHERE c.status = 'active' AND c.phone_index IS NOT NULL AND c.person = c.seq AND NOT c.customer_no = ANY($1)
  AND NOT EXISTS (SELECT FROM grants.grant g WHERE g.seq = c.seq)
ORDER BY c.seq DESC LIMIT 500
"""


@tour.both_languages(ROLE)
async def test_a_customer_claims_chooses_uses_and_decides_what_the_bank_may_do(place, language):
    words = LANGUAGES[language]
    me = await somebody(place)
    phone = await place.phone(language)
    place.watch.expected += ["401", "404"]

    # In through the bank's app, to a campaign that is open.
    ticket = ask_ticket(place.settings.web_port, place.notes(BANK).api_key, me.no, entry(place, "周末出行立减"))
    await phone.goto(f"{place.web}/h5/{BANK}/enter?ticket={ticket}")
    await stop(phone, 1, "landing")
    await phone.get_by_role("button", name=words["landing.claim"]).dblclick()
    await expect(phone.get_by_role("heading", name=words["claimed.title"], exact=True)).to_be_visible()
    await stop(phone, 2, "claimed")

    # Two of three, one after another.
    await phone.goto(f"{place.web}/h5/{BANK}/c/{entry(place, '暖冬任选两款')}")
    await stop(phone, 3, "choose")
    for left in (1, 0):
        await phone.get_by_role("link", name=words["bundle.look"], exact=True).first.click()
        if left:
            await stop(phone, 4, "one-benefit")
        await phone.get_by_role("button", name=words["bundle.choose"]).dblclick()
        await expect(phone.locator(".chip.ok")).to_have_count(2 - left)
    await expect(phone.get_by_role("link", name=words["bundle.look"], exact=True)).to_have_count(0)
    await stop(phone, 5, "chosen")

    # What is mine, and its code; the counter takes it.
    await phone.get_by_role("link", name=words["to_benefits"]).last.click()
    await expect(phone.locator(".list.available article.ticket")).to_have_count(3)
    await stop(phone, 6, "benefits")
    await phone.locator(".list.available a.pill").first.click()
    digits = phone.locator("#digits")
    await expect(digits).to_have_text(re.compile(r"\d{4} \d{4} \d{4}"))
    await stop(phone, 7, "code")
    await redeem(place, (await digits.text_content() or "").replace(" ", ""), language)
    await expect(phone.get_by_role("heading", name=words["redeemed.title"])).to_be_visible()
    await stop(phone, 8, "redeemed")

    # What the bank may do.
    await phone.goto(f"{place.web}/h5/{BANK}/choices")
    await stop(phone, 9, "choices")
    switch = phone.locator("#profiling .switch")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "false")
    await stop(phone, 10, "not-personal")

    # Out of the messages, by the link one of them carries; and back.
    await phone.goto(place.web + me.leave)
    await stop(phone, 11, "unsubscribe")
    await phone.get_by_role("button", name=words["leave.go"], exact=True).click()
    await expect(phone.get_by_role("heading", name=words["leave.done"], exact=True)).to_be_visible()
    await stop(phone, 12, "unsubscribed")

    # Signed out, and in again without the app: a code by message, and what only this customer knows.
    await phone.goto(f"{place.web}/h5/{BANK}/choices")
    await expect(phone.locator("#marketing_sms .switch")).to_have_attribute("aria-checked", "false")
    await phone.get_by_role("button", name=words["sign_out"]).click()
    await phone.get_by_role("link", name=words["sign_in.by_code"]).click()
    await phone.get_by_label(words["sign_in.phone"]).fill(me.phone)
    await stop(phone, 13, "sign-in")
    await phone.get_by_role("button", name=words["sign_in.send"]).click()
    text = await message(place, me.phone, r"\b\d{6}\b(?= (是您的登录|is your sign-in))")
    await phone.get_by_label(words["sign_in.code"]).fill(text)
    await phone.get_by_label(words["sign_in.factor"]).fill("0000")
    await phone.get_by_role("button", name=words["sign_in.go"]).click()
    await expect(phone.get_by_role("alert").filter(has_text="4")).to_be_visible()
    await phone.get_by_label(words["sign_in.code"]).fill(text)
    await phone.get_by_label(words["sign_in.factor"]).fill(me.no)
    await stop(phone, 14, "code-from-message")
    await phone.get_by_role("button", name=words["sign_in.go"]).click()
    await expect(phone.get_by_role("heading", name=words["benefits"], exact=True)).to_be_visible()
    await stop(phone, 15, "back")


_UNBOOKED = """
SELECT c.customer_no, g.id FROM grants.grant g JOIN grants.offer o ON o.id = g.offer_id
JOIN catalogue.sku s ON s.id = o.sku_id JOIN customers.customer c ON c.seq = g.seq
WHERE s.code = 'LOUNGE' AND g.state = 'fulfilled' AND NOT EXISTS (
  SELECT FROM bookings.booking b WHERE b.grant_id = g.id AND b.state = 'booked') ORDER BY c.seq DESC LIMIT 1
"""


async def unbooked(place) -> tuple[str, str]:
    """Somebody with a lounge nobody booked yet, and what they hold of it."""
    database = await Database.connect(place.settings.database_url)
    try:
        async with database.begin(await tenants.find_by_code(database, BANK)) as tx:
            row = await tx.fetch_row(_UNBOOKED)
    finally:
        await database.close()
    assert row is not None, "one in three of the demo's members books later"
    return row["customer_no"], str(row["id"])


async def test_a_service_is_booked_on_the_phone_before_its_code_is_shown_and_taken_back(place):
    words = LANGUAGES["zh-CN"]
    number, grant_id = await unbooked(place)
    phone = await place.phone("zh-CN", width=320)
    await place.hand_over(phone, BANK, number, "benefits")
    own = f"{place.web}/h5/{BANK}/benefits/{grant_id}"
    await phone.goto(own)
    await expect(phone.get_by_role("heading", name=words["booking.title"], exact=True)).to_be_visible()
    await expect(phone.locator("#digits")).to_have_count(0)
    days = phone.locator(".picks").last.get_by_role("link")
    await days.last.click()
    await phone.locator("input[name=slot_id]:enabled").first.check()
    await phone.get_by_role("button", name=words["booking.book"]).click()
    await phone.get_by_role("link", name=words["booking.code"]).click()
    await expect(phone.locator("#digits")).to_have_text(re.compile(r"\d{4} \d{4} \d{4}"))
    await phone.goto(f"{own}/booking")
    await phone.get_by_role("button", name=words["booking.cancel"]).click()
    await expect(phone.get_by_role("button", name=words["booking.book"])).to_be_visible()
