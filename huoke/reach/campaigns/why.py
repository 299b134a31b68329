"""Why one customer was reached by a campaign, or was not: every condition, in the order in which they are asked."""

from enum import StrEnum
from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.decide import experiments
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq
from huoke.kernel.sets import from_rows
from huoke.kernel.tx import Tx
from huoke.know import consent, customers, language, segments
from huoke.reach.campaigns import store, store_release
from huoke.reach.campaigns.model import CampaignState
from huoke.reach.campaigns.refusals import CampaignUnknown
from huoke.reach.campaigns.store import Stored
from huoke.reward import grants, ledger
from huoke.reward.grants import OfferItem, OfferState


class Condition(StrEnum):
    """What a campaign asks of a customer and of itself."""

    RUNNING = "running"
    ACTIVE = "active"
    CONSENT = "consent"
    NOT_SUPPRESSED = "not_suppressed"
    AUDIENCE = "audience"
    NOT_CONTROL = "not_control"
    RELEASED = "released"
    REQUIREMENT = "requirement"
    LIMIT = "limit"
    STOCK = "stock"
    BUDGET = "budget"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One condition: whether it holds now, and a word on it: a campaign's state, a suppression's reason, an offer."""

    condition: Condition
    holds: bool
    word: str = ""


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Every condition, the customer's grants of the campaign, and the audience's rule node by node as it is today."""

    campaign_id: UUID
    name: str
    findings: list[Finding]
    grant_ids: list[UUID]
    rule: segments.Explanation | None


async def why(tx: Tx, clickhouse: ClickHouse, campaign_id: UUID, seq: Seq) -> Why:
    """Every condition for one customer. `CampaignUnknown` for one that never went to approval, too.

    The audience and the control group are those the campaign was approved with; all else is as it is now.
    """
    campaign = await store.get(tx, campaign_id)
    if campaign is None or campaign.offer_id is None:
        raise CampaignUnknown(f"There is no campaign {campaign_id} that customers could know of.")
    status, unit_id, *_ = await customers.state(tx, seq)
    suppressions = await consent.suppressions_of(tx, seq)
    held = await grants.find_grants(tx, source_id=campaign_id, seq=seq)
    live = campaign.state is CampaignState.RUNNING
    word = campaign.state.value if not live else "closed" if campaign.closes_at and campaign.closes_at <= tx.now else ""
    findings = [
        Finding(condition=Condition.RUNNING, holds=live and not word, word=word),
        Finding(condition=Condition.ACTIVE, holds=status is customers.CustomerStatus.ACTIVE),
        Finding(
            condition=Condition.NOT_SUPPRESSED,
            holds=not suppressions,
            word=suppressions[0].reason.value if suppressions else "",
        ),
    ]
    rule = None
    if not campaign.draft.published:
        agreed = seq in await consent.members(tx, consent.MARKETING)
        findings.append(Finding(condition=Condition.CONSENT, holds=agreed))
        findings += await _chosen(tx, campaign, seq)
        rule = await _rule(tx, clickhouse, campaign, seq)
    findings += await _required(tx, clickhouse, campaign, seq)
    findings += await _supplied(tx, campaign, int(unit_id), len(held))
    return Why(
        campaign_id=campaign_id, name=campaign.name, findings=findings, grant_ids=[one.id for one in held], rule=rule
    )


async def _chosen(tx: Tx, campaign: Stored, seq: Seq) -> list[Finding]:
    assert campaign.audience_id is not None, "a targeted campaign has its audience frozen"
    member = seq in await segments.audience_members(tx, campaign.audience_id)
    control = seq in await customers.current(tx, await experiments.control_members(tx, campaign.id))
    whole = from_rows(tx.tenant, (await store_release.whole_reach(tx, [campaign.id])).get(campaign.id, []))
    reached = seq in await customers.current(tx, whole)
    numbers = await customers.numbers_of(tx, seq)
    open_now = await store_release.open_reach(tx, campaign.id, sorted({number >> 16 for number in numbers}))
    released = not from_rows(tx.tenant, open_now).bitmap.isdisjoint(BitMap(numbers))
    findings = [
        Finding(condition=Condition.AUDIENCE, holds=member),
        Finding(condition=Condition.NOT_CONTROL, holds=not control),
    ]
    if reached:
        findings.append(Finding(condition=Condition.RELEASED, holds=released))
    return findings


async def _rule(tx: Tx, clickhouse: ClickHouse, campaign: Stored, seq: Seq) -> segments.Explanation | None:
    if campaign.draft.segment_id is None:
        return None
    return await _explained(tx, clickhouse, campaign.draft.segment_id, seq)


async def _required(tx: Tx, clickhouse: ClickHouse, campaign: Stored, seq: Seq) -> list[Finding]:
    """The condition one must fulfil when claiming (rule B1)."""
    if campaign.draft.condition_segment_id is None:
        return []
    found = await _explained(tx, clickhouse, campaign.draft.condition_segment_id, seq)
    return [Finding(condition=Condition.REQUIREMENT, holds=found.verdict is language.Verdict.TRUE)]


async def _explained(tx: Tx, clickhouse: ClickHouse, segment_id: UUID, seq: Seq) -> segments.Explanation:
    segment = await segments.get(tx, segment_id)
    scope = segments.Scope(purpose=segment.purpose, serves=segment.serves, basis=segment.basis)
    return await segments.explain(tx, language.parse(segment.expression), scope, seq, clickhouse=clickhouse)


async def _supplied(tx: Tx, campaign: Stored, unit_id: int, has: int) -> list[Finding]:
    """What one may still get, and whether there is stock and money for it, over all benefits of the campaign."""
    offers = await grants.find_offers(tx, "campaign", campaign.id)
    chosen = max((o.choose or o.person_limit for o in offers if o.mode is grants.Mode.PULL), default=0)
    limit = chosen + sum(o.person_limit for o in offers if o.mode is grants.Mode.PUSH)
    stocked, paid = False, False
    for offer in offers:
        stock, money = await _left(tx, offer, unit_id)
        stocked |= stock
        paid |= money
    return [
        Finding(condition=Condition.LIMIT, holds=has < limit, word=str(limit)),
        Finding(condition=Condition.STOCK, holds=stocked),
        Finding(condition=Condition.BUDGET, holds=paid),
    ]


async def _left(tx: Tx, offer: OfferItem, unit_id: int) -> tuple[bool, bool]:
    terms = await grants.unit_terms(tx, offer.id)
    mine = terms.get(unit_id) or terms.get(grants.EVERY_UNIT)
    if mine is None or offer.state in {OfferState.STOPPED, OfferState.ENDED}:
        return False, False
    [pool], [budget] = await grants.get_pools(tx, [mine.pool_id]), await ledger.get_budgets(tx, [mine.budget_id])
    return pool.available > 0, budget.available_fen >= offer.cost_fen
