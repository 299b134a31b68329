"""Followed segments over HTTP."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.params import Parameter

from huoke.govern.people import staff
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.know import membership, segments
from huoke.know.membership.model import DAYS_MAX, Growth, NewFollowing

TAGS = ["segments"]
READ = {"permission": "segment.read"}
WRITE = {"permission": "segment.write"}


@get(
    "/v1/segments/{segment_id:uuid}/membership",
    operation_id="get_segment_membership",
    opt=READ,
    tags=TAGS,
    summary="A followed segment's members by day: how many were in, entered and left",
)
async def get_segment_membership(
    tx: Tx, principal: Principal, segment_id: UUID, days: Annotated[int, Parameter(ge=1, le=DAYS_MAX)] = 90
) -> Growth:
    """Within the caller's units; they are not told of fewer than ten customers."""
    segment = await segments.see(tx, segment_id, await segments.viewer_of(tx, principal))
    return await _growth(tx, principal, segment, days)


@put(
    "/v1/segments/{segment_id:uuid}/membership",
    operation_id="follow_segment",
    opt=WRITE,
    tags=TAGS,
    summary="Follow a segment's members day by day, or no longer",
)
async def follow_segment(tx: Tx, principal: Principal, segment_id: UUID, data: NewFollowing) -> Growth:
    """No longer following forgets the history. Only its own unit and those above do either."""
    segment = await segments.owned(tx, segment_id, principal.units)
    await (membership.follow if data.followed else membership.unfollow)(tx, segment_id)
    return await _growth(tx, principal, segment, DAYS_MAX)


@post(
    "/v1/segments/{segment_id:uuid}/reckonings",
    operation_id="reckon_segment",
    opt=WRITE,
    tags=TAGS,
    summary="Work a followed segment's members out now",
    status_code=202,
)
async def reckon_segment(tx: Tx, principal: Principal, segment_id: UUID) -> None:
    """A job does; the same day worked out twice is one day."""
    await segments.owned(tx, segment_id, principal.units)
    await membership.ask(tx, segment_id)


async def _growth(tx: Tx, principal: Principal, segment: segments.Segment, days: int) -> Growth:
    found = await membership.following(tx, segment.id)
    mine = principal.units is None or segment.unit_id in principal.units
    can = [] if not mine or not principal.may("segment.write") else ["unfollow", "reckon"] if found else ["follow"]
    if found is None:
        return Growth(following=None, days=[], can=can)
    grown = await membership.growth(tx, segment.id, days=days, units=principal.units)
    names = await staff.names(tx, {found.began_by})
    told = msgspec.structs.replace(
        found,
        began_by=names.get(found.began_by, found.began_by),
        members=found.members if principal.units is None else None,
    )
    return Growth(following=told, days=grown, can=can)


routes = [get_segment_membership, follow_segment, reckon_segment]
