"""What Schemathesis draws for each operation, as requests, drawn once for a description and kept beside this file.

To draw took four fifths of the fuzz, and what is drawn for a description is always the same. An operation whose
description, or what draws, is another than when its requests were kept is drawn for anew, there and then;
`python -m tests.api.drawn`, which `make openapi` ends with, keeps those too.
"""

import hashlib
import lzma
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.api import contract

EXAMPLES = int(os.environ.get("HUOKE_FUZZ_EXAMPLES", "10"))
ITEMS_MAX = 3
"""What a list does wrong, three of it do; to think up longer ones took most of the time."""
KEPT = Path(__file__).with_name("drawn.json.xz")
NOWHERE = "http://drawn"
OF_THE_LINE = ("user-agent", "accept-encoding", "accept", "connection", "content-length", "x-schemathesis-testcaseid")
"""Said by whoever sends, not by what is drawn."""


class Request(msgspec.Struct, frozen=True):
    """A request without whose it is."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes | None


class Kept(msgspec.Struct, frozen=True):
    """The requests drawn for a description, by its hash."""

    of: str
    requests: list[Request]


def requests_for(operation_id: str) -> list[Request]:
    """Inputs as the document allows them, and such as it does not: kept ones, else drawn now."""
    one = kept().get(operation_id)
    return one.requests if one is not None and one.of == hash_of(operation_id) else draw(operation_id)


@cache
def kept() -> dict[str, Kept]:
    """What lies beside this file, by operation."""
    return msgspec.json.decode(lzma.decompress(KEPT.read_bytes()), type=dict[str, Kept]) if KEPT.exists() else {}


@cache
def hash_of(operation_id: str) -> str:
    """Changes with everything that decides what is drawn: the description with all it refers to, and what draws."""
    [(method, path, operation)] = [one for one in contract.operations() if one[2]["operationId"] == operation_id]
    named: dict[str, Any] = {}
    _follow([operation, contract.document()["paths"][path].get("parameters")], named)
    drawing = [version(name) for name in ("schemathesis", "hypothesis")]
    said = [method, path, operation, named, EXAMPLES, ITEMS_MAX, drawing]
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()[:16]


def _follow(part: Any, named: dict[str, Any]) -> None:
    """Collect what a part of the document refers to, however far."""
    if isinstance(part, list):
        for one in part:
            _follow(one, named)
    elif isinstance(part, dict):
        if (name := part.get("$ref")) and name not in named:
            named[name] = contract.document()["components"]["schemas"][name.rpartition("/")[2]]
            _follow(named[name], named)
        for one in part.values():
            _follow(one, named)


def draw(operation_id: str) -> list[Request]:
    """Ten examples of an operation, the same each time."""
    from schemathesis import GenerationMode

    operation = schema().find_operation_by_id(operation_id)
    cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode])
    taken = _Taken()

    @given(case=cases)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def take(case: Any) -> None:
        case.call(base_url=NOWHERE, session=taken.session)

    take()
    return taken.requests


class _Taken:
    """A session of requests that sends nothing and remembers what it was to send."""

    def __init__(self) -> None:
        import requests

        self.requests: list[Request] = []
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.send = self._send  # type: ignore[method-assign]

    def _send(self, prepared: Any, **_: Any) -> Any:
        import requests

        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
        headers = {_text(name): _text(value) for name, value in prepared.headers.items()}
        headers = {name: value for name, value in headers.items() if name.lower() not in OF_THE_LINE}
        self.requests.append(Request(prepared.method, prepared.path_url, headers, body))
        answer = requests.Response()
        answer.status_code, answer.request, answer.url = 200, prepared, prepared.url
        answer._content = b""
        answer.raw = requests.packages.urllib3.HTTPResponse(b"", status=200)
        return answer


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


@cache
def schema() -> Any:
    """What draws; who finds all requests kept need not load it."""
    import schemathesis

    return schemathesis.openapi.from_dict(_short(contract.document()))


def _short(part: Any) -> Any:
    """The document with bounds for its lists that have none."""
    if isinstance(part, list):
        return [_short(one) for one in part]
    if not isinstance(part, dict):
        return part
    bound = {"maxItems": ITEMS_MAX} if part.get("type") == "array" and "maxItems" not in part else {}
    return {name: _short(one) for name, one in part.items()} | bound


def main() -> None:
    """Keep the requests of every operation, drawing those that are not kept as they are described now."""
    named = sorted(operation["operationId"] for _, _, operation in contract.operations())
    found = {name: Kept(hash_of(name), requests_for(name)) for name in named}
    if found != kept():
        KEPT.write_bytes(lzma.compress(msgspec.json.encode(found), preset=9))


if __name__ == "__main__":
    main()
