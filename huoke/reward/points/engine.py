"""Many events through many rules at once, as columns: who earns what under which rule, and what the caps leave. Pure.

Events stand in the order in which they arrived. Caps nest (a day lies in a month, a month in a person's life with the
rule, that in its budget), so cutting by one after the other, each over what the one before left, gives what one event
after the other would.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Self
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.kernel.clock import CHINA
from huoke.know.language import Comparison, fulfilled_by
from huoke.reward.points.earning import EarnRule, Multiplier

Ints = NDArray[np.int64]
AMOUNT, ENTRY = "amount_fen", "entry_code"
FULL_PERCENT = 100
_FIRST_DAY = date(1970, 1, 1).toordinal()


class Arrival(msgspec.Struct, frozen=True):
    """One event as it arrived, of a customer who is the natural person `person`."""

    id: UUID
    seq: int
    person: int
    name: str
    at: datetime
    amount_fen: int = 0
    entry_code: str = ""
    properties: Mapping[str, str] = {}


class Ready(msgspec.Struct, frozen=True):
    """A rule ready to be applied: its conditions on the event bound, and the customers it is for, ascending.

    `who` and `multipliers` hold None for everybody, in the order of the rule's multipliers.
    """

    id: UUID
    rule: EarnRule
    where: tuple[Comparison, ...] = ()
    who: Any = None
    multipliers: tuple[Any, ...] = ()


class Columns:
    """A batch of events as columns, in the order in which they arrived; `days` are ordinals of the day in China.

    `values` gives an attribute of every event as it was told: fen, texts, None where it was not told.
    """

    def __init__(
        self,
        seqs: Ints,
        persons: Ints,
        amounts: Ints,
        days: Ints,
        *,
        named: Mapping[str, Ints],
        values: Callable[[str], Sequence[Any]],
    ) -> None:
        self.seqs, self.persons, self.amounts, self.days = seqs, persons, amounts, days
        self.months = _FIRST_DAY + (days - _FIRST_DAY).astype("M8[D]").astype("M8[M]").astype("M8[D]").astype(np.int64)
        self.month_days = days - self.months + 1
        self.weekdays = (days - 1) % 7 + 1
        self.named = named
        self.values = values

    @classmethod
    def of(cls, arrivals: Sequence[Arrival]) -> Self:
        """Columns of arrivals, of whatever events."""
        names: dict[str, list[int]] = {}
        for place, one in enumerate(arrivals):
            names.setdefault(one.name, []).append(place)
        size = len(arrivals)
        return cls(
            np.fromiter((one.seq for one in arrivals), np.int64, size),
            np.fromiter((one.person for one in arrivals), np.int64, size),
            np.fromiter((one.amount_fen for one in arrivals), np.int64, size),
            np.fromiter((one.at.astimezone(CHINA).toordinal() for one in arrivals), np.int64, size),
            named={name: np.array(places, np.int64) for name, places in names.items()},
            values=cache(lambda name: [_told(one, name) for one in arrivals]),
        )


def _told(one: Arrival, name: str) -> int | str | None:
    return one.amount_fen if name == AMOUNT else one.entry_code if name == ENTRY else one.properties.get(name)


class Candidates(msgspec.Struct, frozen=True):
    """What one rule would give before its caps: places among the arrivals, and points."""

    ready: Ready
    places: Ints
    points: Ints


def candidates(columns: Columns, ready: Ready) -> Candidates:
    """The events a rule gives something for, and how much, caps aside."""
    rule = ready.rule
    places = columns.named.get(rule.event, np.empty(0, np.int64))
    places = places[_in_season(columns.days[places], rule.from_on, rule.until_on)]
    for comparison in ready.where:
        places = places[_fulfilled(columns, places, comparison)]
    if ready.who is not None:
        places = places[np.isin(columns.seqs[places], ready.who)]
    points = np.full(len(places), rule.points, np.int64)
    if rule.per_fen:
        points *= np.maximum(columns.amounts[places], 0) // rule.per_fen
    points = points * _percents(columns, places, ready) // FULL_PERCENT
    kept = points > 0
    return Candidates(ready, places[kept], points[kept])


def _in_season(days: Ints, first: date | None, last: date | None) -> NDArray[np.bool_]:
    inside = np.ones(len(days), np.bool_)
    if first is not None:
        inside &= days >= first.toordinal()
    if last is not None:
        inside &= days <= last.toordinal()
    return inside


def _fulfilled(columns: Columns, places: Ints, comparison: Comparison) -> NDArray[np.bool_]:
    """Whether events fulfil a comparison; each different value is looked at once."""
    values = columns.values(comparison.attribute.name)
    told = [values[place] for place in places.tolist()]
    holds = {value: fulfilled_by(value, comparison) for value in set(told)}
    return np.fromiter((holds[value] for value in told), np.bool_, len(told))


def _percents(columns: Columns, places: Ints, ready: Ready) -> Ints:
    """The highest multiplier that holds for each event."""
    percents = np.full(len(places), FULL_PERCENT, np.int64)
    for multiplier, who in zip(ready.rule.multipliers, ready.multipliers, strict=True):
        holds = _multiplied(columns, places, multiplier)
        if who is not None:
            holds &= np.isin(columns.seqs[places], who)
        percents = np.where(holds, np.maximum(percents, multiplier.percent), percents)
    return percents


def _multiplied(columns: Columns, places: Ints, multiplier: Multiplier) -> NDArray[np.bool_]:
    holds = _in_season(columns.days[places], multiplier.from_on, multiplier.until_on)
    if multiplier.weekdays:
        holds &= np.isin(columns.weekdays[places], multiplier.weekdays)
    if multiplier.month_days:
        holds &= np.isin(columns.month_days[places], multiplier.month_days)
    return holds


Span = tuple[str, int]
"""("day" | "month" | "rule", ordinal of its first day; 1 for the rule)."""
Key = tuple[UUID, int, str, int]
"""Rule, person, span, ordinal of the span's first day."""
WHOLE = 1


def spans(columns: Columns, found: Candidates) -> list[tuple[str, int, Ints]]:
    """The capped spans of a rule, the narrowest first: name, cap, and the first day's ordinal for each candidate."""
    caps, places = found.ready.rule.caps, found.places
    whole = np.full(len(places), WHOLE, np.int64)
    return [
        (name, cap, since)
        for name, cap, since in (
            ("day", caps.day, columns.days[places]),
            ("month", caps.month, columns.months[places]),
            ("rule", caps.person, whole),
        )
        if cap is not None
    ]


def keys(columns: Columns, found: Candidates) -> set[Key]:
    """What must be known of the past to cap a rule's candidates."""
    persons = columns.persons[found.places].tolist()
    return {
        (found.ready.id, person, name, first)
        for name, _, since in spans(columns, found)
        for person, first in zip(persons, since.tolist(), strict=True)
    }


def cut(columns: Columns, found: Candidates, earned: Mapping[Key, int], given: int) -> Ints:
    """What the caps leave of each candidate's points; `earned` by person and span, `given` of the budget, so far."""
    points, persons = found.points, columns.persons[found.places]
    for name, cap, since in spans(columns, found):
        pairs, groups = np.unique(np.stack([persons, since], axis=1), axis=0, return_inverse=True)
        room = np.array(
            [
                max(cap - earned.get((found.ready.id, int(who), name, int(first)), 0), 0)
                for who, first in pairs.tolist()
            ],
            np.int64,
        )
        points = _within(points, groups.reshape(-1), room)
    if found.ready.rule.caps.budget is not None:
        left = max(found.ready.rule.caps.budget - given, 0)
        points = _within(points, np.zeros(len(points), np.int64), np.array([left], np.int64))
    return points


def _within(points: Ints, groups: Ints, room: Ints) -> Ints:
    """Points cut so that each group stays within its room, those that come first served first."""
    if not len(points):
        return points
    order = np.argsort(groups, kind="stable")
    sums = np.cumsum(points[order])
    first = np.flatnonzero(np.diff(groups[order], prepend=-1))
    before = np.repeat(sums[first] - points[order][first], np.diff(np.append(first, len(order))))
    within = np.minimum(sums - before, room[groups[order]])
    upto = np.minimum(sums - before - points[order], room[groups[order]])
    left = np.empty_like(points)
    left[order] = within - upto
    return left
