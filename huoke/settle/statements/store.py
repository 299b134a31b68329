"""The SQL of statements."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.settle.statements.model import Covered, StatementLine, StatementState, StoreLine

_COLUMNS = (
    "id, number, supplier_id, merchant_id, since_on, until_on, since_at, until_at, state, quantity,"
    " amount_fen, prepaid_fen, amount_fen - prepaid_fen AS payable_fen, created_by,"
    " created_at, confirmed_by, confirmed_at, reversed_by, reversed_at, reason, agreed_by, agreed_at,"
    " dispute, answer, paid_by, paid_at, paid_reference"
)
_LINE = (
    "place, sku_id, title, source_id, campaign, redeemed, undone, quantity, unit_cost_fen, amount_fen, difference_id,"
    " on_day, number"
)
_LINE_TYPES = "int uuid text uuid text int int int bigint bigint uuid date text"
_STORE_LINE = "place, store_id, store, on_day, kind, title, done, undone, price_fen, reduction_fen, own_fen, amount_fen"
_STORE = ("store_line", _STORE_LINE, "int uuid text date text text int int bigint bigint bigint bigint")


async def take_turn(tx: Tx, owed_id: UUID) -> int:
    """Lock the turn of a supplier or merchant until the transaction ends and return the number of this statement."""
    number: int = await tx.fetch_value(
        "INSERT INTO statements.turn AS t (supplier_id, last) VALUES ($1, 1)"
        " ON CONFLICT (tenant_id, supplier_id) DO UPDATE SET last = t.last + 1 RETURNING last",
        owed_id,
    )
    return number


async def covered(tx: Tx, owed_id: UUID) -> list[Covered]:
    """What the live statements of a supplier or merchant cover."""
    rows = await tx.fetch(
        "SELECT number, since_at, until_at FROM statements.statement WHERE (supplier_id = $1 OR merchant_id = $1)"
        " AND state <> 'reversed' ORDER BY since_at",
        owed_id,
    )
    return [Covered(row["number"], row["since_at"], row["until_at"]) for row in rows]


async def insert(tx: Tx, values: dict[str, Any], lines: Sequence[StatementLine | StoreLine]) -> None:
    """Write a draft and its lines: a supplier's, or a merchant's."""
    row = values | {"state": "draft", "created_by": tx.actor.id, "created_at": tx.now}
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    await tx.execute(f"INSERT INTO statements.statement ({', '.join(row)}) VALUES ({places})", *row.values())
    if not lines:
        return
    table, columns, types = ("line", _LINE, _LINE_TYPES) if values["supplier_id"] else _STORE
    names = columns.split(", ")
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(types.split(), start=2))
    await tx.execute(
        f"INSERT INTO statements.{table} (statement_id, {columns}) SELECT $1, l.* FROM unnest({arrays}) AS l",
        values["id"],
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


async def skus(tx: Tx, statement_ids: Sequence[UUID]) -> list[Record]:
    """Statement_id, place and sku_id of the lines of some statements."""
    return await tx.fetch(
        "SELECT statement_id, place, sku_id FROM statements.line WHERE statement_id = ANY($1::uuid[])"
        " AND sku_id IS NOT NULL",
        list(statement_ids),
    )


async def store_lines(tx: Tx, statement_id: UUID) -> list[Record]:
    """The lines of a merchant's statement, in order."""
    return await tx.fetch(
        f"SELECT {_STORE_LINE} FROM statements.store_line WHERE statement_id = $1 ORDER BY place", statement_id
    )


_WHERE = (
    "($1 = '' OR strpos(number, $1) > 0) AND ($2::uuid IS NULL OR supplier_id = $2)"
    " AND ($3::uuid[] IS NULL OR merchant_id = ANY($3))"
    " AND ($4::text IS NULL OR ($4 = 'merchant') = (merchant_id IS NOT NULL))"
)


async def find(
    tx: Tx,
    *,
    q: str,
    state: StatementState | None,
    supplier_id: UUID | None,
    merchants: Collection[UUID] | None,
    owed: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Record]:
    """Statements, latest first; `q` is a part of the number."""
    return await tx.fetch(
        f"SELECT {_COLUMNS} FROM statements.statement WHERE {_WHERE} AND ($5::text IS NULL OR state = $5)"
        " AND ($6::timestamptz IS NULL OR (created_at, id) < ($6, $7::uuid))"
        " ORDER BY created_at DESC, id DESC LIMIT $8",
        q,
        supplier_id,
        None if merchants is None else list(merchants),
        owed,
        state.value if state else None,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )


async def count(
    tx: Tx, *, q: str, supplier_id: UUID | None, merchants: Collection[UUID] | None, owed: str | None
) -> dict[str, int]:
    """How many statements stand in each state."""
    rows = await tx.fetch(
        f"SELECT state, count(*) FROM statements.statement WHERE {_WHERE} GROUP BY state",
        q,
        supplier_id,
        None if merchants is None else list(merchants),
        owed,
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


async def put(tx: Tx, statement_id: UUID, **values: Any) -> None:
    """Write some columns of a locked statement."""
    pairs = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, start=2))
    await tx.execute(f"UPDATE statements.statement SET {pairs} WHERE id = $1", statement_id, *values.values())
