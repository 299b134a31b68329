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
  SELECT kept_seq AS kept, seq FROM customers.alias WHERE closed_at IS NULL AND kept_seq = ANY($1::int[])
  UNION SELECT w.kept, a.seq FROM way AS w JOIN customers.alias AS a ON a.kept_seq = w.seq WHERE a.closed_at IS NULL)
SELECT kept, seq FROM way ORDER BY kept, seq
"""
_PERSONS = "hashtext('customers.person'), kernel.tenant()"
# Natural persons by document are the points, open aliases the lines between them. What hangs together counts as the
# person of whoever was kept, so that for them nothing changes; several of those count as the first.
_MEMBERS = """
WITH RECURSIVE line AS (
  SELECT c.person AS one, k.person AS other, k.status = 'active' AS kept FROM customers.alias AS a
  JOIN customers.customer AS c ON c.seq = a.seq JOIN customers.customer AS k ON k.seq = a.kept_seq
  WHERE a.closed_at IS NULL
), way AS (SELECT one, other FROM line UNION SELECT other, one FROM line
), touched AS (
  SELECT DISTINCT person AS first, person FROM customers.customer WHERE seq = ANY($1::int[])
  UNION SELECT t.first, w.other FROM touched AS t JOIN way AS w ON w.one = t.person
), counted AS (
  SELECT t.first, coalesce(min(l.other), min(t.person)) AS person FROM touched AS t
  LEFT JOIN line AS l ON l.other = t.person AND l.kept GROUP BY t.first
), wanted AS (
  SELECT DISTINCT t.person, c.person AS counted FROM touched AS t JOIN counted AS c USING (first)
), member AS (
  SELECT c.seq, w.counted FROM wanted AS w JOIN customers.customer AS c ON c.seq = w.person AND c.person = w.person
  UNION ALL
  SELECT c.seq, w.counted FROM wanted AS w JOIN customers.customer AS c ON c.person = w.person AND c.person <> c.seq
)
"""
_SETTLE = f"""{_MEMBERS}
UPDATE customers.customer AS c SET counts_as = nullif(m.counted, c.person) FROM member AS m
WHERE c.seq = m.seq AND coalesce(c.counts_as, c.person) <> m.counted RETURNING c.seq, m.counted
"""
# By every alias there ever was: whoever parted was counted with the others until then.
_EVER_ONE = """
WITH RECURSIVE line AS (
  SELECT c.person AS one, k.person AS other FROM customers.alias AS a
  JOIN customers.customer AS c ON c.seq = a.seq JOIN customers.customer AS k ON k.seq = a.kept_seq
), way AS (SELECT one, other FROM line UNION SELECT other, one FROM line
), touched AS (
  SELECT person FROM customers.customer WHERE seq = ANY($1::int[])
  UNION SELECT w.other FROM touched AS t JOIN way AS w ON w.one = t.person
)
SELECT c.seq, coalesce(c.counts_as, c.person) AS person FROM touched AS t
  JOIN customers.customer AS c ON c.seq = t.person AND c.person = t.person
UNION ALL
SELECT c.seq, coalesce(c.counts_as, c.person) FROM touched AS t
  JOIN customers.customer AS c ON c.person = t.person AND c.person <> c.seq
"""
_UNSETTLED = f"""{_MEMBERS}
SELECT EXISTS (SELECT FROM member AS m JOIN customers.customer AS c ON c.seq = m.seq
  WHERE coalesce(c.counts_as, c.person) <> m.counted)
"""


async def both_active(tx: Tx, seq: int, other: int) -> bool:
    """Whether both are active customers; holds their rows until the commit."""
    rows = await tx.fetch(
        "SELECT seq FROM customers.customer WHERE seq = ANY($1::int[]) AND status = 'active' ORDER BY seq FOR UPDATE",
        [seq, other],
    )
    return len(rows) == 2


async def open_alias(tx: Tx, alias_id: UUID, seq: int, kept: int) -> None:
    """Write the alias; the row of `seq` leaves every set."""
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
        f"UPDATE customers.customer SET status = 'merged', {_SHIPPED_AGAIN} WHERE seq = $1",
        seq,
        tx.now,
        tx.take_ordinals("customers.customer", 1),
    )


async def close_alias(tx: Tx, seq: int) -> int | None:
    """Close the alias of `seq` and bring the row back; whom it led to, None where there was none."""
    row = await tx.fetch_row(
        "UPDATE customers.alias SET closed_at = $2 WHERE seq = $1 AND closed_at IS NULL RETURNING kept_seq",
        seq,
        tx.now,
    )
    if row is None:
        return None
    await _keep_former(tx, seq, "merged")
    await tx.execute(
        f"UPDATE customers.customer SET status = 'active', {_SHIPPED_AGAIN} WHERE seq = $1",
        seq,
        tx.now,
        tx.take_ordinals("customers.customer", 1),
    )
    kept: int = row["kept_seq"]
    return kept


async def leading_to(tx: Tx, seqs: Sequence[int]) -> dict[int, list[int]]:
    """Who leads to each of `seqs` now, over however many steps, ascending; those nobody leads to are left out."""
    found: dict[int, list[int]] = {}
    for row in await tx.fetch(_LEADING, list(seqs)):
        found.setdefault(row["kept"], []).append(row["seq"])
    return found


async def hold_persons(tx: Tx) -> None:
    """Wait for whoever settles persons, and keep them from beginning until the commit."""
    await tx.execute(f"SELECT pg_advisory_xact_lock_shared({_PERSONS})")


async def settle_persons(tx: Tx, seqs: Sequence[int]) -> dict[int, int]:
    """Let everybody who is one with any of `seqs` count as one natural person; the seqs this changed, with the person.

    Who shares an id document is one, and who was joined: over any number of steps.
    """
    await tx.execute(f"SELECT pg_advisory_xact_lock({_PERSONS})")
    return {row["seq"]: row["counted"] for row in await tx.fetch(_SETTLE, list(seqs))}


async def unsettled(tx: Tx, seqs: Sequence[int]) -> bool:
    """Whether anybody who is one with any of `seqs` counts as somebody else."""
    found: bool = await tx.fetch_value(_UNSETTLED, list(seqs))
    return found


async def ever_one(tx: Tx, seqs: Sequence[int]) -> dict[int, int]:
    """Everybody who is one with any of `seqs` or once was, and whom each counts as now."""
    return {row["seq"]: row["person"] for row in await tx.fetch(_EVER_ONE, list(seqs))}


async def any_open(tx: Tx) -> bool:
    """Whether anybody is joined to anybody."""
    found: bool = await tx.fetch_value("SELECT EXISTS (SELECT FROM customers.alias WHERE closed_at IS NULL)")
    return found


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
