"""Somebody outside who was asked and does not answer yet: what the bank does meanwhile is looked at without haste."""

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from huoke.app.demo.outside import Partner
from huoke.kernel.tx import Database

OPENED_SECONDS = 20


class _Gate:
    """In the place of a partner's lock: every call waits before it until it is opened."""

    def __init__(self) -> None:
        self.asked, self.opened = threading.Event(), threading.Event()

    def __enter__(self) -> None:
        self.asked.set()
        self.opened.wait(OPENED_SECONDS)

    def __exit__(self, *_: object) -> None:
        """Nothing was taken."""


@asynccontextmanager
async def asking(partner: Partner, work: Coroutine[Any, Any, Any]) -> AsyncIterator[None]:
    """The time in which a call of `work` is with the partner and its answer held back; `work` ends after it."""
    gate, lock = _Gate(), partner.lock
    partner.lock = gate  # type: ignore[assignment]
    task = asyncio.create_task(work)
    try:
        while not gate.asked.is_set():
            assert not task.done(), "nobody was asked"
            await asyncio.sleep(0.005)
        yield
        assert not task.done(), "the answer was waited for"
    finally:
        gate.opened.set()
        await task
        partner.lock = lock


async def open_transactions(database: Database) -> int:
    """How many transactions of the application's role are open, beside the one that asks."""
    async with database.begin_shared() as tx:
        found: int = await tx.fetch_value(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND datname = current_database()"
            " AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
        )
    return found
