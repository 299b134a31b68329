"""Campaigns of a bundle with variants: who falls in which, and what each customer may choose from."""

from collections.abc import Sequence
from functools import reduce
from operator import sub
from typing import Any
from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.kernel.refusals import Invalid
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import consent, customers, language
from huoke.reach.campaigns import store
from huoke.reach.campaigns.facts import Goods, Standing, goods_of
from huoke.reach.campaigns.model import CampaignMode, CampaignState
from huoke.reach.campaigns.regional import Part, counted
from huoke.reach.campaigns.store import Stored
from huoke.reward import grants, variants
from huoke.reward.catalogue import Split, Where


async def with_counts(
    tx: Tx, analytics: language.Analytics, campaign: Stored, facts: Standing, reachable: CustomerSet
) -> Standing:
    """What the checks stand on, with how many of those reached fall in which variant, and live where what they are
    offered is of no use; of a public offer, of all that may be chosen.

    A draft's variants are evaluated live, those of a submitted campaign are the frozen ones. A variant that selects
    what it must not, or names a tier there is not, is told instead of any counts.
    """
    goods, universe = facts.goods, reachable
    split = goods.bundle.split if goods.bundle else None
    if split is None and not any(sku.regions for sku in goods.skus if sku is not None):
        return facts
    if campaign.draft.published:
        universe = (await customers.persons(tx, await consent.selectable(tx, consent.MARKETING)))[0]
    try:
        sets = [] if split is None else await _variants(tx, analytics, campaign, split, universe)
    except Invalid as refusal:
        return _supplied(facts, variants_refused=refusal.detail)
    except language.DepositSelection:
        return facts
    where = Where(tx, analytics, universe)
    regions = await counted(where, goods.skus, _parts(goods, sets, universe))
    counts = None if split is None else variants.count(split, sets, universe)
    return _supplied(facts, regions=regions, variants=counts)


def _supplied(facts: Standing, **changes: Any) -> Standing:
    return msgspec.structs.replace(facts, supply=msgspec.structs.replace(facts.supply, **changes))


async def _variants(
    tx: Tx, analytics: language.Analytics, campaign: Stored, split: Split, universe: CustomerSet
) -> list[CustomerSet]:
    if campaign.state is CampaignState.DRAFT:
        return await variants.live(tx, analytics, split, universe)
    return await variants.members(tx, campaign.id, split, universe)


def _parts(goods: Goods, sets: Sequence[CustomerSet], universe: CustomerSet) -> list[Part]:
    """Who may take what: everybody the one benefit, or each what their variant of the bundle offers."""
    if goods.bundle is None:
        ids = [sku.id for sku in goods.skus if sku is not None]
        return [(variants.Offered(place=None, choose=len(ids), sku_ids=ids, given=[]), universe)]
    apart = variants.apart(sets, universe)
    rest = reduce(sub, apart, universe)
    return [(one, rest if one.place is None else apart[one.place]) for one in goods.offered]


async def freeze_variants(tx: Tx, analytics: language.Analytics, campaign: Stored) -> None:
    """Keep who falls in which variant of a campaign that is being submitted; refusals as `variants.live`."""
    bundle = (await goods_of(tx, campaign)).bundle
    if bundle is not None:
        await variants.freeze(tx, analytics, campaign.id, bundle.split)


async def chooses(tx: Tx, campaign_id: UUID, seqs: Sequence[int]) -> Sequence[grants.Choosing | None] | None:
    """What each customer may choose from a campaign, None for nothing; None where it is the same for all.

    Where it pushes its bundle, that is what is left beside the benefits given at once.
    """
    campaign = await store.get(tx, campaign_id)
    if campaign is None or campaign.draft.bundle_id is None:
        return None
    bundle = (await goods_of(tx, campaign)).bundle
    pushes = campaign.draft.mode is CampaignMode.PUSH
    if bundle is None or (bundle.split is None and not pushes):
        return None
    found = await variants.of(tx, campaign_id, bundle, seqs)
    return [_choosing(one, pushes=pushes) for one in found]


def _choosing(one: variants.Offered | None, *, pushes: bool) -> grants.Choosing | None:
    if one is None or (pushes and not one.left):
        return None
    if pushes:
        return grants.Choosing(choose=one.choose - len(one.given), sku_ids=frozenset(one.left))
    return grants.Choosing(choose=one.choose, sku_ids=frozenset(one.sku_ids))


async def given_to(tx: Tx, campaign: Stored, seqs: Sequence[int]) -> dict[UUID, BitMap]:
    """By pushed offer who of some customers is given it: everybody, or those whose variant of the bundle has it."""
    offers = [o for o in await grants.find_offers(tx, "campaign", campaign.id) if o.mode is grants.Mode.PUSH]
    bundle = (await goods_of(tx, campaign)).bundle if campaign.draft.bundle_id else None
    if bundle is None or bundle.split is None:
        return {offer.id: BitMap(seqs) for offer in offers}
    found = await variants.of(tx, campaign.id, bundle, seqs)
    parts: dict[int | None, list[int]] = {}
    for seq, one in zip(seqs, found, strict=True):
        if one is not None:
            parts.setdefault(one.place, []).append(seq)
    given = {one.place: frozenset(one.given) for one in variants.every_offered(bundle)}
    return {
        offer.id: BitMap([seq for place, members in parts.items() if offer.sku_id in given[place] for seq in members])
        for offer in offers
    }


async def differs(tx: Tx, campaign_id: UUID) -> bool:
    """Whether not every customer of a campaign may choose from the same benefits."""
    campaign = await store.get(tx, campaign_id)
    bundle = (await goods_of(tx, campaign)).bundle if campaign and campaign.draft.bundle_id else None
    return bundle is not None and bundle.split is not None
