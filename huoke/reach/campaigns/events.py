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
    """A campaign's window opened."""

    name: ClassVar[str] = "campaigns.started"
    campaign_id: UUID
    mode: str


class CampaignPaused(Event, frozen=True, kw_only=True):
    """A campaign stands still; nothing is granted and nothing can be claimed."""

    name: ClassVar[str] = "campaigns.paused"
    campaign_id: UUID


class CampaignResumed(Event, frozen=True, kw_only=True):
    """A paused campaign goes on."""

    name: ClassVar[str] = "campaigns.resumed"
    campaign_id: UUID
    mode: str


class CampaignStopped(Event, frozen=True, kw_only=True):
    """A campaign was stopped for good."""

    name: ClassVar[str] = "campaigns.stopped"
    campaign_id: UUID


class CampaignEnded(Event, frozen=True, kw_only=True):
    """A campaign's window closed."""

    name: ClassVar[str] = "campaigns.ended"
    campaign_id: UUID


class RunFinished(Event, frozen=True, kw_only=True):
    """A push campaign's run reached its last customer."""

    name: ClassVar[str] = "campaigns.run_finished"
    campaign_id: UUID
    granted: int
