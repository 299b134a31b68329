"""The SQL of service offers."""

from collections.abc import Collection
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.settle.care.model import NewServiceOffer


async def insert_offer(tx: Tx, offer_id: UUID, new: NewServiceOffer, unit_id: int) -> None:
    """Write a service offer that waits for its approval."""
    await tx.execute(
        "INSERT INTO care.service_offer (id, unit_id, name, sku_id, pool_id, budget_id, stock, budget_fen, valid_days,"
        " closes_on, state, created_by, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'submitted', $11, $12)",
        offer_id,
        unit_id,
        new.name.strip(),
        new.sku_id,
        new.pool_id,
        new.budget_id,
        new.stock,
        new.budget_fen,
        new.valid_days,
        new.closes_on,
        tx.actor.id,
        tx.now,
    )


async def get_offer(tx: Tx, offer_id: UUID, *, lock: bool = False) -> Record | None:
    """One service offer, locked on demand."""
    return await tx.fetch_row(
        f"SELECT * FROM care.service_offer WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", offer_id
    )


async def offers(tx: Tx, *, state: str | None = None, ids: Collection[UUID] | None = None) -> list[Record]:
    """Service offers, latest first."""
    return await tx.fetch(
        "SELECT * FROM care.service_offer"
        " WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid[] IS NULL OR id = ANY($2))"
        " ORDER BY created_at DESC, id DESC LIMIT 500",
        state,
        None if ids is None else list(ids),
    )


async def set_offer(tx: Tx, offer_id: UUID, state: str, published_id: UUID | None = None) -> None:
    """Write how a locked service offer stands, and its offer once there is one."""
    await tx.execute(
        "UPDATE care.service_offer SET state = $2, offer_id = coalesce($3, offer_id) WHERE id = $1",
        offer_id,
        state,
        published_id,
    )


async def set_change(tx: Tx, offer_id: UUID, change_id: UUID) -> None:
    """Note the change a service offer waits for."""
    await tx.execute("UPDATE care.service_offer SET change_id = $2 WHERE id = $1", offer_id, change_id)
