"""What points do by themselves: events go through the earn rules, what waited becomes active, days are closed."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.jobs import Sweep, every
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Tx
from huoke.know import events
from huoke.know.events import Taken
from huoke.know.language import Analytics
from huoke.reward.points import store_earn
from huoke.reward.points.close import close_days
from huoke.reward.points.earn import activate_due, earn, ids_of
from huoke.reward.points.prepare import prepare

EVENTS_AT_ONCE = 500
BATCHES_AT_ONCE = 200
CLOSES_FROM = time(0, 30)
"""What was begun before midnight is committed by then."""


class _Taken(msgspec.Struct, frozen=True):
    count: int
    names: tuple[str, ...]


@subscriber("points.arrive", events={"events.taken"})
async def arrive(tx: Tx, event: LoggedEvent) -> None:
    """Events some rule listens to wait for the rules, which need more than a transaction to be applied."""
    taken = event.decode(_Taken)
    rules = await store_earn.rules(tx)
    if any(one.rule.events & set(taken.names) for one in rules):
        await store_earn.note_arrival(tx, event.id, event.recorded_at, taken.count)


@every("points.earn", seconds=2)
async def earn_arrived(sweep: Sweep) -> None:
    """Apply the rules to what arrived, so many events in a transaction, however many stand at one instant."""
    analytics = Analytics(sweep.part(ClickHouse), sweep.part(SetServer))
    async with sweep.database.begin(sweep.tenant) as tx:
        waiting: dict[datetime, list[UUID]] = {}
        for row in await store_earn.arrivals(tx, BATCHES_AT_ONCE):
            waiting.setdefault(row["at"], []).append(row["id"])
        ready = await prepare(tx, analytics, ids_of(await store_earn.rules(tx))) if waiting else []
    after: tuple[int, int] | None = None
    while waiting:
        async with sweep.database.begin(sweep.tenant) as tx:
            found, over, after = await _next(tx, list(waiting), after)
            await earn(tx, ready, found)
            await store_earn.drop_arrivals(tx, [event_id for at in over for event_id in waiting.pop(at)])


async def _next(
    tx: Tx, instants: Sequence[datetime], after: tuple[int, int] | None
) -> tuple[list[Taken], list[datetime], tuple[int, int] | None]:
    """As many events as go together, the first instant's from a place on.

    Returns them, the instants read to their end, and the place to go on from in the one after those.
    """
    found: list[Taken] = []
    for count, at in enumerate(instants):
        room = EVENTS_AT_ONCE - len(found)
        part = await events.taken(tx, at, after=after, limit=room)
        found += part
        if len(part) == room:
            return found, list(instants[:count]), part[-1].place
        after = None
    return found, list(instants), None


@every("points.activate", seconds=60)
async def activate(sweep: Sweep) -> None:
    """What has waited long enough becomes active, part by part."""
    while True:
        async with sweep.database.begin(sweep.tenant) as tx:
            if not await activate_due(tx):
                return


@every("points.close", seconds=600)
async def close(sweep: Sweep) -> None:
    """Close every day that is over."""
    async with sweep.database.begin(sweep.tenant) as tx:
        local = tx.now.astimezone(CHINA)
        over = local.date() - timedelta(days=1 if local.time() >= CLOSES_FROM else 2)
        await close_days(tx, over)
