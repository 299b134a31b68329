"""Staged release: cut at approval by hash of the person, opened by hand or by time, held when an alarm stands."""

from uuid import UUID

import numpy as np

from huoke.govern import audit, tenants
from huoke.kernel.principal import Principal
from huoke.kernel.sets import PPM, CustomerSet, bucket_numbers, to_rows
from huoke.kernel.tx import Tx
from huoke.know import segments
from huoke.reach.campaigns import store, store_release
from huoke.reach.campaigns.draft import locked, record
from huoke.reach.campaigns.events import ReleaseHeld, ReleaseOpened
from huoke.reach.campaigns.model import CampaignMode, CampaignState, Draft, Progress, Release
from huoke.reach.campaigns.plan import MessageChannel, ReleasePlan
from huoke.reach.campaigns.reach import Reach
from huoke.reach.campaigns.refusals import ReleaseUnfit, WrongState
from huoke.reach.campaigns.store import Stored

ALARM_PERCENT = tenants.declare("campaigns.alarm_percent", int, 5)
"""Share of the customers done that may find no stock or money before the next release waits for a hand."""
ALARM_LEAST = 20
"""Customers done before a share of them says anything."""


def runs(draft: Draft) -> bool:
    """Whether a campaign goes through its customers one chunk after the other: to grant, or to tell them."""
    told = draft.message is not None and draft.message.channel is not MessageChannel.NONE
    return draft.mode is CampaignMode.PUSH or (told and not draft.published)


def cut(draft: Draft, campaign_id: UUID, found: Reach, pilot: CustomerSet) -> list[tuple[Release, CustomerSet]]:
    """Every release with its customers: the pilot, then ever larger shares of the persons, none of them twice.

    The person is hashed under a salt of the campaign's own, so that nobody is split over releases with two accounts
    and being early says nothing about being control.
    """
    rest = found.reachable.array()
    buckets = bucket_numbers(f"release:{campaign_id}", found.persons)
    piloted = np.isin(rest, (found.reachable & pilot).array(), assume_unique=True)
    parts: list[tuple[Release, CustomerSet]] = []
    if draft.pilot is not None:
        parts.append(_part(Release(percent=0, pilot=True, customers=0), found, rest[piloted]))
    low = 0
    for step in draft.releases or [ReleasePlan(percent=100)]:
        high = step.percent * PPM // 100
        chosen = (buckets >= low) & (buckets < high) & ~piloted
        parts.append(
            _part(Release(percent=step.percent, after_hours=step.after_hours, customers=0), found, rest[chosen])
        )
        low = high
    return parts


async def keep(tx: Tx, campaign: Stored, found: Reach) -> None:
    """Write the releases of a campaign that is being approved; none is open yet."""
    pilot = CustomerSet.empty(tx.tenant)
    if campaign.draft.pilot is not None:
        pilot = await segments.upload_members(tx, campaign.draft.pilot.upload_id)
    for place, (release, members) in enumerate(cut(campaign.draft, campaign.id, found, pilot)):
        await store_release.insert_release(tx, campaign.id, place, release, to_rows(members))


async def open_next(tx: Tx, principal: Principal, campaign_id: UUID, reason: str) -> int:
    """Open the next release by hand, whatever holds it, and return its place.

    There is no way back: what is granted stays granted; pause to stand still. Raises `CampaignUnknown`, `WrongState`
    unless it runs, `ReleaseUnfit` when every release is open, `audit.ReasonMissing`.
    """
    campaign = await locked(tx, campaign_id, principal)
    told = audit.require_reason(reason)
    if campaign.state is not CampaignState.RUNNING:
        raise WrongState(f"The campaign is {campaign.state}; releases open while it runs.", state=campaign.state.value)
    waiting = [release for release in await _of(tx, campaign_id) if release.opened_at is None]
    if not waiting:
        raise ReleaseUnfit("Every release is open.")
    place = waiting[0].place
    await open_place(tx, campaign, place)
    await record(tx, "campaigns.open_release", campaign.id, campaign.unit_id, reason=told, after={"place": place})
    return place


async def open_due(tx: Tx, campaign_id: UUID, place: int) -> None:
    """Open a release whose time has come; one that is open, held or whose campaign stands still stays as it is."""
    campaign = await locked(tx, campaign_id)
    [release] = [release for release in await _of(tx, campaign_id) if release.place == place]
    if campaign.state is CampaignState.RUNNING and release.opened_at is None and release.held_at is None:
        await open_place(tx, campaign, place)
        await record(tx, "campaigns.open_release", campaign.id, campaign.unit_id, after={"place": place})


async def open_place(tx: Tx, campaign: Stored, place: int) -> None:
    """Open one release of a locked campaign; the first opens with the campaign itself."""
    await store_release.open_release(tx, campaign.id, place)
    tx.emit(ReleaseOpened(campaign_id=campaign.id, place=place, runs=runs(campaign.draft)))


async def watch(tx: Tx, campaign: Stored) -> None:
    """Hold the next release when too many customers of the open ones found no stock or no money."""
    progress = (await store.progress(tx, [campaign.id]))[campaign.id]
    missed = progress.sold_out + progress.budget_exhausted
    most = await tenants.setting(tx, ALARM_PERCENT)
    if progress.done < ALARM_LEAST or missed * 100 <= most * progress.done:
        return
    waiting = [release for release in await _of(tx, campaign.id) if release.opened_at is None]
    if not waiting:
        return
    if await store_release.hold_release(tx, campaign.id, waiting[0].place, _alarm(progress)):
        tx.emit(ReleaseHeld(campaign_id=campaign.id, place=waiting[0].place, reason=_alarm(progress)))
        await record(tx, "campaigns.hold_release", campaign.id, campaign.unit_id, reason=_alarm(progress))


async def opened(tx: Tx, campaign_id: UUID) -> int:
    """How many releases of a campaign are open; they open in order."""
    return sum(release.opened_at is not None for release in await _of(tx, campaign_id))


async def _of(tx: Tx, campaign_id: UUID) -> list[Release]:
    return (await store_release.releases(tx, [campaign_id])).get(campaign_id, [])


def _part(release: Release, found: Reach, seqs: np.ndarray) -> tuple[Release, CustomerSet]:
    members = CustomerSet.of(found.reachable.tenant, seqs, found.reachable.as_of)
    return Release(
        percent=release.percent, pilot=release.pilot, after_hours=release.after_hours, customers=len(members)
    ), members


def _alarm(progress: Progress) -> str:
    return "sold_out" if progress.sold_out >= progress.budget_exhausted else "budget_exhausted"
