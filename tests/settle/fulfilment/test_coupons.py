"""Coupons of a payment platform: what every answer comes to, notices, forged words, and everything at once."""

import base64
from datetime import date, timedelta

import msgspec
import pytest

from huoke.app.demo.coupon_server import CouponManners, CouponServer
from huoke.reward import supply
from huoke.reward.supply import ConnectionUnfit, NoAnswer, NotTaken, OrderCall, OrderKind, Recipient
from huoke.settle import fulfilment, reconciliation
from huoke.settle.fulfilment import Call, CallbackRefused, CallbackUnfit, openid_of
from huoke.settle.fulfilment.coupon_return import CouponUnreturned, return_coupon
from tests.make import coupons
from tests.make import supply as make
from tests.make.payments import pair
from tests.settle.fulfilment.test_chaos import TODAY, live_through

ORDERS = 100


@pytest.fixture(scope="module")
def platform():
    with CouponServer([]) as running:
        yield running


@pytest.fixture
async def new_coupons(database, bank, platform, people, clock):
    async def made(**manners) -> make.Shop:
        return await coupons.shop(database, bank, platform, *people, **manners)

    return made


@pytest.fixture
async def code(database, bank):
    async with database.begin_shared() as tx:
        return await tx.fetch_value("SELECT code FROM tenants.tenant WHERE id = $1", bank)


async def one(shop, **changes):
    """The shop's only order, after one call."""
    shop.fake.manners = CouponManners(**changes)
    await make.claim(shop, 1)
    await shop.carry(1)
    [order] = await shop.orders()
    return order


async def settle_day(shop, clock):
    clock.advance(timedelta(days=1))
    await reconciliation.bring(
        shop.database, shop.tenant, shop.buyer.actor, shop.supplier_id, TODAY, shop.fake.day_file(TODAY)
    )


async def test_an_order_is_a_coupon_sent_to_somebody_only_the_merchant_can_name(new_coupons):
    shop = await new_coupons()
    order = await one(shop)
    [coupon] = shop.fake.books.values()
    assert (order.state, order.supplier_no) == ("success", order.number)
    assert (coupon.order_no, coupon.code, coupon.stock_id) == (order.number, order.number, order.sku_code)
    assert coupon.openid == openid_of(coupons.keys(), make.PHONE)
    async with shop.begin() as tx:
        kept = str([dict(row) for row in await tx.fetch("SELECT request, response FROM fulfilment.exchange")])
    assert coupon.openid not in kept
    assert make.PHONE not in kept
    await make.assert_equal_books(shop)


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        ("NOT_ENOUGH", "refunded", "not_enough"),
        ("RULE_LIMIT", "refunded", "rule_limit"),
        ("RESOURCE_NOT_EXISTS", "refunded", "sku_off"),
        ("USER_NOT_EXISTS", "refunded", "recipient_invalid"),
        ("USER_ACCOUNT_ABNORMAL", "refunded", "recipient_invalid"),
        ("INVALID_REQUEST", "refunded", "invalid_request"),
        ("PARAM_ERROR", "refunded", "param_error"),
        ("FREQUENCY_LIMIT_EXCEED", "created", ""),
        ("SIGN_ERROR", "created", ""),
        ("NO_AUTH", "created", ""),
        ("MCH_NOT_EXISTS", "created", ""),
        ("APPID_MCHID_NOT_MATCH", "created", ""),
        ("SYSTEM_ERROR", "unknown", ""),
        ("RESOURCE_ALREADY_EXISTS", "unknown", ""),
    ],
)
async def test_what_every_published_error_comes_to(new_coupons, answer, state, code):
    shop = await new_coupons()
    order = await one(shop, refuse=1.0, refuse_code=answer)
    assert (order.state, order.code) == (state, code)
    assert shop.fake.books == {}
    assert (await shop.money()).drawn_fen == 0
    await make.assert_equal_books(shop) if state == "refunded" else None


@pytest.mark.parametrize("silence", [{"deaf": 1.0}, {"drop": 1.0}, {"broken": 1.0}, {"fall": 1.0}, {"forge": 1.0}])
async def test_what_nobody_knows_is_never_sent_again_and_ends_by_a_query_or_the_file(new_coupons, clock, silence):
    shop = await new_coupons()
    assert (await one(shop, **silence)).state == "unknown"
    await coupons.ask_again(shop, clock, 2)
    assert await shop.states() == {"unknown": 1}
    assert [coupon.calls for coupon in shop.fake.books.values()] == ([] if "deaf" in silence else [1])
    shop.fake.manners = CouponManners()
    await coupons.ask_again(shop, clock, 2)
    if "deaf" in silence:
        assert await shop.states() == {"unknown": 1}, "absent proves nothing while calls travel"
        await settle_day(shop, clock)
    assert await shop.states() == {"refunded" if "deaf" in silence else "success": 1}
    await make.assert_equal_books(shop)


async def test_a_slow_platform_is_asked_and_a_lying_one_asked_again(new_coupons, clock):
    shop = await new_coupons()
    assert (await one(shop, slow_seconds=1.1)).state == "unknown"
    shop.fake.manners = CouponManners(lies=2)
    await coupons.ask_again(shop, clock, 2)
    assert await shop.states() == {"unknown": 1}
    await coupons.ask_again(shop, clock)
    assert await shop.states() == {"success": 1}
    await make.assert_equal_books(shop)


async def port_of(shop):
    async with shop.begin() as tx:
        return await supply.open_port(tx, shop.supplier_id, shop.database.clock.machine)


def told(**changes):
    call = OrderCall(
        number="01K8Z3T6YQ9W5V8S0R4N2M7P1A",
        ordered_on=date(2026, 3, 2),
        sku_code="9856000",
        kind=OrderKind.TOPUP,
        quantity=1,
        amount_fen=1_280,
        recipient=Recipient(account=make.PHONE),
    )
    return msgspec.structs.replace(call, **changes)


async def test_the_same_number_again_is_the_same_coupon(new_coupons):
    shop = await new_coupons()
    port = await port_of(shop)
    first, again = await port.order(told()), await port.order(told())
    await port.close()
    assert (first.told, again.told) == ("success", "success")
    assert [coupon.calls for coupon in shop.fake.books.values()] == [2]


async def test_a_coupon_is_taken_back_unless_it_was_used(new_coupons):
    shop = await new_coupons()
    port = await port_of(shop)
    used = told(number="01K8Z3T6YQ9W5V8S0R4N2M7P1B")
    assert (await port.cancel(told())).told == "absent"
    await port.order(told())
    await port.order(used)
    shop.fake.books[used.number].state = "USED"
    back, again, stays = await port.cancel(told()), await port.cancel(told()), await port.cancel(used)
    asked = await port.query(told())
    await port.close()
    assert [(one.told, one.code) for one in (back, again, asked)] == [("failed", "cancelled")] * 3
    assert (stays.told, stays.code) == ("success", "")


async def test_a_used_coupon_is_returned_once_under_one_number(new_coupons, people):
    shop = await new_coupons()
    order = await one(shop)
    [coupon] = shop.fake.books.values()
    buyer = people[0]

    async def give_back():
        await return_coupon(shop.database, shop.tenant, buyer.actor, order.id, "门店退货")

    with pytest.raises(CouponUnreturned):
        await give_back()
    assert coupon.state == "SENDED", "what is not used is not returned"
    coupon.state = "USED"
    shop.fake.manners = CouponManners(drop=1.0)
    with pytest.raises(NoAnswer):
        await give_back()
    shop.fake.manners = CouponManners()
    await give_back()
    assert (coupon.state, shop.fake.returns) == ("SENDED", {f"{order.number}R1"})
    coupon.state = "USED"
    await give_back()
    assert shop.fake.returns == {f"{order.number}R1", f"{order.number}R2"}
    await make.assert_equal_books(shop)


async def test_stock_is_what_a_batch_may_still_send(new_coupons):
    shop = await new_coupons()
    shop.fake.manners = CouponManners(stock=3)
    port = await port_of(shop)
    await port.order(told())
    found = await port.stock(["9856000"])
    with pytest.raises(NotTaken):
        await port.day_file(TODAY)
    await port.close()
    assert found == {"9856000": 2}


async def test_a_coupon_of_another_batch_is_no_answer(new_coupons):
    shop = await new_coupons()
    port = await port_of(shop)
    await port.order(told())
    with pytest.raises(NoAnswer):
        await port.query(told(sku_code="1"))
    await port.close()


async def test_calls_under_another_key_have_no_effect(new_coupons):
    """The fake really checks: the negative control of every test here."""
    shop = await new_coupons()
    async with shop.begin() as tx:
        wrong = coupons.key_of(coupons.keys(private_key=pair("stranger")[0]))
        await make.connect(tx, shop.server, shop.supplier_id, shop.fake.code, adapter="busifavor", key=wrong)
    assert (await one(shop)).state == "created"
    assert (shop.fake.books, shop.fake.refused_calls) == ({}, 1)


def notice(shop, bank_code, *, key="", now=None, **changes):
    [coupon] = shop.fake.books.values()
    body = shop.fake.write_notice(coupon, **changes)
    return Call(
        target=f"/v1/supplier-callbacks/{bank_code}/{shop.fake.code}", headers=shop.fake.sign(body, key), body=body
    )


async def take(shop, bank_code, call):
    return await fulfilment.take_callback(shop.database, bank_code, shop.fake.code, call)


async def test_a_notice_ends_an_unknown_order_once(new_coupons, code):
    shop = await new_coupons()
    order = await one(shop, drop=1.0)
    call = notice(shop, code)
    first, again, fresh = (
        await take(shop, code, call),
        await take(shop, code, call),
        await take(shop, code, notice(shop, code)),
    )
    assert order.state == "unknown"
    assert [(one.state, one.repeated) for one in (first, again, fresh)] == [
        ("success", False),
        ("success", True),
        ("success", False),
    ]
    await make.assert_equal_books(shop)


@pytest.mark.parametrize("forged", ["key", "body", "sealed", "old", "number"])
async def test_a_forged_notice_is_refused_and_moves_nothing(new_coupons, code, forged):
    shop = await new_coupons()
    await one(shop, drop=1.0)
    call = notice(shop, code, key=shop.fake.note.other_key if forged == "key" else "")
    if forged == "body":
        call = msgspec.structs.replace(call, body=call.body.replace(b"COUPON.SEND", b"COUPON.USED"))
    if forged == "sealed":
        shop.fake.key = b"0" * 32
        call = notice(shop, code)
        shop.fake.key = shop.fake.note.notice_key.encode()
    if forged == "old":
        shop.fake.now = lambda: shop.database.clock.machine() - timedelta(minutes=6)
        call = notice(shop, code)
    if forged == "number":
        call = notice(shop, code, coupon_code="0" * 26)
    with pytest.raises(CallbackRefused):
        await take(shop, code, call)
    assert await shop.states() == {"unknown": 1}
    assert (await shop.money()).drawn_fen == 0


async def test_a_notice_of_something_else_is_unfit(new_coupons, code):
    shop = await new_coupons()
    await one(shop, drop=1.0)
    with pytest.raises(CallbackUnfit):
        await take(shop, code, notice(shop, code, event_type="EVENT_TYPE_BUSICOUPON_USE"))
    assert await shop.states() == {"unknown": 1}


@pytest.mark.parametrize(
    "key",
    [
        None,
        base64.b64encode(bytes(32)).decode(),
        base64.b64encode(b'{"app_id":"\xff"}'.ljust(32)).decode(),
        coupons.key_of(coupons.keys(private_key="-")),
        coupons.key_of(coupons.keys(platform_key="-")),
        coupons.key_of(coupons.keys(notice_key="short")),
        coupons.key_of(coupons.keys(recipient_key="short")),
        coupons.key_of(coupons.keys(app_id="")),
    ],
)
async def test_keys_of_another_shape_are_refused(new_shop, key):
    shop = await new_shop(paid_fen=0)
    with pytest.raises(ConnectionUnfit) as refused:
        async with shop.begin() as tx:
            await make.connect(tx, shop.server, shop.supplier_id, shop.fake.code, adapter="busifavor", key=key)
    assert refused.value.pointer == "/key"
    assert "PRIVATE" not in refused.value.detail
    async with shop.begin() as tx:
        [connection] = await supply.connections(tx, supplier_id=shop.supplier_id)
    assert connection.adapter == "rest_hmac"


async def finish(shop, clock):
    """What nobody knew is asked after, the export of the day comes, what still waits goes out."""
    shop.fake.manners = CouponManners()
    await coupons.ask_again(shop, clock)
    await settle_day(shop, clock)
    await coupons.ask_again(shop, clock, 3)


async def test_everything_at_once_and_equal_to_the_fen(new_coupons, clock, callbacks):
    rude = {"refuse": 0.1, "busy": 0.1, "deaf": 0.05, "drop": 0.1, "broken": 0.05, "fall": 0.05, "forge": 0.05}
    shop = await new_coupons(callbacks=callbacks, **rude, lies=1, mute=0.5, twice=0.3, reorder=0.3)
    await make.claim(shop, *range(1, ORDERS + 1))
    await live_through(shop, clock, rounds=8)
    await finish(shop, clock)
    states = await shop.states()
    assert set(states) == {"success", "refunded"}
    assert sum(states.values()) == ORDERS
    assert states["success"] > ORDERS // 2
    assert {coupon.calls for coupon in shop.fake.books.values()} == {1}
    await make.assert_equal_books(shop)
    async with shop.begin() as tx:
        listed = await reconciliation.find_differences(tx, shop.buyer, supplier_id=shop.supplier_id)
        rows = await tx.fetch(
            "SELECT DISTINCT operation, outcome FROM fulfilment.exchange WHERE supplier_id = $1", shop.supplier_id
        )
    assert listed == []
    assert {("order", "no_answer"), ("order", "not_taken"), ("query", "success"), ("callback", "success")} <= {
        (row["operation"], row["outcome"]) for row in rows
    }


class Twice(fulfilment.CouponSupplier):
    """The bug planted: a coupon without an answer is sent again under another number."""

    async def order(self, call):
        try:
            return await super().order(call)
        except NoAnswer:
            again = await super().order(msgspec.structs.replace(call, number=f"{call.number}B"))
            return msgspec.structs.replace(again, number=call.number)


async def test_a_coupon_that_is_sent_twice_would_be_found(new_coupons, clock):
    """The negative control."""
    supply.register_adapter("busifavor", Twice, fulfilment.check_coupon_keys)
    try:
        shop = await new_coupons(drop=0.5)
        await make.claim(shop, *range(1, 21))
        await shop.carry(2)
        await finish(shop, clock)
        with pytest.raises(AssertionError):
            await make.assert_equal_books(shop)
        async with shop.begin() as tx:
            listed = await reconciliation.find_differences(tx, shop.buyer, supplier_id=shop.supplier_id, limit=200)
    finally:
        supply.register_adapter("busifavor", fulfilment.CouponSupplier, fulfilment.check_coupon_keys)
    assert reconciliation.DifferenceKind.ONLY_THEIRS in {one.kind for one in listed}
