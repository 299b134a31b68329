"""The SQL of the rules by which two customers are taken for one."""

from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx

_ROW = "id, body, reason, state, change_id, requested_by, requested_at, ended_at"


async def add(tx: Tx, ruleset_id: UUID, body: dict[str, Any], reason: str) -> bool:
    """Write a request; False where one is open."""
    written = await tx.execute(
        "INSERT INTO identities.ruleset (id, body, reason, state, requested_by, requested_at)"
        " VALUES ($1, $2, $3, 'requested', $4, $5) ON CONFLICT DO NOTHING",
        ruleset_id,
        body,
        reason,
        tx.actor.id,
        tx.now,
    )
    return bool(written)


async def set_change(tx: Tx, ruleset_id: UUID, change_id: UUID) -> None:
    """Note the approval a request waits for."""
    await tx.execute("UPDATE identities.ruleset SET change_id = $2 WHERE id = $1", ruleset_id, change_id)


async def get(tx: Tx, ruleset_id: UUID, *, lock: bool = False) -> Record | None:
    """Rules, locked until the transaction ends when asked."""
    suffix = " FOR NO KEY UPDATE" if lock else ""
    return await tx.fetch_row(f"SELECT {_ROW} FROM identities.ruleset WHERE id = $1{suffix}", ruleset_id)


async def in_force(tx: Tx) -> Record | None:
    """The rules that hold; None while they are the usual ones."""
    return await tx.fetch_row(f"SELECT {_ROW} FROM identities.ruleset WHERE state = 'in_force'")


async def find(tx: Tx, limit: int) -> list[Record]:
    """Rules that were asked for, latest first."""
    return await tx.fetch(f"SELECT {_ROW} FROM identities.ruleset ORDER BY requested_at DESC, id DESC LIMIT $1", limit)


async def end(tx: Tx, ruleset_id: UUID, state: str) -> None:
    """Write what became of a request; rules that come in force replace those before."""
    if state == "in_force":
        await tx.execute(
            "UPDATE identities.ruleset SET state = 'replaced', ended_at = $1 WHERE state = 'in_force'", tx.now
        )
    await tx.execute("UPDATE identities.ruleset SET state = $2, ended_at = $3 WHERE id = $1", ruleset_id, state, tx.now)
