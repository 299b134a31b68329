"""The finished campaigns of a demo: run by the real rules in their own time, and the history that shows them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from huoke.app.demo import campaigning
from huoke.app.demo.fill import Filled, Report
from huoke.app.demo.plan import Plan
from huoke.app.demo.telling import Finished, Story, tell
from huoke.app.demo.travel import travel
from huoke.app.demo.truth import Truth
from huoke.app.demo.visits import Claims
from huoke.app.runtime import Runtime
from huoke.decide import experiments
from huoke.govern.people import Role
from huoke.kernel.clock import CHINA
from huoke.kernel.refusals import Outage
from huoke.kernel.tx import Tx
from huoke.know import events
from huoke.reach import campaigns
from huoke.reach.campaigns import Campaign, CampaignState
from huoke.reward import grants

CLAIM_DAYS = 7
CLAIM_HOURS = (9.4, 12.3, 15.6, 18.8)
"""When people claim and redeem; the tills are open."""
SMALL = 10_000
"""Customers of a smaller bank come at one of these hours a day, each day at another: so few at a time are one
transaction each.
"""
AFTERWARDS = timedelta(minutes=10)
"""Later than any campaign of that day began."""
ENDED_SECONDS_MAX = 600.0
STEP_SECONDS = 0.2
PAGE = 10_000


async def live_through(runtime: Runtime, banks: Sequence[tuple[Filled, Mapping[str, UUID]]], began: datetime) -> None:
    """Carry out every campaign of the past, all of one day together, the clock of the whole instance going along."""
    days = sorted({plan.days_ago for bank, _ in banks for plan in _past(bank)}, reverse=True)
    for days_ago in days:
        instant = began - timedelta(days=days_ago)
        if runtime.clock.now() < instant:
            await travel(runtime, instant)
        await asyncio.gather(*(_live_a_day(runtime, bank, segment_ids, days_ago) for bank, segment_ids in banks))


async def _live_a_day(runtime: Runtime, bank: Filled, segment_ids: Mapping[str, UUID], days_ago: int) -> None:
    plans = [plan for plan in _past(bank) if plan.days_ago == days_ago]
    made = [await campaigning.make_campaign(runtime, bank, plan, dict(segment_ids)) for plan in plans]
    for campaign in made:
        await campaigning.await_run(runtime, bank, campaign, _silently)
        instants = _visiting_hours(runtime.clock.now(), apart=len(CLAIM_HOURS) if bank.customers < SMALL else 1)
        await campaigning.claim_some(runtime, bank, campaign, [], instants)


def _visiting_hours(started: datetime, *, apart: int) -> list[datetime]:
    """The instants of the days after a start at which customers come, ascending; one of so many `apart`."""
    midnight = started.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    hours = [(day, hour) for day in range(1, CLAIM_DAYS + 1) for hour in CLAIM_HOURS]
    chosen = [one for place, one in enumerate(hours) if (place + place // len(CLAIM_HOURS)) % apart == 0]
    return [midnight + timedelta(days=day, hours=hour) for day, hour in chosen]


async def come_to_an_end(runtime: Runtime, banks: Sequence[Filled], began: datetime) -> None:
    """Let the window of the last campaign of the past close in its own time, and wait until all have ended."""
    closing = min(plan.days_ago - plan.days for bank in banks for plan in _past(bank))
    instant = began - timedelta(days=closing) + AFTERWARDS
    if runtime.clock.now() < instant:
        await travel(runtime, instant)
    for _ in range(int(ENDED_SECONDS_MAX / STEP_SECONDS)):
        if all([await _ended(runtime, bank) for bank in banks]):
            return
        await asyncio.sleep(STEP_SECONDS)
    raise Outage("The worker has not ended the campaigns of the past: see worker.log in the instance's log folder.")


async def _ended(runtime: Runtime, bank: Filled) -> bool:
    operator = bank.actors[Role.OPERATOR]
    names = {plan.name for plan in _past(bank)}
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        rows = await campaigns.find(tx, operator, limit=200)
    return all(row.state is CampaignState.ENDED for row in rows if row.name in names)


async def finished(runtime: Runtime, bank: Filled) -> list[Finished]:
    """The campaigns of the past with their two arms, as the bank's own records have them."""
    return [await _finished(runtime, bank, plan) for plan in _past(bank)]


async def load(
    runtime: Runtime,
    bank: Filled,
    story: Story,
    seqs: NDArray[np.uint32],
    campaigns_of_past: Sequence[Finished],
    report: Report,
) -> list[Truth]:
    """Bring the whole history in as archives; returns what each campaign's effect came to."""
    expected = int(story.customers * story.events_per_customer)
    rows = 0
    for table in tell(story, seqs, campaigns_of_past):
        await events.load_archive(runtime.database, runtime.clickhouse, bank.tenant, table, source="demo")
        rows += len(table)
        await report(rows, expected)
    return [one.truth(bank.plan.code) for one in campaigns_of_past]


async def _finished(runtime: Runtime, bank: Filled, plan: Plan) -> Finished:
    operator = bank.actors[Role.OPERATOR]
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        campaign_id = next(row.id for row in await campaigns.find(tx, operator, limit=200) if row.name == plan.name)
        campaign = await campaigns.get(tx, operator, campaign_id)
        control = await experiments.control_members(tx, campaign_id)
        treated, claims = await _reached(tx, campaign)
        codes = [entry.code for entry in await campaigns.entries(tx, operator, campaign_id)]
    assert campaign.started_at is not None, "it ran"
    return Finished(
        campaign_id=campaign_id,
        plan=plan,
        started_ms=int(campaign.started_at.timestamp() * 1_000),
        treated=treated,
        control=control.array(),
        codes=codes,
        claims=claims,
    )


async def _reached(tx: Tx, campaign: Campaign) -> tuple[NDArray[np.uint32], Claims]:
    """Everybody a push campaign granted to, ascending; and who of them claimed."""
    found: list[int] = []
    claimed: list[tuple[int, int]] = []
    before = None
    while page := await grants.find_grants(tx, source_id=campaign.id, before=before, limit=PAGE):
        found += [item.seq for item in page]
        claimed += [(item.seq, int(item.claimed_at.timestamp() * 1_000)) for item in page if item.claimed_at]
        before = page[-1].id
    seqs, instants = np.array(sorted(claimed), dtype=np.int64).reshape(-1, 2).T
    return np.unique(np.array(found, dtype=np.uint32)), Claims(seqs.astype(np.uint32), instants)


def _past(bank: Filled) -> list[Plan]:
    return [plan for plan in bank.plan.campaigns if plan.days_ago]


async def _silently(_done: int, _total: int) -> bool:
    return True
