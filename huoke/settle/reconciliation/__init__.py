"""Reconciliation: a supplier's file of a business day beside our orders and the ledger, or a coupon platform's list of
uses beside ours; differences worked to zero.

file_id = await reconciliation.bring(database, tenant, actor, supplier_id, on, content)
await reconciliation.resolve(tx, difference_id, Resolution.ACCEPT_THEIRS, reason)      and, by somebody else,
await reconciliation.confirm(tx, difference_id)
"""

from huoke.settle.reconciliation.accept import AcceptedDifference, accepted
from huoke.settle.reconciliation.alarms import watch
from huoke.settle.reconciliation.bring import bring, fetch
from huoke.settle.reconciliation.model import (
    About,
    DayFileCompared,
    DayFileRow,
    DayFileUnfit,
    DayFileUnknown,
    DayNotOver,
    Difference,
    DifferenceClosed,
    DifferenceKind,
    DifferenceState,
    DifferenceUnknown,
    DifferenceWrongState,
    MovedSince,
    NotFinal,
    Resolution,
    SecondPersonNeeded,
    read_day_file,
)
from huoke.settle.reconciliation.read import count_differences, find_differences, find_files, get_file
from huoke.settle.reconciliation.work import confirm, resolve, take_back

__all__ = [
    "About",
    "AcceptedDifference",
    "DayFileCompared",
    "DayFileRow",
    "DayFileUnfit",
    "DayFileUnknown",
    "DayNotOver",
    "Difference",
    "DifferenceClosed",
    "DifferenceKind",
    "DifferenceState",
    "DifferenceUnknown",
    "DifferenceWrongState",
    "MovedSince",
    "NotFinal",
    "Resolution",
    "SecondPersonNeeded",
    "accepted",
    "bring",
    "confirm",
    "count_differences",
    "fetch",
    "find_differences",
    "find_files",
    "get_file",
    "read_day_file",
    "resolve",
    "take_back",
    "watch",
]
