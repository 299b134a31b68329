"""What campaigns serve for others: their approval, and who is meant by their offers."""

from huoke.govern import approvals
from huoke.know.language import Analytics
from huoke.reach import channels
from huoke.reach.campaigns.amend import AmendmentApproval
from huoke.reach.campaigns.approve import KIND, CampaignApproval
from huoke.reach.campaigns.offered import chooses
from huoke.reach.campaigns.reach import eligible, hid_since, read_events_from
from huoke.reward import grants


def register_ports(analytics: Analytics) -> None:
    """Register them; for `app/`. What customers did, and where they live, is read from `analytics`."""
    approvals.register(CampaignApproval(analytics))
    approvals.register(AmendmentApproval())
    grants.register_eligibility(KIND, eligible)
    grants.register_choices(KIND, chooses)
    channels.register_withdrawn(KIND, hid_since)
    read_events_from(analytics.clickhouse)
