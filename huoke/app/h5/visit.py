"""One visit of a page: which bank, which language, which customer."""

import re
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie

from huoke.app.h5 import apart
from huoke.app.h5.look import Look, look_of
from huoke.app.h5.render import render
from huoke.app.h5.words import Language, Words, choose
from huoke.govern import identity, tenants
from huoke.govern.tenants import Tenant
from huoke.kernel.http import Credentials, Principal
from huoke.kernel.refusals import Conflict, Unauthorised
from huoke.kernel.settings import Settings
from huoke.kernel.tx import Database
from huoke.reach import sign_in
from huoke.reward.plays import PlayChannel

LANGUAGE_DAYS = 365
VIA_SECONDS = 86_400
WECHAT_AGENT = "MicroMessenger"
"""What WeChat's own browser calls itself."""
_LINKED = frozenset({PlayChannel.SMS.value, PlayChannel.LOBBY.value, PlayChannel.APP.value})
_SENT = re.compile(r"/(claim|order|back|cancel|after-sale|member|(?<=[0-9a-f]{12}/)cart)$")
"""How addresses end that take forms and show no page."""


class SignedOut(Unauthorised):
    """The page is for a signed-in customer of this bank."""

    code = "h5.signed_out"


class WrongBank(Conflict):
    """The link belongs to another bank."""

    code = "h5.wrong_bank"


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What a page needs to know of a request. `customer` is None for a visitor nobody knows; `by_code` says whether
    the bank lets such a one sign in by a code.
    """

    bank: Tenant
    look: Look
    words: Words
    customer: Principal | None
    switch_path: str
    cookies: list[Cookie]
    by_code: bool = False
    via: PlayChannel = PlayChannel.APP
    """The channel one came by: what a link said, kept for a day; inside WeChat it is WeChat, whatever a link says."""

    @property
    def home(self) -> str:
        """Where this bank's pages live."""
        return f"/h5/{self.bank.code}"

    def require_customer(self) -> Principal:
        """The customer; `SignedOut`."""
        if self.customer is None:
            raise SignedOut("Open this page from the bank's app.")
        return self.customer

    def door(self, path: str) -> tuple[str, str]:
        """The way in for a visitor nobody knows, and its words; both empty where only the app lets in."""
        if not self.by_code:
            return "", ""
        onward = page_of(path).removeprefix(f"{self.home}/")
        return f"{self.home}/sign-in?next={onward}", self.words("sign_in.by_code")

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


def page_of(path: str) -> str:
    """The page that shows a form, by the address the form is sent to; any other address is its own."""
    return _SENT.sub("", path)


def customer_cookie(settings: Settings, session: identity.CustomerSession, now: datetime) -> Cookie:
    """What keeps a customer signed in."""
    return Cookie(
        key=identity.customer_cookie(settings.instance),
        value=session.token,
        path="/",
        max_age=max(int((session.expires_at - now).total_seconds()), 1),
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )


async def provide_visit(request: Request[Any, Any, Any], bank: str, database: Database, settings: Settings) -> Visit:
    """The visit of this request; `TenantUnknown`."""
    tenant = await tenants.find(database, bank)
    token = request.cookies.get(identity.customer_cookie(settings.instance))
    credentials = Credentials(customer_token=token)
    customer = await identity.principal_of(database, credentials, database.clock) if token else None
    async with database.begin(tenant.id) as tx:
        look = await look_of(tx, tenant)
        origin = await apart.other_origin(tx, request)
        by_code = (customer is None or customer.tenant != tenant.id) and await sign_in.is_open(tx)
    language = _language(request, settings)
    asked = request.query_params.get("lang")
    visit = Visit(
        bank=tenant,
        look=look,
        words=Words(language),
        customer=customer if customer and customer.tenant == tenant.id else None,
        switch_path=switch_path(request, language),
        cookies=[
            *([_language_cookie(settings, language)] if asked == language else []),
            *_via_cookies(request, settings),
        ],
        by_code=by_code,
        via=_via(request, settings),
    )
    request.scope["huoke_visit"] = visit  # type: ignore[typeddict-unknown-key]
    if request.url.path.removeprefix(f"{visit.home}/").split("/")[0] in apart.ROOMS and origin:
        raise apart.Elsewhere(
            "Campaign pages of this bank live on a domain of their own.", address=f"{origin}{request.url.path}"
        )
    return visit


def _language(request: Request[Any, Any, Any], settings: Settings) -> Language:
    asked = request.query_params.get("lang")
    return choose(asked, request.cookies.get(_language_key(settings)), request.headers.get("Accept-Language", ""))


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


def _via(request: Request[Any, Any, Any], settings: Settings) -> PlayChannel:
    if WECHAT_AGENT in request.headers.get("User-Agent", ""):
        return PlayChannel.WECHAT
    told = request.query_params.get("via") or request.cookies.get(_via_key(settings), "")
    return PlayChannel(told) if told in _LINKED else PlayChannel.APP


def _via_key(settings: Settings) -> str:
    return f"huoke_{settings.instance}_via"


def _via_cookies(request: Request[Any, Any, Any], settings: Settings) -> list[Cookie]:
    """What remembers the channel of a link while one signs in and plays."""
    told = request.query_params.get("via", "")
    if told not in _LINKED:
        return []
    kept = Cookie(
        key=_via_key(settings),
        value=told,
        path="/h5",
        max_age=VIA_SECONDS,
        samesite="lax",
        httponly=True,
        secure=settings.secure_cookies,
    )
    return [kept]


def switch_path(request: Request[Any, Any, Any], language: Language) -> str:
    """The same page in the other language."""
    return f"{request.url.path}?lang={'zh' if language == 'en' else 'en'}"
