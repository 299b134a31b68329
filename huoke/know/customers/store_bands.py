"""The SQL of bands that are asked for."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx

_ROW = "id, name, bands, reason, state, change_id, requested_by, requested_at, ended_at"


async def add(tx: Tx, request_id: UUID, name: str, bands: Sequence[str], reason: str) -> bool:
    """Write a request; False where one about the attribute is open."""
    written = await tx.execute(
        "INSERT INTO customers.bands_change (id, name, bands, reason, state, requested_by, requested_at)"
        " VALUES ($1, $2, $3, $4, 'requested', $5, $6) ON CONFLICT DO NOTHING",
        request_id,
        name,
        list(bands),
        reason,
        tx.actor.id,
        tx.now,
    )
    return bool(written)


async def set_change(tx: Tx, request_id: UUID, change_id: UUID) -> None:
    """Note the approval a request waits for."""
    await tx.execute("UPDATE customers.bands_change SET change_id = $2 WHERE id = $1", request_id, change_id)


async def get(tx: Tx, request_id: UUID, *, lock: bool = False) -> Record | None:
    """A request, locked until the transaction ends when asked."""
    suffix = " FOR NO KEY UPDATE" if lock else ""
    return await tx.fetch_row(f"SELECT {_ROW} FROM customers.bands_change WHERE id = $1{suffix}", request_id)


async def find(tx: Tx, limit: int) -> list[Record]:
    """Requests, latest first."""
    return await tx.fetch(
        f"SELECT {_ROW} FROM customers.bands_change ORDER BY requested_at DESC, id DESC LIMIT $1", limit
    )


async def end(tx: Tx, request_id: UUID, state: str) -> None:
    """Write how a request ended."""
    await tx.execute(
        "UPDATE customers.bands_change SET state = $2, ended_at = $3 WHERE id = $1", request_id, state, tx.now
    )
