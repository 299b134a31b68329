"""Lists of the API, read without HTTP: the handler itself, called with its own permission, scope and masks.

    @get("/v1/campaigns", operation_id="list_campaigns", opt={"permission": "campaign.read"})
    async def list_campaigns(tx, principal, status=None, q="", cursor=None, limit=None) -> Page[CampaignRow]: ...

Every such handler is a list: it answers a `Page`, and all it asks for is the caller, the transaction, parts of the
house and filters. Nothing more is needed for a file of it to be made in the background.
"""

import inspect
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, get_args, get_origin

import msgspec
from litestar.handlers import HTTPRouteHandler

from huoke.kernel.http.page import LIMIT_MAX, Page
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Invalid
from huoke.kernel.tx import Tx

PARTS = frozenset({"clickhouse", "sets", "settings", "clock", "database"})
_CALLER = frozenset({"tx", "principal"})
_PAGING = frozenset({"cursor", "limit"})


class ListRows(msgspec.Struct, frozen=True, kw_only=True):
    """A page as plain values."""

    items: list[dict[str, Any]]
    next_cursor: str | None
    total: int | None


class HandlerListing:
    """One handler as a list."""

    def __init__(self, handler: HTTPRouteHandler, parameters: Mapping[str, inspect.Parameter]) -> None:
        self._call: Any = handler.fn
        self._parameters = parameters
        self.permission = str(handler.opt["permission"])

    def check(self, filters: Mapping[str, str]) -> None:
        """Raise `Invalid` for a filter that the handler would refuse; filters it does not know are left out."""
        self._filters(filters)

    async def rows(
        self, tx: Tx, principal: Principal, parts: Mapping[str, object], filters: Mapping[str, str], cursor: str | None
    ) -> ListRows:
        """A page of the largest size from a cursor on."""
        given: dict[str, object] = {"tx": tx, "principal": principal, **parts, **self._filters(filters)}
        given |= {"cursor": cursor, "limit": LIMIT_MAX}
        page: Page[Any] = await self._call(**{name: given[name] for name in self._parameters if name in given})
        return ListRows(items=msgspec.to_builtins(page.items), next_cursor=page.next_cursor, total=page.total)

    def _filters(self, filters: Mapping[str, str]) -> dict[str, object]:
        known = self._parameters.keys() - _CALLER - _PAGING - PARTS
        missing = [
            name for name in known if self._parameters[name].default is inspect.Parameter.empty and name not in filters
        ]
        if missing:
            raise Invalid(f"The list needs {', '.join(sorted(missing))}.", pointer="/filters")
        return {name: _typed(name, filters[name], self._parameters[name].annotation) for name in known & filters.keys()}


def listings(handlers: Iterable[HTTPRouteHandler]) -> dict[str, HandlerListing]:
    """Every handler that is a list, by operation id."""
    found = {}
    for handler in handlers:
        signature = inspect.signature(handler.fn, eval_str=True)
        parameters = dict(signature.parameters)
        answers = get_origin(signature.return_annotation) or signature.return_annotation
        pages = inspect.isclass(answers) and issubclass(answers, Page) and "GET" in handler.http_methods
        if pages and handler.opt.get("permission") and _is_plain(parameters):
            found[str(handler.operation_id)] = HandlerListing(handler, parameters)
    return found


def _is_plain(parameters: Mapping[str, inspect.Parameter]) -> bool:
    """Whether all it wants besides caller and parts can be read out of an address."""
    own = (one for name, one in parameters.items() if name not in _CALLER | PARTS)
    return all(one.name not in ("request", "runtime", "batchers", "visitor", "data") for one in own)


def _typed(name: str, text: str, kind: Any) -> object:
    """A filter of the address as its handler wants it; `Invalid`."""
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    for value in (text, [text]):
        try:
            return msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError:
            continue
    raise Invalid(f"'{text[:40]}' is no {name} of this list.", pointer=f"/filters/{name}")
