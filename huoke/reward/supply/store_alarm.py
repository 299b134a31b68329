"""The SQL of alarms."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.reward.supply.model import AlarmKind, Standing


async def raise_(tx: Tx, standing: Sequence[Standing]) -> list[tuple[UUID, Standing]]:
    """Insert what does not stand yet, keep the value of what does; returns the new ones with their ids."""
    ids = new_ids(len(standing))
    rows = await tx.fetch(
        "INSERT INTO supply.alarm AS a (id, kind, subject, supplier_id, title, value, threshold, raised_at)"
        " SELECT s.*, $8 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::int8[],"
        " $7::int8[]) AS s ON CONFLICT (tenant_id, kind, subject) WHERE cleared_at IS NULL"
        " DO UPDATE SET value = excluded.value, threshold = excluded.threshold, title = excluded.title RETURNING a.id",
        ids,
        [one.kind.value for one in standing],
        [one.subject for one in standing],
        [one.supplier_id for one in standing],
        [one.title for one in standing],
        [one.value for one in standing],
        [one.threshold for one in standing],
        tx.now,
    )
    stored = {row["id"] for row in rows}
    return [(key, one) for key, one in zip(ids, standing, strict=True) if key in stored]


async def clear(tx: Tx, kinds: Sequence[AlarmKind], standing: Sequence[Standing]) -> list[Record]:
    """Close alarms of these kinds that no longer stand."""
    return await tx.fetch(
        "UPDATE supply.alarm a SET cleared_at = $4 WHERE cleared_at IS NULL AND kind = ANY($1)"
        " AND NOT EXISTS (SELECT FROM unnest($2::text[], $3::text[]) AS s(kind, subject)"
        " WHERE s.kind = a.kind AND s.subject = a.subject) RETURNING id, kind",
        [kind.value for kind in kinds],
        [one.kind.value for one in standing],
        [one.subject for one in standing],
        tx.now,
    )


async def find(tx: Tx, supplier_id: UUID | None, *, open_only: bool, limit: int) -> list[Record]:
    """Alarms, those that stand first, then latest first."""
    return await tx.fetch(
        "SELECT id, kind, subject, supplier_id, title, value, threshold, raised_at, cleared_at FROM supply.alarm"
        " WHERE ($1::uuid IS NULL OR supplier_id = $1) AND (cleared_at IS NULL OR NOT $2)"
        " ORDER BY cleared_at IS NOT NULL, raised_at DESC, id DESC LIMIT $3",
        supplier_id,
        open_only,
        limit,
    )
