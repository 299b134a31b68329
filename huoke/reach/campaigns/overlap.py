"""Who is reached by several campaigns at the same time."""

from collections.abc import Iterable
from datetime import datetime
from itertools import combinations
from uuid import UUID

from huoke.kernel.sets import CustomerSet, from_rows
from huoke.kernel.tx import Tx
from huoke.know import customers
from huoke.reach.campaigns import store, store_release
from huoke.reach.campaigns.model import LIVE, Meeting, Overlap

OVERLAPS_MAX = 20


async def overlaps(
    tx: Tx, campaign_id: UUID, reachable: CustomerSet, window: tuple[datetime, datetime]
) -> list[Overlap]:
    """Live campaigns whose window meets this one's and that reach some of the same customers, most of them first."""
    found = [
        other
        for other in await store.within(tx, window[0], window[1], states=LIVE, units=None)
        if other.id != campaign_id and not other.draft.published
    ]
    reached = await _reached(tx, [other.id for other in found])
    shared = [
        Overlap(id=other.id, name=other.name, customers=len(reachable & reached[other.id]))
        for other in found
        if other.id in reached
    ]
    return sorted((each for each in shared if each.customers), key=lambda each: -each.customers)[:OVERLAPS_MAX]


async def meetings(tx: Tx, campaign_ids: Iterable[UUID]) -> list[Meeting]:
    """Every two of these campaigns that reach some of the same customers, and how many."""
    reached = await _reached(tx, campaign_ids)
    counted = [
        Meeting(one=one, other=other, customers=len(reached[one] & reached[other]))
        for one, other in combinations(sorted(reached), 2)
    ]
    return [meeting for meeting in counted if meeting.customers]


async def _reached(tx: Tx, campaign_ids: Iterable[UUID]) -> dict[UUID, CustomerSet]:
    rows = await store_release.whole_reach(tx, campaign_ids)
    return {
        campaign_id: await customers.current(tx, from_rows(tx.tenant, chunks)) for campaign_id, chunks in rows.items()
    }
