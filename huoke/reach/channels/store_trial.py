"""The SQL of messages tried on colleagues' phones."""

from datetime import datetime
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx


async def add_phone(tx: Tx, phone_id: UUID, name: str, sealed: bytes) -> None:
    """Write a number, sealed."""
    await tx.execute(
        "INSERT INTO channels.trial_phone (id, name, phone, added_by, added_at) VALUES ($1, $2, $3, $4, $5)",
        phone_id,
        name,
        sealed,
        tx.actor.id,
        tx.now,
    )


async def phones(tx: Tx) -> list[Record]:
    """Every number, by name."""
    return await tx.fetch("SELECT id, name, phone, added_at FROM channels.trial_phone ORDER BY name, id")


async def drop_phone(tx: Tx, phone_id: UUID) -> int:
    """Delete a number; says whether there was one."""
    return await tx.execute("DELETE FROM channels.trial_phone WHERE id = $1", phone_id)


async def add(tx: Tx, trial_id: UUID, phone_id: UUID, source_id: UUID) -> None:
    """Write that a message is being tried."""
    await tx.execute(
        "INSERT INTO channels.trial (id, phone_id, source_id, state, sent_by, sent_at)"
        " VALUES ($1, $2, $3, 'sending', $4, $5)",
        trial_id,
        phone_id,
        source_id,
        tx.actor.id,
        tx.now,
    )


async def end(tx: Tx, trial_id: UUID, state: str) -> None:
    """Write what became of it."""
    await tx.execute("UPDATE channels.trial SET state = $2 WHERE id = $1", trial_id, state)


async def count(tx: Tx, begin: datetime, end: datetime) -> int:
    """How many messages were tried in [begin, end); whoever counts next waits until this transaction is done."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtext('channels.trial'), kernel.tenant())")
    found: int = await tx.fetch_value(
        "SELECT count(*) FROM channels.trial WHERE sent_at >= $1 AND sent_at < $2", begin, end
    )
    return found
