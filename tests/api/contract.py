"""The API as collecting tests see it: its document in the tree, and who may call what.

`tests/gates/test_openapi.py` holds the document to the code. To build the application for it would cost seconds in each
process that collects the suite.
"""

from functools import cache
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from huoke.app.web import health, routed
from tests.gates.sources import ROOT

METHODS = ("get", "post", "put", "patch", "delete")


@cache
def document() -> dict[str, Any]:
    """web/openapi.json."""
    found: dict[str, Any] = msgspec.json.decode((ROOT / "web" / "openapi.json").read_bytes())
    return found


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every operation, in the order of the document."""
    return [
        (method.upper(), path, operation)
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


@cache
def options() -> dict[str, dict[str, Any]]:
    """By operation, what its handler says of who may call it."""
    found = [one for one in (health, *routed()) if isinstance(one, HTTPRouteHandler)]
    return {str(one.operation_id): one.opt for one in found}
