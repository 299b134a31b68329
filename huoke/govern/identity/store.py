"""The SQL of credentials, attempts, sessions, keys and tickets."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern.identity.model import ApiKey, StaffSession
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx

_SESSION = """
SELECT id, staff_id, started_at, seen_at, proved_at, expires_at, idle_seconds, user_agent, address FROM identity.session
WHERE ended_at IS NULL AND expires_at > $1 AND seen_at + make_interval(secs => idle_seconds) > $1
"""


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored of somebody's two factors."""

    staff_id: UUID
    password_hash: str | None
    totp_cipher: bytes | None
    totp_step: int
    enrolment_hash: bytes | None
    enrolment_expires_at: datetime | None


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """Wrong tries of one login."""

    failures: int
    failed_at: datetime
    locked_until: datetime | None


async def credential(tx: Tx, staff_id: UUID) -> Credential | None:
    row = await tx.fetch_row(
        "SELECT staff_id, password_hash, totp_cipher, totp_step, enrolment_hash, enrolment_expires_at"
        " FROM identity.credential WHERE staff_id = $1",
        staff_id,
    )
    return _credential(row) if row else None


async def put_enrolment(tx: Tx, staff_id: UUID, code_hash: bytes, expires_at: datetime) -> None:
    """A new enrolment ends whatever somebody could sign in with before."""
    await tx.execute(
        "INSERT INTO identity.credential (staff_id, totp_step, enrolment_hash, enrolment_expires_at, changed_at)"
        " VALUES ($1, 0, $2, $3, $4) ON CONFLICT (tenant_id, staff_id) DO UPDATE SET password_hash = NULL,"
        " totp_cipher = NULL, enrolment_hash = $2, enrolment_expires_at = $3, changed_at = $4",
        staff_id,
        code_hash,
        expires_at,
        tx.now,
    )


async def put_factors(tx: Tx, staff_id: UUID, password_hash: str, totp_cipher: bytes) -> None:
    await tx.execute(
        "INSERT INTO identity.credential (staff_id, password_hash, totp_cipher, totp_step, changed_at)"
        " VALUES ($1, $2, $3, 0, $4) ON CONFLICT (tenant_id, staff_id) DO UPDATE SET password_hash = $2,"
        " totp_cipher = $3, enrolment_hash = NULL, enrolment_expires_at = NULL, changed_at = $4",
        staff_id,
        password_hash,
        totp_cipher,
        tx.now,
    )


async def put_password(tx: Tx, staff_id: UUID, password_hash: str) -> None:
    await tx.execute(
        "UPDATE identity.credential SET password_hash = $2, changed_at = $3 WHERE staff_id = $1",
        staff_id,
        password_hash,
        tx.now,
    )


async def take_enrolment(tx: Tx, staff_id: UUID, code_hash: bytes) -> bool:
    """Use an enrolment code up; False when it is wrong, used or over."""
    taken = await tx.execute(
        "UPDATE identity.credential SET enrolment_hash = NULL WHERE staff_id = $1 AND enrolment_hash = $2"
        " AND enrolment_expires_at > $3",
        staff_id,
        code_hash,
        tx.now,
    )
    return taken == 1


async def take_step(tx: Tx, staff_id: UUID, step: int) -> bool:
    """Use a time step up; False when it, or a later one, was used before."""
    taken = await tx.execute(
        "UPDATE identity.credential SET totp_step = $2 WHERE staff_id = $1 AND totp_step < $2", staff_id, step
    )
    return taken == 1


async def lock_attempt(tx: Tx, login_hash: bytes) -> Attempt:
    """The tries of a login, locked: simultaneous tries of one login are counted one after the other."""
    await tx.execute(
        "INSERT INTO identity.attempt (login_hash, failures, failed_at) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING",
        login_hash,
        tx.now,
    )
    row = await tx.fetch_row(
        "SELECT failures, failed_at, locked_until FROM identity.attempt WHERE login_hash = $1 FOR UPDATE", login_hash
    )
    assert row is not None, "the row was just made"
    return msgspec.convert(dict(row), Attempt)


async def find_attempt(tx: Tx, login_hash: bytes) -> Attempt | None:
    row = await tx.fetch_row(
        "SELECT failures, failed_at, locked_until FROM identity.attempt WHERE login_hash = $1", login_hash
    )
    return msgspec.convert(dict(row), Attempt) if row else None


async def put_attempt(tx: Tx, login_hash: bytes, failures: int, locked_until: datetime | None) -> None:
    await tx.execute(
        "UPDATE identity.attempt SET failures = $2, failed_at = $3, locked_until = $4 WHERE login_hash = $1",
        login_hash,
        failures,
        tx.now,
        locked_until,
    )


async def forget_attempts(tx: Tx, before: datetime) -> int:
    """Drop tries nobody repeated since `before`."""
    return await tx.execute("DELETE FROM identity.attempt WHERE failed_at < $1", before)


async def add_session(
    tx: Tx, staff_id: UUID, token_hash: bytes, idle_seconds: int, lifetime: timedelta, user_agent: str, address: str
) -> UUID:
    session_id = new_id()
    await tx.execute(
        "INSERT INTO identity.session (id, token_hash, staff_id, started_at, proved_at, seen_at, idle_seconds,"
        " expires_at, user_agent, address) VALUES ($1, $2, $3, $4, $4, $4, $5, $6, $7, $8)",
        session_id,
        token_hash,
        staff_id,
        tx.now,
        idle_seconds,
        tx.now + lifetime,
        user_agent[:200],
        address[:64],
    )
    return session_id


async def session_of(tx: Tx, token_hash: bytes) -> StaffSession | None:
    """The live session of a token."""
    row = await tx.fetch_row(f"{_SESSION} AND token_hash = $2", tx.now, token_hash)
    return msgspec.convert(dict(row), StaffSession) if row else None


async def sessions(tx: Tx, staff_id: UUID | None) -> list[StaffSession]:
    rows = await tx.fetch(
        f"{_SESSION} AND ($2::uuid IS NULL OR staff_id = $2) ORDER BY seen_at DESC LIMIT 200", tx.now, staff_id
    )
    return [msgspec.convert(dict(row), StaffSession) for row in rows]


async def get_session(tx: Tx, session_id: UUID) -> StaffSession | None:
    row = await tx.fetch_row(f"{_SESSION} AND id = $2", tx.now, session_id)
    return msgspec.convert(dict(row), StaffSession) if row else None


async def touch(tx: Tx, session_id: UUID) -> None:
    await tx.execute("UPDATE identity.session SET seen_at = $2 WHERE id = $1", session_id, tx.now)


async def prove(tx: Tx, session_id: UUID) -> None:
    await tx.execute("UPDATE identity.session SET proved_at = $2 WHERE id = $1", session_id, tx.now)


async def end_session(tx: Tx, session_id: UUID) -> None:
    await tx.execute("UPDATE identity.session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", session_id, tx.now)


async def end_sessions(tx: Tx, staff_id: UUID) -> int:
    return await tx.execute(
        "UPDATE identity.session SET ended_at = $2 WHERE staff_id = $1 AND ended_at IS NULL", staff_id, tx.now
    )


async def end_others(tx: Tx, staff_id: UUID, session_id: UUID) -> int:
    return await tx.execute(
        "UPDATE identity.session SET ended_at = $3 WHERE staff_id = $1 AND id <> $2 AND ended_at IS NULL",
        staff_id,
        session_id,
        tx.now,
    )


async def add_key(tx: Tx, key_hash: bytes, name: str, permissions: Sequence[str], expires_at: datetime | None) -> UUID:
    key_id = new_id()
    await tx.execute(
        "INSERT INTO identity.api_key (id, key_hash, name, permissions, created_at, created_by, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        key_id,
        key_hash,
        name,
        list(permissions),
        tx.now,
        tx.actor.id,
        expires_at,
    )
    return key_id


async def key_of(tx: Tx, key_hash: bytes) -> ApiKey | None:
    """The live key of a token."""
    row = await tx.fetch_row(
        "SELECT * FROM identity.api_key WHERE key_hash = $1 AND revoked_at IS NULL"
        " AND (expires_at IS NULL OR expires_at > $2)",
        key_hash,
        tx.now,
    )
    return msgspec.convert(dict(row), ApiKey) if row else None


async def keys(tx: Tx) -> list[ApiKey]:
    rows = await tx.fetch("SELECT * FROM identity.api_key ORDER BY created_at DESC LIMIT 200")
    return [msgspec.convert(dict(row), ApiKey) for row in rows]


async def revoke_key(tx: Tx, key_id: UUID) -> bool:
    revoked = await tx.execute(
        "UPDATE identity.api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", key_id, tx.now
    )
    return revoked == 1


async def add_ticket(tx: Tx, ticket_hash: bytes, seq: int, entry_point: str, expires_at: datetime) -> None:
    await tx.execute(
        "INSERT INTO identity.ticket (ticket_hash, seq, entry_point, issued_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5)",
        ticket_hash,
        seq,
        entry_point,
        tx.now,
        expires_at,
    )


async def take_ticket(tx: Tx, ticket_hash: bytes) -> tuple[int, str] | None:
    """Use a ticket up, once: (seq, entry point), or None when it was used, is over, or never was."""
    row = await tx.fetch_row(
        "UPDATE identity.ticket SET used_at = $2 WHERE ticket_hash = $1 AND used_at IS NULL AND expires_at > $2"
        " RETURNING seq, entry_point",
        ticket_hash,
        tx.now,
    )
    return (row["seq"], row["entry_point"]) if row else None


async def forget_tickets(tx: Tx, before: datetime) -> int:
    return await tx.execute("DELETE FROM identity.ticket WHERE expires_at < $1", before)


async def add_customer_session(tx: Tx, token_hash: bytes, seq: int, entry_point: str, expires_at: datetime) -> UUID:
    session_id = new_id()
    await tx.execute(
        "INSERT INTO identity.customer_session (id, token_hash, seq, entry_point, started_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        session_id,
        token_hash,
        seq,
        entry_point,
        tx.now,
        expires_at,
    )
    return session_id


async def customer_session_of(tx: Tx, token_hash: bytes) -> tuple[UUID, int] | None:
    """(session id, seq) of a live token."""
    row = await tx.fetch_row(
        "SELECT id, seq FROM identity.customer_session WHERE token_hash = $1 AND ended_at IS NULL AND expires_at > $2",
        token_hash,
        tx.now,
    )
    return (row["id"], row["seq"]) if row else None


async def end_customer_sessions(tx: Tx, seqs: Sequence[int]) -> int:
    """End every session of some customers; returns how many there were."""
    return await tx.execute(
        "UPDATE identity.customer_session SET ended_at = $2 WHERE seq = ANY($1::int[]) AND ended_at IS NULL",
        list(seqs),
        tx.now,
    )


async def end_customer_session(tx: Tx, session_id: UUID) -> None:
    await tx.execute("UPDATE identity.customer_session SET ended_at = $2 WHERE id = $1", session_id, tx.now)


def _credential(row: Record) -> Credential:
    return Credential(**dict(row.items()))
