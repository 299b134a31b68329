"""The SQL of after-sales."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx


async def open_of(tx: Tx, order_id: UUID) -> bool:
    """Whether an order was asked to be undone, and nobody refused."""
    return bool(
        await tx.fetch_value(
            "SELECT EXISTS (SELECT 1 FROM mall.after_sale WHERE order_id = $1 AND state <> 'refused')", order_id
        )
    )


async def add(tx: Tx, after_sale_id: UUID, order: Record, reason: str) -> None:
    """Write a request about a locked order."""
    await tx.execute(
        "INSERT INTO mall.after_sale (id, order_id, seq, reason, state, points, cash_fen, asked_at)"
        " VALUES ($1, $2, $3, $4, 'asked', $5, $6, $7)",
        after_sale_id,
        order["id"],
        order["seq"],
        reason,
        order["points"],
        order["cash_fen"],
        tx.now,
    )


async def lock(tx: Tx, after_sale_id: UUID) -> Record | None:
    """One request, locked."""
    return await tx.fetch_row("SELECT * FROM mall.after_sale WHERE id = $1 FOR NO KEY UPDATE", after_sale_id)


async def decide(tx: Tx, after_sale_id: UUID, state: str, answer: str, returns_stock: bool) -> None:
    """Write what was decided about a locked request."""
    await tx.execute(
        "UPDATE mall.after_sale SET state = $2, answer = $3, returns_stock = $4, decided_at = $5, decided_by = $6"
        " WHERE id = $1",
        after_sale_id,
        state,
        answer,
        returns_stock,
        tx.now,
        tx.actor.id,
    )


async def find(tx: Tx, state: str | None, before: tuple[datetime, UUID] | None, limit: int) -> list[Record]:
    """Requests with what they are about, latest first, before a place."""
    at, after_sale_id = before or (None, None)
    return await tx.fetch(
        "SELECT a.*, o.shelf_item_id, o.grant_id FROM mall.after_sale AS a JOIN mall.item_order AS o"
        " ON o.id = a.order_id WHERE ($1::text IS NULL OR a.state = $1)"
        " AND ($2::timestamptz IS NULL OR (a.asked_at, a.id) < ($2, $3::uuid)) ORDER BY a.asked_at DESC, a.id DESC"
        " LIMIT $4",
        state,
        at,
        after_sale_id,
        limit,
    )


async def of_orders(tx: Tx, order_ids: Collection[UUID]) -> list[Record]:
    """The latest request of each of some orders."""
    return await tx.fetch(
        "SELECT DISTINCT ON (order_id) order_id, state, answer, reason, asked_at FROM mall.after_sale"
        " WHERE order_id = ANY($1::uuid[]) ORDER BY order_id, asked_at DESC, id DESC",
        list(order_ids),
    )


async def counts(tx: Tx) -> dict[str, int]:
    """How many requests are in each state."""
    rows = await tx.fetch("SELECT state, count(*) AS requests FROM mall.after_sale GROUP BY state")
    return {row["state"]: row["requests"] for row in rows}
