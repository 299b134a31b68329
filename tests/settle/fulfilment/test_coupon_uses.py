"""Coupons of a platform used in our places: once under one number, asked after where nobody heard, never again."""

from datetime import timedelta

import pytest

from huoke.app.demo.coupon_server import CouponManners, CouponServer
from huoke.kernel.idempotency import RequestReused
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM
from huoke.reward.merchants import Place
from huoke.reward.supply import NoAnswer, NotTaken
from huoke.settle.fulfilment import coupon_use, store_coupon
from huoke.settle.fulfilment.coupon import CouponSupplier
from huoke.settle.fulfilment.coupon_model import SETTLED, CouponBusy, CouponUnknown, CouponUnusable
from huoke.settle.fulfilment.coupon_return import return_coupon
from huoke.settle.fulfilment.coupon_use import CouponRedemption
from tests.make import coupons
from tests.make import supply as make

PLACE = Place(unit_id=1)


@pytest.fixture(scope="module")
def platform():
    with CouponServer([]) as running:
        yield running


@pytest.fixture
async def shop(database, bank, platform, people, clock):
    """A delivered coupon, good and unused."""
    made = await coupons.shop(database, bank, platform, *people)
    await make.claim(made, 1)
    await made.carry(1)
    return made


def coupon(shop):
    [one] = shop.fake.books.values()
    return one


async def use(shop, request_no="a", *, code=None):
    wanted = CouponRedemption(request_no=f"{shop.supplier_id}{request_no}", code=code or coupon(shop).code)
    return await coupon_use.use_coupon(shop.database, shop.tenant, shop.buyer.actor, wanted, PLACE)


async def look(shop):
    return await coupon_use.look_up_coupon(
        shop.database, shop.tenant, shop.buyer.actor, coupon(shop).code.lower(), PLACE
    )


async def uses(shop):
    [order] = await shop.orders()
    async with shop.begin() as tx:
        return [(one.number[-2:], one.state.value, one.code) for one in await store_coupon.of_orders(tx, [order.id])]


async def forget(shop):
    [order] = await shop.orders()
    async with shop.begin() as tx:
        for one in await store_coupon.of_orders(tx, [order.id]):
            await store_coupon.forget(tx, one.id)


async def told(shop):
    [order] = await shop.orders()
    async with shop.begin() as tx:
        return await tx.fetch_value(
            "SELECT count(*) FROM kernel.event WHERE name = 'fulfilment.coupon_used' AND payload->>'order_id' = $1",
            str(order.id),
        )


async def test_a_coupon_is_used_once_under_one_number_and_says_so_afterwards(shop):
    assert ((await look(shop)).state, (await look(shop)).refusal) == ("fulfilled", None)
    first, again = await use(shop), await use(shop)
    assert first == again
    assert (coupon(shop).state, coupon(shop).use_no, coupon(shop).uses) == ("USED", f"{coupon(shop).code}U1", 1)
    assert (await uses(shop), await told(shop)) == ([("U1", "used", "")], 1)
    after = await look(shop)
    assert (after.state, after.refusal.code) == ("used", "fulfilment.coupon_unusable")
    with pytest.raises(CouponUnusable):
        await use(shop, "b")
    await make.assert_equal_books(shop)


@pytest.mark.parametrize(
    ("answer", "comes_to"),
    [
        ("INVALID_REQUEST", "not_usable"),
        ("RULE_LIMIT", "not_usable"),
        ("USER_ACCOUNT_ABNORMAL", "not_usable"),
        ("PARAM_ERROR", "param_error"),
        ("RESOURCE_NOT_EXISTS", "coupon_unknown"),
        ("USER_NOT_EXISTS", "coupon_unknown"),
        ("APPID_MCHID_NOT_MATCH", NotTaken),
        ("MCH_NOT_EXISTS", NotTaken),
        ("SIGN_ERROR", NotTaken),
        ("NO_AUTH", NotTaken),
        ("FREQUENCY_LIMITED", NotTaken),
        ("FREQUENCY_LIMIT_EXCEED", NotTaken),
        ("SYSTEM_ERROR", NoAnswer),
        ("RESOURCE_ALREADY_EXISTS", NoAnswer),
    ],
)
async def test_what_every_published_error_comes_to(shop, answer, comes_to):
    shop.fake.manners = CouponManners(refuse_use=answer)
    expected = CouponUnusable if isinstance(comes_to, str) else comes_to
    with pytest.raises(expected) as refused:
        await use(shop)
    if isinstance(comes_to, str):
        assert refused.value.data == {"why": comes_to}
    state = [("U1", "refused", comes_to)] if isinstance(comes_to, str) else []
    assert await uses(shop) == (state or ([] if comes_to is NotTaken else [("U1", "unknown", "")]))
    assert (coupon(shop).state, await told(shop)) == ("SENDED", 0)
    shop.fake.manners = CouponManners()
    if comes_to is NotTaken:  # nothing happened: the same number again is the first time
        await use(shop)
        assert await uses(shop) == [("U1", "used", "")]


@pytest.mark.parametrize("silence", [{"deaf": 1.0}, {"drop": 1.0}, {"broken": 1.0}, {"fall": 1.0}, {"forge": 1.0}])
async def test_what_nobody_knows_is_asked_after_and_never_sent_again(shop, clock, silence):
    shop.fake.manners = CouponManners(**silence)
    with pytest.raises(NoAnswer):
        await use(shop)
    with pytest.raises(CouponBusy):
        await use(shop, "b")
    calls = coupon(shop).uses
    shop.fake.manners = CouponManners(lies=1)
    with pytest.raises(NoAnswer):
        await use(shop)
    assert await uses(shop) == [("U1", "unknown", "")], "an unknown coupon proves nothing"
    if "deaf" in silence:
        with pytest.raises(NoAnswer):
            await use(shop)
        clock.advance(SETTLED)
        with pytest.raises(CouponUnusable):
            await use(shop)
        assert (await uses(shop), coupon(shop).uses) == ([("U1", "refused", "not_used")], 0)
        await use(shop, "c")
        assert (await uses(shop))[-1] == ("U2", "used", "")
    else:
        clock.advance(timedelta(minutes=2))
        assert await coupon_use.ask_after(shop.database, shop.tenant, SYSTEM) >= 1
        assert (await uses(shop), coupon(shop).uses) == ([("U1", "used", "")], calls)
        assert await use(shop)
    assert await told(shop) == 1
    await make.assert_equal_books(shop)


async def test_asked_after_while_its_own_call_turns_out_not_taken_nothing_was_used(shop, clock, monkeypatch):
    shop.fake.manners = CouponManners(refuse_use="FREQUENCY_LIMITED")
    send = CouponSupplier.use

    async def slow(port, *asked):
        with pytest.raises(NoAnswer):
            await use(shop)  # a second tap, while the first is on its way
        return await send(port, *asked)

    monkeypatch.setattr(CouponSupplier, "use", slow)
    with pytest.raises(NotTaken):
        await use(shop)
    assert await uses(shop) == []
    asked = CouponSupplier.standing

    async def after_it(port, call):
        said = await asked(port, call)
        await forget(shop)
        return said

    monkeypatch.setattr(CouponSupplier, "use", send)
    shop.fake.manners = CouponManners(deaf=1.0)
    with pytest.raises(NoAnswer):
        await use(shop)
    shop.fake.manners = CouponManners()
    with monkeypatch.context() as patch:
        patch.setattr(CouponSupplier, "standing", after_it)
        with pytest.raises(NotTaken):
            await use(shop)
    await use(shop)
    assert (await uses(shop), await told(shop)) == ([("U1", "used", "")], 1)
    await forget(shop)
    assert await uses(shop) == [("U1", "used", "")], "one that ended stays"


async def test_a_platform_that_is_not_connected_any_more_holds_no_other_up(shop, clock):
    shop.fake.manners = CouponManners(drop=1.0)
    with pytest.raises(NoAnswer):
        await use(shop)
    async with shop.begin() as tx:
        connected = "UPDATE supply.connection SET adapter = $2 WHERE supplier_id = $1"
        await tx.execute(connected, shop.supplier_id, "rest_hmac")
    with pytest.raises(CouponUnknown):
        await use(shop)
    clock.advance(timedelta(minutes=2))
    while await coupon_use.ask_after(shop.database, shop.tenant, SYSTEM):
        pass
    assert await uses(shop) == [("U1", "unknown", "")]
    async with shop.begin() as tx:
        await tx.execute(connected, shop.supplier_id, "busifavor")
    shop.fake.manners = CouponManners()
    clock.advance(timedelta(minutes=2))
    await coupon_use.ask_after(shop.database, shop.tenant, SYSTEM)
    assert await uses(shop) == [("U1", "used", "")]


async def test_used_elsewhere_meanwhile_is_not_ours(shop, clock):
    shop.fake.manners = CouponManners(deaf=1.0)
    with pytest.raises(NoAnswer):
        await use(shop)
    shop.fake.manners = CouponManners()
    coupon(shop).state, coupon(shop).use_no = "USED", "somebody"
    with pytest.raises(CouponUnusable):
        await use(shop)
    assert (await uses(shop), await told(shop)) == ([("U1", "refused", "used_elsewhere")], 0)


async def test_returned_after_its_use_it_is_used_again_under_another_number(shop):
    await use(shop)
    [order] = await shop.orders()
    await return_coupon(shop.database, shop.tenant, shop.buyer.actor, order.id, "门店退货")
    assert coupon(shop).state == "SENDED"
    await use(shop, "b")
    assert coupon(shop).use_no == f"{order.number}U2"
    assert await uses(shop) == [("U1", "used", ""), ("U2", "used", "")]


async def test_unknown_codes_other_numbers_and_other_banks_use_nothing(shop, other_bank):
    with pytest.raises(CouponUnknown):
        await use(shop, code="0" * 26)
    await use(shop)
    await make.claim(shop, 2)
    await shop.carry(1)
    second = next(one for one in shop.fake.books.values() if one.state == "SENDED")
    with pytest.raises(RequestReused):
        await use(shop, code=second.code)
    wanted = CouponRedemption(request_no=new_id().hex, code=second.code)
    with pytest.raises(CouponUnknown):
        await coupon_use.use_coupon(shop.database, other_bank, shop.buyer.actor, wanted, PLACE)
    assert second.uses == 0
