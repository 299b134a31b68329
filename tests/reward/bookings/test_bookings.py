"""Services are booked, moved, honoured and missed; a slot is never oversold, and only who booked is served."""

import asyncio
from datetime import datetime, time, timedelta

import pytest

from huoke.app.ports import register_ports
from huoke.kernel.batch import Call
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.sets import SetServer
from huoke.kernel.settings import Settings
from huoke.kernel.tx import SYSTEM
from huoke.know.language import Analytics
from huoke.reward import bookings, catalogue, grants, ledger
from huoke.reward.bookings import (
    Booked,
    Booking,
    BookingUnknown,
    CapacityShort,
    NewSlots,
    NotBookable,
    NotBookedHere,
    SlotChange,
    SlotFull,
    SlotUnfit,
    TooLateToMove,
    store,
)
from huoke.reward.grants import Redeemed, UnknownGrant
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue


@pytest.fixture(scope="module", autouse=True)
def ports(cluster, schema):
    register_ports(
        Settings(
            home=cluster.home, instance="test", database_url=cluster.database_url,
            database_owner_url=cluster.database_owner_url, database_feed_url=cluster.database_feed_url,
            clickhouse_url=cluster.clickhouse_url, web_port=0,
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank):
    return await make.world(database, feed, clickhouse, Analytics(clickhouse, SetServer()), bank, count=12)


@pytest.fixture
async def service(world, clock):
    """A lounge for ten: moved until a day before, missed once without harm; two slots of tomorrow and after for two."""
    details = catalogue.ServiceDetails(move_until_hours=24, no_shows_max=1)
    async with world.begin(world.operator) as tx:
        sku_id = await make_catalogue.voucher(tx, supplier_id=world.supplier_id, name="贵宾厅", details=details)
        day = tx.now.astimezone(CHINA).date() + timedelta(days=2)
        new = NewSlots(
            sku_id=sku_id, unit_id=world.units.north, begin=day, end=day + timedelta(days=1), times=[time(9), time(14)],
            capacity=2,
        )  # fmt: skip
        assert await bookings.open_slots(tx, new, world.operator) == 4
        assert await bookings.open_slots(tx, new, world.operator) == 0, "what is there stays"
    campaign_id = await make.live(world, sku_id=sku_id, mode="pull", published=True, stock=10, budget_fen=20_000)
    claims = await make.claim(world, campaign_id, *world.seqs[:6])
    return sku_id, dict(zip(world.seqs[:6], [one.grant_id for one in claims], strict=True))


async def slots_of(world, sku_id):
    async with world.begin() as tx:
        day = tx.now.astimezone(CHINA).date()
        return await bookings.slots(tx, world.operator, day, day + timedelta(days=5), sku_id)


async def book(world, seq, grant_id, slot_id):
    async with world.begin() as tx:
        wish = Booking(grant_id=grant_id, slot_id=slot_id, seq=seq)
        [answer] = await bookings.book(tx, [Call(wish, SYSTEM, tx.now)])
    return answer


async def redeem(world, grant_id, unit_id):
    async with world.begin(world.teller) as tx:
        item = grants.Redemption(request_no=new_id().hex, grant_id=grant_id)
        [answer] = await grants.redeem(tx, [item], teller=world.teller.actor.id, unit_id=unit_id)
    return answer


async def on_day(world, tx, slot, grant_id):
    """What the outlet's day says of one benefit."""
    rows = await bookings.day(tx, world.operator, slot.starts_at.astimezone(CHINA).date())
    return next((one for one in rows if one.grant_id == grant_id), None)


async def even(world):
    async with world.begin() as tx:
        assert await store.uneven(tx) == []
        assert await grants.verify(tx) == []
        assert await ledger.verify(tx) == []


async def test_a_slot_is_never_oversold_however_many_book_at_once(world, service):
    sku_id, held = service
    slot = (await slots_of(world, sku_id))[0]
    answers = await asyncio.gather(*(book(world, seq, grant_id, slot.id) for seq, grant_id in held.items()))
    assert sorted(type(one).__name__ for one in answers) == ["Booked"] * 2 + ["SlotFull"] * 4
    [full] = [one for one in await slots_of(world, sku_id) if one.id == slot.id]
    assert (full.taken, full.left_count) == (2, 0)
    async with world.begin() as tx:
        batch = [Call(Booking(grant_id=g, slot_id=slot.id, seq=s), SYSTEM, tx.now) for s, g in held.items()]
        again = await bookings.book(tx, batch)
    assert [type(one).__name__ for one in again] == [type(one).__name__ for one in answers]
    assert all(one.exists for one in again if isinstance(one, Booked))
    await even(world)


async def test_a_booking_moves_and_its_place_is_free_for_another(world, service, clock):
    sku_id, held = service
    first, second = (await slots_of(world, sku_id))[:2]
    (one, mine), (two, _) = list(held.items())[:2]
    booked = await book(world, one, mine, first.id)
    moved = await book(world, one, mine, second.id)
    assert (moved.id, moved.slot_id, moved.exists) == (booked.id, second.id, False)
    assert [slot.taken for slot in (await slots_of(world, sku_id))[:2]] == [0, 1]
    assert type(await book(world, two, mine, first.id)) is UnknownGrant, "it is not theirs"
    async with world.begin() as tx:
        with pytest.raises(BookingUnknown):
            await bookings.cancel(tx, mine, two)
        await bookings.cancel(tx, mine, one)
    assert [slot.taken for slot in (await slots_of(world, sku_id))[:2]] == [0, 0]
    await book(world, one, mine, first.id)
    clock.set(first.starts_at - timedelta(hours=23))
    assert type(await book(world, one, mine, second.id)) is TooLateToMove
    async with world.begin() as tx:
        with pytest.raises(TooLateToMove):
            await bookings.cancel(tx, mine, one)
        found = await bookings.free(tx, mine, one)
    assert (found.movable, found.booked.slot.id, found.booked.place) == (False, first.id, "城北分行")
    await even(world)


async def test_a_service_is_given_to_who_booked_it_there_and_then(world, service, clock):
    sku_id, held = service
    slot = (await slots_of(world, sku_id))[0]
    one, mine = next(iter(held.items()))
    assert type(await redeem(world, mine, world.units.north)) is NotBookedHere
    await book(world, one, mine, slot.id)
    assert type(await redeem(world, mine, world.units.north)) is NotBookedHere, "too early"
    clock.set(slot.starts_at + timedelta(minutes=5))
    assert type(await redeem(world, mine, world.units.south)) is NotBookedHere, "elsewhere"
    async with world.begin(world.teller) as tx:
        shown = await on_day(world, tx, slot, mine)
    assert (shown.state, shown.due, shown.grant_id) == ("booked", True, mine)
    done = await redeem(world, mine, world.units.north)
    assert type(done) is Redeemed
    async with world.begin() as tx:
        shown = await on_day(world, tx, slot, mine)
        assert shown.state == "honoured"
        await grants.undo_redeem(tx, done.redemption_id, teller=world.teller.actor.id, units=None, reason="误操作")
        shown = await on_day(world, tx, slot, mine)
        assert shown.state == "booked", "taken back, it waits again"
        await grants.revoke(tx, [mine], "客户退出")
        assert await on_day(world, tx, slot, mine) is None
    assert (await slots_of(world, sku_id))[0].taken == 0
    await even(world)


async def test_who_misses_more_often_than_the_terms_allow_loses_the_benefit(world, service, clock, other_bank):
    sku_id, held = service
    one, mine = next(iter(held.items()))
    for miss in (1, 2):
        slot = next(slot for slot in await slots_of(world, sku_id) if slot.starts_at > clock.now())
        assert type(await book(world, one, mine, slot.id)) is Booked
        clock.set(slot.ends_at + timedelta(minutes=61))
        async with world.database.begin(other_bank) as tx:
            assert await bookings.miss_due(tx) == 0
        async with world.begin() as tx:
            assert await bookings.miss_due(tx) >= 1
            assert await bookings.miss_due(tx) == 0
            state = (await grants.get_grant(tx, mine)).state
        assert state == ("fulfilled" if miss == 1 else "expired")
    assert type(await book(world, one, mine, slot.id)) is NotBookable
    await even(world)


async def test_slots_that_cannot_be_are_refused_and_room_never_falls_below_what_is_booked(world, service):
    sku_id, held = service
    slot = (await slots_of(world, sku_id))[0]
    for seq, grant_id in list(held.items())[:2]:
        await book(world, seq, grant_id, slot.id)
    async with world.begin(world.operator) as tx:
        with pytest.raises(CapacityShort):
            await bookings.change_slot(tx, SlotChange(id=slot.id, capacity=1), world.operator)
        await bookings.change_slot(tx, SlotChange(id=slot.id, capacity=5, closed=True), world.operator)
        plain = NewSlots(
            sku_id=world.sku_id, unit_id=world.units.north, begin=tx.now.date(), end=tx.now.date(), times=[time(9)],
            capacity=1,
        )  # fmt: skip
        with pytest.raises(NotBookable):
            await bookings.open_slots(tx, plain, world.operator)
        with pytest.raises(SlotUnfit):
            past = datetime(2020, 1, 1, tzinfo=CHINA).date()
            old = NewSlots(sku_id=sku_id, unit_id=world.units.north, begin=past, end=past, times=[time(9)], capacity=1)
            await bookings.open_slots(tx, old, world.operator)
    seq, grant_id = list(held.items())[2]
    assert type(await book(world, seq, grant_id, slot.id)) is SlotFull, "closed"
    await even(world)
