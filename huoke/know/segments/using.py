"""Who uses a segment: other segments, and what other modules tell through the port."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from uuid import UUID

import msgspec

from huoke.kernel import sets
from huoke.kernel.ids import UnitId
from huoke.kernel.sets import Plan
from huoke.kernel.tx import Tx
from huoke.know.events import EventUse
from huoke.know.language import Analytics, Expression, evaluate_plan, events_in, parse
from huoke.know.segments import store
from huoke.know.segments.count import Scope, ask
from huoke.know.segments.freeze import audience_members
from huoke.know.segments.model import Segment
from huoke.know.segments.vocabulary import references, tags_in
from huoke.know.tags import TagUse

OVERLAPS_MAX = 8


class SegmentUse(msgspec.Struct, frozen=True, kw_only=True):
    """Something that uses a segment. `live`: it runs now; `audience_id`: the customers it froze of the segment."""

    kind: str
    """campaign, segment or list."""
    id: UUID
    name: str
    state: str
    segment_id: UUID | None
    unit_id: int | None = None
    audience_id: UUID | None = None
    live: bool = False


class AudienceOverlap(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers a rule shares with what runs now: `size` there, `both` in the two."""

    id: UUID
    name: str
    size: int
    both: int
    total: int
    """Customers of the rule."""


Users = Callable[[Tx], Awaitable[list[SegmentUse]]]
_users: dict[str, Users] = {}


def register_users(kind: str, users: Users) -> None:
    """`app` says who tells which things of a kind use which segments."""
    _users[kind] = users


Followed = Callable[[Tx], Awaitable[frozenset[UUID]]]
_followed: list[Followed] = []


def register_followed(followed: Followed) -> None:
    """`app` says who knows which segments are followed day by day."""
    _followed[:] = [followed]


async def with_lives(tx: Tx, found: list[Segment], used: Mapping[UUID, int]) -> list[Segment]:
    """Segments with how each lives: followed day by day or not, how often frozen, how often used."""
    dynamic = frozenset().union(*[await followed(tx) for followed in _followed])
    frozen = await store.counts_of_audiences(tx, [one.id for one in found])
    return [
        msgspec.structs.replace(one, used=used.get(one.id, 0), followed=one.id in dynamic, frozen=frozen.get(one.id, 0))
        for one in found
    ]


async def uses_of(tx: Tx, segment_id: UUID) -> list[SegmentUse]:
    """What uses a segment, by kind: campaigns, lists, segments that refer to it."""
    return sorted((use for use in await _all(tx) if use.segment_id == segment_id), key=lambda use: use.kind)


async def counts_of_uses(tx: Tx) -> dict[UUID, int]:
    """How many things use each segment that is used."""
    return dict(Counter(use.segment_id for use in await _all(tx) if use.segment_id is not None))


async def readers_of(tx: Tx, event: str) -> list[EventUse]:
    """The segments whose rule asks for events of a name."""
    return [
        EventUse(kind="segment", id=str(row["id"]), title=row["name"])
        for row in await store.saying(tx, event)
        if event in events_in(parse(row["expression"]))
    ]


async def users_of_tags(tx: Tx) -> list[TagUse]:
    """The segments whose rule asks for tags."""
    return [
        TagUse(kind="segment", id=str(row["id"]), name=row["name"], tag=name)
        for row in await store.saying(tx, "tag")
        for name in sorted(tags_in(parse(row["expression"])))
    ]


async def overlaps(
    tx: Tx, analytics: Analytics, expression: Expression, scope: Scope, *, units: Collection[UnitId] | None
) -> list[AudienceOverlap]:
    """How a rule overlaps with the audiences of campaigns that run now in the caller's units, largest first."""
    live = [use for use in await _all(tx) if use.live and use.audience_id and (units is None or use.unit_id in units)][
        :OVERLAPS_MAX
    ]
    if not live:
        return []
    question = await ask(tx, analytics, expression, scope)
    yes = question.planner.yes(question.compiled.expanded)
    parts: list[Plan] = [sets.Any_(name="total", parts=(yes,))]
    for use in live:
        leaf = sets.Leaf(key=question.version.prefix + _key(use))
        there = sets.All(parts=(leaf, question.everyone))
        parts += [
            sets.Any_(name=f"size/{use.id}", parts=(there,)),
            sets.All(name=f"both/{use.id}", parts=(yes, leaf)),
        ]
    for use in live:
        key = question.version.prefix + _key(use)
        if await analytics.sets.missing(tx.tenant, [key]):
            assert use.audience_id is not None, "live uses were chosen by their audience"
            members = await audience_members(tx, use.audience_id)
            await analytics.sets.put(tx.tenant, {key: members.to_bytes()})
    counts = (await evaluate_plan(tx, analytics, question, sets.Any_(parts=tuple(parts)))).counts
    found = [
        AudienceOverlap(
            id=use.id,
            name=use.name,
            size=counts[f"size/{use.id}"],
            both=counts[f"both/{use.id}"],
            total=counts["total"],
        )
        for use in live
    ]
    return sorted(found, key=lambda one: (-one.both, one.name))


def _key(use: SegmentUse) -> str:
    return f"audience/{use.audience_id}"


async def _all(tx: Tx) -> list[SegmentUse]:
    told = [use for users in _users.values() for use in await users(tx)]
    return [*told, *await _referring(tx)]


async def _referring(tx: Tx) -> list[SegmentUse]:
    found = []
    for row in await store.referring(tx):
        found += [
            SegmentUse(
                kind="segment", id=row["id"], name=row["name"], state="", segment_id=named, unit_id=row["unit_id"]
            )
            for named in sorted(references(parse(row["expression"])))
        ]
    return found
