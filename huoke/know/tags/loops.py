"""Whose measure a day changed: what happened by day is measured as of two days, for those whom either touches.

Plain Python, compiled by Numba when first needed.
They stand alone, numbers included: machine code is kept beside this file and made anew when the file changes.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

_BITS = 20
_GROUP = 1 << _BITS
"""So many customers lie together (`kernel.sets`)."""
_ROWS_FIRST = 1 << 16
"""Room for so many answers to begin with; it doubles."""


def cross(days: Any, rows: Any, new: Any, conditions: Any, measures: Any, bands: Any, when: Any) -> Any:
    """Customers whose value of a tag is another than it was, and new ones: (tag, customer, value now, value then).

    `days` = (group of customers, day, whether it came since, where its rows begin, where they end), by group. `rows` =
    (customer, conditions held as bits, amount); the amounts may be left out (none of them) where no measure sums. `new`
    are customers to be told of whatever they did, ascending. `conditions` = (bits a subject needs, where its measures
    begin). `measures` = (first day of the window then, first day now, bits needed, whether amounts are summed, where
    its tags begin), the widest window of a subject first. `bands` = (where a tag's bands begin, low, high). `when` =
    (the day then, the day now). Customers ascend; values are told by their place from 1 on, 0 is none.
    """
    groups = days[0]
    of_tags = measures[4]
    count, tags = len(of_tags) - 1, len(bands[0]) - 1
    was, now = np.zeros(count, np.int64), np.zeros(count, np.int64)
    seen, changed, every = np.zeros(count, np.uint8), np.empty(count, np.int64), np.arange(count)
    moved = np.empty(len(groups), np.uint8)
    marks, starts = np.empty(_GROUP, np.uint8), np.empty(_GROUP + 1, np.int32)
    told = np.empty((_ROWS_FIRST, 4), np.int64)
    used = fresh = begin = 0
    while begin < len(groups):
        low, end = groups[begin] << _BITS, begin
        while end < len(groups) and groups[end] == groups[begin]:
            end += 1
        known = fresh
        while fresh < len(new) and new[fresh] < low + _GROUP:
            fresh += 1
        touch((begin, end, low), days, rows, new[known:fresh], conditions, measures, when, moved, marks)
        held, acts, amounts = gather((begin, end, low), days, rows, moved, marks, starts)
        for customer in range(_GROUP):
            if starts[customer] == starts[customer + 1]:
                continue
            span = (starts[customer], starts[customer + 1])
            reached = dirty(span, held, acts, conditions, measures, when, seen, changed)
            whole = known < fresh and new[known] == customer + low
            if whole:
                known += 1
                reached = count
                changed[:] = every
            tally(span, held, acts, amounts, measures, when, was, now, changed[:reached])
            told = told if used + tags <= len(told) else wider(told, tags)
            used = tell(told, used, customer + low, whole, changed[:reached], of_tags, bands, was, now)
            for measure in changed[:reached]:
                was[measure] = now[measure] = seen[measure] = 0
        begin = end
    return told[:used]


def touch(
    part: Any, days: Any, rows: Any, new: Any, conditions: Any, measures: Any, when: Any, moved: Any, marks: Any
) -> None:
    """A mark for every customer of a group with a row that came into a window or left one; `moved` tells such days."""
    begin, end, low = part
    _, numbers, since, starts, ends = days
    seqs, held, _ = rows
    needs, begins = conditions
    hit = np.empty(len(needs), np.uint64)
    marks[:] = 0
    for day in range(begin, end):
        hits = 0
        for subject in range(len(needs)):
            for measure in range(begins[subject], begins[subject + 1]):
                if crosses(numbers[day], since[day], measure, measures, when):
                    hit[hits] = needs[subject]
                    hits += 1
                    break
        moved[day] = hits > 0
        for n in range(starts[day], ends[day] if hits else starts[day]):
            for place in range(hits):
                if held[n] & hit[place] == hit[place]:
                    marks[np.uint64(seqs[n] - low)] = 1
                    break
    for seq in new:
        marks[np.uint64(seq - low)] = 1


def crosses(day: Any, since: Any, measure: Any, measures: Any, when: Any) -> Any:
    """Whether what happened on a day counts for a measure now and did not then, or the other way round."""
    then, today = when
    before = not since and measures[0][measure] <= day <= then
    return before != (measures[1][measure] <= day <= today)


def gather(part: Any, days: Any, rows: Any, moved: Any, marks: Any, starts: Any) -> Any:
    """A group's rows of those touched, customer by customer: where each one's begin, and what they say."""
    begin, end, low = part
    _, numbers, since, begins, ends = days
    seqs, conditions, sums = rows
    starts[:] = 0
    for day in range(begin, end):
        for n in range(begins[day], ends[day]):
            customer: Any = np.uint64(seqs[n] - low)
            starts[customer] += marks[customer]
    total = 0
    for customer in range(_GROUP + 1):
        total += starts[customer]
        starts[customer] = total
    held, acts = np.empty(total, np.uint64), np.empty(total, np.int32)
    amounts = np.empty(total if len(sums) else 0, np.int64)
    for day in range(begin, end):
        act = (np.int32(numbers[day]) * 2 + since[day]) * 2 + moved[day]
        for n in range(begins[day], ends[day]):
            customer = np.uint64(seqs[n] - low)
            if marks[customer]:
                place = starts[customer] - 1  # from a customer's end down to the start
                starts[customer] = place
                held[place], acts[place] = conditions[n], act
                if len(sums):
                    amounts[place] = sums[n]
    return held, acts, amounts


def dirty(span: Any, held: Any, acts: Any, conditions: Any, measures: Any, when: Any, seen: Any, changed: Any) -> Any:
    """The measures of one customer that a row came into or left: how many, their numbers lie in `changed`."""
    needs, begins = conditions
    reached = 0
    for n in range(span[0], span[1]):
        if acts[n] & 1:
            for subject in range(len(needs)):
                if held[n] & needs[subject] == needs[subject]:
                    for measure in range(begins[subject], begins[subject + 1]):
                        if not seen[measure] and crosses(acts[n] >> 2, acts[n] & 2, measure, measures, when):
                            seen[measure] = 1
                            changed[reached] = measure
                            reached += 1
    return reached


def tally(
    span: Any, held: Any, acts: Any, amounts: Any, measures: Any, when: Any, was: Any, now: Any, changed: Any
) -> None:
    """Some measures of one customer then and now."""
    lows_then, lows, needs, summed, _ = measures
    then, today = when
    for n in range(span[0], span[1]):
        day, since = acts[n] >> 2, acts[n] & 2
        for measure in changed:
            if day >= lows_then[measure] and held[n] & needs[measure] == needs[measure]:
                amount = amounts[n] if summed[measure] else 1
                if not since and day <= then:
                    was[measure] += amount
                if lows[measure] <= day <= today:
                    now[measure] += amount


def tell(
    told: Any, used: Any, customer: Any, whole: Any, changed: Any, of_tags: Any, bands: Any, was: Any, now: Any
) -> Any:
    """Write down the tags of which a customer's value is another, or all of them; how many answers there are then."""
    for measure in changed:
        if whole or was[measure] != now[measure]:
            for tag in range(of_tags[measure], of_tags[measure + 1]):
                value, before = band(tag, now[measure], bands), band(tag, was[measure], bands)
                if whole or value != before:
                    told[used, 0], told[used, 1], told[used, 2], told[used, 3] = tag, customer, value, before
                    used += 1
    return used


def band(tag: Any, measure: Any, bands: Any) -> Any:
    """The place of the first value that a measure lies in, 0 for none."""
    begins, lows, highs = bands
    for place in range(begins[tag], begins[tag + 1]):
        if lows[place] <= measure < highs[place]:
            return place - begins[tag] + 1
    return 0


def wider(told: Any, more: Any) -> Any:
    """The same answers with room for twice as many."""
    found = np.empty((len(told) * 2 + more, 4), np.int64)
    found[: len(told)] = told
    return found


@cache
def compiled(loop: Callable[..., Any]) -> Callable[..., Any]:
    """A loop of this file as machine code, which holds no lock of the interpreter."""
    from numba import njit  # noqa: PLC0415 - takes a second to load
    from numba.extending import register_jitable  # noqa: PLC0415 - as above

    for part in (crosses, touch, gather, dirty, tally, band, tell, wider):
        register_jitable(part)
    compiling: Any = partial(njit, loop, nogil=True, error_model="numpy")
    try:
        found: Callable[..., Any] = compiling(cache=True)
    except RuntimeError:  # nowhere to keep it: compiled once a process
        found = compiling()
    return found
