"""What a customer may book: places and times with room, and what they booked."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.govern.people import units
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants, merchants
from huoke.reward.bookings import store
from huoke.reward.bookings.model import DAYS_MAX, BookingState, NotBookable, Slot, late
from huoke.reward.catalogue import ServiceDetails


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """A place by its names, and its address."""

    name: str = ""
    name_en: str = ""
    address: str = ""


class FreeSlot(msgspec.Struct, frozen=True, kw_only=True):
    """A slot to come, `left` of it free, and where it is."""

    slot: Slot
    left: int
    place: str
    place_en: str
    address: str


class Free(msgspec.Struct, frozen=True, kw_only=True):
    """Slots to come, earliest first; `booked` is the one this benefit has, which may be moved while `movable`.

    Of a `visit`, `arrived` says that its customer has checked in.
    """

    slots: list[FreeSlot]
    booked: FreeSlot | None
    movable: bool
    move_until_hours: int
    missed: int
    visit: bool = False
    arrived: bool = False


async def free(tx: Tx, grant_id: UUID, seq: int) -> Free:
    """What the holder of a claimed service may book, and has booked. `UnknownGrant`, `NotBookable`."""
    item = await grants.get_own(tx, grant_id, seq)
    sku = (await catalogue.skus(tx, [item.sku_id])).get(item.sku_id)
    if sku is None or not isinstance(sku.details, ServiceDetails):
        raise NotBookable("This benefit is no service: nothing is booked.")
    end = tx.now + timedelta(days=DAYS_MAX)
    found = await store.between(tx, tx.now, min(end, item.expires_at or end), sku_id=item.sku_id)
    held = (await store.standing(tx, [grant_id])).get(grant_id)
    own = (await store.slots(tx, [held.slot_id])).get(held.slot_id) if held else None
    places = await places_of(tx, [*found, *([own] if own else [])])
    arrived = held is not None and held.arrived_at is not None
    return Free(
        slots=[_shown(slot, places) for slot in found if not slot.closed],
        booked=_shown(own, places) if own else None,
        movable=own is None or not (arrived or late(own, sku.details.move_until_hours, tx.now)),
        move_until_hours=sku.details.move_until_hours,
        missed=len(await store.of_grants(tx, [grant_id], BookingState.MISSED)),
        visit=sku.details.visit,
        arrived=arrived,
    )


async def places_of(tx: Tx, slots: Sequence[Slot]) -> dict[tuple[int, UUID | None], Where]:
    """Where slots are, by unit and store."""
    named = {int(unit.id): Where(name=unit.name, name_en=unit.name_en) for unit in await units.tree(tx)}
    ids = {slot.store_id for slot in slots if slot.store_id is not None}
    shops = {one.id: one for one in await merchants.find_stores(tx, ids=list(ids), limit=len(ids))} if ids else {}
    found: dict[tuple[int, UUID | None], Where] = {}
    for slot in slots:
        shop = shops.get(slot.store_id) if slot.store_id else None
        own = Where(name=shop.name, name_en=shop.name_en, address=shop.street) if shop else named.get(slot.unit_id)
        found[slot.unit_id, slot.store_id] = own or Where()
    return found


def _shown(slot: Slot, places: dict[tuple[int, UUID | None], Where]) -> FreeSlot:
    at = places[slot.unit_id, slot.store_id]
    return FreeSlot(slot=slot, left=slot.left, place=at.name, place_en=at.name_en, address=at.address)
