"""Laying segments over each other: every part of them counted in one plan."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from uuid import UUID

import msgspec

from huoke.kernel import sets, telling
from huoke.kernel.ids import UnitId
from huoke.kernel.sets import Plan
from huoke.kernel.tx import Tx
from huoke.know import language, segments
from huoke.know.comparisons.model import (
    AT_ONCE_MAX,
    Compared,
    Intersection,
    Part,
    SegmentsUnfit,
)
from huoke.know.language import Analytics, Question, evaluate_plan
from huoke.know.segments import Scope, Segment

_TOTAL, _PART = "total", "part"


class Overlaid(msgspec.Struct, frozen=True):
    """Segments under one question: the plan of each, in order; `scope` is theirs together."""

    segments: list[Segment]
    question: Question
    plans: list[Plan]
    scope: Scope


async def overlay(
    tx: Tx, analytics: Analytics, segment_ids: Sequence[UUID], units: frozenset[UnitId] | None
) -> Overlaid:
    """Ask several segments as one: their rules share the universe of their purpose, and every stored set.

    Raises `SegmentsUnfit`, `segments.SegmentUnknown`, and the refusals of counting any of them.
    """
    if not 1 <= len(set(segment_ids)) == len(segment_ids) <= AT_ONCE_MAX:
        raise SegmentsUnfit(f"Name up to {AT_ONCE_MAX} different segments.", pointer="/segment_ids")
    found = [await segments.get(tx, segment_id) for segment_id in segment_ids]
    if len({one.purpose for one in found}) > 1:
        raise SegmentsUnfit("Their purposes differ, and so do those who may be chosen.", pointer="/segment_ids")
    basis = next((one.basis for one in found if one.basis), None)
    scope = Scope(units=units, purpose=found[0].purpose, basis=basis)
    tree = {"kind": "any", "of": [{"kind": "segment", "segment_id": str(one.id)} for one in found]}
    question = await segments.ask(tx, analytics, language.parse(tree), scope)
    whole = question.compiled.expanded
    assert isinstance(whole, language.Any_), "an any stays one when its references are written out"
    plans = [question.planner.yes(part, f"/of/{place}") for place, part in enumerate(whole.of)]
    return Overlaid(found, question, plans, scope)


async def intersect(
    tx: Tx, analytics: Analytics, segment_ids: Sequence[UUID], *, units: frozenset[UnitId] | None = None
) -> Intersection:
    """How many customers of the caller's units are in exactly which of 2 … 5 segments; refusals as `overlay`."""
    if len(segment_ids) < 2:
        raise SegmentsUnfit("Name at least two segments.", pointer="/segment_ids")
    laid = await overlay(tx, analytics, segment_ids, units)
    places = range(len(laid.plans))
    parts = {frozenset(some): _name(some) for size in places for some in combinations(places, size + 1)}
    plan = sets.Any_(
        parts=(
            sets.Any_(name="universe", parts=(laid.question.universe,)),
            sets.Any_(name="anybody", parts=tuple(laid.plans)),
            *(sets.Any_(name=f"{_TOTAL}/{place}", parts=(plan,)) for place, plan in enumerate(laid.plans)),
            *(sets.Any_(name=name, parts=(_exactly(laid.plans, part),)) for part, name in parts.items()),
        )
    )
    counts = (await evaluate_plan(tx, analytics, laid.question, plan)).counts
    return _told(laid, {part: counts[name] for part, name in parts.items()}, counts, whole=units is None)


def _told(
    laid: Overlaid, parts: Mapping[frozenset[int], int], counts: Mapping[str, int], *, whole: bool
) -> Intersection:
    order = sorted(parts, key=lambda part: (-parts[part], len(part), sorted(part)))
    shown = dict(parts) if whole else told_parts(parts, len(laid.plans))
    ids = [one.id for one in laid.segments]
    return Intersection(
        segments=[
            Compared(id=one.id, name=one.name, total=telling.told(counts[f"{_TOTAL}/{place}"], whole=whole))
            for place, one in enumerate(laid.segments)
        ],
        parts=[Part(segment_ids=[ids[place] for place in sorted(part)], count=shown[part]) for part in order],
        anybody=telling.told(counts["anybody"], whole=whole),
        universe=counts["universe"],
        data_at=laid.question.data_at,
    )


def told_parts(parts: Mapping[frozenset[int], int], segments: int) -> dict[frozenset[int], int | None]:
    """Parts as staff of some units are told them: each segment's total is told, and everybody's."""
    ordered = sorted(parts, key=sorted)
    sums = [ordered, *([part for part in ordered if place in part] for place in range(segments))]
    return telling.told_parts(parts, sums)


def _name(places: Sequence[int]) -> str:
    return f"{_PART}/{'.'.join(map(str, places))}"


def _exactly(plans: Sequence[Plan], part: frozenset[int]) -> Plan:
    """Those in every plan of a part and in none of the others."""
    inside = sets.All(parts=tuple(plan for place, plan in enumerate(plans) if place in part))
    others = tuple(plan for place, plan in enumerate(plans) if place not in part)
    return sets.Not(part=sets.Any_(parts=others), within=inside) if others else inside
