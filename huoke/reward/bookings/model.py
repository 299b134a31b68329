"""Slots of a service, bookings of them, and the pure decision who gets one."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound, Refusal

DAYS_MAX = 92
TIMES_MAX = 48
CAPACITY_MAX = 10_000
MINUTES_MAX = 24 * 60
SLOTS_MAX = 5_000
AHEAD = timedelta(minutes=30)
"""So long before a slot begins whoever booked it may already be served; and so long after it ends they are late."""
LATE = timedelta(minutes=60)


class BookingState(StrEnum):
    """The life of a booking: it stands, its customer came, took it back, or did not come."""

    BOOKED = "booked"
    HONOURED = "honoured"
    CANCELLED = "cancelled"
    MISSED = "missed"


class NewSlots(msgspec.Struct, frozen=True, kw_only=True):
    """Slots of a service to open at a unit, or at a store: `capacity` people at each of `times` on each day.

    Days are those of `weekdays` (1 is Monday; empty is every one) from `begin` to `end`, in the bank's time zone. Slots
    that are there stay as they are.
    """

    sku_id: UUID
    unit_id: int
    store_id: UUID | None = None
    begin: date
    end: date
    weekdays: list[int] = []
    times: list[time]
    minutes: int = 60
    capacity: int
    request_no: str | None = None


class SlotChange(msgspec.Struct, frozen=True, kw_only=True):
    """Another capacity of a slot, or closing it to new bookings; those that stand, stand."""

    id: UUID
    capacity: int
    closed: bool = False


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A slot as it stands: `taken` of `capacity`."""

    id: UUID
    sku_id: UUID
    unit_id: int
    store_id: UUID | None
    starts_at: datetime
    minutes: int
    capacity: int
    taken: int
    closed: bool

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def left(self) -> int:
        """How many more may be booked: what a page shows is this (rule L7)."""
        return 0 if self.closed else self.capacity - self.taken


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's wish: this slot for that benefit. Where one stands already, it moves here."""

    grant_id: UUID
    slot_id: UUID
    seq: int


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: the booking that stands; `exists` where it was there already."""

    id: UUID
    slot_id: UUID
    exists: bool = False


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A booking as stored."""

    id: UUID
    grant_id: UUID
    seq: int
    sku_id: UUID
    slot_id: UUID
    state: BookingState
    moves: int
    booked_at: datetime
    arrived_at: datetime | None = None
    served_by: str | None = None


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided about: a wish, the standing booking of its grant, and until when that may be moved."""

    booking: Booking
    sku_id: UUID
    good_until: datetime | None
    standing: Standing | None
    move_until_hours: int


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """A booked visit that was received."""

    booking_id: UUID


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A visit that somebody has booked for today: at which branch, and from when to when."""

    booking_id: UUID
    unit_id: int
    starts_at: datetime
    ends_at: datetime


class BookingsChanged(Event, frozen=True, kw_only=True):
    """Bookings of a service were made, moved, cancelled or missed; the customers are the event's members."""

    name: ClassVar[str] = "bookings.changed"
    sku_id: UUID
    change: str
    count: int


class SlotUnfit(Invalid):
    """Days, times or a capacity that cannot be."""

    code = "bookings.slot_unfit"


class DaysUnfit(Invalid):
    """More days at once than are told."""

    code = "bookings.days_unfit"


class SlotUnknown(NotFound):
    """There is no such slot of this service."""

    code = "bookings.slot_unknown"


class CapacityShort(Conflict):
    """More are booked than there would be room for."""

    code = "bookings.capacity_short"


class SlotFull(Conflict):
    """Everything in this slot is booked, or it is closed or over."""

    code = "bookings.slot_full"


class TooLateToMove(Conflict):
    """The booking can be neither moved nor cancelled any more."""

    code = "bookings.too_late"


class NotBookable(Conflict):
    """This benefit is no service, or not one that can be booked now."""

    code = "bookings.not_bookable"


class BookingUnknown(NotFound):
    """There is no such booking."""

    code = "bookings.unknown"


class NotBookedHere(Conflict):
    """A service is given to who booked it, at the place and time booked."""

    code = "bookings.not_booked_here"


class NotArrived(Conflict):
    """A visit is received after its customer has checked in at the branch."""

    code = "bookings.not_arrived"


def check_slots(new: NewSlots) -> None:
    """Raise `SlotUnfit` for days, times or a capacity that cannot be."""
    wrong = {
        "end": (not new.begin <= new.end <= new.begin + timedelta(days=DAYS_MAX), f"At most {DAYS_MAX} days."),
        "weekdays": (any(not 1 <= one <= 7 for one in new.weekdays), "A weekday is 1 (Monday) to 7."),
        "times": (
            not 1 <= len(new.times) <= TIMES_MAX or len(set(new.times)) < len(new.times),
            f"1 to {TIMES_MAX} different times of a day.",
        ),
        "minutes": (not 5 <= new.minutes <= MINUTES_MAX, f"A slot has 5 to {MINUTES_MAX} minutes."),
        "capacity": (not 1 <= new.capacity <= CAPACITY_MAX, f"A slot has room for 1 to {CAPACITY_MAX}."),
    }
    for field, (is_wrong, detail) in wrong.items():
        if is_wrong:
            raise SlotUnfit(detail, pointer=f"/{field}")


def decide(wishes: Sequence[Wish | Refusal], slots: dict[UUID, Slot], now: datetime) -> list[Slot | Refusal]:
    """Decide wishes in order against the room that is left; takes from `slots` as it goes, gives back what moves."""
    return [one if isinstance(one, Refusal) else _decide(one, slots, now) for one in wishes]


def _decide(wish: Wish, slots: dict[UUID, Slot], now: datetime) -> Slot | Refusal:
    slot = slots.get(wish.booking.slot_id)
    if slot is None or slot.sku_id != wish.sku_id:
        return SlotUnknown("There is no such slot of this service.", pointer="/slot_id")
    held = wish.standing
    if held is not None and held.slot_id == slot.id:
        return slot
    before = slots.get(held.slot_id) if held is not None else None
    arrived = held is not None and held.arrived_at is not None
    if before is not None and (arrived or late(before, wish.move_until_hours, now)):
        return TooLateToMove(
            f"A booking is moved or cancelled until {wish.move_until_hours} hours before.",
            hours=wish.move_until_hours,
        )
    if wish.good_until is not None and slot.starts_at >= wish.good_until:
        return NotBookable("The benefit ends before this slot.", expires_at=wish.good_until.isoformat())
    if slot.left < 1 or slot.starts_at <= now:
        return SlotFull("This slot is full; choose another one.")
    slots[slot.id] = msgspec.structs.replace(slot, taken=slot.taken + 1)
    if before is not None:
        slots[before.id] = msgspec.structs.replace(before, taken=before.taken - 1)
    return slots[slot.id]


def late(slot: Slot, hours: int, now: datetime) -> bool:
    """Whether it is too late to move or cancel a booking of a slot."""
    return now > slot.starts_at - timedelta(hours=hours)


def is_time_of(slot: Slot, now: datetime) -> bool:
    """Whether who booked a slot may be served now."""
    return slot.starts_at - AHEAD <= now <= slot.ends_at + LATE
