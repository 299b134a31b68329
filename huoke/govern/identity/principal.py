"""Who is asking: from what a request carried to a principal, and the names of the cookies."""

from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.govern import people
from huoke.govern.identity import store, tokens
from huoke.govern.identity.model import StaffSession
from huoke.kernel.clock import Clock
from huoke.kernel.ids import Seq, TenantId
from huoke.kernel.principal import Credentials, Principal
from huoke.kernel.tx import Actor, ActorKind, Database, Tx

SEEN_EVERY = timedelta(seconds=30)
"""A session notes at most this often that it is alive, so that reading pages writes little."""


def staff_cookie(instance: str) -> str:
    """The cookie of staff sessions: named for the instance, since cookies ignore ports."""
    return f"huoke_{instance}_staff"


def customer_cookie(instance: str) -> str:
    """The cookie of customers' sessions."""
    return f"huoke_{instance}_customer"


async def principal_of(database: Database, credentials: Credentials, clock: Clock) -> Principal | None:
    """The principal of a request, or None: the first credential there decides; `clock` must be the database's own."""
    assert clock is database.clock, "one clock decides"
    for token, find in (
        (credentials.bearer, _of_key),
        (credentials.staff_token, _of_staff),
        (credentials.customer_token, _of_customer),
    ):
        if token:
            tenant = tokens.tenant_of(token)
            if tenant is None:
                return None
            async with database.begin(tenant) as tx:
                return await find(tx, token)
    return None


async def principal_of_login(database: Database, tenant: TenantId, login: str) -> Principal:
    """Somebody by login, without a session: for whoever holds the machine. `StaffUnknown`."""
    async with database.begin(tenant) as tx:
        person = await people.staff.by_login(tx, login.strip().lower())
        if person is None or not person.active:
            raise people.StaffUnknown(f"No active member of staff signs in as '{login[:40]}'.")
        return await _principal(tx, person)


async def principal_of_staff(tx: Tx, staff_id: UUID) -> Principal:
    """Somebody by number, without a session: for work that goes on after its owner has left. `StaffUnknown`."""
    person = await people.staff.get(tx, staff_id)
    if not person.active:
        raise people.StaffUnknown(f"{person.name} may no longer sign in.")
    return await _principal(tx, person)


async def _of_staff(tx: Tx, token: str) -> Principal | None:
    session = await store.session_of(tx, tokens.digest(token))
    if session is None:
        return None
    person = await people.staff.get(tx, session.staff_id)
    if not person.active:
        return None
    if session.seen_at < tx.now - SEEN_EVERY:
        await store.touch(tx, session.id)
    return _with_session(await _principal(tx, person), session, token)


async def _of_key(tx: Tx, token: str) -> Principal | None:
    key = await store.key_of(tx, tokens.digest(token))
    if key is None:
        return None
    return Principal(
        actor=Actor(ActorKind.SYSTEM, f"key:{key.id}"),
        tenant=tx.tenant,
        permissions=frozenset(key.permissions),
        units=None,
        name=key.name,
    )


async def _of_customer(tx: Tx, token: str) -> Principal | None:
    session = await store.customer_session_of(tx, tokens.digest(token))
    if session is None:
        return None
    session_id, seq = session
    return Principal(
        actor=Actor(ActorKind.CUSTOMER, str(seq)),
        tenant=tx.tenant,
        session_id=session_id,
        csrf_token=tokens.csrf_of(token),
        seq=Seq(seq),
    )


async def _principal(tx: Tx, person: people.Staff) -> Principal:
    return Principal(
        actor=Actor(ActorKind.STAFF, str(person.id), own_customers=people.own_customers_only(person.roles)),
        tenant=tx.tenant,
        permissions=people.permissions_of(person.roles),
        units=await people.staff.scope(tx, person.roles),
        unit_id=person.unit_id,
        name=person.name,
    )


def _with_session(principal: Principal, session: StaffSession, token: str) -> Principal:
    return msgspec.structs.replace(
        principal, session_id=session.id, proved_at=session.proved_at, csrf_token=tokens.csrf_of(token)
    )
