"""Several suppliers of one SKU: who is asked first, who is next after a definite no, and what nobody is asked after."""

from datetime import timedelta

import msgspec
import pytest

from huoke.govern import tenants
from huoke.reward import grants, ledger
from huoke.reward.supply import Told
from huoke.settle import fulfilment
from huoke.settle.fulfilment import store
from huoke.settle.fulfilment.create import place
from tests.make import grants as make_grants
from tests.make import supply as make

COST = 1_280


async def budget(shop):
    async with shop.begin() as tx:
        [found] = [one for one in await ledger.find_budgets(tx) if one.id == shop.world.budget_id]
    return found


async def payable(shop) -> int:
    key = ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", str(shop.supplier_id))
    async with shop.begin() as tx:
        return await ledger.balance(tx, key)


async def carry(*shops) -> None:
    for shop in shops:
        await shop.carry()


async def assert_sound(shop) -> None:
    async with shop.begin() as tx:
        await make_grants.assert_sound(tx)


@pytest.mark.parametrize(("price", "left"), [(COST, 0), (1_200, 80), (1_400, -120)])
async def test_a_refused_order_goes_to_the_next_offer_at_its_own_price(new_shop, price, left):
    shop = await new_shop(reject=1.0)
    other = await make.second_offer(shop, cost_fen=price)
    before = await budget(shop)
    [grant_id] = await make.claim(shop, 1)
    await carry(shop, other)
    assert await shop.states() == {"refunded": 1}
    assert await other.states() == {"success": 1}
    assert [order.sku_code for order in other.fake.books.values()] == [f"T-{other.fake.code}"]
    assert (await payable(shop), await payable(other)) == (0, price)
    assert (await other.money()).drawn_fen == other.fake.earned_fen() == price
    after = await budget(shop)
    assert (before.available_fen - after.available_fen, after.reserved_fen, after.committed_fen) == (price, 0, price)
    assert before.available_fen - after.available_fen == COST - left
    async with shop.begin() as tx:
        [first, second] = [
            await fulfilment.get_order(tx, shop.buyer, row.id)
            for row in reversed(await fulfilment.find_orders(tx, shop.buyer, q=str(grant_id)))
        ]
    assert (first.turn, first.next_id, second.turn, second.next_id) == (1, second.id, 2, None)
    assert [step.cause for step in second.steps] == ["reroute", "call", "answer"]
    assert (await make.grant_states(shop)) == {"used": 1}
    await assert_sound(shop)


async def test_what_nobody_knows_the_end_of_goes_nowhere_else(new_shop, clock):
    shop = await new_shop(drop=1.0)
    other = await make.second_offer(shop)
    await make.claim(shop, 1)
    for _ in range(4):
        await carry(shop, other)
        async with shop.begin() as tx:
            assert await fulfilment.divert_waiting(tx, shop.supplier_id) == 0
        clock.advance(timedelta(hours=2))
    assert await shop.states() == {"unknown": 1}
    assert other.fake.books == {}
    shop.fake.manners.drop = 0.0
    await carry(shop, other)
    assert await shop.states() == {"success": 1}
    assert other.fake.books == {}
    await assert_sound(shop)


async def test_a_day_file_without_the_order_is_a_definite_no(new_shop):
    shop = await new_shop(drop=1.0)
    other = await make.second_offer(shop)
    await make.claim(shop, 1)
    await shop.carry()
    [row] = await shop.orders()
    async with shop.begin() as tx:
        await fulfilment.end_absent(tx, [row.id])
    await other.carry()
    assert (await shop.states(), await other.states()) == ({"refunded": 1}, {"success": 1})
    assert await make.grant_states(shop) == {"used": 1}


async def test_a_number_that_cannot_be_topped_up_is_not_tried_elsewhere(new_shop):
    shop = await new_shop(fail=1.0)
    other = await make.second_offer(shop)
    await make.claim(shop, 1)
    await carry(shop, other)
    assert (await shop.states(), other.fake.books) == ({"refunded": 1}, {})
    assert await make.grant_states(shop) == {"failed": 1}


async def test_a_cancelled_order_is_not_delivered_by_somebody_else(new_shop, clock):
    shop = await new_shop(later=1.0, seconds=60)
    other = await make.second_offer(shop)
    await make.claim(shop, 1)
    await shop.carry()
    [row] = await shop.orders()
    async with shop.begin(shop.buyer) as tx:
        await fulfilment.cancel(tx, row.id, "顾客不要了")
    clock.advance(timedelta(seconds=10))
    await carry(shop, other)
    assert (await shop.states(), other.fake.books) == ({"refunded": 1}, {})
    assert await make.grant_states(shop) == {"failed": 1}


async def test_an_offer_beyond_the_drift_is_left_alone(new_shop):
    shop = await new_shop(reject=1.0)
    other = await make.second_offer(shop, cost_fen=1_409)
    await make.claim(shop, 1)
    await carry(shop, other)
    assert other.fake.books == {}
    assert await make.grant_states(shop) == {"failed": 1}
    async with shop.begin() as tx:
        await tenants.set_setting(tx, "fulfilment.drift_percent", 11, reason="试试看")
    try:
        await make.claim(shop, 2)
        await carry(shop, other)
    finally:
        async with shop.begin() as tx:
            await tenants.set_setting(tx, "fulfilment.drift_percent", 10, reason="试试看")
    assert await make.grant_states(shop) == {"failed": 1, "used": 1}


async def test_a_budget_without_room_for_the_difference_pays_no_dearer_offer(new_shop):
    shop = await new_shop(reject=1.0)
    other = await make.second_offer(shop, cost_fen=1_400)
    await make.claim(shop, 1)
    found = await budget(shop)
    async with shop.begin() as tx:
        moves = ledger.columns("test", [(found.id, found.id, 0, found.available_fen - 119)])
        await ledger.reserve(tx, moves)
    await carry(shop, other)
    assert other.fake.books == {}
    assert await make.grant_states(shop) == {"failed": 1}
    assert (await budget(shop)).available_fen == COST + 119
    async with shop.begin() as tx:
        await ledger.release(tx, msgspec.structs.replace(moves, lines=[1]))


async def test_a_price_that_changes_while_an_order_is_on_its_way_does_not_touch_it(new_shop, clock):
    shop = await new_shop(reject=1.0)
    other = await make.second_offer(shop, cost_fen=1_250, busy=1.0)
    await make.claim(shop, 1)
    await carry(shop, other)
    async with shop.begin() as tx:
        await tx.execute("UPDATE library.listing SET cost_fen = 1400 WHERE supplier_id = $1", other.supplier_id)
    other.fake.manners.busy = 0.0
    clock.advance(timedelta(minutes=1))
    await other.carry()
    assert [order.amount_fen for order in other.fake.books.values()] == [1_250]
    assert (await payable(other), (await other.money()).drawn_fen) == (1_250, 1_250)
    await assert_sound(shop)


async def test_new_orders_go_to_the_first_who_answers(new_shop, server, clock):
    shop = await new_shop(busy=1.0)
    other = await make.second_offer(shop)
    await make.claim(shop, 1, 2, 3, 4, 5, 6)
    await shop.carry()
    async with shop.begin() as tx:
        [found] = await fulfilment.health(tx, supplier_id=shop.supplier_id)
    assert found.breaker == "open"
    await make.claim(shop, 7)
    assert await other.states() == {"created": 1}
    async with shop.begin() as tx:
        assert await fulfilment.divert_waiting(tx, shop.supplier_id) == 6
        assert await fulfilment.divert_waiting(tx, shop.supplier_id) == 0
    await other.carry()
    assert await other.states() == {"success": 7}
    assert await shop.states() == {"refunded": 6}
    assert await make.grant_states(shop) == {"used": 7}
    await assert_sound(shop)


async def test_nobody_healthy_means_that_orders_wait_at_the_published_supplier(new_shop):
    shop = await new_shop(busy=1.0)
    other = await make.second_offer(shop, paid_fen=0)
    await make.claim(shop, 1, 2, 3, 4, 5, 6)
    await shop.carry()
    async with shop.begin() as tx:
        assert await fulfilment.divert_waiting(tx, shop.supplier_id) == 0
    assert (await shop.states(), await other.states()) == ({"created": 6}, {})
    assert await make.grant_states(shop) == {"fulfilling": 6}


async def test_a_supplier_that_delivers_after_its_no_is_paid_and_the_grant_stays_with_the_other(new_shop):
    shop = await new_shop(reject=1.0)
    other = await make.second_offer(shop)
    await make.claim(shop, 1)
    await carry(shop, other)
    [row] = await shop.orders()
    async with shop.begin() as tx:
        await fulfilment.correct(tx, row.id, Told.SUCCESS, "对账：供应商已发货")
    assert (await shop.money()).drawn_fen == COST
    assert (await payable(shop), await payable(other)) == (0, COST)
    async with shop.begin() as tx:
        await fulfilment.correct(tx, row.id, Told.FAILED, "对账：又未发货")
    assert (await shop.money()).drawn_fen == 0
    assert await make.grant_states(shop) == {"used": 1}
    await assert_sound(shop)


async def test_one_order_of_a_grant_stands_at_a_time(new_shop, owner):
    """The key that holds it: a second standing order cannot be written at all."""
    shop = await new_shop()
    await make.claim(shop, 1)
    [row] = await shop.orders()
    async with shop.begin() as tx:
        order = (await store.lock(tx, [row.id]))[row.id]
        again = msgspec.structs.replace(order, id=shop.world.budget_id, number="X", turn=2)
        assert await place(tx, [again], fulfilment.Cause.REROUTE) == []
    assert await shop.states() == {"created": 1}


async def test_suppliers_are_asked_by_the_order_of_the_library(new_shop):
    shop = await new_shop()
    first = await make.second_offer(shop, cost_fen=1_300, priority=0)
    async with shop.begin() as tx:
        await make.listing(tx, shop.world.offer.sku_id, shop.supplier_id, "OWN-1", 1_111, 1)
    await make.claim(shop, 1)
    await carry(shop, first)
    assert (shop.fake.books, await first.states()) == ({}, {"success": 1})
    first.fake.manners.reject = 1.0
    await make.claim(shop, 2)
    await carry(shop, first, shop)
    [booked] = shop.fake.books.values()
    assert (booked.sku_code, booked.amount_fen) == ("OWN-1", COST), "the published supplier keeps the published cost"
    async with shop.begin() as tx:
        assert await grants.verify(tx) == []
