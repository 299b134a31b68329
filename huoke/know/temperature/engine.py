"""How warm each relationship is, one day after the other, for all customers at once.

A *signal* warms one component. Heat halves every `HALF_LIVES` days; each customer is measured against their own slow
mean of it (the *baseline*), a newcomer against the bank's typical customer. Everything is an array with a place per
customer; a block of customers at a time stays in the processor's cache.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
HYSTERESIS = 3.0
DWELL_DAYS = 7
NEW_DAYS, LOST_DAYS = 90, 180
GROWING, COOLING = 0.5, -1.0
"""Doublings against the baseline from which a relationship grows, or cools."""
NEVER = np.iinfo(np.int32).min
BLOCK = 1 << 16
THREADS = os.cpu_count() or 1


class Component(IntEnum):
    """What warms: what one does, what one's money does, whom one talks to."""

    ACTIVITY = 0
    MONEY = 1
    HUMAN = 2


HALF_LIVES = {Component.ACTIVITY: 7.0, Component.MONEY: 30.0, Component.HUMAN: 180.0}


class Stage(IntEnum):
    """Stages of temperature; a stage is left only `HYSTERESIS` beyond its edge and after `DWELL_DAYS`."""

    COLD = 0
    COOL = 1
    WARM = 2
    HOT = 3


EDGES = (25.0, 50.0, 75.0)


class Lifecycle(IntEnum):
    """Where a relationship stands in its life."""

    NEW = 0
    GROWING = 1
    MATURE = 2
    COOLING = 3
    LOST = 4


class Weights(msgspec.Struct, frozen=True):
    """How much each component counts, by `Component`; any positive numbers."""

    parts: tuple[float, float, float] = (0.4, 0.4, 0.2)


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


def step(state: State, signals: Signals, weights: Weights = Weights()) -> Reading:  # noqa: B008 - frozen
    """Let a day pass, take its signals, read every customer. `state` becomes that of the end of the day."""
    state.day += 1
    _warm(state, signals)
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
    share = shares(state.typical, weights)
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(lambda block: _read(state, reading, block, share), _blocks(count)))
    return reading


def shares(typical: Floats, weights: Weights) -> Floats:
    """How much each component counts; one that nobody of the bank ever had a signal of does not."""
    share = np.where(typical > 0, np.array(weights.parts, np.float32), np.float32(0))
    return np.asarray(share / max(float(share.sum()), 1e-6))


def score(heat: Floats, mean: Floats, own: Floats | np.float32) -> tuple[Floats, Floats, Floats]:
    """Score 0 to 100, doublings against the baseline, and points for the level among peers.

    `heat` and `mean` are in parts of the typical heat, `own` is how much one's own mean counts against the typical one.
    """
    baseline = np.maximum(own * mean + (1 - own), np.float32(TYPICAL_SHARE))
    doublings = np.log2((heat + np.float32(FAINT)) / (baseline + np.float32(FAINT)))
    level = np.float32(2 * LEVEL) * (baseline / (baseline + 1) - np.float32(0.5))
    return np.clip(50 + np.float32(DOUBLING) * doublings + level, 0, 100), doublings, level


def stage_of(temperature: Floats, stage: Codes, may_move: NDArray[np.bool_]) -> Codes:
    """The stage after a reading: the neighbour only beyond its edge by `HYSTERESIS`, and only where one may move."""
    edges = np.array(EDGES, np.float32)
    up = np.searchsorted(edges + HYSTERESIS, temperature, side="right")
    down = np.searchsorted(edges - HYSTERESIS, temperature, side="right")
    moved = np.clip(stage, up, down)
    return np.where(may_move, moved, stage).astype(np.uint8)


def _warm(state: State, signals: Signals) -> None:
    """Heat of yesterday fades, today's comes, the slow mean follows; what is late is put where it would stand now."""
    late = signals.ages > 0
    for component, half_life in HALF_LIVES.items():
        fade = 0.5 ** (1 / half_life)
        chosen = signals.components == component
        heat, mean = state.heat[component], state.mean[component]
        heat *= np.float32(fade)
        _add(heat, signals, chosen & ~late)
        for block in _blocks(len(heat)):
            mean[block] += (heat[block] - mean[block]) * np.float32(FOLLOW)
        if (behind := chosen & late).any():
            ages = signals.ages[behind].astype(np.float64)
            _add(heat, signals, behind, np.power(fade, ages))
            _add(mean, signals, behind, left_in_mean(fade, ages))
        state.ever[signals.places[chosen]] |= np.uint8(1 << component)
    np.maximum.at(state.last, signals.places, state.day - signals.ages)


def _add(to: Floats, signals: Signals, chosen: NDArray[np.bool_], share: NDArray[np.float64] | float = 1.0) -> None:
    if chosen.any():
        np.add.at(to, signals.places[chosen], (signals.heats[chosen] * share).astype(np.float32))


def left_in_mean(fade: float, ages: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a heat of 1 has left in the slow mean after k days: the sum of `FOLLOW · fade^j · (1-FOLLOW)^(k-j)`."""
    slow = 1 - FOLLOW
    if abs(fade - slow) < 1e-9:
        return np.asarray(FOLLOW * (ages + 1) * np.power(fade, ages))
    return np.asarray(FOLLOW * (np.power(fade, ages + 1) - np.power(slow, ages + 1)) / (fade - slow))


def _typical(state: State) -> Floats:
    """The median heat of those who ever had a signal, of a fair sample where there are very many."""
    found = np.zeros(3, np.float32)
    pace = max(1, len(state.since) // 200_000)
    for component in Component:
        there = (state.ever[::pace] & (1 << component)) > 0
        if there.any():
            mean = state.mean[component, ::pace][there]
            found[component] = np.median(mean / _settled(state, slice(None, None, pace))[there])
    return found


def settled_share(days: Floats) -> Floats:
    """What share of its final value a slow mean has reached by then: one that began at 0 is divided by it."""
    return np.asarray(1 - np.exp2(np.maximum(days, 1) * np.float32(-1 / BASELINE_HALF_LIFE)), np.float32)


def _settled(state: State, block: slice) -> Floats:
    return settled_share((state.day - np.maximum(state.since[block], state.begun)).astype(np.float32))


def _read(state: State, reading: Reading, block: slice, share: Floats) -> None:
    days = np.maximum(state.day - state.since[block], 0).astype(np.float32)
    own = days / (days + np.float32(SETTLED_DAYS))
    settled = _settled(state, block)
    total = np.zeros(len(days), np.float32)
    change = np.zeros(len(days), np.float32)
    known = np.zeros(len(days), np.float32)
    for component in Component:
        typical = np.float32(max(float(state.typical[component]), 1e-6))
        heat = state.heat[component, block] / typical
        points, doublings, _ = score(heat, state.mean[component, block] / settled / typical, own)
        reading.scores[component, block] = points
        reading.doublings[component, block] = doublings
        there = ((state.ever[block] >> component) & 1).astype(np.float32)
        known += share[component] * there
        total += share[component] * points
        change += share[component] * doublings
    reading.temperature[block] = total
    reading.confidence[block] = known * np.minimum(days / NEW_DAYS, 1)
    staged = state.staged[block]
    first = staged == NEVER
    calm = first | (state.day - staged >= DWELL_DAYS)
    before = np.where(first, np.searchsorted(np.array(EDGES, np.float32), total, side="right"), state.stage[block])
    after = stage_of(total, before.astype(np.uint8), calm)
    state.staged[block] = np.where(first | (after != state.stage[block]), state.day, staged)
    state.fell[block] = np.where(~first & (after < state.stage[block]), state.day, state.fell[block])
    state.stage[block] = after
    reading.lifecycle[block] = _lifecycle(state, block, days, change)


def _lifecycle(state: State, block: slice, days: Floats, change: Floats) -> Codes:
    quiet = np.minimum(days, state.day - np.maximum(state.last[block], state.since[block] - 1))
    found = np.full(len(days), Lifecycle.MATURE, np.uint8)
    found[change > GROWING] = Lifecycle.GROWING
    found[change < COOLING] = Lifecycle.COOLING
    found[quiet >= LOST_DAYS] = Lifecycle.LOST
    found[days < NEW_DAYS] = Lifecycle.NEW
    return found


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK) for start in range(0, count, BLOCK))
