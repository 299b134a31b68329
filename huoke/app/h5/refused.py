"""What went wrong, said as a page of the bank: what happened, what you keep, one way on."""

from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from huoke.app.h5.apart import Elsewhere
from huoke.app.h5.consents import TextMoved
from huoke.app.h5.look import Look
from huoke.app.h5.render import render
from huoke.app.h5.visit import Card, Visit, WrongBank, page_of, switch_path
from huoke.app.h5.words import Words, choose
from huoke.govern import identity
from huoke.govern.tenants import Brand
from huoke.kernel.http import problem_of, request_id_of
from huoke.kernel.http.edge import CsrfMissing
from huoke.kernel.http.problem import respond
from huoke.kernel.refusals import NotFound, TooMany, Unauthorised
from huoke.know import consent, customers, entry_points
from huoke.reach import channels, sign_in
from huoke.reward import grants

log = structlog.get_logger()

SOON_SECONDS = 60
"""A refusal that ends so soon is one to wait for."""


def page_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Say an exception as a page: what happened, what you keep, one way on; a bug gives nothing but its number."""
    request_id = request_id_of(request)
    problem = problem_of(error, request_id)
    if problem.status >= 500:
        log.error("page", request_id=request_id, path=request.url.path, exc_info=error)
    visit = _visit_of(request)
    words = visit.words if visit else Words(choose(request.query_params.get("lang"), None, _accepted(request)))
    look = visit.look if visit else Look(code="", name=" ", name_en=" ", brand=Brand(), scene="plain", mark="")
    card = _card(error, words, look, visit, request.url.path)
    page = render(
        "state.html",
        look,
        words,
        switch_path=switch_path(request, words.language),
        status=problem.status,
        card=card,
        number=request_id if problem.status >= 500 else "",
    )
    if "retry_after_seconds" in problem.data:
        page.headers["Retry-After"] = str(int(problem.data["retry_after_seconds"]))
    return page


def lost(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer an address or method nobody serves: below /h5/ as a page, elsewhere as a problem."""
    return page_error(request, error) if request.url.path.startswith("/h5/") else respond(request, error)


def _card(error: Exception, words: Words, look: Look, visit: Visit | None, path: str) -> Card:
    bank = words.either(look.name, look.name_en)
    if isinstance(error, CsrfMissing):
        return _said(words, "form", tone="warn", picture="clock", href=page_of(path), action=words("reload"))
    if isinstance(error, Unauthorised | identity.TicketSpent | sign_in.SignInClosed):
        key = "spent" if isinstance(error, identity.TicketSpent) else "signed_out"
        door, action = visit.door("benefits" if path.endswith("/enter") else path) if visit else ("", "")
        if visit and visit.customer:
            door, action = f"{visit.home}/benefits", words("to_benefits")
        return _said(words, key, tone="brand", picture="lock", bank=bank, href=door or None, action=action or None)
    if isinstance(error, Elsewhere):
        href, action = str(error.data["address"]), words("elsewhere.go")
        return _said(words, "elsewhere", tone="brand", picture="away", bank=bank, href=href, action=action)
    onward = {"href": f"{visit.home}/benefits", "action": words("to_benefits")} if visit and visit.customer else {}
    if key := _key(error, visit, path):
        tone, picture = _LOOKS[key]
        if visit and (way := _onward(key, visit)):
            onward = {"href": way[0], "action": way[1]}
        return _said(words, key, tone=tone, picture=picture, bank=bank, **onward)
    if key := _REFUSED.get(type(error), ""):
        return Card(tone="", picture="ticket", title=words(key), text=words("claimed.keep"), **onward)
    return _said(words, "error", tone="warn", picture="away", href=path, action=words("retry"))


def _onward(key: str, visit: Visit) -> tuple[str, str] | None:
    """The page where somebody can go on with what was refused, and its words; None where it is their benefits."""
    if key == "code_soon":
        return f"{visit.home}/sign-in/code", visit.words("sign_in.code.head")
    if key not in ("choices.moved", "leave.late"):
        return None
    return f"{visit.home}/choices", visit.words("reload" if key == "choices.moved" else "choices.all")


def _key(error: Exception, visit: Visit | None, path: str) -> str:
    """Whose words say an error that is nobody's bug; empty for the rest."""
    if type(error) in _REFUSED:
        return ""
    if _of_another_bank(error, visit, path):
        return "wrong_bank"
    if isinstance(error, sign_in.TooManyCodes):
        return "code_soon" if error.data["retry_after_seconds"] <= SOON_SECONDS else "many_codes"
    lost = isinstance(error, HTTPException) and error.status_code in (404, 405)
    return "not_found" if lost else next((key for kind, key in _KEYS if isinstance(error, kind)), "")


def _of_another_bank(error: Exception, visit: Visit | None, path: str) -> bool:
    """Whether an unknown code is so because it names another bank."""
    if visit is None or not isinstance(error, entry_points.EntryPointUnknown):
        return False
    return entry_points.tenant_of(path.removeprefix(f"{visit.home}/c/").split("/")[0]) not in (None, visit.bank.id)


def _said(
    words: Words,
    key: str,
    *,
    tone: str,
    picture: str,
    href: str | None = None,
    action: str | None = None,
    **values: Any,
) -> Card:
    """The card of a state whose words are `key.title` and `key.text`."""
    title, text = words(f"{key}.title", **values), words(f"{key}.text", **values)
    return Card(tone=tone, picture=picture, title=title, text=text, href=href, action=action)


_KEYS: tuple[tuple[type[Exception], str], ...] = (
    (WrongBank, "wrong_bank"),
    (TextMoved, "choices.moved"),
    (channels.UndoTooLate, "leave.late"),
    (TooMany, "limit"),
    (NotFound, "not_found"),
)
_LOOKS = {
    "wrong_bank": ("", "finance"),
    "code_soon": ("brand", "clock"),
    "many_codes": ("warn", "clock"),
    "choices.moved": ("warn", "renew"),
    "leave.late": ("", "clock"),
    "limit": ("warn", "clock"),
    "not_found": ("", "ticket"),
}
_REFUSED: dict[type[Exception], str] = {
    grants.SoldOut: "sold_out.title",
    grants.BudgetExhausted: "full.title",
    grants.Ended: "ended.title",
    grants.Paused: "paused.title",
    grants.NotStarted: "not_started.title",
    customers.NotEligible: "not_eligible.title",
    grants.Expired: "expired.title",
    grants.LimitReached: "claimed.title",
    consent.NotAvailable: "not_available.title",
}


def _visit_of(request: Request[Any, Any, Any]) -> Visit | None:
    found: Visit | None = request.scope.get("huoke_visit")  # type: ignore[assignment]
    return found


def _accepted(request: Request[Any, Any, Any]) -> str:
    return request.headers.get("Accept-Language", "")
