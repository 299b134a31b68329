"""The SQL of requests to join and to part, and of pairs found to be two."""

from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx


async def add(
    tx: Tx,
    merge_id: UUID,
    verb: str,
    seq: int,
    kept_seq: int,
    unit_id: int,
    reason: str,
    *,
    rule: str,
    evidence: list[dict[str, Any]],
) -> None:
    """Write a request."""
    await tx.execute(
        "INSERT INTO identities.merge"
        " (id, verb, seq, kept_seq, unit_id, reason, rule, evidence, state, requested_by, requested_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'requested', $9, $10)",
        merge_id,
        verb,
        seq,
        kept_seq,
        unit_id,
        reason,
        rule,
        evidence,
        tx.actor.id,
        tx.now,
    )


async def set_change(tx: Tx, merge_id: UUID, change_id: UUID) -> None:
    """Note the approval a request waits for."""
    await tx.execute("UPDATE identities.merge SET change_id = $2 WHERE id = $1", merge_id, change_id)


async def get(tx: Tx, merge_id: UUID, *, lock: bool = False) -> Record | None:
    """A request, locked until the transaction ends when asked."""
    suffix = " FOR NO KEY UPDATE" if lock else ""
    return await tx.fetch_row(f"SELECT * FROM identities.merge WHERE id = $1{suffix}", merge_id)


async def waiting(tx: Tx, seqs: list[int]) -> list[Record]:
    """Open requests about any of some customers, oldest first."""
    return await tx.fetch(
        "SELECT * FROM identities.merge WHERE state = 'requested' AND (seq = ANY($1::int[]) OR kept_seq = ANY($1))"
        " ORDER BY requested_at, id",
        seqs,
    )


async def find(tx: Tx, units: list[int] | None, limit: int) -> list[Record]:
    """Requests, latest first."""
    return await tx.fetch(
        "SELECT * FROM identities.merge WHERE $1::int[] IS NULL OR unit_id = ANY($1)"
        " ORDER BY requested_at DESC, id DESC LIMIT $2",
        units,
        limit,
    )


async def end(tx: Tx, merge_id: UUID, state: str, carried: dict[str, Any] | None = None) -> None:
    """Write how a request ended, and what the joining put on the kept customer."""
    await tx.execute(
        "UPDATE identities.merge SET state = $2, ended_at = $3, carried = coalesce($4, carried) WHERE id = $1",
        merge_id,
        state,
        tx.now,
        carried,
    )


async def carried(tx: Tx, seq: int, kept_seq: int) -> dict[str, Any]:
    """What the latest joining of two put on the kept one."""
    found: dict[str, Any] | None = await tx.fetch_value(
        "SELECT carried FROM identities.merge WHERE verb = 'join' AND state = 'done' AND seq = $1 AND kept_seq = $2"
        " ORDER BY ended_at DESC LIMIT 1",
        seq,
        kept_seq,
    )
    return found or {}


async def put_apart(tx: Tx, seq: int, other_seq: int) -> None:
    """Note that two are two."""
    await tx.execute(
        "INSERT INTO identities.apart (seq, other_seq, decided_by, decided_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING",
        min(seq, other_seq),
        max(seq, other_seq),
        tx.actor.id,
        tx.now,
    )


async def apart(tx: Tx, seqs: list[int]) -> set[tuple[int, int]]:
    """Pairs among `seqs` that are two."""
    rows = await tx.fetch(
        "SELECT seq, other_seq FROM identities.apart WHERE seq = ANY($1::int[]) AND other_seq = ANY($1)", seqs
    )
    return {(row["seq"], row["other_seq"]) for row in rows}
