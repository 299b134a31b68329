"""A day's loops: signals are placed and come in, every customer is read.

Plain Python, compiled by Numba when first needed.
They stand alone, numbers included: machine code is kept beside this file and made anew when the file changes.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

F32 = np.float32
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
NEW, GREW, MATURE, COOLED, LOST = range(5)
"""Where a relationship stands, in the order of `engine.Lifecycle`."""
NEVER = -(1 << 31)
_GREATEST = 1 << 32
SPAN = 2_048
"""So many customers at a time are worked on column by column: what lies between stays in the first cache."""

_ZERO, _HALF, _ONE, _MIDDLE, _MOST = F32(0), F32(0.5), F32(1), F32(50), F32(100)
_FOLLOW, _SETTLED, _SHARE, _FAINT = F32(FOLLOW), F32(SETTLED_DAYS), F32(TYPICAL_SHARE), F32(FAINT)
_DOUBLING, _LEVELS, _NEW, _GROWING, _COOLING = F32(DOUBLING), F32(2 * LEVEL), F32(NEW_DAYS), F32(GROWING), F32(COOLING)
_ROOT, _SERIES = F32(2**0.5), [F32(2 / np.log(2) / power) for power in (1, 3, 5, 7)]
_S1, _S3, _S5, _S7 = _SERIES
_MANTISSA, _EXPONENT_ONE = 0x7FFFFF, 0x3F800000


def log2(x: Any) -> Any:
    """The binary logarithm of a positive float32, to seven digits: no call, so the loop around it is vectorised.

    x = m · 2^e with m around 1; ln m = 2 artanh t with t = (m-1)/(m+1), as a series.
    """
    bits = F32(x).view(np.int32)
    mantissa = np.int32((bits & _MANTISSA) | _EXPONENT_ONE).view(np.float32)
    high = mantissa > _ROOT
    m = mantissa * _HALF if high else mantissa
    exponent = F32((bits >> 23) - (126 if high else 127))
    t = (m - _ONE) / (m + _ONE)
    square = t * t
    return exponent + t * (_S1 + square * (_S3 + square * (_S5 + square * _S7)))


def score(heat: Any, mean: Any, own: Any) -> Any:
    """Score 0 to 100, and doublings against the baseline, of one component of one customer.

    `heat` and `mean` are in parts of the typical heat, `own` is how much one's own mean counts against the typical one.
    """
    baseline = max(own * mean + (_ONE - own), _SHARE)
    doublings = log2((heat + _FAINT) / (baseline + _FAINT))
    level = _LEVELS * (baseline / (baseline + _ONE) - _HALF)
    return min(max(_MIDDLE + _DOUBLING * doublings + level, _ZERO), _MOST), doublings


def reached(temperature: Any, edges: Any) -> Any:
    """How many of three ascending edges a temperature has reached."""
    low, middle, high = edges
    return np.int32(temperature >= low) + np.int32(temperature >= middle) + np.int32(temperature >= high)


def stage_of(temperature: Any, stage: Any, up: Any, down: Any) -> Any:
    """The stage after a reading: it rises to the last of `up` that is reached, and falls below those of `down`."""
    return min(max(np.int32(stage), reached(temperature, up)), reached(temperature, down))


def life_of(days: Any, quiet: Any, change: Any) -> Any:
    """Where a relationship of so many days stands, silent for `quiet` days, `change` doublings off its usual."""
    life = COOLED if change < _COOLING else MATURE
    life = GREW if change > _GROWING else life
    life = LOST if quiet >= LOST_DAYS else life
    return NEW if days < NEW_DAYS else life


def take(kept: Any, signals: Any, day: int, faded: Any, left: Any) -> None:
    """Add signals as they would have stood yesterday. `faded`, `left` (3, ages): what is left in heat and slow mean."""
    _, last, heat, mean, ever, _, _, _ = kept
    places, components, heats, ages = signals
    for n in range(len(places)):
        place, component, age = places[n], components[n], ages[n]
        heat[component, place] += heats[n] * faded[component, age]
        if age > 0:
            mean[component, place] += heats[n] * left[component, age]
        ever[place] |= 1 << component
        last[place] = max(last[place], day - age)


def read(kept: Any, told: Any, given: Any, first: int, end: int) -> None:
    """Let the day pass for customers [first, end), and read them."""
    own = np.empty(SPAN, np.float32)
    settled = np.empty(SPAN, np.float32)
    change = np.empty(SPAN, np.float32)
    wanted = np.empty(SPAN, np.uint8)
    for start in range(first, end, SPAN):
        stop = min(start + SPAN, end)
        stand(kept, told, given, start, stop, own, settled)
        change[:] = _ZERO
        for component in range(3):
            weigh(kept, told, given, component, start, stop, own, settled, change)
        live(kept, told, given, start, stop, change, wanted)
        move(kept, given[0], start, stop, wanted)


def stand(kept: Any, told: Any, given: Any, start: int, stop: int, own: Any, settled: Any) -> None:
    """How much each one's own usual says, and how sure a reading of them is."""
    since, _, _, _, ever, _, _, _ = kept
    temperature, _, confidence, _ = told
    day, begun, _, _, _, settles, known, _, _, _, _ = given
    for n in range(stop - start):
        at = start + n
        days = F32(max(day - since[at], 0))
        own[n] = days / (days + _SETTLED)
        settled[n] = settles[max(day - max(since[at], begun), 0)]
        confidence[at] = known[ever[at]] * min(days / _NEW, _ONE)
        temperature[at] = _ZERO


def weigh(
    kept: Any, told: Any, given: Any, component: int, start: int, stop: int, own: Any, settled: Any, change: Any
) -> None:
    """One component: heat fades, its slow mean follows, both are compared, and add to the whole."""
    _, _, heat, mean, _, _, _, _ = kept
    temperature, scores, _, _ = told
    _, _, fades, typical, shares, _, _, _, _, _, _ = given
    heats, means, total = heat[component][start:stop], mean[component][start:stop], temperature[start:stop]
    points = scores[component][start:stop]
    fade, unit, share = fades[component], typical[component], shares[component]
    for n in range(stop - start):
        warm = heats[n] * fade
        slow = means[n] + (warm - means[n]) * _FOLLOW
        heats[n], means[n] = warm, slow
        point, doubling = score(warm * unit, slow * settled[n] * unit, own[n])
        points[n] = point
        total[n] += share * point
        change[n] += share * doubling


def live(kept: Any, told: Any, given: Any, start: int, stop: int, change: Any, wanted: Any) -> None:
    """Lifecycles, and the stage each one would come to, the first without any before."""
    since, last, _, _, _, stage, staged, _ = kept
    temperature, _, _, lifecycle = told
    day, _, _, _, _, _, _, edges, up, down, dwell = given
    for n in range(stop - start):
        at = start + n
        wanted[n] = stage[at]
        if staged[at] == NEVER:
            wanted[n] = reached(temperature[at], edges)
        elif day - staged[at] >= dwell:
            wanted[n] = stage_of(temperature[at], stage[at], up, down)
        days = max(day - since[at], 0)
        quiet = min(days, day - max(last[at], since[at] - 1))
        lifecycle[at] = life_of(days, quiet, change[n])


def move(kept: Any, day: int, start: int, stop: int, wanted: Any) -> None:
    """Who comes to another stage, and the days on which one was entered and left."""
    _, _, _, _, _, stage, staged, fell = kept
    for n in range(stop - start):
        at = start + n
        if wanted[n] != stage[at] or staged[at] == NEVER:
            if wanted[n] < stage[at] and staged[at] != NEVER:
                fell[at] = day
            stage[at], staged[at] = wanted[n], day


def compare(kept: Any, given: Any, component: int, found: Any) -> None:
    """The doublings of one component against its baseline, of every customer, as the day was read."""
    since, _, heat, mean, _, _, _, _ = kept
    day, begun, _, typical, _, settles, _, _, _, _, _ = given
    unit = typical[component]
    for at in range(len(since)):
        days = F32(max(day - since[at], 0))
        slow = mean[component, at] * settles[max(day - max(since[at], begun), 0)] * unit
        _, found[at] = score(heat[component, at] * unit, slow, days / (days + _SETTLED))


def find(seqs: Any, wanted: Any, places: Any) -> None:
    """Where each wanted number stands among ascending `seqs`, -1 where it does not. Ascending runs are found fast."""
    place: Any = 0
    before: Any = _GREATEST
    for n in range(len(wanted)):
        if wanted[n] < before:
            place = np.searchsorted(seqs, wanted[n])
        if place < len(seqs):  # where no number is missing between, it is as far ahead as it is greater
            ahead = place + np.int64(wanted[n]) - np.int64(seqs[place])
            if place < ahead < len(seqs) and seqs[ahead] == wanted[n]:
                place = ahead
        while place < len(seqs) and seqs[place] < wanted[n]:
            place += 1
        before = wanted[n]
        places[n] = place if place < len(seqs) and seqs[place] == wanted[n] else -1


@cache
def compiled(loop: Callable[..., None]) -> Callable[..., None]:
    """A loop of this file as machine code, which holds no lock of the interpreter."""
    from numba import njit  # noqa: PLC0415 - takes a second to load
    from numba.extending import register_jitable  # noqa: PLC0415 - as above

    for part in (log2, score, reached, stage_of, life_of, stand, weigh, live, move):
        register_jitable(part)
    compiling: Any = partial(njit, loop, nogil=True, error_model="numpy")
    try:
        found: Callable[..., None] = compiling(cache=True)
    except RuntimeError:  # nowhere to keep it: compiled once a process
        found = compiling()
    return found
