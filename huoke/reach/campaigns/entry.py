"""The ways into a campaign: more of them while it is live, and their pictures to print."""

from collections.abc import Sequence
from uuid import UUID

from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import entry_points
from huoke.know.entry_points import EntryPoint, EntryPointUnknown, NewEntryPoint, Picture
from huoke.reach.campaigns.approve import KIND
from huoke.reach.campaigns.draft import locked, record, seen, unfit
from huoke.reach.campaigns.model import LIVE, FieldProblem
from huoke.reach.campaigns.plan import ENTRY_NAME_LENGTH_MAX, ENTRY_POINTS_MAX, EntryPlan
from huoke.reach.campaigns.refusals import WrongState


async def entries(tx: Tx, principal: Principal, campaign_id: UUID) -> list[EntryPoint]:
    """Every way into a campaign, oldest first; `CampaignUnknown`."""
    await seen(tx, campaign_id, principal)
    return await entry_points.of_target(tx, KIND, campaign_id)


async def open_entries(tx: Tx, principal: Principal, campaign_id: UUID, plans: Sequence[EntryPlan]) -> list[UUID]:
    """Open more ways into a live campaign and return their ids; each is counted from now on.

    Its reverse: a way in is closed for good, since its code may hang on a wall. Raises `CampaignUnknown`,
    `WrongState` before approval and after the end, `DraftUnfit` for a name that cannot be or stands already.
    """
    campaign = await locked(tx, campaign_id, principal)
    if campaign.state not in LIVE:
        raise WrongState(f"The campaign is {campaign.state}; ways in open once it is live.", state=campaign.state.value)
    known = {entry.name for entry in await entry_points.of_target(tx, KIND, campaign_id) if entry.closed_at is None}
    names = [plan.name.strip() for plan in plans]
    for place, name in enumerate(names):
        wrong = not 1 <= len(name) <= ENTRY_NAME_LENGTH_MAX or name in known or name in names[:place]
        if wrong or len(known) + len(names) > ENTRY_POINTS_MAX:
            detail = (
                f"A way in has a name of its own of 1 to {ENTRY_NAME_LENGTH_MAX} signs; {ENTRY_POINTS_MAX} at most."
            )
            raise unfit([FieldProblem(pointer=f"/{place}/name", code="entry_twice", detail=detail)])
    news = [
        NewEntryPoint(kind=plan.kind, name=name, target_kind=KIND, target_id=campaign_id)
        for plan, name in zip(plans, names, strict=True)
    ]
    opened = await entry_points.add(tx, news)
    await record(tx, "campaigns.open_entries", campaign_id, campaign.unit_id, after={"names": names})
    return [entry.id for entry in opened]


async def close_entry(tx: Tx, principal: Principal, campaign_id: UUID, entry_point_id: UUID) -> None:
    """Close one way in: its code leads nowhere any more. Raises `CampaignUnknown`, `EntryPointUnknown`."""
    campaign = await locked(tx, campaign_id, principal)
    entry = await _entry(tx, campaign_id, entry_point_id)
    await entry_points.close_one(tx, entry.id)
    await record(tx, "campaigns.close_entry", campaign_id, campaign.unit_id, after={"name": entry.name})


async def picture(
    tx: Tx, principal: Principal, campaign_id: UUID, entry_point_id: UUID, kind: Picture, origin: str, *, english: bool
) -> bytes:
    """A way in as a picture; `origin` is where the pages are, unless the bank set its own.

    Raises `CampaignUnknown`, `EntryPointUnknown`, `entry_points.PdfUnavailable` where no PDF can be drawn.
    """
    campaign = await seen(tx, campaign_id, principal)
    entry = await _entry(tx, campaign_id, entry_point_id)
    texts = campaign.draft.page_texts.en if english else campaign.draft.page_texts.zh
    poster = await entry_points.poster_of(
        tx,
        title=texts.title,
        subtitle=texts.subtitle,
        note=texts.rules,
        hint="Scan to take part" if english else "扫码参加",
        address=await entry_points.public_address(tx, entry_points.path_of(entry.code), origin),
        english=english,
    )
    return await entry_points.draw(kind, poster)


async def _entry(tx: Tx, campaign_id: UUID, entry_point_id: UUID) -> EntryPoint:
    for entry in await entry_points.of_target(tx, KIND, campaign_id):
        if entry.id == entry_point_id:
            return entry
    raise EntryPointUnknown("The campaign has no such way in.")
