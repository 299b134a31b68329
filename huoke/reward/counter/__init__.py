"""The counter: where staff and merchants' clerks look codes up, redeem, undo, and read their day.

It brings together what `grants` redeems, `merchants` accept and `outlets` hand out; it keeps nothing of its own.
"""

from huoke.reward.counter.day import (
    Day,
    Standing,
    Totals,
    WhyNot,
    desk_of,
    read_day,
    totals_of,
)
from huoke.reward.counter.shown import shown_at

__all__ = [
    "Day",
    "Standing",
    "Totals",
    "WhyNot",
    "desk_of",
    "read_day",
    "shown_at",
    "totals_of",
]
