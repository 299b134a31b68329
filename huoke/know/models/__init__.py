"""Models: what customers will probably do and be worth, learned from the bank's own past and judged on a later time.

learned = models.learn(Algorithm.BOOSTED, earlier, later)      rows in, a text out, and how well it foretold
told = models.scores(learned, features)                        calibrated probabilities
comeback = models.fit_comeback(purchases)                      how often customers come back (BG/NBD)
"""

from huoke.know.models.learn import (
    Algorithm,
    Judgement,
    Learned,
    OutcomeTooRare,
    Rows,
    contributions,
    drift,
    judge,
    learn,
    scores,
)
from huoke.know.models.lifetime import (
    Comeback,
    Purchases,
    TooFew,
    Worth,
    fit_comeback,
    fit_worth,
    lifetime_value,
)

__all__ = [
    "Algorithm",
    "Comeback",
    "Judgement",
    "Learned",
    "OutcomeTooRare",
    "Purchases",
    "Rows",
    "TooFew",
    "Worth",
    "contributions",
    "drift",
    "fit_comeback",
    "fit_worth",
    "judge",
    "learn",
    "lifetime_value",
    "scores",
]
