"""The only SQL of the ledger: accounts, transfers and budgets. Points are in `store_points.py`."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.ids import new_id, new_ids
from huoke.kernel.tx import Tx
from huoke.reward.ledger.model import (
    STORED,
    AccountKey,
    Budget,
    BudgetMoves,
    NewBudget,
    Place,
    Standing,
    Transfer,
    TransferKind,
)

_BUDGET = "id, parent_id, unit_id, name, limit_fen, available_fen, reserved_fen, committed_fen, opened_at"


async def ensure_accounts(tx: Tx, keys: Sequence[AccountKey]) -> dict[AccountKey, UUID]:
    """Open the accounts that are missing and return the id of each."""
    found, _ = await open_missing(tx, keys)
    return found


async def open_missing(tx: Tx, keys: Sequence[AccountKey]) -> tuple[dict[AccountKey, UUID], set[UUID]]:
    """`ensure_accounts`, and which of them this transaction opened: empty, and nobody else can touch them."""
    wanted = sorted(set(keys), key=lambda key: (key.kind, key.owner_kind, key.owner_key, key.currency))
    found = await _find_accounts(tx, wanted) if wanted else {}
    missing = [key for key in wanted if key not in found]
    opened: set[UUID] = set()
    if missing:
        ids = dict(zip(new_ids(len(missing)), missing, strict=True))
        rows = await tx.fetch(
            "INSERT INTO ledger.account (id, kind, owner_kind, owner_key, currency, balance, opened_at)"
            " SELECT a.*, $7 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) AS a"
            " ON CONFLICT DO NOTHING RETURNING id",
            list(ids),
            *_columns(missing),
            [0 if key.kind in STORED else None for key in missing],
            tx.now,
        )
        opened = {row["id"] for row in rows}
        found |= {ids[account_id]: account_id for account_id in opened}
        if opened_by_others := [key for key in missing if key not in found]:
            found |= await _find_accounts(tx, opened_by_others)
    return found, opened


# Where a table grows faster than its statistics the planner would rather walk all of a bank than ask an index a hundred
# times. A lateral with a limit leaves it the index alone.
async def _find_accounts(tx: Tx, keys: Sequence[AccountKey]) -> dict[AccountKey, UUID]:
    rows = await tx.fetch(
        "SELECT w.n, a.id FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY"
        " AS w(kind, owner_kind, owner_key, currency, n) CROSS JOIN LATERAL"
        " (SELECT id FROM ledger.account a WHERE a.kind = w.kind AND a.owner_kind = w.owner_kind"
        " AND a.owner_key = w.owner_key AND a.currency = w.currency LIMIT 1) a",
        *_columns(keys),
    )
    return {keys[row["n"] - 1]: row["id"] for row in rows}


def _columns(keys: Sequence[AccountKey]) -> tuple[list[str], list[str], list[str], list[str]]:
    return (
        [key.kind.value for key in keys],
        [key.owner_kind for key in keys],
        [key.owner_key for key in keys],
        [key.currency for key in keys],
    )


async def find_account(tx: Tx, key: AccountKey) -> UUID | None:
    """The account's id, or None where it was never opened."""
    return (await _find_accounts(tx, [key])).get(key)


async def stored_balances(tx: Tx, keys: Sequence[AccountKey], *, lock: bool) -> dict[AccountKey, int]:
    """Balance columns by key, 0 where there is no account."""
    found = await _find_accounts(tx, list(keys)) if keys else {}
    suffix = " ORDER BY id FOR NO KEY UPDATE" if lock else ""
    rows = await tx.fetch(
        f"SELECT id, balance FROM ledger.account WHERE id = ANY($1) AND balance IS NOT NULL{suffix}",
        sorted(found.values()),
    )
    balances = {row["id"]: row["balance"] for row in rows}
    return {key: balances.get(found[key], 0) if key in found else 0 for key in keys}


async def lock_accounts(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """Lock the stored accounts in ascending order; the bank's own are read, never locked."""
    wanted = sorted(set(ids))
    rows = await tx.fetch(
        "SELECT id, currency, balance, held, frozen FROM ledger.account"
        " WHERE id = ANY($1) AND balance IS NOT NULL ORDER BY id FOR NO KEY UPDATE",
        wanted,
    )
    standing = {
        row["id"]: Standing(row["currency"], row["balance"] - row["held"], row["balance"], row["frozen"])
        for row in rows
    }
    if others := [account_id for account_id in wanted if account_id not in standing]:
        own = await tx.fetch("SELECT id, currency FROM ledger.account WHERE id = ANY($1) AND balance IS NULL", others)
        standing |= {row["id"]: Standing(row["currency"], None) for row in own}
    return standing


async def account_kinds(tx: Tx, ids: Iterable[UUID]) -> set[str]:
    """The kinds of the accounts named."""
    rows = await tx.fetch("SELECT DISTINCT kind FROM ledger.account WHERE id = ANY($1)", sorted(set(ids)))
    return {row["kind"] for row in rows}


async def known_sources(tx: Tx, source_ids: Sequence[UUID]) -> set[UUID]:
    """Those of some sources that stand in the ledger."""
    rows = await tx.fetch(
        "SELECT DISTINCT source_id FROM ledger.transfer WHERE source_id = ANY($1)", list(set(source_ids))
    )
    return {row["source_id"] for row in rows}


async def known_transfers(tx: Tx, transfers: Sequence[Transfer]) -> dict[tuple[UUID, int], Transfer]:
    """The transfers already in the ledger that a batch repeats, reverses, or that were reversed before."""
    rows = await tx.fetch(
        "SELECT t.source_kind, t.source_id, t.line, t.debit_account, t.credit_account, t.amount, t.kind, t.reversal_of"
        " FROM (SELECT DISTINCT w.id, w.line FROM unnest($1::uuid[], $2::int[]) AS w(id, line)) w CROSS JOIN LATERAL"
        " (SELECT * FROM ledger.transfer t WHERE t.source_id = w.id AND (t.line = w.line OR t.reversal_of = w.line)"
        " LIMIT 1000000) t",
        *_named(transfers),
    )
    known = [
        Transfer(
            source_kind=row["source_kind"],
            source_id=row["source_id"],
            line=row["line"],
            debit_account=row["debit_account"],
            credit_account=row["credit_account"],
            amount=row["amount"],
            kind=TransferKind(row["kind"]),
            reversal_of=row["reversal_of"],
        )
        for row in rows
    ]
    return {transfer.name: transfer for transfer in known}


def _named(transfers: Sequence[Transfer]) -> tuple[list[UUID], list[int]]:
    names = [transfer.name for transfer in transfers]
    names += [(transfer.source_id, transfer.reversal_of) for transfer in transfers if transfer.reversal_of is not None]
    return [source_id for source_id, _ in names], [line for _, line in names]


async def append(tx: Tx, transfers: Sequence[Transfer], own: Container[UUID] = ()) -> None:
    """Write transfers and move the stored balances they change; `own` are accounts known to keep none."""
    if not transfers:
        return
    await tx.post(
        "INSERT INTO ledger.transfer"
        " (source_kind, source_id, line, kind, debit_account, credit_account, amount, reversal_of, at, ordinal)"
        " SELECT t.*, $9, $10 + row_number() OVER () - 1 FROM unnest($1::text[], $2::uuid[], $3::int[], $4::text[],"
        " $5::uuid[], $6::uuid[], $7::bigint[], $8::int[]) AS t",
        [transfer.source_kind for transfer in transfers],
        [transfer.source_id for transfer in transfers],
        [transfer.line for transfer in transfers],
        [transfer.kind.value for transfer in transfers],
        [transfer.debit_account for transfer in transfers],
        [transfer.credit_account for transfer in transfers],
        [transfer.amount for transfer in transfers],
        [transfer.reversal_of for transfer in transfers],
        tx.now,
        tx.take_ordinals("ledger.transfer", len(transfers)),
    )
    changes: dict[UUID, int] = {}
    for transfer in transfers:
        changes[transfer.debit_account] = changes.get(transfer.debit_account, 0) - transfer.amount
        changes[transfer.credit_account] = changes.get(transfer.credit_account, 0) + transfer.amount
    changes = {account: change for account, change in changes.items() if change and account not in own}
    if not changes:
        return
    await tx.post(
        "UPDATE ledger.account a SET balance = a.balance + c.change FROM unnest($1::uuid[], $2::bigint[])"
        " AS c(id, change) WHERE a.id = c.id AND a.balance IS NOT NULL",
        list(changes),
        list(changes.values()),
    )


async def insert_budgets(tx: Tx, budgets: Sequence[NewBudget], accounts: Sequence[Mapping[Place, UUID]]) -> list[UUID]:
    """Write budgets without money; returns their ids in order."""
    ids = [new_id() for _ in budgets]
    await tx.execute(
        "INSERT INTO ledger.budget (id, parent_id, unit_id, name, limit_fen, available_fen,"
        " available_account, reserved_account, committed_account, opened_at)"
        " SELECT b.id, b.parent_id, b.unit_id, b.name, 0, 0, b.available, b.reserved, b.committed, $8"
        " FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[])"
        " AS b(id, parent_id, unit_id, name, available, reserved, committed)",
        ids,
        [budget.parent_id for budget in budgets],
        [budget.unit_id for budget in budgets],
        [budget.name for budget in budgets],
        *([mapping[place] for mapping in accounts] for place in Place),
        tx.now,
    )
    return ids


async def lock_budgets(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Record]:
    """Lock budgets in ascending order; returns their rows with the ids of their accounts."""
    rows = await tx.fetch(
        f"SELECT {_BUDGET}, available_account, reserved_account, committed_account FROM ledger.budget"
        " WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
        sorted(set(ids)),
    )
    return {row["id"]: row for row in rows}


async def change_limits(tx: Tx, changes: Mapping[UUID, int]) -> None:
    """Move limit and available of locked budgets together, up or down."""
    await tx.execute(
        "UPDATE ledger.budget b SET limit_fen = b.limit_fen + c.change, available_fen = b.available_fen + c.change"
        " FROM unnest($1::uuid[], $2::bigint[]) AS c(id, change) WHERE b.id = c.id",
        list(changes),
        list(changes.values()),
    )


_MOVE = """
WITH item AS (
  SELECT i.n, i.source_id, i.line, i.amount, b.id AS budget_id
  FROM unnest($1::int[], $2::uuid[], $3::int[], $4::bigint[]) WITH ORDINALITY AS i(budget, source_id, line, amount, n)
  JOIN unnest($5::uuid[]) WITH ORDINALITY AS b(id, n) ON b.n = i.budget + 1
  WHERE i.amount > 0
), moved AS (
  UPDATE ledger.budget b SET {0}_fen = b.{0}_fen - s.amount, {1}_fen = b.{1}_fen + s.amount
  FROM (SELECT budget_id, sum(amount)::bigint AS amount FROM item GROUP BY budget_id) s
  WHERE b.id = s.budget_id
  RETURNING b.id, b.{0}_account AS debit, b.{1}_account AS credit
)
INSERT INTO ledger.transfer (source_kind, source_id, line, kind, debit_account, credit_account, amount, at, ordinal)
SELECT $6, i.source_id, i.line, $7, m.debit, m.credit, i.amount, $8, $9 + i.n
FROM item i JOIN moved m ON m.id = i.budget_id
"""


async def move_budgets(tx: Tx, moves: BudgetMoves, kind: TransferKind, before: Place, after: Place) -> int:
    """Move amounts between two places of locked budgets: the transfers are written from the budgets' update."""
    return await tx.execute(
        _MOVE.format(before.value, after.value),
        moves.budgets,
        moves.source_ids,
        moves.lines,
        moves.amounts_fen,
        moves.budget_ids,
        moves.source_kind,
        kind.value,
        tx.now,
        tx.take_ordinals("ledger.transfer", len(moves.budgets) + 1),
    )


async def budgets(tx: Tx, ids: Sequence[UUID] | None, units: Iterable[int] | None) -> list[Budget]:
    """Budgets as they stand, roots first; `ids` or `units` None is all."""
    rows = await tx.fetch(
        f"SELECT {_BUDGET} FROM ledger.budget"
        " WHERE ($1::uuid[] IS NULL OR id = ANY($1)) AND ($2::int[] IS NULL OR unit_id = ANY($2))"
        " ORDER BY parent_id IS NOT NULL, opened_at, id",
        None if ids is None else list(ids),
        None if units is None else list(units),
    )
    return [Budget(**dict(row)) for row in rows]


async def booked(tx: Tx, account_id: UUID, source_ids: Sequence[UUID]) -> int:
    """Credits less debits of some sources on an account."""
    total: int = await tx.fetch_value(
        "SELECT coalesce(sum(CASE WHEN credit_account = $1 THEN amount ELSE -amount END), 0)::int8 FROM ledger.transfer"
        " WHERE source_id = ANY($2::uuid[]) AND $1 IN (debit_account, credit_account)",
        account_id,
        list(source_ids),
    )
    return total


async def derived_balance(tx: Tx, account_id: UUID) -> int:
    """An account's balance as its transfers tell it."""
    total = await tx.fetch_value(
        "SELECT coalesce(sum(CASE WHEN credit_account = $1 THEN amount ELSE -amount END), 0)::bigint"
        " FROM ledger.transfer WHERE credit_account = $1 OR debit_account = $1",
        account_id,
    )
    return int(total)


async def movement(tx: Tx, account_id: UUID, kind: TransferKind, begin: datetime, end: datetime) -> int:
    """What transfers of a kind in [begin, end) put on an account, less what they took off it.

    The kind stands in the statement itself, so that the index of that kind serves it.
    """
    total = await tx.fetch_value(
        "SELECT coalesce(sum(CASE WHEN credit_account = $1 THEN amount ELSE -amount END), 0)::bigint"
        f" FROM ledger.transfer WHERE kind = '{kind.value}' AND at >= $2 AND at < $3"
        " AND (credit_account = $1 OR debit_account = $1)",
        account_id,
        begin,
        end,
    )
    return int(total)


async def movement_by_source(
    tx: Tx, account_id: UUID, kind: TransferKind, source_kind: str, begin: datetime, end: datetime
) -> list[Record]:
    """`movement` of one kind of source, by source: source_id and amount, none where it comes to nothing."""
    return await tx.fetch(
        "SELECT source_id, sum(CASE WHEN credit_account = $1 THEN amount ELSE -amount END)::bigint AS amount"
        f" FROM ledger.transfer WHERE kind = '{kind.value}' AND at >= $2 AND at < $3 AND source_kind = $4"
        " AND (credit_account = $1 OR debit_account = $1) GROUP BY source_id"
        " HAVING sum(CASE WHEN credit_account = $1 THEN amount ELSE -amount END) <> 0",
        account_id,
        begin,
        end,
        source_kind,
    )


async def unequal_accounts(tx: Tx) -> list[Record]:
    """Stored balances, of accounts and of budgets, that differ from what the transfers say."""
    return await tx.fetch(
        "WITH movement AS (SELECT debit_account AS id, -amount AS amount FROM ledger.transfer"
        " UNION ALL SELECT credit_account, amount FROM ledger.transfer),"
        " truth AS (SELECT id, sum(amount)::bigint AS amount FROM movement GROUP BY id),"
        " stored AS (SELECT 'account' AS what, id, balance FROM ledger.account WHERE balance IS NOT NULL"
        " UNION ALL SELECT 'budget_available', available_account, available_fen FROM ledger.budget"
        " UNION ALL SELECT 'budget_reserved', reserved_account, reserved_fen FROM ledger.budget"
        " UNION ALL SELECT 'budget_committed', committed_account, committed_fen FROM ledger.budget)"
        " SELECT s.what, s.id, s.balance AS stored, coalesce(t.amount, 0) AS recomputed"
        " FROM stored s LEFT JOIN truth t USING (id) WHERE s.balance <> coalesce(t.amount, 0) ORDER BY 1, 2"
    )


async def unequal_lots(tx: Tx) -> list[Record]:
    """Points accounts whose lots do not add up to their balance."""
    return await tx.fetch(
        "SELECT a.id, a.balance AS stored, coalesce(l.remaining, 0) AS recomputed FROM ledger.account a"
        " LEFT JOIN (SELECT account_id, sum(remaining)::bigint AS remaining FROM ledger.open_lot GROUP BY account_id) l"
        " ON l.account_id = a.id WHERE a.kind = 'points' AND a.balance <> coalesce(l.remaining, 0) ORDER BY a.id"
    )
