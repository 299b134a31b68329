"""When things happen: weekends, month ends, 春节, 双十一 and the hours of the day, as weights to draw instants from."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.kernel.clock import CHINA

DAY_MS = 86_400_000
UTC_AHEAD_MS = 8 * 3_600_000
"""A UTC day begins so much after the one in Shanghai."""
SPRING_FESTIVALS = tuple(
    date.fromisoformat(day)
    for day in ("2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03")
)
MORNING_AND_NIGHT = (1, 0.5, 0.3, 0.2, 0.2, 0.4, 1.5, 4, 6, 6, 5, 4.5, 6, 5, 4, 4, 4, 4.5, 5, 6, 8, 8.5, 6, 3)
"""Logins and looking around: on the way to work, at noon, in the evening."""
MEALS_AND_EVENING = (0.6, 0.3, 0.2, 0.1, 0.1, 0.3, 1.5, 4, 4, 3.5, 4, 7.5, 8.5, 5, 4, 4, 4, 6, 8.5, 8, 6.5, 5, 3, 1.5)
"""Payments."""
BANK_HOURS = (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3, 1, 5, 9, 9, 6, 3, 4, 7, 7, 6, 4, 2, 1.5, 1.5, 1, 0.5, 0.2)
"""Transfers."""
PAY_HOURS = (0, 0, 0, 0, 0, 0, 1, 3, 8, 14, 12, 6, 2, 2, 5, 6, 5, 2, 0, 0, 0, 0, 0, 0)
"""Salaries."""


class Span(msgspec.Struct, frozen=True):
    """Whole days of a bank's own time: `days` of them from `first`."""

    first: date
    days: int

    @property
    def after(self) -> date:
        """The first day beyond."""
        return self.first + timedelta(days=self.days)

    @property
    def start_ms(self) -> int:
        """Its first instant, in milliseconds since 1970 UTC."""
        return instant_ms(self.first)

    def dates(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=place) for place in range(self.days)]


def instant_ms(day: date) -> int:
    """The beginning of a day in Shanghai, in milliseconds since 1970 UTC."""
    return int(datetime.combine(day, time(), CHINA).timestamp() * 1_000)


def shopping(day: date) -> float:
    """How much is paid on a day, against an ordinary Tuesday."""
    weight = 1.25 if day.weekday() >= 5 else 1.0
    if (day.month, day.day) in {(11, 10), (11, 11), (6, 18), (12, 12)}:
        weight *= 2.3
    elif day.month == 11 and day.day < 10:
        weight *= 1.25
    return weight * _spring(day, before=1.7, during=0.8) * (1.15 if day.day >= 28 else 1.0)


def looking(day: date) -> float:
    """How often the app is opened, against an ordinary Tuesday."""
    weight = 0.9 if day.weekday() >= 5 else 1.0
    return weight * (1.2 if day.day in {1, 5, 10, 15, 20} else 1.0) * _spring(day, before=1.2, during=1.3)


def banking(day: date) -> float:
    """How much is transferred, against an ordinary Tuesday: month ends are heavy, weekends light."""
    weight = 0.45 if day.weekday() >= 5 else 1.0
    return weight * (1.7 if day.day >= 28 or day.day <= 2 else 1.0) * _spring(day, before=1.8, during=0.5)


def _spring(day: date, *, before: float, during: float) -> float:
    for festival in SPRING_FESTIVALS:
        days = (day - festival).days
        if -12 <= days < 0:
            return before
        if 0 <= days < 8:
            return during
    return 1.0


def draw_instants(
    random: np.random.Generator,
    span: Span,
    season: Callable[[date], float],
    hours: Sequence[float],
    last_day: NDArray[np.int_],
) -> NDArray[np.int64]:
    """An instant (ms UTC) for each of `last_day`: in the span, before the day of that number, weighted by season."""
    weights = np.array([season(day) for day in span.dates()])
    edges = np.concatenate([[0], weights.cumsum()])
    drawn = random.random(len(last_day), dtype=np.float32) * edges[np.minimum(last_day, span.days)]
    day = np.searchsorted(edges, drawn, side="right").astype(np.int64) - 1
    instants: NDArray[np.int64] = day.clip(0, span.days - 1) * DAY_MS + times_of_day(random, hours, len(last_day))
    return span.start_ms + instants


def times_of_day(random: np.random.Generator, hours: Sequence[float], count: int) -> NDArray[np.int64]:
    """Milliseconds after midnight, by the weight of each hour."""
    edges = np.concatenate([[0], np.cumsum(hours)]) / sum(hours)
    drawn: NDArray[np.float64] = np.interp(random.random(count), edges, np.arange(25)) * 3_600_000
    return drawn.astype(np.int64).clip(0, DAY_MS - 1)
