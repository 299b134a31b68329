"""The SQL of points: lots and the burns that drew on them. `store` locks accounts in an earlier statement."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.ids import new_ids
from huoke.kernel.tx import Tx
from huoke.reward.ledger.model import Credit


async def insert_lots(
    tx: Tx, credits_: Sequence[Credit], accounts: Sequence[UUID], ids: Sequence[UUID], drawn: Mapping[UUID, int] = {}
) -> None:
    """One lot per credit, on the account and under the id of the same place; `drawn` is gone from some at once."""
    await tx.post(
        "WITH new AS (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::int[], $6::uuid[],"
        " $7::bigint[], $8::bigint[], $9::bigint[], $10::timestamptz[])"
        " AS l(id, account_id, source_kind, source_id, line, funder, amount, remaining, cost_fen, expires_at)),"
        " made AS (INSERT INTO ledger.lot"
        " (id, account_id, source_kind, source_id, line, funder, amount, cost_fen, credited_at, expires_at)"
        " SELECT id, account_id, source_kind, source_id, line, funder, amount, cost_fen, $11, expires_at FROM new)"
        " INSERT INTO ledger.open_lot (account_id, lot_id, amount, remaining, credited_at, expires_at)"
        " SELECT account_id, id, amount, remaining, $11, expires_at FROM new WHERE remaining > 0",
        list(ids),
        list(accounts),
        [credit.source_kind for credit in credits_],
        [credit.source_id for credit in credits_],
        [credit.line for credit in credits_],
        [credit.funder for credit in credits_],
        [credit.points for credit in credits_],
        [credit.points - drawn.get(lot_id, 0) for credit, lot_id in zip(credits_, ids, strict=True)],
        [credit.cost_fen for credit in credits_],
        [credit.expires_at for credit in credits_],
        tx.now,
    )


_REFUND = """
WITH wanted AS (
  SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[]) AS w(source_id, line, points)
), part AS (
  SELECT b.source_id, b.line, b.lot_id, w.points, b.amount - b.returned AS open,
    (sum(b.amount - b.returned) OVER (PARTITION BY b.source_id, b.line ORDER BY l.credited_at DESC, l.id DESC)
      - (b.amount - b.returned))::bigint AS start
  FROM wanted w JOIN ledger.burn b USING (source_id, line) JOIN ledger.lot l ON l.id = b.lot_id
  WHERE b.returned < b.amount
), share AS (
  SELECT source_id, line, lot_id, least(points - start, open) AS amount FROM part WHERE start < points
), marked AS (
  UPDATE ledger.burn b SET returned = b.returned + s.amount FROM share s
  WHERE b.source_id = s.source_id AND b.line = s.line AND b.lot_id = s.lot_id RETURNING b.lot_id, s.amount
), filled AS (
  INSERT INTO ledger.open_lot AS o (account_id, lot_id, amount, remaining, credited_at, expires_at)
  SELECT l.account_id, l.id, l.amount, m.amount, l.credited_at, l.expires_at
  FROM (SELECT lot_id, sum(amount)::bigint AS amount FROM marked GROUP BY lot_id) m
  JOIN ledger.lot l ON l.id = m.lot_id
  ON CONFLICT (tenant_id, account_id, lot_id) DO UPDATE SET remaining = o.remaining + excluded.remaining
)
SELECT coalesce(sum(amount), 0)::bigint FROM marked
"""


async def refund_lots(tx: Tx, back: Mapping[tuple[UUID, int], int]) -> int:
    """Put points of burns back into the lots they came from, last burned first; returns points put back."""
    return int(
        await tx.fetch_value(
            _REFUND, [source_id for source_id, _ in back], [line for _, line in back], list(back.values())
        )
    )


async def burned(tx: Tx, names: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], Record]:
    """What burns took and what of it is back, by (source, line): account_id, sink, amount, returned."""
    rows = await tx.fetch(
        "SELECT b.source_id, b.line, l.account_id, t.credit_account AS sink, sum(b.amount)::bigint AS amount,"
        " sum(b.returned)::bigint AS returned FROM unnest($1::uuid[], $2::int[]) AS w(source_id, line)"
        " JOIN ledger.burn b USING (source_id, line) JOIN ledger.lot l ON l.id = b.lot_id"
        " JOIN ledger.transfer t ON t.source_id = b.source_id AND t.line = b.line"
        " GROUP BY b.source_id, b.line, l.account_id, t.credit_account",
        [source_id for source_id, _ in names],
        [line for _, line in names],
    )
    return {(row["source_id"], row["line"]): row for row in rows}


async def due_accounts(tx: Tx, before: datetime, limit: int) -> list[UUID]:
    """Accounts of about `limit` lots that have run out, longest ago first; those all held are passed over."""
    rows = await tx.fetch(
        "SELECT DISTINCT account_id FROM (SELECT l.account_id FROM ledger.open_lot l"
        " JOIN ledger.account a ON a.id = l.account_id AND a.balance > a.held"
        " WHERE l.expires_at <= $1 ORDER BY l.expires_at LIMIT $2) d ORDER BY account_id",
        before,
        limit,
    )
    return [row["account_id"] for row in rows]


async def currencies_of(tx: Tx, accounts: Sequence[UUID]) -> list[str]:
    """The types of points some accounts hold."""
    rows = await tx.fetch("SELECT DISTINCT currency FROM ledger.account WHERE id = ANY($1)", list(accounts))
    return [row["currency"] for row in rows]


_EXPIRE = """
WITH due AS (
  SELECT l.lot_id, l.account_id, l.remaining, a.currency, a.balance - a.held AS free,
    (sum(l.remaining) OVER (PARTITION BY l.account_id ORDER BY l.credited_at, l.lot_id) - l.remaining)::bigint AS start
  FROM ledger.open_lot l JOIN ledger.account a ON a.id = l.account_id
  WHERE l.account_id = ANY($1) AND l.expires_at <= $2
), part AS (
  SELECT lot_id, account_id, currency, remaining, least(remaining, free - start) AS points FROM due WHERE start < free
), closed AS (
  DELETE FROM ledger.open_lot l USING part p
  WHERE l.account_id = p.account_id AND l.lot_id = p.lot_id AND p.points = p.remaining
  RETURNING p.lot_id, p.account_id, p.currency, p.points
), lessened AS (
  UPDATE ledger.open_lot l SET remaining = l.remaining - p.points FROM part p
  WHERE l.account_id = p.account_id AND l.lot_id = p.lot_id AND p.points < p.remaining
  RETURNING p.lot_id, p.account_id, p.currency, p.points
), emptied AS (
  SELECT * FROM closed UNION ALL SELECT * FROM lessened
), moved AS (
  UPDATE ledger.account a SET balance = a.balance - e.points
  FROM (SELECT account_id, sum(points)::bigint AS points FROM emptied GROUP BY account_id) e
  WHERE a.id = e.account_id RETURNING a.id
), noted AS (
  INSERT INTO ledger.transfer (source_kind, source_id, line, kind, debit_account, credit_account, amount, at, ordinal)
  SELECT 'lot', e.lot_id, (SELECT count(*) FROM ledger.transfer t WHERE t.source_id = e.lot_id), 'expire', e.account_id,
    s.account_id, e.points, $2, $5 + row_number() OVER ()
  FROM emptied e JOIN unnest($3::text[], $4::uuid[]) AS s(currency, account_id) USING (currency)
  RETURNING 1
)
SELECT (SELECT count(*) FROM moved) AS accounts, (SELECT count(*) FROM noted) AS lots
"""


async def empty_due_lots(tx: Tx, accounts: Sequence[UUID], at: datetime, sinks: Mapping[str, UUID]) -> int:
    """Empty the lots of locked accounts that have run out, into the sink of each type; returns accounts touched.

    Held points are not taken: what a hold covers stays until the hold ends. The transfers are written from the lots'
    own update.
    """
    first = tx.take_ordinals("ledger.transfer", 0)
    row = await tx.fetch_row(_EXPIRE, list(accounts), at, list(sinks), list(sinks.values()), first - 1)
    assert row is not None
    tx.take_ordinals("ledger.transfer", row["lots"])
    return int(row["accounts"])


class Draw(msgspec.Struct, frozen=True):
    """Points that `(source_id, line)` takes from one lot of an account, and how many that leaves in it."""

    source_id: UUID
    line: int
    account_id: UUID
    lot_id: UUID
    points: int
    left: int


async def draw(tx: Tx, draws: Sequence[Draw], born: Container[UUID] = ()) -> None:
    """Take points from lots of locked accounts and note what came from where; lots just `born` were written drawn."""
    if not draws:
        return
    wanted: dict[UUID, Draw] = {}
    taken: dict[UUID, int] = {}
    for one in draws:
        if one.lot_id not in born:
            wanted[one.lot_id] = one
            taken[one.lot_id] = taken.get(one.lot_id, 0) + one.points
    await _close(tx, [one for one in wanted.values() if not one.left], taken)
    await _lessen(tx, [one for one in wanted.values() if one.left], taken)
    await tx.post(
        "INSERT INTO ledger.burn (source_id, line, lot_id, amount)"
        " SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::bigint[])",
        [one.source_id for one in draws],
        [one.line for one in draws],
        [one.lot_id for one in draws],
        [one.points for one in draws],
    )


# The lot is found by its place, what stands there is compared: a lot that is not as it was read is a bug, not a loss.
async def _close(tx: Tx, last: Sequence[Draw], taken: Mapping[UUID, int]) -> None:
    """Take lots that are used up off the open ones."""
    if not last:
        return
    touched = await tx.execute(
        "DELETE FROM ledger.open_lot l USING unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS d(account_id, lot_id, was)"
        " WHERE l.account_id = d.account_id AND l.lot_id = d.lot_id AND l.remaining = d.was",
        [one.account_id for one in last],
        [one.lot_id for one in last],
        [taken[one.lot_id] for one in last],
    )
    assert touched == len(last), "every lot used up held what was drawn"


async def _lessen(tx: Tx, last: Sequence[Draw], taken: Mapping[UUID, int]) -> None:
    """Leave in lots what was not drawn."""
    if not last:
        return
    touched = await tx.execute(
        "UPDATE ledger.open_lot l SET remaining = d.left_over"
        " FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[]) AS d(account_id, lot_id, left_over, was)"
        " WHERE l.account_id = d.account_id AND l.lot_id = d.lot_id AND l.remaining = d.was",
        [one.account_id for one in last],
        [one.lot_id for one in last],
        [one.left for one in last],
        [one.left + taken[one.lot_id] for one in last],
    )
    assert touched == len(last), "every lot drawn on held what was drawn and left"


async def shelves(tx: Tx, accounts: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, int]]]:
    """What is left in the lots of each account: (lot, points), first in first."""
    found, _ = await shelves_and_due(tx, accounts, tx.now)
    return found


async def shelves_and_due(
    tx: Tx, accounts: Sequence[UUID], before: datetime
) -> tuple[dict[UUID, list[tuple[UUID, int]]], list[UUID]]:
    """The `shelves` of accounts, and those of them, ascending, with a lot that has run out."""
    rows = await tx.fetch(
        "SELECT account_id, lot_id, remaining, expires_at <= $2 AS due FROM ledger.open_lot"
        " WHERE account_id = ANY($1) ORDER BY account_id, credited_at, lot_id",
        list(accounts),
        before,
    )
    found: dict[UUID, list[tuple[UUID, int]]] = {account_id: [] for account_id in accounts}
    for account_id, lot_id, remaining, _ in rows:
        found[account_id].append((lot_id, remaining))
    return found, sorted({row["account_id"] for row in rows if row["due"]})


async def lots_of(tx: Tx, names: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], Record]:
    """The lots of credits by (source, line): id, account_id, amount, remaining, clawed, expired."""
    rows = await tx.fetch(
        "SELECT l.source_id, l.line, l.id, l.account_id, l.amount, coalesce(o.remaining, 0) AS remaining, l.clawed,"
        " coalesce((SELECT sum(t.amount) FROM ledger.transfer t WHERE t.source_id = l.id), 0)::bigint AS expired"
        " FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::int[]) AS n(source_id, line)) n"
        " JOIN ledger.lot l USING (source_id, line)"
        " LEFT JOIN ledger.open_lot o ON o.account_id = l.account_id AND o.lot_id = l.id",
        [source_id for source_id, _ in names],
        [line for _, line in names],
    )
    return {(row["source_id"], row["line"]): row for row in rows}


async def claws_known(tx: Tx, names: Sequence[tuple[UUID, int]]) -> set[tuple[UUID, int]]:
    """Which claw-backs were done before."""
    rows = await tx.fetch(
        "SELECT c.source_id, c.line FROM unnest($1::uuid[], $2::int[]) AS n(source_id, line)"
        " JOIN ledger.claw_back c USING (source_id, line)",
        [source_id for source_id, _ in names],
        [line for _, line in names],
    )
    return {(row["source_id"], row["line"]) for row in rows}


async def note_claws(tx: Tx, claws: Sequence[tuple[UUID, int, UUID]]) -> None:
    """Remember claw-backs by (source, line) and the lot they were of."""
    await tx.execute(
        "INSERT INTO ledger.claw_back (source_id, line, lot_id, at)"
        " SELECT c.*, $4 FROM unnest($1::uuid[], $2::int[], $3::uuid[]) AS c",
        [source_id for source_id, _, _ in claws],
        [line for _, line, _ in claws],
        [lot_id for _, _, lot_id in claws],
        tx.now,
    )


async def mark_clawed(tx: Tx, clawed: Sequence[tuple[UUID, int]]) -> None:
    """Note how much of lots was clawed back."""
    await tx.execute(
        "UPDATE ledger.lot l SET clawed = l.clawed + c.points"
        " FROM (SELECT id, sum(points)::bigint AS points FROM unnest($1::uuid[], $2::bigint[]) AS i(id, points)"
        " GROUP BY id) c WHERE l.id = c.id",
        [lot_id for lot_id, _ in clawed],
        [points for _, points in clawed],
    )


async def owners(tx: Tx, accounts: Iterable[UUID]) -> dict[UUID, tuple[int, str]]:
    """Whose points accounts are: (seq, type) of each."""
    rows = await tx.fetch(
        "SELECT id, owner_key, currency FROM ledger.account WHERE id = ANY($1) AND kind = 'points'", list(accounts)
    )
    return {row["id"]: (int(row["owner_key"]), row["currency"]) for row in rows}


async def owing(tx: Tx, accounts: Sequence[UUID]) -> list[Record]:
    """Of some points accounts, those whose owner owes points of that type: account_id, currency, debt_account, debt."""
    return await tx.fetch(
        "SELECT p.id AS account_id, p.currency, d.id AS debt_account, d.balance AS debt FROM ledger.account p"
        " JOIN ledger.account d ON d.kind = 'points_debt' AND d.owner_kind = p.owner_kind"
        " AND d.owner_key = p.owner_key AND d.currency = p.currency"
        " WHERE p.id = ANY($1) AND d.balance > 0 ORDER BY p.id",
        list(accounts),
    )


_GIVE = """
WITH shelf AS (
  SELECT l.*, (sum(l.remaining) OVER (ORDER BY l.credited_at, l.lot_id) - l.remaining)::bigint AS start
  FROM ledger.open_lot l WHERE l.account_id = $2
), share AS (
  SELECT s.lot_id, s.remaining, least($4 - s.start, s.remaining) AS part, row_number() OVER (ORDER BY s.start) - 1 AS n,
    s.expires_at, o.funder, o.cost_fen, o.amount
  FROM shelf s JOIN ledger.lot o ON o.id = s.lot_id WHERE s.start < $4
), closed AS (
  DELETE FROM ledger.open_lot l USING share s
  WHERE l.account_id = $2 AND l.lot_id = s.lot_id AND s.part = s.remaining RETURNING s.lot_id
), lessened AS (
  UPDATE ledger.open_lot l SET remaining = l.remaining - s.part FROM share s
  WHERE l.account_id = $2 AND l.lot_id = s.lot_id AND s.part < s.remaining RETURNING s.lot_id
), noted AS (
  INSERT INTO ledger.burn (source_id, line, lot_id, amount)
  SELECT $1, 0, s.lot_id, s.part FROM share s
  JOIN (SELECT lot_id FROM closed UNION ALL SELECT lot_id FROM lessened) t USING (lot_id)
), made AS (
  INSERT INTO ledger.lot (id, account_id, source_kind, source_id, line, funder, amount, cost_fen, credited_at,
    expires_at)
  SELECT i.id, $3, 'gift', $1, s.n::int, s.funder, s.part, (s.cost_fen::numeric * s.part / s.amount)::bigint, $6,
    s.expires_at
  FROM share s JOIN unnest($5::uuid[]) WITH ORDINALITY AS i(id, n) ON i.n = s.n + 1
  RETURNING id, amount, expires_at
), opened AS (
  INSERT INTO ledger.open_lot (account_id, lot_id, amount, remaining, credited_at, expires_at)
  SELECT $3, m.id, m.amount, m.amount, $6, m.expires_at FROM made m
)
SELECT coalesce(sum(amount), 0)::bigint FROM made
"""


async def give_lots(tx: Tx, source_id: UUID, giver: UUID, taker: UUID, points: int) -> None:
    """Move points from the lots of one locked account into new lots of another that keep expiry, funder and cost."""
    count = await tx.fetch_value("SELECT count(*) FROM ledger.open_lot WHERE account_id = $1", giver)
    moved = await tx.fetch_value(_GIVE, source_id, giver, taker, points, new_ids(count), tx.now)
    assert moved == points, "the lots of an account add up to its balance"


async def gift_lots(tx: Tx, source_id: UUID) -> list[Record]:
    """The lots a gift made: id, account_id, amount, remaining."""
    return await tx.fetch(
        "SELECT l.id, l.account_id, l.amount, coalesce(o.remaining, 0) AS remaining FROM ledger.lot l"
        " LEFT JOIN ledger.open_lot o ON o.account_id = l.account_id AND o.lot_id = l.id"
        " WHERE l.source_id = $1 AND l.source_kind = 'gift' ORDER BY l.line",
        source_id,
    )


async def set_frozen(tx: Tx, account_id: UUID, frozen: bool) -> None:
    """Freeze an account, or free it."""
    await tx.execute("UPDATE ledger.account SET frozen = $2 WHERE id = $1", account_id, frozen)


async def lots(tx: Tx, account_id: UUID) -> list[Record]:
    """The lots of an account that still hold something, first in first."""
    return await tx.fetch(
        "SELECT l.id, l.source_kind, l.source_id, l.amount, o.remaining, l.credited_at, l.expires_at"
        " FROM ledger.open_lot o JOIN ledger.lot l ON l.id = o.lot_id"
        " WHERE o.account_id = $1 ORDER BY l.credited_at, l.id",
        account_id,
    )


async def held(tx: Tx, owners: Sequence[str]) -> list[Record]:
    """Points accounts of customers: id, currency, balance."""
    return await tx.fetch(
        "SELECT id, currency, balance FROM ledger.account WHERE kind = 'points' AND owner_kind = 'customer'"
        " AND owner_key = ANY($1) ORDER BY currency, id",
        list(owners),
    )


async def free(tx: Tx, account_id: UUID) -> int:
    """What is on a stored account and not held."""
    return int(await tx.fetch_value("SELECT balance - held FROM ledger.account WHERE id = $1", account_id) or 0)


async def is_frozen(tx: Tx, owner: str, currency: str) -> bool:
    """Whether a customer's points account of a type is frozen; one never opened is not."""
    return bool(
        await tx.fetch_value(
            "SELECT frozen FROM ledger.account WHERE kind = 'points' AND owner_kind = 'customer' AND owner_key = $1"
            " AND currency = $2",
            owner,
            currency,
        )
    )
