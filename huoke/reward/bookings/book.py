"""Booking, moving and cancelling: many customers at once, never more than a slot has room for."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.kernel.batch import Call
from huoke.kernel.ids import Seq, new_ids
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reward import catalogue, grants
from huoke.reward.bookings import store
from huoke.reward.bookings.model import (
    Booked,
    Booking,
    BookingsChanged,
    BookingState,
    BookingUnknown,
    NotBookable,
    Standing,
    TooLateToMove,
    Wish,
    decide,
    late,
)
from huoke.reward.catalogue import ServiceDetails


async def book(tx: Tx, calls: Sequence[Call[Booking]]) -> list[Booked | Refusal]:
    """Book slots for claimed services; one answer per call, in order. Shaped for `kernel.batch`.

    Where a booking of the benefit stands it moves, and the slot it leaves is free again; the same slot again is
    `exists`. Refused: `NotBookable`, `SlotUnknown`, `SlotFull`, `TooLateToMove`. Of two calls for one benefit in a
    batch the second is answered as if it came later.
    """
    wanted = [call.value for call in calls]
    answers: list[Booked | Refusal] = []
    while len(answers) < len(wanted):
        part = _apart(wanted[len(answers) :])
        answers += await _book(tx, part)
    return answers


def _apart(wanted: Sequence[Booking]) -> list[Booking]:
    """The first wishes, up to where a benefit comes again."""
    part: list[Booking] = []
    for one in wanted:
        if any(one.grant_id == other.grant_id for other in part):
            break
        part.append(one)
    return part


async def _book(tx: Tx, wanted: Sequence[Booking]) -> list[Booked | Refusal]:
    await grants.hold_held(tx, [one.grant_id for one in wanted])
    standing = await store.standing(tx, [one.grant_id for one in wanted])
    slots = await store.lock_slots(
        tx, [*(one.slot_id for one in wanted), *(held.slot_id for held in standing.values())]
    )
    wishes = await _wishes(tx, wanted, standing)
    before = dict(slots)
    verdicts = decide(wishes, slots, tx.now)
    await store.put_slots(tx, [slot for key, slot in slots.items() if slot != before[key]])
    answers: list[Booked | Refusal] = []
    new: list[Standing] = []
    moved: dict[UUID, UUID] = {}
    for one, verdict, booking_id in zip(wanted, verdicts, new_ids(len(wanted)), strict=True):
        held = standing.get(one.grant_id)
        if isinstance(verdict, Refusal):
            answers.append(verdict)
        elif held is not None:
            if held.slot_id != one.slot_id:
                moved[held.id] = one.slot_id
            answers.append(Booked(id=held.id, slot_id=one.slot_id, exists=held.slot_id == one.slot_id))
        else:
            new.append(_new(tx, booking_id, one, verdict.sku_id))
            answers.append(Booked(id=booking_id, slot_id=one.slot_id))
    await _write(tx, new, moved, standing)
    return answers


async def _wishes(tx: Tx, wanted: Sequence[Booking], standing: Mapping[UUID, Standing]) -> list[Wish | Refusal]:
    items = await grants.find_grants(tx, grant_ids=[one.grant_id for one in wanted], limit=len(wanted))
    found = {item.id: item for item in items}
    skus = await catalogue.skus(tx, {item.sku_id for item in found.values()})
    joined = await customers.joined_to(tx, sorted({one.seq for one in wanted}))
    wishes: list[Wish | Refusal] = []
    for one in wanted:
        item = found.get(one.grant_id)
        if item is None or item.seq not in {one.seq, *joined.get(one.seq, ())}:
            wishes.append(grants.UnknownGrant("You have no such benefit."))
            continue
        details = skus[item.sku_id].details if item.sku_id in skus else None
        if not isinstance(details, ServiceDetails) or item.state is not grants.State.FULFILLED:
            wishes.append(NotBookable("This benefit cannot be booked now.", state=item.state.value))
            continue
        wishes.append(
            Wish(
                booking=one,
                sku_id=item.sku_id,
                good_until=item.expires_at,
                standing=standing.get(one.grant_id),
                move_until_hours=details.move_until_hours,
            )
        )
    return wishes


def _new(tx: Tx, booking_id: UUID, one: Booking, sku_id: UUID) -> Standing:
    return Standing(
        id=booking_id,
        grant_id=one.grant_id,
        seq=one.seq,
        sku_id=sku_id,
        slot_id=one.slot_id,
        state=BookingState.BOOKED,
        moves=0,
        booked_at=tx.now,
    )


async def _write(tx: Tx, new: Sequence[Standing], moved: dict[UUID, UUID], standing: Mapping[UUID, Standing]) -> None:
    if new:
        await store.add(tx, new)
        tell(tx, new, "booked")
    if moved:
        await store.move(tx, moved)
        tell(tx, [held for held in standing.values() if held.id in moved], "moved")


async def cancel(tx: Tx, grant_id: UUID, seq: int) -> UUID:
    """Take a customer's booking back; the slot is free again. `BookingUnknown`, `TooLateToMove`."""
    held = (await store.standing(tx, [grant_id])).get(grant_id)
    if held is None or held.seq not in await customers.numbers_of(tx, Seq(seq)):
        raise BookingUnknown("Nothing is booked.")
    sku = (await catalogue.skus(tx, [held.sku_id]))[held.sku_id]
    slot = (await store.lock_slots(tx, [held.slot_id]))[held.slot_id]
    assert isinstance(sku.details, ServiceDetails), "only services are booked"
    if held.arrived_at is not None or late(slot, sku.details.move_until_hours, tx.now):
        hours = sku.details.move_until_hours
        raise TooLateToMove(f"A booking is moved or cancelled until {hours} hours before.", hours=hours)
    await store.put_slots(tx, [msgspec.structs.replace(slot, taken=slot.taken - 1)])
    await store.set_state(tx, [held.id], BookingState.CANCELLED)
    tell(tx, [held], "cancelled")
    return held.id


def tell(tx: Tx, rows: Sequence[Standing], change: str) -> None:
    """Tell the log what became of bookings, once per service."""
    for sku_id in dict.fromkeys(one.sku_id for one in rows):
        seqs = [one.seq for one in rows if one.sku_id == sku_id]
        tx.emit(BookingsChanged(sku_id=sku_id, change=change, count=len(seqs)), members=BitMap(seqs).serialize())
