"""Where the course of a temperature turned, and which signal of that week had most to do with it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec
import numpy as np

from huoke.know.temperature import engine
from huoke.know.temperature.model import Scale

SHOWN_DAYS = 90
WEEK_DAYS = 7
USUAL_WEEKS = 4
TURNS_MAX = 3
APART_DAYS = 14
POINTS_MIN = 5.0

Times = tuple[engine.Floats, engine.Floats]
"""Of one signal: how many days ago, and how often on that day."""


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """A week, from `day` on, in which the temperature moved by `points`; in words what was unlike the weeks before."""

    day: date
    points: float
    event: str | None
    text: str
    text_en: str


def weeks_of_change(course: engine.Floats) -> list[tuple[int, float]]:
    """The weeks in which a course moved most: (place of the week's first day, points), by place.

    `course` has one value a day, NaN before the first. At most `TURNS_MAX`, each of `POINTS_MIN` points at least, and
    `APART_DAYS` days from any other.
    """
    moved = course[WEEK_DAYS:] - course[:-WEEK_DAYS]
    chosen: list[int] = []
    for place in np.argsort(-np.abs(np.nan_to_num(moved)), kind="stable"):
        if abs(np.nan_to_num(moved[place])) < POINTS_MIN or len(chosen) == TURNS_MAX:
            break
        if all(abs(int(place) - other) >= APART_DAYS for other in chosen):
            chosen.append(int(place))
    return [(place + 1, round(float(moved[place]), 1)) for place in sorted(chosen)]


def turns(
    points: Sequence[tuple[date, float]],
    last: date,
    told: Mapping[str, Times],
    scale: Scale,
    share: engine.Floats,
    titles: Mapping[str, tuple[str, str]],
) -> list[Turn]:
    """The turns of the last `SHOWN_DAYS` days, earliest first.

    `points` are days on which a temperature was told anew, ascending; `told` what warmed the customer, by event.
    """
    course = np.full(SHOWN_DAYS, np.nan, np.float32)
    first = last - timedelta(days=SHOWN_DAYS - 1)
    for day, value in points:
        course[max((day - first).days, 0) :] = value
    return [
        _turn(first + timedelta(days=place), moved, (last - first).days - place, told, scale, share, titles)
        for place, moved in weeks_of_change(course)
    ]


def _turn(
    day: date,
    moved: float,
    age: int,
    told: Mapping[str, Times],
    scale: Scale,
    share: engine.Floats,
    titles: Mapping[str, tuple[str, str]],
) -> Turn:
    """What was most unlike the weeks before, in the direction the temperature went; `age` of the week's first day."""
    found: list[tuple[float, str, int, float]] = []
    for rule in scale.signals:
        ages, times = told.get(rule.event, (np.empty(0), np.empty(0)))
        week = (ages <= age) & (ages > age - WEEK_DAYS)
        before = (ages > age) & (ages <= age + WEEK_DAYS * USUAL_WEEKS)
        heat = np.minimum(times * rule.weight, rule.cap) * share[rule.part.component]
        unlike = float(heat[week].sum() - heat[before].sum() / USUAL_WEEKS)
        if unlike * moved > 0:
            found.append((abs(unlike), rule.event, int(times[week].sum()), float(times[before].sum()) / USUAL_WEEKS))
    if not found:
        return Turn(day=day, points=moved, event=None, text="没有新的往来", text_en="Nothing new happened")
    _, event, lately, usual = max(found)
    title, title_en = titles.get(event, (event, event))
    often = f"{usual:.0f}" if usual >= 3 else f"{usual:.1f}".removesuffix(".0")
    return Turn(
        day=day,
        points=moved,
        event=event,
        text=f"{title} {lately} 次，此前每周 {often} 次" if lately else f"一周没有{title}，此前每周 {often} 次",
        text_en=f"{title_en}: {lately} that week, {often} a week before",
    )


def by_name(rows: Sequence[Mapping[str, object]], today: int) -> dict[str, Times]:
    """Rows of (name, day, times) as columns by event; `today` as days since 1970."""
    found: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        found.setdefault(str(row["name"]), []).append((today - int(str(row["day"])), int(str(row["times"]))))
    return {
        name: (np.array([age for age, _ in days]), np.array([times for _, times in days]))
        for name, days in sorted(found.items())
    }
