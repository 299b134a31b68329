"""The SQL of templates."""

from collections.abc import Iterable
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reach.campaigns.model import Draft

TEMPLATES_MAX = 200


async def insert(tx: Tx, template_id: UUID, unit_id: int, name: str, summary: str, draft: Draft) -> None:
    """Write a template."""
    await tx.execute(
        "INSERT INTO campaigns.template (id, unit_id, name, summary, draft, created_by, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        template_id,
        unit_id,
        name,
        summary,
        draft,
        tx.actor.id,
        tx.now,
    )


async def find(tx: Tx, units: Iterable[int] | None) -> list[Record]:
    """Templates of units, latest first."""
    return await tx.fetch(
        "SELECT id, unit_id, name, summary, draft, created_by, created_at FROM campaigns.template"
        " WHERE $1::int[] IS NULL OR unit_id = ANY($1) ORDER BY created_at DESC, id DESC LIMIT $2",
        None if units is None else list(units),
        TEMPLATES_MAX,
    )


async def get(tx: Tx, template_id: UUID) -> Record | None:
    """One template."""
    return await tx.fetch_row(
        "SELECT id, unit_id, name, summary, draft, created_by, created_at FROM campaigns.template WHERE id = $1",
        template_id,
    )


async def delete(tx: Tx, template_id: UUID) -> None:
    """Throw a template away."""
    await tx.execute("DELETE FROM campaigns.template WHERE id = $1", template_id)
