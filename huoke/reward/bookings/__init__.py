"""Bookings: times and places of services, who comes when, who came; never more than there is room for.

made = await bookings.open_slots(tx, NewSlots(...), principal)        capacity by place and day
found = await bookings.free(tx, grant_id, seq)                        what a customer may book
answers = await bookings.book(tx, [Call(Booking(...)), …])            one answer each; booking again moves it
came = await bookings.arrive(tx, [(seq, unit_id), …])                 a check-in at the branch joins the booked visit
booking_id = await bookings.serve(tx, principal, Serving(...))        who came was received
"""

from huoke.reward.bookings.arrive import arrive, booked_today
from huoke.reward.bookings.book import book, cancel
from huoke.reward.bookings.day import day, slots
from huoke.reward.bookings.free import Free, FreeSlot, free
from huoke.reward.bookings.guard import GrantBookings
from huoke.reward.bookings.miss import miss_due
from huoke.reward.bookings.model import (
    DAYS_MAX,
    Arrival,
    Booked,
    Booking,
    BookingState,
    BookingUnknown,
    CapacityShort,
    DaysUnfit,
    NewSlots,
    NotArrived,
    NotBookable,
    NotBookedHere,
    Serving,
    SlotChange,
    SlotFull,
    SlotUnfit,
    SlotUnknown,
    TooLateToMove,
    check_slots,
)
from huoke.reward.bookings.open import change_slot, open_slots
from huoke.reward.bookings.serve import serve
from huoke.reward.bookings.visits import find_visits, visits

__all__ = [
    "DAYS_MAX",
    "Arrival",
    "Booked",
    "Booking",
    "BookingState",
    "BookingUnknown",
    "CapacityShort",
    "DaysUnfit",
    "Free",
    "FreeSlot",
    "GrantBookings",
    "NewSlots",
    "NotArrived",
    "NotBookable",
    "NotBookedHere",
    "Serving",
    "SlotChange",
    "SlotFull",
    "SlotUnfit",
    "SlotUnknown",
    "TooLateToMove",
    "arrive",
    "book",
    "booked_today",
    "cancel",
    "change_slot",
    "check_slots",
    "day",
    "find_visits",
    "free",
    "miss_due",
    "open_slots",
    "serve",
    "slots",
    "visits",
]
