"""Signing in: two factors at once, the same work and answer for whatever was wrong, and a lock-out (rule D3)."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from huoke.govern import audit, people, tenants
from huoke.govern.identity import passwords, store, tokens
from huoke.govern.identity.enrol import totp_secret
from huoke.govern.identity.model import (
    FAILURES_MAX,
    IDLE_MINUTES,
    LIFETIME_HOURS,
    LOCK_MINUTES,
    Locked,
    PasswordChange,
    ProofRefused,
    SignedIn,
    SignIn,
    SignInRefused,
    StaffSession,
    StaffSignedIn,
    accepted_step,
    check_password,
)
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import SYSTEM, Actor, ActorKind, Database, Tx


class Device(msgspec.Struct, frozen=True):
    """Where somebody signs in from, as the request says it."""

    user_agent: str = ""
    address: str = ""


class _Known(msgspec.Struct, frozen=True):
    """Somebody who could sign in."""

    staff_id: UUID
    credential: store.Credential
    secret: str


async def sign_in(database: Database, wanted: SignIn, device: Device | None = None) -> SignedIn:
    """Check bank, login, password and code, and open a session. `SignInRefused`, `Locked`, `Busy`.

    The password is hashed outside of any transaction. Tries count per login, known or not, and are committed although
    the call is refused.
    """
    tenant = await _tenant(database, wanted)
    login_hash = _login_hash(wanted.login)
    async with database.begin(tenant) as tx:
        _refuse_locked(await store.find_attempt(tx, login_hash), tx)
        known = await _find(tx, wanted.login)
    right = await passwords.matches(wanted.password, known.credential.password_hash if known else None)
    actor = Actor(ActorKind.STAFF, str(known.staff_id)) if known else SYSTEM
    async with database.begin(tenant, actor) as tx:
        attempt = await store.lock_attempt(tx, login_hash)
        _refuse_locked(attempt, tx)
        if known and right and await _take_code(tx, known, wanted.code, database.clock.machine()):
            await store.put_attempt(tx, login_hash, 0, None)
            return await _open(tx, known.staff_id, device or Device())
        await _count_failure(tx, login_hash, attempt, known)
    raise SignInRefused(
        "Bank, login, password or code is wrong. A code counts once: if it was used, wait for the next one."
    )


async def prove(database: Database, tenant: TenantId, session: StaffSession, code: str) -> None:
    """Show the second factor again within a session; wrong codes count as wrong sign-ins. `ProofRefused`, `Locked`."""
    async with database.begin(tenant, Actor(ActorKind.STAFF, str(session.staff_id))) as tx:
        person = await people.staff.get(tx, session.staff_id)
        login_hash = _login_hash(person.login)
        attempt = await store.lock_attempt(tx, login_hash)
        _refuse_locked(attempt, tx)
        known = await _find(tx, person.login)
        if known and await _take_code(tx, known, code, database.clock.machine()):
            await store.put_attempt(tx, login_hash, 0, None)
            await store.prove(tx, session.id)
            return
        await _count_failure(tx, login_hash, attempt, known)
    raise ProofRefused("The code is wrong or was used already; wait for the next one.", pointer="/code")


async def change_password(database: Database, tenant: TenantId, session: StaffSession, change: PasswordChange) -> None:
    """Choose another password with the present one and a fresh code; every other session of one's own ends.

    Wrong tries count as wrong sign-ins. `ProofRefused`, `PasswordUnfit`, `Locked`, `Busy`.
    """
    actor = Actor(ActorKind.STAFF, str(session.staff_id))
    async with database.begin(tenant, actor) as tx:
        person = await people.staff.get(tx, session.staff_id)
        login_hash = _login_hash(person.login)
        _refuse_locked(await store.find_attempt(tx, login_hash), tx)
        known = await _find(tx, person.login)
    check_password(change.password, person.login)
    right = await passwords.matches(change.current, known.credential.password_hash if known else None)
    password_hash = await passwords.hashed(change.password)
    async with database.begin(tenant, actor) as tx:
        attempt = await store.lock_attempt(tx, login_hash)
        _refuse_locked(attempt, tx)
        if known and right and await _take_code(tx, known, change.code, database.clock.machine()):
            await store.put_attempt(tx, login_hash, 0, None)
            await store.put_password(tx, session.staff_id, password_hash)
            ended = await store.end_others(tx, session.staff_id, session.id)
            await _record(tx, "identity.change_password", str(session.staff_id), {"sessions_ended": ended})
            return
        await _count_failure(tx, login_hash, attempt, known)
    raise ProofRefused("The present password or the code is wrong; a code counts once.", pointer="/current")


async def _tenant(database: Database, wanted: SignIn) -> TenantId:
    try:
        return (await tenants.find(database, wanted.tenant.strip().lower())).id
    except tenants.TenantUnknown:
        await passwords.matches(wanted.password, None)
        raise SignInRefused("Bank, login, password or code is wrong.") from None


async def _find(tx: Tx, login: str) -> _Known | None:
    person = await people.staff.by_login(tx, login.strip().lower())
    if person is None or not person.active:
        return None
    credential = await store.credential(tx, person.id)
    if credential is None or credential.password_hash is None:
        return None
    return _Known(person.id, credential, await totp_secret(tx, credential))


async def _take_code(tx: Tx, known: _Known, code: str, machine: datetime) -> bool:
    """The authenticator in somebody's hand goes by the machines' time, whatever a demo's clock says."""
    step = accepted_step(known.secret, code, machine, known.credential.totp_step)
    return step is not None and await store.take_step(tx, known.staff_id, step)


async def _open(tx: Tx, staff_id: UUID, device: Device) -> SignedIn:
    idle_minutes, hours = await tenants.settings(tx, IDLE_MINUTES, LIFETIME_HOURS)
    token = tokens.make(tx.tenant)
    session_id = await store.add_session(
        tx,
        staff_id,
        tokens.digest(token),
        idle_minutes * 60,
        timedelta(hours=hours),
        device.user_agent,
        device.address,
    )
    await _record(tx, "identity.sign_in", str(staff_id), {"address": device.address})
    tx.emit(StaffSignedIn(staff_id=staff_id))
    return SignedIn(tenant=tx.tenant, token=token, session_id=session_id, staff_id=staff_id)


async def _count_failure(tx: Tx, login_hash: bytes, attempt: store.Attempt, known: _Known | None) -> None:
    failures_max, minutes = await tenants.settings(tx, FAILURES_MAX, LOCK_MINUTES)
    window = timedelta(minutes=minutes)
    over = attempt.locked_until is not None or attempt.failed_at < tx.now - window
    failures = 1 if over else attempt.failures + 1
    locked_until = tx.now + window if failures >= failures_max else None
    await store.put_attempt(tx, login_hash, failures, locked_until)
    if known:
        action = "identity.lock" if locked_until else "identity.refuse_sign_in"
        await _record(tx, action, str(known.staff_id), {"failures": failures})


def _refuse_locked(attempt: store.Attempt | None, tx: Tx) -> None:
    if attempt and attempt.locked_until and attempt.locked_until > tx.now:
        seconds = int((attempt.locked_until - tx.now).total_seconds()) + 1
        raise Locked(
            f"Too many wrong tries; this login opens again in {-(-seconds // 60)} minutes.", retry_after_seconds=seconds
        )


def _login_hash(login: str) -> bytes:
    return hashlib.sha256(login.strip().lower().encode()).digest()


async def _record(tx: Tx, action: str, staff_id: str, after: dict[str, object]) -> None:
    await audit.record(tx, audit.AuditEntry(action=action, subject_kind="staff", subject_id=staff_id, after=after))
