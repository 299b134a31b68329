"""Refusals, outages and bugs as problem+json (RFC 9457): the one place where a status is chosen."""

import contextlib
from typing import Any

import asyncpg
import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from huoke.kernel.refusals import Outage, Refusal
from huoke.kernel.tx import is_lost

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"

_AWAY = (Outage, OSError, asyncpg.CannotConnectNowError)
_UNFIT = (
    RecursionError,
    asyncpg.DataError,
    asyncpg.UntranslatableCharacterError,
    asyncpg.CharacterNotInRepertoireError,
)


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 9457, with a stable `code`, an RFC 6901 `pointer`, whether a retry can help, and the request's id."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    pointer: str = ""
    retryable: bool = False
    request_id: str = ""
    data: dict[str, Any] = {}


def problem_of(error: BaseException, request_id: str = "") -> Problem:
    """Say an exception as a problem; a bug says nothing of itself but the request id."""
    if isinstance(error, Refusal):
        return _problem(error.status, error.code, error.detail, request_id, pointer=error.pointer, data=error.data)
    if isinstance(error, _AWAY) or is_lost(error):
        unknown = isinstance(error, Outage) and error.unknown
        detail = error.detail if isinstance(error, Outage) else "The database does not answer; try again in a moment."
        return _problem(503, "unknown" if unknown else "outage", detail, request_id, retryable=True)
    if isinstance(error, _UNFIT):
        return _unfit(error, request_id)
    if isinstance(error, ValidationException):
        return _problem(422, "invalid", _sentence(error), request_id, pointer=_pointer(error))
    if isinstance(error, HTTPException):
        code = _CODES.get(error.status_code, f"http.{error.status_code}")
        return _problem(error.status_code, code, error.detail, request_id)
    return _problem(500, "bug", "Something broke on our side; the number below finds it in our log.", request_id)


def _unfit(error: BaseException, request_id: str) -> Problem:
    """What was sent is nested without an end (rules and mappings are measured before they are walked), or overflows."""
    if isinstance(error, RecursionError):
        return _problem(422, "invalid", "The body is nested too deep.", request_id, data={"limit": "depth"})
    return _problem(422, "invalid", "A value lies outside what its field can hold.", request_id)


def respond(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer an exception; Litestar's exception handler for everything."""
    request_id = request_id_of(request)
    problem = problem_of(error, request_id)
    if problem.status == 500:
        log.error("bug", request_id=request_id, path=request.url.path, exc_info=error)
    headers = {"X-Request-Id": request_id, "Cache-Control": "no-store"}
    with contextlib.suppress(KeyError, TypeError):
        headers["Retry-After"] = str(int(problem.data["retry_after_seconds"]))
    return Response(
        msgspec.json.encode(problem, enc_hook=str), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers
    )


def request_id_of(request: Request[Any, Any, Any]) -> str:
    """The request's id: given by `kernel.http.edge` before anything else runs."""
    return str(request.scope.get("huoke_request_id", ""))


def _problem(status: int, code: str, detail: str, request_id: str, **more: Any) -> Problem:
    return Problem(
        type=f"urn:huoke:problem:{code}",
        title=_TITLES.get(status, "Error"),
        status=status,
        detail=detail,
        code=code,
        request_id=request_id,
        **more,
    )


def _sentence(error: ValidationException) -> str:
    extra = error.extra
    if isinstance(extra, list) and extra:
        return "; ".join(
            f"{item.get('key') or 'body'}: {item.get('message')}" for item in extra if isinstance(item, dict)
        )
    return error.detail


def _pointer(error: ValidationException) -> str:
    extra = error.extra
    first = extra[0] if isinstance(extra, list) and extra else None
    key = first.get("key") if isinstance(first, dict) else None
    return "/" + key.replace(".", "/").replace("[", "").replace("]", "") if key else ""


_CODES = {
    400: "invalid",
    401: "unauthorised",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}
_TITLES = {
    400: "Invalid",
    401: "Not signed in",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    422: "Invalid",
    429: "Too many requests",
    500: "Internal error",
    503: "Not available",
}
