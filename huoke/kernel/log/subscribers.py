"""Who wants to know what happened: subscribers, declared in a module's `jobs.py`.

    @subscriber("campaigns.enqueue_run", events={"campaigns.approved"})
    async def enqueue_run(tx: Tx, event: LoggedEvent) -> None: ...

An event is handed over at least once and has its effect exactly once: the subscriber's writes, the jobs it enqueues
and the note that this event is handled commit together. Events arrive in the order of the log; one that fails is tried
again and holds back this subscriber's later ones.
"""

from collections.abc import Awaitable, Callable, Iterable
from types import ModuleType
from typing import TYPE_CHECKING

import msgspec

from huoke.kernel.log.reader import LoggedEvent

if TYPE_CHECKING:
    from huoke.kernel.tx import Tx

Handle = Callable[["Tx", LoggedEvent], Awaitable[None]]


class Subscriber(msgspec.Struct, frozen=True):
    """A function that is called for each event of the given names."""

    name: str
    events: frozenset[str]
    handle: Handle

    async def __call__(self, tx: "Tx", event: LoggedEvent) -> None:
        await self.handle(tx, event)


def subscriber(name: str, *, events: Iterable[str]) -> Callable[[Handle], Subscriber]:
    """Declare a subscriber. `name` is `module.verb`, stable for good: its place in the log is kept under it."""
    wanted = frozenset(events)
    assert wanted, "a subscriber names its events"

    def declare(handle: Handle) -> Subscriber:
        return Subscriber(name, wanted, handle)

    return declare


def subscribers_of(modules: Iterable[ModuleType]) -> list[Subscriber]:
    """Every subscriber declared in the given modules."""
    return [thing for module in modules for thing in vars(module).values() if isinstance(thing, Subscriber)]
