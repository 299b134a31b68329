"""Appending to the log, in the transaction that made it happen."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec
from asyncpg import Connection as OwnConnection
from asyncpg import Record
from asyncpg.pool import PoolConnectionProxy

from huoke.kernel.events import Event
from huoke.kernel.ids import TenantId, new_id

Connection: TypeAlias = "OwnConnection[Record] | PoolConnectionProxy[Record]"
"""A connection of one's own, or one lent by a pool."""


class Entry(msgspec.Struct, kw_only=True):
    """One event on its way into the log."""

    event: Event
    seq: int | None
    members: bytes | None
    actor: tuple[str, str]
    at: datetime
    id: UUID = msgspec.field(default_factory=new_id)


_APPEND = """
INSERT INTO kernel.event
  (tenant_id, ordinal, id, name, version, data_class, recorded_at, actor_kind, actor_id, seq, members, payload)
SELECT $1, e.ordinal, e.id, e.name, e.version, e.data_class, e.recorded_at, e.actor_kind, e.actor_id, e.seq, e.members,
  e.payload::jsonb
FROM unnest($2::int[], $3::uuid[], $4::text[], $5::smallint[], $6::text[], $7::timestamptz[], $8::text[], $9::text[],
  $10::int[], $11::bytea[], $12::text[])
  AS e(ordinal, id, name, version, data_class, recorded_at, actor_kind, actor_id, seq, members, payload)
"""


async def append(connection: Connection, tenant: TenantId, entries: Sequence[Entry], *, first_ordinal: int) -> None:
    """Append entries in order, numbered from `first_ordinal` within their transaction.

    The position's transaction id is filled in by the table's default.
    """
    await connection.execute(
        _APPEND,
        tenant,
        list(range(first_ordinal, first_ordinal + len(entries))),
        [entry.id for entry in entries],
        [entry.event.name for entry in entries],
        [entry.event.version for entry in entries],
        [entry.event.data_class.value for entry in entries],
        [entry.at for entry in entries],
        [entry.actor[0] for entry in entries],
        [entry.actor[1] for entry in entries],
        [entry.seq for entry in entries],
        [entry.members for entry in entries],
        [msgspec.json.encode(entry.event).decode() for entry in entries],
    )
