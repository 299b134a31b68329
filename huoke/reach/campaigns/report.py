"""A campaign's result, counted in the books."""

from uuid import UUID

from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reach.campaigns import store
from huoke.reach.campaigns.draft import seen
from huoke.reach.campaigns.model import Report
from huoke.reach.campaigns.read import money_of, stock_of
from huoke.reach.campaigns.refusals import WrongState
from huoke.reward import grants


async def report(tx: Tx, principal: Principal, campaign_id: UUID) -> Report:
    """Grants by state, money and stock as they stand; `WrongState` before approval."""
    campaign = await seen(tx, campaign_id, principal)
    if campaign.offer_id is None:
        raise WrongState("The campaign is not approved yet.", state=campaign.state.value)
    counts = await grants.progress(tx, [offer.id for offer in await grants.find_offers(tx, "campaign", campaign_id)])
    budgets = (await money_of(tx, [campaign])).get(campaign_id, [])
    pools = (await stock_of(tx, [campaign])).get(campaign_id, [])

    def in_state(*states: grants.State) -> int:
        return sum(row.count for row in counts if row.state in states)

    return Report(
        id=campaign.id,
        name=campaign.name,
        state=campaign.state,
        progress=(await store.progress(tx, [campaign_id]))[campaign_id],
        granted=sum(row.count for row in counts),
        claimed=sum(row.claimed for row in counts),
        redeemed=in_state(grants.State.USED),
        expired=in_state(grants.State.EXPIRED),
        revoked=in_state(grants.State.REVOKED, grants.State.RETURNED, grants.State.FAILED),
        limit_fen=sum(budget.limit_fen for budget in budgets),
        available_fen=sum(budget.available_fen for budget in budgets),
        reserved_fen=sum(budget.reserved_fen for budget in budgets),
        committed_fen=sum(budget.committed_fen for budget in budgets),
        stock=sum(pool.total - pool.allocated for pool in pools),
        stock_available=sum(pool.available for pool in pools),
        stock_reserved=sum(pool.reserved for pool in pools),
        stock_used=sum(pool.used for pool in pools),
    )
