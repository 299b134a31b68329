"""Waiting for the log to move: one question for all who read it, and only those are woken whom the answer concerns."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING

import asyncpg

from huoke.kernel.log.position import watermark

if TYPE_CHECKING:
    from huoke.kernel.log.append import Connection
    from huoke.kernel.tx import Database

Came = Callable[["Connection", int, int], Awaitable[Collection[str]]]
"""(connection, first, below) → the names of what was written by transactions first … below - 1."""
GONE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""While PostgreSQL is away, everybody is to find that out and show it."""


class Watch:
    """Wakes whoever waits for something that came below the watermark.

    Under a watermark nothing can appear any more, so what lies between two of them is looked at once.
    """

    def __init__(self, feed: "Database", seconds: float, came: Came) -> None:
        self._feed = feed
        self._seconds = seconds
        self._came = came
        self._waiting: list[tuple[frozenset[str], asyncio.Event]] = []
        self.below: int | None = None
        """Whoever waits, and is not woken, has nothing to read below this transaction; None while that is unknown."""

    def waiter(self, names: Collection[str]) -> asyncio.Event:
        """Set when something of these names came. Clear it before reading: what comes meanwhile is then read again."""
        woken = asyncio.Event()
        self._waiting.append((frozenset(names), woken))
        return woken

    async def run(self, stop: asyncio.Event) -> None:
        """Ask every few moments until `stop` is set, then wake everybody."""
        while not stop.is_set():
            try:
                await self._look()
            except GONE:
                self.below = None
                self.wake_all()
            await pause(stop, self._seconds)
        self.wake_all()

    def wake_all(self) -> None:
        """Have everybody look for themselves."""
        for _, woken in self._waiting:
            woken.set()

    async def _look(self) -> None:
        async with self._feed.pool.acquire() as connection:
            below, first = await watermark(connection), self.below
            if below == first:
                return
            came = None
            if first is not None and first < below:
                came = await self._came(connection, first, below)
        for names, woken in self._waiting:
            if came is None or not names.isdisjoint(came):
                woken.set()
        self.below = below


async def pause(until: asyncio.Event, seconds: float) -> None:
    """Wait until `until` is set, `seconds` at most."""
    with suppress(TimeoutError):
        await asyncio.wait_for(until.wait(), seconds)
