"""A day at an outlet or store: who comes when, and what room is left."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import catalogue, merchants
from huoke.reward.bookings import store
from huoke.reward.bookings.free import places_of
from huoke.reward.bookings.model import BookingState, Slot, is_time_of
from huoke.reward.catalogue import is_visit


class SlotView(Slot, frozen=True, kw_only=True):
    """A slot with the names of its service and place, and what the caller may do with it."""

    title: str
    title_en: str
    place: str
    place_en: str
    left_count: int
    can: list[str]


class BookingView(msgspec.Struct, frozen=True, kw_only=True):
    """Who comes when, masked (rule F2), without a number for a merchant's clerk; `due`: its code may be redeemed now.

    Visits of a branch have no code and are never due here.
    """

    id: UUID
    grant_id: UUID
    title: str
    title_en: str
    place: str
    place_en: str
    starts_at: datetime
    ends_at: datetime
    state: BookingState
    customer_no: str
    customer_name: str | None
    due: bool


async def slots(tx: Tx, principal: Principal, begin: date, end: date, sku_id: UUID | None = None) -> list[SlotView]:
    """Slots of the units in scope from one day to another; a clerk's stores'."""
    found = await _slots(tx, principal, begin, end, sku_id)
    skus = await catalogue.skus(tx, {slot.sku_id for slot in found})
    places = await places_of(tx, found)
    return [
        SlotView(
            **msgspec.structs.asdict(slot),
            title=skus[slot.sku_id].name if slot.sku_id in skus else "",
            title_en=skus[slot.sku_id].name_en if slot.sku_id in skus else "",
            place=places[slot.unit_id, slot.store_id].name,
            place_en=places[slot.unit_id, slot.store_id].name_en,
            left_count=slot.left,
            can=["change"] if principal.may("benefit.write") and slot.starts_at > tx.now else [],
        )
        for slot in found
    ]


async def day(tx: Tx, principal: Principal, on: date) -> list[BookingView]:
    """The bookings of a calendar day (China) at the caller's places, earliest first."""
    seen = {slot.id: slot for slot in await slots(tx, principal, on, on)}
    rows = await store.of_slots(tx, seen)
    skus = await catalogue.skus(tx, {row.sku_id for row in rows})
    desk = await _desk(tx, principal)
    seqs = sorted({row.seq for row in rows})
    people = {int(one.seq): one for one in await customers.masked_rows(tx, seqs)} if seqs else {}
    shown = [
        BookingView(
            id=row.id,
            grant_id=row.grant_id,
            title=seen[row.slot_id].title,
            title_en=seen[row.slot_id].title_en,
            place=seen[row.slot_id].place,
            place_en=seen[row.slot_id].place_en,
            starts_at=seen[row.slot_id].starts_at,
            ends_at=seen[row.slot_id].ends_at,
            state=row.state,
            customer_no=people[row.seq].customer_no if row.seq in people and not desk.is_clerk else "",
            customer_name=people[row.seq].name if row.seq in people else None,
            due=row.state is BookingState.BOOKED
            and is_time_of(seen[row.slot_id], tx.now)
            and not is_visit(skus[row.sku_id].details),
        )
        for row in rows
    ]
    return sorted(shown, key=lambda one: (one.starts_at, one.title, one.id))


async def _slots(tx: Tx, principal: Principal, begin: date, end: date, sku_id: UUID | None) -> list[Slot]:
    first = datetime.combine(begin, time(), tzinfo=CHINA)
    last = datetime.combine(end, time(), tzinfo=CHINA) + timedelta(days=1)
    desk = await _desk(tx, principal)
    if desk.is_clerk:
        return await store.between(tx, first, last, sku_id=sku_id, stores=desk.store_ids)
    return await store.between(tx, first, last, sku_id=sku_id, units=principal.units)


async def _desk(tx: Tx, principal: Principal) -> merchants.Desk:
    return await merchants.desk_of(tx, principal.actor.id, int(principal.unit_id or 0))
