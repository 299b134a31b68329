"""The SQL of points: lots, the burns that drew on them, and holds. `store` locks accounts in an earlier statement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.reward.ledger.model import Burn, Credit, NewHold


async def insert_lots(tx: Tx, credits_: Sequence[Credit], accounts: Sequence[UUID]) -> None:
    """One lot per credit, on the account of the same place."""
    await tx.execute(
        "INSERT INTO ledger.lot (id, account_id, source_kind, source_id, line, funder, amount, remaining, cost_fen,"
        " credited_at, expires_at)"
        " SELECT l.id, l.account_id, l.source_kind, l.source_id, l.line, l.funder, l.amount, l.amount, l.cost_fen,"
        " $10, l.expires_at FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::int[], $6::uuid[],"
        " $7::bigint[], $8::bigint[], $9::timestamptz[])"
        " AS l(id, account_id, source_kind, source_id, line, funder, amount, cost_fen, expires_at)",
        new_ids(len(credits_)),
        list(accounts),
        [credit.source_kind for credit in credits_],
        [credit.source_id for credit in credits_],
        [credit.line for credit in credits_],
        [credit.funder for credit in credits_],
        [credit.points for credit in credits_],
        [credit.cost_fen for credit in credits_],
        [credit.expires_at for credit in credits_],
        tx.now,
    )


_BURN = """
WITH demand AS (
  SELECT d.source_id, d.line, d.account_id, d.amount,
    (sum(d.amount) OVER (PARTITION BY d.account_id ORDER BY d.n) - d.amount)::bigint AS start
  FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::bigint[]) WITH ORDINALITY
    AS d(source_id, line, account_id, amount, n)
), shelf AS (
  SELECT l.id, l.account_id, l.remaining,
    (sum(l.remaining) OVER (PARTITION BY l.account_id ORDER BY l.credited_at, l.id) - l.remaining)::bigint AS start
  FROM ledger.lot l WHERE l.account_id = ANY($3) AND l.remaining > 0
), share AS (
  SELECT d.source_id, d.line, s.id AS lot_id,
    least(d.start + d.amount, s.start + s.remaining) - greatest(d.start, s.start) AS amount
  FROM demand d JOIN shelf s USING (account_id)
  WHERE d.start < s.start + s.remaining AND s.start < d.start + d.amount
), taken AS (
  UPDATE ledger.lot l SET remaining = l.remaining - t.amount
  FROM (SELECT lot_id, sum(amount)::bigint AS amount FROM share GROUP BY lot_id) t
  WHERE l.id = t.lot_id RETURNING l.id
), noted AS (
  INSERT INTO ledger.burn (source_id, line, lot_id, amount)
  SELECT s.source_id, s.line, s.lot_id, s.amount FROM share s JOIN taken t ON t.id = s.lot_id RETURNING amount
)
SELECT coalesce(sum(amount), 0)::bigint FROM noted
"""


async def burn_lots(tx: Tx, burns: Sequence[Burn]) -> int:
    """Take from lots of locked accounts, first in first out, and note what came from where; returns points taken."""
    return int(
        await tx.fetch_value(
            _BURN,
            [burn.source_id for burn in burns],
            [burn.line for burn in burns],
            [burn.account_id for burn in burns],
            [burn.points for burn in burns],
        )
    )


_REFUND = """
WITH part AS (
  SELECT b.lot_id, b.amount - b.returned AS open,
    (sum(b.amount - b.returned) OVER (ORDER BY l.credited_at DESC, l.id DESC)
      - (b.amount - b.returned))::bigint AS start
  FROM ledger.burn b JOIN ledger.lot l ON l.id = b.lot_id
  WHERE b.source_id = $1 AND b.line = $2 AND b.returned < b.amount
), share AS (
  SELECT lot_id, least($3 - start, open) AS amount FROM part WHERE start < $3
), marked AS (
  UPDATE ledger.burn b SET returned = b.returned + s.amount FROM share s
  WHERE b.source_id = $1 AND b.line = $2 AND b.lot_id = s.lot_id RETURNING b.lot_id, s.amount
), filled AS (
  UPDATE ledger.lot l SET remaining = l.remaining + m.amount FROM marked m WHERE l.id = m.lot_id RETURNING m.amount
)
SELECT coalesce(sum(amount), 0)::bigint FROM filled
"""


async def refund_lots(tx: Tx, source_id: UUID, line: int, points: int) -> int:
    """Put points of a burn back into the lots they came from, last burned first; returns points put back."""
    return int(await tx.fetch_value(_REFUND, source_id, line, points))


async def burned(tx: Tx, source_id: UUID, line: int) -> Record | None:
    """What a burn took and what of it is back: account_id, currency, amount, returned."""
    return await tx.fetch_row(
        "SELECT l.account_id, a.currency, sum(b.amount)::bigint AS amount, sum(b.returned)::bigint AS returned"
        " FROM ledger.burn b JOIN ledger.lot l ON l.id = b.lot_id JOIN ledger.account a ON a.id = l.account_id"
        " WHERE b.source_id = $1 AND b.line = $2 GROUP BY l.account_id, a.currency",
        source_id,
        line,
    )


async def due_accounts(tx: Tx, before: datetime, limit: int, only: Sequence[UUID] | None = None) -> list[UUID]:
    """Accounts with a lot that has run out, ascending."""
    rows = await tx.fetch(
        "SELECT DISTINCT account_id FROM ledger.lot WHERE remaining > 0 AND expires_at <= $1"
        " AND ($3::uuid[] IS NULL OR account_id = ANY($3)) ORDER BY account_id LIMIT $2",
        before,
        limit,
        None if only is None else list(only),
    )
    return [row["account_id"] for row in rows]


async def empty_due_lots(tx: Tx, accounts: Sequence[UUID], before: datetime) -> list[Record]:
    """Empty the lots of locked accounts that have run out; returns lot id, account, currency and points of each.

    Held points are not taken: what a hold covers stays until the hold ends.
    """
    return await tx.fetch(
        "WITH due AS (SELECT l.id, l.account_id, l.remaining, a.currency,"
        " a.balance - a.held AS free, (sum(l.remaining) OVER (PARTITION BY l.account_id ORDER BY l.credited_at, l.id)"
        " - l.remaining)::bigint AS start"
        " FROM ledger.lot l JOIN ledger.account a ON a.id = l.account_id"
        " WHERE l.account_id = ANY($1) AND l.remaining > 0 AND l.expires_at <= $2),"
        " part AS (SELECT id, account_id, currency, least(remaining, free - start) AS points"
        " FROM due WHERE start < free)"
        " UPDATE ledger.lot l SET remaining = l.remaining - p.points FROM part p WHERE l.id = p.id"
        " RETURNING l.id, p.account_id, p.currency, p.points",
        list(accounts),
        before,
    )


async def expiries(tx: Tx, lot_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How often each lot has run out before."""
    rows = await tx.fetch(
        "SELECT source_id, count(*) AS times FROM ledger.transfer WHERE source_id = ANY($1) GROUP BY source_id",
        list(lot_ids),
    )
    return {row["source_id"]: row["times"] for row in rows}


async def lots(tx: Tx, account_id: UUID) -> list[Record]:
    """The lots of an account that still hold something, first in first."""
    return await tx.fetch(
        "SELECT id, source_kind, source_id, amount, remaining, credited_at, expires_at FROM ledger.lot"
        " WHERE account_id = $1 AND remaining > 0 ORDER BY credited_at, id",
        account_id,
    )


async def held(tx: Tx, owners: Sequence[str]) -> list[Record]:
    """Points accounts of customers: id, currency, balance."""
    return await tx.fetch(
        "SELECT id, currency, balance FROM ledger.account WHERE kind = 'points' AND owner_kind = 'customer'"
        " AND owner_key = ANY($1) ORDER BY currency, id",
        list(owners),
    )


async def insert_holds(tx: Tx, holds: Sequence[NewHold], until: Sequence[datetime]) -> None:
    """Write holds and set their amounts aside on locked accounts."""
    await tx.execute(
        "INSERT INTO ledger.hold (id, account_id, amount, state, held_at, expires_at)"
        " SELECT h.id, h.account_id, h.amount, 'held', $5, h.expires_at"
        " FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[])"
        " AS h(id, account_id, amount, expires_at)",
        [hold.id for hold in holds],
        [hold.account_id for hold in holds],
        [hold.amount for hold in holds],
        list(until),
        tx.now,
    )
    await _change_held(tx, [hold.account_id for hold in holds], [hold.amount for hold in holds])


async def lock_holds(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Record]:
    """Holds by id, locked after their accounts in ascending order."""
    await tx.execute(
        "SELECT id FROM ledger.account WHERE id IN (SELECT account_id FROM ledger.hold WHERE id = ANY($1))"
        " ORDER BY id FOR NO KEY UPDATE",
        list(ids),
    )
    rows = await tx.fetch(
        "SELECT id, account_id, amount, state, expires_at FROM ledger.hold WHERE id = ANY($1) ORDER BY id FOR UPDATE",
        list(ids),
    )
    return {row["id"]: row for row in rows}


async def due_holds(tx: Tx, before: datetime, limit: int) -> list[UUID]:
    """Holds whose time has run out, ascending."""
    rows = await tx.fetch(
        "SELECT id FROM ledger.hold WHERE state = 'held' AND expires_at <= $1 ORDER BY id LIMIT $2", before, limit
    )
    return [row["id"] for row in rows]


async def end_holds(tx: Tx, holds: Sequence[Record], state: str) -> None:
    """Close locked holds and free what they set aside."""
    await tx.execute("UPDATE ledger.hold SET state = $2 WHERE id = ANY($1)", [hold["id"] for hold in holds], state)
    await _change_held(tx, [hold["account_id"] for hold in holds], [-hold["amount"] for hold in holds])


async def _change_held(tx: Tx, accounts: Sequence[UUID], changes: Sequence[int]) -> None:
    await tx.execute(
        "UPDATE ledger.account a SET held = a.held + c.change FROM"
        " (SELECT id, sum(change)::bigint AS change FROM unnest($1::uuid[], $2::bigint[]) AS i(id, change)"
        " GROUP BY id) c"
        " WHERE a.id = c.id",
        list(accounts),
        list(changes),
    )
