"""Booking a service on the phone: a place, a day, a time; moved and taken back until its limit."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5.visit import Visit
from huoke.kernel.batch import Call
from huoke.kernel.clock import CHINA
from huoke.kernel.http import check_csrf
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Database, Tx
from huoke.reward import bookings
from huoke.reward.bookings import Booking, Free, FreeSlot
from huoke.reward.catalogue import ServiceDetails, Sku
from huoke.reward.grants import GrantItem

PUBLIC: dict[str, Any] = {"public": True}
NO_STORE = {"Cache-Control": "no-store"}
DAYS_SHOWN = 14


class BookingForm(msgspec.Struct, frozen=True):
    """A time somebody chose."""

    csrf: str = ""
    slot_id: UUID | None = None


Form = Annotated[BookingForm, Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/benefits/{grant_id:uuid}/booking", operation_id="show_own_booking", opt=PUBLIC, include_in_schema=False)
async def own_booking(
    visit: Visit, database: Database, grant_id: UUID, place: str = "", day: str = "", full: str = ""
) -> Response[bytes]:
    """Places, days and times of a service, and what is booked."""
    customer = visit.require_customer()
    assert customer.seq is not None, "a customer's session has a seq"
    async with database.begin(visit.bank.id, customer.actor) as tx:
        found = await bookings.free(tx, grant_id, int(customer.seq))
    return visit.page("booking.html", **_values(found, visit, grant_id, place, day), gone=bool(full))


@post(
    "/benefits/{grant_id:uuid}/booking",
    operation_id="book_own_service",
    opt=PUBLIC,
    include_in_schema=False,
    status_code=303,
)
async def book(visit: Visit, database: Database, grant_id: UUID, data: Form) -> Redirect:
    """Book a time, or move there; where it filled up meanwhile the page says so."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    path = f"{visit.home}/benefits/{grant_id}/booking"
    if data.slot_id is None or customer.seq is None:
        return Redirect(path, status_code=303, headers=NO_STORE)
    async with database.begin(visit.bank.id, customer.actor) as tx:
        wish = Booking(grant_id=grant_id, slot_id=data.slot_id, seq=int(customer.seq))
        [answer] = await bookings.book(tx, [Call(wish, customer.actor, tx.now)])
    if isinstance(answer, bookings.SlotFull | bookings.TooLateToMove):
        return Redirect(f"{path}?full=1", status_code=303, headers=NO_STORE)
    if isinstance(answer, Refusal):
        raise answer
    return Redirect(path, status_code=303, headers=NO_STORE)


@post(
    "/benefits/{grant_id:uuid}/booking/cancel",
    operation_id="cancel_own_service",
    opt=PUBLIC,
    include_in_schema=False,
    status_code=303,
)
async def cancel(visit: Visit, database: Database, grant_id: UUID, data: Form) -> Redirect:
    """Take a booking back."""
    customer = visit.require_customer()
    check_csrf(customer, data.csrf)
    assert customer.seq is not None, "a customer's session has a seq"
    async with database.begin(visit.bank.id, customer.actor) as tx:
        await bookings.cancel(tx, grant_id, int(customer.seq))
    return Redirect(f"{visit.home}/benefits/{grant_id}/booking", status_code=303, headers=NO_STORE)


async def before_code(tx: Tx, visit: Visit, item: GrantItem, sku: Sku | None) -> tuple[bool, str]:
    """Whether a benefit's page is that of its booking, and what the code's page says of the booking that stands.

    A visit has no code: its customer checks in with the code of the branch.
    """
    if sku is None or not isinstance(sku.details, ServiceDetails):
        return False, ""
    found = await bookings.free(tx, item.id, item.seq)
    return found.booked is None or found.visit, _when(found.booked, visit) if found.booked else ""


async def unbooked_page(tx: Tx, visit: Visit, item: GrantItem) -> Response[bytes]:
    """The page on which a service is booked, in place of its code."""
    found = await bookings.free(tx, item.id, item.seq)
    return visit.page("booking.html", **_values(found, visit, item.id, "", ""), gone=False)


def _values(found: Free, visit: Visit, grant_id: UUID, place: str, day: str) -> dict[str, Any]:
    """The values of booking.html: the chosen place and day, else the first ones with room."""
    words = visit.words
    places = list(dict.fromkeys((_key(one), words.either(one.place, one.place_en), one.address) for one in found.slots))
    open_now = next((one for one in found.slots if one.left), found.slots[0] if found.slots else None)
    here = place if place in {key for key, _, _ in places} else (_key(open_now) if open_now else "")
    days = list(dict.fromkeys(_day(one.slot.starts_at) for one in found.slots if _key(one) == here))[:DAYS_SHOWN]
    first = next((_day(one.slot.starts_at) for one in found.slots if _key(one) == here and one.left), "")
    on = day if day in days else (first if first in days else (days[0] if days else ""))
    path = f"{visit.home}/benefits/{grant_id}"
    return {
        "path": path,
        "title": words("booking.visit.title" if found.visit else "booking.title"),
        "booked": _when(found.booked, visit) if found.booked else "",
        "state": _state(found),
        "booked_id": found.booked.slot.id if found.booked else None,
        "movable": found.movable,
        "limit": _limit(found, visit),
        "missed": words("booking.missed", count=found.missed) if found.missed else "",
        "places": [
            {"name": name, "address": address, "here": key == here, "path": f"{path}/booking?place={key}"}
            for key, name, address in places
        ],
        "days": [
            {"name": _named(one, visit), "here": one == on, "path": f"{path}/booking?place={here}&day={one}"}
            for one in days
        ],
        "times": [
            {
                "id": one.slot.id,
                "time": words.clock(one.slot.starts_at),
                "left": words("booking.left", count=f"{one.left:,}") if one.left else words("booking.full"),
                "free": one.left > 0,
            }
            for one in found.slots
            if _key(one) == here and _day(one.slot.starts_at) == on
        ],
    }


def _state(found: Free) -> str:
    """How what is booked is shown: with its code, by the code of the branch, or checked in already."""
    if not found.visit:
        return "code"
    return "arrived" if found.arrived else "visit"


def _limit(found: Free, visit: Visit) -> str:
    words = visit.words
    if found.arrived:
        return words("booking.visit.wait")
    told = words("booking.until", hours=found.move_until_hours) if found.movable else words("booking.late")
    if not (found.visit and found.booked):
        return told
    return words("booking.both", first=words("booking.visit.check_in"), second=told)


def _key(one: FreeSlot) -> str:
    return str(one.slot.store_id or one.slot.unit_id)


def _day(instant: datetime) -> str:
    return instant.astimezone(CHINA).date().isoformat()


def _named(day: str, visit: Visit) -> str:
    return visit.words.short_day(datetime.fromisoformat(day).replace(tzinfo=CHINA))


def _when(one: FreeSlot, visit: Visit) -> str:
    """Day and time, which no line breaks apart, and where."""
    whole = visit.words.minute(one.slot.starts_at).replace("-", "\u2011").replace(" ", "\u00a0")
    return f"{whole} · {visit.words.either(one.place, one.place_en)}"


routes = [own_booking, book, cancel]
