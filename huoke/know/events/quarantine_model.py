"""Messages put aside: why, how they read, and what may be done with them."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.kernel.ids import Seq


class Reason(StrEnum):
    """Why a message is in quarantine."""

    UNKNOWN_NAME = "unknown_name"
    UNKNOWN_PROPERTY = "unknown_property"
    UNFIT_PROPERTY = "unfit_property"
    MISSING_PROPERTY = "missing_property"
    UNFIT_TRAIT = "unfit_trait"
    UNFIT_TIME = "unfit_time"


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """A message put aside. `shape` tells each property's JSON type; values stay sealed."""

    id: UUID
    name: str
    reason: Reason
    detail: str
    property: str
    seq: Seq | None
    source: str
    recorded_at: datetime
    shape: dict[str, str]
    expires_at: datetime


class QuarantineCause(msgspec.Struct, frozen=True, kw_only=True):
    """Messages that lie aside for one and the same cause; `detail` is that of the latest one."""

    name: str
    reason: Reason
    property: str
    detail: str
    sources: list[str]
    messages: int
    first_at: datetime
    last_at: datetime


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """Messages to try again: some by id, else those of a name and cause (all when empty)."""

    name: str = ""
    reason: Reason | None = None
    property: str | None = None
    ids: list[UUID] = []


class Discard(msgspec.Struct, frozen=True, kw_only=True):
    """Messages to throw away, by id, and why."""

    ids: list[UUID]
    reason: str


class Clearance(msgspec.Struct, frozen=True, kw_only=True):
    """All messages of one name that lie aside for one cause, to throw away, and why."""

    name: str
    cause: Reason
    property: str = ""
    reason: str


class Cleared(msgspec.Struct, frozen=True, kw_only=True):
    """How many were thrown away, and whether there are more."""

    discarded: int
    more: bool


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of them. `traits_refused` were taken but for a trait that fits its attribute no more."""

    accepted: int
    waiting: int
    duplicate: int
    still_unfit: int
    traits_refused: int = 0
    refused_traits: list[str] = []
    """Why, once each, at most 20."""
