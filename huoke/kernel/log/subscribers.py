"""Who wants to know what happened: subscribers, declared in a module's `jobs.py`.

    @subscriber("campaigns.enqueue_run", events={"campaigns.approved"})
    async def enqueue_run(tx: Tx, event: LoggedEvent) -> None: ...

An event is handed over at least once and has its effect exactly once: the subscriber's writes, the jobs it enqueues
and the note that this event is handled commit together. Events arrive in the order of the log; one that fails is tried
again and holds back this subscriber's later ones.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from types import ModuleType
from typing import TYPE_CHECKING

import msgspec

from huoke.kernel.log.reader import LoggedEvent

if TYPE_CHECKING:
    from huoke.kernel.log.append import Connection
    from huoke.kernel.tx import Tx

Handle = Callable[["Tx", LoggedEvent], Awaitable[None]]


_LAGGING = """
SELECT r.name FROM unnest($1::text[], $2::text[]) AS r(name, event) LEFT JOIN kernel.subscription AS s USING (name)
WHERE EXISTS (SELECT FROM kernel.event AS e WHERE e.name = r.event AND e.recorded_at >= $3 AND e.recorded_at < $4
  AND (e.xid, e.ordinal) > (coalesce(s.xid, '0'), coalesce(s.ordinal, 0)))
ORDER BY r.name LIMIT 1
"""


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


async def find_lagging(
    owner: "Connection", subscribers: Sequence[Subscriber], begin: datetime, end: datetime
) -> str | None:
    """The name of a subscriber that has not read all of its events recorded in [begin, end); None when all have."""
    wanted = [(one.name, event) for one in subscribers for event in sorted(one.events)]
    names, events = [name for name, _ in wanted], [event for _, event in wanted]
    found: str | None = await owner.fetchval(_LAGGING, names, events, begin, end)
    return found


def subscribers_of(modules: Iterable[ModuleType]) -> list[Subscriber]:
    """Every subscriber declared in the given modules."""
    return [thing for module in modules for thing in vars(module).values() if isinstance(thing, Subscriber)]
