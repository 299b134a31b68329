"""Lists that are always left out: of every audience as it is frozen, and of every hand-over after it.

exclusion_id = await exclusions.add(tx, analytics, NewExclusion(name="投诉未结", kind=…, reason=…, upload_id=…))
kept, told = await exclusions.leave_out(tx, members)                     how many by which list
change_id = await exclusions.ask_to_lift(tx, exclusion_id, reason)        another person decides
"""

from huoke.know.exclusions.keep import add, find, get, needs, uses
from huoke.know.exclusions.leave_out import excluded, leave_out
from huoke.know.exclusions.lift import ExclusionLifting, ask_to_lift
from huoke.know.exclusions.model import (
    Exclusion,
    ExclusionOver,
    ExclusionUnfit,
    ExclusionUnknown,
    Kind,
    NewExclusion,
    State,
)

__all__ = [
    "Exclusion",
    "ExclusionLifting",
    "ExclusionOver",
    "ExclusionUnfit",
    "ExclusionUnknown",
    "Kind",
    "NewExclusion",
    "State",
    "add",
    "ask_to_lift",
    "excluded",
    "find",
    "get",
    "leave_out",
    "needs",
    "uses",
]
