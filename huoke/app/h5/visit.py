"""One visit of a page: which bank, which language, which customer; and the page that says what went wrong."""

from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException

from huoke.app.h5.look import Look, look_of
from huoke.app.h5.render import render
from huoke.app.h5.words import Language, Words, choose
from huoke.govern import identity, tenants
from huoke.govern.tenants import Brand, Tenant
from huoke.kernel.http import Credentials, Principal, problem_of, request_id_of
from huoke.kernel.http.edge import CsrfMissing
from huoke.kernel.refusals import NotFound, TooMany, Unauthorised
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Database
from huoke.reward import grants

log = structlog.get_logger()

LANGUAGE_DAYS = 365


class SignedOut(Unauthorised):
    """The page is for a signed-in customer of this bank."""

    code = "h5.signed_out"


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What a page needs to know of a request. `customer` is None for a visitor who did not come through the app."""

    bank: Tenant
    look: Look
    words: Words
    customer: Principal | None
    switch_path: str
    cookies: list[Cookie]

    @property
    def home(self) -> str:
        """Where this bank's pages live."""
        return f"/h5/{self.bank.code}"

    def require_customer(self) -> Principal:
        """The customer; `SignedOut`."""
        if self.customer is None:
            raise SignedOut("Open this page from the bank's app.")
        return self.customer

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response[bytes]:
        """Render a template in this bank's look and this visitor's language."""
        return render(
            template,
            self.look,
            self.words,
            switch_path=self.switch_path,
            status=status,
            cookies=self.cookies,
            csrf=self.customer.csrf_token if self.customer else "",
            home=self.home,
            wallet_path=f"{self.home}/benefits",
            **values,
        )


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A state: picture, what happened, what you keep, one way on."""

    tone: str
    picture: str
    title: str
    text: str
    href: str | None = None
    action: str | None = None


async def provide_visit(request: Request[Any, Any, Any], bank: str, database: Database, settings: Settings) -> Visit:
    """The visit of this request; `TenantUnknown`."""
    tenant = await tenants.find(database, bank)
    token = request.cookies.get(identity.customer_cookie(settings.instance))
    credentials = Credentials(customer_token=token)
    customer = await identity.principal_of(database, credentials, database.clock) if token else None
    async with database.begin(tenant.id) as tx:
        look = await look_of(tx, tenant)
    language = _language(request, settings)
    asked = request.query_params.get("lang")
    visit = Visit(
        bank=tenant,
        look=look,
        words=Words(language),
        customer=customer if customer and customer.tenant == tenant.id else None,
        switch_path=_switch_path(request, language),
        cookies=[_language_cookie(settings, language)] if asked == language else [],
    )
    request.scope["huoke_visit"] = visit  # type: ignore[typeddict-unknown-key]
    return visit


def page_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Say an exception as a page: what happened, what you keep, one way on; a bug gives nothing but its number."""
    request_id = request_id_of(request)
    problem = problem_of(error, request_id)
    if problem.status >= 500:
        log.error("page", request_id=request_id, path=request.url.path, exc_info=error)
    visit = _visit_of(request)
    words = visit.words if visit else Words(choose(request.query_params.get("lang"), None, _accepted(request)))
    look = visit.look if visit else Look(code="", name=" ", name_en=" ", brand=Brand(), scene="plain", mark="")
    home = visit.home if visit else ""
    card = _card(error, words, words.either(look.name, look.name_en), home, request.url.path)
    return render(
        "state.html",
        look,
        words,
        switch_path=_switch_path(request, words.language),
        status=problem.status,
        card=card,
        number=request_id if problem.status >= 500 else "",
    )


def _card(error: Exception, words: Words, bank: str, home: str, path: str) -> Card:
    if isinstance(error, CsrfMissing):
        again = path.removesuffix("/claim")
        return _said(words, "form", tone="warn", picture="clock", href=again, action=words("reload"))
    if isinstance(error, Unauthorised | identity.TicketSpent):
        key = "spent" if isinstance(error, identity.TicketSpent) else "signed_out"
        return _said(words, key, tone="brand", picture="lock", bank=bank)
    onward = {"href": f"{home}/benefits", "action": words("to_benefits")} if home else {}
    if key := _REFUSED.get(type(error), ""):
        return Card(tone="", picture="ticket", title=words(key), text=words("claimed.keep"), **onward)
    if isinstance(error, TooMany):
        return _said(words, "limit", tone="warn", picture="clock", **onward)
    if isinstance(error, NotFound) or (isinstance(error, HTTPException) and error.status_code in (404, 405)):
        return _said(words, "not_found", tone="", picture="ticket", **onward)
    return _said(words, "error", tone="warn", picture="away", href=path, action=words("retry"))


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


_REFUSED: dict[type[Exception], str] = {
    grants.SoldOut: "sold_out.title",
    grants.BudgetExhausted: "sold_out.title",
    grants.Ended: "ended.title",
    grants.Paused: "paused.title",
    grants.NotStarted: "not_started.title",
    grants.NotEligible: "not_eligible.title",
    grants.Expired: "expired.title",
    grants.LimitReached: "claimed.title",
}


def _visit_of(request: Request[Any, Any, Any]) -> Visit | None:
    found: Visit | None = request.scope.get("huoke_visit")  # type: ignore[assignment]
    return found


def _accepted(request: Request[Any, Any, Any]) -> str:
    return request.headers.get("Accept-Language", "")


def _language(request: Request[Any, Any, Any], settings: Settings) -> Language:
    asked = request.query_params.get("lang")
    return choose(asked, request.cookies.get(_language_key(settings)), _accepted(request))


def _language_key(settings: Settings) -> str:
    return f"huoke_{settings.instance}_language"


def _language_cookie(settings: Settings, language: Language) -> Cookie:
    return Cookie(
        key=_language_key(settings),
        value=language,
        path="/h5",
        max_age=LANGUAGE_DAYS * 86_400,
        samesite="lax",
        httponly=True,
        secure=settings.secure_cookies,
    )


def _switch_path(request: Request[Any, Any, Any], language: Language) -> str:
    return f"{request.url.path}?lang={'zh' if language == 'en' else 'en'}"
