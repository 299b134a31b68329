"""When which campaign is open, unit by unit, and where two of them reach the same customers."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.govern.people import units
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Tx
from huoke.reach.campaigns import store
from huoke.reach.campaigns.model import LIVE, CampaignMode, CampaignState, Meeting
from huoke.reach.campaigns.overlap import meetings

SPAN_DAYS_MAX = 100
MEETINGS_MAX = 40
"""Campaigns compared with each other at most: the latest to open."""


class CalendarUnfit(Invalid):
    """The days asked for go backwards or are too many."""

    code = "campaigns.calendar_unfit"


class CalendarRow(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign in the calendar; `reachable` is None before approval and for public offers."""

    id: UUID
    name: str
    state: CampaignState
    unit_id: int
    unit: str
    mode: CampaignMode
    published: bool
    opens_at: datetime
    closes_at: datetime
    reachable: int | None


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """Campaigns whose window meets the days asked for, first to open first, and which two share customers."""

    rows: list[CalendarRow]
    meetings: list[Meeting]


async def calendar(tx: Tx, principal: Principal, begin: datetime, end: datetime, unit_id: int | None) -> Calendar:
    """Every campaign in scope open at some time in [begin, end), of one unit and below where it is given.

    Raises `CalendarUnfit` for more than 100 days, `OutOfScope`.
    """
    if begin.tzinfo is None or end.tzinfo is None or not timedelta(0) < end - begin <= timedelta(days=SPAN_DAYS_MAX):
        raise CalendarUnfit(f"Ask for 1 to {SPAN_DAYS_MAX} days, with time zones.", pointer="/begin")
    wanted = principal.units
    if unit_id is not None:
        principal.require_unit(unit_id)
        below = await units.descendants(tx, [unit_id])
        wanted = frozenset(below)
    found = await store.within(tx, begin, end, states=CampaignState, units=wanted)
    progress = await store.progress(tx, [campaign.id for campaign in found])
    names: dict[int, str] = {unit.id: unit.name for unit in await units.tree(tx)}
    live = [c.id for c in found if c.state in LIVE and not c.draft.published][-MEETINGS_MAX:]
    rows = [
        CalendarRow(
            id=c.id,
            name=c.name,
            state=c.state,
            unit_id=c.unit_id,
            unit=names.get(c.unit_id, ""),
            mode=c.draft.mode,
            published=c.draft.published,
            opens_at=c.opens_at,
            closes_at=c.closes_at,
            reachable=progress[c.id].total if c.id in progress and not c.draft.published else None,
        )
        for c in found
        if c.opens_at is not None and c.closes_at is not None
    ]
    return Calendar(rows=rows, meetings=await meetings(tx, live))
