"""The SQL of statements."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.settle.statements.model import Covered, StatementLine, StatementState

_COLUMNS = (
    "id, number, supplier_id, since_on, until_on, since_at, until_at, state, quantity, amount_fen, prepaid_fen,"
    " amount_fen - prepaid_fen AS payable_fen, created_by,"
    " created_at, confirmed_by, confirmed_at, reversed_by, reversed_at, reason"
)
_LINE = "place, sku_id, title, source_id, campaign, redeemed, undone, quantity, unit_cost_fen, amount_fen"


async def take_turn(tx: Tx, supplier_id: UUID) -> int:
    """Lock a supplier's turn until the transaction ends and return the number of this statement."""
    number: int = await tx.fetch_value(
        "INSERT INTO statements.turn AS t (supplier_id, last) VALUES ($1, 1)"
        " ON CONFLICT (tenant_id, supplier_id) DO UPDATE SET last = t.last + 1 RETURNING last",
        supplier_id,
    )
    return number


async def covered(tx: Tx, supplier_id: UUID) -> list[Covered]:
    """What the supplier's live statements cover."""
    rows = await tx.fetch(
        "SELECT number, since_at, until_at FROM statements.statement WHERE supplier_id = $1 AND state <> 'reversed'"
        " ORDER BY since_at",
        supplier_id,
    )
    return [Covered(row["number"], row["since_at"], row["until_at"]) for row in rows]


async def insert(
    tx: Tx,
    statement_id: UUID,
    number: str,
    supplier_id: UUID,
    days: tuple[date, date],
    instants: tuple[datetime, datetime],
    lines: Sequence[StatementLine],
    prepaid_fen: int,
) -> None:
    """Write a statement and its lines."""
    await tx.execute(
        "INSERT INTO statements.statement (id, number, supplier_id, since_on, until_on, since_at, until_at, state,"
        " quantity, amount_fen, prepaid_fen, created_by, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $10, $11, $12)",
        statement_id,
        number,
        supplier_id,
        *days,
        *instants,
        sum(line.quantity for line in lines),
        sum(line.amount_fen for line in lines),
        prepaid_fen,
        tx.actor.id,
        tx.now,
    )
    names = _LINE.split(", ")
    types = ["int", "uuid", "text", "uuid", "text", "int", "int", "int", "bigint", "bigint"]
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(types, start=2))
    await tx.execute(
        f"INSERT INTO statements.line (statement_id, {_LINE}) SELECT $1, l.* FROM unnest({arrays}) AS l",
        statement_id,
        *([getattr(line, name) for line in lines] for name in names),
    )


async def get(tx: Tx, statement_id: UUID, *, lock: bool = False) -> Record | None:
    """A statement, locked until the transaction ends when asked."""
    suffix = " FOR NO KEY UPDATE" if lock else ""
    return await tx.fetch_row(f"SELECT {_COLUMNS} FROM statements.statement WHERE id = $1{suffix}", statement_id)


async def standing(tx: Tx, statement_id: UUID) -> str | None:
    """The state of a statement, kept from changing until the transaction ends."""
    state: str | None = await tx.fetch_value(
        "SELECT state FROM statements.statement WHERE id = $1 FOR SHARE", statement_id
    )
    return state


async def lines(tx: Tx, statement_id: UUID) -> list[Record]:
    """The lines of a statement, in order."""
    return await tx.fetch(f"SELECT {_LINE} FROM statements.line WHERE statement_id = $1 ORDER BY place", statement_id)


async def find(
    tx: Tx,
    *,
    q: str,
    state: StatementState | None,
    supplier_id: UUID | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Record]:
    """Statements, latest first; `q` is a part of the number."""
    return await tx.fetch(
        f"SELECT {_COLUMNS} FROM statements.statement WHERE ($1 = '' OR strpos(number, $1) > 0)"
        " AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR supplier_id = $3)"
        " AND ($4::timestamptz IS NULL OR (created_at, id) < ($4, $5::uuid))"
        " ORDER BY created_at DESC, id DESC LIMIT $6",
        q,
        state.value if state else None,
        supplier_id,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )


async def count(tx: Tx, *, q: str, supplier_id: UUID | None) -> dict[str, int]:
    """How many statements stand in each state."""
    rows = await tx.fetch(
        "SELECT state, count(*) FROM statements.statement WHERE ($1 = '' OR strpos(number, $1) > 0)"
        " AND ($2::uuid IS NULL OR supplier_id = $2) GROUP BY state",
        q,
        supplier_id,
    )
    return {row["state"]: row["count"] for row in rows}


async def confirm(tx: Tx, statement_id: UUID) -> None:
    """Write who confirmed a locked draft."""
    await tx.execute(
        "UPDATE statements.statement SET state = 'confirmed', confirmed_by = $2, confirmed_at = $3 WHERE id = $1",
        statement_id,
        tx.actor.id,
        tx.now,
    )


async def reverse(tx: Tx, statement_id: UUID, reason: str) -> None:
    """Write who took a locked statement back, and why."""
    await tx.execute(
        "UPDATE statements.statement SET state = 'reversed', reversed_by = $2, reversed_at = $3, reason = $4"
        " WHERE id = $1",
        statement_id,
        tx.actor.id,
        tx.now,
        reason,
    )
