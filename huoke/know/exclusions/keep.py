"""Making a list that is left out, and reading what stands."""

from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import audit
from huoke.kernel.ids import new_id
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import membership, segments
from huoke.know.exclusions import store
from huoke.know.exclusions.model import COUNTING, Exclusion, ExclusionUnknown, Kind, NewExclusion, check_new, state_of
from huoke.know.language import Analytics, day_of


async def add(tx: Tx, analytics: Analytics, new: NewExclusion) -> UUID:
    """Leave the customers of an uploaded list or of a segment out of everything, from this moment on.

    A segment is followed for it: its members of every night are left out. Raises `ExclusionUnfit`, `ReasonMissing`,
    `segments.SegmentUnknown`, `segments.UploadUnknown`, and the refusals of counting the segment.
    """
    check_new(new, day_of(tx.now))
    new = msgspec.structs.replace(new, reason=audit.require_reason(new.reason))
    if new.upload_id is not None:
        await segments.get_upload(tx, new.upload_id)
    if new.segment_id is not None:
        await segments.get(tx, new.segment_id)
        await membership.follow(tx, new.segment_id)
        await membership.reckon_now(tx, analytics, new.segment_id)
    exclusion_id = new_id()
    await store.insert(tx, exclusion_id, new)
    after = {"name": new.name.strip(), "kind": new.kind.value, "until_on": new.until_on and new.until_on.isoformat()}
    entry = audit.AuditEntry(
        action="exclusions.add", subject_kind="exclusion", subject_id=str(exclusion_id), reason=new.reason, after=after
    )
    await audit.record(tx, entry)
    return exclusion_id


async def get(tx: Tx, exclusion_id: UUID) -> Exclusion:
    """One list; `ExclusionUnknown`."""
    row = await store.get(tx, exclusion_id)
    if row is None:
        raise ExclusionUnknown("There is no such list.")
    return await _told(tx, row)


async def find(tx: Tx) -> list[Exclusion]:
    """All lists, those that count first."""
    return [await _told(tx, row) for row in await store.find(tx)]


async def uses(tx: Tx) -> list[segments.SegmentUse]:
    """The segments that are left out, for who asks what uses a segment."""
    return [
        segments.SegmentUse(
            kind="exclusion",
            id=row["id"],
            name=row["name"],
            state="in_force",
            segment_id=row["segment_id"],
        )
        for row in await store.counting(tx, day_of(tx.now))
        if row["segment_id"] is not None
    ]


async def needs(tx: Tx, segment_id: UUID) -> list[str]:
    """The lists that go by a segment's members, by name."""
    return [use.name for use in await uses(tx) if use.segment_id == segment_id]


async def members_of(tx: Tx, row: Record) -> CustomerSet:
    """The customers a list leaves out."""
    if row["upload_id"] is not None:
        return await segments.upload_members(tx, row["upload_id"])
    return await membership.members(tx, row["segment_id"])


async def _told(tx: Tx, row: Record) -> Exclusion:
    state = state_of(row["lifted_at"], row["change_id"], row["until_on"], day_of(tx.now))
    counts = state in COUNTING
    return Exclusion(
        id=row["id"],
        name=row["name"],
        kind=Kind(row["kind"]),
        reason=row["reason"],
        owner=row["owner"],
        upload_id=row["upload_id"],
        segment_id=row["segment_id"],
        until_on=row["until_on"],
        created_at=row["created_at"],
        state=state,
        members=len(await members_of(tx, row)) if counts else 0,
        change_id=row["change_id"],
        lifting_reason=row["lifting_reason"],
        lifted_at=row["lifted_at"],
    )
