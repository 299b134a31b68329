"""Orders at a supplier that behaves in every way a supplier can."""

from datetime import timedelta

import pytest

from tests.make import supply as make

COST = 1_280


async def test_an_order_succeeds_and_draws_the_prepayment(new_shop):
    shop = await new_shop()
    await make.claim(shop, 1, 2)
    assert await shop.states() == {"created": 2}
    await shop.carry()
    assert await shop.states() == {"success": 2}
    account = await shop.money()
    assert (account.balance_fen, account.drawn_fen, account.on_the_way_fen) == (1_000_000 - 2 * COST, 2 * COST, 0)
    await make.assert_equal_books(shop)


async def test_a_refused_order_fails_and_gives_everything_back(new_shop):
    shop = await new_shop(reject=1.0)
    await make.claim(shop, 1)
    await shop.carry()
    assert await shop.states() == {"refunded": 1}
    assert await make.grant_states(shop) == {"failed": 1}
    assert (await shop.money()).balance_fen == 1_000_000
    [row] = await shop.orders()
    assert (row.code, row.reason) == ("sku_off", "商品已下架")
    await make.assert_equal_books(shop)


async def test_a_dropped_answer_is_unknown_and_a_query_ends_it(new_shop, clock):
    shop = await new_shop(drop=1.0)
    await make.claim(shop, 1)
    await shop.carry()
    assert await shop.states() == {"unknown": 1}
    assert await make.grant_states(shop) == {"fulfilling": 1}
    assert (await shop.money()).on_the_way_fen == COST
    shop.fake.manners.drop = 0.0
    clock.advance(timedelta(seconds=10))
    await shop.carry()
    assert await shop.states() == {"success": 1}
    assert [order.calls for order in shop.fake.books.values()] == [1]
    await make.assert_equal_books(shop)


@pytest.mark.parametrize("manners", [{"drop": 1.0}, {"broken": 1.0}])
async def test_an_unknown_order_is_never_sent_again(new_shop, clock, manners):
    shop = await new_shop(**manners)
    await make.claim(shop, 1)
    for _ in range(6):
        await shop.carry()
        clock.advance(timedelta(hours=2))
    assert await shop.states() == {"unknown": 1}
    assert [order.calls for order in shop.fake.books.values()] == [1]
    assert await make.grant_states(shop) == {"fulfilling": 1}
