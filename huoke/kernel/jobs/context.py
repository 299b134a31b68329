"""What a running job has in its hands."""

import time
from collections.abc import Mapping
from typing import TypeVar
from uuid import UUID

from huoke.kernel.clock import Clock
from huoke.kernel.ids import TenantId
from huoke.kernel.jobs import store
from huoke.kernel.tx import Actor, Database, Tx

T = TypeVar("T")
REPORT_SECONDS = 0.2


class JobContext:
    """The bank and database a job works on, its progress, and whether it is to stop.

    `cancelled` is refreshed by `progress`; work that sees it returns at the end of its present chunk.
    """

    def __init__(
        self,
        database: Database,
        tenant: TenantId,
        job_id: UUID,
        *,
        attempt: int,
        actor: Actor,
        parts: Mapping[type, object],
    ) -> None:
        self.database = database
        self.tenant = tenant
        self.job_id = job_id
        self.attempt = attempt
        self.actor = actor
        self.cancelled = False
        self._parts = parts
        self._reported_at = 0.0

    @property
    def clock(self) -> Clock:
        """The clock that decides."""
        return self.database.clock

    def part(self, kind: type[T]) -> T:
        """A part of the house the worker was given, by its class (`context.part(ClickHouse)`)."""
        found = self._parts[kind]
        assert isinstance(found, kind)
        return found

    async def progress(self, done: int, total: int) -> bool:
        """Show how far the work is, and say whether to go on; written at most five times a second and at the end."""
        now = time.monotonic()
        if now - self._reported_at >= REPORT_SECONDS or done == total:
            self._reported_at = now
            async with self.database.begin(self.tenant) as tx:
                self.cancelled = await store.report(tx, self.job_id, done, total)
        return not self.cancelled

    async def leave(self, tx: Tx, file_id: UUID) -> None:
        """Show the file this job made, in the transaction that keeps it."""
        await store.leave(tx, self.job_id, file_id)
