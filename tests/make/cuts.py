"""One batch put in whole or in two parts, each run undone: what it comes to is compared."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any

from huoke.kernel.tx import Tx


class Undone(Exception):
    """Leaves the bank as it was."""


async def comes_to(
    begun: AbstractAsyncContextManager[Tx],
    items: Sequence[Any],
    cut: int,
    put: Callable[[Tx, Sequence[Any]], Awaitable[list[Any]]],
    state: Callable[[Tx], Awaitable[Any]],
) -> tuple[list[Any], Any]:
    """Answers and the state after a batch cut at a place, in one transaction that is undone."""
    found: tuple[list[Any], Any] = [], None
    with suppress(Undone):
        async with begun as tx:
            said: list[Any] = []
            for part in (items[:cut], items[cut:]):
                said += await put(tx, part) if part else []
            found = said, await state(tx)
            raise Undone
    return found
