"""The lists of the API, for files that are made of them in the background."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from litestar.handlers import HTTPRouteHandler

from huoke.govern.views import Listing
from huoke.kernel.http import listings


@cache
def all_listings() -> Mapping[str, Listing]:
    """Every operation of the API that answers a page, by operation id; found when first asked for."""
    # The web process's module knows every handler and itself needs the ports: it is brought late.
    handlers = import_module("huoke.app.web").routed()
    return {**listings(one for one in handlers if isinstance(one, HTTPRouteHandler))}
