"""Following a segment, and leaving it alone again."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from huoke.govern import audit
from huoke.kernel.tx import Tx
from huoke.know.membership import store
from huoke.know.membership.model import FollowingAsked, Needed, NotFollowed

Needs = Callable[[Tx, UUID], Awaitable[list[str]]]
_needs: list[Needs] = []


def register_needs(needs: Needs) -> None:
    """`app` says who needs which segments' members to be known: a function that names what needs one."""
    _needs.append(needs)


async def follow(tx: Tx, segment_id: UUID, *, at_once: bool = True) -> None:
    """Have a segment's members worked out now and every night from now on; again changes nothing.

    Whoever works out the first day themselves has nothing done `at_once`.
    """
    if not await store.follow(tx, segment_id):
        return
    await _record(tx, "membership.follow", segment_id)
    if at_once:
        tx.emit(FollowingAsked(segment_id=segment_id))


async def followed(tx: Tx) -> frozenset[UUID]:
    """The segments that are followed."""
    return frozenset(await store.followed(tx))


async def unfollow(tx: Tx, segment_id: UUID) -> None:
    """Stop working a segment out and forget its history; `Needed` while something goes by its members."""
    named = [name for needs in _needs for name in await needs(tx, segment_id)]
    if named:
        raise Needed(f"Its members are needed by: {', '.join(named[:5])}.", segment_id=str(segment_id), names=named[:5])
    if await store.unfollow(tx, segment_id):
        await _record(tx, "membership.unfollow", segment_id)


async def ask(tx: Tx, segment_id: UUID) -> None:
    """Have a followed segment worked out again, now; `NotFollowed`."""
    if await store.following(tx, segment_id) is None:
        raise NotFollowed("Nobody follows this segment; follow it first.", segment_id=str(segment_id))
    tx.emit(FollowingAsked(segment_id=segment_id))


async def _record(tx: Tx, action: str, segment_id: UUID) -> None:
    entry = audit.AuditEntry(action=action, subject_kind="segment", subject_id=str(segment_id))
    await audit.record(tx, entry)
