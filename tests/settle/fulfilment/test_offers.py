"""The suppliers of a benefit as its buyer sees and orders them."""

import pytest

from huoke.reward import catalogue, library
from huoke.settle.fulfilment import offers
from huoke.settle.fulfilment.offers import Passed
from tests.make import catalogue as make_catalogue
from tests.make import supply as make


@pytest.fixture
async def ladder(new_shop):
    """A published top-up of one supplier, with listings of two more: one as dear, one far too dear."""
    shop = await new_shop()
    async with shop.begin() as tx:
        sku_id = await make_catalogue.topup(tx, supplier_id=shop.supplier_id)
        cost = (await catalogue.sku(tx, sku_id)).cost_fen
        dear = await make_catalogue.supplier(tx)
        offline = await make_catalogue.supplier(tx)
        numbers = [
            await make.listing(tx, sku_id, shop.supplier_id, f"A-{shop.fake.code}", cost + 5, 0),
            await make.listing(tx, sku_id, dear, "B-1", cost * 2, 1),
            await make.listing(tx, sku_id, offline, "C-1", cost, 2),
        ]
    return shop, sku_id, cost, numbers


async def test_each_supplier_stands_with_its_price_and_why_it_is_passed_over(ladder):
    shop, sku_id, cost, numbers = ladder
    async with shop.begin() as tx:
        found = await offers.of_sku(tx, sku_id)
    assert [one.number for one in found] == numbers
    assert [(one.published, one.cost_fen, one.latest_fen, one.passed) for one in found] == [
        (True, cost, cost + 5, Passed.READY),
        (False, cost * 2, cost * 2, Passed.TOO_DEAR),
        (False, cost, cost, Passed.NOT_CONNECTED),
    ]


async def test_people_say_in_which_order_suppliers_are_asked(ladder):
    shop, sku_id, _, numbers = ladder
    async with shop.begin(shop.buyer) as tx:
        wanted = [numbers[2], numbers[0], numbers[1]]
        assert await library.order(tx, library.Ordering(sku_id=sku_id, numbers=wanted)) == sku_id
        assert [one.number for one in await offers.of_sku(tx, sku_id)] == wanted


@pytest.mark.parametrize("named", [(0, 1), (0, 1, 1), (0, 1, 2, 2)])
async def test_an_order_that_leaves_one_out_or_names_one_twice_changes_nothing(ladder, named):
    shop, sku_id, _, numbers = ladder
    async with shop.begin(shop.buyer) as tx:
        with pytest.raises(library.ListingsDiffer):
            await library.order(tx, library.Ordering(sku_id=sku_id, numbers=[numbers[place] for place in named]))
        assert [one.number for one in await offers.of_sku(tx, sku_id)] == numbers


async def test_a_benefit_of_one_supplier_has_no_order(new_shop):
    shop = await new_shop()
    async with shop.begin() as tx:
        sku_id = await make_catalogue.topup(tx, supplier_id=shop.supplier_id)
        assert await offers.of_sku(tx, sku_id) == []
        with pytest.raises(library.ListingUnknown):
            await library.order(tx, library.Ordering(sku_id=sku_id, numbers=[1]))
