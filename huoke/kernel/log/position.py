"""Places in the log, and the epochs that tell one life of it from the next.

A row's place is (transaction id, ordinal within the transaction). Transactions commit in another order than they take
their ids, so readers stay below `pg_snapshot_xmin`: under it nothing can appear any more. A restore may bring back an
older state and give the same ids to other rows: it begins a new epoch, and what was shipped elsewhere is built anew.
"""

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from huoke.kernel.log.append import Connection
    from huoke.kernel.tx import Database

ORDINAL_MAX = 2_147_483_647
_RESTORED_XID = 3
"""The first ordinary transaction id: below every watermark of every cluster."""
_POSITIONED = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS x ON x.attrelid = c.oid AND x.attname = 'xid' AND x.atttypid = 'xid8'::regtype AND x.atthasdef
JOIN pg_attribute AS o ON o.attrelid = c.oid AND o.attname = 'ordinal'
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND has_table_privilege('huoke_feed', c.oid, 'SELECT') ORDER BY 1
"""


class Position(msgspec.Struct, frozen=True, order=True):
    """A place in the log: everything up to and including it has been read."""

    epoch: int
    xid: int
    ordinal: int


async def watermark(connection: "Connection") -> int:
    """The transaction id below which every row that will ever be is visible."""
    return int(await connection.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())"))


async def tip(connection: "Connection") -> int:
    """A transaction id above every transaction committed so far."""
    return int(await connection.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())"))


async def current_epoch(connection: "Connection") -> int:
    """The epoch the log is in; 1 before anything was recorded."""
    return int(await connection.fetchval("SELECT coalesce(max(number), 1) FROM kernel.epoch"))


async def ensure_epoch(owner: "Database") -> int:
    """Begin a new epoch when this is another cluster, or another timeline of it, than last time; returns the epoch.

    Run once at start, before anything is written or read. `owner` is a database opened as huoke_owner.
    """
    async with owner.pool.acquire() as connection:
        here = await _identity(connection)
        last = await connection.fetchrow(
            "SELECT number, system_identifier, timeline FROM kernel.epoch ORDER BY number DESC LIMIT 1"
        )
    if last is not None and (last["system_identifier"], last["timeline"]) == here:
        return int(last["number"])
    return await new_epoch(owner)


async def new_epoch(owner: "Database") -> int:
    """Begin a new epoch and return its number: what was shipped from the earlier one will be shipped again.

    Rows that come from a cluster ahead of this one (a restored dump) are renumbered, in order, as one old transaction,
    and subscribers keep their places.
    """
    async with owner.pool.acquire() as connection, connection.transaction():
        await connection.execute("LOCK TABLE kernel.epoch IN EXCLUSIVE MODE")
        for table in [row[0] for row in await connection.fetch(_POSITIONED)]:
            if await connection.fetchval(f"SELECT max(xid) >= pg_current_xact_id() FROM {table}"):
                await _renumber(connection, table)
        system_identifier, timeline = await _identity(connection)
        number = await connection.fetchval(
            "INSERT INTO kernel.epoch (number, system_identifier, timeline, began_at)"
            " SELECT coalesce(max(number), 0) + 1, $1, $2, $3 FROM kernel.epoch RETURNING number",
            system_identifier,
            timeline,
            owner.clock.now(),
        )
    return int(number)


async def _identity(connection: "Connection") -> tuple[int, int]:
    row = await connection.fetchrow(
        "SELECT system_identifier, timeline_id FROM pg_control_system(), pg_control_checkpoint()"
    )
    assert row is not None
    return row["system_identifier"], row["timeline_id"]


async def _renumber(connection: "Connection", table: str) -> None:
    if table == "kernel.event":
        await connection.execute(
            "UPDATE kernel.subscription AS s SET xid = $1, ordinal = (SELECT count(*) FROM kernel.event AS e"
            " WHERE (e.xid, e.ordinal) <= (s.xid, s.ordinal)) - 1",
            _RESTORED_XID,
        )
    await connection.execute(
        f"UPDATE {table} AS t SET xid = $1, ordinal = n.number FROM (SELECT tableoid AS part, ctid AS place,"
        f" row_number() OVER (ORDER BY xid, ordinal) - 1 AS number FROM {table}) AS n"
        " WHERE t.tableoid = n.part AND t.ctid = n.place",
        _RESTORED_XID,
    )
