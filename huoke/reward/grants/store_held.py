"""The SQL of what customers hold of an offer."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx


async def of_offer(tx: Tx, offer_id: UUID, seqs: Sequence[int]) -> list[Record]:
    """Grants of an offer that some customers have."""
    return await tx.fetch(
        "SELECT g.id, g.seq, g.person, g.unit_id, g.state, coalesce(g.claimed_at, g.granted_at) AS received_at,"
        " o.source_kind, o.source_id, o.sku_id, o.sku_version, o.title, o.face_value_fen"
        " FROM grants.grant AS g JOIN grants.offer AS o ON o.id = g.offer_id AND o.tenant_id = g.tenant_id"
        " WHERE g.offer_id = $1 AND g.seq = ANY($2::int[]) ORDER BY g.id",
        offer_id,
        list(seqs),
    )


async def holders(tx: Tx, sku_ids: Sequence[UUID]) -> list[Record]:
    """Sku_id and seqs of those who hold something of some SKUs that something still follows."""
    return await tx.fetch(
        "SELECT o.sku_id, array_agg(DISTINCT g.seq) AS seqs FROM grants.offer AS o"
        " JOIN grants.grant AS g ON g.offer_id = o.id WHERE o.sku_id = ANY($1::uuid[])"
        " AND g.state IN ('reserved', 'issued', 'fulfilling', 'fulfilled') GROUP BY o.sku_id",
        list(sku_ids),
    )
