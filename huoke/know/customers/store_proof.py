"""The SQL of proving who somebody is."""

from collections.abc import Sequence

from asyncpg import Record

from huoke.kernel.tx import Tx


async def with_phone(tx: Tx, phone_index: bytes, limit: int) -> list[int]:
    """Active customers with this phone, ascending."""
    rows = await tx.fetch(
        "SELECT seq FROM customers.customer WHERE phone_index = $1 AND status = 'active' ORDER BY seq LIMIT $2",
        phone_index,
        limit,
    )
    return [row["seq"] for row in rows]


async def documents(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """Number and sealed id document of the active ones among some customers, ascending."""
    return await tx.fetch(
        "SELECT seq, customer_no, id_document_enc FROM customers.customer"
        " WHERE seq = ANY($1::int[]) AND status = 'active' ORDER BY seq",
        list(seqs),
    )


async def identities(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """Number, sealed name and id document of some customers, whatever their status, ascending."""
    return await tx.fetch(
        "SELECT seq, customer_no, name_enc, id_document_enc FROM customers.customer WHERE seq = ANY($1::int[])"
        " ORDER BY seq",
        list(seqs),
    )
