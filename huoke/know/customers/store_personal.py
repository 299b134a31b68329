"""The SQL of copying and erasing customers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx

_FIELDS = [f"{field}_{form}" for field in ("name", "phone", "id_document") for form in ("enc", "masked", "index")]


async def row(tx: Tx, seq: int) -> Record | None:
    """A customer's row, whole."""
    return await tx.fetch_row("SELECT * FROM customers.customer WHERE seq = $1", seq)


async def erase(tx: Tx, seqs: Sequence[int]) -> None:
    """Empty customers' rows and what they were before; shipped again, so that ClickHouse forgets as well."""
    wanted = sorted(set(seqs))
    first = tx.take_ordinals("customers.customer", len(wanted))
    cleared = ", ".join(f"{field} = NULL" for field in _FIELDS)
    await tx.execute(
        f"UPDATE customers.customer AS c SET {cleared}, attributes = '{{}}', customer_no = 'erased-' || c.seq,"
        " status = 'erased', import_id = NULL, version = c.version + 1, changed_at = $2,"
        " xid = pg_current_xact_id(), ordinal = w.place + $3::int - 1"
        " FROM unnest($1::int[]) WITH ORDINALITY AS w(seq, place) WHERE c.seq = w.seq AND c.status <> 'erased'",
        wanted,
        tx.now,
        first,
    )
    await tx.execute("UPDATE customers.former SET before = '{}', sealed = NULL WHERE seq = ANY($1::int[])", wanted)


async def numbers(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """The bank's numbers of customers who are not erased yet."""
    return await tx.fetch(
        "SELECT customer_no FROM customers.customer WHERE seq = ANY($1::int[]) AND status <> 'erased'",
        sorted(set(seqs)),
    )


async def remember(tx: Tx, hashes: Sequence[bytes]) -> None:
    """Keep hashes of erased numbers; those that are there already stay as they are."""
    await tx.execute(
        "INSERT INTO customers.forgotten (hash, at) SELECT h, $2 FROM unnest($1::bytea[]) AS w(h)"
        " ON CONFLICT DO NOTHING",
        list(hashes),
        tx.now,
    )


async def forgotten(tx: Tx) -> list[bytes]:
    """The hashes of all erased numbers."""
    return [row["hash"] for row in await tx.fetch("SELECT hash FROM customers.forgotten")]


async def left(tx: Tx, seqs: Sequence[int]) -> list[Record]:
    """What is still there of customers who were to be erased: the column, and how many rows."""
    conditions = {field: f"{field} IS NOT NULL" for field in _FIELDS}
    conditions |= {"attributes": "attributes <> '{}'", "customer_no": "customer_no <> 'erased-' || seq"}
    parts = [
        f"SELECT 'customers.customer.{field}' AS place, count(*) AS n FROM customers.customer"
        f" WHERE seq = ANY($1::int[]) AND {condition}"
        for field, condition in conditions.items()
    ]
    parts.append(
        "SELECT 'customers.former.before', count(*) FROM customers.former WHERE seq = ANY($1::int[]) AND before <> '{}'"
    )
    parts.append(
        "SELECT 'customers.former.sealed', count(*) FROM customers.former"
        " WHERE seq = ANY($1::int[]) AND sealed IS NOT NULL"
    )
    return await tx.fetch(
        f"SELECT place, n || ' rows' AS what FROM ({' UNION ALL '.join(parts)}) AS f WHERE n > 0", sorted(set(seqs))
    )


async def add_erasure(tx: Tx, erasure_id: UUID, seq: int, unit_id: int, reason: str) -> None:
    """Write a request."""
    await tx.execute(
        "INSERT INTO customers.erasure (id, seq, unit_id, reason, state, requested_by, requested_at)"
        " VALUES ($1, $2, $3, $4, 'requested', $5, $6)",
        erasure_id,
        seq,
        unit_id,
        reason,
        tx.actor.id,
        tx.now,
    )


async def set_change(tx: Tx, erasure_id: UUID, change_id: UUID) -> None:
    """Note the approval a request waits for."""
    await tx.execute("UPDATE customers.erasure SET change_id = $2 WHERE id = $1", erasure_id, change_id)


async def erasure(tx: Tx, erasure_id: UUID, *, lock: bool = False) -> Record | None:
    """A request, locked until the transaction ends when asked."""
    suffix = " FOR NO KEY UPDATE" if lock else ""
    return await tx.fetch_row(f"SELECT * FROM customers.erasure WHERE id = $1{suffix}", erasure_id)


async def open_erasure(tx: Tx, seq: int) -> bool:
    """Whether a request about a customer waits for its decision."""
    found: bool = await tx.fetch_value(
        "SELECT EXISTS (SELECT FROM customers.erasure WHERE seq = $1 AND state = 'requested')", seq
    )
    return found


async def end_erasure(tx: Tx, erasure_id: UUID, state: str) -> None:
    """Write how a request ended."""
    await tx.execute("UPDATE customers.erasure SET state = $2, ended_at = $3 WHERE id = $1", erasure_id, state, tx.now)


async def erasures(tx: Tx, units: Any, limit: int) -> list[Record]:
    """Requests, latest first."""
    return await tx.fetch(
        "SELECT * FROM customers.erasure WHERE $1::int[] IS NULL OR unit_id = ANY($1)"
        " ORDER BY requested_at DESC, id DESC LIMIT $2",
        None if units is None else list(units),
        limit,
    )
