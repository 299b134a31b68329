"""The SQL of throwing a draft away."""

from collections.abc import Sequence
from uuid import UUID

from huoke.kernel.tx import Tx


async def delete(tx: Tx, play_id: UUID) -> None:
    """Take a play away that was never published, with its saved drafts and previews."""
    await tx.execute("DELETE FROM plays.preview WHERE play_id = $1", play_id)
    await tx.execute("DELETE FROM plays.draft_version WHERE play_id = $1", play_id)
    await tx.execute("DELETE FROM plays.play WHERE id = $1", play_id)


async def states(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, str]:
    """States by id."""
    rows = await tx.fetch("SELECT id, state FROM plays.play WHERE id = ANY($1)", ids)
    return {row["id"]: row["state"] for row in rows}
