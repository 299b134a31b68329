"""Routes of sign-in, sessions, enrolment, keys and tickets."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.datastructures import Cookie

from huoke.govern import identity, people, tenants
from huoke.govern.identity import (
    ApiKey,
    Device,
    Enrolled,
    Enrolment,
    MadeKey,
    NewKey,
    NewTicket,
    PasswordChange,
    SignIn,
    StaffSession,
    Ticket,
)
from huoke.govern.people import RoleScope
from huoke.govern.tenants import Brand
from huoke.kernel.http import Credentials, Page, Principal
from huoke.kernel.refusals import Forbidden
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Database, Tx

TAGS = ["identity"]


class Bank(msgspec.Struct, frozen=True, kw_only=True):
    """The bank of a session."""

    code: str
    name: str
    name_en: str
    brand: Brand


class HomeUnit(msgspec.Struct, frozen=True, kw_only=True):
    """The unit somebody belongs to."""

    id: int
    name: str
    name_en: str


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in and what they may do. `units` null is the whole bank."""

    staff_id: UUID
    name: str
    login: str
    post: str
    tenant: Bank
    unit: HomeUnit
    roles: list[RoleScope]
    permissions: list[str]
    units: list[int] | None
    csrf_token: str
    idle_seconds: int
    proved_at: datetime
    session_id: UUID


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody is signed in."""

    id: UUID
    staff_id: UUID
    name: str
    started_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str
    current: bool
    can: list[str]


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """Six digits of the second factor."""

    code: str


class EnrolmentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The one-time code and the password somebody chose."""

    tenant: str
    login: str
    enrolment_code: str
    password: str


@post(
    "/v1/session",
    operation_id="sign_in",
    tags=TAGS,
    summary="Sign in with password and second factor",
    opt={"public": True},
)
async def sign_in(
    request: Request[Any, Any, Any], database: Database, settings: Settings, data: SignIn
) -> Response[Me]:
    client = request.client
    device = Device(request.headers.get("User-Agent", ""), client.host if client else "")
    signed = await identity.sign_in(database, data, device)
    credentials = Credentials(staff_token=signed.token)
    principal = await identity.principal_of(database, credentials, database.clock)
    assert principal is not None, "a new session is live"
    async with database.begin(signed.tenant, principal.actor) as tx:
        me = await _me(tx, principal)
    return Response(me, cookies=[_cookie(settings, signed.token)], headers={"Cache-Control": "no-store"})


@get("/v1/session", operation_id="get_session", tags=TAGS, summary="Who is signed in", opt={"permission": "any"})
async def get_session(tx: Tx, principal: Principal) -> Me:
    return await _me(tx, principal)


@delete("/v1/session", operation_id="sign_out", tags=TAGS, summary="Sign out", opt={"permission": "any"})
async def sign_out(tx: Tx, principal: Principal, settings: Settings) -> Response[None]:
    await identity.sessions.end(tx, _session_id(principal))
    gone = Response[None](None, status_code=204)
    gone.delete_cookie(identity.staff_cookie(settings.instance))
    return gone


@post(
    "/v1/session/proofs",
    operation_id="prove_session",
    tags=TAGS,
    summary="Show the second factor again, for what asks for a fresh one",
    opt={"permission": "any"},
    status_code=204,
)
async def prove_session(database: Database, principal: Principal, data: Code) -> None:
    session_id = _session_id(principal)
    async with database.begin(principal.tenant, principal.actor) as tx:
        session = await identity.sessions.get(tx, session_id)
    await identity.prove(database, principal.tenant, session, data.code)


@put(
    "/v1/session/password",
    operation_id="change_password",
    tags=TAGS,
    summary="Choose another password; other sessions of one's own end",
    opt={"permission": "any"},
    status_code=204,
)
async def change_password(database: Database, principal: Principal, data: PasswordChange) -> None:
    session_id = _session_id(principal)
    async with database.begin(principal.tenant, principal.actor) as tx:
        session = await identity.sessions.get(tx, session_id)
    await identity.change_password(database, principal.tenant, session, data)


@get(
    "/v1/sessions",
    operation_id="list_sessions",
    tags=TAGS,
    summary="Own sessions; with staff.read and everyone=true, all",
    opt={"permission": "any"},
)
async def list_sessions(tx: Tx, principal: Principal, everyone: bool = False) -> Page[SessionView]:
    _session_id(principal)
    whole = everyone and principal.may("staff.read")
    found = await identity.sessions.find(tx, None if whole else UUID(principal.actor.id))
    names = await people.staff.names(tx, {str(session.staff_id) for session in found})
    return Page(items=[_view(session, names, principal) for session in found], total=len(found))


@delete(
    "/v1/sessions/{session_id:uuid}",
    operation_id="end_session",
    tags=TAGS,
    summary="End a session at once: one's own, or with staff.write anybody's",
    opt={"permission": "any"},
)
async def end_session(tx: Tx, principal: Principal, session_id: UUID) -> None:
    session = await identity.sessions.get(tx, session_id)
    if str(session.staff_id) != principal.actor.id and not principal.may("staff.write"):
        raise Forbidden("You may end your own sessions; others' take the permission 'staff.write'.")
    await identity.sessions.end(tx, session_id)


@post(
    "/v1/staff/{staff_id:uuid}/enrolments",
    operation_id="enrol_staff",
    tags=TAGS,
    summary="A one-time code for somebody new, or who lost a factor",
    opt={"permission": "staff.write"},
)
async def enrol_staff(tx: Tx, principal: Principal, staff_id: UUID) -> Enrolment:
    principal.require_unit((await people.staff.get(tx, staff_id)).unit_id)
    if str(staff_id) == principal.actor.id:
        raise people.OwnRoles("You cannot enrol yourself; ask another security administrator.")
    return await identity.enrol(tx, staff_id)


@post(
    "/v1/enrolments",
    operation_id="complete_enrolment",
    tags=TAGS,
    summary="Choose a password, receive the second factor",
    opt={"public": True},
)
async def complete_enrolment(database: Database, data: EnrolmentAnswer) -> Response[Enrolled]:
    enrolled = await identity.complete_enrolment(
        database, data.tenant.strip().lower(), data.login, data.enrolment_code, data.password
    )
    return Response(enrolled, headers={"Cache-Control": "no-store"})


@get(
    "/v1/keys",
    operation_id="list_keys",
    tags=TAGS,
    summary="Keys of the bank's backend",
    opt={"permission": "staff.read"},
)
async def list_keys(tx: Tx) -> Page[ApiKey]:
    return Page(items=await identity.api_keys.find(tx))


@post(
    "/v1/keys",
    operation_id="add_key",
    tags=TAGS,
    summary="Make a key, shown once",
    opt={"permission": "staff.write"},
)
async def add_key(tx: Tx, data: NewKey) -> MadeKey:
    return await identity.api_keys.add(tx, data)


@delete(
    "/v1/keys/{key_id:uuid}",
    operation_id="revoke_key",
    tags=TAGS,
    summary="End a key at once",
    opt={"permission": "staff.write"},
)
async def revoke_key(tx: Tx, key_id: UUID) -> None:
    await identity.api_keys.revoke(tx, key_id)


@post(
    "/v1/tickets",
    operation_id="issue_ticket",
    tags=TAGS,
    summary="A one-time ticket that lets one customer in",
    opt={"permission": "ticket.issue"},
)
async def issue_ticket(tx: Tx, data: NewTicket) -> Ticket:
    return await identity.issue_ticket(tx, data)


async def _me(tx: Tx, principal: Principal) -> Me:
    session = await identity.sessions.get(tx, _session_id(principal))
    person = await people.staff.get(tx, session.staff_id)
    bank = await tenants.get(tx)
    unit = next(unit for unit in await people.units.tree(tx) if unit.id == person.unit_id)
    return Me(
        staff_id=person.id,
        name=person.name,
        login=person.login,
        post=person.post,
        tenant=Bank(code=bank.code, name=bank.name, name_en=bank.name_en, brand=bank.brand),
        unit=HomeUnit(id=unit.id, name=unit.name, name_en=unit.name_en),
        roles=person.roles,
        permissions=sorted(principal.permissions),
        units=None if principal.units is None else sorted(principal.units),
        csrf_token=principal.csrf_token,
        idle_seconds=session.idle_seconds,
        proved_at=session.proved_at,
        session_id=session.id,
    )


def _session_id(principal: Principal) -> UUID:
    if principal.session_id is None:
        raise Forbidden("A key has no session; this is for people.")
    return principal.session_id


def _view(session: StaffSession, names: dict[str, str], principal: Principal) -> SessionView:
    mine = str(session.staff_id) == principal.actor.id
    return SessionView(
        id=session.id,
        staff_id=session.staff_id,
        name=names.get(str(session.staff_id), ""),
        started_at=session.started_at,
        seen_at=session.seen_at,
        expires_at=session.expires_at,
        user_agent=session.user_agent,
        address=session.address,
        current=session.id == principal.session_id,
        can=["end"] if mine or principal.may("staff.write") else [],
    )


def _cookie(settings: Settings, token: str) -> Cookie:
    """The browser forgets it when it closes; the server ends it earlier by idle time and lifetime."""
    return Cookie(
        key=identity.staff_cookie(settings.instance),
        value=token,
        path="/",
        httponly=True,
        samesite="strict",
        secure=settings.secure_cookies,
    )


routes = [
    sign_in,
    get_session,
    sign_out,
    prove_session,
    change_password,
    list_sessions,
    end_session,
    enrol_staff,
    complete_enrolment,
    list_keys,
    add_key,
    revoke_key,
    issue_ticket,
]
