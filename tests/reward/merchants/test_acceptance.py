"""Acceptance 权益通用: the narrowest rules decide where and when a benefit is used, and a refusal names where it is."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.govern import privacy
from huoke.kernel.clock import CHINA
from huoke.reward import catalogue, grants, merchants
from huoke.reward.merchants import (
    MerchantUnfit,
    NewRule,
    NotAcceptedHere,
    NotAcceptedNow,
    Place,
    Rule,
    RuleUnknown,
    Scope,
    Unknown,
    judge,
)
from tests.make import catalogue as make_catalogue
from tests.make import grants as make_grants
from tests.make import ledger as make_ledger
from tests.make import merchants as make

MONDAY_9 = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)


@pytest.fixture(scope="module", autouse=True)
def master_key(tmp_path_factory):
    privacy.unlock(tmp_path_factory.mktemp("keys") / "master.key")


@pytest.fixture
async def tx(database, bank, clock):
    async with database.begin(bank) as tx:
        yield tx


def rule(**fields):
    told = {
        "id": uuid4(),
        "scope": Scope.SKU,
        "scope_key": "x",
        "merchant_ids": [],
        "store_ids": [],
        "excluded_store_ids": [],
        "counters": False,
        "weekdays": [],
        "from_minute": 0,
        "until_minute": 1440,
        "added_by": "",
        "added_at": MONDAY_9,
    }
    return Rule(**{**told, **fields})


def test_without_rules_it_is_accepted_at_counters_and_in_no_store():
    assert judge([], Place(unit_id=1), MONDAY_9, ()) is None
    refused = judge([], Place(unit_id=1, store_id=uuid4(), merchant_id=uuid4()), MONDAY_9, ())
    assert isinstance(refused, NotAcceptedHere)
    assert refused.data == {"where": [], "places": 0, "counters": True}


def test_a_store_left_out_is_refused_though_its_merchant_accepts():
    merchant_id, store_id = uuid4(), uuid4()
    place = Place(unit_id=1, store_id=store_id, merchant_id=merchant_id)
    open_ = rule(merchant_ids=[merchant_id])
    assert judge([open_], place, MONDAY_9, ()) is None
    closed = rule(merchant_ids=[merchant_id], excluded_store_ids=[store_id])
    assert isinstance(judge([closed], place, MONDAY_9, ()), NotAcceptedHere)
    assert isinstance(judge([open_], Place(unit_id=1), MONDAY_9, ()), NotAcceptedHere)


@given(st.integers(0, 1439), st.integers(1, 1440), st.integers(0, 7 * 1440 - 1), st.sets(st.integers(1, 7)))
def test_hours_hold_from_their_first_minute_to_before_their_last(begin, length, minute, days):
    end = min(begin + length, 1440)
    at = MONDAY_9.replace(hour=0) + timedelta(minutes=minute)
    inside = begin <= minute % 1440 < end and (not days or minute // 1440 + 1 in days)
    answer = judge(
        [rule(counters=True, weekdays=sorted(days), from_minute=begin, until_minute=end)], Place(unit_id=1), at, ()
    )
    assert (answer is None) == inside
    assert answer is None or isinstance(answer, NotAcceptedNow)


async def test_a_skus_own_rules_outweigh_its_brands_and_these_its_categorys(tx):
    sku_id = await make_catalogue.voucher(tx)
    sku = await catalogue.sku(tx, sku_id)
    merchant_id = await make.merchant(tx)
    first, second, third = [await make.store(tx, merchant_id, name=name) for name in ("甲店", "乙店", "丙店")]
    places = [Place(unit_id=1, store_id=store, merchant_id=merchant_id) for store in (first, second, third)]

    async def accepted():
        return [sku_id not in await merchants.check(tx, [sku_id], place, tx.now) for place in places]

    assert await accepted() == [False, False, False]
    await merchants.add_rule(
        tx, NewRule(scope=Scope.CATEGORY, scope_key=sku.category, merchant_ids=[merchant_id]), units=None
    )
    assert await accepted() == [True, True, True]
    await merchants.add_rule(
        tx, NewRule(scope=Scope.BRAND, scope_key=str(sku.brand_id), store_ids=[first, second]), units=None
    )
    assert await accepted() == [True, True, False]
    own = await merchants.add_rule(
        tx, NewRule(scope=Scope.SKU, scope_key=str(sku_id), store_ids=[second], counters=True), units=None
    )
    assert await accepted() == [False, True, False]
    refused = (await merchants.check(tx, [sku_id], places[0], tx.now))[sku_id]
    assert refused.data == {"where": ["乙店"], "places": 1, "counters": True}
    stores, counters = await merchants.where(tx, sku_id)
    assert ([store.name for store in stores], counters) == (["乙店"], True)
    await merchants.remove_rule(tx, own, units=None)
    assert await accepted() == [True, True, False]
    with pytest.raises(RuleUnknown):
        await merchants.remove_rule(tx, own, units=None)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({}, "/merchant_ids"),
        ({"counters": True, "weekdays": [8]}, "/weekdays"),
        ({"counters": True, "from_minute": 600, "until_minute": 600}, "/from_minute"),
        ({"counters": True, "scope_key": "coffee"}, "/scope_key"),
    ],
)
async def test_rules_that_cannot_be_are_refused(tx, fields, pointer):
    with pytest.raises(MerchantUnfit) as refused:
        await merchants.add_rule(tx, NewRule(**{"scope": Scope.SKU, "scope_key": str(uuid4()), **fields}), units=None)
    assert refused.value.pointer == pointer
    with pytest.raises(Unknown):
        await merchants.add_rule(tx, NewRule(scope=Scope.SKU, scope_key=str(uuid4()), store_ids=[uuid4()]), units=None)


async def test_a_voucher_is_redeemed_where_it_is_accepted_and_the_store_is_written_down(tx):
    sku_id = await make_catalogue.voucher(tx)
    merchant_id = await make.merchant(tx)
    store_id = await make.store(tx, merchant_id)
    await merchants.add_rule(
        tx, NewRule(scope=Scope.SKU, scope_key=str(sku_id), merchant_ids=[merchant_id]), units=None
    )
    budget_id = await make_ledger.budget(tx, 100_000)
    pool_id = await make_grants.pool(tx, 5, sku_id=sku_id)
    offer = make_grants.offer({grants.EVERY_UNIT: grants.Terms(budget_id, pool_id)}, sku_id, tx.now)
    await grants.publish_offer(tx, offer)
    [claimed] = await make_grants.claim_all(tx, make_grants.claim(offer.id, 1))

    async def redeem(number, place):
        item = grants.Redemption(request_no=number, grant_id=claimed.grant_id)
        return (await grants.redeem(tx, [item], teller="t", unit_id=1, place=place))[0]

    refused = await redeem("r-1", Place(unit_id=1))
    assert (refused.code, refused.data["where"]) == ("merchants.not_accepted_here", ["海岸咖啡 天一店"])
    assert await make_grants.pool_numbers(tx, pool_id) == (5, 4, 1, 0, 0)
    done = await redeem("r-2", Place(unit_id=1, store_id=store_id, merchant_id=merchant_id))
    assert isinstance(done, grants.Redeemed)
    row = await tx.fetch_row("SELECT way, store_id FROM grants.redemption WHERE id = $1", done.redemption_id)
    assert (row["way"], row["store_id"]) == ("store", store_id)
    await make_grants.assert_sound(tx)
