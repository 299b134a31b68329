"""What campaigns serve for others: their approval, and who is meant by their offers."""

from huoke.govern import approvals
from huoke.reach.campaigns.amend import AmendmentApproval
from huoke.reach.campaigns.approve import KIND, CampaignApproval
from huoke.reach.campaigns.reach import eligible
from huoke.reward import grants


def register_ports() -> None:
    """Register them; for `app/`."""
    approvals.register(CampaignApproval())
    approvals.register(AmendmentApproval())
    grants.register_eligibility(KIND, eligible)
