"""What grants ask of bookings: a service is redeemed where and when it was booked, and its booking follows it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue
from huoke.reward.bookings import store
from huoke.reward.bookings.book import tell
from huoke.reward.bookings.model import BookingState, NotArrived, NotBookedHere, Slot, Standing, is_time_of
from huoke.reward.bookings.serve import tell_served
from huoke.reward.catalogue import ServiceDetails, is_visit
from huoke.reward.merchants import Place


class GrantBookings:
    """Serves `grants.BookingGuard`."""

    async def refuse(self, tx: Tx, wanted: Mapping[UUID, UUID], place: Place) -> dict[UUID, Refusal]:
        """Of grants (id → SKU) those that are services and not booked at this place and time, each with why."""
        skus = await catalogue.skus(tx, set(wanted.values()))
        services = {key for key, sku_id in wanted.items() if _is_service(skus.get(sku_id))}
        if not services:
            return {}
        held = await store.standing(tx, services)
        slots = await store.slots(tx, [one.slot_id for one in held.values()])
        refused: dict[UUID, Refusal] = {}
        for grant_id in services:
            booked = held.get(grant_id)
            refusal = _refusal(booked, slots[booked.slot_id] if booked else None, skus[wanted[grant_id]], place, tx.now)
            if refusal is not None:
                refused[grant_id] = refusal
        return refused

    async def moved(self, tx: Tx, used: Sequence[UUID], undone: Sequence[UUID], ended: Sequence[UUID]) -> None:
        """Grants were redeemed, their redemption was taken back, or they ended otherwise."""
        held = await store.standing(tx, [*used, *ended]) if used or ended else {}
        honoured = [one for key, one in held.items() if key in set(used)]
        await self._end([one.id for one in honoured], BookingState.HONOURED, tx)
        await tell_served(tx, honoured)
        given_up = [one for key, one in held.items() if key in set(ended)]
        await self._end([one.id for one in given_up], BookingState.CANCELLED, tx)
        slots = await store.lock_slots(tx, [one.slot_id for one in given_up])
        for one in given_up:
            slots[one.slot_id] = msgspec.structs.replace(slots[one.slot_id], taken=slots[one.slot_id].taken - 1)
        if given_up:
            await store.put_slots(tx, slots.values())
            tell(tx, given_up, "cancelled")
        if undone:
            latest = {one.grant_id: one for one in reversed(await store.of_grants(tx, undone, BookingState.HONOURED))}
            await self._end([one.id for one in latest.values()], BookingState.BOOKED, tx)

    async def _end(self, ids: Sequence[UUID], state: BookingState, tx: Tx) -> None:
        if ids:
            await store.set_state(tx, ids, state)


def _refusal(
    booked: Standing | None, slot: Slot | None, sku: catalogue.Sku, place: Place, now: datetime
) -> Refusal | None:
    """Why a service is not given here and now, or None; a visit is received whenever its customer has checked in."""
    if booked is None or slot is None:
        return NotBookedHere("This service is not booked; its customer books it on the phone.")
    elsewhere = NotBookedHere("It is booked for another time or place.", starts_at=slot.starts_at.isoformat())
    if not _is_here(slot, place):
        return elsewhere
    if is_visit(sku.details):
        told = "Its customer checks in first, with the code of the branch or yours."
        return NotArrived(told) if booked.arrived_at is None else None
    return None if is_time_of(slot, now) else elsewhere


def _is_service(sku: catalogue.Sku | None) -> bool:
    return sku is not None and isinstance(sku.details, ServiceDetails)


def _is_here(slot: Slot, place: Place) -> bool:
    if slot.store_id is not None or place.store_id is not None:
        return slot.store_id == place.store_id
    return slot.unit_id == place.unit_id
