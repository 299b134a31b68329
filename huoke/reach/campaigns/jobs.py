"""What campaigns do by themselves: open and end by the clock, run in chunks, wind up."""

from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.jobs import JobContext, Sweep, enqueue, every, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.reach.campaigns import rollout, state, store, store_release
from huoke.reach.campaigns.release import release_leftovers, with_leftovers
from huoke.reach.campaigns.release import wind_up as wind_up_step
from huoke.reach.campaigns.run import run as run_to_end
from huoke.reward import grants


class _Running(msgspec.Struct, frozen=True):
    campaign_id: UUID
    runs: bool


@subscriber("campaigns.enqueue_run", events={"campaigns.release_opened", "campaigns.resumed", "campaigns.amended"})
async def enqueue_run(tx: Tx, event: LoggedEvent) -> None:
    """A campaign that goes through its customers is run when a release opens, when it goes on, and after a top-up."""
    running = event.decode(_Running)
    if running.runs:
        names = await store.names(tx, [running.campaign_id])
        await enqueue(
            tx,
            "campaigns.run",
            {"campaign_id": str(running.campaign_id)},
            title=names.get(running.campaign_id, ""),
            unique_key=f"campaigns.run/{event.id}",
        )


@job("campaigns.run")
async def run(context: JobContext, payload: dict[str, Any]) -> None:
    """Grant to everybody the open releases reach, from where it stands."""
    await run_to_end(context.database, context.tenant, UUID(payload["campaign_id"]), context.progress)


class _Amended(msgspec.Struct, frozen=True):
    campaign_id: UUID


@subscriber("campaigns.enqueue_extend", events={"campaigns.amended"})
async def enqueue_extend(tx: Tx, event: LoggedEvent) -> None:
    """What a campaign reserved lives as long as its new window."""
    amended = event.decode(_Amended)
    names = await store.names(tx, [amended.campaign_id])
    await enqueue(
        tx,
        "campaigns.extend",
        {"campaign_id": str(amended.campaign_id)},
        title=names.get(amended.campaign_id, ""),
        unique_key=f"campaigns.extend/{event.id}",
    )


@job("campaigns.extend")
async def extend(context: JobContext, payload: dict[str, Any]) -> None:
    """Move the end of reserved grants to that of their offer."""
    campaign_id = UUID(payload["campaign_id"])
    async with context.database.begin(context.tenant) as tx:
        offers = await grants.find_offers(tx, "campaign", campaign_id)
    for offer in offers:
        moved = 1
        while moved:
            async with context.database.begin(context.tenant) as tx:
                moved = await grants.extend_reserved(tx, offer.id)


@every("campaigns.windows", seconds=2)
async def windows(sweep: Sweep) -> None:
    """Open campaigns whose window has opened and end those whose window has closed."""
    async with sweep.database.begin(sweep.tenant) as tx:
        opening, ending = await store.due_to_open(tx), await store.due_to_end(tx)
    for campaign_id in opening:
        async with sweep.database.begin(sweep.tenant) as tx:
            await state.start(tx, campaign_id)
    for campaign_id in ending:
        async with sweep.database.begin(sweep.tenant) as tx:
            await state.end(tx, campaign_id)


@every("campaigns.releases", seconds=15)
async def releases(sweep: Sweep) -> None:
    """Open releases whose time has come and that no alarm holds."""
    async with sweep.database.begin(sweep.tenant) as tx:
        due = await store_release.due_releases(tx)
    for row in due:
        async with sweep.database.begin(sweep.tenant) as tx:
            await rollout.open_due(tx, row["campaign_id"], row["place"])


@every("campaigns.wind_up", seconds=5)
async def wind_up(sweep: Sweep) -> None:
    """Take back what finished campaigns still hold, a few thousand grants a transaction."""
    async with sweep.database.begin(sweep.tenant) as tx:
        finished = await store.due_to_wind_up(tx)
    for campaign_id in finished:
        done = False
        while not done:
            async with sweep.database.begin(sweep.tenant) as tx:
                done = await wind_up_step(tx, campaign_id)


@every("campaigns.leftovers", seconds=3_600)
async def leftovers(sweep: Sweep) -> None:
    """Give back what came free after winding up: vouchers that were claimed and expired."""
    async with sweep.database.begin(sweep.tenant) as tx:
        wound_up = await with_leftovers(tx)
    for campaign_id in wound_up:
        async with sweep.database.begin(sweep.tenant) as tx:
            await release_leftovers(tx, campaign_id)
