"""Receiving who booked a visit and checked in: the visit is used, and told as an event that campaigns may reward."""

from collections.abc import Sequence
from uuid import UUID

from huoke.govern import audit
from huoke.govern.people import units
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.know import customers, events
from huoke.reward import catalogue, grants
from huoke.reward.bookings import store
from huoke.reward.bookings.model import BookingState, BookingUnknown, NotBookedHere, Serving, Standing
from huoke.reward.catalogue import is_visit

SERVED = "visit.served"
"""The standard event of a visit that was received; its `outlet` is the code of the unit."""
_NO_SOURCE = UUID(int=0)


async def serve(tx: Tx, principal: Principal, wanted: Serving) -> UUID:
    """Record that a booked visit was received by the caller; returns the booking. Again, it changes nothing.

    Refused: `BookingUnknown` also for a customer or a branch that is not the caller's; `NotArrived` before check-in;
    `NotBookedHere` for a visit that was missed or taken back.
    """
    held = await store.get(tx, wanted.booking_id)
    slot = (await store.slots(tx, [held.slot_id])).get(held.slot_id) if held else None
    if held is None or slot is None or not principal.covers(slot.unit_id) or not await _is_seen(tx, held):
        raise BookingUnknown("There is no such visit for you to receive.", pointer="/booking_id")
    if held.state is BookingState.HONOURED:
        return held.id
    if held.state is not BookingState.BOOKED:
        raise NotBookedHere("This visit was missed or taken back; its customer books again.", state=held.state.value)
    item = grants.Redemption(request_no=f"visit:{held.id}", grant_id=held.grant_id)
    [answer] = await grants.redeem(tx, [item], teller=principal.actor.id, unit_id=slot.unit_id)
    if isinstance(answer, Refusal):
        after = await store.get(tx, held.id)
        if after is not None and after.state is BookingState.HONOURED:  # somebody else received it at the same moment
            return held.id
        raise answer
    await store.note_server(tx, held.id, principal.actor.id)
    entry = audit.AuditEntry(
        action="bookings.serve", subject_kind="booking", subject_id=str(held.id), unit_id=slot.unit_id
    )
    await audit.record(tx, entry)
    return held.id


async def tell_served(tx: Tx, honoured: Sequence[Standing]) -> None:
    """Tell the visits among bookings that were honoured as events of their customers, each once."""
    skus = await catalogue.skus(tx, {one.sku_id for one in honoured})
    visits = [one for one in honoured if is_visit(skus[one.sku_id].details)]
    if not visits:
        return
    slots = await store.slots(tx, [one.slot_id for one in visits])
    codes = {int(unit.id): unit.code for unit in await units.tree(tx)}
    ends = await customers.survivors(tx, sorted({one.seq for one in visits}))
    rows = await customers.masked_rows(tx, sorted({int(ends.get(one.seq, one.seq)) for one in visits}))
    numbers = {int(row.seq): row.customer_no for row in rows}
    messages = [
        events.Message(
            type="track",
            event=SERVED,
            message_id=f"visit:{one.id}",
            user_id=numbers[seq],
            properties={"outlet": codes[slots[one.slot_id].unit_id]},
            timestamp=tx.now,
        )
        for one in visits
        if (seq := int(ends.get(one.seq, one.seq))) in numbers
    ]
    if messages:
        await events.take(tx, _NO_SOURCE, messages)


async def _is_seen(tx: Tx, held: Standing) -> bool:
    """Whether it is a visit of somebody who is there for whoever acts (a relationship manager: own customers)."""
    sku = (await catalogue.skus(tx, [held.sku_id])).get(held.sku_id)
    return is_visit(sku.details if sku else None) and bool(await customers.masked_rows(tx, [held.seq]))
