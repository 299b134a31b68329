"""The SQL of data keys and reveals."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from huoke.govern.privacy.model import Field
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx


async def all_keys(tx: Tx) -> list[tuple[str, int, bytes]]:
    rows = await tx.fetch("SELECT purpose, version, wrapped FROM privacy.data_key ORDER BY purpose, version")
    return [(row["purpose"], row["version"], row["wrapped"]) for row in rows]


async def add_key(tx: Tx, purpose: str, version: int, wrapped: bytes) -> None:
    """Add a version unless another transaction just did."""
    await tx.execute(
        "INSERT INTO privacy.data_key (purpose, version, wrapped, created_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING",
        purpose,
        version,
        wrapped,
        tx.now,
    )


async def customer_keys(tx: Tx, seqs: Sequence[int]) -> dict[int, bytes | None]:
    """The wrapped key of each customer that has one; None where it was forgotten."""
    rows = await tx.fetch("SELECT seq, wrapped FROM privacy.customer_key WHERE seq = ANY($1::int[])", list(seqs))
    return {row["seq"]: row["wrapped"] for row in rows}


async def add_customer_keys(tx: Tx, seqs: Sequence[int], wrapped: Sequence[bytes | None]) -> None:
    """Add keys, ascending by seq, unless another transaction just did."""
    await tx.execute(
        "INSERT INTO privacy.customer_key (seq, wrapped, made_at)"
        " SELECT k.seq, k.wrapped, $3 FROM unnest($1::int[], $2::bytea[]) AS k(seq, wrapped) ON CONFLICT DO NOTHING",
        list(seqs),
        list(wrapped),
        tx.now,
    )


async def forget_customer_keys(tx: Tx, seqs: Sequence[int]) -> int:
    """Drop keys for good, and make sure that none is ever made again; returns how many there were."""
    had = await tx.execute(
        "UPDATE privacy.customer_key SET wrapped = NULL, forgotten_at = $2"
        " WHERE seq = ANY($1::int[]) AND wrapped IS NOT NULL",
        list(seqs),
        tx.now,
    )
    await tx.execute(
        "INSERT INTO privacy.customer_key (seq, wrapped, made_at, forgotten_at)"
        " SELECT seq, NULL, $2, $2 FROM unnest($1::int[]) AS k(seq) ON CONFLICT DO NOTHING",
        sorted(seqs),
        tx.now,
    )
    return had


async def count_recent(tx: Tx, staff_id: str) -> int:
    """Reveals of the last hour; a lock makes one person's reveals wait for each other, so that none slips past."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext('privacy.reveal'), hashtext($1))", staff_id)
    recent: int = await tx.fetch_value(
        "SELECT count(*) FROM privacy.reveal WHERE staff_id = $1 AND revealed_at > $2",
        staff_id,
        tx.now - timedelta(hours=1),
    )
    return recent


async def add_reveal(tx: Tx, kind: str, seq: int, field: Field, reason: str, expires_at: datetime) -> UUID:
    reveal_id = new_id()
    await tx.execute(
        "INSERT INTO privacy.reveal (id, staff_id, kind, seq, field, reason, revealed_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        reveal_id,
        tx.actor.id,
        kind,
        seq,
        field.value,
        reason,
        tx.now,
        expires_at,
    )
    return reveal_id
