"""Bookings: times and places of services, who comes when, who came; never more than there is room for.

made = await bookings.open_slots(tx, NewSlots(...), principal)        capacity by place and day
found = await bookings.free(tx, grant_id, seq)                        what a customer may book
answers = await bookings.book(tx, [Call(Booking(...)), …])            one answer each; booking again moves it
"""

from huoke.reward.bookings.book import book, cancel
from huoke.reward.bookings.day import day, slots
from huoke.reward.bookings.free import Free, FreeSlot, free
from huoke.reward.bookings.guard import GrantBookings
from huoke.reward.bookings.miss import miss_due
from huoke.reward.bookings.model import (
    Booked,
    Booking,
    BookingState,
    BookingUnknown,
    CapacityShort,
    NewSlots,
    NotBookable,
    NotBookedHere,
    SlotChange,
    SlotFull,
    SlotUnfit,
    SlotUnknown,
    TooLateToMove,
)
from huoke.reward.bookings.open import change_slot, open_slots

__all__ = [
    "Booked",
    "Booking",
    "BookingState",
    "BookingUnknown",
    "CapacityShort",
    "Free",
    "FreeSlot",
    "GrantBookings",
    "NewSlots",
    "NotBookable",
    "NotBookedHere",
    "SlotChange",
    "SlotFull",
    "SlotUnfit",
    "SlotUnknown",
    "TooLateToMove",
    "book",
    "cancel",
    "change_slot",
    "day",
    "free",
    "miss_due",
    "open_slots",
    "slots",
]
