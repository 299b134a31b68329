"""The SQL of holds: amounts set aside on points accounts, which `store` locks in an earlier statement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward.ledger.model import NewHold


async def insert_holds(tx: Tx, holds: Sequence[NewHold], until: Sequence[datetime]) -> None:
    """Write holds and set their amounts aside on locked accounts."""
    await tx.execute(
        "INSERT INTO ledger.hold (id, account_id, amount, source_kind, state, held_at, expires_at)"
        " SELECT h.id, h.account_id, h.amount, h.source_kind, 'held', $6, h.expires_at"
        " FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::timestamptz[])"
        " AS h(id, account_id, amount, source_kind, expires_at)",
        [hold.id for hold in holds],
        [hold.account_id for hold in holds],
        [hold.amount for hold in holds],
        [hold.source_kind for hold in holds],
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


async def held_of(tx: Tx, owners: Sequence[str]) -> list[Record]:
    """What is held of customers' points, first to end first: id, currency, amount, source_kind, held_at, expires_at."""
    return await tx.fetch(
        "SELECT h.id, a.currency, h.amount, h.source_kind, h.held_at, h.expires_at FROM ledger.account a"
        " JOIN ledger.hold h ON h.account_id = a.id AND h.state = 'held'"
        " WHERE a.kind = 'points' AND a.owner_kind = 'customer' AND a.owner_key = ANY($1)"
        " ORDER BY h.expires_at, h.id",
        list(owners),
    )
