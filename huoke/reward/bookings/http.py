"""Routes of bookings: slots, an outlet's day, and a customer's own booking."""

from datetime import date
from uuid import UUID

import msgspec
from litestar import get, post, put

from huoke.kernel.batch import Call
from huoke.kernel.clock import CHINA
from huoke.kernel.http import Page, Principal, Result, each, each_once, results
from huoke.kernel.tx import Tx
from huoke.reward import bookings
from huoke.reward.bookings import Booking, Free, NewSlots, Serving, SlotChange
from huoke.reward.bookings.day import BookingView, SlotView
from huoke.reward.bookings.visits import BookedVisit, VisitStage

TAGS = ["bookings"]
HOST = {"permission": "lobby.host"}


class SlotChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A slot the signed-in customer wants for a benefit of theirs."""

    grant_id: UUID
    slot_id: UUID


class WhichBenefit(msgspec.Struct, frozen=True, kw_only=True):
    """The benefit whose booking is taken back."""

    grant_id: UUID


@get(
    "/v1/booking-slots",
    operation_id="list_booking_slots",
    tags=TAGS,
    summary="Slots of services at the units in scope, with what is left",
    opt={"permission": "redemption.read"},
)
async def list_slots(
    tx: Tx, principal: Principal, begin: date | None = None, end: date | None = None, sku_id: UUID | None = None
) -> Page[SlotView]:
    first = begin or tx.now.astimezone(CHINA).date()
    found = await bookings.slots(tx, principal, first, max(end or first, first), sku_id)
    return Page(items=found, total=len(found))


@post(
    "/v1/booking-slots",
    operation_id="open_booking_slots",
    tags=TAGS,
    summary="Open slots of services",
    opt={"permission": "benefit.write"},
)
async def open_slots(tx: Tx, principal: Principal, data: list[NewSlots]) -> list[Result]:
    """The answer's id is the SKU; slots that are there stay as they are."""

    async def write(tx: Tx, new: NewSlots) -> UUID:
        await bookings.open_slots(tx, new, principal)
        return new.sku_id

    return await each_once(tx, "bookings.open", data, write)


@put(
    "/v1/booking-slots",
    operation_id="change_booking_slots",
    tags=TAGS,
    summary="Change the room of slots, or close them",
    opt={"permission": "benefit.write"},
)
async def change_slots(tx: Tx, principal: Principal, data: list[SlotChange]) -> list[Result]:
    async def write(tx: Tx, wanted: SlotChange) -> UUID:
        return await bookings.change_slot(tx, wanted, principal)

    return await each(tx, data, write)


@get(
    "/v1/bookings",
    operation_id="list_bookings",
    tags=TAGS,
    summary="A day's bookings at the caller's places, earliest first",
    opt={"permission": "redemption.read"},
)
async def list_bookings(tx: Tx, principal: Principal, day: date | None = None) -> Page[BookingView]:
    found = await bookings.day(tx, principal, day or tx.now.astimezone(CHINA).date())
    return Page(items=found, total=len(found))


@get(
    "/v1/own-bookings/{grant_id:uuid}",
    operation_id="get_own_booking",
    tags=TAGS,
    summary="What the signed-in customer may book for a benefit, and has booked",
    opt={"customer": True},
)
async def get_own(tx: Tx, principal: Principal, grant_id: UUID) -> Free:
    assert principal.seq is not None
    return await bookings.free(tx, grant_id, int(principal.seq))


@post(
    "/v1/own-bookings",
    operation_id="book_slots",
    tags=TAGS,
    summary="Book slots, or move bookings, for benefits of the signed-in customer",
    opt={"customer": True},
)
async def book_slots(tx: Tx, principal: Principal, data: list[SlotChoice]) -> list[Result]:
    """The same slot again changes nothing."""
    assert principal.seq is not None
    wanted = [Booking(grant_id=one.grant_id, slot_id=one.slot_id, seq=int(principal.seq)) for one in data]
    answers = await bookings.book(tx, [Call(one, principal.actor, tx.now) for one in wanted])
    ids = [one.id if isinstance(one, bookings.Booked) else one for one in answers]
    return results(ids, [None] * len(ids))


@post(
    "/v1/own-bookings/cancellations",
    operation_id="cancel_own_bookings",
    tags=TAGS,
    summary="Take bookings of the signed-in customer back",
    opt={"customer": True},
)
async def cancel_own(tx: Tx, principal: Principal, data: list[WhichBenefit]) -> list[Result]:
    assert principal.seq is not None
    seq = int(principal.seq)
    return await each(tx, data, lambda tx, which: bookings.cancel(tx, which.grant_id, seq))


@get(
    "/v1/visit-bookings",
    operation_id="list_visit_bookings",
    tags=TAGS,
    summary="Visits that are booked with the caller: own customers, or at the branch",
    opt=HOST,
)
async def list_visits(
    tx: Tx,
    principal: Principal,
    begin: date | None = None,
    end: date | None = None,
    status: VisitStage | None = None,
    q: str = "",
) -> Page[BookedVisit]:
    """From today on for two weeks, unless days are given; `q` is a name as it is shown, or a number."""
    shown, counts = await bookings.find_visits(tx, principal, begin=begin, end=end, stage=status, q=q)
    return Page(items=shown, total=len(shown), counts=counts)


@post(
    "/v1/visit-bookings/servings",
    operation_id="serve_visit_bookings",
    tags=TAGS,
    summary="Record that booked visits were received",
    opt=HOST,
)
async def serve_visits(tx: Tx, principal: Principal, data: list[Serving]) -> list[Result]:
    """Each on its own; who was received already stays so."""

    async def write(tx: Tx, one: Serving) -> UUID:
        return await bookings.serve(tx, principal, one)

    return await each(tx, data, write)


routes = [
    list_slots,
    open_slots,
    change_slots,
    list_bookings,
    list_visits,
    serve_visits,
    get_own,
    book_slots,
    cancel_own,
]
