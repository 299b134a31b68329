"""The SQL of carts and purchases."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx

PurchaseLine = tuple[UUID, int, int, int, UUID, int]
"""Shelf item, quantity, points and fen of one, budget, cost of one."""
Unit = tuple[UUID, UUID, int, str, int, str, int, UUID, int, UUID]
"""Order, shelf item, customer, request number, points, currency, fen, purchase, place, grant."""


async def cart(tx: Tx, seqs: Collection[int]) -> list[Record]:
    """What lies in the cart of one customer's numbers, first in first."""
    return await tx.fetch(
        "SELECT shelf_item_id, max(quantity) AS quantity FROM mall.cart_line WHERE seq = ANY($1::int[])"
        " GROUP BY shelf_item_id ORDER BY min(added_at), shelf_item_id",
        list(seqs),
    )


async def put_cart(tx: Tx, seq: int, item_id: UUID, quantity: int) -> None:
    """Lay so many of something into a cart in place of what lay there."""
    await tx.execute(
        "INSERT INTO mall.cart_line (seq, shelf_item_id, quantity, added_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (tenant_id, seq, shelf_item_id) DO UPDATE SET quantity = excluded.quantity",
        seq,
        item_id,
        quantity,
        tx.now,
    )


async def clear_cart(tx: Tx, seqs: Collection[int], items: Collection[UUID]) -> None:
    """Take things out of one customer's cart."""
    await tx.execute(
        "DELETE FROM mall.cart_line WHERE seq = ANY($1::int[]) AND shelf_item_id = ANY($2::uuid[])",
        list(seqs),
        list(items),
    )


async def lock_request(tx: Tx, seq: int, request_no: str) -> Record | None:
    """The purchase of a request number; who asks under a new one is alone with it until the commit."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 4817042))", f"{tx.tenant}:{seq}:{request_no}")
    return await tx.fetch_row("SELECT * FROM mall.purchase WHERE seq = $1 AND request_no = $2", seq, request_no)


async def held_of(tx: Tx, seqs: Collection[int], items: Collection[UUID]) -> dict[UUID, int]:
    """How many of each item some numbers of one customer hold unpaid."""
    rows = await tx.fetch(
        "SELECT l.shelf_item_id, sum(l.quantity)::int AS units FROM mall.purchase AS p"
        " JOIN mall.purchase_line AS l ON l.purchase_id = p.id WHERE p.state = 'held' AND p.seq = ANY($1::int[])"
        " AND l.shelf_item_id = ANY($2::uuid[]) GROUP BY 1",
        list(seqs),
        list(items),
    )
    return {row["shelf_item_id"]: row["units"] for row in rows}


async def set_hold_pool(tx: Tx, item_id: UUID, pool_id: UUID) -> None:
    """Note where an item's held units stand."""
    await tx.execute("UPDATE mall.shelf_item SET hold_pool_id = $2 WHERE id = $1", item_id, pool_id)


async def add_purchase(tx: Tx, values: dict[str, Any], lines: Sequence[PurchaseLine]) -> None:
    """Write an order that holds what it is made of."""
    await tx.execute(
        "INSERT INTO mall.purchase (id, seq, request_no, points, cash_fen, currency, state, payment_id, delivery,"
        " ordered_at, expires_at, reduction_fen) VALUES ($1, $2, $3, $4, $5, $6, 'held', $7, $8, $9, $10, $11)",
        values["id"],
        values["seq"],
        values["request_no"],
        values["points"],
        values["cash_fen"],
        values["currency"],
        values["payment_id"],
        values["delivery"],
        tx.now,
        values["expires_at"],
        values["reduction_fen"],
    )
    await tx.execute(
        "INSERT INTO mall.purchase_line (purchase_id, line, shelf_item_id, quantity, points, cash_fen, budget_id,"
        " cost_fen) SELECT $1, l.* FROM unnest($2::int[], $3::uuid[], $4::int[], $5::bigint[], $6::bigint[],"
        " $7::uuid[], $8::bigint[]) AS l",
        values["id"],
        list(range(len(lines))),
        *[[line[place] for line in lines] for place in range(6)],
    )


async def lock_purchase(tx: Tx, purchase_id: UUID) -> Record | None:
    """One purchase, locked."""
    return await tx.fetch_row("SELECT * FROM mall.purchase WHERE id = $1 FOR NO KEY UPDATE", purchase_id)


async def purchases(
    tx: Tx,
    *,
    ids: Collection[UUID] | None = None,
    seqs: Collection[int] | None = None,
    state: str | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Record]:
    """Purchases, latest first, before a place."""
    at, purchase_id = before or (None, None)
    return await tx.fetch(
        "SELECT * FROM mall.purchase WHERE ($1::uuid[] IS NULL OR id = ANY($1))"
        " AND ($2::int[] IS NULL OR seq = ANY($2)) AND ($3::text IS NULL OR state = $3)"
        " AND ($4::timestamptz IS NULL OR (ordered_at, id) < ($4, $5::uuid))"
        " ORDER BY ordered_at DESC, id DESC LIMIT $6",
        None if ids is None else list(ids),
        None if seqs is None else list(seqs),
        state,
        at,
        purchase_id,
        limit,
    )


async def lines_of(tx: Tx, purchase_ids: Collection[UUID]) -> dict[UUID, list[Record]]:
    """The lines of purchases, in order."""
    rows = await tx.fetch(
        "SELECT * FROM mall.purchase_line WHERE purchase_id = ANY($1::uuid[]) ORDER BY purchase_id, line",
        list(purchase_ids),
    )
    found: dict[UUID, list[Record]] = {}
    for row in rows:
        found.setdefault(row["purchase_id"], []).append(row)
    return found


async def end_purchase(tx: Tx, purchase_id: UUID, state: str, code: str = "") -> None:
    """A locked purchase was paid or closed; where it would have gone is forgotten."""
    await tx.execute(
        "UPDATE mall.purchase SET state = $2, code = $3, ended_at = $4, delivery = NULL WHERE id = $1",
        purchase_id,
        state,
        code,
        tx.now,
    )


async def add_units(tx: Tx, units: Sequence[Unit]) -> None:
    """Write the units of a purchase that was paid, each with its grant."""
    await tx.execute(
        "INSERT INTO mall.item_order (id, shelf_item_id, seq, request_no, points, currency, cash_fen, purchase_id,"
        " place, grant_id, state, ordered_at) SELECT u.*, 'paid', $11 FROM unnest($1::uuid[], $2::uuid[], $3::int[],"
        " $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::uuid[], $9::int[], $10::uuid[]) AS u",
        *[[one[place] for one in units] for place in range(10)],
        tx.now,
    )


async def units_of(tx: Tx, purchase_ids: Collection[UUID]) -> dict[UUID, list[Record]]:
    """The units of purchases that were paid, in order."""
    rows = await tx.fetch(
        "SELECT * FROM mall.item_order WHERE purchase_id = ANY($1::uuid[]) ORDER BY purchase_id, place",
        list(purchase_ids),
    )
    found: dict[UUID, list[Record]] = {}
    for row in rows:
        found.setdefault(row["purchase_id"], []).append(row)
    return found


async def held_fen(tx: Tx) -> dict[UUID, int]:
    """What unpaid purchases hold of each budget, in fen."""
    rows = await tx.fetch(
        "SELECT l.budget_id, sum(l.cost_fen * l.quantity)::bigint AS fen FROM mall.purchase AS p"
        " JOIN mall.purchase_line AS l ON l.purchase_id = p.id WHERE p.state = 'held' GROUP BY 1"
    )
    return {row["budget_id"]: row["fen"] for row in rows}


async def sealed(tx: Tx, seqs: Collection[int]) -> list[Record]:
    """Where unpaid purchases of customers would go, sealed."""
    return await tx.fetch(
        "SELECT id, delivery FROM mall.purchase WHERE seq = ANY($1::int[]) AND delivery IS NOT NULL ORDER BY id",
        list(seqs),
    )


async def forget_delivery(tx: Tx, seqs: Collection[int]) -> None:
    """Delete where customers' unpaid purchases would go."""
    await tx.execute("UPDATE mall.purchase SET delivery = NULL WHERE seq = ANY($1::int[])", list(seqs))
