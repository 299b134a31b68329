"""What grants ask of bookings: a service is redeemed where and when it was booked, and its booking follows it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue
from huoke.reward.bookings import store
from huoke.reward.bookings.book import tell
from huoke.reward.bookings.model import BookingState, NotBookedHere, Slot, is_time_of
from huoke.reward.catalogue import ServiceDetails
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
            slot = slots[held[grant_id].slot_id] if grant_id in held else None
            if slot is None:
                refused[grant_id] = NotBookedHere("This service is not booked; its customer books it on the phone.")
            elif not _is_here(slot, place) or not is_time_of(slot, tx.now):
                refused[grant_id] = NotBookedHere(
                    "It is booked for another time or place.", starts_at=slot.starts_at.isoformat()
                )
        return refused

    async def moved(self, tx: Tx, used: Sequence[UUID], undone: Sequence[UUID], ended: Sequence[UUID]) -> None:
        """Grants were redeemed, their redemption was taken back, or they ended otherwise."""
        held = await store.standing(tx, [*used, *ended]) if used or ended else {}
        honoured = [one for key, one in held.items() if key in set(used)]
        await self._end([one.id for one in honoured], BookingState.HONOURED, tx)
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


def _is_service(sku: catalogue.Sku | None) -> bool:
    return sku is not None and isinstance(sku.details, ServiceDetails)


def _is_here(slot: Slot, place: Place) -> bool:
    if slot.store_id is not None or place.store_id is not None:
        return slot.store_id == place.store_id
    return slot.unit_id == place.unit_id
