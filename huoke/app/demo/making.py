"""Making a demo bank, stage by stage: how long each took, how far it is, and which are done.

A stage is repeatable, or known as done: the notes of the home name those that are, and the next start passes them over.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from uuid import UUID

import msgspec
from rich.progress import Progress

from huoke.app.demo.fill import Filled, Report
from huoke.app.demo.notes import Notes, write_notes
from huoke.app.demo.telling import Story
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.ids import Seq, TenantId
from huoke.kernel.principal import Principal
from huoke.reach.campaigns import Campaign


class Stopwatch:
    """How long each stage took, the banks together, in the order in which stages began."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}
        """Seconds by stage."""
        self.began = monotonic()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Seconds of the block count as the stage's."""
        began = monotonic()
        self.took.setdefault(name, 0.0)
        yield
        self.took[name] += monotonic() - began


class Journal:
    """What is noted of a demo on its way; kept in its home after every stage."""

    def __init__(self, home: Path, notes: Notes) -> None:
        self.home = home
        self.notes = notes

    def is_done(self, bank: str, stage: str) -> bool:
        """Whether a stage was done to its end by this or an earlier start."""
        return stage in self.notes.done.get(bank, ())

    def note(self, bank: str, stage: str) -> None:
        """A stage is done."""
        done = {**self.notes.done, bank: [*self.notes.done.get(bank, ()), stage]}
        self.notes = msgspec.structs.replace(self.notes, done=done)
        write_notes(self.home, self.notes)


class Making:
    """One bank on its way: what its first stages find is what later ones need."""

    tenant: TenantId
    actors: dict[Role, Principal]
    bank: Filled
    seqs: list[Seq]
    segment_ids: dict[str, UUID]
    running: list[Campaign]

    def __init__(self, runtime: Runtime, story: Story, journal: Journal, watch: Stopwatch, progress: Progress) -> None:
        self.runtime = runtime
        self.story = story
        self.plan = story.plan
        self.journal = journal
        self.watch = watch
        self.beside: dict[str, asyncio.Future[None]] = {}
        """Stages that were begun and go on beside others, by key."""
        self._progress = progress
        self._task = progress.add_task(self.plan.name, total=None)

    async def go_through(self, stages: "Sequence[Stage]", *, first: int, of: int) -> None:
        """Do the stages that are not done, in order; `first` is the place of the first of them among all `of`."""
        code = self.plan.code
        for place, stage in enumerate(stages, first):
            if stage.once and self.journal.is_done(code, stage.key):
                continue
            self._progress.update(self._task, description=f"{self.plan.name} {stage.title}", total=of * 100)
            with self.watch.stage(stage.key):
                await stage.work(self, self._reporting(place))
            if stage.once:
                self.journal.note(code, stage.key)
            self._progress.update(self._task, completed=(place + 1) * 100)

    def _reporting(self, place: int) -> Report:
        async def report(done: int, total: int) -> bool:
            share = min(done / total, 1.0) if total else 0.0
            self._progress.update(self._task, completed=(place + share) * 100)
            return True

        return report


class Stage(msgspec.Struct, frozen=True):
    """A part of making a bank; one that is not for `once` finds what is there and is gone through at every start."""

    key: str
    title: str
    work: Callable[[Making, Report], Awaitable[None]]
    once: bool = True
