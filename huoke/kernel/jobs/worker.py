"""Running jobs: the worker's side of the queue."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import msgspec
import structlog

from huoke.kernel.ids import TenantId
from huoke.kernel.jobs import store
from huoke.kernel.jobs.context import JobContext
from huoke.kernel.jobs.model import JobKind, JobState
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Actor, ActorKind, Database

if TYPE_CHECKING:
    from huoke.kernel.jobs.turns import QueuedJob, QueueManager

HEARTBEAT_SECONDS = 10.0
"""A job whose worker has been silent for so long is picked up by another."""
POLL_SECONDS = 1.0
BATCH_MAX = 4
ERROR_CHARACTERS_MAX = 2000
_log = structlog.get_logger(__name__)
_NO_PARTS: Mapping[type, object] = MappingProxyType({})


class Worker:
    """Runs the kinds of jobs it is given; several workers share one queue.

    `url` is a libpq URL of role huoke_app for the queue's own connection; `parts` are what jobs may ask for by class.
    """

    def __init__(
        self,
        database: Database,
        url: str,
        kinds: Sequence[JobKind],
        *,
        parts: Mapping[type, object] = _NO_PARTS,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        names = [kind.name for kind in kinds]
        assert len(names) == len(set(names)), "two kinds of job of one name"
        self._database = database
        self._url = url
        self._kinds = kinds
        self._parts = parts
        self._heartbeat_seconds = heartbeat_seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Run jobs until `stop` is set, and finish those begun. A lost connection ends it with an error."""
        connection = await asyncpg.connect(self._url)
        try:
            manager = self._manager(connection)
            stopping = asyncio.create_task(_pass_on(stop, manager.shutdown))
            try:
                await manager.run(
                    dequeue_timeout=timedelta(seconds=POLL_SECONDS),
                    batch_size=BATCH_MAX,
                    heartbeat_timeout=timedelta(seconds=self._heartbeat_seconds),
                )
            finally:
                stopping.cancel()
        finally:
            with suppress(Exception):
                await connection.close(timeout=5)

    def _manager(self, connection: asyncpg.Connection) -> "QueueManager":
        from huoke.kernel.jobs import turns  # noqa: PLC0415 - only who runs jobs loads it

        manager = turns.manager(connection)
        for kind in self._kinds:

            async def execute(queued: "QueuedJob", kind: JobKind = kind) -> None:
                tenant, job_id = msgspec.json.decode(queued.payload or b"", type=tuple[TenantId, UUID])
                await self._attempt(kind, tenant, job_id)

            manager.entrypoint(kind.name, concurrency_limit=kind.at_once_max, accepts_context=False)(execute)
        return manager

    async def _attempt(self, kind: JobKind, tenant: TenantId, job_id: UUID) -> None:
        async with self._database.begin(tenant) as tx:
            row = await store.start(tx, job_id)
            if row is None:
                await store.finish(tx, job_id, JobState.CANCELLED)
                return
        attempt = row["attempts"]
        if attempt > kind.attempts_max:
            await self._finish(
                tenant, job_id, JobState.FAILED, "Its worker ended without a word each time it was tried."
            )
            return
        context = JobContext(
            self._database,
            tenant,
            job_id,
            attempt=attempt,
            actor=Actor(ActorKind(row["actor_kind"]), row["actor_id"]),
            parts=self._parts,
        )
        try:
            await kind.run(context, row["payload"])
        except Refusal as refusal:
            await self._finish(tenant, job_id, JobState.FAILED, refusal.detail)
        except Exception as error:  # noqa: BLE001 - tried again, and shown
            await self._fail(kind, tenant, job_id, attempt, error)
        else:
            await self._finish(tenant, job_id, JobState.CANCELLED if context.cancelled else JobState.DONE, "")

    async def _fail(self, kind: JobKind, tenant: TenantId, job_id: UUID, attempt: int, error: Exception) -> None:
        final = attempt >= kind.attempts_max
        _log.exception("job_failed", job=kind.name, id=str(job_id), tenant=tenant, attempt=attempt, final=final)
        text = f"{type(error).__name__}: {error}"
        await self._finish(tenant, job_id, JobState.FAILED if final else JobState.QUEUED, text)
        if not final:
            from huoke.kernel.jobs import turns  # noqa: PLC0415 - as above

            raise turns.RetryRequested(timedelta(seconds=kind.delay_seconds(attempt)), text) from error

    async def _finish(self, tenant: TenantId, job_id: UUID, state: JobState, error: str) -> None:
        async with self._database.begin(tenant) as tx:
            await store.finish(tx, job_id, state, error[:ERROR_CHARACTERS_MAX])


async def _pass_on(source: asyncio.Event, target: asyncio.Event) -> None:
    await source.wait()
    target.set()
