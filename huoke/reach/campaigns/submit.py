"""Before approval: the draft as it would be approved, and sending it there."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.govern import approvals
from huoke.kernel.principal import Principal
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Database, Tx
from huoke.know import language, segments
from huoke.reach.campaigns import store
from huoke.reach.campaigns.approve import KIND, names_of
from huoke.reach.campaigns.check import rules
from huoke.reach.campaigns.check_plan import plan_rules
from huoke.reach.campaigns.diff import diff_of
from huoke.reach.campaigns.draft import check_draft, locked, record, seen, unfit
from huoke.reach.campaigns.events import CampaignSubmitted
from huoke.reach.campaigns.facts import Goods, goods_of, standing
from huoke.reach.campaigns.message import letter_of
from huoke.reach.campaigns.model import CampaignState, Checks, Draft, FieldProblem
from huoke.reach.campaigns.offered import freeze_variants, with_counts
from huoke.reach.campaigns.overlap import overlaps
from huoke.reach.campaigns.problems import gaps
from huoke.reach.campaigns.reach import reach
from huoke.reach.campaigns.refusals import WrongState
from huoke.reach.campaigns.store import Stored


async def preview(tx: Tx, principal: Principal, analytics: language.Analytics, campaign_id: UUID) -> Checks:
    """Whom a campaign would reach, what it would cost at most and how its rules come out, now and without effect.

    A draft's segment is evaluated live; from submission on the frozen audience counts. Raises `CampaignUnknown`.
    """
    campaign = await seen(tx, campaign_id, principal)
    audience, left_out = await _audience(tx, principal, analytics, campaign)
    found = await reach(
        tx, campaign.id, _tolerant(campaign), audience, campaign.audience_id or campaign.draft.audience_id
    )
    facts = await with_counts(tx, analytics, campaign, await standing(tx, campaign), found.reachable)
    cost = facts.cost(campaign.draft, found.waterfall.persons)
    shared = await overlaps(tx, campaign.id, found.reachable, _window(campaign.draft, tx.now))
    return Checks(
        waterfall=found.waterfall,
        cost=cost,
        overlaps=shared,
        checks=[
            *rules(campaign.draft, found.waterfall, cost, facts.selection, facts.supply, tx.now),
            *plan_rules(campaign.draft, found.waterfall, shared, await letter_of(tx, campaign), left_out),
        ],
        problems=_gaps(campaign, facts.goods, tx.now),
        simulated_at=tx.now,
    )


async def submit(
    tx: Tx, database: Database, principal: Principal, analytics: language.Analytics, campaign_id: UUID
) -> UUID:
    """Freeze the audience and ask for approval; returns the change's id.

    The audience is frozen here and not at approval, so that both people see, and agree on, the same customers; who
    withdraws consent or is suppressed afterwards still drops out. Raises `CampaignUnknown`, `WrongState`, `DraftUnfit`,
    `language.DepositSelection`, `approvals.CheckFailed`.
    """
    campaign = await seen(tx, campaign_id, principal)
    if campaign.draft.bundle_id is not None or (campaign.draft.segment_id is not None and not campaign.draft.published):
        await segments.wait_for_data(database, analytics, tx.tenant)
    campaign = await locked(tx, campaign_id, principal)
    if campaign.state is not CampaignState.DRAFT:
        raise WrongState(f"The campaign is {campaign.state}; only a draft is submitted.", state=campaign.state.value)
    await check_draft(tx, campaign.unit_id, campaign.draft)
    if problems := _gaps(campaign, await goods_of(tx, campaign), tx.now):
        raise unfit(problems)
    await _freeze(tx, principal, analytics, campaign)
    bundle = (await goods_of(tx, msgspec.structs.replace(campaign, bundle_version=None))).bundle
    await store.set_bundle_version(tx, campaign_id, bundle.version if bundle else None)
    await freeze_variants(tx, analytics, await locked(tx, campaign_id))
    await store.set_state(tx, campaign_id, CampaignState.SUBMITTED)
    change_id = await _ask(tx, campaign_id)
    await store.set_change(tx, campaign_id, change_id)
    await record(
        tx, "campaigns.submit", campaign_id, campaign.unit_id, after={"state": "submitted", "change_id": str(change_id)}
    )
    tx.emit(CampaignSubmitted(campaign_id=campaign_id, change_id=change_id))
    return change_id


def _gaps(campaign: Stored, goods: Goods, now: datetime) -> list[FieldProblem]:
    return [*gaps(campaign.draft, now, costs=goods.costs)] if campaign.state is CampaignState.DRAFT else []


async def _ask(tx: Tx, campaign_id: UUID) -> UUID:
    campaign = await locked(tx, campaign_id)
    change = approvals.NewChange(
        kind=KIND,
        subject_id=str(campaign_id),
        title=campaign.name,
        diff=diff_of(campaign, await names_of(tx, campaign)),
        unit_id=campaign.unit_id,
    )
    return await approvals.submit(tx, change)


async def _freeze(tx: Tx, principal: Principal, analytics: language.Analytics, campaign: Stored) -> None:
    draft = campaign.draft
    if draft.published:
        await store.set_audience(tx, campaign.id, None, None)
        return
    audience_id = draft.audience_id
    if audience_id is None:
        assert draft.segment_id is not None, "a draft without gaps names whom it is for"
        audience_id = await segments.freeze_now(tx, analytics, draft.segment_id, units=principal.units)
    audience = await segments.audience(tx, audience_id)
    await store.set_audience(tx, campaign.id, audience_id, audience.size)


async def _audience(
    tx: Tx, principal: Principal, analytics: language.Analytics, campaign: Stored
) -> tuple[CustomerSet | None, list[segments.LeftOut]]:
    """The frozen audience, the one the draft names, or its segment as freezing it now would give; None for a public
    offer. And how many are left out by which list.
    """
    draft = campaign.draft
    if draft.published:
        return None, []
    if audience_id := campaign.audience_id or draft.audience_id:
        return await segments.audience_members(tx, audience_id), (await segments.audience(tx, audience_id)).left_out
    if draft.segment_id is None:
        return CustomerSet.empty(tx.tenant, tx.now), []
    segment = await segments.get(tx, draft.segment_id, units=principal.units)
    scope = segments.Scope(units=principal.units, purpose=segment.purpose, serves=segment.serves, basis=segment.basis)
    members = await segments.members_of(tx, analytics, language.parse(segment.expression), scope)
    return await segments.without_excluded(tx, members)


def _window(draft: Draft, now: datetime) -> tuple[datetime, datetime]:
    """The draft's window, or what is left open of it as from now for a month."""
    begin = draft.opens_at or now
    return begin, max(draft.closes_at or begin + timedelta(days=30), begin)


def _tolerant(campaign: Stored) -> Draft:
    """The draft as far as reach goes: an impossible control group is a failed check there, not a refusal here."""
    return msgspec.structs.replace(campaign.draft, control_percent=0) if campaign.draft.published else campaign.draft
