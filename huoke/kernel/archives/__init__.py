"""Archives: closed months of the log, and loaded history, as hashed Parquet files sealed in the file store.

archive = await archives.put(database, tenant, "events.event", "history", rows, at="at")
await archives.ship(database, clickhouse, tenant, streams)            each into ClickHouse exactly once
await archives.close_due(archives.Closing(...))                        months of the log that are over
await archives.verify(database, feed, tenant)                         the chain of seals, across archives
"""

from huoke.kernel.archives.chain import verify
from huoke.kernel.archives.close import Closed, Closing, close, close_due
from huoke.kernel.archives.compare import Compared, compare, damaged
from huoke.kernel.archives.model import CLOSE_AFTER, ROWS_MAX, Archive, ArchiveDamaged, MonthOpen, place_of
from huoke.kernel.archives.put import put, read
from huoke.kernel.archives.ship import prepare, ship, ship_one
from huoke.kernel.archives.store import find
from huoke.kernel.archives.withdraw import drop, rows_left, withdraw

__all__ = [
    "CLOSE_AFTER",
    "ROWS_MAX",
    "Archive",
    "ArchiveDamaged",
    "Closed",
    "Closing",
    "Compared",
    "MonthOpen",
    "close",
    "close_due",
    "compare",
    "damaged",
    "drop",
    "find",
    "place_of",
    "prepare",
    "put",
    "read",
    "rows_left",
    "ship",
    "ship_one",
    "verify",
    "withdraw",
]
