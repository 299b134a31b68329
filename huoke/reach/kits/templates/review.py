"""What kits share whose act is a review with the relationship manager: the act, how it is measured, the campaign."""

from huoke.reach.campaigns import ONE_EACH, ONE_EACH_EN, CampaignMode, Draft, MessagePlan, page_of
from huoke.reach.kits.model import Act, Offer, Words

DAYS = 60
REVIEWED = {"kind": "event", "name": "review.held", "measure": "count", "op": ">=", "value": 1, "window_days": DAYS}
ACT = Act(name=Words("六十天内完成资产检视", "Held a review within sixty days"), expression=REVIEWED)
MEASURED = Words("六十天内完成资产检视的比例", "Share who hold a review within sixty days")
Page = tuple[str, str, str]
"""Title, subtitle and the sentence of the rules before who gets how many."""


def after_review(name: str, goal: str, zh: Page, en: Page, message: MessagePlan) -> Offer:
    """The campaign that gives its benefit to whoever held a review."""
    return Offer(
        acted=True,
        draft=Draft(
            name=name,
            goal=goal,
            mode=CampaignMode.PULL,
            metric="review",
            metric_days=DAYS,
            valid_days=30,
            page_texts=page_of((*zh[:2], f"{zh[2]}{ONE_EACH}"), (*en[:2], f"{en[2]} {ONE_EACH_EN}")),
            message=message,
        ),
    )
