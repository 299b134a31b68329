"""Segments that are followed: how their members come and go, day by day."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, NotFound

DAYS_MAX = 365


class Following(msgspec.Struct, frozen=True, kw_only=True):
    """How a segment is followed. Before the first reckoning there is no `since` and no `day`.

    `held` is the code of the refusal that the latest attempt met (a tag too old, data on its way), empty when it went
    well: the members are then still those of `day`. `members` is None for whoever sees only some units' customers.
    """

    segment_id: UUID
    since: date | None
    day: date | None
    version: int | None
    members: int | None
    data_at: datetime | None
    reckoned_at: datetime | None
    held: str
    held_detail: str
    began_by: str
    began_at: datetime


class GrowthDay(msgspec.Struct, frozen=True, kw_only=True):
    """One day: who was in at its end, who entered and left during it; None for a number too small to be told.

    `changed`: the rule is another one than on the day before, so that people did not come and go of themselves.
    """

    day: date
    members: int | None
    entered: int | None
    left: int | None
    version: int
    changed: bool


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """A segment's members by day, earliest first; `following` None where nobody follows it."""

    following: Following | None
    days: list[GrowthDay]
    can: list[str]


class NewFollowing(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a segment is followed."""

    followed: bool


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a customer is in a followed segment, and since when; `at_least` where its history is no older."""

    member: bool
    day: date
    at_least: bool


class NotFollowed(NotFound):
    """Nobody follows the segment, or not yet on that day."""

    code = "membership.not_followed"


class Needed(Conflict):
    """Something needs the segment's members to be known: it cannot be left alone."""

    code = "membership.needed"


class FollowingAsked(Event, frozen=True, kw_only=True):
    """A segment's members are wanted, now."""

    name: ClassVar[str] = "membership.asked"
    segment_id: UUID


class SegmentEntered(Event, frozen=True, kw_only=True):
    """The customers in the event's set, of one chunk, are in a followed segment and were not before."""

    name: ClassVar[str] = "segments.entered"
    segment_id: UUID
    segment_version: int


class SegmentLeft(Event, frozen=True, kw_only=True):
    """The customers in the event's set, of one chunk, are in a followed segment no longer."""

    name: ClassVar[str] = "segments.left"
    segment_id: UUID
    segment_version: int
