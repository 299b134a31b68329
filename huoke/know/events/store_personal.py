"""The SQL of copying and erasing a customer's events."""

from collections.abc import Sequence

from asyncpg import Record

from huoke.kernel.tx import Tx

EXPORTED_MAX = 10_000


async def of_customer(tx: Tx, seq: int) -> list[Record]:
    """A customer's latest events."""
    return await tx.fetch(
        "SELECT name, at, properties, sealed FROM events.event WHERE seq = $1 ORDER BY at DESC LIMIT $2",
        seq,
        EXPORTED_MAX,
    )


async def unbind(tx: Tx, seqs: Sequence[int]) -> None:
    """Forget which visitors were these customers."""
    await tx.execute("DELETE FROM events.binding WHERE seq = ANY($1::int[])", list(seqs))


async def bound(tx: Tx, seqs: Sequence[int]) -> int:
    """How many visitors are known to be these customers."""
    found: int = await tx.fetch_value("SELECT count(*) FROM events.binding WHERE seq = ANY($1::int[])", list(seqs))
    return found


async def visitors(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """Which visitors are known to be these customers, at most 200, the latest first."""
    return await tx.fetch(
        "SELECT visitor, seq, bound_at FROM events.binding WHERE seq = ANY($1::int[])"
        " ORDER BY bound_at DESC, visitor LIMIT 200",
        list(seqs),
    )
