"""Expressions that are too large, each in one way: (name of the limit, JSON values)."""

from typing import Any

LEAF: dict[str, Any] = {"kind": "attr", "name": "age", "op": "=", "value": 1}
TAP: dict[str, Any] = {"kind": "event", "name": "app.login", "op": ">=", "value": 1}


def nested(depth: int) -> dict[str, Any]:
    """A leaf below so many groups."""
    tree = LEAF
    for _ in range(depth):
        tree = {"kind": "not", "of": tree}
    return tree


def listed(depth: int) -> Any:
    """A list in a list, so many times."""
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def _any(parts: int, inner: dict[str, Any] = LEAF) -> dict[str, Any]:
    return {"kind": "any", "of": [inner] * parts}


_SEQUENCE: dict[str, Any] = {"kind": "sequence", "steps": [{"name": "a"}, {"name": "b"}], "within_days": 7}
_RANK: dict[str, Any] = {"kind": "rank", "by": {"kind": "attr", "name": "age"}, "take": {"count": 10_000_001}}

BOMBS: list[tuple[str, dict[str, Any]]] = [
    ("depth", nested(13)),
    ("depth", nested(40)),
    ("depth", nested(400)),
    ("depth", {**LEAF, "op": "in", "value": listed(300)}),
    ("parts", _any(101)),
    ("parts", _any(100_000)),
    ("nodes", _any(90, {"kind": "not", "of": _any(1)})),
    ("conditions", _any(2, _any(76))),
    ("values", {**LEAF, "op": "in", "value": list(range(1_001))}),
    ("values", {**LEAF, "op": "in", "value": list(range(500_000))}),
    ("text", {**LEAF, "value": "x" * 501}),
    ("text", {**LEAF, "name": "x" * 1_000_000}),
    ("bytes", _any(100, {**LEAF, "op": "in", "value": ["甲" * 100] * 100})),
    ("where", {**TAP, "where": [{"property": "channel", "op": "=", "value": "app"}] * 11}),
    ("steps", {**_SEQUENCE, "steps": [{"name": "a"}] * 6}),
    ("window_days", {**TAP, "window_days": 3_651}),
    ("window_days", {**_SEQUENCE, "window_days": 10**9}),
    ("within_days", {**_SEQUENCE, "within_days": 367}),
    ("take", _RANK),
]
