"""Opening slots of a service, and changing one."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.clock import CHINA
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, merchants
from huoke.reward.bookings import store
from huoke.reward.bookings.model import (
    SLOTS_MAX,
    CapacityShort,
    NewSlots,
    NotBookable,
    SlotChange,
    SlotUnfit,
    SlotUnknown,
    check_slots,
)
from huoke.reward.catalogue import ServiceDetails


async def open_slots(tx: Tx, new: NewSlots, principal: Principal) -> int:
    """Open slots at a unit in the caller's scope, or in a store; returns how many are new.

    `SlotUnfit`, `NotBookable` where the SKU is no service, `catalogue.Unknown`, `merchants.Unknown`, `OutOfScope`.
    """
    check_slots(new)
    principal.require_unit(new.unit_id)
    sku = await catalogue.sku(tx, new.sku_id)
    if not isinstance(sku.details, ServiceDetails):
        raise NotBookable("This benefit is no service: nothing is booked.", pointer="/sku_id")
    if new.store_id is not None and not await merchants.find_stores(tx, ids=[new.store_id], limit=1):
        raise merchants.Unknown("There is no such store in this bank.", pointer="/store_id")
    starts = _starts(new, tx.now)
    if not 1 <= len(starts) <= SLOTS_MAX:
        raise SlotUnfit(f"That is {len(starts)} slots to come; 1 to {SLOTS_MAX} at a time.", pointer="/times")
    made = await store.add_slots(tx, msgspec.structs.asdict(new), starts)
    await _record(tx, "bookings.open", new.sku_id, new.unit_id, msgspec.to_builtins(new) | {"made": made})
    return made


async def change_slot(tx: Tx, wanted: SlotChange, principal: Principal) -> UUID:
    """Give a slot another capacity, or close it to new bookings. `SlotUnknown`, `SlotUnfit`, `CapacityShort`."""
    slot = (await store.lock_slots(tx, [wanted.id])).get(wanted.id)
    if slot is None or not principal.covers(slot.unit_id):
        raise SlotUnknown("There is no such slot in your units.", pointer="/id")
    if wanted.capacity < max(slot.taken, 1):
        raise CapacityShort(f"{slot.taken} are booked already.", pointer="/capacity", taken=slot.taken)
    changed = msgspec.structs.replace(slot, capacity=wanted.capacity, closed=wanted.closed)
    await store.put_slots(tx, [changed])
    after: dict[str, object] = {"slot_id": str(slot.id), "capacity": wanted.capacity, "closed": wanted.closed}
    await _record(tx, "bookings.change_slot", slot.sku_id, slot.unit_id, after)
    return slot.id


def _starts(new: NewSlots, now: datetime) -> list[datetime]:
    """When the slots that are still to come begin."""
    days = [new.begin + timedelta(days=place) for place in range((new.end - new.begin).days + 1)]
    kept = [day for day in days if not new.weekdays or day.isoweekday() in new.weekdays]
    starts = [datetime.combine(day, at, tzinfo=CHINA) for day in kept for at in sorted(new.times)]
    return [instant for instant in starts if instant > now]


async def _record(tx: Tx, action: str, sku_id: UUID, unit_id: int, after: dict[str, object]) -> None:
    entry = audit.AuditEntry(action=action, subject_kind="sku", subject_id=str(sku_id), unit_id=unit_id, after=after)
    await audit.record(tx, entry)
