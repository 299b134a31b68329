"""Comparing segments over HTTP."""

from collections.abc import Sequence
from uuid import UUID

from litestar import post

from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import comparisons, segments
from huoke.know.comparisons.model import ComparisonQuestion, Intersection, IntersectionQuestion, SegmentComparison
from huoke.know.language import Analytics

TAGS = ["segments"]
READ = {"permission": "segment.read"}


@post(
    "/v1/segment-intersections",
    operation_id="intersect_segments",
    opt=READ,
    tags=TAGS,
    summary="How many customers are in exactly which of 2 to 5 segments",
    status_code=200,
)
async def intersect_segments(tx: Tx, principal: Principal, live: Analytics, data: IntersectionQuestion) -> Intersection:
    """Within the caller's units; they are not told of fewer than ten customers."""
    await _see(tx, principal, data.segment_ids)
    return await comparisons.intersect(tx, live, data.segment_ids, units=principal.units)


@post(
    "/v1/segment-comparisons",
    operation_id="compare_segments",
    opt=READ,
    tags=TAGS,
    summary="What tells a segment from another, or from the rest of the bank",
    status_code=200,
)
async def compare_segments(
    tx: Tx, principal: Principal, live: Analytics, data: ComparisonQuestion
) -> SegmentComparison:
    """By attribute and by tag, most telling first; none is told of fewer than ten customers."""
    await _see(tx, principal, [data.segment_id, *([data.other_id] if data.other_id else [])])
    return await comparisons.compare(
        tx,
        live,
        data.segment_id,
        data.other_id,
        units=principal.units,
        from_sample=data.sampled,
    )


async def _see(tx: Tx, principal: Principal, segment_ids: Sequence[UUID]) -> None:
    viewer = await segments.viewer_of(tx, principal)
    for segment_id in segment_ids:
        await segments.see(tx, segment_id, viewer)


routes = [intersect_segments, compare_segments]
