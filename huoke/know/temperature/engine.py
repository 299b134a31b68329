"""How warm each relationship is, one day after the other, for all customers at once.

A *signal* warms one component. Heat halves every `HALF_LIVES` days; each customer is measured against their own slow
mean of it (the *baseline*), a newcomer against the bank's typical customer. Everything is an array with a place per
customer; a block of customers at a time stays in the processor's cache.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from enum import IntEnum

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Days = NDArray[np.int32]
Codes = NDArray[np.uint8]

BASELINE_HALF_LIFE = 180.0
FOLLOW = 1 - 0.5 ** (1 / BASELINE_HALF_LIFE)
"""How far the slow mean follows heat in a day."""
SETTLED_DAYS = 60.0
"""After so many days one's own baseline weighs as much as the typical one."""
TYPICAL_SHARE = 0.25
"""A baseline is never below this share of the typical one: long silence stays cold."""
DOUBLING = 12.0
"""How many points a component rises when its heat doubles against the baseline."""
LEVEL = 20.0
"""Between how many points those with little and with much lie when both are as always."""
FAINT = 0.05
"""What is added to both sides of a comparison, in parts of the typical heat: nothing over nothing is no change."""
NEW_DAYS, LOST_DAYS = 90, 180
GROWING, COOLING = 0.5, -1.0
"""Doublings against the baseline from which a relationship grows, or cools."""
NEVER = np.iinfo(np.int32).min
SAMPLE = 100_000
"""The typical heat is the median of so many customers, taken evenly."""
BLOCK = 1 << 15
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


USUAL = Measure()


class Signals(msgspec.Struct, frozen=True):
    """A day's signals, already capped: place of the customer, component, heat, and how many days ago it was.

    One that comes late (`ages` > 0) counts as if it had come in time; a kind whose cap was full adds nothing.
    """

    places: NDArray[np.uint32]
    components: Codes
    heats: Floats
    ages: NDArray[np.int32]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, Component, float, int]]) -> "Signals":
        """Signals out of rows of place, component, heat, age."""
        columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
        return cls(
            places=np.array(columns[0], np.uint32),
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
    """What a day's step gives, a value per customer. `temperature` and `scores` (3, customers) are 0 to 100;
    `doublings` (3, customers) is heat against baseline as a power of two; `confidence` 0 to 1.
    """

    temperature: Floats
    scores: Floats
    doublings: Floats
    confidence: Floats
    stage: Codes
    lifecycle: Codes


def step(state: State, signals: Signals, measure: Measure = USUAL) -> Reading:
    """Let a day pass, take its signals, read every customer. `state` becomes that of the end of the day."""
    _take(state, signals)
    state.day += 1
    state.typical = _typical(state)
    count = len(state.since)
    reading = Reading(
        temperature=np.empty(count, np.float32),
        scores=np.empty((3, count), np.float32),
        doublings=np.empty((3, count), np.float32),
        confidence=np.empty(count, np.float32),
        stage=state.stage,
        lifecycle=np.empty(count, np.uint8),
    )
    share = shares(state.typical, measure)
    blocks = list(_blocks(count))
    with ThreadPoolExecutor(THREADS) if len(blocks) > 1 else nullcontext() as threads:
        spread = threads.map if threads else map
        list(spread(lambda block: _read(state, reading, block, measure, share), blocks))
    return reading


def shares(typical: Floats, measure: Measure) -> Floats:
    """How much each component counts; one that nobody of the bank ever had a signal of does not."""
    share = np.where(typical > 0, np.array(measure.parts, np.float32), np.float32(0))
    return np.asarray(share / max(float(share.sum()), 1e-6))


def score(heat: Floats, mean: Floats, own: Floats | np.float32) -> tuple[Floats, Floats, Floats]:
    """Score 0 to 100, doublings against the baseline, and points for the level among peers.

    `heat` and `mean` are in parts of the typical heat, `own` is how much one's own mean counts against the typical one.
    """
    baseline = np.maximum(own * mean + (1 - own), np.float32(TYPICAL_SHARE))
    doublings = np.log2((heat + np.float32(FAINT)) / (baseline + np.float32(FAINT)))
    level = np.float32(2 * LEVEL) * (baseline / (baseline + 1) - np.float32(0.5))
    return np.clip(50 + np.float32(DOUBLING) * doublings + level, 0, 100), doublings, level


def stage_of(temperature: Floats, stage: Codes, may_move: NDArray[np.bool_], measure: Measure = USUAL) -> Codes:
    """The stage after a reading: the neighbour only beyond its edge by the hysteresis, and only where one may move."""
    up = _reached(temperature, measure, measure.hysteresis)
    down = _reached(temperature, measure, -measure.hysteresis)
    moved = np.minimum(np.maximum(stage, up), down)
    return np.asarray(stage + (moved - stage) * may_move, np.uint8)


def _reached(temperature: Floats, measure: Measure, beyond: float = 0.0) -> Codes:
    """The highest stage whose edge, and so much more, the temperature has reached."""
    low, middle, high = (temperature >= np.float32(edge + beyond) for edge in measure.edges)
    return low.view(np.uint8) + middle.view(np.uint8) + high.view(np.uint8)


def _take(state: State, signals: Signals) -> None:
    """Add a day's signals as they would have stood yesterday: a day later each is what it is today."""
    at = signals.components.astype(np.int64) * len(state.since) + signals.places
    halves = np.array([HALF_LIVES[component] for component in Component], np.float32)[signals.components]
    np.add.at(state.heat.reshape(-1), at, signals.heats * np.exp2((1 - signals.ages) / halves, dtype=np.float32))
    late = np.flatnonzero(signals.ages > 0)
    for component in Component if len(late) else ():
        mine = late[signals.components[late] == component]
        left = left_in_mean(0.5 ** (1 / HALF_LIVES[component]), signals.ages[mine] - 1.0)
        np.add.at(state.mean[component], signals.places[mine], signals.heats[mine] * left.astype(np.float32))
    np.bitwise_or.at(state.ever, signals.places, np.left_shift(np.uint8(1), signals.components))
    np.maximum.at(state.last, signals.places, state.day + 1 - signals.ages)


def left_in_mean(fade: float, ages: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a heat of 1 has left in the slow mean after k days: the sum of `FOLLOW · fade^j · (1-FOLLOW)^(k-j)`."""
    slow = 1 - FOLLOW
    if abs(fade - slow) < 1e-9:
        return np.asarray(FOLLOW * (ages + 1) * np.power(fade, ages))
    return np.asarray(FOLLOW * (np.power(fade, ages + 1) - np.power(slow, ages + 1)) / (fade - slow))


def _typical(state: State) -> Floats:
    """The median slow mean, once today has passed, of those who ever had a signal; of a fair sample of many."""
    found = np.zeros(3, np.float32)
    some = slice(None, None, max(1, len(state.since) // SAMPLE))
    settled = _settled(state, some)
    for component in Component:
        there = (state.ever[some] & (1 << component)) > 0
        if there.any():
            _, mean = _passed(component, state.heat[component, some], state.mean[component, some])
            found[component] = np.median((mean / settled)[there])
    return found


def _passed(component: Component, heat: Floats, mean: Floats) -> tuple[Floats, Floats]:
    """Heat and its slow mean a day later."""
    warm = heat * np.float32(0.5 ** (1 / HALF_LIVES[component]))
    return warm, mean + (warm - mean) * np.float32(FOLLOW)


def settled_share(days: Floats) -> Floats:
    """What share of its final value a slow mean has reached by then: one that began at 0 is divided by it."""
    return np.asarray(1 - np.exp2(np.maximum(days, 1) * np.float32(-1 / BASELINE_HALF_LIFE)), np.float32)


def _settled(state: State, block: slice) -> Floats:
    return settled_share((state.day - np.maximum(state.since[block], state.begun)).astype(np.float32))


def _read(state: State, reading: Reading, block: slice, measure: Measure, share: Floats) -> None:
    """Let the day pass for a block of customers, and read them. Written without branches: each line is one pass."""
    days = np.maximum(state.day - state.since[block], 0).astype(np.float32)
    own = days / (days + np.float32(SETTLED_DAYS))
    settled = np.float32(1) / _settled(state, block)
    total = np.zeros(len(days), np.float32)
    change = np.zeros(len(days), np.float32)
    for component in Component:
        heat, mean = _passed(component, state.heat[component, block], state.mean[component, block])
        state.heat[component, block], state.mean[component, block] = heat, mean
        typical = np.float32(1 / max(float(state.typical[component]), 1e-6))
        points, doublings, _ = score(heat * typical, mean * settled * typical, own)
        reading.scores[component, block] = points
        reading.doublings[component, block] = doublings
        total += share[component] * points
        change += share[component] * doublings
    reading.temperature[block] = total
    known = np.array([sum(share[part] for part in Component if bits >> part & 1) for bits in range(8)], np.float32)
    reading.confidence[block] = known[state.ever[block]] * np.minimum(days * np.float32(1 / NEW_DAYS), 1)
    _stage(state, block, total, measure)
    reading.lifecycle[block] = _lifecycle(state, block, days, change)


def _stage(state: State, block: slice, temperature: Floats, measure: Measure) -> None:
    staged, before = state.staged[block], state.stage[block]
    after = stage_of(temperature, before, state.day - staged >= measure.dwell_days, measure)
    if len(first := np.flatnonzero(staged == NEVER)):
        after[first] = _reached(temperature[first], measure)
        staged[first] = state.day
        before[first] = after[first]
    moved = np.flatnonzero(after != before)
    staged[moved] = state.day
    fell = moved[after[moved] < before[moved]]
    state.fell[block][fell] = state.day
    state.stage[block] = after


def _lifecycle(state: State, block: slice, days: Floats, change: Floats) -> Codes:
    quiet = np.minimum(days, state.day - np.maximum(state.last[block], state.since[block] - 1))
    cooling, growing = change < np.float32(COOLING), change > np.float32(GROWING)
    found = np.uint8(Lifecycle.MATURE) + cooling.view(np.uint8) - growing.view(np.uint8)
    found[quiet >= LOST_DAYS] = Lifecycle.LOST
    found[days < NEW_DAYS] = Lifecycle.NEW
    return found


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK) for start in range(0, count, BLOCK))
