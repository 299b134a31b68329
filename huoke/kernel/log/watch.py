"""Waiting for the log to move: one question for all who read it, and none of them asks while nothing happens."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import asyncpg

from huoke.kernel.log.position import watermark

if TYPE_CHECKING:
    from huoke.kernel.tx import Database


class Watch:
    """Wakes whoever waits when the watermark has moved: under the one they have read to, nothing can appear."""

    def __init__(self, feed: "Database", seconds: float) -> None:
        self._feed = feed
        self._seconds = seconds
        self._moved = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Ask for the watermark every few moments until `stop` is set."""
        last = None
        while not stop.is_set():
            below = None  # while PostgreSQL is away, everybody is to find that out and show it
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                async with self._feed.pool.acquire() as connection:
                    below = await watermark(connection)
            if below is None or below != last:
                last = below
                self._wake()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._seconds)
        self._wake()

    @property
    def moved(self) -> asyncio.Event:
        """Set by the next move. Take it before reading: what moves meanwhile is then read again."""
        return self._moved

    def _wake(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
