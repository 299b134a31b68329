"""Checking in: a visit that was booked for today is joined by the scan of a code at its branch."""

from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import catalogue
from huoke.reward.bookings import store
from huoke.reward.bookings.model import LATE, Arrival, Slot, Standing
from huoke.reward.catalogue import is_visit


async def booked_today(tx: Tx, seqs: Iterable[int]) -> dict[int, list[Arrival]]:
    """The visits customers have booked for today (China) and may still come to, by customer, earliest first."""
    joined = await customers.joined_to(tx, sorted(set(seqs)))
    leads = {int(other): seq for seq in seqs for other in (seq, *joined.get(seq, ()))}
    midnight = datetime.combine(tx.now.astimezone(CHINA).date(), time(), tzinfo=CHINA)
    held = await store.booked_between(tx, leads, midnight, midnight + timedelta(days=1))
    skus = await catalogue.skus(tx, {one.sku_id for one in held})
    slots = await store.slots(tx, [one.slot_id for one in held])
    found: dict[int, list[Arrival]] = {}
    for one in held:
        slot = slots[one.slot_id]
        if is_visit(skus[one.sku_id].details) and (one.arrived_at or tx.now <= slot.ends_at + LATE):
            found.setdefault(leads[one.seq], []).append(_arrival(one, slot))
    return {seq: sorted(own, key=lambda one: (one.starts_at, one.booking_id)) for seq, own in found.items()}


async def arrive(tx: Tx, came: Collection[tuple[int, int]]) -> dict[tuple[int, int], list[Arrival]]:
    """Note that customers are at branches, (customer, unit) each; returns the visits booked there for today.

    A booking at another branch, or of another day, stays as it is. Coming again changes nothing.
    """
    if not came:
        return {}
    booked = await booked_today(tx, {seq for seq, _ in came})
    here = {
        (seq, unit_id): [one for one in booked.get(seq, ()) if one.unit_id == unit_id] for seq, unit_id in set(came)
    }
    ids: set[UUID] = {one.booking_id for found in here.values() for one in found}
    if ids:
        await store.note_arrivals(tx, ids)
    return here


def _arrival(held: Standing, slot: Slot) -> Arrival:
    return Arrival(booking_id=held.id, unit_id=slot.unit_id, starts_at=slot.starts_at, ends_at=slot.ends_at)
