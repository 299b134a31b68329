"""Alarms of suppliers: each rises once when something runs low or falls silent, stands, and clears when mended."""

from datetime import timedelta

import pytest

from huoke.govern.people import Role
from huoke.reward import grants, supply
from huoke.settle import fulfilment
from tests.make import people as make_people
from tests.make import supply as make
from tests.make.campaigns import _principal


@pytest.fixture
async def shop(database, own_bank, server, clock):
    """A supplier that is the only one of its bank; twenty units are left of what it delivers."""
    async with database.begin(own_bank) as tx:
        head = (await make_people.units(tx)).head
        people = [await _principal(tx, role, head) for role in (Role.BUYER, Role.APPROVER)]
    return await make.shop(database, own_bank, server, *people, stock=20)


async def looked(shop):
    """How many alarms rose with this look, and those that stand: what of, and how much there is."""
    rose = await fulfilment.watch(shop.database, shop.tenant)
    async with shop.begin() as tx:
        return rose, [(one.kind.value, one.value) for one in await supply.alarms(tx)]


async def told(shop, owner):
    """The events about alarms, in their order."""
    async with owner.begin_shared() as tx:
        rows = await tx.fetch(
            "SELECT name, payload->>'kind' AS kind FROM kernel.event WHERE tenant_id = $1 AND name LIKE 'supply.alarm%'"
            " ORDER BY xid, ordinal",
            shop.tenant,
        )
    return [(row["name"].removeprefix("supply.alarm_"), row["kind"]) for row in rows]


async def test_our_own_stock_is_told_below_its_share_once_and_until_there_is_more(shop, owner, other_bank):
    await make.claim(shop, *range(1, 19))
    assert await looked(shop) == (0, []), "two of twenty are the share"
    await make.claim(shop, 19)
    assert await looked(shop) == (1, [("low_stock", 1)])
    await make.claim(shop, 20)
    assert await looked(shop) == (0, [("low_stock", 0)])
    async with shop.database.begin(other_bank) as tx:
        assert await supply.alarms(tx) == []
    async with shop.begin() as tx:
        await grants.add_stock(tx, shop.world.pool_id, 10)
    assert await looked(shop) == (0, [])
    assert await told(shop, owner) == [("raised", "low_stock"), ("cleared", "low_stock")]


async def test_a_suppliers_stock_is_told_at_its_threshold_and_stands_while_the_supplier_says_nothing(shop, owner):
    async with shop.begin(shop.buyer) as tx:
        await make.connect(tx, shop.server, shop.supplier_id, shop.fake.code, stock_alarm=10)
    await make.claim(shop, 1)
    shop.fake.manners.stock = 11
    assert await looked(shop) == (0, [])
    shop.fake.manners.stock = 10
    assert await looked(shop) == (1, [("low_stock", 10)])
    shop.fake.manners.stock = 3
    assert await looked(shop) == (0, [("low_stock", 3)])
    shop.fake.manners.busy = 1.0
    assert await looked(shop) == (0, [("low_stock", 3)])
    shop.fake.manners.busy, shop.fake.manners.stock = 0.0, 11
    assert await looked(shop) == (0, [])
    assert await told(shop, owner) == [("raised", "low_stock"), ("cleared", "low_stock")]


async def test_a_supplier_that_does_not_answer_is_told_until_its_breaker_closes(shop, owner, clock):
    shop.fake.manners.busy = 1.0
    await make.claim(shop, 1, 2, 3, 4)
    await shop.carry()
    assert await looked(shop) == (0, []), "four failures open no breaker"
    await make.claim(shop, 5)
    await shop.carry()
    assert await looked(shop) == (1, [("no_answer", 5)])
    assert await looked(shop) == (0, [("no_answer", 5)])
    shop.fake.manners.busy = 0.0
    clock.advance(timedelta(seconds=40))
    await shop.carry()
    assert await looked(shop) == (0, [])
    assert await told(shop, owner) == [("raised", "no_answer"), ("cleared", "no_answer")]


async def test_an_order_unknown_for_more_than_a_day_is_told_until_it_has_ended(shop, owner, clock):
    shop.fake.manners.drop = 1.0
    await make.claim(shop, 1)
    await shop.carry()
    assert await shop.states() == {"unknown": 1}
    clock.advance(timedelta(hours=24))
    assert await looked(shop) == (0, [])
    clock.advance(timedelta(seconds=1))
    assert await looked(shop) == (1, [("old_unknown", 1)])
    assert await looked(shop) == (0, [("old_unknown", 1)])
    shop.fake.manners.drop = 0.0
    await shop.carry()
    assert await shop.states() == {"success": 1}
    assert await looked(shop) == (0, [])
    assert await told(shop, owner) == [("raised", "old_unknown"), ("cleared", "old_unknown")]


async def test_alarms_that_others_watch_over_stand_whatever_suppliers_do(shop):
    kind = supply.AlarmKind.LOW_OUTLET
    low = supply.Standing(kind=kind, subject="1:x", supplier_id=None, title="礼品", value=1, threshold=5)
    async with shop.begin() as tx:
        await supply.watch(tx, [kind], [low])
    assert await looked(shop) == (0, [("low_outlet", 1)])
