"""Signing in by a code, for who did not come through the bank's app; afterwards one is where one was."""

import asyncio
import re
from typing import Annotated, Any

import msgspec
import structlog
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from huoke.app.h5.visit import Visit, customer_cookie
from huoke.govern import identity
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Database
from huoke.reach import channels, sign_in
from huoke.reach.sign_in import Asked, CodeOver, CodeWrong, PhoneUnfit

log = structlog.get_logger()

PUBLIC: dict[str, Any] = {"public": True}
HOME = "benefits"
_ID = r"[0-9a-f-]{36}"
_ONWARD = re.compile(
    rf"c/[0-9a-z]{{4,64}}(/rules|/choose/{_ID})?|benefits(/{_ID})?|choices|r/[0-9a-z]{{4,64}}|invite(/{_ID})?"
)
"""Pages of this bank that one may come back to; nothing else, so that no link leads away from the bank."""
_NO_STORE = {"Cache-Control": "no-store"}
_under_way: set[asyncio.Task[bool]] = set()


class PhoneForm(msgspec.Struct, frozen=True, kw_only=True):
    """Where the code goes; `next` is the page one came from."""

    phone: str = ""
    next: str = HOME

    def __repr__(self) -> str:
        return "PhoneForm(…)"


class CodeForm(msgspec.Struct, frozen=True, kw_only=True):
    """The code and the second factor."""

    code: str = ""
    factor: str = ""
    next: str = HOME

    def __repr__(self) -> str:
        return "CodeForm(…)"


@get("/sign-in", operation_id="show_phone_sign_in", opt=PUBLIC, include_in_schema=False)
async def show(visit: Visit, next: str = HOME) -> Response[Any]:  # noqa: A002 - the name in the address
    """The form that asks for the phone number; who is signed in goes on."""
    if visit.customer is not None:
        return _onward(visit, next)
    return _ask_phone(visit, next)


@post("/sign-in", operation_id="ask_phone_code", opt=PUBLIC, include_in_schema=False, status_code=303)
async def ask(
    request: Request[Any, Any, Any],
    visit: Visit,
    database: Database,
    settings: Settings,
    data: Annotated[PhoneForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Have a code sent. The answer and its time are the same for a number nobody has: the code leaves after it."""
    address = request.client.host if request.client else ""
    try:
        async with database.begin(visit.bank.id) as tx:
            asked = await sign_in.ask(tx, data.phone, address)
    except PhoneUnfit:
        return _ask_phone(visit, data.next, error="sign_in.phone.unfit", status=422)
    _send(database, visit, asked)
    cookie = Cookie(
        key=_cookie(settings),
        value=asked.token,
        path=visit.home,
        max_age=sign_in.CODE_MINUTES * 60,
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )
    target = f"{visit.home}/sign-in/code?next={_checked(data.next)}"
    return Redirect(target, status_code=303, cookies=[cookie, *visit.cookies], headers=_NO_STORE)


@get("/sign-in/code", operation_id="show_phone_code", opt=PUBLIC, include_in_schema=False)
async def show_code(
    request: Request[Any, Any, Any],
    visit: Visit,
    settings: Settings,
    next: str = HOME,  # noqa: A002 - the name in the address
) -> Response[Any]:
    """The form that asks for code and second factor."""
    if visit.customer is not None:
        return _onward(visit, next)
    if _cookie(settings) not in request.cookies:
        return Redirect(f"{visit.home}/sign-in?next={_checked(next)}", status_code=303, headers=_NO_STORE)
    return _ask_code(visit, next)


@post("/sign-in/code", operation_id="answer_phone_code", opt=PUBLIC, include_in_schema=False, status_code=303)
async def answer(
    request: Request[Any, Any, Any],
    visit: Visit,
    database: Database,
    settings: Settings,
    data: Annotated[CodeForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """Code and factor right: a session as from a ticket, and back to where one was."""
    token = request.cookies.get(_cookie(settings), "")
    onward = _checked(data.next)
    async with database.begin(visit.bank.id) as tx:
        found = await sign_in.answer(tx, token, data.code, data.factor)
        if not isinstance(found, CodeWrong | CodeOver):
            point = onward.split("/")[1] if onward.startswith("c/") else HOME
            session = await identity.start_customer_session(tx, found, point)
    if isinstance(found, CodeWrong):
        return _ask_code(visit, onward, left=found.data["left"], status=401)
    if isinstance(found, CodeOver):
        return _ask_phone(visit, onward, error="sign_in.over", status=409)
    spent = Cookie(key=_cookie(settings), value="", path=visit.home, max_age=0, httponly=True, samesite="lax")
    cookies = [customer_cookie(settings, session, database.clock.now()), spent, *visit.cookies]
    return Redirect(f"{visit.home}/{onward}", status_code=303, cookies=cookies, headers=_NO_STORE)


@post("/sign-out", operation_id="sign_out_phone", opt=PUBLIC, include_in_schema=False, status_code=303)
async def sign_out(request: Request[Any, Any, Any], visit: Visit, database: Database, settings: Settings) -> Redirect:
    """End the session; a session that has ended is no matter."""
    key = identity.customer_cookie(settings.instance)
    if visit.customer is not None:
        await identity.end_customer_session(database, request.cookies[key])
    spent = Cookie(key=key, value="", path="/", max_age=0, httponly=True, samesite="lax")
    return Redirect(f"{visit.home}/benefits", status_code=303, cookies=[spent], headers=_NO_STORE)


def _send(database: Database, visit: Visit, asked: Asked) -> None:
    """Hand the code to the gateway, apart from the answer; where nobody has the number nothing is sent."""
    message = sign_in.message_of(asked, visit.words.language)
    if message is None:
        return
    task = asyncio.create_task(channels.hand_over_at_once(database, visit.bank.id, message))
    _under_way.add(task)
    task.add_done_callback(_handed_over)


def _handed_over(task: asyncio.Task[bool]) -> None:
    """Nobody waits for the task, its customer asks for another code: the log says that one was lost, not whose."""
    _under_way.discard(task)
    if task.cancelled():
        return
    if error := task.exception():
        log.error("sign_in.hand_over", error=type(error).__name__)
    elif not task.result():
        log.warning("sign_in.not_taken")


def _ask_phone(visit: Visit, onward: str, *, error: str = "", status: int = 200) -> Response[bytes]:
    if not visit.by_code:
        raise sign_in.SignInClosed("This bank lets its customers in through its app only.")
    return visit.page("sign_in.html", status=status, onward=_checked(onward), error=error, step="phone", left=0)


def _ask_code(visit: Visit, onward: str, *, left: int = 0, status: int = 200) -> Response[bytes]:
    return visit.page(
        "sign_in.html",
        status=status,
        onward=_checked(onward),
        error="sign_in.wrong" if left else "",
        step="code",
        left=left,
    )


def _onward(visit: Visit, onward: str) -> Redirect:
    return Redirect(f"{visit.home}/{_checked(onward)}", status_code=303, headers=_NO_STORE)


def _checked(onward: str) -> str:
    return onward if _ONWARD.fullmatch(onward) else HOME


def _cookie(settings: Settings) -> str:
    return f"huoke_{settings.instance}_code"


routes = [show, ask, show_code, answer, sign_out]
