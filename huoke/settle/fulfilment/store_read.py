"""The SQL of questions about orders: lists, steps, exchanges, health."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.settle.fulfilment.model import Order
from huoke.settle.fulfilment.store import COLUMNS, to_order

_MATCHES = (
    " WHERE ($1::uuid IS NULL OR supplier_id = $1) AND ($2::text IS NULL OR kind = $2)"
    " AND ($3 = '' OR number = upper($3) OR supplier_no = $3 OR grant_id::text = lower($3))"
    " AND ($4::date IS NULL OR ordered_on = $4) AND ($5::int IS NULL OR seq = $5)"
)


async def find(
    tx: Tx,
    *,
    supplier_id: UUID | None,
    kind: str | None,
    q: str,
    ordered_on: object,
    seq: int | None,
    states: Sequence[str] | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Order]:
    """Orders, latest first; `q` is a whole number of ours or theirs, or a grant's id."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM fulfilment.supplier_order{_MATCHES} AND ($6::text[] IS NULL OR state = ANY($6))"
        " AND ($7::timestamptz IS NULL OR (created_at, id) < ($7, $8::uuid))"
        " ORDER BY created_at DESC, id DESC LIMIT $9",
        supplier_id,
        kind,
        q,
        ordered_on,
        seq,
        states,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )
    return [to_order(row) for row in rows]


async def count(
    tx: Tx, *, supplier_id: UUID | None, kind: str | None, q: str, ordered_on: object, seq: int | None
) -> dict[str, int]:
    """How many orders stand in each state."""
    rows = await tx.fetch(
        f"SELECT state, count(*) AS n FROM fulfilment.supplier_order{_MATCHES} GROUP BY state",
        supplier_id,
        kind,
        q,
        ordered_on,
        seq,
    )
    return {row["state"]: row["n"] for row in rows}


async def get(tx: Tx, order_id: UUID) -> Order | None:
    """One order."""
    row = await tx.fetch_row(f"SELECT {COLUMNS} FROM fulfilment.supplier_order WHERE id = $1", order_id)
    return to_order(row) if row else None


async def steps(tx: Tx, order_id: UUID) -> list[Record]:
    """What became of an order, first to last."""
    return await tx.fetch(
        "SELECT step, previous, state, cause, at FROM fulfilment.step WHERE order_id = $1 ORDER BY step", order_id
    )


async def exchanges(tx: Tx, order_id: UUID, limit: int) -> list[Record]:
    """What was said about an order, first to last; of very many the latest."""
    rows = await tx.fetch(
        "SELECT id, operation, outcome, status, milliseconds, request, response, at FROM fulfilment.exchange"
        " WHERE order_id = $1 ORDER BY at DESC, id DESC LIMIT $2",
        order_id,
        limit,
    )
    return rows[::-1]


async def totals(tx: Tx, supplier_ids: Sequence[UUID], since: datetime) -> list[Record]:
    """Per supplier: orders on the way and unknown now, and how those made since then ended.

    One whose price was given back was delivered.
    """
    return await tx.fetch(
        "SELECT supplier_id, count(*) FILTER (WHERE state IN ('created', 'sent', 'accepted', 'unknown')) AS open,"
        " count(*) FILTER (WHERE state = 'unknown') AS unknown,"
        " count(*) FILTER (WHERE state = 'created' AND code = 'prepayment_short') AS short,"
        " count(*) FILTER (WHERE (state = 'success' OR code = 'given_back') AND created_at >= $2) AS succeeded,"
        " count(*) FILTER (WHERE state IN ('failed', 'refunded') AND code <> 'given_back' AND created_at >= $2)"
        " AS failed"
        " FROM fulfilment.supplier_order WHERE supplier_id = ANY($1::uuid[])"
        " AND (due_at IS NOT NULL OR created_at >= $2) GROUP BY supplier_id",
        list(supplier_ids),
        since,
    )


async def calls(tx: Tx, supplier_ids: Sequence[UUID], since: datetime) -> list[Record]:
    """Per supplier: calls since then, those that were answered, and how long answers took."""
    return await tx.fetch(
        "SELECT supplier_id, count(*) AS calls, count(*) FILTER (WHERE outcome NOT IN ('no_answer', 'not_taken'))"
        " AS answered, percentile_disc(0.5) WITHIN GROUP (ORDER BY milliseconds) AS median_ms,"
        " percentile_disc(0.95) WITHIN GROUP (ORDER BY milliseconds) AS slow_ms FROM fulfilment.exchange"
        " WHERE supplier_id = ANY($1::uuid[]) AND at >= $2 AND operation <> 'callback' GROUP BY supplier_id",
        list(supplier_ids),
        since,
    )


async def by_hour(tx: Tx, supplier_ids: Sequence[UUID], since: datetime) -> list[Record]:
    """Per supplier and hour: calls and how many of them were answered."""
    return await tx.fetch(
        "SELECT supplier_id, date_trunc('hour', at) AS hour, count(*) AS calls,"
        " count(*) FILTER (WHERE outcome NOT IN ('no_answer', 'not_taken')) AS answered FROM fulfilment.exchange"
        " WHERE supplier_id = ANY($1::uuid[]) AND at >= $2 AND operation <> 'callback' GROUP BY 1, 2 ORDER BY 1, 2",
        list(supplier_ids),
        since,
    )


async def health(tx: Tx, supplier_ids: Sequence[UUID]) -> list[Record]:
    """Breakers and last words."""
    return await tx.fetch(
        "SELECT supplier_id, breaker, failures, probe_at, answered_at, failed_at, error FROM fulfilment.health"
        " WHERE supplier_id = ANY($1::uuid[])",
        list(supplier_ids),
    )


async def open_breakers(tx: Tx) -> list[Record]:
    """Suppliers that do not answer."""
    return await tx.fetch("SELECT supplier_id, failures FROM fulfilment.health WHERE breaker <> 'closed'")


async def old_unknowns(tx: Tx, before: datetime) -> list[Record]:
    """Per supplier: orders and refunds that have been unknown since before."""
    return await tx.fetch(
        "SELECT supplier_id, count(*) AS n FROM (SELECT supplier_id FROM fulfilment.supplier_order"
        " WHERE due_at IS NOT NULL AND state = 'unknown' AND created_at < $1 UNION ALL"
        " SELECT supplier_id FROM fulfilment.refund WHERE due_at IS NOT NULL AND state = 'unknown'"
        " AND created_at < $1) AS u GROUP BY supplier_id",
        before,
    )


async def skus_of(tx: Tx, supplier_ids: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """The SKUs we have ordered from suppliers: title by code."""
    rows = await tx.fetch(
        "SELECT DISTINCT ON (supplier_id, sku_code) supplier_id, sku_code, title FROM fulfilment.supplier_order"
        " WHERE supplier_id = ANY($1::uuid[]) ORDER BY supplier_id, sku_code, created_at DESC",
        list(supplier_ids),
    )
    found: defaultdict[UUID, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[row["supplier_id"]][row["sku_code"]] = row["title"]
    return dict(found)


async def of_day(tx: Tx, supplier_id: UUID, on: date) -> list[Order]:
    """A supplier's orders of a business day."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM fulfilment.supplier_order WHERE supplier_id = $1 AND ordered_on = $2 ORDER BY number",
        supplier_id,
        on,
    )
    return [to_order(row) for row in rows]


async def goods_by_day(tx: Tx, suppliers: Sequence[UUID], since: date, states: Sequence[str]) -> list[Record]:
    """Suppliers' business days with goods in some states: supplier_id, ordered_on, orders; the latest first."""
    return await tx.fetch(
        "SELECT supplier_id, ordered_on, count(*) AS orders FROM fulfilment.supplier_order"
        " WHERE supplier_id = ANY($1::uuid[]) AND ordered_on >= $2 AND kind = 'physical' AND state = ANY($3::text[])"
        " GROUP BY supplier_id, ordered_on ORDER BY ordered_on DESC, supplier_id",
        list(suppliers),
        since,
        list(states),
    )


async def by_number(tx: Tx, supplier_id: UUID, numbers: Sequence[str]) -> list[Order]:
    """A supplier's orders by number, whatever their day."""
    rows = await tx.fetch(
        f"SELECT {COLUMNS} FROM fulfilment.supplier_order WHERE number = ANY($2::text[]) AND supplier_id = $1",
        supplier_id,
        list(numbers),
    )
    return [to_order(row) for row in rows]


async def proof_of(tx: Tx, grant_id: UUID) -> dict[str, str]:
    """The proof of a grant's latest order."""
    found: dict[str, str] | None = await tx.fetch_value(
        "SELECT proof FROM fulfilment.supplier_order WHERE grant_id = $1 ORDER BY turn DESC LIMIT 1", grant_id
    )
    return found or {}


async def parcels(tx: Tx, grant_ids: Collection[UUID]) -> list[Record]:
    """Where the goods of grants are, word by word, first to last."""
    return await tx.fetch(
        "SELECT o.grant_id, p.state, p.at, p.carrier, p.tracking_no, p.note FROM fulfilment.supplier_order AS o"
        " JOIN fulfilment.parcel AS p ON p.order_id = o.id WHERE o.grant_id = ANY($1::uuid[])"
        " ORDER BY p.at, p.heard_at",
        list(grant_ids),
    )
