"""The SQL of events that arrive."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know.events.fit import Fitted


class Row(msgspec.Struct, frozen=True):
    """A fitted message with its id and source, and its sealed part."""

    id: UUID
    source_id: UUID
    fitted: Fitted
    sealed: bytes | None


_SAID = "name, kind, at, amount_fen, entry_code, properties, sealed, source_id"
_TYPES = "text[], $3::text[], $4::timestamptz[], $5::bigint[], $6::text[], $7::text[], $8::bytea[], $9::uuid[]"


def _said(rows: Sequence[Row]) -> list[list[Any]]:
    encode = msgspec.json.encode
    return [
        [row.fitted.name for row in rows],
        [row.fitted.kind.value for row in rows],
        [row.fitted.at for row in rows],
        [row.fitted.amount_fen for row in rows],
        [row.fitted.entry_code for row in rows],
        [encode(row.fitted.shown).decode() for row in rows],
        [row.sealed for row in rows],
        [row.source_id for row in rows],
    ]


async def remember(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Note message ids, ascending so that two processes never wait for each other in a ring; those that are new."""
    rows = await tx.fetch(
        "INSERT INTO events.message (id, recorded_at) SELECT m.id, $2 FROM unnest($1::uuid[]) AS m(id)"
        " ON CONFLICT DO NOTHING RETURNING id",
        sorted(ids),
        tx.now,
    )
    return {row["id"] for row in rows}


async def known_messages(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Which ids were taken lately."""
    rows = await tx.fetch("SELECT id FROM events.message WHERE id = ANY($1::uuid[])", list(ids))
    return {row["id"] for row in rows}


async def forget_messages(tx: Tx, before: datetime, limit: int) -> int:
    """Forget ids older than `before`, at most `limit`."""
    return await tx.execute(
        "DELETE FROM events.message WHERE id IN (SELECT id FROM events.message WHERE recorded_at < $1 LIMIT $2)",
        before,
        limit,
    )


async def forget_ids(tx: Tx, ids: Sequence[str]) -> None:
    """Forget ids, so that the same messages count as new ones."""
    await tx.execute("DELETE FROM events.message WHERE id = ANY($1::uuid[])", list(ids))


async def append(tx: Tx, rows: Sequence[Row], seqs: Sequence[int]) -> None:
    """Append events of known customers."""
    first = tx.take_ordinals("events.event", len(rows))
    await tx.execute(
        f"INSERT INTO events.event (id, {_SAID}, seq, ordinal, recorded_at)"
        " SELECT e.id, e.name, e.kind, e.at, e.amount_fen, e.entry_code, e.properties::jsonb, e.sealed, e.source_id,"
        f" e.seq, e.ordinal, $12 FROM unnest($1::uuid[], $2::{_TYPES}, $10::int[], $11::int[])"
        " AS e(id, name, kind, at, amount_fen, entry_code, properties, sealed, source_id, seq, ordinal)",
        [row.id for row in rows],
        *_said(rows),
        list(seqs),
        list(range(first, first + len(rows))),
        tx.now,
    )


async def keep_waiting(tx: Tx, rows: Sequence[Row], visitors: Sequence[str]) -> None:
    """Keep events of visitors nobody has identified."""
    await tx.execute(
        f"INSERT INTO events.waiting (id, {_SAID}, visitor, recorded_at)"
        " SELECT e.id, e.name, e.kind, e.at, e.amount_fen, e.entry_code, e.properties::jsonb, e.sealed, e.source_id,"
        f" e.visitor, $11 FROM unnest($1::uuid[], $2::{_TYPES}, $10::text[])"
        " AS e(id, name, kind, at, amount_fen, entry_code, properties, sealed, source_id, visitor)",
        [row.id for row in rows],
        *_said(rows),
        list(visitors),
        tx.now,
    )


async def take_waiting(tx: Tx, visitors: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """Remove what waits for these visitors, oldest first, at most `limit`, and return it."""
    rows = await tx.fetch(
        "DELETE FROM events.waiting WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM events.waiting"
        f" WHERE visitor = ANY($1::text[]) AND load_id IS NULL"
        f" ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id, visitor, {_SAID}",
        list(visitors),
        limit,
    )
    return [dict(row) for row in rows]


async def drop_waiting(tx: Tx, before: datetime, limit: int) -> int:
    """Drop what has waited too long."""
    return await tx.execute(
        "DELETE FROM events.waiting WHERE id IN (SELECT id FROM events.waiting WHERE recorded_at < $1 LIMIT $2)",
        before,
        limit,
    )


async def drop_waiting_of(tx: Tx, load_id: UUID, limit: int) -> list[str]:
    """Drop what waits of a load, at most `limit`; the ids."""
    rows = await tx.fetch(
        "DELETE FROM events.waiting WHERE (tenant_id, id) IN"
        " (SELECT tenant_id, id FROM events.waiting WHERE load_id = $1 LIMIT $2) RETURNING id",
        load_id,
        limit,
    )
    return [str(row["id"]) for row in rows]


async def bindings(tx: Tx, visitors: Sequence[str]) -> dict[str, Seq]:
    """Which customers these visitors are, of those bound."""
    rows = await tx.fetch("SELECT visitor, seq FROM events.binding WHERE visitor = ANY($1::text[])", list(visitors))
    return {row["visitor"]: row["seq"] for row in rows}


async def bind(tx: Tx, bound: Mapping[str, int]) -> None:
    """Bind visitors; one bound before to somebody else is bound anew, for what comes from now on."""
    visitors = sorted(bound)
    await tx.execute(
        "INSERT INTO events.binding (visitor, seq, bound_at)"
        " SELECT b.visitor, b.seq, $3 FROM unnest($1::text[], $2::int[]) AS b(visitor, seq)"
        " ON CONFLICT (tenant_id, visitor) DO UPDATE SET seq = excluded.seq, bound_at = excluded.bound_at"
        " WHERE binding.seq <> excluded.seq",
        visitors,
        [bound[visitor] for visitor in visitors],
        tx.now,
    )


async def waiting_strangers(tx: Tx, after: str, limit: int) -> list[str]:
    """Visitors known by a user id, or bound by now, for whom events wait."""
    rows = await tx.fetch(
        "SELECT DISTINCT w.visitor FROM events.waiting AS w LEFT JOIN events.binding AS b USING (tenant_id, visitor)"
        " WHERE w.visitor > $1 AND w.load_id IS NULL"
        " AND (b.seq IS NOT NULL OR (w.visitor >= 'u:' AND w.visitor < 'u;'))"
        " ORDER BY w.visitor LIMIT $2",
        after,
        limit,
    )
    return [row["visitor"] for row in rows]


async def taken_at(tx: Tx, recorded_at: datetime, after: tuple[int, int] | None, limit: int) -> list[Record]:
    """Events recorded at an instant, in the order they arrived, after a place (transaction, ordinal)."""
    return await tx.fetch(
        "SELECT id, seq, name, at, amount_fen, entry_code, properties, xid, ordinal FROM events.event"
        " WHERE recorded_at = $1 AND ($2::xid8 IS NULL OR (xid, ordinal) > ($2::xid8, $3::int))"
        " ORDER BY xid, ordinal LIMIT $4",
        recorded_at,
        after and after[0],
        after and after[1],
        limit,
    )
