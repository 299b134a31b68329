"""Gifts at outlets: sent, signed for, counted and handed out in double entry; differences take two persons."""

from uuid import uuid4

import asyncpg
import pytest

from huoke.govern import privacy
from huoke.kernel.tx import Actor, ActorKind
from huoke.reward import grants, ledger, outlets, supply
from huoke.reward.catalogue import Delivery
from huoke.reward.grants import State
from huoke.reward.outlets import (
    CheckOrder,
    CountOrder,
    DifferenceState,
    GiftOrder,
    NewShipment,
    OutletEmpty,
    OutletUnfit,
    OwnDifference,
    SignOrder,
)
from tests.make import catalogue as make_catalogue
from tests.make import grants as make_grants
from tests.make import outlets as make

KEEPER = Actor(ActorKind.STAFF, "11111111-0000-7000-8000-000000000001")
CHECKER = Actor(ActorKind.STAFF, "11111111-0000-7000-8000-000000000002")


@pytest.fixture(scope="module", autouse=True)
def master_key(tmp_path_factory):
    privacy.unlock(tmp_path_factory.mktemp("keys") / "master.key")


@pytest.fixture
async def tx(database, bank, clock):
    async with database.begin(bank, KEEPER) as tx:
        yield tx


async def numbers(tx, sku_id):
    [gift] = await outlets.find_gifts(tx, sku_id=sku_id)
    return gift.in_transit, gift.on_hand, gift.handed_out


async def test_what_is_sent_is_on_its_way_until_it_is_signed_for(tx):
    sku_id = await make.gift(tx)
    shipment_id = await outlets.send(tx, NewShipment(sku_id=sku_id, unit_id=1, quantity=20))
    assert await numbers(tx, sku_id) == (20, 0, 0)
    signed = await outlets.sign(tx, shipment_id, SignOrder(quantity=20))
    assert (signed.signed, signed.state) == (20, "signed")
    assert await numbers(tx, sku_id) == (0, 20, 0)
    with pytest.raises(outlets.model.Settled):
        await outlets.sign(tx, shipment_id, SignOrder(quantity=20))
    assert await ledger.verify(tx) == []


async def test_what_is_missing_stays_on_its_way_until_a_second_person_confirms(database, bank, tx):
    sku_id = await make.gift(tx)
    shipment_id = await outlets.send(tx, NewShipment(sku_id=sku_id, unit_id=1, quantity=20))
    with pytest.raises(OutletUnfit):
        await outlets.sign(tx, shipment_id, SignOrder(quantity=18))
    await outlets.sign(tx, shipment_id, SignOrder(quantity=18, reason="两把破损"))
    assert await numbers(tx, sku_id) == (2, 18, 0)
    [open_] = [one for one in await outlets.find_differences(tx, state=DifferenceState.OPEN) if one.sku_id == sku_id]
    assert (open_.expected, open_.found, open_.reason) == (20, 18, "两把破损")
    with pytest.raises(OwnDifference):
        await outlets.check_difference(tx, open_.id, CheckOrder(confirmed=True))
    assert await numbers(tx, sku_id) == (2, 18, 0)
    tx.actor = CHECKER
    await outlets.check_difference(tx, open_.id, CheckOrder(confirmed=True))
    assert await numbers(tx, sku_id) == (0, 18, 0)
    with pytest.raises(outlets.model.Settled):
        await outlets.check_difference(tx, open_.id, CheckOrder(confirmed=True))
    assert await ledger.verify(tx) == []


@pytest.mark.parametrize("counted", [7, 13])
async def test_a_count_changes_the_book_once_somebody_else_confirms(tx, counted):
    sku_id = await make.stocked(tx, 10)
    with pytest.raises(OutletUnfit):
        await outlets.count(tx, CountOrder(unit_id=1, sku_id=sku_id, quantity=counted))
    noted = await outlets.count(tx, CountOrder(unit_id=1, sku_id=sku_id, quantity=counted, reason="月末盘点"))
    assert await numbers(tx, sku_id) == (0, 10, 0)
    tx.actor = CHECKER
    await outlets.check_difference(tx, noted.id, CheckOrder(confirmed=True))
    assert await numbers(tx, sku_id) == (0, counted, 0)
    assert await ledger.verify(tx) == []


async def test_a_count_that_agrees_needs_nobody_and_a_rejected_one_changes_nothing(tx):
    sku_id = await make.stocked(tx, 5)
    agreed = await outlets.count(tx, CountOrder(unit_id=1, sku_id=sku_id, quantity=5))
    assert agreed.state is DifferenceState.CONFIRMED
    noted = await outlets.count(tx, CountOrder(unit_id=1, sku_id=sku_id, quantity=4, reason="数错"))
    tx.actor = CHECKER
    rejected = await outlets.check_difference(tx, noted.id, CheckOrder(confirmed=False))
    assert rejected.state is DifferenceState.REJECTED
    assert await numbers(tx, sku_id) == (0, 5, 0)


async def test_the_database_itself_refuses_a_checker_who_noted(tx):
    sku_id = await make.stocked(tx, 5)
    noted = await outlets.count(tx, CountOrder(unit_id=1, sku_id=sku_id, quantity=4, reason="少一把"))
    with pytest.raises(asyncpg.CheckViolationError):
        async with tx.savepoint():
            await tx.execute(
                "UPDATE outlets.difference SET checked_by = noted_by, state = 'confirmed' WHERE id = $1", noted.id
            )


async def redeem(tx, *claims, unit_id=1):
    items = [grants.Redemption(request_no=uuid4().hex, grant_id=claimed.grant_id) for claimed in claims]
    return await grants.redeem(tx, items, teller="t", unit_id=unit_id)


async def test_a_gift_comes_off_the_shelf_it_is_handed_out_from_and_an_undo_puts_it_back(tx):
    sku_id = await make.stocked(tx, 2)
    claims = await make.claimed_gift(tx, sku_id, 1, 2, 3)
    assert claims[0].state is State.FULFILLED
    [elsewhere] = await redeem(tx, claims[0], unit_id=2)
    assert elsewhere.code == "outlets.empty"
    answers = await redeem(tx, *claims)
    assert [getattr(answer, "code", "redeemed") for answer in answers] == ["redeemed", "redeemed", "outlets.empty"]
    assert await numbers(tx, sku_id) == (0, 0, 2)
    await grants.undo_redeem(tx, answers[0].redemption_id, teller="t", units=frozenset(), reason="拿错")
    assert await numbers(tx, sku_id) == (0, 1, 1)
    [third] = await redeem(tx, claims[2])
    assert isinstance(third, grants.Redeemed)
    assert await numbers(tx, sku_id) == (0, 0, 2)
    await make_grants.assert_sound(tx)


async def test_nobody_hands_out_more_than_there_is(tx):
    sku_id = await make.stocked(tx, 1)
    with pytest.raises(OutletEmpty):
        await outlets.differ.post(tx, uuid4(), 0, outlets.model.shelf(1, sku_id), outlets.model.missing(sku_id), 2)
    assert await numbers(tx, sku_id) == (0, 1, 0)


async def test_only_gifts_for_outlets_are_sent_there(tx):
    for sku_id in (await make.gift(tx, Delivery.POST), await make_catalogue.voucher(tx)):
        with pytest.raises(OutletUnfit):
            await outlets.send(tx, NewShipment(sku_id=sku_id, unit_id=1, quantity=1))


async def test_a_gift_that_runs_low_raises_one_alarm_and_clears_it_when_more_arrive(tx):
    sku_id = await make.stocked(tx, 3)
    await outlets.set_gift(tx, GiftOrder(unit_id=1, sku_id=sku_id, low_at=5))
    assert await outlets.watch_gifts(tx) == 1
    assert await outlets.watch_gifts(tx) == 0

    async def standing():
        return [one.title for one in await supply.alarms(tx) if one.kind is supply.AlarmKind.LOW_OUTLET]

    assert await standing() == ["雨伞"]
    more = await outlets.send(tx, NewShipment(sku_id=sku_id, unit_id=1, quantity=9))
    await outlets.sign(tx, more, SignOrder(quantity=9))
    await outlets.watch_gifts(tx)
    assert await standing() == []
