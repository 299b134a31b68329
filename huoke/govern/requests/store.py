"""The SQL of requests: the same for every table that `request_table` declared."""

from typing import Any
from uuid import UUID

from asyncpg import Record
from sqlalchemy import Table

from huoke.govern.requests.model import RequestState
from huoke.govern.requests.tables import LIFE
from huoke.kernel.tx import Tx


def asked_of(table: Table) -> list[str]:
    """The columns that say what is asked for."""
    return [column.name for column in table.columns if column.name not in (*LIFE, "tenant_id")]


async def add(tx: Tx, table: Table, request_id: UUID, asked: dict[str, Any], reason: str) -> bool:
    """Write a request; False where one is open."""
    names = asked_of(table)
    marks = ", ".join(f"${place}" for place in range(5, 5 + len(names)))
    written = await tx.execute(
        f"INSERT INTO {table.fullname} (id, reason, state, requested_by, requested_at, {', '.join(names)})"
        f" VALUES ($1, $2, 'requested', $3, $4, {marks}) ON CONFLICT DO NOTHING",
        request_id,
        reason,
        tx.actor.id,
        tx.now,
        *(asked[name] for name in names),
    )
    return bool(written)


async def set_change(tx: Tx, table: Table, request_id: UUID, change_id: UUID) -> None:
    """Note the approval a request waits for."""
    await tx.execute(f"UPDATE {table.fullname} SET change_id = $2 WHERE id = $1", request_id, change_id)


async def get(tx: Tx, table: Table, request_id: UUID, *, lock: bool = False) -> Record | None:
    """A request, locked until the transaction ends when asked."""
    suffix = " FOR NO KEY UPDATE" if lock else ""
    return await tx.fetch_row(f"SELECT * FROM {table.fullname} WHERE id = $1{suffix}", request_id)


async def in_force(tx: Tx, table: Table) -> Record | None:
    """What holds, in a table that says so itself; None before anything was decided."""
    return await tx.fetch_row(f"SELECT * FROM {table.fullname} WHERE state = 'in_force'")


async def find(tx: Tx, table: Table, limit: int) -> list[Record]:
    """Requests, latest first."""
    return await tx.fetch(f"SELECT * FROM {table.fullname} ORDER BY requested_at DESC, id DESC LIMIT $1", limit)


async def replace(tx: Tx, table: Table) -> None:
    """What holds is about to be replaced."""
    await tx.execute(f"UPDATE {table.fullname} SET state = 'replaced', ended_at = $1 WHERE state = 'in_force'", tx.now)


async def end(tx: Tx, table: Table, request_id: UUID, state: RequestState) -> None:
    """Write what became of a request."""
    await tx.execute(
        f"UPDATE {table.fullname} SET state = $2, ended_at = $3 WHERE id = $1", request_id, state.value, tx.now
    )
