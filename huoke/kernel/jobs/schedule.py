"""Work that comes back by the clock: declared in a module's `jobs.py`, run in the worker for every bank.

    @every("grants.expire", seconds=60)
    async def expire(sweep: Sweep) -> None: ...

It must be safe to run at any time and to be cut off anywhere. One worker of the cell runs a schedule at a time.
"""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from types import ModuleType
from typing import TypeVar

import msgspec
import structlog

from huoke.kernel.clock import Clock
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Database

T = TypeVar("T")
_log = structlog.get_logger(__name__)


class Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a schedule over one bank."""

    database: Database
    tenant: TenantId
    parts: dict[type, object]

    @property
    def clock(self) -> Clock:
        """The clock that decides."""
        return self.database.clock

    def part(self, kind: type[T]) -> T:
        """A part of the house the worker was given, by its class."""
        found = self.parts[kind]
        assert isinstance(found, kind)
        return found


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of work and how many seconds lie between two runs."""

    name: str
    seconds: float
    run: Callable[[Sweep], Awaitable[None]]


def every(name: str, *, seconds: float) -> Callable[[Callable[[Sweep], Awaitable[None]]], Schedule]:
    """Declare work that runs for every bank again and again, `seconds` after it last ended."""

    def declare(run: Callable[[Sweep], Awaitable[None]]) -> Schedule:
        return Schedule(name=name, seconds=seconds, run=run)

    return declare


def schedules_of(modules: Iterable[ModuleType]) -> list[Schedule]:
    """Every schedule declared in the given modules."""
    return [thing for module in modules for thing in vars(module).values() if isinstance(thing, Schedule)]


class Scheduler:
    """Runs schedules over all banks; one bank that fails does not hold up the others."""

    def __init__(
        self,
        database: Database,
        schedules: Sequence[Schedule],
        banks: Callable[[], Awaitable[Sequence[TenantId]]],
        parts: dict[type, object],
    ) -> None:
        self._database = database
        self._schedules = schedules
        self._banks = banks
        self._parts = parts

    async def run(self, stop: asyncio.Event) -> None:
        """Run every schedule until `stop` is set."""
        async with asyncio.TaskGroup() as group:
            for schedule in self._schedules:
                group.create_task(self._repeat(schedule, stop))

    async def run_once(self, schedule: Schedule) -> None:
        """Run one schedule over all banks now, unless another worker is at it."""
        async with self._database.pool.acquire() as turn:
            lock = zlib.crc32(schedule.name.encode())
            if not await turn.fetchval("SELECT pg_try_advisory_lock($1, $2)", _LOCK, lock - 2**31):
                return
            try:
                for tenant in await self._banks():
                    await self._sweep(schedule, tenant)
            finally:
                await turn.execute("SELECT pg_advisory_unlock_all()")

    async def _repeat(self, schedule: Schedule, stop: asyncio.Event) -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), schedule.seconds)
            if stop.is_set():
                return
            try:
                await self.run_once(schedule)
            except Exception:  # noqa: BLE001 - the next run tries again
                _log.exception("schedule_failed", schedule=schedule.name)

    async def _sweep(self, schedule: Schedule, tenant: TenantId) -> None:
        try:
            await schedule.run(Sweep(database=self._database, tenant=tenant, parts=self._parts))
        except Exception:  # noqa: BLE001 - the other banks go on
            _log.exception("sweep_failed", schedule=schedule.name, tenant=tenant)


_LOCK = 0x48554F
