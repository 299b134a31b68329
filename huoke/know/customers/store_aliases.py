"""The SQL of aliases."""

from collections.abc import Sequence
from uuid import UUID

from huoke.kernel.tx import Tx

_SHIPPED_AGAIN = "version = version + 1, changed_at = $2, xid = pg_current_xact_id(), ordinal = $3"
_ENDS = """
WITH RECURSIVE way AS (
  SELECT seq AS source, kept_seq FROM customers.alias WHERE closed_at IS NULL AND ($1::int[] IS NULL OR seq = ANY($1))
  UNION SELECT w.source, a.kept_seq FROM way AS w JOIN customers.alias AS a ON a.seq = w.kept_seq
    WHERE a.closed_at IS NULL)
SELECT source, kept_seq FROM way AS w WHERE NOT EXISTS
  (SELECT FROM customers.alias AS a WHERE a.seq = w.kept_seq AND a.closed_at IS NULL)
"""
_LEADING = """
WITH RECURSIVE way AS (
  SELECT seq FROM customers.alias WHERE closed_at IS NULL AND kept_seq = $1
  UNION SELECT a.seq FROM way AS w JOIN customers.alias AS a ON a.kept_seq = w.seq WHERE a.closed_at IS NULL)
SELECT seq FROM way ORDER BY seq
"""


async def both_active(tx: Tx, seq: int, other: int) -> bool:
    """Whether both are active customers; holds their rows until the commit."""
    rows = await tx.fetch(
        "SELECT seq FROM customers.customer WHERE seq = ANY($1::int[]) AND status = 'active' ORDER BY seq FOR UPDATE",
        [seq, other],
    )
    return len(rows) == 2


async def open_alias(tx: Tx, alias_id: UUID, seq: int, kept: int) -> None:
    """Write the alias; the row of `seq` leaves every set and counts as the natural person of the other."""
    await tx.execute(
        "INSERT INTO customers.alias (id, seq, kept_seq, person_before, opened_at)"
        " SELECT $1, c.seq, $3, c.person, $4 FROM customers.customer AS c WHERE c.seq = $2",
        alias_id,
        seq,
        kept,
        tx.now,
    )
    await _keep_former(tx, seq, "active")
    await tx.execute(
        f"UPDATE customers.customer SET status = 'merged', {_SHIPPED_AGAIN},"
        " person = (SELECT k.person FROM customers.customer AS k WHERE k.seq = $4) WHERE seq = $1",
        seq,
        tx.now,
        tx.take_ordinals("customers.customer", 1),
        kept,
    )


async def close_alias(tx: Tx, seq: int) -> int | None:
    """Close the alias of `seq` and bring the row back; whom it led to, None where there was none."""
    row = await tx.fetch_row(
        "UPDATE customers.alias SET closed_at = $2 WHERE seq = $1 AND closed_at IS NULL"
        " RETURNING kept_seq, person_before",
        seq,
        tx.now,
    )
    if row is None:
        return None
    await _keep_former(tx, seq, "merged")
    await tx.execute(
        f"UPDATE customers.customer SET status = 'active', person = $4, {_SHIPPED_AGAIN} WHERE seq = $1",
        seq,
        tx.now,
        tx.take_ordinals("customers.customer", 1),
        row["person_before"],
    )
    kept: int = row["kept_seq"]
    return kept


async def leading_to(tx: Tx, seq: int) -> list[int]:
    """Who leads to a customer now, over however many steps."""
    return [row["seq"] for row in await tx.fetch(_LEADING, seq)]


async def ends(tx: Tx, seqs: Sequence[int] | None) -> dict[int, int]:
    """Whom each of `seqs` (None: everybody) leads to now; those with an alias only."""
    rows = await tx.fetch(_ENDS, None if seqs is None else list(seqs))
    return {row["source"]: row["kept_seq"] for row in rows}


async def _keep_former(tx: Tx, seq: int, status: str) -> None:
    await tx.execute(
        "INSERT INTO customers.former (seq, version, before, actor, replaced_at)"
        " SELECT seq, version, jsonb_build_object('status', $2::text), $3, $4 FROM customers.customer WHERE seq = $1",
        seq,
        status,
        f"{tx.actor.kind.value}:{tx.actor.id}",
        tx.now,
    )
