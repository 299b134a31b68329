"""Customers like those of a seed: what is asked, what was learned, who was found."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Invalid, NotFound

SEED_MIN = 200
"""From fewer customers chance is learned, not likeness."""
WANTED_MAX = 1_000_000
PROTECTED = frozenset(
    {
        "gender", "sex", "ethnicity", "race", "religion", "nationality", "native_place", "political_status",
        "marital_status", "pregnant", "children", "health", "disability", "illness",
    }
)  # fmt: skip
"""Attributes that nobody is likened by, whatever a bank holds: the law forbids to tell people apart by most of them."""


class State(StrEnum):
    """asked → done, or failed: `failure` says why."""

    ASKED = "asked"
    DONE = "done"
    FAILED = "failed"


class NewSearch(msgspec.Struct, frozen=True, kw_only=True):
    """Find the `wanted` customers most like those of a segment or of an uploaded list."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    wanted: Annotated[int, msgspec.Meta(ge=1, le=WANTED_MAX)]
    segment_id: UUID | None = None
    upload_id: UUID | None = None
    request_no: str | None = None


class Driver(msgspec.Struct, frozen=True, kw_only=True):
    """What the likeness rests on: a tag's value, an attribute's value or its band from `low` on.

    `share` of all that was learned; `seed_share` and `rest_share` are who of the seed and of all others have it.
    """

    kind: str
    name: str
    label: str
    label_en: str
    value: str | None
    low: str | None
    direction: str
    """up: who has it is likelier to be like the seed; down: less likely."""
    share: float
    seed_share: float
    rest_share: float


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """A search with its record. `auc`: how well the seed was told from others on customers kept aside, 0.5 is chance.

    `upload_id` is the list of who was found, a leaf of the language like every list.
    """

    id: UUID
    name: str
    segment_id: UUID | None
    segment_version: int | None
    seed_upload_id: UUID | None
    wanted: int
    state: State
    failure: str
    failure_detail: str
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    seed: int
    others: int
    auc: float | None
    drivers: list[Driver]
    upload_id: UUID | None
    found: int


class SearchUnknown(NotFound):
    """No such search in this bank."""

    code = "lookalikes.unknown"


class SeedUnfit(Invalid):
    """It names no seed or two, or one that is chosen by deposit facts (rule B1)."""

    code = "lookalikes.seed_unfit"


class SeedTooSmall(Invalid):
    """Fewer than `SEED_MIN` of the seed, or of all others, may be learned from."""

    code = "lookalikes.seed_too_small"


class NothingToLearn(Invalid):
    """No tag and no attribute may be learned from."""

    code = "lookalikes.nothing_to_learn"


class SearchAsked(Event, frozen=True, kw_only=True):
    """Somebody wants customers like those of a seed."""

    name: ClassVar[str] = "lookalikes.asked"
    search_id: UUID


class SearchDone(Event, frozen=True, kw_only=True):
    """Customers like those of a seed were found."""

    name: ClassVar[str] = "lookalikes.found"
    search_id: UUID
    upload_id: UUID
    count: int
