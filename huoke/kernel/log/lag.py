"""Who holds the log back: the oldest transaction that has written and not ended, in any database of the cluster."""

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import structlog

if TYPE_CHECKING:
    from huoke.kernel.log.append import Connection

_log = structlog.get_logger(__name__)
_HOLDER = """
SELECT h.pid, h.database, h.application, h.state, h.since, h.what FROM (
  SELECT pid, datname AS database, application_name AS application, coalesce(state, '') AS state, xact_start AS since,
    'transaction' AS what, age(backend_xid) AS age
  FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
  UNION ALL
  SELECT NULL, database, gid, 'prepared', prepared, 'prepared transaction', age(transaction) FROM pg_prepared_xacts
) AS h ORDER BY h.age DESC LIMIT 1
"""


class Holder(msgspec.Struct, frozen=True):
    """The transaction that holds the watermark: `pid` to look at or end (None when prepared), and since when."""

    pid: int | None
    database: str
    application: str
    state: str
    since: datetime
    what: str


async def find_holder(feed: "Connection") -> Holder | None:
    """The oldest transaction that holds readers of the log back; None when nobody writes.

    The reading role needs `pg_read_all_stats` to see into other databases and roles.
    """
    row = await feed.fetchrow(_HOLDER)
    return Holder(*row) if row else None


async def alarm(feed: "Connection", *, seconds_max: float = 5.0, now: datetime) -> Holder | None:
    """Warn when a transaction has held the log back for over `seconds_max`, naming it; returns it then."""
    holder = await find_holder(feed)
    if holder is None or (now - holder.since).total_seconds() <= seconds_max:
        return None
    _log.warning("log_held_back", **msgspec.structs.asdict(holder))
    return holder
