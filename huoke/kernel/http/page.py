"""The shapes every list and every write answers with."""

import base64
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

import msgspec

from huoke.kernel.http.problem import Problem, problem_of
from huoke.kernel.refusals import Invalid
from huoke.kernel.sorting import Place, Rows, Sort

T = TypeVar("T")

LIMIT_DEFAULT = 50
LIMIT_MAX = 200


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One page of a list. `counts` are the numbers on the status tabs; `next_cursor` is None on the last page."""

    items: list[T]
    next_cursor: str | None = None
    total: int | None = None
    counts: dict[str, int] = {}


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one item of a write, in the order it was sent."""

    index: int
    status: str
    """done, failed, or unknown (ask again by the request number)."""
    id: str | None = None
    request_no: str | None = None
    error: Problem | None = None


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why something is done; it stands in the trail."""

    reason: str


def results(outcomes: Sequence[Any], request_nos: Sequence[str | None] | None = None) -> list[Result]:
    """One `Result` per outcome: an exception is a failure, anything else is the id of what was done."""
    numbers = request_nos or [None] * len(outcomes)
    return [
        _result(index, outcome, number) for index, (outcome, number) in enumerate(zip(outcomes, numbers, strict=True))
    ]


def _result(index: int, outcome: Any, request_no: str | None) -> Result:
    if not isinstance(outcome, BaseException):
        return Result(index=index, status="done", id=None if outcome is None else str(outcome), request_no=request_no)
    problem = problem_of(outcome)
    status = "unknown" if problem.code == "unknown" else "failed"
    return Result(index=index, status=status, request_no=request_no, error=problem)


def page_of(
    found: Sequence[T],
    size: int,
    place: Callable[[T], tuple[object, ...]],
    *,
    counts: dict[str, int] | None = None,
    status: str | None = None,
) -> Page[T]:
    """A page of `size` rows, out of one row more where there are more; the next page goes on after `place` of the last.

    With `counts` by status the total is that of the status asked for, or of them all.
    """
    more = len(found) > size
    return Page(
        items=list(found[:size]),
        next_cursor=encode_cursor(*place(found[size - 1])) if more else None,
        total=None if counts is None else counts.get(status, 0) if status else sum(counts.values()),
        counts=counts or {},
    )


def sorted_page(
    found: Rows[T],
    size: int,
    sort: Sort,
    *,
    status: str | None = None,
    row_id: Callable[[T], object] = attrgetter("id"),
) -> Page[T]:
    """`page_of` for a list that is sorted by any of its columns."""
    keyed = list(zip(found.keys, found.rows, strict=True))
    page = page_of(keyed, size, lambda one: (sort.name, one[0], row_id(one[1])), counts=found.counts, status=status)
    return Page(
        items=[row for _, row in page.items], next_cursor=page.next_cursor, total=page.total, counts=page.counts
    )


def place_of(cursor: str | None, sort: Sort) -> Place | None:
    """Where the page before ended; `Invalid` for a cursor of another order."""
    place: Place | None = decode_cursor(cursor, sort.place)
    if place is not None and place[0] != sort.name:
        raise Invalid("cursor belongs to another order; start from the first page.", pointer="/cursor")
    return place


def page_limit(limit: int | None) -> int:
    """The size of a page: 50 unless asked, 1 … 200."""
    if limit is None:
        return LIMIT_DEFAULT
    if not 1 <= limit <= LIMIT_MAX:
        raise Invalid(f"limit is {limit}; ask for 1 to {LIMIT_MAX}.", pointer="/limit")
    return limit


def encode_cursor(*parts: Any) -> str:
    """An opaque cursor out of the last row's sort key."""
    return base64.urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def decode_cursor(cursor: str | None, types: Any) -> Any:
    """The parts of a cursor as `types` (a tuple type such as tuple[datetime, UUID]); None stays None."""
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=types)
    except (ValueError, msgspec.MsgspecError):
        raise Invalid("cursor is not one of ours; start from the first page.", pointer="/cursor") from None
