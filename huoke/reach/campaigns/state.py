"""Changes of state after approval: start, pause, resume, stop, end; each an event and a line in the trail."""

from uuid import UUID

from huoke.govern import audit
from huoke.kernel.events import Event
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reach.campaigns import store
from huoke.reach.campaigns.draft import locked, record
from huoke.reach.campaigns.events import (
    CampaignEnded,
    CampaignPaused,
    CampaignResumed,
    CampaignStarted,
    CampaignStopped,
)
from huoke.reach.campaigns.model import NEXT, CampaignState
from huoke.reach.campaigns.refusals import WindowClosed, WrongState
from huoke.reach.campaigns.release import release
from huoke.reach.campaigns.rollout import open_place, runs
from huoke.reach.campaigns.store import Stored
from huoke.reward import grants


async def start(tx: Tx, campaign_id: UUID) -> None:
    """Open an approved campaign whose window has opened; one that runs already stays as it is.

    Raises `WindowClosed` before its window and after it, `WrongState`.
    """
    campaign = await locked(tx, campaign_id)
    if campaign.state is CampaignState.RUNNING:
        return
    assert campaign.opens_at is not None, "an approved campaign has a window"
    if tx.now < campaign.opens_at:
        raise WindowClosed("The campaign's window has not opened.", opens_at=campaign.opens_at.isoformat())
    if campaign.state is CampaignState.PAUSED:
        raise _wrong(campaign, CampaignState.RUNNING)
    await _go(tx, campaign, CampaignState.RUNNING, "campaigns.start", "")
    tx.emit(CampaignStarted(campaign_id=campaign.id, mode=campaign.draft.mode.value, runs=runs(campaign.draft)))
    await open_place(tx, campaign, 0)


async def pause(tx: Tx, principal: Principal, campaign_id: UUID, reason: str) -> None:
    """Stand still: the run stops at the end of its chunk, claims are refused, what is granted stays granted.

    Raises `CampaignUnknown`, `WrongState` unless it runs, `audit.ReasonMissing`.
    """
    campaign = await locked(tx, campaign_id, principal)
    await _go(tx, campaign, CampaignState.PAUSED, "campaigns.pause", audit.require_reason(reason))
    await _offer(tx, campaign, grants.OfferState.PAUSED, CampaignPaused(campaign_id=campaign.id))


async def resume(tx: Tx, principal: Principal, campaign_id: UUID, reason: str) -> None:
    """Go on after a pause; raises the same, `WrongState` unless it is paused."""
    campaign = await locked(tx, campaign_id, principal)
    if campaign.state is not CampaignState.PAUSED:
        raise _wrong(campaign, CampaignState.RUNNING)
    await _go(tx, campaign, CampaignState.RUNNING, "campaigns.resume", audit.require_reason(reason))
    resumed = CampaignResumed(campaign_id=campaign.id, mode=campaign.draft.mode.value, runs=runs(campaign.draft))
    await _offer(tx, campaign, grants.OfferState.OPEN, resumed)


async def stop(tx: Tx, principal: Principal, campaign_id: UUID, reason: str) -> None:
    """Stop for good: no more grants or claims, and money and stock that nobody was granted go back at once.

    Grants nobody claimed are taken back by the worker; what is claimed stays good. Raises as `pause`.
    """
    campaign = await locked(tx, campaign_id, principal)
    await _go(tx, campaign, CampaignState.STOPPED, "campaigns.stop", audit.require_reason(reason))
    await _offer(tx, campaign, grants.OfferState.STOPPED, CampaignStopped(campaign_id=campaign.id))
    await release(tx, campaign)


async def end(tx: Tx, campaign_id: UUID) -> None:
    """End a campaign whose window has closed; one that ended already stays as it is. Raises `WindowClosed` before."""
    campaign = await locked(tx, campaign_id)
    if campaign.state is CampaignState.ENDED:
        return
    assert campaign.closes_at is not None, "an approved campaign has a window"
    if tx.now < campaign.closes_at:
        raise WindowClosed("The campaign's window is open.", closes_at=campaign.closes_at.isoformat())
    await _go(tx, campaign, CampaignState.ENDED, "campaigns.end", "")
    await _offer(tx, campaign, grants.OfferState.ENDED, CampaignEnded(campaign_id=campaign.id))
    await release(tx, campaign)


async def _go(tx: Tx, campaign: Stored, state: CampaignState, action: str, reason: str) -> None:
    if state not in NEXT[campaign.state]:
        raise _wrong(campaign, state)
    await store.set_state(tx, campaign.id, state, reason=reason)
    await record(
        tx,
        action,
        campaign.id,
        campaign.unit_id,
        reason=reason,
        before={"state": campaign.state.value},
        after={"state": state.value},
    )


async def _offer(tx: Tx, campaign: Stored, state: grants.OfferState, event: Event) -> None:
    """Every benefit of the campaign, or in a refusal none."""
    for offer in await grants.find_offers(tx, "campaign", campaign.id):
        await grants.update_offer_state(tx, offer.id, state)
    tx.emit(event)


def _wrong(campaign: Stored, wanted: CampaignState) -> WrongState:
    return WrongState(
        f"The campaign is {campaign.state}; it cannot become {wanted}.", state=campaign.state.value, wanted=wanted.value
    )
