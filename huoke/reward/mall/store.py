"""The only SQL of the mall."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.mall.model import NewShelfItem

Order = tuple[UUID, UUID, int, str, int, str, UUID]
"""Order, shelf item, customer, request number, points, currency, grant."""


async def add_item(tx: Tx, item_id: UUID, new: NewShelfItem) -> None:
    """Write a shelf item that waits for its approval."""
    await tx.execute(
        "INSERT INTO mall.shelf_item (id, sku_id, currency, points, cash_fen, person_limit, stock, budget_id,"
        " pool_id, tier, opens_at, closes_at, state, created_by, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'submitted', $13, $14)",
        item_id,
        new.sku_id,
        new.currency,
        new.points,
        new.cash_fen,
        new.person_limit,
        new.stock,
        new.budget_id,
        new.pool_id,
        new.tier,
        new.opens_at,
        new.closes_at,
        tx.actor.id,
        tx.now,
    )


async def items(
    tx: Tx, *, ids: Collection[UUID] | None = None, state: str | None = None, limit: int = 500
) -> list[Record]:
    """Shelf items, latest first."""
    return await tx.fetch(
        "SELECT * FROM mall.shelf_item WHERE ($1::uuid[] IS NULL OR id = ANY($1)) AND ($2::text IS NULL OR state = $2)"
        " ORDER BY created_at DESC, id DESC LIMIT $3",
        None if ids is None else list(ids),
        state,
        limit,
    )


async def lock_item(tx: Tx, item_id: UUID) -> Record | None:
    """One shelf item, locked."""
    return await tx.fetch_row("SELECT * FROM mall.shelf_item WHERE id = $1 FOR NO KEY UPDATE", item_id)


async def set_change(tx: Tx, item_id: UUID, change_id: UUID) -> None:
    """Note the change a shelf item waits for."""
    await tx.execute("UPDATE mall.shelf_item SET change_id = $2 WHERE id = $1", item_id, change_id)


async def set_item(
    tx: Tx, item_id: UUID, state: str, offer_id: UUID | None = None, own_pool_id: UUID | None = None
) -> None:
    """Write how a locked shelf item stands, and its offer and stock once there are any."""
    await tx.execute(
        "UPDATE mall.shelf_item SET state = $2, offer_id = coalesce($3, offer_id),"
        " own_pool_id = coalesce($4, own_pool_id) WHERE id = $1",
        item_id,
        state,
        offer_id,
        own_pool_id,
    )


async def known(tx: Tx, names: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Record]:
    """Orders by customer and request number."""
    rows = await tx.fetch(
        "SELECT o.* FROM mall.item_order AS o JOIN unnest($1::int[], $2::text[]) AS w(seq, request_no)"
        " ON o.seq = w.seq AND o.request_no = w.request_no",
        [seq for seq, _ in names],
        [number for _, number in names],
    )
    return {(row["seq"], row["request_no"]): row for row in rows}


async def add_orders(tx: Tx, orders: Sequence[Order]) -> None:
    """Write orders that are paid."""
    await tx.execute(
        "INSERT INTO mall.item_order (id, shelf_item_id, seq, request_no, points, currency, grant_id, state,"
        " ordered_at) SELECT s.id, s.item, s.seq, s.number, s.points, s.currency, s.grant_id, 'paid', $8"
        " FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::bigint[], $6::text[], $7::uuid[])"
        " AS s(id, item, seq, number, points, currency, grant_id)",
        *[[one[place] for one in orders] for place in range(7)],
        tx.now,
    )


async def lock_orders(tx: Tx, *, ids: Collection[UUID]) -> list[Record]:
    """Orders by id that are still paid; locked, ascending."""
    return await tx.fetch(
        "SELECT * FROM mall.item_order WHERE state = 'paid' AND id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE",
        list(ids),
    )


async def paid_of(tx: Tx, offer_id: UUID) -> list[Record]:
    """Paid orders of an offer: id, grant_id."""
    return await tx.fetch(
        "SELECT o.id, o.grant_id FROM mall.item_order AS o JOIN mall.shelf_item AS i ON i.id = o.shelf_item_id"
        " WHERE o.state = 'paid' AND i.offer_id = $1 ORDER BY o.id",
        offer_id,
    )


async def own_order(tx: Tx, order_id: UUID, seqs: Collection[int]) -> list[Record]:
    """One order, if some numbers of one customer made it."""
    return await tx.fetch("SELECT * FROM mall.item_order WHERE id = $1 AND seq = ANY($2::int[])", order_id, list(seqs))


async def end_orders(tx: Tx, ids: Collection[UUID], state: str) -> None:
    """Orders' points went back (refunding), or points and money did (refunded)."""
    await tx.execute(
        "UPDATE mall.item_order SET state = $2, ended_at = $3 WHERE id = ANY($1::uuid[]) AND state <> 'refunded'",
        list(ids),
        state,
        tx.now,
    )


async def orders(
    tx: Tx,
    *,
    seqs: Collection[int] | None = None,
    item_id: UUID | None = None,
    state: str | None = None,
    number: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Record]:
    """Orders, latest first; of some numbers, of a shelf item, in a state, of a number, before a place."""
    at, order_id = before or (None, None)
    return await tx.fetch(
        "SELECT * FROM mall.item_order WHERE ($1::int[] IS NULL OR seq = ANY($1))"
        " AND ($2::uuid IS NULL OR shelf_item_id = $2) AND ($3::text IS NULL OR state = $3)"
        " AND ($4::timestamptz IS NULL OR (ordered_at, id) < ($4, $5::uuid))"
        " AND ($7::text = '' OR $7 IN (replace(id::text, '-', ''), replace(purchase_id::text, '-', ''),"
        " replace(grant_id::text, '-', ''), right(id::text, 12), right(purchase_id::text, 12)))"
        " ORDER BY ordered_at DESC, id DESC LIMIT $6",
        None if seqs is None else list(seqs),
        item_id,
        state,
        at,
        order_id,
        limit,
        number,
    )


async def counts(tx: Tx) -> dict[str, int]:
    """How many orders are in each state."""
    rows = await tx.fetch("SELECT state, count(*) AS orders FROM mall.item_order GROUP BY state")
    return {row["state"]: row["orders"] for row in rows}


async def ordered_by(tx: Tx, seqs: Collection[int], ids: Collection[UUID]) -> dict[UUID, int]:
    """How many of each shelf item some numbers of one customer ordered and kept."""
    rows = await tx.fetch(
        "SELECT shelf_item_id, count(*) AS orders FROM mall.item_order WHERE state = 'paid' AND seq = ANY($1::int[])"
        " AND shelf_item_id = ANY($2::uuid[]) GROUP BY 1",
        list(seqs),
        list(ids),
    )
    return {row["shelf_item_id"]: row["orders"] for row in rows}


async def by_id(tx: Tx, order_id: UUID) -> list[Record]:
    """One order, whosoever it is."""
    return await tx.fetch("SELECT * FROM mall.item_order WHERE id = $1", order_id)
