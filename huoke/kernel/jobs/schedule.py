"""Work that comes back by the clock: declared in a module's `jobs.py`, run in the worker for every bank.

    @every("grants.expire", seconds=60)
    async def expire(sweep: Sweep) -> None: ...

It must be safe to run at any time and to be cut off anywhere. One worker of the cell runs a schedule at a time.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from types import ModuleType
from typing import TypeVar

import msgspec
import structlog

from huoke.kernel.clock import Clock
from huoke.kernel.ids import TenantId
from huoke.kernel.log.append import Connection
from huoke.kernel.tx import Database

T = TypeVar("T")
TURN_SECONDS = 1.0
BANKS_SECONDS = 5.0
"""A new bank is swept from so many seconds after its opening on."""
_LOCK = 0x48554F
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
    """Runs schedules over all banks; one bank that fails does not hold up the others.

    One worker of the cell has the turn and runs them all; another takes it when that one has gone.
    """

    def __init__(
        self,
        database: Database,
        schedules: Sequence[Schedule],
        banks: Callable[[], Awaitable[Sequence[TenantId]]],
        parts: dict[type, object],
    ) -> None:
        self._database = database
        self._schedules = schedules
        self._read_banks = banks
        self._banks: Sequence[TenantId] = ()
        self._banks_until = 0.0
        self._parts = parts

    async def run(self, stop: asyncio.Event) -> None:
        """Run every schedule until `stop` is set, whenever this worker has its turn."""
        while not stop.is_set():
            async with self._database.pool.acquire() as turn:
                if await turn.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
                    try:
                        await self._repeat_all(turn, stop)
                    finally:
                        with suppress(Exception):
                            await turn.execute("SELECT pg_advisory_unlock_all()")
            await _pause(stop, TURN_SECONDS)

    async def _repeat_all(self, turn: Connection, stop: asyncio.Event) -> None:
        """Run them until `stop` is set or the connection that holds the turn is lost."""
        over = asyncio.Event()
        turn.add_termination_listener(lambda _: over.set())
        stopping = asyncio.create_task(_pass_on(stop, over))
        try:
            async with asyncio.TaskGroup() as group:
                for schedule in self._schedules:
                    group.create_task(self._repeat(schedule, over))
        finally:
            stopping.cancel()

    async def _repeat(self, schedule: Schedule, over: asyncio.Event) -> None:
        await _pause(over, schedule.seconds)
        while not over.is_set():
            try:
                for tenant in await self._known_banks():
                    await self._sweep(schedule, tenant)
            except Exception:  # noqa: BLE001 - the next run tries again
                _log.exception("schedule_failed", schedule=schedule.name)
            await _pause(over, schedule.seconds)

    async def _known_banks(self) -> Sequence[TenantId]:
        if time.monotonic() > self._banks_until:
            self._banks = await self._read_banks()
            self._banks_until = time.monotonic() + BANKS_SECONDS
        return self._banks

    async def _sweep(self, schedule: Schedule, tenant: TenantId) -> None:
        try:
            await schedule.run(Sweep(database=self._database, tenant=tenant, parts=self._parts))
        except Exception:  # noqa: BLE001 - the other banks go on
            _log.exception("sweep_failed", schedule=schedule.name, tenant=tenant)


async def _pause(until: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(until.wait(), seconds)


async def _pass_on(source: asyncio.Event, target: asyncio.Event) -> None:
    await source.wait()
    target.set()
