"""Which segments campaigns use, for whoever looks at a segment."""

from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.know import segments
from huoke.reach.campaigns import store

_LIVE = frozenset({"approved", "running", "paused"})


async def users_of_segments(tx: Tx) -> list[segments.SegmentUse]:
    """A use for every segment a campaign chooses by, or asks as a condition; latest changed first."""
    found = []
    for row in await store.naming_segments(tx):
        live = row["state"] in _LIVE
        named = {row["segment_id"]: row["audience_id"], row["condition_segment_id"]: None}
        for segment_id, audience_id in named.items():
            if segment_id or audience_id:
                found.append(
                    segments.SegmentUse(
                        kind="campaign",
                        id=row["id"],
                        name=row["name"],
                        state=row["state"],
                        segment_id=UUID(segment_id) if segment_id else None,
                        unit_id=row["unit_id"],
                        audience_id=audience_id,
                        live=live,
                    )
                )
    return found
