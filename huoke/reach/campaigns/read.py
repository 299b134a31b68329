"""Questions about campaigns: lists, one whole, what a customer's page shows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from huoke.govern.people import staff, units
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import entry_points, segments
from huoke.reach.campaigns import store, store_release
from huoke.reach.campaigns.draft import seen
from huoke.reach.campaigns.facts import goods_of
from huoke.reach.campaigns.lines import units_of
from huoke.reach.campaigns.model import (
    LIVE,
    Board,
    BundleShown,
    Campaign,
    CampaignRow,
    CampaignState,
    FieldProblem,
    Named,
    PageTexts,
    SkuShown,
)
from huoke.reach.campaigns.problems import gaps
from huoke.reach.campaigns.refusals import CampaignUnknown
from huoke.reach.campaigns.store import Stored
from huoke.reward import catalogue, grants, ledger, supply


async def find(
    tx: Tx,
    principal: Principal,
    *,
    q: str = "",
    state: CampaignState | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[CampaignRow]:
    """Campaigns in the caller's units, latest change first; `before` is the last row of the page before."""
    found = await store.find(tx, q=q.strip(), state=state, units=principal.units, before=before, limit=limit)
    return await _rows(tx, found, principal)


async def count(tx: Tx, principal: Principal, *, q: str = "") -> dict[str, int]:
    """How many campaigns in the caller's units stand in each state."""
    return await store.count(tx, q=q.strip(), units=principal.units)


async def boards(tx: Tx, principal: Principal, campaign_ids: Iterable[UUID]) -> dict[UUID, Board]:
    """Those of these ids that are campaigns of the caller's units: how each stands, whom it reached."""
    wanted = list(campaign_ids)
    progress = await store.progress(tx, wanted)
    return {
        one.id: Board(
            name=one.name,
            state=one.state,
            change_id=one.change_id,
            reached=progress[one.id].total if one.id in progress else one.audience_size or 0,
            granted=progress[one.id].granted if one.id in progress else 0,
            metric=one.draft.metric,
            control_percent=one.draft.control_percent,
        )
        for one in await store.get_many(tx, wanted)
        if principal.covers(one.unit_id)
    }


async def states(tx: Tx, campaign_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The states of those of these ids that are campaigns."""
    return await store.states(tx, list(campaign_ids))


async def get(tx: Tx, principal: Principal, campaign_id: UUID) -> Campaign:
    """One campaign whole; `CampaignUnknown` outside the caller's scope too."""
    campaign = await seen(tx, campaign_id, principal)
    draft = campaign.draft
    people = await staff.names(tx, _staff_ids([campaign]))
    progress = await store.progress(tx, [campaign.id])
    unit_names: dict[int, str] = {unit.id: unit.name for unit in await units.tree(tx)}
    return Campaign(
        **{name: getattr(campaign, name) for name in Stored.__struct_fields__ if name in Campaign.__struct_fields__}
        | {"created_by": people.get(campaign.created_by, campaign.created_by)},
        unit=unit_names.get(campaign.unit_id, ""),
        segment=await _segment(tx, draft.segment_id),
        audience=await _audience(tx, campaign.audience_id or draft.audience_id),
        sku=await sku_shown(tx, draft.sku_id),
        bundle=await bundle_shown(tx, campaign),
        problems=await _problems(tx, campaign),
        entry_path=entry_points.path_of(campaign.entry_code) if campaign.entry_code else None,
        progress=progress.get(campaign.id),
        releases=(await store_release.releases(tx, [campaign.id])).get(campaign.id, []),
        offers=await _offers(tx, campaign.id),
        can=can(campaign, principal),
    )


async def _offers(tx: Tx, campaign_id: UUID) -> list[Named]:
    offers = await grants.find_offers(tx, "campaign", campaign_id)
    skus = await catalogue.skus(tx, {offer.sku_id for offer in offers})
    english = {sku.id: sku.name_en for sku in skus.values()}
    return [Named(id=str(one.id), name=one.title, name_en=english.get(one.sku_id, "")) for one in offers]


async def page_texts(tx: Tx, campaign_id: UUID) -> PageTexts:
    """The words of a campaign's page; `CampaignUnknown`."""
    campaign = await store.get(tx, campaign_id)
    if campaign is None:
        raise CampaignUnknown(f"There is no campaign {campaign_id}.")
    return campaign.draft.page_texts


async def names(tx: Tx, campaign_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The name of each campaign; ids of none are left out."""
    return await store.names(tx, campaign_ids)


async def sku_shown(tx: Tx, sku_id: UUID | None) -> SkuShown | None:
    """A benefit as pages show it, None when none is chosen or it is not published."""
    skus = await catalogue.skus(tx, [sku_id]) if sku_id else {}
    if sku_id not in skus:
        return None
    sku = skus[sku_id]
    suppliers = await supply.names(tx, [sku.supplier_id]) if sku.supplier_id else {}
    supplier, supplier_en = suppliers.get(sku.supplier_id, ("", "")) if sku.supplier_id else ("", "")
    return SkuShown(
        id=sku.id,
        name=sku.name,
        name_en=sku.name_en,
        brand=sku.brand_name,
        brand_en=sku.brand_name_en,
        kind=sku.kind.value,
        face_value_fen=sku.face_value_fen,
        cost_fen=sku.cost_fen,
        points=sku.points,
        supplier_id=sku.supplier_id,
        supplier=supplier,
        supplier_en=supplier_en,
    )


async def bundle_shown(tx: Tx, campaign: Stored) -> BundleShown | None:
    """The bundle of a campaign, None when none is chosen or it may not be used; SKUs out of use are left out."""
    goods = await goods_of(tx, campaign)
    bundle = goods.bundle
    if bundle is None:
        return None
    shown = [await sku_shown(tx, sku_id) for sku_id in bundle.every_sku]
    return BundleShown(
        id=bundle.id,
        version=bundle.version,
        name=bundle.name,
        name_en=bundle.name_en,
        choose=bundle.choose_max,
        skus=[sku for sku in shown if sku is not None],
        given=[line.sku_id for line in goods.lines if goods.is_given(line)],
        split=bundle.split,
    )


async def _bundle_name(tx: Tx, bundle_id: UUID) -> str:
    try:
        row = await catalogue.get_bundle(tx, bundle_id)
    except catalogue.Unknown:
        return ""
    terms = row.terms or row.draft
    return terms.name if terms else row.code


async def stock_of(tx: Tx, campaigns: Sequence[Stored]) -> dict[UUID, list[grants.Pool]]:
    """The pools of approved campaigns, shares included."""
    owners = {row["pool_id"]: row["campaign_id"] for row in await store.pools_of(tx, [c.id for c in campaigns])}
    pools: dict[UUID, list[grants.Pool]] = {}
    for pool in await grants.get_pools(tx, list(owners)) if owners else []:
        pools.setdefault(owners[pool.id], []).append(pool)
    return pools


async def money_of(tx: Tx, campaigns: Sequence[Stored]) -> dict[UUID, list[ledger.Budget]]:
    """The budgets of approved campaigns, shares included."""
    owners = {campaign.budget_id: campaign.id for campaign in campaigns if campaign.budget_id}
    owners |= {row["budget_id"]: row["campaign_id"] for row in await store.shares_of(tx, [c.id for c in campaigns])}
    budgets: dict[UUID, list[ledger.Budget]] = {}
    for budget in await ledger.get_budgets(tx, list(owners)) if owners else []:
        budgets.setdefault(owners[budget.id], []).append(budget)
    return budgets


def can(campaign: Stored, principal: Principal) -> list[str]:
    """What the caller may do with a campaign now."""
    ways = {
        "edit": (campaign.state is CampaignState.DRAFT, "campaign.write"),
        "submit": (campaign.state is CampaignState.DRAFT, "campaign.submit"),
        "pause": (campaign.state is CampaignState.RUNNING, "campaign.run"),
        "resume": (campaign.state is CampaignState.PAUSED, "campaign.run"),
        "stop": (
            campaign.state in {CampaignState.APPROVED, CampaignState.RUNNING, CampaignState.PAUSED},
            "campaign.run",
        ),
        "release": (campaign.state is CampaignState.RUNNING, "campaign.run"),
        "amend": (campaign.state in LIVE, "campaign.submit"),
        "open_entries": (campaign.state in LIVE, "campaign.write"),
        "copy": (True, "campaign.write"),
        "keep_template": (True, "campaign.write"),
        "board": (campaign.offer_id is not None, "figure.read"),
        "report": (campaign.offer_id is not None, "campaign.read"),
    }
    return [way for way, (fits, permission) in ways.items() if fits and principal.may(permission)]


async def _rows(tx: Tx, found: Sequence[Stored], principal: Principal) -> list[CampaignRow]:
    people = await staff.names(tx, _staff_ids(found))
    unit_names: dict[int, str] = {unit.id: unit.name for unit in await units.tree(tx)}
    skus = await catalogue.skus(tx, sorted({c.draft.sku_id for c in found if c.draft.sku_id}))
    names_of: dict[UUID | None, str] = {sku_id: sku.name for sku_id, sku in skus.items()}
    for bundle_id in {c.draft.bundle_id for c in found if c.draft.bundle_id}:
        names_of[bundle_id] = await _bundle_name(tx, bundle_id)
    pools, budgets = await stock_of(tx, found), await money_of(tx, found)
    return [
        CampaignRow(
            id=c.id,
            name=c.name,
            state=c.state,
            version=c.version,
            unit_id=c.unit_id,
            unit=unit_names.get(c.unit_id, ""),
            mode=c.draft.mode,
            published=c.draft.published,
            sku=names_of.get(c.draft.bundle_id or c.draft.sku_id, ""),
            audience_size=c.audience_size,
            opens_at=c.opens_at,
            closes_at=c.closes_at,
            budget_fen=c.draft.budget_fen,
            committed_fen=sum(budget.committed_fen for budget in budgets.get(c.id, [])),
            reserved_fen=sum(budget.reserved_fen for budget in budgets.get(c.id, [])),
            stock=units_of(c.draft),
            used=sum(pool.used for pool in pools.get(c.id, [])),
            reserved=sum(pool.reserved for pool in pools.get(c.id, [])),
            created_by=people.get(c.created_by, c.created_by),
            changed_at=c.changed_at,
            can=can(c, principal),
        )
        for c in found
    ]


async def _segment(tx: Tx, segment_id: UUID | None) -> Named | None:
    if segment_id is None:
        return None
    try:
        segment = await segments.get(tx, segment_id)
    except segments.SegmentUnknown:
        return None
    return Named(id=str(segment_id), name=segment.name)


async def _audience(tx: Tx, audience_id: UUID | None) -> Named | None:
    if audience_id is None:
        return None
    try:
        audience = await segments.audience(tx, audience_id)
    except segments.AudienceUnknown:
        return None
    return Named(id=str(audience_id), name=audience.name)


async def _problems(tx: Tx, campaign: Stored) -> list[FieldProblem]:
    if campaign.state is not CampaignState.DRAFT:
        return []
    return [*gaps(campaign.draft, tx.now, costs=(await goods_of(tx, campaign)).costs)]


def _staff_ids(campaigns: Iterable[Stored]) -> list[str]:
    return sorted({campaign.created_by for campaign in campaigns})
