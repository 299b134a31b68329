"""How large an expression may be: every limit by its name, so that a refusal says which one was passed."""

from enum import StrEnum
from typing import Any

import msgspec

from huoke.kernel.refusals import Invalid


class Limit(StrEnum):
    """What of an expression is limited."""

    BYTES = "bytes"
    """The rule as JSON."""
    DEPTH = "depth"
    """Groups within groups."""
    NODES = "nodes"
    """Groups and conditions together."""
    PARTS = "parts"
    """Parts of one group."""
    CONDITIONS = "conditions"
    VALUES = "values"
    """Values of one list."""
    TEXT = "text"
    """Characters of one text."""
    WHERE = "where"
    """Properties compared of one event."""
    STEPS = "steps"
    """Events of one sequence."""
    WINDOW_DAYS = "window_days"
    WITHIN_DAYS = "within_days"
    TAKE = "take"
    """Customers of one rank."""
    REFERENCES = "references"
    """Segments that refer to segments."""
    EXPANDED_NODES = "expanded_nodes"
    """Nodes with those of the segments it refers to."""
    UPLOAD = "upload"
    """Entries of one list of customers."""


MOST: dict[Limit, int] = {
    Limit.BYTES: 262_144,
    Limit.DEPTH: 12,
    Limit.NODES: 200,
    Limit.PARTS: 100,
    Limit.CONDITIONS: 150,
    Limit.VALUES: 1_000,
    Limit.TEXT: 500,
    Limit.WHERE: 10,
    Limit.STEPS: 5,
    Limit.WINDOW_DAYS: 3_650,
    Limit.WITHIN_DAYS: 366,
    Limit.TAKE: 10_000_000,
    Limit.REFERENCES: 8,
    Limit.EXPANDED_NODES: 1_000,
    Limit.UPLOAD: 1_000_000,
}
"""All limits in one place; docs/segments.md has the same table."""

_OF_LISTS = {"of": Limit.PARTS, "where": Limit.WHERE, "steps": Limit.STEPS}
_CONTAINERS_MAX = 2 * MOST[Limit.DEPTH] + 8
"""No expression within its depth holds containers so deep: a group is a map and a list, a leaf at most four."""


class LimitPassed(Invalid):
    """The expression is larger than a limit allows; `limit` names it, `most` is what it allows."""

    code = "segments.limit"


def passed(limit: Limit, pointer: str) -> LimitPassed:
    """The refusal of what is larger than a limit."""
    most = MOST[limit]
    return LimitPassed(
        f"The rule passes the limit '{limit}': at most {most:,}.", pointer=pointer, limit=limit.value, most=most
    )


def check_size(value: Any, pointer: str) -> None:
    """Refuse JSON values that are too large to be looked at any closer; `LimitPassed`.

    It goes no deeper and no wider than the limits, so what it costs is bounded by them whatever was sent.
    """
    waiting: list[tuple[Any, str, Limit, int]] = [(value, pointer, Limit.VALUES, 0)]
    while waiting:
        one, at, kind, depth = waiting.pop()
        if depth > _CONTAINERS_MAX:
            raise passed(Limit.DEPTH, pointer)
        match one:
            case str() if len(one) > MOST[Limit.TEXT]:
                raise passed(Limit.TEXT, at)
            case list() if len(one) > MOST[kind]:
                raise passed(kind, at)
            case list():
                waiting += [(part, f"{at}/{place}", Limit.VALUES, depth + 1) for place, part in enumerate(one)]
            case dict():
                waiting += [
                    (part, f"{at}/{name[:80]}", _OF_LISTS.get(name, Limit.VALUES), depth + 1)
                    for name, part in one.items()
                ]
    if len(msgspec.json.encode(value, enc_hook=str)) > MOST[Limit.BYTES]:
        raise passed(Limit.BYTES, pointer)
