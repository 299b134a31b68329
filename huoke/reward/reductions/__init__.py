"""Reductions 立减金: benefits the cashier takes off a payment; who bears them, to the fen, also when part goes back.

fit = await reductions.find_fitting(tx, seq, price_fen, place)   best first, each with why not where it does not fit
held = await reductions.hold(tx, wanted)                         one for each payment; `payments` does it by itself
await reductions.use(tx, payment_ids)                            the money came: every funder's share is booked
await reductions.free(tx, payment_ids)                           it will not come: the customer has it again
await reductions.give_back(tx, backs)                            part of the money went back, and so do the shares
"""

from huoke.reward.reductions.model import (
    AtCashier,
    Back,
    Fitting,
    Hold,
    ReductionLimitReached,
    ReductionNotHere,
    ReductionTooSmall,
    ReductionUnknown,
    Shares,
    TierTooLow,
    Use,
    divide,
    part,
)
from huoke.reward.reductions.read import backs_for, find_fitting, terms_for, uses_for, verify
from huoke.reward.reductions.take import free, give_back, hold, lock_for, use

__all__ = [
    "AtCashier",
    "Back",
    "Fitting",
    "Hold",
    "ReductionLimitReached",
    "ReductionNotHere",
    "ReductionTooSmall",
    "ReductionUnknown",
    "Shares",
    "TierTooLow",
    "Use",
    "backs_for",
    "divide",
    "find_fitting",
    "free",
    "give_back",
    "hold",
    "lock_for",
    "part",
    "terms_for",
    "use",
    "uses_for",
    "verify",
]
