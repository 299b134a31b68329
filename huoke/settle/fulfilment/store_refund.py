"""The SQL of refunds."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.settle.fulfilment.refund_model import ASKED, Refund, RefundStands, RefundState

COLUMNS = ", ".join(Refund.__struct_fields__)


def to_refund(row: Record) -> Refund:
    """A row as a refund."""
    return Refund(**{**dict(row), "state": RefundState(row["state"])})


async def insert(tx: Tx, refund: Refund) -> None:
    """Write one; `RefundStands` where another of its order has not ended."""
    try:
        await tx.execute(
            "INSERT INTO fulfilment.refund (id, order_id, supplier_id, number, amount_fen, reason, state, created_by,"
            " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            refund.id,
            refund.order_id,
            refund.supplier_id,
            refund.number,
            refund.amount_fen,
            refund.reason,
            refund.state.value,
            refund.created_by,
            refund.created_at,
        )
    except asyncpg.UniqueViolationError:
        raise RefundStands("A refund of this order was asked for and has not ended; wait for its end.") from None


async def set_change(tx: Tx, refund_id: UUID, change_id: UUID) -> None:
    """Note the change that decides it."""
    await tx.execute("UPDATE fulfilment.refund SET change_id = $2 WHERE id = $1", refund_id, change_id)


async def get(tx: Tx, refund_id: UUID, *, lock: bool = False) -> Refund | None:
    """One refund."""
    suffix = " FOR NO KEY UPDATE" if lock else ""
    row = await tx.fetch_row(f"SELECT {COLUMNS} FROM fulfilment.refund WHERE id = $1{suffix}", refund_id)
    return to_refund(row) if row else None


async def lock_asked(tx: Tx, order_ids: Sequence[UUID]) -> list[Refund]:
    """The refunds of orders that their suppliers were asked for and that have not ended, locked in ascending order."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM fulfilment.refund WHERE order_id = ANY($1::uuid[]) AND state = ANY($2::text[])"
        " ORDER BY id FOR NO KEY UPDATE",
        list(order_ids),
        [state.value for state in ASKED],
    )
    return [to_refund(row) for row in rows]


async def take_due(tx: Tx, supplier_id: UUID, limit: int) -> list[Refund]:
    """Refunds of a supplier whose turn it is, the longest due first, locked; those another worker holds are left."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM fulfilment.refund WHERE supplier_id = $1 AND due_at <= $2"
        " ORDER BY due_at, id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED",
        supplier_id,
        tx.now,
        limit,
    )
    return [to_refund(row) for row in rows]


async def latest_of(tx: Tx, order_ids: Sequence[UUID]) -> dict[UUID, Refund]:
    """The latest refund of each order that has one."""
    rows = await tx.fetch(
        f"SELECT DISTINCT ON (order_id) {COLUMNS} FROM fulfilment.refund WHERE order_id = ANY($1::uuid[])"
        " ORDER BY order_id, created_at DESC, id DESC",
        list(order_ids),
    )
    return {row["order_id"]: to_refund(row) for row in rows}


async def open_ends(tx: Tx, refund_ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Refunds for which an end waits for its decision, and the change that decides it."""
    rows = await tx.fetch(
        "SELECT refund_id, change_id FROM fulfilment.refund_end WHERE state = 'requested'"
        " AND refund_id = ANY($1::uuid[])",
        list(refund_ids),
    )
    return {row["refund_id"]: row["change_id"] for row in rows}


async def asked_last(tx: Tx, refunds: Sequence[Refund]) -> dict[UUID, datetime]:
    """By refund when its supplier was asked for it last; when the bank wanted it, where no call is on record."""
    rows = await tx.fetch(
        "SELECT w.id, coalesce(max(e.at), w.since) AS at FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[])"
        " AS w(id, order_id, since) LEFT JOIN fulfilment.exchange e ON e.order_id = w.order_id"
        " AND e.operation = 'refund' AND e.at >= w.since GROUP BY w.id, w.since",
        [one.id for one in refunds],
        [one.order_id for one in refunds],
        [one.created_at for one in refunds],
    )
    return {row["id"]: row["at"] for row in rows}


async def put(tx: Tx, refunds: Sequence[Refund]) -> None:
    """Write everything of refunds that may change."""
    if not refunds:
        return
    closed: list[datetime | None] = [refund.closed_at for refund in refunds]
    await tx.execute(
        "UPDATE fulfilment.refund r SET state = n.state, code = n.code, answer = n.answer, attempts = n.attempts,"
        " due_at = n.due_at, closed_at = n.closed_at FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[],"
        " $5::int[], $6::timestamptz[], $7::timestamptz[]) AS n(id, state, code, answer, attempts, due_at, closed_at)"
        " WHERE r.id = n.id",
        [refund.id for refund in refunds],
        [refund.state.value for refund in refunds],
        [refund.code for refund in refunds],
        [refund.answer for refund in refunds],
        [refund.attempts for refund in refunds],
        [refund.due_at for refund in refunds],
        closed,
    )
