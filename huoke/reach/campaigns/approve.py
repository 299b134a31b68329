"""The port of approvals: what a submitted campaign would do, how its rules come out, and making it true."""

from collections.abc import Mapping, Sequence
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec

from huoke.decide import experiments
from huoke.govern import approvals
from huoke.govern.people import units
from huoke.kernel.ids import new_id
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import entry_points, language, segments
from huoke.reach import channels
from huoke.reach.campaigns import rollout, store
from huoke.reach.campaigns.check import rules
from huoke.reach.campaigns.check_plan import plan_rules
from huoke.reach.campaigns.diff import Named, NamedLine, diff_of, simulation_of
from huoke.reach.campaigns.draft import locked, record
from huoke.reach.campaigns.events import CampaignApproved, CampaignReturned
from huoke.reach.campaigns.facts import Goods, goods_of, standing
from huoke.reach.campaigns.lines import share_stock
from huoke.reach.campaigns.message import letter_of, plan_of
from huoke.reach.campaigns.model import CampaignMode, CampaignState, Line
from huoke.reach.campaigns.offered import with_counts
from huoke.reach.campaigns.overlap import overlaps
from huoke.reach.campaigns.plan import EntryPlan
from huoke.reach.campaigns.problems import LINES_MAX
from huoke.reach.campaigns.reach import Reach, reach, salt_of
from huoke.reach.campaigns.refusals import CampaignUnknown
from huoke.reach.campaigns.state import start
from huoke.reach.campaigns.store import Stored
from huoke.reward import grants, ledger

KIND = "campaign"
_reached: WeakKeyDictionary[Tx, dict[UUID, Reach]] = WeakKeyDictionary()


class CampaignApproval:
    """Serves approvals of kind `campaign`."""

    kind = KIND

    def __init__(self, analytics: language.Analytics) -> None:
        self._analytics = analytics

    async def simulate(self, tx: Tx, subject_id: str) -> approvals.Simulation:
        """Reach and cost as they are now."""
        campaign = await _get(tx, subject_id)
        found = await reach_of(tx, campaign)
        cost = (await standing(tx, campaign)).cost(campaign.draft, found.waterfall.persons)
        return simulation_of(found.waterfall, cost, campaign.draft)

    async def check(self, tx: Tx, subject_id: str) -> list[approvals.Check]:
        """How every rule comes out now."""
        campaign = await _get(tx, subject_id)
        found = await reach_of(tx, campaign)
        facts = await with_counts(tx, self._analytics, campaign, await standing(tx, campaign), found.reachable)
        cost = facts.cost(campaign.draft, found.waterfall.persons)
        assert campaign.opens_at is not None, "a submitted campaign has a window"
        assert campaign.closes_at is not None, "a submitted campaign has a window"
        shared = await overlaps(tx, campaign.id, found.reachable, (campaign.opens_at, campaign.closes_at))
        plans = plan_rules(
            campaign.draft, found.waterfall, shared, await letter_of(tx, campaign), await _left_out(tx, campaign)
        )
        return [*rules(campaign.draft, found.waterfall, cost, facts.selection, facts.supply, tx.now), *plans]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Freeze whom it reaches, set money and stock aside, put the benefit on offer, open a way in.

        Raises `approvals.Stale` when the campaign is no longer what was approved.
        """
        campaign = await locked(tx, UUID(subject_id))
        diff = diff_of(campaign, await names_of(tx, campaign))
        if campaign.state is not CampaignState.SUBMITTED or approvals.diff_hash(diff) != diff_hash:
            raise approvals.Stale("The campaign is no longer what was approved; return it to its maker.")
        found = await reach_of(tx, campaign)
        await _freeze(tx, campaign, found)
        await _go_live(tx, campaign)
        await record(tx, "campaigns.approve", campaign.id, campaign.unit_id, after={"state": "approved"})
        assert campaign.opens_at is not None, "a checked campaign has a window"
        assert campaign.closes_at is not None, "a checked campaign has a window"
        tx.emit(
            CampaignApproved(
                campaign_id=campaign.id,
                opens_at=campaign.opens_at.isoformat(),
                closes_at=campaign.closes_at.isoformat(),
                reachable=len(found.reachable),
            ),
            members=found.reachable.bitmap.serialize(),
        )
        if campaign.opens_at <= tx.now:
            await start(tx, campaign.id)

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """A campaign that was not approved is its maker's draft again."""
        campaign = await locked(tx, UUID(subject_id))
        assert campaign.state is CampaignState.SUBMITTED, "what is being decided was submitted"
        await store.set_state(tx, campaign.id, CampaignState.DRAFT, reason=state.value)
        await record(tx, "campaigns.return", campaign.id, campaign.unit_id, reason=state.value)
        tx.emit(CampaignReturned(campaign_id=campaign.id))


async def reach_of(tx: Tx, campaign: Stored) -> Reach:
    """Whom a campaign with a frozen audience would reach now: worked out once a transaction.

    So what is checked, shown and applied in one decision is one and the same set.
    """
    known = _reached.setdefault(tx, {})
    if campaign.id not in known:
        audience = await _audience(tx, campaign)
        known[campaign.id] = await reach(tx, campaign.id, campaign.draft, audience, campaign.audience_id)
    return known[campaign.id]


async def names_of(tx: Tx, campaign: Stored) -> Named:
    """The names behind a campaign's ids, and the unit cost that is approved with them."""
    goods = await goods_of(tx, campaign)
    budget = await ledger.get_budgets(tx, [campaign.draft.budget_id]) if campaign.draft.budget_id else []
    pool_ids = [line.pool_id for line in goods.lines if line.pool_id]
    pools = {pool.id: pool.name for pool in await grants.get_pools(tx, pool_ids)} if pool_ids else {}
    audience = await segments.audience(tx, campaign.audience_id) if campaign.audience_id else None
    condition_id = campaign.draft.condition_segment_id
    condition = await segments.get(tx, condition_id) if condition_id else None
    return Named(
        bundle=goods.bundle.name if goods.bundle else "",
        bundle_version=goods.bundle.version if goods.bundle else 0,
        choose=goods.choose,
        given=sum(goods.is_given(line) for line in goods.lines) if goods.bundle else 0,
        variants=goods.bundle.split.variants if goods.bundle and goods.bundle.split else [],
        lines=[
            NamedLine(
                sku=f"{sku.brand_name} {sku.name}" if sku else "",
                unit_cost_fen=sku.cost_fen if sku else 0,
                pool=pools.get(line.pool_id, "") if line.pool_id else "",
            )
            for line, sku in zip(goods.lines, goods.skus, strict=True)
        ],
        budget=budget[0].name if budget else "",
        audience=audience.name if audience else "",
        condition=condition.name if condition else "",
        units={unit.id: unit.name for unit in await units.tree(tx)} if campaign.draft.shares else {},
    )


async def _get(tx: Tx, subject_id: str) -> Stored:
    campaign = await store.get(tx, UUID(subject_id))
    if campaign is None:
        raise CampaignUnknown(f"There is no campaign {subject_id}.")
    return campaign


async def _audience(tx: Tx, campaign: Stored) -> CustomerSet | None:
    if campaign.draft.published:
        return None
    assert campaign.audience_id is not None, "a submitted campaign has its audience frozen"
    return await segments.audience_members(tx, campaign.audience_id)


async def _left_out(tx: Tx, campaign: Stored) -> list[segments.LeftOut]:
    return [] if campaign.audience_id is None else (await segments.audience(tx, campaign.audience_id)).left_out


async def _freeze(tx: Tx, campaign: Stored, found: Reach) -> None:
    if not campaign.draft.published:
        await experiments.keep(
            tx, campaign.id, found.control, salt=salt_of(campaign.id), percent=campaign.draft.control_percent
        )
    await rollout.keep(tx, campaign, found)
    await store.insert_run(tx, campaign.id, msgspec.structs.asdict(found.waterfall))


async def _go_live(tx: Tx, campaign: Stored) -> None:
    goods = await goods_of(tx, campaign)
    pools = await _open_pools(tx, campaign, goods.lines)
    await store.insert_pools(tx, campaign.id, pools)
    budgets = await _open_budgets(tx, campaign)
    await store.insert_shares(
        tx, campaign.id, {unit: id_ for unit, id_ in budgets.items() if unit != grants.EVERY_UNIT}
    )
    offers = []
    for place in range(len(goods.lines)):
        terms = await _terms(tx, campaign, place, budgets, pools)
        offers += [await grants.publish_offer(tx, offer) for offer in _offers(campaign, goods, place, terms)]
    planned = [EntryPlan(name=campaign.name, kind=entry_points.EntryPointKind.LINK), *campaign.draft.entry_points]
    opened = await entry_points.add(tx, [_entry(campaign, plan) for plan in planned])
    await store.set_live(
        tx, campaign.id, offer_id=offers[0], budget_id=budgets[grants.EVERY_UNIT], entry_code=opened[0].code
    )
    if plan := await plan_of(tx, campaign, opened[0].code):
        await channels.add_plan(tx, plan)


def _entry(campaign: Stored, plan: EntryPlan) -> entry_points.NewEntryPoint:
    return entry_points.NewEntryPoint(kind=plan.kind, name=plan.name.strip(), target_kind=KIND, target_id=campaign.id)


async def _open_pools(tx: Tx, campaign: Stored, lines: Sequence[Line]) -> dict[tuple[int, int], UUID]:
    """(line, unit) → the pool of a share, and under `EVERY_UNIT` the root of the line.

    Parents are locked ascending, so that two bundles out of the same pools never wait for each other.
    """
    draft, pools = campaign.draft, dict[tuple[int, int], UUID]()

    async def opened(line: Line, unit_id: int, quantity: int, parent_id: UUID | None) -> UUID:
        new = grants.NewPool(
            sku_id=line.sku_id, unit_id=unit_id, name=draft.name, quantity=quantity, parent_id=parent_id
        )
        return await grants.open_pool(tx, new)

    for place, line in sorted(enumerate(lines), key=lambda one: str(one[1].pool_id or "")):
        root = pools[place, grants.EVERY_UNIT] = await opened(line, campaign.unit_id, line.stock, line.pool_id)
        for share in draft.shares:
            pools[place, share.unit_id] = await opened(line, share.unit_id, share_stock(draft, share, line), root)
    return pools


async def _open_budgets(tx: Tx, campaign: Stored) -> dict[int, UUID]:
    """Unit → the budget of its share, and under `EVERY_UNIT` the campaign's own."""
    draft = campaign.draft

    async def opened(unit_id: int, limit_fen: int, parent_id: UUID | None) -> UUID:
        new = ledger.NewBudget(name=draft.name, unit_id=unit_id, limit_fen=limit_fen, parent_id=parent_id)
        return await ledger.open_budget(tx, new)

    own = await opened(campaign.unit_id, draft.budget_fen, draft.budget_id)
    shares = {share.unit_id: await opened(share.unit_id, share.amount_fen, own) for share in draft.shares}
    return {grants.EVERY_UNIT: own, **shares}


async def _terms(
    tx: Tx, campaign: Stored, line: int, budgets: Mapping[int, UUID], pools: Mapping[tuple[int, int], UUID]
) -> dict[int, grants.Terms]:
    """Who pays for the customers of which unit: the nearest share above it, else what the campaign keeps undivided."""
    own = {unit_id: grants.Terms(budget_id, pools[line, unit_id]) for unit_id, budget_id in budgets.items()}
    rest = own.pop(grants.EVERY_UNIT)
    below = [unit for unit in await units.tree(tx) if campaign.unit_id in unit.path]
    terms: dict[int, grants.Terms] = {unit.id: _nearest(unit.path, own, rest) for unit in below}
    if any(unit.id == campaign.unit_id and unit.parent_id is None for unit in below):
        shared = {unit_id: term for unit_id, term in terms.items() if term != rest}
        return shared | {grants.EVERY_UNIT: rest}
    return terms


def _nearest(path: Sequence[int], shares: Mapping[int, grants.Terms], rest: grants.Terms) -> grants.Terms:
    return next((shares[unit_id] for unit_id in reversed(path) if unit_id in shares), rest)


def _offers(campaign: Stored, goods: Goods, line: int, terms: dict[int, grants.Terms]) -> list[grants.Offer]:
    """The offers of one line: of a bundle that is pushed, what is given at once and what is left to choose are two."""
    offer = _offer(campaign, goods, line, terms)
    if campaign.draft.bundle_id is None or campaign.draft.mode is CampaignMode.PULL:
        return [offer]
    left = max((one.choose - len(one.given) for one in goods.offered if one.left), default=0)
    given = [msgspec.structs.replace(offer, choose=0)] if goods.is_given(goods.lines[line]) else []
    if not goods.is_left(goods.lines[line]):
        return given
    chosen = msgspec.structs.replace(offer, id=new_id(), line=LINES_MAX + line, mode=grants.Mode.PULL, choose=left)
    return [*given, chosen]


def _offer(campaign: Stored, goods: Goods, line: int, terms: dict[int, grants.Terms]) -> grants.Offer:
    draft, sku = campaign.draft, goods.skus[line]
    assert sku is not None, "a checked campaign has published benefits"
    assert draft.opens_at is not None, "a checked campaign has a window"
    assert draft.closes_at is not None, "a checked campaign has a window"
    return grants.offer_of(
        sku,
        grants.Offering(
            source_kind=KIND,
            source_id=campaign.id,
            line=line,
            mode=grants.Mode(draft.mode.value),
            person_limit=draft.person_limit,
            choose=goods.choose,
            opens_at=draft.opens_at,
            closes_at=draft.closes_at,
            valid_days=draft.valid_days,
            unit_terms=terms,
        ),
    )
