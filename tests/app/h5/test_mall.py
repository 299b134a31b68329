"""The mall on the phone, as forms without a script: found, ordered once, paid, delivered, given back.

Coffee costs points alone, the lounge points and money at a cashier that is played; suppliers are played too.
"""

import asyncio
import re
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from uuid import UUID

import msgspec
import pytest

from huoke.app.demo.cashier_server import CashierServer
from huoke.app.demo.supplier_server import SupplierServer
from huoke.reward import card_codes, grants, mall
from huoke.reward.catalogue import Delivery
from huoke.reward.mall import AfterSaleState, Decision
from huoke.settle.fulfilment import sign_call
from tests.app.h5.conftest import Phone, Walk, form_to
from tests.make import campaigns as make_campaigns
from tests.make import card_codes as make_codes
from tests.make import catalogue as make_catalogue
from tests.make import customers as make_customers
from tests.make import ledger as make_ledger
from tests.make import mall as make
from tests.make import outlets as make_outlets
from tests.make import payments as make_payments
from tests.make import supply as make_supply

pytestmark = pytest.mark.usefixtures("clock")
HOME = {"name": "林晓芸", "phone": "13800138000", "region": "330200", "address": "江厦街道药行街1号"}
_places = count()


class Room(msgspec.Struct):
    """A mall that is open; whoever comes in has 5,000 points."""

    walk: Walk
    till: make_payments.Till
    coffee: make.Shop
    lounge: make.Shop

    async def put(self, **changes) -> make.Shop:
        """One more good on the shelf, approved by a second person."""
        world = self.walk.world
        return make.Shop(await make.on_shelf(world.database, world.tenant, **changes), self.till)

    async def customer(self) -> tuple[Phone, int]:
        """Somebody who was not here before."""
        seq = self.walk.world.seqs[next(_places)]
        async with self.walk.world.begin() as tx:
            await make_ledger.points(tx, seq, 5_000, expires_at=tx.now + timedelta(days=90))
        return await self.walk.phone(seq), seq

    async def order(self, phone: Phone, good: make.Shop, /, **fields) -> str:
        """Order one for points alone; the page of the order."""
        path = path_of(good)
        form = form_to((await phone.get(path)).text, "/order")
        return own(phone, await phone.post(f"{path}/order", data=form | fields))

    async def place(self, phone: Phone, good: make.Shop, /, **fields) -> str:
        """Order one through the cart; the page of the purchase."""
        path = path_of(good)
        form = form_to((await phone.get(path)).text, "/cart")
        cart = (await phone.client.get((await phone.post(f"{path}/cart", data=form)).headers["location"])).text
        return own(phone, await phone.post("cart/order", data=form_to(cart, "/cart/order") | fields))

    async def pay(self, phone: Phone, seq: int, purchase: str) -> mall.OwnOrder:
        """Pay at the cashier, come back, and let everybody hear of it; the one thing that was bought."""
        purchase_id = UUID(purchase.rpartition("/")[2])
        payment_id = (await self.coffee.purchase(seq, purchase_id)).payment_id
        assert self.till.fake.pay(payment_id.hex)
        assert "正在确认付款结果" in (await phone.get(purchase, params={"paid": 1})).text
        await self.coffee.hear()
        [unit] = (await self.coffee.purchase(seq, purchase_id)).units
        return unit

    async def state(self, grant_id: UUID) -> str:
        async with self.walk.world.begin() as tx:
            return (await grants.get_grant(tx, grant_id)).state.value

    async def grant_of(self, seq: int, order: str) -> UUID:
        async with self.walk.world.begin() as tx:
            return (await mall.own_order(tx, seq, UUID(order.rpartition("/")[2]))).grant.id

    async def answer(self, order: str, *, agree: bool, told: str) -> None:
        """Somebody of the bank decides about what was asked of an order."""
        async with self.walk.world.begin(self.walk.world.operator) as tx:
            asked = await mall.find_after_sales(tx, state=AfterSaleState.ASKED)
            [one] = [one for one in asked if one.order_id == UUID(order.rpartition("/")[2])]
            await mall.decide_after_sale(tx, Decision(after_sale_id=one.id, agree=agree, answer=told))


def path_of(good: make.Shop) -> str:
    return f"mall/{good.world.item_id}"


def own(phone: Phone, answer) -> str:
    """Where a form led, as the phone calls it."""
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(f"{phone.home}/")


@asynccontextmanager
async def still(good: make.Shop, seq: int):
    """Points, stock and budget stay as they are."""
    before = await good.stands(seq)
    yield
    assert await good.stands(seq) == before


@pytest.fixture(scope="module")
def cashier():
    with CashierServer([]) as running:
        yield running


@pytest.fixture(scope="module")
def suppliers():
    with SupplierServer([]) as running:
        yield running


@pytest.fixture(scope="module")
async def room(walk, cashier) -> Room:
    world = walk.world
    till = await make_payments.till(world.database, world.tenant, cashier, mute=1.0)
    async with world.begin() as tx:
        coffee = await make_catalogue.voucher(tx, name="老街早咖啡", name_en="Old Street coffee", category="dining")
        lounge = await make_catalogue.voucher(tx, name="机场贵宾厅", name_en="Airport lounge", category="travel")
    coffee_world = await make.on_shelf(world.database, world.tenant, sku_id=coffee)
    lounge_world = await make.on_shelf(world.database, world.tenant, sku_id=lounge, cash_fen=990)
    return Room(walk, till, make.Shop(coffee_world, till), make.Shop(lounge_world, till))


@pytest.mark.parametrize(
    ("language", "coffee", "lounge", "none", "price"),
    [
        ("zh", "老街早咖啡", "机场贵宾厅", "没有找到", "1,200 积分 ＋ ¥9.90"),
        ("en", "Old Street coffee", "Airport lounge", "Nothing found", "1,200 points + ¥9.90"),
    ],
)
async def test_the_shelf_is_browsed_and_searched_and_each_good_says_what_it_costs(
    room, language, coffee, lounge, none, price
):
    phone, _ = await room.customer()

    async def shown(path="mall", **asked):
        return (await phone.get(path, params={"lang": language, **asked})).text

    whole = await shown()
    assert (coffee in whole, lounge in whole) == (True, True)
    for asked in ({"q": coffee[:3]}, {"category": "dining"}):
        page = await shown(**asked)
        assert (coffee in page, lounge in page, none in page) == (True, False, False), asked
    assert none in await shown(q="-?-")
    assert price in await shown(path_of(room.lounge))
    assert price not in await shown(path_of(room.coffee))


async def test_a_visitor_is_asked_to_sign_in_and_another_banks_goods_are_nowhere(room, other_bank):
    visitor = await room.walk.phone()
    for answer in (await visitor.get("mall"), await visitor.post(f"{path_of(room.coffee)}/order", data={})):
        assert (answer.status_code, "<form" in answer.text) == (401, False)
    theirs = make.Shop(await make.on_shelf(room.walk.world.database, other_bank), room.till)
    phone, seq = await room.customer()
    form = form_to((await phone.get(path_of(room.coffee))).text, "/order")
    async with still(room.coffee, seq):
        assert (await phone.get(path_of(theirs))).status_code == 404
        for ending in ("order", "cart"):
            assert (await phone.post(f"{path_of(theirs)}/{ending}", data=form)).status_code == 404
    assert str(theirs.world.item_id) not in (await phone.get("mall")).text


async def test_a_double_tap_and_two_tabs_are_one_order_for_points(room):
    phone, seq = await room.customer()
    before, path = await room.coffee.stands(seq), path_of(room.coffee)
    form = form_to((await phone.get(path)).text, "/order")

    async def led(*forms):
        return {own(phone, one) for one in await asyncio.gather(*(phone.post(f"{path}/order", data=f) for f in forms))}

    [order] = await led(form, form, form)
    assert await led(form) == {order}
    after = await room.coffee.stands(seq)
    assert (before[0] - after[0], before[1] - after[1]) == (1_200, 1)
    page = (await phone.get(order)).text
    assert "兑换成功" in page
    assert "老街早咖啡" in (await phone.get("orders")).text
    assert len(await led(form, form | {"request_no": "another page"})) == 2, "it is the page's number that makes it one"


async def test_points_and_money_are_paid_once_delivered_once_and_given_back_to_the_fen(room, clock):
    phone, seq = await room.customer()
    other, _ = await room.customer()
    before, path = await room.lounge.stands(seq), path_of(room.lounge)
    await phone.post(f"{path}/cart", data=form_to((await phone.get(path)).text, "/cart"))
    cart = (await phone.get("cart")).text
    assert "1,200 积分 ＋ ¥9.90" in cart
    form = form_to(cart, "/cart/order")
    async with still(room.lounge, seq):
        for two in ("2", "1"):
            await phone.post(f"{path}/cart", data=form_to(cart, f"{path}/cart") | {"quantity": two})
        assert own(phone, await phone.post("cart/order", data=form | {"lines": "x"})) == "cart?refused=mall.cart_unfit"
    taps = await asyncio.gather(*(phone.post("cart/order", data=form) for _ in range(2)))
    [purchase] = {own(phone, one) for one in taps}
    held = await room.lounge.stands(seq)
    assert (before[0] - held[0], before[1] - held[1]) == (1_200, 1)
    assert "购物车是空的" in (await phone.get("cart")).text
    page = (await phone.get(purchase)).text
    assert ("去支付 ¥9.90" in page, f'href="{room.till.server.address(room.till.fake.code)}' in page) == (True, True)
    assert "待付款" in (await phone.get("orders")).text
    assert "正在确认付款结果" in (await phone.get(purchase, params={"paid": 1})).text
    await room.coffee.hear()
    assert "付款成功" not in (await phone.get(purchase)).text, "that somebody came back is no payment"
    stranger = form_to((await other.get(path)).text, "/cart")
    assert (await other.get(purchase)).status_code == 404
    assert (await other.post(f"{purchase}/cancel", data=stranger)).status_code == 404
    unit = await room.pay(phone, seq, purchase)
    assert "付款成功" in (await phone.get(purchase)).text
    assert await room.lounge.stands(seq) == held
    assert (await other.get(f"orders/{unit.id}")).status_code == 404
    assert (await other.post(f"orders/{unit.id}/back", data=stranger)).status_code == 404
    assert (await other.post(f"orders/{unit.id}/after-sale", data=stranger | {"reason": "x"})).status_code == 404
    order = f"orders/{unit.id}"
    back = form_to((await phone.get(order)).text, "/back")
    for _ in range(2):
        await phone.post(f"{order}/back", data=back)
    assert "退款中" in (await phone.get(order)).text
    for _ in range(2):
        await room.till.wait(clock, 61)
        await room.coffee.hear()
    assert "1,200 积分和 ¥9.90 已原路退回" in (await phone.get(order)).text
    assert await room.lounge.stands(seq) == before
    await room.till.check()


async def test_who_does_not_want_to_pay_cancels_and_has_everything_back(room):
    phone, seq = await room.customer()
    async with still(room.lounge, seq):
        purchase = await room.place(phone, room.lounge)
        await phone.post(f"{purchase}/cancel", data=form_to((await phone.get(purchase)).text, "/cancel"))
        await room.coffee.hear()
        assert "1,200 积分已原数退回" in (await phone.get(purchase)).text


async def test_another_price_approved_between_page_and_order_is_told_and_takes_nothing(room):
    phone, seq = await room.customer()
    old = await room.put()
    path = path_of(old)
    page = (await phone.get(path)).text
    alone = form_to(page, "/order")
    await phone.post(f"{path}/cart", data=form_to(page, "/cart"))
    cart = form_to((await phone.get("cart")).text, "/cart/order")
    new = await room.put(sku_id=old.world.sku_id, points=1_500)
    async with room.walk.world.begin() as tx:
        await mall.take_off(tx, old.world.item_id, "换新价格")
    async with still(new, seq):
        for address, form in ((f"{path}/order", alone), (f"{path}/cart", alone), ("cart/order", cart)):
            led = own(phone, await phone.post(address, data=form))
            page = await phone.get(led)
            assert (page.status_code, "这项权益已下架，没有扣除积分" in page.text) == (200, True), address
        fresh = form_to((await phone.get(path_of(new))).text, "/order")
        stale = own(phone, await phone.post(f"{path_of(new)}/order", data=fresh | {"points": alone["points"]}))
        page = (await phone.get(stale)).text
        assert ("积分价格刚刚有变" in page, "1,500 积分" in page) == (True, True)
    before = await new.stands(seq)
    assert "1,500 积分" in (await phone.get(await room.order(phone, new))).text
    assert (await new.stands(seq))[:2] == (before[0] - 1_500, before[1] - 1), "the price that stands is the one paid"


async def test_the_last_one_goes_to_one_and_the_other_is_told(room):
    (first, _), (second, seq) = await room.customer(), await room.customer()
    for changes, words in (({}, "刚刚兑完，没有扣除积分"), ({"cash_fen": 990}, "剩余份数不够")):
        good = await room.put(stock=1, **changes)
        path = path_of(good)
        order, ending = (room.place, "cart/order") if changes else (room.order, f"{path}/order")
        await second.post(f"{path}/cart", data=form_to((await second.get(path)).text, "/cart"))
        form = form_to((await second.get("cart" if changes else path)).text, "/order")
        await order(first, good)
        async with still(good, seq):
            assert words in (await second.get(own(second, await second.post(ending, data=form)))).text
        page = (await second.get(path)).text
        assert ("已兑完" in page, 'form="order"' in page) == (True, False)
        assert 'form="order"' in (await second.get(path_of(room.coffee))).text


async def test_a_used_benefit_is_undone_when_the_bank_agrees_and_each_answer_is_read(room):
    phone, seq = await room.customer()
    before = await room.coffee.stands(seq)
    order = await room.order(phone, room.coffee)
    page = (await phone.get(order)).text
    assert ("退回这份权益" in page, "申请售后" in page) == (True, False)
    await make_campaigns.redeem(room.walk.world, await room.grant_of(seq, order))
    form = form_to((await phone.get(order)).text, "/after-sale")
    await phone.post(f"{order}/back", data=form)
    await phone.post(f"{order}/after-sale", data=form | {"reason": " "})
    assert "申请售后" in (await phone.get(order)).text, "neither used nor without a reason"
    for agree, told in ((False, "已使用，商品完好"), (True, "已核实，退回")):
        for _ in range(2):
            await phone.post(f"{order}/after-sale", data=form | {"reason": "少了一份"})
        page = (await phone.get(order)).text
        assert ("售后申请已提交" in page, f"{order}/after-sale" in page) == (True, False)
        assert "少了一份" in page, "what was written stands there"
        await room.answer(order, agree=agree, told=told)
        page = (await phone.get(order)).text
        assert ("售后申请未通过" in page, "少了一份" in page, told in page) == (not agree, True, True)
        assert (await room.coffee.stands(seq))[0] == before[0] - (0 if agree else 1_200)
    assert "1,200 积分已回到原批次" in page


async def test_no_form_of_the_mall_is_taken_without_the_pages_own_token(room):
    phone, seq = await room.customer()
    order = await room.order(phone, room.coffee)
    purchase = await room.place(phone, room.lounge)
    path = path_of(room.coffee)
    form = form_to((await phone.get(path)).text, "/order") | {"reason": "x", "quantity": "1"}
    forms = (
        f"{path}/order",
        f"{path}/cart",
        "cart/order",
        f"{purchase}/cancel",
        f"{order}/back",
        f"{order}/after-sale",
    )
    async with still(room.coffee, seq):
        for address in forms:
            for token in ({"csrf": "x"}, {"csrf": ""}):
                answer = await phone.post(address, data=form | token)
                assert answer.status_code == 403, address
                [again] = re.findall(r'class="link" href="([^"]*)"><strong>重新打开', answer.text)
                assert (await phone.client.get(again)).status_code == 200, again
    assert "购物车是空的" in (await phone.get("cart")).text
    assert "去支付" in (await phone.get(purchase)).text
    assert own(phone, await phone.post(f"{order}/back", data=form)) == order
    assert "已退回" in (await phone.get(order)).text, "with it the same form is taken"


async def test_a_card_code_is_shown_once_it_is_paid_and_stays_its_buyers(room):
    world = room.walk.world
    sku_id = await make_codes.stocked(world.database, world.tenant, ["MALL-0001-CODE"])
    good = await room.put(sku_id=sku_id, cash_fen=990, stock=1, held=1)
    phone, seq = await room.customer()
    other, _ = await room.customer()

    async def codes():
        async with world.begin() as tx:
            return {state.value: n for state, n in (await card_codes.count_codes(tx, [sku_id]))[sku_id].items() if n}

    purchase = await room.place(phone, good)
    assert await codes() == {"free": 1}
    unit = await room.pay(phone, seq, purchase)
    order, benefit = f"orders/{unit.id}", f"benefits/{unit.grant.id}"
    page = (await phone.get(order)).text
    back = form_to(page, "/back")
    assert ("MALL-0001-CODE" in page, await codes(), await room.state(unit.grant.id)) == (
        False,
        {"drawn": 1},
        "fulfilled",
    )
    refused = await other.get(benefit)
    assert (refused.status_code, "MALL-0001-CODE" in refused.text, await codes()) == (404, False, {"drawn": 1})
    for _ in range(2):
        assert "MALL-0001-CODE" in (await phone.get(benefit)).text
        assert (await codes(), await room.state(unit.grant.id)) == ({"seen": 1}, "used")
    async with still(good, seq):
        await phone.post(f"{order}/back", data=back)
    page = (await phone.get(order)).text
    assert ("退回这份权益" in page, "申请售后" in page) == (False, True), "what was seen is not unseen"


@pytest.mark.parametrize(("region", "city", "elsewhere"), [("330212", "330200", False), ("500112", "500100", True)])
async def test_a_form_begins_with_the_own_city_and_the_cart_says_what_is_of_no_use_there(room, region, city, elsewhere):
    world = room.walk.world
    phone, seq = await room.customer()
    place = world.seqs.index(seq)
    row = {"customer_no": f"C{place:06}", "unit_code": ("N", "S", "N1")[place % 3], "region": region}
    await make_customers.import_rows(world.database, world.tenant, [row], {"region": "text"})
    async with world.begin() as tx:
        posted, bound = await make_outlets.gift(tx, Delivery.POST), await make_catalogue.voucher(tx, regions=["330200"])
    good, here = await room.put(sku_id=posted), await room.put(sku_id=bound)
    page = (await phone.get(path_of(good))).text
    assert re.findall(r'value="(\d+)" selected', page) == [city]
    assert "常住地不在其中" not in page, "goods that are sent are of use everywhere"
    for one in (good, here):
        await phone.post(f"{path_of(one)}/cart", data=form_to((await phone.get(path_of(one))).text, "/cart"))
    cart = (await phone.get("cart")).text
    assert (re.findall(r'value="(\d+)" selected', cart), cart.count("常住地不在其中")) == ([city], int(elsewhere))
    answer = await phone.post("cart/order", data=form_to(cart, "/cart/order") | HOME)
    assert "/purchases/" in answer.headers["location"], "told, and not refused"


async def test_goods_show_their_way_from_the_order_to_the_door(room, suppliers):
    world = room.walk.world
    shop = await make_supply.shop(
        world.database, world.tenant, suppliers, world.buyer, world.approver, later=1.0, seconds=3_600
    )
    async with world.begin() as tx:
        sku_id = await make_outlets.gift(tx, Delivery.POST, supplier_id=shop.supplier_id)
    good = await room.put(sku_id=sku_id)
    phone, seq = await room.customer()
    form = (await phone.get(path_of(good))).text
    assert '<optgroup label="浙江省">' in form
    assert '<option value="330200">宁波市</option>' in form
    async with still(good, seq):
        nowhere = await room.order(phone, good, **HOME | {"address": " "})
        assert "请核对收货信息" in (await phone.get(nowhere)).text
    order = await room.order(phone, good, **HOME)
    await room.coffee.hear()
    await shop.carry()
    [booked] = shop.fake.books.values()
    at = world.database.clock.machine()

    async def tell(hours=0, key=make_supply.KEY, **parcel):
        body = msgspec.json.encode(
            {**booked.wire("success"), "parcel": {"at": (at + timedelta(hours=hours)).isoformat(), **parcel}}
        )
        path = f"/v1/supplier-callbacks/{room.walk.code}/{shop.fake.code}"
        headers = sign_call(key, "bank", "POST", path, body, at)
        return (await phone.client.post(path, content=body, headers=headers)).status_code

    async def way():
        page = (await phone.get(order)).text
        assert "药行街" not in page
        return re.findall(r"<b>(等待商家打包|已打包|已寄出|已送达)</b>", page)

    assert await way() == ["等待商家打包"]
    assert await tell(state="sent", key=bytes(32)) >= 400
    assert await way() == ["等待商家打包"], "nobody else tells where it is"
    sent = {"carrier": "示范速运", "tracking_no": "SY0001"}
    for hours, state, more in ((0, "packed", {}), (1, "sent", sent), (30, "delivered", {})):
        assert await tell(hours, state=state, **more) == 200
    assert await way() == ["已送达", "已寄出", "已打包"]
    assert "示范速运 SY0001" in (await phone.get(order)).text
    grant = await room.grant_of(seq, order)
    assert await room.state(grant) == "used"
    assert "已交供应商配送" in (await phone.get(f"benefits/{grant}")).text
    held = (await phone.get("benefits")).text
    assert "已发放" in held
    assert "已核销" not in held


async def test_a_top_up_shows_its_success_and_one_that_failed_its_points(room, suppliers):
    world = room.walk.world
    shop = await make_supply.shop(world.database, world.tenant, suppliers, world.buyer, world.approver)
    async with world.begin() as tx:
        sku_id = await make_catalogue.topup(tx, supplier_id=shop.supplier_id)
    good = await room.put(sku_id=sku_id)
    phone, seq = await room.customer()
    before = await good.stands(seq)
    async with still(good, seq):
        assert "请核对收货信息" in (await phone.get(await room.order(phone, good, phone="123"))).text
    for fail, words in ((0.0, "已送达"), (1.0, "这张权益不能再使用")):
        shop.fake.manners.fail = fail
        order = await room.order(phone, good, phone=make_supply.PHONE)
        benefit = f"benefits/{await room.grant_of(seq, order)}"
        await room.coffee.hear()
        assert "已提交，正在办理" in (await phone.get(benefit)).text
        await shop.carry()
        await room.coffee.hear()
        assert words in (await phone.get(benefit)).text
    assert "1,200 积分已回到原批次" in (await phone.get(order)).text
    assert (await good.stands(seq))[:2] == (before[0] - 1_200, before[1] - 1)
    assert await shop.states() == {"success": 1, "refunded": 1}
