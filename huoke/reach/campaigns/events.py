"""What campaigns tell the log; every change of state is one of these."""

from typing import ClassVar
from uuid import UUID

from huoke.kernel.events import Event


class CampaignDrafted(Event, frozen=True, kw_only=True):
    """A draft was begun or saved."""

    name: ClassVar[str] = "campaigns.drafted"
    campaign_id: UUID
    campaign_version: int


class CampaignSubmitted(Event, frozen=True, kw_only=True):
    """A draft was sent to approval."""

    name: ClassVar[str] = "campaigns.submitted"
    campaign_id: UUID
    change_id: UUID


class CampaignReturned(Event, frozen=True, kw_only=True):
    """A submitted campaign is a draft again."""

    name: ClassVar[str] = "campaigns.returned"
    campaign_id: UUID


class CampaignApproved(Event, frozen=True, kw_only=True):
    """A campaign is approved and its money and stock are set aside; the customers reached are the event's members."""

    name: ClassVar[str] = "campaigns.approved"
    campaign_id: UUID
    opens_at: str
    closes_at: str
    reachable: int


class CampaignStarted(Event, frozen=True, kw_only=True):
    """A campaign's window opened. `runs`: it goes through its customers, to grant or to tell them."""

    name: ClassVar[str] = "campaigns.started"
    campaign_id: UUID
    mode: str
    runs: bool


class CampaignPaused(Event, frozen=True, kw_only=True):
    """A campaign stands still; nothing is granted and nothing can be claimed."""

    name: ClassVar[str] = "campaigns.paused"
    campaign_id: UUID


class CampaignResumed(Event, frozen=True, kw_only=True):
    """A paused campaign goes on."""

    name: ClassVar[str] = "campaigns.resumed"
    campaign_id: UUID
    mode: str
    runs: bool


class CampaignStopped(Event, frozen=True, kw_only=True):
    """A campaign was stopped for good."""

    name: ClassVar[str] = "campaigns.stopped"
    campaign_id: UUID


class CampaignEnded(Event, frozen=True, kw_only=True):
    """A campaign's window closed."""

    name: ClassVar[str] = "campaigns.ended"
    campaign_id: UUID


class ReleaseOpened(Event, frozen=True, kw_only=True):
    """One step of a staged release is open; the first opens with the campaign."""

    name: ClassVar[str] = "campaigns.release_opened"
    campaign_id: UUID
    place: int
    runs: bool


class ReleaseHeld(Event, frozen=True, kw_only=True):
    """An alarm keeps the next release from opening by itself; `reason` is sold_out or budget_exhausted."""

    name: ClassVar[str] = "campaigns.release_held"
    campaign_id: UUID
    place: int
    reason: str


class ChunkReached(Event, frozen=True, kw_only=True):
    """A chunk of a run is done: the event's members have a grant, or are invited by a pull campaign.

    `channel` is the one of the campaign's message plan: sms, list_export or none.
    """

    name: ClassVar[str] = "campaigns.chunk_reached"
    campaign_id: UUID
    place: int
    channel: str
    count: int


class CampaignAmended(Event, frozen=True, kw_only=True):
    """A live campaign was changed by approval: a later end, more money or stock, other words.

    `runs`: it goes through its customers once more, for those who found no stock or money.
    """

    name: ClassVar[str] = "campaigns.amended"
    campaign_id: UUID
    amendment_id: UUID
    runs: bool


class RunFinished(Event, frozen=True, kw_only=True):
    """A push campaign's run reached its last customer."""

    name: ClassVar[str] = "campaigns.run_finished"
    campaign_id: UUID
    granted: int
