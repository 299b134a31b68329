"""The edge: who is asking, may they, and one transaction around it.

Every handler says who may call it, in `opt`: {"permission": "segment.read"} for staff and API keys ("any" for every one
of them), {"customer": True} for customers, {"public": True} for anyone. A handler that says nothing does not start.
"""

import hmac
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import Any

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from huoke.kernel.ids import new_id
from huoke.kernel.principal import Credentials, Principal
from huoke.kernel.refusals import Forbidden, Unauthorised
from huoke.kernel.tx import Database, Tx

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Authenticate = Callable[[Credentials], Awaitable[Principal | None]]


class NotSignedIn(Unauthorised):
    """No session, or one that has ended."""

    code = "session.none"


class NotAllowed(Forbidden):
    """No role of the caller holds the permission."""

    code = "permission.missing"


class CsrfMissing(Forbidden):
    """A cookie session's unsafe request without its token."""

    code = "session.csrf"


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """What the guard needs; `app.web` puts it into the application's state as `edge`."""

    database: Database
    authenticate: Authenticate
    staff_cookie: str
    customer_cookie: str


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Find the principal, check the permission and the CSRF token; runs before every handler."""
    edge: Edge = connection.app.state.edge
    options = handler.opt
    principal = await edge.authenticate(_credentials(connection, edge, for_staff="permission" in options))
    connection.scope["huoke_principal"] = principal  # type: ignore[typeddict-unknown-key]
    if options.get("public"):
        return
    if principal is None:
        raise NotSignedIn("You are not signed in, or your session has ended; sign in again.")
    if options.get("customer"):
        if principal.seq is None:
            raise NotAllowed("This page is for customers.")
    elif options["permission"] != "any" and not principal.may(options["permission"]):
        raise NotAllowed(f"You need the permission '{options['permission']}'.", permission=options["permission"])
    elif options["permission"] == "any" and principal.seq is not None:
        raise NotAllowed("This is for staff.")
    if (
        principal.csrf_token
        and str(connection.scope.get("method")) not in SAFE_METHODS
        and options.get("csrf") != "form"
    ):
        check_csrf(principal, connection.headers.get("X-CSRF-Token", ""))


def check_csrf(principal: Principal, token: str) -> None:
    """Raise `CsrfMissing` unless the token is the session's own; pages with plain forms call it with their field."""
    if not _same(principal.csrf_token, token):
        raise CsrfMissing("The request did not carry this session's token; load the page again.")


async def provide_principal(request: Request[Any, Any, Any]) -> Principal:
    """The caller; only handlers that are not public may ask for it."""
    principal: Principal | None = request.scope.get("huoke_principal")  # type: ignore[assignment]
    if principal is None:
        raise NotSignedIn("You are not signed in, or your session has ended; sign in again.")
    return principal


async def provide_visitor(request: Request[Any, Any, Any]) -> Principal | None:
    """The caller, or None: for public handlers."""
    return request.scope.get("huoke_principal")  # type: ignore[return-value]


async def provide_tx(request: Request[Any, Any, Any], principal: Principal) -> AsyncGenerator[Tx, None]:
    """One transaction of the caller's bank around the handler: committed before the answer leaves."""
    edge: Edge = request.app.state.edge
    async with edge.database.begin(principal.tenant, principal.actor) as tx:
        yield tx


def request_id_middleware(app: ASGIApp) -> ASGIApp:
    """Give every request an id, and every answer the same in its header."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        request_id = new_id().hex
        scope["huoke_request_id"] = request_id  # type: ignore[typeddict-unknown-key]
        bind_contextvars(request_id=request_id)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start" and not any(
                name.lower() == b"x-request-id" for name, _ in message["headers"]
            ):
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        await app(scope, receive, send_with_id)

    return middleware


def check_handlers(handlers: Iterable[HTTPRouteHandler]) -> None:
    """Refuse to start when an operation has no id or says nothing about who may call it."""
    seen: set[str] = set()
    for handler in handlers:
        name = handler.operation_id
        assert isinstance(name, str), f"{handler} has no operation_id"
        assert name not in seen, f"operation_id {name} stands twice"
        seen.add(name)
        told = sum(1 for key in ("permission", "customer", "public") if handler.opt.get(key))
        assert told == 1, f"{name} must say exactly one of permission, customer, public in opt"


def _credentials(connection: ASGIConnection[Any, Any, Any, Any], edge: Edge, *, for_staff: bool) -> Credentials:
    """One browser may hold both cookies: staff operations read the one, customers' and public pages the other."""
    scheme, _, value = connection.headers.get("Authorization", "").partition(" ")
    return Credentials(
        bearer=value.strip() if scheme.lower() == "bearer" and value else None,
        staff_token=connection.cookies.get(edge.staff_cookie) if for_staff else None,
        customer_token=None if for_staff else connection.cookies.get(edge.customer_cookie),
    )


def _same(expected: str, given: str) -> bool:
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())
