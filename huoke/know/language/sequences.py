"""Sequence leaves: steps bound to their events' schemas, and how far one customer came. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

import msgspec

from huoke.know.events import EventSchema
from huoke.know.language.behaviour import Happened, bind_event, fulfils, span
from huoke.know.language.expression import Expression, Sequence_, Step, walk
from huoke.know.language.typed import Comparison


class BoundStep(msgspec.Struct, frozen=True):
    """An event with its schema and what is asked of its properties."""

    schema: EventSchema
    where: tuple[Comparison, ...] = ()

    def fits(self, one: Happened) -> bool:
        """Whether an event is this step."""
        return one.name == self.schema.name and all(fulfils(one, comparison) for comparison in self.where)


class BoundSequence(msgspec.Struct, frozen=True):
    """A sequence leaf bound to the schemas of its events."""

    node: Sequence_
    steps: tuple[BoundStep, ...]
    never: BoundStep | None = None

    @property
    def within(self) -> timedelta:
        """How long after the first step the last may be."""
        return timedelta(days=self.node.within_days)

    @property
    def parts(self) -> tuple[BoundStep, ...]:
        """The steps, then what must not lie between them."""
        return self.steps if self.never is None else (*self.steps, self.never)


class Stopped(StrEnum):
    """Why a sequence went no further."""

    ABSENT = "absent"
    """What comes next did not happen after that."""
    LATE = "late"
    """It did, and longer after the first step than allowed."""
    NEVER = "never"
    """What must not lie between did."""


class Progress(msgspec.Struct, frozen=True):
    """How far one customer came: the instants of the steps done, of the furthest way the latest; None when whole."""

    at: tuple[datetime, ...]
    stopped: Stopped | None


class StepExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a sequence, and when the customer did it; None where the customer did not come so far."""

    name: str
    label: str
    label_en: str
    at: datetime | None = None


def steps_told(bound: BoundSequence, way: Progress) -> list[StepExplanation]:
    """Every step in its order, those not reached as well."""
    at = [*way.at, *[None] * (len(bound.steps) - len(way.at))]
    return [
        StepExplanation(name=step.schema.name, label=step.schema.title, label_en=step.schema.title_en, at=done)
        for step, done in zip(bound.steps, at, strict=True)
    ]


def bind_sequences(
    expression: Expression, schemas: Mapping[str, EventSchema], *, pointer: str = "/expression"
) -> dict[str, BoundSequence]:
    """Every `sequence` leaf by its path. `EventMissing`, `ValueUnfit`, `PropertySealed`, with the step's pointer."""

    def bound(step: Step, at: str) -> BoundStep:
        return BoundStep(*bind_event(step.name, step.where, schemas, at))

    return {
        path: BoundSequence(
            node,
            tuple(bound(step, f"{pointer}{path}/steps/{place}") for place, step in enumerate(node.steps)),
            bound(node.never, f"{pointer}{path}/never") if node.never else None,
        )
        for path, node in walk(expression)
        if isinstance(node, Sequence_)
    }


def progress(bound: BoundSequence, happenings: Iterable[Happened], today: date) -> Progress:
    """How far one customer came, and what stopped it."""
    since, until = span(bound.node.window_days, today)
    counted = [one for one in happenings if one.at < until and (since is None or one.at >= since)]
    done = _furthest(bound, counted, bound.within, bound.never)
    if len(done) == len(bound.steps):
        return Progress(done, None)
    if len(_furthest(bound, counted, bound.within, None)) > len(done):
        return Progress(done, Stopped.NEVER)
    late = len(_furthest(bound, counted, timedelta.max, bound.never)) > len(done)
    return Progress(done, Stopped.LATE if late else Stopped.ABSENT)


def _furthest(
    bound: BoundSequence, counted: Iterable[Happened], within: timedelta, never: BoundStep | None
) -> tuple[datetime, ...]:
    """The longest way through the steps.

    Of all ways to a step the one that began last is kept: whatever follows fits it if it fits any of them.
    """
    ways: list[tuple[datetime, ...]] = [()] * len(bound.steps)
    best: tuple[datetime, ...] = ()
    for at, together in groupby(sorted(counted, key=lambda one: one.at), key=lambda one: one.at):
        here = list(together)
        for place in range(len(bound.steps) - 1, -1, -1):
            if not any(bound.steps[place].fits(one) for one in here):
                continue
            before = ways[place - 1] if place else ()
            if place and (not before or at - before[0] > within):
                continue
            ways[place] = max(ways[place], (*before, at), key=lambda way: way[:1])
            best = max(best, ways[place], key=len)
        if never is not None and any(never.fits(one) for one in here):
            ways = [way if way[:1] == (at,) else () for way in ways]
    return best
