"""The campaigns of a demo bank: segments, drafts, submission, approval by others, claims, redemptions."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import numpy as np

from huoke.app.demo import tills
from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled, Report
from huoke.app.demo.plan import Plan
from huoke.app.demo.tills import Stores, Till
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.clock import SetClock
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Outage, Refusal
from huoke.kernel.tx import Actor, ActorKind, Database, Tx
from huoke.know import segments
from huoke.know.language import Analytics
from huoke.know.segments import NewSegment
from huoke.reach import campaigns
from huoke.reach.campaigns import Campaign, CampaignMode, CampaignState, Line, NewCampaign, Share
from huoke.reward import catalogue, grants
from huoke.reward.grants import OwnClaim, State
from huoke.reward.merchants import Place

CLAIM_SHARE = 0.45
CLAIMS_MAX = 4_000
"""Of one campaign, however large the bank: a demo needs no more to be alive."""
REDEEM_SHARE = 0.4
REDEEMED_MAX = 1_000
PULL_SHARE = 0.08
BATCH = 500
RUN_SECONDS_MAX = 600.0
STEP_SECONDS = 0.1


async def save_segments(runtime: Runtime, bank: Filled) -> dict[str, UUID]:
    """The bank's segments by name, saved by the operator."""
    async with runtime.database.begin(bank.tenant, bank.actors[Role.OPERATOR].actor) as tx:
        rows, _ = await segments.find(tx, limit=200)
        found = {row.name: row.id for row in rows}
        for name, expression in bank.plan.segments.items():
            if name not in found:
                found[name] = await segments.save(tx, NewSegment(name=name, expression=expression))
    return found


async def make_campaign(runtime: Runtime, bank: Filled, plan: Plan, segment_ids: dict[str, UUID]) -> Campaign:
    """Draft, submit and approve a campaign, each by the person whose job it is, as far as the plan says."""
    campaign = await _drafted(runtime, bank, plan, segment_ids)
    return campaign if plan.until == "draft" else await go_live(runtime, bank, campaign, until=plan.until)


async def go_live(runtime: Runtime, bank: Filled, campaign: Campaign, *, until: str = "running") -> Campaign:
    """Submit a draft and have it approved, `until` "submitted" or "running"; what went further stays as it is."""
    operator = bank.actors[Role.OPERATOR]
    if campaign.state is CampaignState.DRAFT:
        async with runtime.database.begin(bank.tenant, operator.actor) as tx:
            analytics = Analytics(runtime.clickhouse, runtime.sets)
            await campaigns.submit(tx, runtime.database, operator, analytics, campaign.id)
        campaign = await _get(runtime, operator, campaign.id)
    if campaign.state is CampaignState.SUBMITTED and until == "running":
        async with runtime.database.begin(bank.tenant) as tx:
            await approve(tx, bank, campaign.change_id, by=(Role.CONSUMER_REVIEWER, Role.APPROVER))
        campaign = await _get(runtime, operator, campaign.id)
    return campaign


async def await_run(runtime: Runtime, bank: Filled, campaign: Campaign, report: Report) -> None:
    """Wait until the worker has granted to everybody a push campaign reaches; `Outage` when it does not get on."""
    operator = bank.actors[Role.OPERATOR]
    for _ in range(int(RUN_SECONDS_MAX / STEP_SECONDS)):
        found = await _get(runtime, operator, campaign.id)
        if found.progress:
            await report(found.progress.done, max(found.progress.total, 1))
            if found.progress.finished_at:
                return
        await asyncio.sleep(STEP_SECONDS)
    raise Outage(f"The worker has not finished '{campaign.draft.name}': see worker.log in the instance's log folder.")


async def claim_some(
    runtime: Runtime, bank: Filled, campaign: Campaign, seqs: Sequence[Seq], instants: Sequence[datetime]
) -> int:
    """Some customers claim at each of the instants, ascending, and some of them redeem, at the counter or in a store.

    Returns how many claimed. The same ones every time; nobody a second time.
    """
    assert campaign.offer_id is not None, "a running campaign has an offer"
    random = np.random.default_rng(bank.plan.seed)
    async with runtime.database.begin(bank.tenant) as tx:
        granted = await grants.find_grants(tx, source_id=campaign.id, limit=10_000)
        stores = await tills.find_stores(tx)
    if any(item.claimed_at for item in granted):
        return 0
    if campaign.draft.mode is CampaignMode.PUSH:
        waiting = sorted(item.seq for item in granted if item.state is State.RESERVED)
        wanted = min(int(len(granted) * CLAIM_SHARE), CLAIMS_MAX)
    else:
        waiting = list(seqs)
        wanted = min(int(len(seqs) * PULL_SHARE), CLAIMS_MAX)
    claimants = random.permutation(np.array(waiting, dtype=int))[:wanted]
    clock = SetClock(instants[0])
    database = Database(runtime.database.pool, clock)
    claimed = 0
    for instant, some in zip(instants, np.array_split(claimants, len(instants)), strict=True):
        clock.set(instant)
        claimed += await _claim(database, bank, campaign.offer_id, some.tolist())
        await _redeem_some(database, bank, campaign, stores, random)
    return claimed


async def _claim(database: Database, bank: Filled, offer_id: UUID, claimants: Sequence[int]) -> int:
    claimed = 0
    for start in range(0, len(claimants), BATCH):
        async with database.begin(bank.tenant) as tx:
            answers = await grants.claim_own(tx, _calls(tx, offer_id, claimants[start : start + BATCH]))
        claimed += sum(1 for answer in answers if not isinstance(answer, Refusal))
    return claimed


async def _drafted(runtime: Runtime, bank: Filled, plan: Plan, segment_ids: dict[str, UUID]) -> Campaign:
    operator = bank.actors[Role.OPERATOR]
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        known = {row.name: row.id for row in await campaigns.find(tx, operator, limit=200)}
        campaign_id = known.get(plan.name)
        if campaign_id is None:
            new = await _new(tx, bank, plan, segment_ids)
            campaign_id = await campaigns.create(tx, operator, await _bundled(tx, bank, plan, new))
        return await campaigns.get(tx, operator, campaign_id)


async def _new(tx: Tx, bank: Filled, plan: Plan, segment_ids: dict[str, UUID]) -> NewCampaign:
    sku_id = bank.skus[plan.product]
    cost_fen = (await catalogue.sku(tx, sku_id)).cost_fen
    branches = [unit.code for unit in bank.plan.units if unit.parent_code == "HO"][: plan.shares]
    stock = bank.scaled(plan.stock) // (plan.shares + 1)
    return NewCampaign(
        name=plan.name,
        goal=plan.goal,
        unit_id=bank.head_office(),
        segment_id=segment_ids.get(plan.segment),
        sku_id=sku_id,
        mode=plan.mode,
        published=plan.published,
        person_limit=plan.person_limit,
        stock=bank.scaled(plan.stock),
        pool_id=bank.pools.get(plan.product) if plan.stock else None,
        budget_id=bank.budget_id,
        budget_fen=bank.scaled(plan.budget_fen),
        shares=[Share(unit_id=bank.units[code], amount_fen=stock * cost_fen, stock=stock) for code in branches],
        opens_at=tx.now,
        closes_at=tx.now + timedelta(days=plan.days),
        valid_days=30,
        control_percent=plan.control_percent,
        page_texts=plan.texts,
        metric=plan.metric,
        metric_days=plan.metric_days,
        entry_points=list(plan.ways),
        message=plan.message,
    )


async def _bundled(tx: Tx, bank: Filled, plan: Plan, new: NewCampaign) -> NewCampaign:
    """The draft with a bundle in the place of its one benefit, where the plan has customers choose."""
    if not plan.choose:
        return new
    codes = [plan.product, *plan.others]
    terms = catalogue.BundleTerms(
        name=plan.texts.zh.title,
        name_en=plan.texts.en.title,
        choose=plan.choose,
        sku_ids=[bank.skus[code] for code in codes],
    )
    bundle_id = await catalogue.add_bundle(tx, catalogue.NewBundle(code="-".join(codes), terms=terms))
    await catalogue.publish_bundle(tx, bundle_id)
    lines = [Line(sku_id=bank.skus[code], stock=new.stock, pool_id=bank.pools.get(code)) for code in codes]
    return msgspec.structs.replace(new, sku_id=None, pool_id=None, stock=0, bundle_id=bundle_id, lines=lines)


async def _get(runtime: Runtime, principal: Principal, campaign_id: UUID) -> Campaign:
    async with runtime.database.begin(principal.tenant, principal.actor) as tx:
        return await campaigns.get(tx, principal, campaign_id)


def _calls(tx: Tx, offer_id: UUID, seqs: Sequence[int]) -> list[Call[OwnClaim]]:
    return [
        Call(
            OwnClaim(request_no=f"demo:{offer_id}:{seq}", offer_id=offer_id, seq=int(seq)),
            Actor(ActorKind.CUSTOMER, str(seq)),
            tx.now,
        )
        for seq in seqs
    ]


async def _redeem_some(
    database: Database, bank: Filled, campaign: Campaign, stores: Stores, random: np.random.Generator
) -> None:
    teller = bank.actors[Role.TELLER]
    assert teller.unit_id is not None, "a teller sits in a unit"
    async with database.begin(bank.tenant) as tx:
        ready = await grants.find_grants(tx, source_id=campaign.id, states=[State.FULFILLED], limit=REDEEMED_MAX)
    some = [ready[place] for place in random.permutation(len(ready))[: int(len(ready) * REDEEM_SHARE)]]
    counter = Till(place=Place(unit_id=int(teller.unit_id)), staff_id=teller.actor.id, weight=1)
    await tills.redeem(database, bank.tenant, some, counter, stores, random)


def running(found: Sequence[Campaign]) -> list[Campaign]:
    """Campaigns a customer can walk into."""
    return [msgspec.structs.replace(one) for one in found if one.state is CampaignState.RUNNING and one.entry_code]
