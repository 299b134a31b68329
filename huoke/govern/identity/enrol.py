"""Enrolment: a one-time code with which somebody chooses a password and receives a second factor."""

import io
import secrets
from datetime import timedelta
from uuid import UUID

import pyotp
import segno

from huoke.govern import audit, people, privacy, tenants
from huoke.govern.identity import passwords, store, tokens
from huoke.govern.identity.model import (
    ENROLMENT_HOURS,
    Enrolled,
    Enrolment,
    EnrolmentRefused,
    check_password,
)
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Actor, ActorKind, Database, Tx

TOTP_FIELD = "totp"


async def enrol(tx: Tx, staff_id: UUID) -> Enrolment:
    """Give somebody a new one-time code; password, second factor and sessions of before end. `StaffUnknown`."""
    person = await people.staff.get(tx, staff_id)
    hours = await tenants.setting(tx, ENROLMENT_HOURS)
    code = secrets.token_urlsafe(20)
    expires_at = tx.now + timedelta(hours=hours)
    await store.put_enrolment(tx, staff_id, tokens.digest(code), expires_at)
    await store.end_sessions(tx, staff_id)
    await _record(tx, "identity.enrol", staff_id, person.unit_id)
    return Enrolment(code=code, expires_at=expires_at)


async def complete_enrolment(database: Database, tenant_code: str, login: str, code: str, password: str) -> Enrolled:
    """Choose a password and receive the second factor, shown this once. `EnrolmentRefused`, `PasswordUnfit`, `Busy`."""
    try:
        tenant = await tenants.find(database, tenant_code)
    except tenants.TenantUnknown:
        raise _refused() from None
    name = login.strip().lower()
    check_password(password, name)
    password_hash = await passwords.hashed(password)
    secret = pyotp.random_base32()
    async with database.begin(tenant.id) as tx:
        person = await people.staff.by_login(tx, name)
        if person is None or not person.active or not await store.take_enrolment(tx, person.id, tokens.digest(code)):
            raise _refused()
        await _put(tx, person.id, password_hash, secret)
    await _completed(database, tenant.id, person.id, person.unit_id)
    uri = pyotp.TOTP(secret).provisioning_uri(name=f"{tenant.code}:{name}", issuer_name=tenant.name_en)
    return Enrolled(totp_secret=secret, totp_uri=uri, totp_svg=_picture(uri))


def _picture(uri: str) -> str:
    """The code as an SVG that stands alone: without its namespace no browser shows it as an image."""
    drawn = io.BytesIO()
    segno.make(uri).save(drawn, kind="svg", scale=4, xmldecl=False, light="#FFFFFF")
    return drawn.getvalue().decode()


async def set_credentials(tx: Tx, staff_id: UUID, password: str, totp_secret: str) -> None:
    """Put both factors as given, for whoever holds the machine. `StaffUnknown`, `PasswordUnfit`, `Busy`."""
    person = await people.staff.get(tx, staff_id)
    check_password(password, person.login)
    await _put(tx, staff_id, await passwords.hashed(password), totp_secret)
    await _record(tx, "identity.set_credentials", staff_id, person.unit_id)


async def totp_secret(tx: Tx, credential: store.Credential) -> str:
    """The second factor's secret, opened."""
    sealed = await privacy.keys(tx)
    secret = sealed.decrypt(f"{TOTP_FIELD}|{credential.staff_id}", [0], [credential.totp_cipher])[0]
    assert secret is not None, "both factors or none"
    return secret


async def _put(tx: Tx, staff_id: UUID, password_hash: str, secret: str) -> None:
    keys = await privacy.keys(tx)
    sealed = keys.encrypt(f"{TOTP_FIELD}|{staff_id}", [0], [secret])[0]
    assert sealed is not None, "a text was given"
    await store.put_factors(tx, staff_id, password_hash, sealed)


def _refused() -> EnrolmentRefused:
    return EnrolmentRefused("The enrolment code is wrong, used or over; ask a security administrator.")


async def _completed(database: Database, tenant: TenantId, staff_id: UUID, unit_id: int) -> None:
    async with database.begin(tenant, Actor(ActorKind.STAFF, str(staff_id))) as tx:
        await _record(tx, "identity.complete_enrolment", staff_id, unit_id)


async def _record(tx: Tx, action: str, staff_id: UUID, unit_id: int) -> None:
    await audit.record(
        tx, audit.AuditEntry(action=action, subject_kind="staff", subject_id=str(staff_id), unit_id=unit_id)
    )
