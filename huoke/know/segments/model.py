"""What a segment is: a saved expression with a purpose; what counting, explaining and freezing it give."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.events import Event
from huoke.kernel.ids import Seq, UnitId
from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound
from huoke.know.language import MOST, AttributeUse, Direction, Limit, Serves, StepExplanation, Stopped, Verdict, Within


class Sharing(StrEnum):
    """Who sees a segment beside those above its unit."""

    UNIT = "unit"
    """Its unit and all below it."""
    BANK = "bank"


class NodeCount(msgspec.Struct, frozen=True, kw_only=True):
    """One node, by its JSON pointer in the expression ("" is the root): for how many it is true, and unknown."""

    path: str
    count: int
    unknown: int


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """A live count. `universe`: active customers in scope with a basis for the purpose; all counts lie within it."""

    total: int
    universe: int
    without_basis: int
    """Active customers in scope left out because nothing allows the purpose (rule P1)."""
    suppressed: int
    """Members of the total who are suppressed now and will be given nothing (rule S2)."""
    nodes: list[NodeCount]
    uses: list[AttributeUse]
    data_at: datetime


class PortraitValue(msgspec.Struct, frozen=True, kw_only=True):
    """A value (of a flag "true", of a unit its id), or the band from `low` on and below `high`, an open end missing.

    `count` of the rule's customers and `universe` of all in scope have it.
    """

    value: str | None = None
    low: str | None = None
    high: str | None = None
    count: int
    universe: int


class PortraitTrait(msgspec.Struct, frozen=True, kw_only=True):
    """One attribute (or `unit`) with its most frequent values; `known`: of how many anything is known at all."""

    name: str
    label: str
    label_en: str
    type: str
    known: int
    known_universe: int
    values: list[PortraitValue]


class Portrait(msgspec.Struct, frozen=True, kw_only=True):
    """What the customers of a rule are like beside all in scope with a basis for the purpose (`universe`)."""

    total: int
    universe: int
    traits: list[PortraitTrait]
    data_at: datetime


class RankExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's place in the group it is ranked in: `place` is None where it has none.

    Of `ranked` customers the first `taken` are in, and everyone equal to the last of them. `unit_id` is the branch or
    unit of the group, None for the whole bank.
    """

    place: int | None
    ranked: int
    taken: int
    direction: Direction
    within: Within
    unit_id: UnitId | None = None


class NodeExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why one node is true, false or unknown for one customer. Values of class C2 are withheld (`masked`).

    `threshold` and `value` of a sequence are its steps and those done; of a rank the edge of the group and the value
    beside it; of a bucket its ends and the customer's place, in parts per million. `as_of` is when an attribute's value
    came, when a tag was filled, of when the events are; `origin` says more of the source: the import by name, the
    version of a tag's definition. `last_at` is the last event that counts.
    """

    path: str
    kind: str
    verdict: Verdict
    name: str = ""
    label: str = ""
    label_en: str = ""
    op: str = ""
    threshold: Any = None
    value: Any = None
    masked: bool = False
    as_of: datetime | None = None
    source: str = ""
    origin: str = ""
    money: bool = False
    """Value and threshold are amounts in fen."""
    last_at: datetime | None = None
    steps: list[StepExplanation] = []
    stopped: Stopped | None = None
    """Why a sequence went no further than the last step done."""
    rank: RankExplanation | None = None


class Flip(msgspec.Struct, frozen=True, kw_only=True):
    """One leaf that would have to come out otherwise, and how."""

    path: str
    name: str
    needed: str
    """What the value would have to be, as an expression: ">= 30", "in retired, student"; of a sequence its steps."""
    value: Any = None
    masked: bool = False


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a customer is in a segment or not. `flips` is the smallest set of leaf changes that would turn it around."""

    seq: Seq
    verdict: Verdict
    member: bool
    scope: list[str]
    """What of scope keeps the customer out whatever the rule says: closed, unit, basis."""
    nodes: list[NodeExplanation]
    flips: list[Flip]


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A saved segment at its latest version."""

    id: UUID
    name: str
    purpose: str
    serves: Serves
    basis: str | None
    unit_id: UnitId | None
    shared_with: Sharing
    version: int
    expression: dict[str, Any]
    size: int | None
    counted_at: datetime | None
    created_by: str
    created_at: datetime
    changed_at: datetime
    archived_at: datetime | None = None
    used: int = 0
    """How many campaigns, segments and lists use it."""
    followed: bool = False
    """Dynamic: its members are known by day, and told as they enter and leave. Else it is counted when asked."""
    frozen: int = 0
    """How many audiences were frozen of it."""


class SegmentVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One saved version."""

    version: int
    hash: str
    saved_by: str
    saved_at: datetime
    expression: dict[str, Any]


class NewSegment(msgspec.Struct, frozen=True, kw_only=True):
    """A segment to save. `basis` registers why deposit facts may be used in selection (rule B1)."""

    name: str
    expression: dict[str, Any]
    purpose: str = "marketing"
    serves: Serves = Serves.SELECTION
    basis: str | None = None
    request_no: str | None = None


class SegmentChange(msgspec.Struct, frozen=True, kw_only=True):
    """A new version of a segment; `expected_version` is the one it was made from."""

    name: str
    expression: dict[str, Any]
    expected_version: int
    basis: str | None = None


class NewUpload(msgspec.Struct, frozen=True, kw_only=True):
    """A list of customer numbers, at most 1,000,000."""

    name: str
    customer_nos: list[str]
    request_no: str | None = None


class UploadReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a list matched: `matched` customers, `repeated` entries, `unmatched` entries (a sample of them by name)."""

    id: UUID
    name: str
    listed: int
    matched: int
    repeated: int
    unmatched: int
    unmatched_sample: list[str]
    created_by: str
    created_at: datetime


class NewAudience(msgspec.Struct, frozen=True, kw_only=True):
    """Freeze a segment's latest version."""

    segment_id: UUID
    request_no: str | None = None


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers of a set one list of exclusions leaves out; who stands on two lists counts on both.

    `alone` are those whom no list before it took, so that they add up; None of audiences frozen before it was noted.
    """

    id: UUID
    name: str
    count: int
    alone: int | None = None


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """The set a segment gave at one time, without whom the bank always leaves out; never changed."""

    id: UUID
    segment_id: UUID
    segment_version: int
    name: str
    purpose: str
    units: list[UnitId] | None
    hash: str
    size: int
    data_at: datetime
    created_by: str
    created_at: datetime
    left_out: list[LeftOut] = []
    """Who was of the segment and on a list that is always left out."""


class SegmentUnknown(NotFound):
    """No such segment in this bank or in the caller's scope."""

    code = "segments.unknown"


class NotYours(Forbidden):
    """The segment belongs to a unit outside the caller's: it can be used and copied, not changed."""

    code = "segments.not_yours"


class InUse(Conflict):
    """Something uses the segment: it cannot be put away, or shown to fewer."""

    code = "segments.in_use"


class UploadUnknown(NotFound):
    """No such uploaded list."""

    code = "segments.upload_unknown"


class AudienceUnknown(NotFound):
    """No such audience."""

    code = "segments.audience_unknown"


class ReferenceCircle(Invalid):
    """A segment that refers to itself, at last; `circle` names the way."""

    code = "segments.reference_circle"


class VersionStale(Conflict):
    """Somebody saved another version meanwhile."""

    code = "segments.version_stale"


class UploadTooLarge(Invalid):
    """More entries than one list may have."""

    code = "segments.upload_too_large"


class SegmentSaved(Event, frozen=True):
    """A segment was created or got a new version."""

    name = "segments.saved"
    segment_id: UUID
    segment_version: int


class AudienceFrozen(Event, frozen=True):
    """An audience was frozen."""

    name = "segments.audience_frozen"
    audience_id: UUID
    segment_id: UUID
    size: int


UPLOAD_MAX = MOST[Limit.UPLOAD]
