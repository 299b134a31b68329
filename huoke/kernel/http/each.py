"""A write of a list: every item under its own savepoint, so that one refusal undoes that item alone."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from huoke.kernel.http.page import Result, results
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx

I = TypeVar("I")  # noqa: E741 - an item


async def each(tx: Tx, items: Sequence[I], write: Callable[[Tx, I], Awaitable[Any]]) -> list[Result]:
    """Write items one after the other and say, in order, what became of each; for lists of tens, not of thousands."""
    outcomes: list[Any] = []
    for item in items:
        try:
            async with tx.savepoint():
                outcomes.append(await write(tx, item))
        except Refusal as refusal:
            outcomes.append(refusal)
    return results(outcomes, [getattr(item, "request_no", None) for item in items])
