"""The SQL of reading group buys: figures, groups, seats."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx

_MONEY = (
    "count(*) FILTER (WHERE s.state IN ('reserved', 'paid', 'delivered')) AS seats,"
    " count(*) FILTER (WHERE s.state IN ('paid', 'delivered')) AS paid,"
    " coalesce(sum(s.cash_fen) FILTER (WHERE s.paid_at IS NOT NULL OR s.state IN ('refunding', 'refunded')), 0)::bigint"
    " AS cash_fen, coalesce(sum(s.cash_fen) FILTER (WHERE s.state = 'refunding'), 0)::bigint AS refunding_fen,"
    " coalesce(sum(s.cash_fen) FILTER (WHERE s.state = 'refunded'), 0)::bigint AS refunded_fen,"
    " coalesce(sum(s.points) FILTER (WHERE s.state IN ('paid', 'delivered')), 0)::bigint AS points"
)
"""Money of seats: what came in by cash, what of it is on its way back or back, points that were burned and kept."""


async def figures(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Record]:
    """By group buy: groups by how they ended, seats and money."""
    rows = await tx.fetch(
        "SELECT p.id, g.groups, g.open, g.complete, g.failed, m.* FROM group_buy.programme AS p,"
        " LATERAL (SELECT count(*) AS groups, count(*) FILTER (WHERE state IN ('open', 'full')) AS open,"
        " count(*) FILTER (WHERE state = 'complete') AS complete,"
        " count(*) FILTER (WHERE state IN ('expired', 'stopped', 'refunded')) AS failed"
        " FROM group_buy.party AS g WHERE g.programme_id = p.id) AS g,"
        f" LATERAL (SELECT {_MONEY} FROM group_buy.seat AS s WHERE s.programme_id = p.id) AS m WHERE p.id = ANY($1)",
        list(ids),
    )
    return {row["id"]: row for row in rows}


async def groups(
    tx: Tx,
    programme_id: UUID,
    *,
    state: str | None = None,
    q: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Record]:
    """Groups with their seats and money, latest first; `q` is the beginning of a code."""
    at, party_id = before or (None, None)
    return await tx.fetch(
        "SELECT g.*, m.* FROM (SELECT * FROM group_buy.party WHERE programme_id = $1"
        " AND ($2::text IS NULL OR state = $2) AND ($3 = '' OR starts_with(code, $3))"
        " AND ($4::timestamptz IS NULL OR (opened_at, id) < ($4, $5::uuid))"
        " ORDER BY opened_at DESC, id DESC LIMIT $6) AS g,"
        f" LATERAL (SELECT {_MONEY} FROM group_buy.seat AS s WHERE s.party_id = g.id) AS m"
        " ORDER BY g.opened_at DESC, g.id DESC",
        programme_id,
        state,
        q,
        at,
        party_id,
        limit,
    )


async def count_groups(tx: Tx, programme_id: UUID, q: str = "") -> dict[str, int]:
    """How many groups there are by state."""
    rows = await tx.fetch(
        "SELECT state, count(*) AS count FROM group_buy.party WHERE programme_id = $1"
        " AND ($2 = '' OR starts_with(code, $2)) GROUP BY state",
        programme_id,
        q,
    )
    return {row["state"]: row["count"] for row in rows}


async def joinable(tx: Tx, programme_id: UUID, limit: int) -> list[Record]:
    """Open groups with a free seat, those first that need fewest more: code, size, seats, who opened it, until when."""
    return await tx.fetch(
        "SELECT g.id, g.code, g.size, g.opened_by, g.expires_at, count(s.id) AS seats FROM group_buy.party AS g"
        " JOIN group_buy.seat AS s ON s.party_id = g.id AND s.state IN ('reserved', 'paid')"
        " WHERE g.programme_id = $1 AND g.state = 'open' AND g.expires_at > $2 GROUP BY g.id, g.code, g.size,"
        " g.opened_by, g.expires_at ORDER BY g.size - count(s.id), g.expires_at, g.id LIMIT $3",
        programme_id,
        tx.now,
        limit,
    )


async def own_seats(tx: Tx, seqs: Collection[int], *, limit: int = 50) -> list[Record]:
    """Seats of a customer's numbers with their group and group buy, latest first."""
    return await tx.fetch(
        "SELECT s.*, g.code, g.state AS group_state, g.size, g.expires_at, p.name, p.terms,"
        " (SELECT count(*) FROM group_buy.seat AS o WHERE o.party_id = g.id"
        " AND o.state IN ('reserved', 'paid', 'delivered')) AS seats"
        " FROM group_buy.seat AS s JOIN group_buy.party AS g ON g.id = s.party_id"
        " JOIN group_buy.programme AS p ON p.id = s.programme_id WHERE s.seq = ANY($1::int[])"
        " ORDER BY s.reserved_at DESC, s.id DESC LIMIT $2",
        list(seqs),
        limit,
    )
