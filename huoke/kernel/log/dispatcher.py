"""Carrying events from the log to their subscribers; runs in the worker."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

import structlog

from huoke.kernel.log.position import ORDINAL_MAX, Position, current_epoch
from huoke.kernel.log.reader import LoggedEvent, Page, names_between, read
from huoke.kernel.log.subscribers import Subscriber
from huoke.kernel.log.watch import GONE, Watch, pause
from huoke.kernel.refusals import Outage

if TYPE_CHECKING:
    from huoke.kernel.tx import Database, Tx

POLL_SECONDS = 0.15
LOOK_AGAIN_SECONDS = 5.0
"""The places of all are read again so often: somebody may have moved one back, and those at rest are moved along."""
BATCH_MAX = 64
PAGE_MAX = 1000
BACK_OFF_SECONDS_MAX = 30.0
HANDLED_KEPT_XIDS = 100_000
"""A note that an event is handled is kept until the position is this many transactions past it."""

REST_XIDS_MAX = 1_000
"""The place of a subscriber whom nothing concerned may stay so many transactions behind."""

_log = structlog.get_logger(__name__)
_NOTE = """
INSERT INTO kernel.handled (subscriber, event_id, xid) SELECT $1, e.id, e.xid::text::xid8
FROM unnest($2::uuid[], $3::int8[]) AS e(id, xid) ON CONFLICT DO NOTHING RETURNING event_id
"""
_MOVE = """
INSERT INTO kernel.subscription (name, xid, ordinal, moved_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (name) DO UPDATE
SET xid = EXCLUDED.xid, ordinal = EXCLUDED.ordinal, moved_at = EXCLUDED.moved_at, error = ''
WHERE (subscription.xid, subscription.ordinal) < (EXCLUDED.xid, EXCLUDED.ordinal) OR subscription.error <> ''
"""
_MOVE_ALONG = """
UPDATE kernel.subscription AS s SET xid = $4::xid8, ordinal = $5, moved_at = $6
FROM unnest($1::text[], $2::int8[], $3::int[]) AS r(name, xid, ordinal)
WHERE s.name = r.name AND (s.xid, s.ordinal) = (r.xid::text::xid8, r.ordinal) AND s.error = ''
"""


class Dispatcher:
    """Hands each subscriber its events, in order, and keeps its place.

    While it runs, one question asks for all of them whether anything came; those whom it concerns then read by
    themselves, so that each goes at its own pace and one that fails holds up no other.

    Several workers may run one: the note of a handled event is taken first, so the second one waits, then passes over.
    A new subscriber starts at the first event that PostgreSQL still holds: closed months are not handed out again.
    """

    def __init__(self, database: "Database", feed: "Database", subscribers: Sequence[Subscriber]) -> None:
        names = [subscriber.name for subscriber in subscribers]
        assert len(names) == len(set(names)), "two subscribers of one name"
        self._database = database
        self._feed = feed
        self._subscribers = subscribers
        self._waiters: dict[str, asyncio.Event] = {}
        self._resting: set[str] = set()
        self._reached: dict[str, Position] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Carry events until `stop` is set."""
        watch = Watch(self._feed, POLL_SECONDS, names_between)
        self._waiters = {one.name: watch.waiter(one.events) for one in self._subscribers}
        async with asyncio.TaskGroup() as group:
            group.create_task(watch.run(stop))
            group.create_task(self._look_again(watch, stop))
            for subscriber in self._subscribers:
                group.create_task(self._follow(subscriber, stop))

    async def run_once(self) -> int:
        """Carry what is below the watermark now; returns how many events were handled. Errors propagate."""
        handled = 0
        for subscriber in self._subscribers:
            while True:
                count, more = await self._carry(subscriber)
                handled += count
                if not more:
                    break
        return handled

    async def _follow(self, subscriber: Subscriber, stop: asyncio.Event) -> None:
        back_off, woken = POLL_SECONDS, self._waiters[subscriber.name]
        while not stop.is_set():
            woken.clear()
            try:
                _, more = await self._carry(subscriber)
                back_off = POLL_SECONDS
            except Exception as error:  # noqa: BLE001 - shown, and tried again
                back_off = min(back_off * 2, BACK_OFF_SECONDS_MAX)
                _log.exception("subscriber_failed", subscriber=subscriber.name, again_in_seconds=back_off)
                await self._stand_still(subscriber, error)
                await pause(stop, back_off)
            else:
                if not more:
                    self._resting.add(subscriber.name)
                    await woken.wait()
                    self._resting.discard(subscriber.name)

    async def _look_again(self, watch: Watch, stop: asyncio.Event) -> None:
        epoch = None
        while not stop.is_set():
            await pause(stop, LOOK_AGAIN_SECONDS)
            with suppress(Outage, *GONE):
                async with self._feed.pool.acquire() as connection:
                    epoch, former = await current_epoch(connection), epoch
                if epoch != former:
                    watch.wake_all()
                await self._look_at_places(epoch, watch)

    async def _look_at_places(self, epoch: int, watch: Watch) -> None:
        """Wake whoever was moved back; take along whoever rests far behind, for nothing there is theirs."""
        async with self._database.begin_shared() as tx:
            rows = await tx.fetch(
                "SELECT name, xid, ordinal FROM kernel.subscription WHERE name = ANY($1)", list(self._waiters)
            )
            below, behind = watch.below or 0, []
            for row in rows:
                name, place = row["name"], Position(epoch, row["xid"], row["ordinal"])
                if place < self._reached.get(name, place):
                    self._waiters[name].set()
                elif self._rests(name) and below - place.xid > REST_XIDS_MAX:
                    behind.append(row)
            if behind:
                columns = ([row[column] for row in behind] for column in ("name", "xid", "ordinal"))
                await tx.execute(_MOVE_ALONG, *columns, below - 1, ORDINAL_MAX, tx.now)

    def _rests(self, name: str) -> bool:
        """Whether a subscriber has read all there is for it below the watermark that the watch knows."""
        return name in self._resting and not self._waiters[name].is_set()

    async def _carry(self, subscriber: Subscriber) -> tuple[int, bool]:
        page, after = await self._next_page(subscriber)
        handled = 0
        for tenant, run in groupby(page.events, key=lambda event: event.tenant):
            events = list(run)
            for start in range(0, len(events), BATCH_MAX):
                batch = events[start : start + BATCH_MAX]
                async with self._database.begin(tenant) as tx:
                    handled += await _hand_over(tx, subscriber, batch)
        if page.events or page.reached.xid - after.xid > BATCH_MAX:
            await self._move(subscriber, page)
            after = page.reached
        self._reached[subscriber.name] = after
        return handled, page.full

    async def _next_page(self, subscriber: Subscriber) -> tuple[Page, Position]:
        async with self._feed.pool.acquire() as connection:
            epoch = await current_epoch(connection)
            place = await self._place(subscriber, epoch)
            return await read(connection, place, names=sorted(subscriber.events), limit=PAGE_MAX), place

    async def _place(self, subscriber: Subscriber, epoch: int) -> Position:
        async with self._database.begin_shared() as tx:
            row = await tx.fetch_row("SELECT xid, ordinal FROM kernel.subscription WHERE name = $1", subscriber.name)
        return Position(epoch, row["xid"], row["ordinal"]) if row else Position(epoch, 0, 0)

    async def _move(self, subscriber: Subscriber, page: Page) -> None:
        async with self._database.begin_shared() as tx:
            await tx.execute(_MOVE, subscriber.name, page.reached.xid, page.reached.ordinal, tx.now)
        for tenant in {event.tenant for event in page.events}:
            async with self._database.begin(tenant) as tx:
                await tx.execute(
                    "DELETE FROM kernel.handled WHERE subscriber = $1 AND xid < ($2::int8)::text::xid8",
                    subscriber.name,
                    max(page.reached.xid - HANDLED_KEPT_XIDS, 0),
                )

    async def _stand_still(self, subscriber: Subscriber, error: Exception) -> None:
        with suppress(Exception):
            async with self._database.begin_shared() as tx:
                await tx.execute(
                    "INSERT INTO kernel.subscription (name, xid, ordinal, moved_at, error) VALUES ($1, '0', 0, $3, $2)"
                    " ON CONFLICT (name) DO UPDATE SET error = EXCLUDED.error",
                    subscriber.name,
                    f"{type(error).__name__}: {error}"[:2000],
                    tx.now,
                )


async def _hand_over(tx: "Tx", subscriber: Subscriber, events: Sequence[LoggedEvent]) -> int:
    """Handle a batch of one bank's events in one transaction; events noted before are passed over."""
    noted = await tx.fetch(_NOTE, subscriber.name, [event.id for event in events], [event.xid for event in events])
    fresh = {row["event_id"] for row in noted}
    for event in events:
        if event.id in fresh:
            await subscriber(tx, event)
    return len(fresh)
