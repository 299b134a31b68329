"""What the API is asked and answers about segments, where it is not a segment itself."""

from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec

from huoke.govern.people import staff
from huoke.kernel.ids import Seq
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import consent
from huoke.know.language import AttributeUse, Expression, Serves, parse
from huoke.know.segments.count import Scope
from huoke.know.segments.model import Audience, Segment, SegmentVersion, Sharing
from huoke.know.segments.save import check_references
from huoke.know.segments.using import SegmentUse

SAMPLE_MAX = 50


class SegmentPage(msgspec.Struct, frozen=True, kw_only=True):
    """A segment with its versions, the attributes it uses and what the caller may do here."""

    segment: Segment
    versions: list[SegmentVersion]
    uses: list[AttributeUse]
    used_by: list[SegmentUse]
    can: list[str]


class CountQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """An expression to ask about, as it would be saved; `segment_id` is the segment whose rule it is to be."""

    expression: dict[str, Any]
    purpose: str = consent.MARKETING
    serves: Serves = Serves.SELECTION
    basis: str | None = None
    segment_id: UUID | None = None


class SampleQuestion(CountQuestion, frozen=True, kw_only=True):
    """An expression to draw a fair sample of; another `salt` draws another one."""

    n: Annotated[int, msgspec.Meta(ge=1, le=SAMPLE_MAX)] = 20
    salt: str = ""


class ProfileQuestion(CountQuestion, frozen=True, kw_only=True):
    """An expression to set beside all tags; `sampled` answers from a fair sample, in a moment."""

    sampled: bool = False


class ExplainExpression(CountQuestion, frozen=True, kw_only=True):
    """An expression and the number of a customer to explain."""

    customer_no: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Tab(StrEnum):
    """Cuts of the list; without one, all that are not put away."""

    MINE = "mine"
    USED = "used"
    UNUSED = "unused"
    ARCHIVED = "archived"


class SegmentList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of segments with how many each tab has."""

    items: list[Segment]
    next_cursor: str | None = None
    total: int | None = None

    counts: dict[str, int] = msgspec.field(default_factory=dict)


class NewCopy(msgspec.Struct, frozen=True, kw_only=True):
    """The name of a copy."""

    name: str
    request_no: str | None = None


class NewSharing(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to see a segment."""

    shared_with: Sharing


class Archiving(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a segment is put away."""

    away: bool


class Reversion(msgspec.Struct, frozen=True, kw_only=True):
    """The version whose rule comes back; `expected_version` is the latest one the caller saw."""

    version: int
    expected_version: int


class ExplainQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A customer to explain."""

    seq: Seq


async def asked_of(tx: Tx, principal: Principal, question: CountQuestion) -> tuple[Expression, Scope]:
    """The expression within the caller's units, once its references are ones the caller sees."""
    await check_references(tx, principal, question.expression, question.segment_id)
    scope = Scope(
        units=principal.units,
        purpose=question.purpose,
        serves=question.serves,
        basis=question.basis,
        segment_id=question.segment_id,
    )
    return parse(question.expression), scope


def verbs_of(principal: Principal, segment: Segment) -> list[str]:
    """What the caller may do with a segment they see."""
    mine = principal.units is None or segment.unit_id in principal.units
    return [word for word, needed, own in _VERBS if principal.may(needed) and (mine or not own)]


_VERBS = (
    ("change", "segment.write", True),
    ("share", "segment.write", True),
    ("archive", "segment.write", True),
    ("copy", "segment.write", False),
    ("freeze", "audience.freeze", False),
    ("export", "list.export", False),
)
"""Verb, permission, and whether the segment has to be of the caller's units."""


def told(principal: Principal, found: list[Segment]) -> list[Segment]:
    """Without the size of the last count for a caller with a scope of units: others of the bank were counted in it."""
    if principal.units is None:
        return found
    return [msgspec.structs.replace(segment, size=None, counted_at=None) for segment in found]


def within(principal: Principal, audience: Audience) -> bool:
    """Whether an audience holds customers of the caller's units alone."""
    units = audience.units
    return principal.units is None or (units is not None and principal.units.issuperset(units))


async def named(tx: Tx, found: list[Segment]) -> list[Segment]:
    """With their makers by name; who is no member of staff keeps the id."""
    names = await staff.names(tx, {segment.created_by for segment in found})
    return [
        msgspec.structs.replace(segment, created_by=names.get(segment.created_by, segment.created_by))
        for segment in found
    ]
