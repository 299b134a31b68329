"""Points spent on the phone in a real browser: an order of points and money from the shelf to the card code and what is
wrong with it, and points that become others and go back.
"""

import re

import pytest
from playwright.async_api import expect

from huoke.app.demo.code_file import CASH_FEN, POINTS
from huoke.app.h5.words import EN, ZH
from huoke.kernel.money import format_yuan
from huoke.reward import ledger, mall
from huoke.reward.mall import AfterSaleState, Decision
from tests.e2e import tour
from tests.e2e.rewarding import Bank, Somebody, reloaded_until
from tests.e2e.test_friends import with_points
from tests.e2e.test_phone import faults_of, overflow

pytestmark = pytest.mark.e2e

LANGUAGES = {"zh-CN": ZH, "en": EN}
PUT_IN = 200


async def with_purse(bank: Bank) -> Somebody:
    """Somebody with points enough who may be in another walk, too."""
    [number] = await with_points(bank.place, bank.code, 1)
    async with bank.begin() as tx:
        return Somebody(
            await tx.fetch_value("SELECT seq FROM customers.customer WHERE customer_no = $1", number), number
        )


async def held(bank: Bank, who: Somebody, *currencies: str) -> list[int]:
    """Free points of each type."""
    async with bank.begin() as tx:
        accounts = [ledger.points_account(who.seq, one) for one in currencies]
        found = await ledger.stored_balances(tx, accounts)
        return [found[one] for one in accounts]


@tour.shown_in_docs()
async def test_an_order_is_paid_with_points_and_money_shows_its_card_code_and_is_asked_back(place, binhai, language):
    said, strip = LANGUAGES[language], tour.Strip("mall-walk")
    who = await with_purse(binhai)
    [before] = await held(binhai, who, "POINTS")
    phone = await binhai.phone(who, "mall", language)
    await phone.get_by_role("searchbox").fill("观影月卡" if said is ZH else "cinema")
    await phone.get_by_role("searchbox").press("Enter")
    good = phone.locator("a.good").filter(has_text=format_yuan(CASH_FEN))
    await expect(good).to_have_count(1)
    await strip.add(phone)
    await good.click()
    await phone.get_by_role("button", name=said["mall.buy"]).click()
    await expect(phone.get_by_role("heading", level=3)).to_have_count(1)
    await strip.add(phone)
    await phone.get_by_role("button", name=said["mall.submit"]).dblclick()
    pay = phone.get_by_role("link", name=said["mall.pay"].format(yuan=format_yuan(CASH_FEN)))
    await expect(pay).to_be_visible()
    purchase = phone.url
    await pay.click()
    await expect(phone).to_have_url(re.compile(r"/pay/"))
    await expect(phone.get_by_text(format_yuan(CASH_FEN))).to_be_visible()
    await strip.add(phone)
    await phone.get_by_role("button", name=re.compile("Pay now")).click()
    await phone.wait_for_url(re.compile(re.escape(purchase)))
    await expect(phone.get_by_role("heading", name=said["mall.paid.title"])).to_be_visible()
    assert (await held(binhai, who, "POINTS"))[0] == before - POINTS
    await phone.locator(".list a").click()
    order = phone.url
    use = phone.get_by_role("link", name=said["use"], exact=True)
    await reloaded_until(phone, use)
    await strip.add(phone)
    await use.click()
    digits = phone.locator("p.digits")
    await expect(digits.first).to_have_text(re.compile(r"CX26\d{8}"))
    await expect(digits.last).to_have_text(re.compile(r"\d{6}"))
    assert (await overflow(phone), await faults_of(phone)) == (0, [])
    await strip.add(phone)
    strip.keep()
    await after_sale(binhai, phone, order, said)


async def after_sale(bank: Bank, phone, order: str, said) -> None:
    """What was seen cannot be given back by oneself: the bank is asked, refuses with words, and both stand there."""
    await phone.goto(order)
    await expect(phone.get_by_role("button", name=said["mall.order.back"])).to_have_count(0)
    await phone.get_by_label(said["mall.after.why"]).fill("卡号提示已被使用")
    await phone.get_by_role("button", name=said["mall.after.send"]).click()
    await expect(phone.get_by_role("heading", name=said["mall.after.asked"])).to_be_visible()
    async with bank.begin() as tx:
        found = await mall.find_after_sales(tx, state=AfterSaleState.ASKED)
        [asked] = [one for one in found if one.order_id.hex in order.replace("-", "")]
        told = "供应商确认卡密未使用，请按说明重新输入"
        await mall.decide_after_sale(tx, Decision(after_sale_id=asked.id, agree=False, answer=told))
    await phone.reload()
    await expect(phone.get_by_role("heading", name=said["mall.after.refused"])).to_be_visible()
    await expect(phone.get_by_text(told)).to_be_visible()


@tour.shown_in_docs()
async def test_points_become_others_at_the_rate_that_was_shown_and_go_back(binhai, language):
    said, strip = LANGUAGES[language], tour.Strip("exchange-walk")
    who = await with_purse(binhai)
    before = await held(binhai, who, "POINTS", "BEANS")
    phone = await binhai.phone(who, "exchange", language)
    name = "积分换金豆" if said is ZH else "Points for gold beans"
    offer = phone.locator("section.swap").filter(has_text=name)
    await strip.add(phone)
    await offer.get_by_role("link", name=said["exchange.choose"]).click()
    await phone.get_by_label(said["exchange.points"]).fill(str(PUT_IN))
    await phone.get_by_role("button", name=said["exchange.look"]).click()
    gained = int(re.findall(r"[\d,]+", await phone.locator(".gain").text_content() or "")[0].replace(",", ""))
    assert 0 < gained < PUT_IN * 3 // 2, "the fee is taken off"
    await strip.add(phone)
    await phone.get_by_role("button", name=said["exchange.confirm"]).dblclick()
    await expect(phone.get_by_role("heading", name=said["exchange.state.done"])).to_be_visible()
    assert await held(binhai, who, "POINTS", "BEANS") == [before[0] - PUT_IN, before[1] + gained]
    await strip.add(phone)
    strip.keep()
    await phone.get_by_role("button", name=said["exchange.undo"]).click()
    await expect(phone.get_by_role("heading", name=said["exchange.state.undone"])).to_be_visible()
    assert await held(binhai, who, "POINTS", "BEANS") == before
    assert (await overflow(phone), await faults_of(phone)) == (0, [])
