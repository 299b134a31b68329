"""The SQL of who looks after whom."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx


async def of_customer(tx: Tx, seq: int) -> list[Record]:
    """Who looks after a customer, the owner first."""
    return await tx.fetch(
        "SELECT staff_id, standing, since FROM customers.ownership WHERE seq = $1"
        " ORDER BY standing <> 'owner', since, staff_id",
        seq,
    )


async def seqs_of(tx: Tx, staff_id: UUID) -> list[int]:
    """Whom somebody looks after, ascending."""
    rows = await tx.fetch("SELECT seq FROM customers.ownership WHERE staff_id = $1 ORDER BY seq", staff_id)
    return [row["seq"] for row in rows]


async def active(tx: Tx, seqs: Sequence[int]) -> dict[int, int]:
    """The unit of each active customer, their rows held against other changes in one order."""
    rows = await tx.fetch(
        "SELECT seq, unit_id FROM customers.customer WHERE seq = ANY($1::int[]) AND status = 'active'"
        " ORDER BY seq FOR NO KEY UPDATE",
        list(seqs),
    )
    return {row["seq"]: row["unit_id"] for row in rows}


async def standing_of(tx: Tx, seqs: Sequence[int], staff_ids: Sequence[UUID]) -> dict[tuple[int, UUID], str]:
    """How each of these pairs stands, where it does."""
    rows = await tx.fetch(
        "SELECT seq, staff_id, standing FROM customers.ownership AS o"
        " JOIN unnest($1::int[], $2::uuid[]) AS n (seq, staff_id) USING (seq, staff_id)",
        list(seqs),
        list(staff_ids),
    )
    return {(row["seq"], row["staff_id"]): row["standing"] for row in rows}


async def give(tx: Tx, seqs: Sequence[int], staff_ids: Sequence[UUID], standings: Sequence[str]) -> None:
    """Write pairs that each stand once; a new owner takes the place of the former."""
    await tx.execute(
        "DELETE FROM customers.ownership AS o USING unnest($1::int[], $2::uuid[], $3::text[])"
        " AS n (seq, staff_id, standing) WHERE o.seq = n.seq AND n.standing = 'owner' AND o.standing = 'owner'"
        " AND o.staff_id <> n.staff_id",
        list(seqs),
        list(staff_ids),
        list(standings),
    )
    await tx.execute(
        "INSERT INTO customers.ownership (seq, staff_id, standing, since, given_by)"
        " SELECT seq, staff_id, standing, $4, $5 FROM unnest($1::int[], $2::uuid[], $3::text[])"
        " AS n (seq, staff_id, standing) ON CONFLICT (tenant_id, seq, staff_id)"
        " DO UPDATE SET standing = excluded.standing, since = excluded.since, given_by = excluded.given_by",
        list(seqs),
        list(staff_ids),
        list(standings),
        tx.now,
        tx.actor.id,
    )


async def end(tx: Tx, seq: int, staff_id: UUID) -> int:
    """Take a pair away; 0 when it did not stand."""
    return await tx.execute("DELETE FROM customers.ownership WHERE seq = $1 AND staff_id = $2", seq, staff_id)


async def forget(tx: Tx, seqs: Sequence[int]) -> None:
    """Nobody looks after these customers any more."""
    await tx.execute("DELETE FROM customers.ownership WHERE seq = ANY($1::int[])", list(seqs))
