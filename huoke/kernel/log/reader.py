"""Reading the log in order, as role feed: all banks, below the watermark, every event exactly where it lies."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import Seq, TenantId
from huoke.kernel.log.position import ORDINAL_MAX, Position, watermark

if TYPE_CHECKING:
    from huoke.kernel.log.append import Connection

T = TypeVar("T")


class LoggedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it lies in the log. `members` is a roaring bitmap (portable format) when it is about a set."""

    tenant: TenantId
    id: UUID
    name: str
    version: int
    data_class: str
    recorded_at: datetime
    actor_kind: str
    actor_id: str
    seq: Seq | None
    members: bytes | None
    payload: dict[str, Any]
    xid: int
    ordinal: int

    def decode(self, shape: type[T]) -> T:
        """The payload as the subscriber's own Struct, which names only the fields it needs."""
        return msgspec.convert(self.payload, shape, strict=False)


class Page(msgspec.Struct, frozen=True):
    """Events in order, the place they reach, and whether more wait beyond it."""

    events: list[LoggedEvent]
    reached: Position
    full: bool


_COLUMNS = (
    "tenant_id AS tenant, id, name, version, data_class, recorded_at, actor_kind, actor_id, seq, members, payload,"
    " xid, ordinal"
)
_READ = f"""
SELECT {_COLUMNS} FROM kernel.event
WHERE (xid, ordinal) > ($1::xid8, $2::int) AND xid < $3::xid8 AND ($4::text[] IS NULL OR name = ANY($4))
ORDER BY xid, ordinal FETCH FIRST $5 ROWS WITH TIES
"""
_NAMES = "SELECT DISTINCT name FROM kernel.event WHERE xid >= $1::xid8 AND xid < $2::xid8"


async def read(feed: "Connection", after: Position, *, names: Sequence[str] | None = None, limit: int = 1000) -> Page:
    """The events after a place and below the watermark, at least `limit` of them where there are so many.

    `names` leaves out all others. The page reaches to its last event when it is full, else to the watermark.
    """
    below = await watermark(feed)
    if below <= after.xid:
        return Page([], after, full=False)
    rows = await feed.fetch(_READ, after.xid, after.ordinal, below, list(names) if names is not None else None, limit)
    events = [to_event(row) for row in rows]
    if len(events) >= limit:
        return Page(events, Position(after.epoch, events[-1].xid, events[-1].ordinal), full=True)
    return Page(events, max(after, Position(after.epoch, below - 1, ORDINAL_MAX)), full=False)


async def names_between(feed: "Connection", first: int, below: int) -> set[str]:
    """The names of the events of transactions `first` … `below` - 1, of all banks."""
    rows = await feed.fetch(_NAMES, first, below)
    return {row["name"] for row in rows}


def to_event(row: Record) -> LoggedEvent:
    """One row of kernel.event."""
    return LoggedEvent(**dict(row))
