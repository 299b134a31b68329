"""Giving back what a finished campaign does not need: unclaimed grants, free stock, free money."""

from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.reach.campaigns import store
from huoke.reach.campaigns.draft import locked
from huoke.reach.campaigns.model import CampaignState
from huoke.reach.campaigns.store import Stored
from huoke.reward import grants, ledger


async def release(tx: Tx, campaign: Stored) -> None:
    """Give a campaign's available stock and money back, shares first; again gives back only what came free since.

    Stock that came into being with the campaign has no pool to go back to and stays in the campaign's own, on no offer.
    """
    assert campaign.budget_id is not None, "an approved campaign has a budget"
    shares = await store.shares_of(tx, [campaign.id])
    for pool in await grants.get_pools(tx, [row["pool_id"] for row in await store.pools_of(tx, [campaign.id])]):
        fresh = (await grants.get_pools(tx, [pool.id]))[0]
        if fresh.parent_id is not None and fresh.available:
            await grants.give_back_stock(tx, fresh.id, fresh.parent_id, fresh.available)
    for budget in await ledger.get_budgets(tx, [*(row["budget_id"] for row in shares), campaign.budget_id]):
        now = (await ledger.get_budgets(tx, [budget.id]))[0]
        if now.parent_id is not None and now.available_fen:
            await ledger.give_back(tx, now.id, now.parent_id, now.available_fen)


async def wind_up(tx: Tx, campaign_id: UUID) -> bool:
    """One step of winding up a finished campaign: some unclaimed grants, then the rest; True when all is done."""
    campaign = await locked(tx, campaign_id)
    if campaign.wound_up_at is not None:
        return True
    assert campaign.state in {CampaignState.ENDED, CampaignState.STOPPED}, "only a finished campaign is wound up"
    for offer in await grants.find_offers(tx, "campaign", campaign_id):
        if await _take_back(tx, campaign, offer.id):
            return False
    await release(tx, campaign)
    await store.set_wound_up(tx, campaign_id)
    return True


async def _take_back(tx: Tx, campaign: Stored, offer_id: UUID) -> int:
    """A grant nobody claimed is revoked after a stop, and expires at the end of the window."""
    if campaign.state is CampaignState.STOPPED:
        return await grants.revoke_unclaimed(tx, offer_id)
    return await grants.expire(tx)


async def with_leftovers(tx: Tx) -> list[UUID]:
    """Wound-up campaigns whose own budget or a share of it has money available again."""
    campaigns = {row["id"]: row["budget_id"] for row in await store.wound_up(tx)}
    shares: dict[UUID, list[UUID]] = {campaign_id: [budget_id] for campaign_id, budget_id in campaigns.items()}
    for row in await store.shares_of(tx, campaigns):
        shares[row["campaign_id"]].append(row["budget_id"])
    ids = [budget_id for budget_ids in shares.values() for budget_id in budget_ids]
    free = {budget.id for budget in await ledger.get_budgets(tx, ids) if budget.available_fen}
    return [campaign_id for campaign_id, budget_ids in shares.items() if not free.isdisjoint(budget_ids)]


async def release_leftovers(tx: Tx, campaign_id: UUID) -> None:
    """Give back what a wound-up campaign has available again."""
    await release(tx, await locked(tx, campaign_id))
