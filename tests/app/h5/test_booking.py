"""Booking a service on the phone: a place, a day, a time; full ones are told, moved and taken back until the limit."""

import re
from datetime import time, timedelta
from uuid import UUID

import pytest

from huoke.kernel.batch import Call
from huoke.kernel.clock import CHINA
from huoke.kernel.tx import SYSTEM
from huoke.reward import bookings, catalogue
from huoke.reward.bookings import Booking, NewSlots
from tests.make import campaigns as make
from tests.make import catalogue as make_catalogue

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
async def lounge(walk):
    """Benefits of two customers: a lounge with one seat at nine and one at two, two days from now."""
    world = walk.world
    details = catalogue.ServiceDetails(move_until_hours=24, no_shows_max=1)
    async with world.begin(world.operator) as tx:
        sku_id = await make_catalogue.voucher(tx, supplier_id=world.supplier_id, name="贵宾厅", details=details)
        day = tx.now.astimezone(CHINA).date() + timedelta(days=2)
        times = [time(9), time(14)]
        new = NewSlots(
            sku_id=sku_id, unit_id=world.units.north, begin=day, end=day, times=times, minutes=60, capacity=1
        )
        assert await bookings.open_slots(tx, new, world.operator) == 2
    campaign_id = await make.live(world, sku_id=sku_id, mode="pull", published=True, stock=10, budget_fen=20_000)
    mine, theirs = await make.claim(world, campaign_id, *world.seqs[:2])
    return sku_id, mine.grant_id, theirs.grant_id


def times_of(page: str) -> dict[str, str]:
    """What is shown of each time: clock → the words beside it."""
    return dict(re.findall(r"<b>(\d\d:\d\d)</b><small>([^<]*)</small>", page))


def fields(page: str, clock: str) -> dict[str, str]:
    """The form with one time chosen."""
    [csrf] = set(re.findall(r'name="csrf" value="([^"]+)"', page))
    [slot] = re.findall(rf'name="slot_id" value="([^"]+)"(?:(?!</label>).)*<b>{clock}</b>', page, re.DOTALL)[-1:]
    return {"csrf": csrf, "slot_id": slot.split('"')[0]}


async def taken(walk, sku_id) -> list[int]:
    async with walk.world.begin() as tx:
        day = tx.now.astimezone(CHINA).date()
        found = await bookings.slots(tx, walk.world.operator, day, day + timedelta(days=5), sku_id)
        return [slot.taken for slot in found]


async def test_a_service_is_booked_before_its_code_is_shown_then_moved_and_taken_back(walk, lounge):
    sku_id, grant_id, _ = lounge
    phone = await walk.phone(walk.world.seqs[0])
    first = (await phone.get(f"benefits/{grant_id}")).text
    assert set(times_of(first)) == {"09:00", "14:00"}
    assert f"benefits/{grant_id}/code" not in first, "no code before it is booked"
    answer = await phone.post(f"benefits/{grant_id}/booking", data=fields(first, "09:00"))
    assert answer.headers["Location"].endswith(f"/benefits/{grant_id}/booking")
    assert await taken(walk, sku_id) == [1, 0]
    page = (await phone.get(f"benefits/{grant_id}/booking")).text
    assert f"benefits/{grant_id}/booking/cancel" in page
    await phone.post(f"benefits/{grant_id}/booking", data=fields(page, "14:00"))
    assert await taken(walk, sku_id) == [0, 1]
    [csrf] = set(re.findall(r'name="csrf" value="([^"]+)"', page))
    await phone.post(f"benefits/{grant_id}/booking/cancel", data={"csrf": csrf})
    assert await taken(walk, sku_id) == [0, 0]


async def test_a_time_that_filled_up_meanwhile_is_told_and_nothing_moves(walk, lounge):
    sku_id, mine, theirs = lounge
    one, two = walk.world.seqs[:2]
    phone = await walk.phone(one)
    page = (await phone.get(f"benefits/{mine}")).text
    chosen = fields(page, "09:00")
    async with walk.world.begin() as tx:
        wish = Booking(grant_id=theirs, slot_id=UUID(chosen["slot_id"]), seq=two)
        [booked] = await bookings.book(tx, [Call(wish, SYSTEM, tx.now)])
    assert isinstance(booked, bookings.Booked)
    answer = await phone.post(f"benefits/{mine}/booking", data=chosen)
    assert answer.headers["Location"].endswith("?full=1")
    late = (await phone.get(f"benefits/{mine}/booking?full=1")).text
    assert 'role="alert"' in late
    assert await taken(walk, sku_id) == [1, 0]
    assert re.search(r'name="slot_id" value="[^"]+" required disabled><span><b>09:00', late)


async def test_nobody_books_with_anothers_benefit_or_without_the_pages_own_token(walk, lounge):
    sku_id, mine, theirs = lounge
    phone = await walk.phone(walk.world.seqs[0])
    chosen = fields((await phone.get(f"benefits/{mine}")).text, "09:00")
    assert (await phone.get(f"benefits/{theirs}/booking")).status_code == 404
    assert (await phone.post(f"benefits/{theirs}/booking", data=chosen)).status_code == 404
    assert (await phone.post(f"benefits/{mine}/booking", data=chosen | {"csrf": "x"})).status_code == 403
    assert await taken(walk, sku_id) == [0, 0]
