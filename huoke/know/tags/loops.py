"""Whose measure a day changed: rows by day, measured as of two days, for those whom either day touches.

Plain Python, compiled by Numba when first needed.
They stand alone, numbers included: machine code is kept beside this file and made anew when the file changes.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

_ROWS_FIRST = 1 << 16
"""Room for so many answers to begin with; it doubles."""
_ONE, _SIX, _LOW = np.uint64(1), np.uint64(6), np.uint64(63)


def cross(rows: Any, moved: Any, span: Any, conditions: Any, measures: Any, bands: Any, days: Any) -> Any:
    """Customers whose value of a tag is another than it was, and new ones: (tag, customer, place of the value).

    `rows` = (customer, day, conditions held as bits, whether it came since, amount); the amounts may be left out (no
    row of them) where no measure sums. `moved[day]` tells the days that came into a window or left one. `span` =
    (lowest customer, how many numbers, new customers as flags or nothing). `conditions` = (bits a subject needs, where
    its measures begin). `measures` = (first day of the window then, first day now, whether amounts are summed, where
    its tags begin), the widest window of a subject first. `bands` = (where a tag's bands begin, low, high). `days` =
    (the day then, the day now). Customers ascend; the place of a value counts from 1, 0 is none.
    """
    words = touch(rows, moved, span)
    starts, held, when, amounts = gather(rows, words, span)
    low, size, new = span
    of_tags = measures[3]
    count, tags = len(of_tags) - 1, len(bands[0]) - 1
    was, now = np.zeros(count, np.int64), np.zeros(count, np.int64)
    seen, changed = np.zeros(count, np.uint8), np.empty(count, np.int64)
    told = np.empty((_ROWS_FIRST, 3), np.int64)
    used = 0
    for customer in range(size):
        fresh = len(new) > 0 and new[customer] > 0
        if starts[customer] == starts[customer + 1] and not fresh:
            continue
        reached = tally(
            starts[customer], starts[customer + 1], held, when, amounts, conditions, measures, days, was, now, seen,
            changed,
        )  # fmt: skip
        if used + tags > len(told):
            told = wider(told, tags)
        for place in range(count if fresh else reached):
            measure = place if fresh else changed[place]
            if fresh or was[measure] != now[measure]:
                for tag in range(of_tags[measure], of_tags[measure + 1]):
                    value = band(tag, now[measure], bands)
                    if fresh or value != band(tag, was[measure], bands):
                        told[used, 0], told[used, 1], told[used, 2] = tag, customer + low, value
                        used += 1
        for place in range(reached):
            measure = changed[place]
            was[measure] = now[measure] = seen[measure] = 0
    return told[:used]


def touch(rows: Any, moved: Any, span: Any) -> Any:
    """A bit for every customer of whom a row came since, or has a day that moved."""
    seqs, days, _, since, _ = rows
    low, size, _ = span
    words = np.zeros((size >> 6) + 1, np.uint64)
    for n in range(len(seqs)):
        if since[n] or moved[days[n]]:
            place = np.uint64(seqs[n] - low)
            words[place >> _SIX] |= _ONE << (place & _LOW)
    return words


def gather(rows: Any, words: Any, span: Any) -> Any:
    """The rows of those touched, customer by customer: where each one's begin, and what they say."""
    seqs, days, conditions, since, sums = rows
    low, size, _ = span
    starts = np.zeros(size + 1, np.int64)
    for n in range(len(seqs)):
        place = np.uint64(seqs[n] - low)
        if words[place >> _SIX] >> (place & _LOW) & _ONE:
            starts[place] += 1
    total = np.int64(0)
    for customer in range(size + 1):
        mine = starts[customer]
        starts[customer] = total
        total += mine
    held, when = np.empty(total, np.uint64), np.empty(total, np.int64)
    amounts = np.empty(total if len(sums) else 0, np.int64)
    for n in range(len(seqs)):
        place = np.uint64(seqs[n] - low)
        if words[place >> _SIX] >> (place & _LOW) & _ONE:
            at = starts[place]
            starts[place] = at + 1
            held[at], when[at] = conditions[n], np.int64(days[n]) * 2 + since[n]
            if len(sums):
                amounts[at] = sums[n]
    for customer in range(size, 0, -1):  # every start has moved to its end, which is the next one's start
        starts[customer] = starts[customer - 1]
    starts[0] = 0
    return starts, held, when, amounts


def tally(
    first: Any, end: Any, held: Any, when: Any, amounts: Any, conditions: Any, measures: Any, days: Any, was: Any,
    now: Any, seen: Any, changed: Any,
) -> Any:  # fmt: skip
    """One customer's measures then and now; how many have a row at all, their numbers lie in `changed`."""
    needs, begins = conditions
    lows_then, lows, summed, _ = measures
    then, today = days
    reached = 0
    for n in range(first, end):
        day, since = when[n] >> 1, when[n] & 1
        for subject in range(len(needs)):
            if held[n] & needs[subject] != needs[subject]:
                continue
            for measure in range(begins[subject], begins[subject + 1]):
                if day < lows_then[measure]:
                    break  # the windows behind it are narrower
                before, after = not since and day <= then, lows[measure] <= day <= today
                if not before and not after:
                    continue
                if not seen[measure]:
                    seen[measure] = 1
                    changed[reached] = measure
                    reached += 1
                amount = amounts[n] if summed[measure] else 1
                was[measure] += amount if before else 0
                now[measure] += amount if after else 0
    return reached


def band(tag: Any, measure: Any, bands: Any) -> Any:
    """The place of the first value that a measure lies in, 0 for none."""
    begins, lows, highs = bands
    for place in range(begins[tag], begins[tag + 1]):
        if lows[place] <= measure < highs[place]:
            return place - begins[tag] + 1
    return 0


def wider(told: Any, more: Any) -> Any:
    """The same answers with room for twice as many."""
    found = np.empty((len(told) * 2 + more, 3), np.int64)
    found[: len(told)] = told
    return found


@cache
def compiled(loop: Callable[..., Any]) -> Callable[..., Any]:
    """A loop of this file as machine code, which holds no lock of the interpreter."""
    from numba import njit  # noqa: PLC0415 - takes a second to load
    from numba.extending import register_jitable  # noqa: PLC0415 - as above

    for part in (touch, gather, tally, band, wider):
        register_jitable(part)
    compiling: Any = partial(njit, loop, nogil=True, error_model="numpy")
    try:
        found: Callable[..., Any] = compiling(cache=True)
    except RuntimeError:  # nowhere to keep it: compiled once a process
        found = compiling()
    return found
