"""Lists of customers a bank always leaves out: who made them, why, until when, and how one is lifted."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Conflict, Invalid, NotFound

CHANGE = "exclusion"
"""The kind of change that lifts one."""
NAME_CHARACTERS_MAX = 60


class Kind(StrEnum):
    """Why customers are left out."""

    COMPLAINT = "complaint"
    STAFF = "staff"
    LEGAL = "legal"
    RISK = "risk"
    OTHER = "other"


class State(StrEnum):
    """in_force → lifting (somebody asked, another decides) → lifted; ended when its last day is over."""

    IN_FORCE = "in_force"
    LIFTING = "lifting"
    ENDED = "ended"
    LIFTED = "lifted"


COUNTING = frozenset({State.IN_FORCE, State.LIFTING})


class NewExclusion(msgspec.Struct, frozen=True, kw_only=True):
    """A list to leave out from now on: of an uploaded list, or of a segment, which is then followed day by day.

    `until_on` is the last day it counts; without it, it counts until it is lifted.
    """

    name: str
    kind: Kind
    reason: str
    upload_id: UUID | None = None
    segment_id: UUID | None = None
    until_on: date | None = None
    request_no: str | None = None


class Exclusion(msgspec.Struct, frozen=True, kw_only=True):
    """A list that is left out. `owner` answers for it; `members` are those it leaves out now,
    None for whoever sees only some units' customers.
    """

    id: UUID
    name: str
    kind: Kind
    reason: str
    owner: str
    upload_id: UUID | None
    segment_id: UUID | None
    until_on: date | None
    created_at: datetime
    state: State
    members: int | None
    change_id: UUID | None = None
    lifting_reason: str = ""
    lifted_at: datetime | None = None
    can: list[str] = []


class Lifting(msgspec.Struct, frozen=True, kw_only=True):
    """Why a list is to be left out no longer."""

    reason: str


class LiftingAsked(msgspec.Struct, frozen=True, kw_only=True):
    """The change another person decides."""

    change_id: UUID


class ExclusionUnknown(NotFound):
    """No such list in this bank."""

    code = "exclusions.unknown"


class ExclusionUnfit(Invalid):
    """It names no customers, or a day that is over."""

    code = "exclusions.unfit"


class ExclusionOver(Conflict):
    """It is lifted, has ended, or somebody asked to lift it already."""

    code = "exclusions.over"


def check_new(new: NewExclusion, today: date) -> None:
    """Raise `ExclusionUnfit`."""
    if not 1 <= len(new.name.strip()) <= NAME_CHARACTERS_MAX:
        raise ExclusionUnfit(f"A name has 1 to {NAME_CHARACTERS_MAX} characters.", pointer="/name")
    if (new.upload_id is None) == (new.segment_id is None):
        raise ExclusionUnfit("Name an uploaded list or a segment, one of them.", pointer="/segment_id")
    if new.until_on is not None and new.until_on < today:
        raise ExclusionUnfit(f"{new.until_on} is over; choose today or later.", pointer="/until_on")


def state_of(lifted_at: datetime | None, change_id: UUID | None, until_on: date | None, today: date) -> State:
    """How a list stands on a day."""
    if lifted_at is not None:
        return State.LIFTED
    if until_on is not None and until_on < today:
        return State.ENDED
    return State.LIFTING if change_id else State.IN_FORCE
