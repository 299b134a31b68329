"""Paying in a store on the phone, as forms without a script: the amount, what comes off, the cashier, the proof."""

import asyncio
import re
from uuid import UUID

import pytest

from huoke.app.demo.cashier_server import CashierServer
from huoke.reward import ledger, merchants, reductions, tills
from huoke.reward.merchants import NewRule, Scope
from tests.app.h5.conftest import form_to
from tests.make import mall as make
from tests.make import merchants as make_merchants
from tests.make import payments as make_payments
from tests.make import reductions as make_reductions

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(scope="module")
def cashier():
    with CashierServer([]) as running:
        yield running


@pytest.fixture(scope="module")
async def shop(walk, cashier):
    """A store and one that closed, a cashier, and three yuan off from nine yuan on for the first customer."""
    world = walk.world
    till = await make_payments.till(world.database, world.tenant, cashier, mute=1.0)
    async with world.begin() as tx:
        merchant_id = await make_merchants.merchant(tx, unit_id=world.units.head)
        store_id, closed_id = [await make_merchants.store(tx, merchant_id) for _ in range(2)]
        await merchants.retire_store(tx, closed_id, units=None)
        sku_id = await make_reductions.sku(tx, merchant_fen=100)
        rule = NewRule(scope=Scope.SKU, scope_key=str(sku_id), merchant_ids=[merchant_id])
        await merchants.add_rule(tx, rule, units=None)
        [mine] = (await make_reductions.give(tx, sku_id, [world.seqs[0]]))[world.seqs[0]]
    return till, merchant_id, store_id, closed_id, mine


async def sales(walk):
    async with walk.world.begin() as tx:
        assert await tills.verify(tx) == []
        assert await reductions.verify(tx) == []
        assert await ledger.verify(tx) == []
        return await tills.find_sales(tx)


def own(phone, answer) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(f"{phone.home}/")


async def test_what_is_no_amount_is_told_and_nothing_is_rung_up(walk, shop):
    _, _, store_id, _, _ = shop
    phone = await walk.phone(walk.world.seqs[1])
    path = f"stores/{store_id}/pay"
    form = form_to((await phone.get(path, params={"yuan": "12.34"})).text, "/pay")
    assert form["yuan"] == "12.34"
    for yuan in ("0", "-1", "1.234", "x", "NaN", "50000.01", "99999999999"):
        page = (await phone.get(own(phone, await phone.post(path, data=form | {"yuan": yuan})))).text
        assert "请核对金额" in page, yuan
    assert "请核对金额" in (await phone.get(path, params={"yuan": "1.234"})).text
    assert "请核对金额" not in (await phone.get(path)).text
    assert (await phone.post(path, data=form | {"csrf": "x"})).status_code == 403
    assert await sales(walk) == []


async def test_a_store_that_closed_says_so_and_takes_nothing(walk, shop):
    _, _, store_id, closed_id, _ = shop
    phone = await walk.phone(walk.world.seqs[1])
    form = form_to((await phone.get(f"stores/{store_id}/pay", params={"yuan": "12"})).text, "/pay")
    path = f"stores/{closed_id}/pay"
    for led in (path, f"{path}?yuan=12", own(phone, await phone.post(path, data=form))):
        page = await phone.get(led)
        assert (page.status_code, "这家门店暂不收款" in page.text, "<form" in page.text) == (200, True, False), led
    assert "This store takes no payments now" in (await phone.get(path, params={"lang": "en"})).text
    assert await sales(walk) == []


async def test_an_amount_less_what_comes_off_is_rung_up_once_paid_and_shown(walk, shop):
    till, merchant_id, store_id, _, mine = shop
    phone = await walk.phone(walk.world.seqs[0])
    other = await walk.phone(walk.world.seqs[1])
    path = f"stores/{store_id}/pay"
    assert "−¥3.00" not in (await phone.get(path, params={"yuan": "8.99"})).text
    page = (await phone.get(path, params={"yuan": "16"})).text
    assert ("−¥3.00" in page, "应付 ¥13.00" in page, "海岸咖啡 天一店" in page) == (True, True, True)
    form = form_to(page, "/pay") | {"reduction": mine.hex}
    strange = form_to((await other.get(path, params={"yuan": "16"})).text, "/pay") | {"reduction": mine.hex}
    assert "这份立减券已使用或正在使用" in (await other.get(own(other, await other.post(path, data=strange)))).text
    assert await sales(walk) == []
    taps = await asyncio.gather(*(phone.post(path, data=form) for _ in range(2)))
    [sale] = {own(phone, one) for one in taps}
    [rung] = await sales(walk)
    assert (rung.id, rung.price_fen, rung.reduction_fen) == (UUID(sale.rpartition("/")[2]), 1_600, 300)
    assert "去支付 ¥13.00" in (await phone.get(sale)).text
    assert (await other.get(sale)).status_code == 404
    assert "正在确认付款结果" in (await phone.get(sale, params={"paid": 1})).text
    await make.hear(till.database, till.bank)
    assert "请把本页出示给店员" not in (await phone.get(sale)).text, "that somebody came back is no payment"
    assert till.fake.pay(rung.payment_id.hex)
    await phone.get(sale, params={"paid": 1})
    await make.hear(till.database, till.bank)
    page = (await phone.get(sale)).text
    assert ("付款成功" in page, "请把本页出示给店员" in page) == (True, True)
    assert re.findall(r"<dd>(¥[\d.]+|−¥[\d.]+)</dd>", page) == ["¥16.00", "−¥3.00", "¥13.00"]
    books = await till.check()
    assert books.paid_fen == 1_300
    async with walk.world.begin() as tx:
        start = tx.now.replace(hour=0)
        assert await tills.payable(tx, merchant_id, start, tx.now.replace(year=2027)) == 1_500
    again = form_to((await phone.get(path, params={"yuan": "16"})).text, "/pay") | {"reduction": mine.hex}
    assert "这份立减券已使用或正在使用" in (await phone.get(own(phone, await phone.post(path, data=again)))).text
    assert len(await sales(walk)) == 1


async def test_a_payment_that_did_not_come_in_time_is_over_and_owes_nothing(walk, shop, clock):
    till, _, store_id, _, _ = shop
    phone = await walk.phone(walk.world.seqs[2])
    path = f"stores/{store_id}/pay"
    page = (await phone.get(path, params={"yuan": "20"})).text
    assert "立减优惠" not in page, "another's benefit comes off nobody else's payment"
    sale = own(phone, await phone.post(path, data=form_to(page, "/pay")))
    await till.wait(clock, 16 * 60)
    await make.hear(till.database, till.bank)
    assert "付款已取消" in (await phone.get(sale)).text
    [closed] = [one for one in await sales(walk) if one.seq == walk.world.seqs[2]]
    assert (closed.state, closed.price_fen) == ("closed", 2_000)
