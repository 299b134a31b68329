"""The SQL of what points come to: movements of a time by kind, what is outstanding by age, what will run out."""

from datetime import datetime

from asyncpg import Record

from huoke.kernel.tx import Tx


async def moved(tx: Tx, since: datetime | None, until: datetime | None) -> list[Record]:
    """Points that moved on customers' accounts in [since, until), signed, by currency and kind; None is open."""
    return await tx.fetch(
        "SELECT a.currency, m.kind, sum(m.amount)::bigint AS points FROM ("
        " SELECT credit_account AS account_id, kind, amount, at FROM ledger.transfer"
        " UNION ALL SELECT debit_account, kind, -amount, at FROM ledger.transfer) m"
        " JOIN ledger.account a ON a.id = m.account_id AND a.kind = 'points'"
        " WHERE ($1::timestamptz IS NULL OR m.at >= $1) AND ($2::timestamptz IS NULL OR m.at < $2)"
        " GROUP BY a.currency, m.kind",
        since,
        until,
    )


async def outstanding(tx: Tx) -> list[Record]:
    """By currency what customers hold, owe, and what stands in lots."""
    return await tx.fetch(
        "SELECT currency, sum(balance) FILTER (WHERE kind = 'points')::bigint AS points,"
        " coalesce(sum(balance) FILTER (WHERE kind = 'points_debt'), 0)::bigint AS owed,"
        " coalesce(sum(held), 0)::bigint AS held,"
        " count(*) FILTER (WHERE kind = 'points' AND balance > 0) AS customers,"
        " coalesce((SELECT sum(l.remaining) FROM ledger.open_lot l JOIN ledger.account o ON o.id = l.account_id"
        "  WHERE o.currency = a.currency), 0)::bigint AS lots"
        " FROM ledger.account a WHERE kind IN ('points', 'points_debt') GROUP BY currency ORDER BY currency"
    )


async def liability(tx: Tx, at: datetime) -> list[Record]:
    """What is left in lots and its cost, by currency, funder and days since the credit (30, 90, 180, 365, 0: more)."""
    return await tx.fetch(
        "SELECT a.currency, l.funder, CASE WHEN d.days <= 30 THEN 30 WHEN d.days <= 90 THEN 90"
        " WHEN d.days <= 180 THEN 180 WHEN d.days <= 365 THEN 365 ELSE 0 END AS days_max,"
        " sum(o.remaining)::bigint AS points, sum(l.cost_fen::numeric * o.remaining / l.amount)::bigint AS cost_fen"
        " FROM ledger.open_lot o JOIN ledger.lot l ON l.id = o.lot_id JOIN ledger.account a ON a.id = o.account_id,"
        " LATERAL (SELECT extract(epoch FROM $1 - l.credited_at) / 86400 AS days) d"
        " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        at,
    )


async def breakage(tx: Tx, since: datetime) -> list[Record]:
    """Of what was credited in each month: spent, run out, clawed back, still there."""
    return await tx.fetch(
        "SELECT a.currency, to_char(l.credited_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month,"
        " sum(l.amount)::bigint AS credited, coalesce(sum(o.remaining), 0)::bigint AS remaining,"
        " sum(l.clawed)::bigint AS clawed, coalesce(sum(e.points), 0)::bigint AS expired"
        " FROM ledger.lot l JOIN ledger.account a ON a.id = l.account_id"
        " LEFT JOIN ledger.open_lot o ON o.account_id = l.account_id AND o.lot_id = l.id"
        " LEFT JOIN LATERAL (SELECT sum(t.amount) AS points FROM ledger.transfer t WHERE t.source_id = l.id) e ON true"
        " WHERE l.credited_at >= $1 GROUP BY 1, 2 ORDER BY 1, 2",
        since,
    )


async def expiring(tx: Tx, at: datetime, until: datetime) -> list[Record]:
    """What will run out by the bank's day until an instant: points, their cost, customers."""
    return await tx.fetch(
        "SELECT a.currency, (o.expires_at AT TIME ZONE 'Asia/Shanghai' - interval '1 microsecond')::date AS day,"
        " sum(o.remaining)::bigint AS points, sum(l.cost_fen::numeric * o.remaining / l.amount)::bigint AS cost_fen,"
        " count(DISTINCT o.account_id) AS customers"
        " FROM ledger.open_lot o JOIN ledger.lot l ON l.id = o.lot_id JOIN ledger.account a ON a.id = o.account_id"
        " WHERE o.expires_at > $1 AND o.expires_at <= $2 GROUP BY 1, 2 ORDER BY 2, 1",
        at,
        until,
    )


async def history(tx: Tx, owners: list[str], before: datetime | None, limit: int) -> list[Record]:
    """Movements of customers' points accounts, latest first, signed, with what was behind each."""
    return await tx.fetch(
        "SELECT m.source_id, m.line, m.source_kind, m.kind, m.points, m.at, a.currency FROM ("
        " SELECT source_id, line, source_kind, kind, amount AS points, at, credit_account AS account_id"
        " FROM ledger.transfer UNION ALL"
        " SELECT source_id, line, source_kind, kind, -amount, at, debit_account FROM ledger.transfer) m"
        " JOIN ledger.account a ON a.id = m.account_id"
        " WHERE a.kind = 'points' AND a.owner_kind = 'customer' AND a.owner_key = ANY($1)"
        " AND ($2::timestamptz IS NULL OR m.at < $2) ORDER BY m.at DESC, m.source_id, m.line LIMIT $3",
        owners,
        before,
        limit,
    )
