"""The SQL of extending an offer."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from huoke.kernel.tx import Tx


async def extend_offer(tx: Tx, offer_id: UUID, closes_at: datetime) -> None:
    """Write a locked offer's later end."""
    await tx.execute("UPDATE grants.offer SET closes_at = $2 WHERE id = $1", offer_id, closes_at)


async def extend_reserved(tx: Tx, offer_id: UUID, limit: int) -> int:
    """Move the end of reserved grants to that of their offer; whoever is being claimed meanwhile is left out."""
    return await tx.execute(
        "UPDATE grants.grant g SET expires_at = o.closes_at FROM grants.offer o,"
        " (SELECT g.id FROM grants.grant g JOIN grants.offer o ON o.id = g.offer_id WHERE g.offer_id = $1"
        " AND g.state = 'reserved' AND g.expires_at < o.closes_at ORDER BY g.id LIMIT $2"
        " FOR NO KEY UPDATE OF g SKIP LOCKED) due"
        " WHERE o.id = $1 AND g.id = due.id",
        offer_id,
        limit,
    )


async def holders(tx: Tx, offer_id: UUID, seqs: list[int], since: datetime) -> list[int]:
    """Which of these customers hold a grant of an offer that was made at `since` or later."""
    rows = await tx.fetch(
        "SELECT i.seq FROM unnest($2::int[]) AS i(seq)"
        " WHERE EXISTS (SELECT FROM grants.grant g WHERE g.offer_id = $1 AND g.seq = i.seq"
        " AND g.granted_at >= $3)",
        offer_id,
        seqs,
        since,
    )
    return [row["seq"] for row in rows]


async def set_ends(tx: Tx, ends: Mapping[UUID, datetime]) -> None:
    """Write later ends of locked grants."""
    await tx.execute(
        "UPDATE grants.grant g SET expires_at = w.until_at"
        " FROM unnest($1::uuid[], $2::timestamptz[]) AS w(id, until_at) WHERE g.id = w.id",
        list(ends),
        list(ends.values()),
    )
