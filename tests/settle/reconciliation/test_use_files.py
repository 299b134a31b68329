"""A platform's list of uses beside ours: what it ends, what differs, who may turn one round; no money moves."""

from datetime import timedelta

import pytest

from huoke.app.demo.coupon_files import write_use_file
from huoke.app.demo.coupon_server import CouponManners, CouponServer, Use
from huoke.kernel.clock import CHINA
from huoke.reward import ledger, supply
from huoke.reward.merchants import Place
from huoke.reward.supply import NoAnswer
from huoke.settle import reconciliation
from huoke.settle.fulfilment import coupon_use, store_coupon
from huoke.settle.fulfilment.coupon_use import CouponRedemption
from huoke.settle.reconciliation import DayFileUnfit, DifferenceKind, Resolution, SecondPersonNeeded
from tests.make import coupons
from tests.make import supply as make
from tests.settle.reconciliation.test_day_files import TODAY, bring, confirm, differences, resolve


@pytest.fixture(scope="module")
def platform():
    with CouponServer([]) as running:
        yield running


@pytest.fixture
async def shop(database, bank, platform, people, clock):
    """Six delivered coupons, good and unused."""
    made = await coupons.shop(database, bank, platform, *people)
    await make.claim(made, *range(1, 7))
    await made.carry()
    return made


def codes(shop):
    return [one.code for one in shop.fake.books.values()]


async def use(shop, code):
    wanted = CouponRedemption(request_no=f"{shop.supplier_id}{code}", code=code)
    return await coupon_use.use_coupon(shop.database, shop.tenant, shop.buyer.actor, wanted, Place(unit_id=1))


async def lost(shop, code, **manners):
    """A use that got no answer."""
    shop.fake.manners = CouponManners(**manners)
    with pytest.raises(NoAnswer):
        await use(shop, code)
    shop.fake.manners = CouponManners()


async def uses(shop):
    async with shop.begin() as tx:
        ids = [order.id for order in await shop.orders()]
        found = await store_coupon.of_orders(tx, ids)
    return {one.number: (one.state.value, one.code) for one in found}


async def told(shop):
    async with shop.begin() as tx:
        return await tx.fetch_value(
            "SELECT count(*) FROM kernel.event e"
            " JOIN fulfilment.supplier_order o ON o.id::text = e.payload->>'order_id'"
            " WHERE e.name = 'fulfilment.coupon_used' AND o.supplier_id = $1",
            shop.supplier_id,
        )


async def alarms(shop):
    async with shop.begin() as tx:
        await reconciliation.watch(tx)
        found = await supply.alarms(tx, supplier_id=shop.supplier_id)
    return [one.value for one in found if one.kind is supply.AlarmKind.DIFFERENCES]


def listed(shop, on=TODAY):
    return shop.fake.use_file(on)


async def test_a_list_ends_what_nobody_heard_of_and_a_use_at_another_place_is_no_difference(shop, clock):
    good, dropped, deaf, other, *_ = codes(shop)
    await use(shop, good)
    await lost(shop, dropped, drop=1.0)
    await lost(shop, deaf, deaf=1.0)
    shop.fake.use(shop.fake.books[other])
    assert await told(shop) == 1
    clock.advance(timedelta(days=1))
    file = await bring(shop, listed(shop))
    assert (file.about, file.rows, file.ours, file.theirs, file.matched) == ("uses", 3, 2, 3, 2)
    assert (file.elsewhere, file.resolved, file.differences) == (1, 2, 0)
    assert (file.ours_fen, file.theirs_fen, file.ledger_fen) == (0, 0, 0)
    assert await uses(shop) == {
        f"{good}U1": ("used", ""),
        f"{dropped}U1": ("used", ""),
        f"{deaf}U1": ("refused", "not_used"),
    }
    assert await told(shop) == 2
    assert (await bring(shop, listed(shop))).id == file.id
    assert (await told(shop), await alarms(shop)) == (2, [])


async def test_every_planted_difference_of_uses_is_found_and_worked_by_two_people(shop, clock, second):
    missing, refused, swapped, batch, quiet, _ = codes(shop)
    for code in (missing, swapped, batch, quiet):
        await use(shop, code)
    shop.fake.manners = CouponManners(refuse_use="INVALID_REQUEST")
    with pytest.raises(coupon_use.CouponUnusable):
        await use(shop, refused)
    money, before = await shop.money(), await told(shop)
    said = {one.request_no: one for one in shop.fake.used}
    del said[f"{missing}U1"]
    said[f"{swapped}U1"].code = "SOMEBODYELSES"
    said[f"{batch}U1"].stock_id = "ANOTHERBATCH"
    at = clock.now().astimezone(CHINA).isoformat()
    for number, code in ((f"{refused}U1", refused), (f"{quiet}U7", quiet), ("STRANGE", "NOBODYS")):
        said[number] = Use(request_no=number, code=code, stock_id=said[f"{quiet}U1"].stock_id, at=at)
    shop.fake.used = list(said.values())
    clock.advance(timedelta(days=1))
    file = await bring(shop, listed(shop))
    found = {one.number: one for one in await differences(shop)}
    assert {number: one.kind.value for number, one in found.items()} == {
        f"{missing}U1": "only_ours",
        f"{refused}U1": "state_differs",
        f"{swapped}U1": "coupon_differs",
        f"{batch}U1": "coupon_differs",
        f"{quiet}U7": "only_theirs",
        "STRANGE": "only_theirs",
    }
    assert {(one.about, one.moves_fen) for one in found.values()} == {("uses", 0)}
    assert (file.matched, file.differences_open, await alarms(shop)) == (1, 6, [6])
    async with shop.begin() as tx:
        orders = await reconciliation.find_differences(tx, shop.buyer, day_file_id=(await bring(shop)).id)
    assert orders == [], "the file of orders of the same day closes and opens nothing of the uses"
    assert await alarms(shop) == [6]
    for one in found.values():
        await resolve(shop, one, Resolution.ACCEPT_THEIRS)
        with pytest.raises(SecondPersonNeeded):
            await confirm(shop, one, shop.buyer)
    assert (await uses(shop))[f"{missing}U1"] == ("used", "")
    for one in found.values():
        await confirm(shop, one, second)
    assert await uses(shop) == {
        f"{missing}U1": ("refused", "corrected"),
        f"{refused}U1": ("used", ""),
        f"{swapped}U1": ("refused", "corrected"),
        f"{batch}U1": ("refused", "corrected"),
        f"{quiet}U1": ("used", ""),
    }
    assert (await shop.money(), await told(shop), await alarms(shop)) == (money, before + 1, [])
    async with shop.begin() as tx:
        assert await ledger.verify(tx) == []
    again = await bring(shop, listed(shop))
    assert await differences(shop, states=[reconciliation.DifferenceState.OPEN]) == []
    assert again.id == file.id


async def test_a_use_near_midnight_may_stand_in_either_days_list_and_in_one_of_them_it_must(shop, clock):
    late, later, same, *_ = codes(shop)
    clock.set(clock.now().astimezone(CHINA).replace(hour=23, minute=50))
    await use(shop, late)
    await use(shop, later)
    await use(shop, same)
    [first, *_] = shop.fake.used
    tomorrow = TODAY + timedelta(days=1)
    first.at = (clock.now() + timedelta(minutes=20)).astimezone(CHINA).isoformat()
    del shop.fake.used[1]
    clock.advance(timedelta(days=2))
    today = await bring(shop, listed(shop))
    assert (today.matched, today.differences) == (1, 0), "ten minutes before midnight the other list may hold it"
    assert (await bring(shop, listed(shop, tomorrow), tomorrow)).matched == 1
    [one] = await differences(shop)
    assert (one.number, one.kind, one.business_on) == (f"{later}U1", DifferenceKind.ONLY_OURS, tomorrow)
    assert (await bring(shop, listed(shop))).differences == 0


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([("A", "B", "C", "2026-03-01T23:59:59+08:00")], "/2"),
        ([("A", "B", "C", "2026-03-02T10:00:00")], "/2"),
        ([("A", "", "C", "2026-03-02T10:00:00+08:00")], "/2"),
        ([("A", "B", "C", "2026-03-02T10:00:00+08:00")] * 2, "/use_request_no"),
    ],
)
async def test_a_list_that_cannot_be_read_is_not_taken_at_all(shop, clock, rows, place):
    clock.advance(timedelta(days=1))
    with pytest.raises(DayFileUnfit) as refused:
        await bring(shop, write_use_file(rows))
    assert refused.value.pointer == place
    with pytest.raises(DayFileUnfit):
        await bring(shop, listed(shop).replace(b"#total,0,0,0", b"#total,1,1,0"))
    async with shop.begin() as tx:
        assert await reconciliation.find_files(tx, supplier_id=shop.supplier_id) == []


async def test_another_banks_uses_are_neither_read_nor_ended(shop, clock, other_bank):
    code, *_ = codes(shop)
    await lost(shop, code, drop=1.0)
    clock.advance(timedelta(days=1))
    with pytest.raises(supply.SupplierUnknown):
        await reconciliation.bring(shop.database, other_bank, shop.buyer.actor, shop.supplier_id, TODAY, listed(shop))
    assert await uses(shop) == {f"{code}U1": ("unknown", "")}
