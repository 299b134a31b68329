"""Look-alikes: the customers outside a seed who are most like it, as a list with a record of how it was made.

search_id = await lookalikes.ask(tx, NewSearch(name="像活动参与者", segment_id=…, wanted=5_000))      a job finds them
found = await lookalikes.get(tx, search_id)                                 AUC on customers kept aside, drivers, list
"""

from huoke.know.lookalikes.ask import ask, find, get
from huoke.know.lookalikes.model import (
    PROTECTED,
    SEED_MIN,
    Driver,
    NewSearch,
    NothingToLearn,
    Search,
    SearchUnknown,
    SeedTooSmall,
    SeedUnfit,
    State,
)
from huoke.know.lookalikes.nearest import search

__all__ = [
    "PROTECTED",
    "SEED_MIN",
    "Driver",
    "NewSearch",
    "NothingToLearn",
    "Search",
    "SearchUnknown",
    "SeedTooSmall",
    "SeedUnfit",
    "State",
    "ask",
    "find",
    "get",
    "search",
]
