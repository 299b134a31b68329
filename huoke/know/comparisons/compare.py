"""Comparing two segments, or one with the rest of the bank: over attributes and over all tags."""

from uuid import UUID

from huoke.kernel import sets, telling
from huoke.kernel.ids import UnitId
from huoke.kernel.sets import CustomerSet, Plan, Want
from huoke.kernel.tx import Tx
from huoke.know import segments, tags
from huoke.know.comparisons.intersect import Overlaid, overlay
from huoke.know.comparisons.model import Compared, SegmentComparison
from huoke.know.language import Analytics, evaluate_plan


async def compare(
    tx: Tx,
    analytics: Analytics,
    segment_id: UUID,
    other_id: UUID | None,
    *,
    units: frozenset[UnitId] | None = None,
    from_sample: bool = False,
) -> SegmentComparison:
    """A segment beside the others: those of `other_id` who are not in it too, or all others in scope.

    With fewer than ten customers on a side nothing is told of either. Tags taken from deposit facts are left out unless
    one of the segments may select on them (rule B1). Refusals as `overlay`.
    """
    laid = await overlay(tx, analytics, [segment_id, *([other_id] if other_id else [])], units)
    first = laid.plans[0]
    second: Plan = laid.plans[1] if other_id else laid.question.universe
    others = sets.Not(part=first, within=second)
    inside, outside = await _members(tx, analytics, laid, first), await _members(tx, analytics, laid, others)
    counted = sets.Any_(name="other", parts=(second,))
    there = (await evaluate_plan(tx, analytics, laid.question, counted)).counts["other"]
    whole = units is None
    other = laid.segments[1] if other_id else None
    return SegmentComparison(
        segment=Compared(id=segment_id, name=laid.segments[0].name, total=telling.told(len(inside), whole=whole)),
        other=Compared(id=other.id, name=other.name, total=telling.told(there, whole=whole)) if other else None,
        others=telling.told(len(outside), whole=whole),
        both=telling.told(there - len(outside), whole=whole) if other else None,
        portrait=await segments.portrait_beside(tx, analytics, laid.question, first, others, laid.scope),
        tags=await _tags(tx, analytics, laid, inside, outside, from_sample=from_sample),
        data_at=laid.question.data_at,
    )


async def _tags(
    tx: Tx, analytics: Analytics, laid: Overlaid, inside: CustomerSet, outside: CustomerSet, *, from_sample: bool
) -> tags.TagProfile:
    everybody = inside | outside
    if min(len(inside), len(outside)) < telling.TOLD_MIN:
        return tags.TagProfile(total=len(inside), universe=len(everybody), tags=[], tested=0, sampled=False, error=0.0)
    return await tags.profile(
        tx,
        analytics.clickhouse,
        inside,
        everybody,
        purpose=laid.scope.purpose,
        deposits=bool(laid.scope.basis and laid.scope.basis.strip()),
        from_sample=from_sample,
    )


async def _members(tx: Tx, analytics: Analytics, laid: Overlaid, plan: Plan) -> CustomerSet:
    found = (await evaluate_plan(tx, analytics, laid.question, plan, Want(members=True))).members
    assert found is not None, "members were wanted"
    return CustomerSet(tx.tenant, found.bitmap, laid.question.data_at)
