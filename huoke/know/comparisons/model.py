"""What several segments share, and what tells two of them apart."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Invalid
from huoke.know.segments import Portrait
from huoke.know.tags import TagProfile

AT_ONCE_MAX = 5
"""Five segments have 31 parts; more cannot be read."""


class SegmentsUnfit(Invalid):
    """Too few segments to compare, too many, one twice, or of several purposes."""

    code = "comparisons.segments"


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One of the segments with its customers in scope; None for a number too small to be told."""

    id: UUID
    name: str
    total: int | None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Customers who are in exactly these segments and in none of the others."""

    segment_ids: list[UUID]
    count: int | None


class Intersection(msgspec.Struct, frozen=True, kw_only=True):
    """Every part of 2 … 5 segments, the largest first, those nobody is in included: the parts add up to `anybody`."""

    segments: list[Compared]
    parts: list[Part]
    anybody: int | None
    universe: int
    data_at: datetime


class IntersectionQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """The segments to lay over each other."""

    segment_ids: Annotated[list[UUID], msgspec.Meta(min_length=2, max_length=AT_ONCE_MAX)]


class ComparisonQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Two segments, or (without `other_id`) one and all others of the bank in scope."""

    segment_id: UUID
    other_id: UUID | None = None
    sampled: bool = True


class SegmentComparison(msgspec.Struct, frozen=True, kw_only=True):
    """A segment beside those of another who are not in it too, so that the two sides share nobody.

    `portrait` and `tags` have the segment where a segment is, and those others where the bank is. `both` are in the two
    segments; they count on the side of the first.
    """

    segment: Compared
    other: Compared | None
    others: int | None
    both: int | None
    portrait: Portrait
    tags: TagProfile
    data_at: datetime
