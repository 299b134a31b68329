"""Visits that are booked, as those see them who receive: whom, when, at which branch, and what is to be done."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.govern.people import staff
from huoke.kernel.clock import CHINA
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.know.customers import CustomerRow
from huoke.reward import catalogue
from huoke.reward.bookings import store
from huoke.reward.bookings.free import Where, places_of
from huoke.reward.bookings.model import BookingState, DaysUnfit, Slot, Standing
from huoke.reward.catalogue import is_visit

AHEAD = timedelta(days=14)
VISIT_DAYS_MAX = 92
"""So many days are told at once: a quarter."""
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)


class VisitStage(StrEnum):
    """How far a booked visit is: to come, checked in and waiting, received, or nobody came."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    SERVED = "served"
    MISSED = "missed"


class BookedVisit(msgspec.Struct, frozen=True, kw_only=True):
    """Who comes when, masked (rule F2). `can` serve: has checked in at a branch of the caller's and waits."""

    id: UUID
    seq: int
    customer_no: str
    customer_name: str | None
    unit_id: int
    place: str
    place_en: str
    starts_at: datetime
    ends_at: datetime
    stage: VisitStage
    arrived_at: datetime | None
    served_by: str
    can: list[str]


async def visits(tx: Tx, principal: Principal, begin: date, end: date) -> list[BookedVisit]:
    """Visits booked from one day to another (China), earliest first.

    Those of the units in scope; of a relationship manager, those of own customers, wherever they go.
    """
    first = datetime.combine(begin, time(), tzinfo=CHINA)
    last = datetime.combine(end, time(), tzinfo=CHINA) + timedelta(days=1)
    scope = None if tx.actor.own_customers else principal.units
    found = {slot.id: slot for slot in await store.between(tx, first, last, units=scope)}
    skus = await catalogue.skus(tx, {slot.sku_id for slot in found.values()})
    of_visits = {key: slot for key, slot in found.items() if is_visit(skus[slot.sku_id].details)}
    rows = await store.of_slots(tx, of_visits) if of_visits else []
    seen = {int(one.seq): one for one in await customers.masked_rows(tx, sorted({row.seq for row in rows}))}
    places = await places_of(tx, list(of_visits.values()))
    names = await staff.names(tx, {row.served_by for row in rows if row.served_by})
    told = [
        _told(row, of_visits[row.slot_id], seen[row.seq], places, names, principal) for row in rows if row.seq in seen
    ]
    return sorted(told, key=lambda one: (one.starts_at, one.id))


async def find_visits(
    tx: Tx,
    principal: Principal,
    *,
    begin: date | None = None,
    end: date | None = None,
    stage: VisitStage | None = None,
    q: str = "",
) -> tuple[list[BookedVisit], dict[str, int]]:
    """`visits` of some days that have `q` in their customer's number or shown name, of one stage where it is given; and
    how many there are of each stage. Days as `days_asked` reads them.
    """
    found = await visits(tx, principal, *days_asked(tx.now.astimezone(CHINA).date(), begin, end))
    named = [one for one in found if q.strip() in f"{one.customer_no} {one.customer_name or ''}"]
    counts = {one.value: sum(visit.stage is one for visit in named) for one in VisitStage}
    return [one for one in named if stage is None or one.stage is stage], counts


def days_asked(today: date, begin: date | None, end: date | None) -> tuple[date, date]:
    """The first and the last day that are meant: from today on for two weeks unless one is given; with the last alone,
    from today, or the two weeks up to it where it is over. Nothing lies between days the wrong way round; `DaysUnfit`.
    """
    if any(one is not None and not FIRST <= one <= LAST for one in (begin, end)):
        raise DaysUnfit(f"Days are {FIRST} to {LAST}.", pointer="/begin")
    if begin is None:
        begin = today if end is None or end >= today else end - AHEAD
    last = begin + AHEAD if end is None else end
    if (last - begin).days >= VISIT_DAYS_MAX:
        raise DaysUnfit(f"Choose at most {VISIT_DAYS_MAX} days.", pointer="/end")
    return begin, last


def _told(
    row: Standing,
    slot: Slot,
    who: CustomerRow,
    places: Mapping[tuple[int, UUID | None], Where],
    names: Mapping[str, str],
    principal: Principal,
) -> BookedVisit:
    stage, at = _stage(row), places[slot.unit_id, slot.store_id]
    return BookedVisit(
        id=row.id,
        seq=row.seq,
        customer_no=who.customer_no,
        customer_name=who.name,
        unit_id=slot.unit_id,
        place=at.name,
        place_en=at.name_en,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        stage=stage,
        arrived_at=row.arrived_at,
        served_by=names.get(row.served_by, "") if row.served_by else "",
        can=["serve"] if stage is VisitStage.ARRIVED and principal.covers(slot.unit_id) else [],
    )


def _stage(row: Standing) -> VisitStage:
    if row.state is BookingState.BOOKED:
        return VisitStage.BOOKED if row.arrived_at is None else VisitStage.ARRIVED
    return VisitStage.SERVED if row.state is BookingState.HONOURED else VisitStage.MISSED
