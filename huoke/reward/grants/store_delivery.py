"""The SQL of delivery facts."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx


async def insert(tx: Tx, grant_ids: Sequence[UUID], sealed: Sequence[bytes | None]) -> None:
    """Write ciphertexts, one a grant."""
    await tx.execute(
        "INSERT INTO grants.delivery (grant_id, sealed, at)"
        " SELECT d.grant_id, d.sealed, $3 FROM unnest($1::uuid[], $2::bytea[]) AS d(grant_id, sealed)",
        list(grant_ids),
        list(sealed),
        tx.now,
    )


async def read(tx: Tx, grant_ids: Sequence[UUID]) -> list[Record]:
    """Ciphertexts of grants that have one."""
    return await tx.fetch(
        "SELECT grant_id, sealed FROM grants.delivery WHERE grant_id = ANY($1) ORDER BY grant_id", list(grant_ids)
    )


async def erase(tx: Tx, seqs: Sequence[int]) -> int:
    """Delete the ciphertexts of customers' grants that are not on their way."""
    return await tx.execute(
        "DELETE FROM grants.delivery d USING grants.grant g"
        " WHERE g.id = d.grant_id AND g.seq = ANY($1) AND g.state <> 'fulfilling'",
        list(seqs),
    )


async def count(tx: Tx, seqs: Sequence[int]) -> int:
    """How many ciphertexts there are of customers' grants."""
    found: int = await tx.fetch_value(
        "SELECT count(*) FROM grants.delivery d JOIN grants.grant g ON g.id = d.grant_id WHERE g.seq = ANY($1)",
        list(seqs),
    )
    return found


async def on_the_way(tx: Tx, seqs: Sequence[int]) -> int:
    """How many of customers' grants wait for what a supplier sends."""
    found: int = await tx.fetch_value(
        "SELECT count(*) FROM grants.grant WHERE seq = ANY($1) AND state = 'fulfilling'", list(seqs)
    )
    return found
