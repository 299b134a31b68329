"""Tiers: growth that nobody can spend, tiers it leads to, and what comes with them.

outcomes = await tiers.credit_growth(tx, credits)   a batch; idempotent by source and line; lifts who reaches a tier
standing = await tiers.standing(tx, seq)            tier, growth, what is missing for the next
tiers = await tiers.standings(tx, seqs)            the tier of each, for prices and rules
"""

from huoke.reward.tiers.credit import credit_growth
from huoke.reward.tiers.give import give_month, give_reached
from huoke.reward.tiers.model import (
    ATTRIBUTE,
    Cause,
    GrowthCredit,
    NoScheme,
    Outcome,
    Period,
    Rhythm,
    Scheme,
    SchemeChanged,
    SchemeOpen,
    SchemeUnfit,
    Tier,
    TierBenefit,
    TiersChanged,
)
from huoke.reward.tiers.read import (
    Gain,
    MonthGrowth,
    Move,
    Spread,
    Standing,
    TierCount,
    gains,
    members,
    months,
    moves,
    names,
    scheme,
    spread,
    standing,
    standings,
    verify,
)
from huoke.reward.tiers.review import carry_over, review_due
from huoke.reward.tiers.schemes import NewScheme, SchemeApproval, SchemeRequest, preview, request_scheme, requests
from huoke.reward.tiers.whatif import Cost, TierMove, TierSize, WhatIf, what_if

__all__ = [
    "ATTRIBUTE",
    "Cause",
    "Cost",
    "Gain",
    "GrowthCredit",
    "MonthGrowth",
    "Move",
    "NewScheme",
    "NoScheme",
    "Outcome",
    "Period",
    "Rhythm",
    "Scheme",
    "SchemeApproval",
    "SchemeChanged",
    "SchemeOpen",
    "SchemeRequest",
    "SchemeUnfit",
    "Spread",
    "Standing",
    "Tier",
    "TierBenefit",
    "TierCount",
    "TierMove",
    "TierSize",
    "TiersChanged",
    "WhatIf",
    "carry_over",
    "credit_growth",
    "gains",
    "give_month",
    "give_reached",
    "members",
    "months",
    "moves",
    "names",
    "preview",
    "request_scheme",
    "requests",
    "review_due",
    "scheme",
    "spread",
    "standing",
    "standings",
    "verify",
    "what_if",
]
