"""The SQL of sign-in by a code."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reach.sign_in.model import Challenge


async def asked_of_number(tx: Tx, number_hash: bytes, since: datetime) -> tuple[int, datetime | None]:
    """How many codes a number asked for since then, and when the last; its askers wait for each other."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtext('sign_in.number'), hashtext(encode($1, 'hex')))", number_hash
    )
    row = await tx.fetch_row(
        "SELECT count(*) AS count, max(made_at) AS last FROM sign_in.challenge WHERE number_hash = $1 AND made_at > $2",
        number_hash,
        since,
    )
    assert row is not None, "an aggregate has a row"
    return row["count"], row["last"]


async def asked_from_address(tx: Tx, address_hash: bytes, since: datetime) -> int:
    """How many codes an address asked for since then."""
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM sign_in.challenge WHERE address_hash = $1 AND made_at > $2", address_hash, since
    )
    return count


async def asked(tx: Tx, since: datetime, limit: int) -> int:
    """How many codes the bank's customers asked for since then; counts no further than `limit`."""
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM (SELECT 1 FROM sign_in.challenge WHERE made_at > $1 LIMIT $2) AS counted", since, limit
    )
    return count


async def add(tx: Tx, challenge: Challenge, number_hash: bytes, address_hash: bytes) -> None:
    """Remember a code that was asked for; an earlier one of the same number ends."""
    await tx.execute(
        "UPDATE sign_in.challenge SET used_at = $2 WHERE number_hash = $1 AND used_at IS NULL AND expires_at > $2",
        number_hash,
        tx.now,
    )
    await tx.execute(
        "INSERT INTO sign_in.challenge (id, code_hash, number_hash, address_hash, seqs, made_at, expires_at, tries)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
        challenge.id,
        challenge.code_hash,
        number_hash,
        address_hash,
        challenge.seqs,
        tx.now,
        challenge.expires_at,
    )


async def lock(tx: Tx, challenge_id: bytes) -> Challenge | None:
    """A code that still lives, locked: simultaneous tries count one after the other."""
    row: Record | None = await tx.fetch_row(
        "SELECT id, code_hash, seqs, tries, expires_at FROM sign_in.challenge"
        " WHERE id = $1 AND used_at IS NULL AND expires_at > $2 FOR UPDATE",
        challenge_id,
        tx.now,
    )
    return msgspec.convert(dict(row), Challenge, builtin_types=(bytes, datetime)) if row else None


async def count_try(tx: Tx, challenge_id: bytes) -> None:
    """A wrong try."""
    await tx.execute("UPDATE sign_in.challenge SET tries = tries + 1 WHERE id = $1", challenge_id)


async def use(tx: Tx, challenge_id: bytes) -> None:
    """The code let somebody in, and lets nobody in again."""
    await tx.execute("UPDATE sign_in.challenge SET used_at = $2 WHERE id = $1", challenge_id, tx.now)


async def forget(tx: Tx, before: datetime) -> int:
    """Drop codes made before then."""
    return await tx.execute("DELETE FROM sign_in.challenge WHERE made_at < $1", before)


async def forget_customers(tx: Tx, seqs: Sequence[int]) -> int:
    """Drop codes that could let some customers in."""
    return await tx.execute("DELETE FROM sign_in.challenge WHERE seqs && $1::int[]", list(seqs))


async def count_customers(tx: Tx, seqs: Sequence[int]) -> int:
    """How many codes could let some customers in."""
    count: int = await tx.fetch_value("SELECT count(*) FROM sign_in.challenge WHERE seqs && $1::int[]", list(seqs))
    return count
