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
from huoke.know.language import Analytics
from huoke.reward.points import store_earn
from huoke.reward.points.close import close_days
from huoke.reward.points.earn import activate_due, earn, ids_of
from huoke.reward.points.engine import Ready
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
    """Apply the rules to what arrived, small batches together, large ones in parts."""
    analytics = Analytics(sweep.part(ClickHouse), sweep.part(SetServer))
    async with sweep.database.begin(sweep.tenant) as tx:
        waiting = await store_earn.arrivals(tx, BATCHES_AT_ONCE)
        ready = await prepare(tx, analytics, ids_of(await store_earn.rules(tx))) if waiting else []
    for batches in _together([(row["id"], row["at"], row["events"]) for row in waiting]):
        await _earn_batches(sweep, ready, batches)


def _together(waiting: Sequence[tuple[UUID, datetime, int]]) -> list[list[tuple[UUID, datetime]]]:
    """Batches that fit into one transaction, together; one that fits in none stands alone."""
    groups: list[list[tuple[UUID, datetime]]] = []
    room = 0
    for event_id, at, count in waiting:
        if count > room:
            groups.append([])
            room = EVENTS_AT_ONCE
        groups[-1].append((event_id, at))
        room -= count
    return groups


async def _earn_batches(sweep: Sweep, ready: Sequence[Ready], batches: Sequence[tuple[UUID, datetime]]) -> None:
    after: tuple[int, int] | None = None
    if len(batches) > 1:
        async with sweep.database.begin(sweep.tenant) as tx:
            found = [
                one for at in dict.fromkeys(at for _, at in batches) for one in await events.taken(tx, at, limit=10_000)
            ]
            await earn(tx, ready, found)
            await store_earn.drop_arrivals(tx, [event_id for event_id, _ in batches])
        return
    [(event_id, at)] = batches
    part = EVENTS_AT_ONCE
    while part == EVENTS_AT_ONCE:
        async with sweep.database.begin(sweep.tenant) as tx:
            found = await events.taken(tx, at, after=after, limit=EVENTS_AT_ONCE)
            await earn(tx, ready, found)
            part = len(found)
            if part < EVENTS_AT_ONCE:
                await store_earn.drop_arrivals(tx, [event_id])
            else:
                after = found[-1].place


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
