"""The SQL of rows that came in a load and wait for their customers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.know.events.model import Kind

_LISTED = "id, visitor, name, kind, at, amount_fen, entry_code, properties, sealed, source_id, load_id"


async def keep(
    tx: Tx, rows: Sequence[dict[str, Any]], sealed: Sequence[bytes | None], source_id: UUID, load_id: UUID | None
) -> int:
    """Keep rows of a load, those that wait already left out; how many were new."""
    return await tx.execute(
        "INSERT INTO events.waiting (id, name, kind, at, amount_fen, entry_code, properties, sealed, visitor,"
        " source_id, recorded_at, load_id) SELECT e.id, e.name, e.kind, e.at, e.amount_fen, e.entry_code,"
        " e.properties::jsonb, e.sealed, e.visitor, $10, $11, $12"
        " FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[],"
        " $5::bigint[], $6::text[], $7::text[], $8::bytea[], $9::text[])"
        " AS e(id, name, kind, at, amount_fen, entry_code, properties, sealed, visitor)"
        " ORDER BY e.id ON CONFLICT (tenant_id, id) DO NOTHING",
        [row["id"] for row in rows],
        [row["name"] for row in rows],
        [row.get("kind") or Kind.TRACK.value for row in rows],
        [row["at"] for row in rows],
        [row["amount_fen"] for row in rows],
        [row.get("entry_code") or "" for row in rows],
        [msgspec.json.encode(row["properties"]).decode() for row in rows],
        list(sealed),
        [row["visitor"] for row in rows],
        source_id,
        tx.now,
        load_id,
    )


async def visitors(tx: Tx, after: str, limit: int) -> list[str]:
    """For whom rows of loads wait."""
    rows = await tx.fetch(
        "SELECT DISTINCT visitor FROM events.waiting WHERE load_id IS NOT NULL AND visitor > $1"
        " ORDER BY visitor LIMIT $2",
        after,
        limit,
    )
    return [row["visitor"] for row in rows]


async def next_of_a_load(tx: Tx, owned: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """The next rows, all of one load and source, that wait for some visitors."""
    rows = await tx.fetch(
        f"SELECT {_LISTED} FROM events.waiting WHERE visitor = ANY($1::text[]) AND load_id ="
        " (SELECT load_id FROM events.waiting WHERE load_id IS NOT NULL AND visitor = ANY($1::text[])"
        " ORDER BY load_id LIMIT 1) ORDER BY at, id LIMIT $2",
        list(owned),
        limit,
    )
    return [dict(row) for row in rows]


async def remove(tx: Tx, ids: Sequence[UUID]) -> int:
    """Remove rows; how many were there."""
    return await tx.execute("DELETE FROM events.waiting WHERE id = ANY($1::uuid[])", list(ids))


async def count_of_load(tx: Tx, load_id: UUID) -> int:
    """How many rows of a load still wait."""
    return int(await tx.fetch_value("SELECT count(*) FROM events.waiting WHERE load_id = $1", load_id))
