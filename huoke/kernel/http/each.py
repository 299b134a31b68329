"""A write of a list: every item under its own savepoint, so that one refusal undoes that item alone."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

from huoke.kernel.http.page import Result, results
from huoke.kernel.idempotency import RequestKey, body_hash, remember, settle
from huoke.kernel.principal import Principal
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


def by(principal: Principal, verb: Callable[[Tx, Principal, I], Awaitable[Any]]) -> Callable[[Tx, I], Awaitable[Any]]:
    """A verb that asks who does it, as `each` writes: done by the caller."""

    async def write(tx: Tx, item: I) -> Any:
        return await verb(tx, principal, item)

    return write


class Numbered(Protocol):
    """An item that carries its caller's own request number, or None."""

    @property
    def request_no(self) -> str | None: ...


N = TypeVar("N", bound=Numbered)


async def each_once(
    tx: Tx, operation: str, items: Sequence[N], write: Callable[[Tx, N], Awaitable[Any]]
) -> list[Result]:
    """`each` for items with a `request_no`: a number that was used before answers with what it did, or is refused.

    An item without a number is written every time.
    """

    async def once(tx: Tx, item: N) -> Any:
        if item.request_no is None:
            return await write(tx, item)
        key = RequestKey(item.request_no, body_hash(item))
        [known] = await remember(tx, operation, [key])
        if isinstance(known, Refusal):
            raise known
        if known is not None:
            return known.ref
        done = await write(tx, item)
        await settle(tx, operation, {key: None if done is None else str(done)})
        return done

    return await each(tx, items, once)
