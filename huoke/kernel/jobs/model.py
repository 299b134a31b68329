"""What a job is, how it is declared, and what may be refused."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from enum import StrEnum
from types import ModuleType
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Conflict, NotFound

if TYPE_CHECKING:
    from huoke.kernel.jobs.context import JobContext

ATTEMPTS_MAX = 5
BACK_OFF_SECONDS = 2.0
BACK_OFF_SECONDS_MAX = 300.0


class JobState(StrEnum):
    """queued → running → done, failed or cancelled; a failed attempt goes back to queued until none is left."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = frozenset({JobState.QUEUED, JobState.RUNNING})


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of background work, as the console shows it. `total` is 0 while it is unknown."""

    id: UUID
    name: str
    title: str
    state: JobState
    done: int
    total: int
    error: str
    attempts: int
    cancelling: bool
    """True after a cancel was asked for and before the work has stopped."""
    actor_kind: str
    actor_id: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    file_id: UUID | None
    """The file it made; fetching it needs the file's own permission."""
    can: list[str]


class JobMissing(NotFound):
    """There is no such job in this bank."""

    code = "jobs.missing"


class JobFinished(Conflict):
    """The job has ended already; there is nothing to cancel."""

    code = "jobs.finished"


class JobKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of job: its name, what runs it, and how it is tried again."""

    name: str
    run: Callable[["JobContext", Any], Awaitable[None]]
    attempts_max: int = ATTEMPTS_MAX
    back_off_seconds: float = BACK_OFF_SECONDS
    at_once_max: int = 0
    """How many of this kind run at one time over all workers; 0 is no limit."""

    def delay_seconds(self, attempt: int) -> float:
        """The pause after failed attempt number `attempt` (1 is the first): doubles, at most five minutes."""
        return float(min(self.back_off_seconds * 2 ** (attempt - 1), BACK_OFF_SECONDS_MAX))


def job(
    name: str, *, attempts_max: int = ATTEMPTS_MAX, back_off_seconds: float = BACK_OFF_SECONDS, at_once_max: int = 0
) -> Callable[[Callable[["JobContext", Any], Awaitable[None]]], JobKind]:
    """Declare a kind of job in a module's `jobs.py`.

        @job("campaigns.run")
        async def run(context: JobContext, payload: dict[str, Any]) -> None: ...

    The work must be safe to start again from the beginning: a killed worker's job is picked up by another. A `Refusal`
    it raises fails it for good; any other error is tried again with a growing pause.
    """

    def declare(run: Callable[["JobContext", Any], Awaitable[None]]) -> JobKind:
        return JobKind(
            name=name, run=run, attempts_max=attempts_max, back_off_seconds=back_off_seconds, at_once_max=at_once_max
        )

    return declare


def jobs_of(modules: Iterable[ModuleType]) -> list[JobKind]:
    """Every kind of job declared in the given modules."""
    return [thing for module in modules for thing in vars(module).values() if isinstance(thing, JobKind)]
