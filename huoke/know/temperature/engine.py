"""How warm each relationship is, one day after the other, for all customers at once.

A *signal* warms one component. Heat halves every `HALF_LIVES` days; each customer is measured against their own slow
mean of it (the *baseline*), a newcomer against the bank's typical customer. Everything is an array with a place per
customer; `loops` goes over them once a day, a block of customers on each thread.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from enum import IntEnum
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.know.temperature import loops
from huoke.know.temperature.loops import BASELINE_HALF_LIFE, FOLLOW, NEVER

Floats = NDArray[np.float32]
Days = NDArray[np.int32]
Codes = NDArray[np.uint8]
Part = TypeVar("Part")
Told = TypeVar("Told")

SAMPLE = 100_000
"""The typical heat is the median of so many customers, taken evenly."""
BLOCK = 1 << 16
THREADS = os.cpu_count() or 1


class Component(IntEnum):
    """What warms: what one does, what one's money does, whom one talks to."""

    ACTIVITY = 0
    MONEY = 1
    HUMAN = 2


HALF_LIVES = {Component.ACTIVITY: 7.0, Component.MONEY: 30.0, Component.HUMAN: 180.0}


class Stage(IntEnum):
    """Stages of temperature, from cold to hot."""

    COLD = 0
    COOL = 1
    WARM = 2
    HOT = 3


class Lifecycle(IntEnum):
    """Where a relationship stands in its life."""

    NEW = 0
    GROWING = 1
    MATURE = 2
    COOLING = 3
    LOST = 4


class Measure(msgspec.Struct, frozen=True):
    """How a bank measures. `parts`: how much each component counts, any positive numbers. A stage begins at its edge;
    it is left only `hysteresis` points beyond one, and not before `dwell_days`. Who does as always stands at 50, in the
    middle of warm, and no edge is near.
    """

    parts: tuple[float, float, float] = (0.4, 0.4, 0.2)
    edges: tuple[float, float, float] = (25.0, 45.0, 60.0)
    hysteresis: float = 3.0
    dwell_days: int = 7

    def beyond(self) -> tuple[float, float, float]:
        """How far beyond its edge a stage begins at first, is risen to, and is left."""
        return 0.0, self.hysteresis, -self.hysteresis


USUAL = Measure()


class Signals(msgspec.Struct, frozen=True):
    """A day's signals, already capped: place of the customer, component, heat, and how many days ago it was.

    One that comes late (`ages` > 0) counts as if it had come in time; a kind whose cap was full adds nothing.
    """

    places: NDArray[np.int32]
    components: Codes
    heats: Floats
    ages: NDArray[np.int32]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, Component, float, int]]) -> "Signals":
        """Signals out of rows of place, component, heat, age."""
        columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
        return cls(
            places=np.array(columns[0], np.int32),
            components=np.array(columns[1], np.uint8),
            heats=np.array(columns[2], np.float32),
            ages=np.array(columns[3], np.int32),
        )


class State(msgspec.Struct, kw_only=True):
    """All customers of a bank at the end of `day` (days since 1970). `since`: first day as a customer; `last`: day of
    the last signal, `NEVER` before any. `heat` and `mean` have shape (3, customers).
    """

    day: int
    begun: int
    """The day on which watching began."""
    since: Days
    last: Days
    heat: Floats
    mean: Floats
    ever: Codes
    """Bit per component that ever had a signal."""
    stage: Codes
    staged: Days
    """Day on which the stage was entered."""
    fell: Days
    """Day on which a stage was last left for a colder one, `NEVER` before any."""
    typical: Floats
    """Per component the median heat of those who ever had a signal."""

    @classmethod
    def blank(cls, since: Days, day: int) -> "State":
        """Customers of whom nothing is known yet."""
        count = len(since)
        return cls(
            day=day,
            begun=day,
            since=since,
            last=np.full(count, NEVER, np.int32),
            heat=np.zeros((3, count), np.float32),
            mean=np.zeros((3, count), np.float32),
            ever=np.zeros(count, np.uint8),
            stage=np.full(count, Stage.COLD, np.uint8),
            staged=np.full(count, NEVER, np.int32),
            fell=np.full(count, NEVER, np.int32),
            typical=np.zeros(3, np.float32),
        )


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a day's step gives, a value per customer. `temperature` and `scores` (3, customers) are 0 to 100,
    `confidence` 0 to 1.
    """

    temperature: Floats
    scores: Floats
    confidence: Floats
    stage: Codes
    lifecycle: Codes


def step(state: State, signals: Signals, measure: Measure = USUAL) -> Reading:
    """Let a day pass, take its signals, read every customer. `state` becomes that of the end of the day."""
    state.day += 1
    _take(state, signals)
    state.typical = _typical(state)
    count = len(state.since)
    reading = Reading(
        temperature=np.empty(count, np.float32),
        scores=np.empty((3, count), np.float32),
        confidence=np.empty(count, np.float32),
        stage=state.stage,
        lifecycle=np.empty(count, np.uint8),
    )
    told = (reading.temperature, reading.scores, reading.confidence, reading.lifecycle)
    read, kept, given = loops.compiled(loops.read), _kept(state), _given(state, measure)
    _spread(lambda block: read(kept, told, given, block.start, block.stop), _blocks(count))
    return reading


def doublings(state: State, component: Component) -> Floats:
    """Each one's heat against their baseline as a power of two, at the end of a day that was read."""
    found = np.empty(len(state.since), np.float32)
    loops.compiled(loops.compare)(_kept(state), _given(state, USUAL), int(component), found)
    return found


def places_of(seqs: NDArray[np.uint32], wanted: NDArray[np.uint32]) -> NDArray[np.int32]:
    """Where each wanted number stands among ascending `seqs`, -1 where it does not; fast where they ascend too."""
    places = np.empty(len(wanted), np.int32)
    find = loops.compiled(loops.find)
    seqs, wanted = _fixed(seqs), _fixed(wanted)
    _spread(lambda block: find(seqs, wanted[block], places[block]), _blocks(len(wanted)))
    return places


def make_ready() -> None:
    """Have the loops compiled, or loaded, before anybody waits for them."""
    state = State.blank(np.zeros(1, np.int32), 0)
    step(state, Signals.of([(0, Component.ACTIVITY, 1.0, 0)]))
    doublings(state, Component.ACTIVITY)
    places_of(np.zeros(1, np.uint32), np.zeros(1, np.uint32))


def shares(typical: Floats, measure: Measure) -> Floats:
    """How much each component counts; one that nobody of the bank ever had a signal of does not."""
    share = np.where(typical > 0, np.array(measure.parts, np.float32), np.float32(0))
    return np.asarray(share / max(float(share.sum()), 1e-6))


def _kept(state: State) -> tuple[NDArray[np.generic], ...]:
    """A state as the loops take it."""
    names = ("since", "last", "heat", "mean", "ever", "stage", "staged", "fell")
    return tuple(getattr(state, name) for name in names)


def _given(state: State, measure: Measure) -> tuple[object, ...]:
    """What holds for all customers of a day, as the loops take it."""
    share = shares(state.typical, measure)
    watched = np.arange(state.day - state.begun + 1, dtype=np.float32)
    known = [sum(share[part] for part in Component if bits >> part & 1) for bits in range(8)]
    return (
        state.day,
        state.begun,
        np.array([_fade(component) for component in Component], np.float32),
        (1 / np.maximum(state.typical, 1e-6)).astype(np.float32),
        share,
        (1 / settled_share(watched)).astype(np.float32),
        np.array(known, np.float32),
        *(tuple(np.array(measure.edges, np.float32) + beyond) for beyond in measure.beyond()),
        measure.dwell_days,
    )


def _take(state: State, signals: Signals) -> None:
    """Add a day's signals as they would have stood yesterday: a day later each is what it is today."""
    ages = np.arange(signals.ages.max(initial=0) + 1)
    halves = np.array([[HALF_LIVES[component]] for component in Component])
    faded = np.exp2((1 - ages) / halves).astype(np.float32)
    left = np.stack([left_in_mean(_fade(component), ages - 1.0) for component in Component]).astype(np.float32)
    told = (signals.places, signals.components, signals.heats, signals.ages)
    columns = tuple(_fixed(column) for column in told)
    loops.compiled(loops.take)(_kept(state), columns, state.day, faded, left)


def _fixed(found: NDArray[Any]) -> NDArray[Any]:
    """What is only read, as some of it comes from Arrow: machine code is made for each kind of array apart."""
    seen = found.view()
    seen.flags.writeable = False
    return seen


def _fade(component: Component) -> float:
    """What is left of heat a day later."""
    return float(0.5 ** (1 / HALF_LIVES[component]))


def left_in_mean(fade: float, ages: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a heat of 1 has left in the slow mean after k days: the sum of `FOLLOW · fade^j · (1-FOLLOW)^(k-j)`."""
    slow = 1 - FOLLOW
    if abs(fade - slow) < 1e-9:
        return np.asarray(FOLLOW * (ages + 1) * np.power(fade, ages))
    return np.asarray(FOLLOW * (np.power(fade, ages + 1) - np.power(slow, ages + 1)) / (fade - slow))


def _typical(state: State) -> Floats:
    """The median slow mean, once today has passed, of those who ever had a signal; of a fair sample of many."""
    some = slice(None, None, max(1, len(state.since) // SAMPLE))
    settled = settled_share((state.day - np.maximum(state.since[some], state.begun)).astype(np.float32))
    ever = state.ever[some]

    def usual(component: Component) -> np.float32:
        there = (ever & (1 << component)) > 0
        if not there.any():
            return np.float32(0)
        heat, mean = state.heat[component, some][there], state.mean[component, some][there]
        passed = mean + (heat * np.float32(_fade(component)) - mean) * np.float32(FOLLOW)
        return np.float32(np.median(passed / settled[there]))

    return np.array(_spread(usual, list(Component), at_once=len(ever) >= SAMPLE), np.float32)


def settled_share(days: Floats) -> Floats:
    """What share of its final value a slow mean has reached by then: one that began at 0 is divided by it."""
    return np.asarray(1 - np.exp2(np.maximum(days, 1) * np.float32(-1 / BASELINE_HALF_LIFE)), np.float32)


def _blocks(count: int) -> list[slice]:
    return [slice(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK)]


def _spread(work: Callable[[Part], Told], parts: Sequence[Part], *, at_once: bool = True) -> list[Told]:
    """The work on one part after the other, on all cores where it is worth while."""
    with ThreadPoolExecutor(THREADS) if at_once and len(parts) > 1 else nullcontext() as threads:
        return list((threads.map if threads else map)(work, parts))
