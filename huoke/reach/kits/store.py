"""The SQL of kits."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import UnitId
from huoke.kernel.tx import Tx
from huoke.reach.kits.model import PartKind, Terms


async def insert(tx: Tx, setup_id: UUID, unit_id: int, terms: Terms) -> None:
    """Write a kit that is being set up."""
    await tx.execute(
        "INSERT INTO kits.setup (id, key, name, unit_id, terms, budget_fen, opens_at, closes_at, created_by,"
        " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        setup_id,
        terms.key,
        terms.name,
        unit_id,
        msgspec.to_builtins(terms),
        terms.budget_fen,
        terms.opens_at,
        terms.closes_at,
        tx.actor.id,
        tx.now,
    )


async def add_parts(tx: Tx, setup_id: UUID, parts: Sequence[tuple[PartKind, UUID]]) -> None:
    """Note what a kit made."""
    await tx.execute(
        "INSERT INTO kits.part (setup_id, line, kind, ref_id)"
        " SELECT $1, line, kind, ref_id FROM unnest($2::smallint[], $3::text[], $4::uuid[]) AS p(line, kind, ref_id)",
        setup_id,
        list(range(len(parts))),
        [kind.value for kind, _ in parts],
        [ref for _, ref in parts],
    )


async def get(tx: Tx, setup_id: UUID, *, lock: bool = False) -> Record | None:
    """One kit that was set up."""
    return await tx.fetch_row(f"SELECT * FROM kits.setup WHERE id = $1{' FOR UPDATE' if lock else ''}", setup_id)


async def parts(tx: Tx, setup_ids: Sequence[UUID]) -> dict[UUID, list[tuple[PartKind, UUID]]]:
    """What each of these kits made, in the order of making."""
    rows = await tx.fetch(
        "SELECT setup_id, kind, ref_id FROM kits.part WHERE setup_id = ANY($1) ORDER BY setup_id, line",
        list(setup_ids),
    )
    found: dict[UUID, list[tuple[PartKind, UUID]]] = {setup_id: [] for setup_id in setup_ids}
    for row in rows:
        found[row["setup_id"]].append((PartKind(row["kind"]), row["ref_id"]))
    return found


async def find(
    tx: Tx, units: frozenset[UnitId] | None, text: str, before: tuple[datetime, UUID] | None, limit: int
) -> list[Record]:
    """Kits in scope, latest first."""
    return await tx.fetch(
        "SELECT * FROM kits.setup WHERE ($1::int[] IS NULL OR unit_id = ANY($1))"
        " AND ($2 = '' OR strpos(lower(name), lower($2)) > 0)"
        " AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4)) ORDER BY created_at DESC, id DESC LIMIT $5",
        sorted(units) if units is not None else None,
        text,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )


async def count_by_key(tx: Tx, units: frozenset[UnitId] | None) -> dict[str, int]:
    """How often each kit was set up, in scope."""
    rows = await tx.fetch(
        "SELECT key, count(*) AS setups FROM kits.setup WHERE ($1::int[] IS NULL OR unit_id = ANY($1)) GROUP BY key",
        sorted(units) if units is not None else None,
    )
    return {row["key"]: row["setups"] for row in rows}


async def delete(tx: Tx, setup_id: UUID) -> None:
    """Take a kit away; its parts go with it."""
    await tx.execute("DELETE FROM kits.setup WHERE id = $1", setup_id)
