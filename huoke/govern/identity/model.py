"""Sign-in, sessions, keys and tickets: shapes, settings, refusals, and the rule of the second factor."""

import hmac
import unicodedata
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
import pyotp

from huoke.govern import tenants
from huoke.kernel.events import Event
from huoke.kernel.ids import Seq, TenantId
from huoke.kernel.refusals import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthorised

IDLE_MINUTES = tenants.declare("session.idle_minutes", int, 30, minimum=5, maximum=240, unit="minutes", rule="D3")
LIFETIME_HOURS = tenants.declare("session.lifetime_hours", int, 12, minimum=1, maximum=24, unit="hours", rule="D3")
FAILURES_MAX = tenants.declare("session.failures_max", int, 5, minimum=3, maximum=10, rule="D3")
LOCK_MINUTES = tenants.declare("session.lock_minutes", int, 15, minimum=5, maximum=1440, unit="minutes", rule="D3")
ENROLMENT_HOURS = tenants.declare("session.enrolment_hours", int, 72, minimum=1, maximum=720, unit="hours")
TICKET_SECONDS = tenants.declare("customer_session.ticket_seconds", int, 60, minimum=15, maximum=300, unit="seconds")
CUSTOMER_MINUTES = tenants.declare("customer_session.minutes", int, 60, minimum=5, maximum=240, unit="minutes")

STEP_SECONDS = 30
"""RFC 6238: a code counts for one step of 30 s; the step before and after are accepted for clocks that differ."""
PASSWORD_MIN = 10
PASSWORD_MAX = 128


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody typed: the bank's code, login, password and the six digits of the second factor."""

    tenant: str
    login: str
    password: str
    code: str

    def __repr__(self) -> str:
        return f"SignIn(tenant={self.tenant!r}, login={self.login!r})"


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A new session; `token` goes into the cookie and is stored nowhere."""

    tenant: TenantId
    token: str
    session_id: UUID
    staff_id: UUID


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time code with which somebody chooses a password and receives a second factor."""

    code: str
    expires_at: datetime


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """The second factor, shown once: secret (base32), address for authenticator apps, the same as SVG QR code."""

    totp_secret: str
    totp_uri: str
    totp_svg: str


class StaffSession(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody is signed in."""

    id: UUID
    staff_id: UUID
    started_at: datetime
    seen_at: datetime
    proved_at: datetime
    expires_at: datetime
    idle_seconds: int
    user_agent: str
    address: str


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key for the bank's own backend. `days` 0 never ends."""

    name: str
    permissions: list[str]
    days: int = 365


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as listed: never the key itself."""

    id: UUID
    name: str
    permissions: list[str]
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None


class MadeKey(msgspec.Struct, frozen=True, kw_only=True):
    """A new key, shown once."""

    id: UUID
    key: str


class NewTicket(msgspec.Struct, frozen=True, kw_only=True):
    """Who comes, by the bank's own customer number, and through which entry point."""

    customer_no: str
    entry_point: str


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time ticket for the customer's page."""

    ticket: str
    expires_at: datetime


class CustomerSession(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's session; `token` goes into the cookie and is stored nowhere."""

    tenant: TenantId
    token: str
    seq: Seq
    entry_point: str
    expires_at: datetime


class StaffSignedIn(Event, frozen=True, kw_only=True):
    """Somebody signed in."""

    name: ClassVar[str] = "identity.staff_signed_in"
    staff_id: UUID


class CustomerEntered(Event, frozen=True, kw_only=True):
    """A customer came in through an entry point."""

    name: ClassVar[str] = "identity.customer_entered"
    entry_point: str


class SignInRefused(Unauthorised):
    """Bank, login, password or code is wrong; which one is not said."""

    code = "identity.sign_in_refused"


class Locked(TooMany):
    """Too many wrong tries for this login."""

    code = "identity.locked"


class Busy(TooMany):
    """More people sign in at this moment than passwords can be checked."""

    code = "identity.busy"


class EnrolmentRefused(Unauthorised):
    """The enrolment code is wrong, used or over."""

    code = "identity.enrolment_refused"


class PasswordUnfit(Invalid):
    """The password is too short, too long or too easy."""

    code = "identity.password_unfit"


class PasswordChange(msgspec.Struct, frozen=True, kw_only=True):
    """Another password, and what shows that it is really its owner who asks."""

    current: str
    password: str
    code: str


class ProofRefused(Forbidden):
    """The second factor is wrong or was used already."""

    code = "identity.proof_refused"


class SessionUnknown(NotFound):
    """There is no such session, or it has ended."""

    code = "identity.session_unknown"


class KeyUnfit(Invalid):
    """The key's name or permissions cannot be used."""

    code = "identity.key_unfit"


class KeyMissing(NotFound):
    """There is no such key."""

    code = "identity.key_unknown"


class TicketSpent(Conflict):
    """The ticket was used, is over, or never was."""

    code = "identity.ticket_spent"


class CustomerUnknown(NotFound):
    """The bank has no customer of that number here."""

    code = "identity.customer_unknown"


PERSONAL = frozenset({"approval.decide", "staff.write", "customer.reveal", "setting.write", "audit.export"})
"""Permissions that only a person may use, never a key."""


def check_password(password: str, login: str) -> None:
    """Raise `PasswordUnfit`: 10 to 128 characters, not the login, at least 5 different ones."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise PasswordUnfit(f"A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters.", pointer="/password")
    if login in password.lower() or len(set(password)) < 5:
        raise PasswordUnfit(
            "Take a password without your login and with more different characters.", pointer="/password"
        )


def accepted_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The time step whose code was given, or None; a step up to `last_step` was used before and is refused.

    pyotp itself accepts a used code again: https://www.rfc-editor.org/rfc/rfc6238#section-5.2 forbids it.
    """
    digits = unicodedata.normalize("NFKC", code).replace(" ", "")
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        return None
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    here = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in (here - 1, here, here + 1):
        if hmac.compare_digest(totp.generate_otp(step), digits) and step > last_step:
            found = step
    return found
