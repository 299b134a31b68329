"""The missions page: what there is to do, how far somebody is, and what can be taken."""

from datetime import date
from typing import Any

import msgspec

from huoke.app.h5.rewards import Titles
from huoke.app.h5.visit import Visit
from huoke.kernel.money import format_yuan
from huoke.reward.plays import DeedKind, Goal, Measure, Mission, Own, Span, item_of

BACK_DAYS = 7
"""Earlier days whose reached goals are still shown to be taken; they can be taken until the play ends."""


STEPS = "steps"
"""The property by which an event tells the steps of a day."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A goal: `state` is taken, ready or open."""

    item: int
    day: str
    target: str
    gives: str
    state: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A mission on one day."""

    title: str
    text: str
    span: str
    done: str
    percent: int
    steps: list[Step]


def page(own: Own, titles: Titles, visit: Visit) -> dict[str, Any]:
    """Today's missions, and those of earlier days with something left to take."""
    rows, left = [], []
    for place, mission in enumerate(own.draft.ways.missions):
        today = own.today if mission.span is Span.DAY else own.opens_on
        rows.append(_row(own, place, mission, today, titles, visit, visit.words(f"way.span.{mission.span.value}")))
        if mission.span is Span.DAY:
            left += _before(own, place, mission, titles, visit)
    ready = sum(step.state == "ready" for row in [*rows, *left] for step in row.steps)
    taken = sum(deed.kind is DeedKind.GOAL for deed in own.deeds)
    return {"way": "missions", "tasks": rows, "left_over": left, "ready": ready, "taken": taken, "dock": False}


def _before(own: Own, place: int, mission: Mission, titles: Titles, visit: Visit) -> list[Row]:
    days = sorted({day for at, day in own.counts if at == place and own.opens_on <= day < own.today}, reverse=True)
    rows = [
        _row(own, place, mission, day, titles, visit, visit.words.month_day(day))
        for day in days
        if (own.today - day).days <= BACK_DAYS
    ]
    return [row for row in rows if any(step.state == "ready" for step in row.steps)]


def _row(own: Own, place: int, mission: Mission, day: date, titles: Titles, visit: Visit, span: str) -> Row:
    words = visit.words
    done, last = own.counts.get((place, day), 0), mission.goals[-1].target
    steps = [_step(own, place, n, goal, mission, day, done, titles, visit) for n, goal in enumerate(mission.goals)]
    return Row(
        title=words.either(mission.title, mission.title_en),
        text=words.either(mission.text, mission.text_en),
        span=span,
        done=words("way.progress", done=_amount(mission, min(done, last), visit), target=_amount(mission, last, visit)),
        percent=min(done * 100 // last, 100),
        steps=steps,
    )


def _step(
    own: Own, place: int, n: int, goal: Goal, mission: Mission, day: date, done: int, titles: Titles, visit: Visit
) -> Step:
    item = item_of(place, n)
    taken = own.did(DeedKind.GOAL, item, day) is not None
    return Step(
        item=item,
        day=day.isoformat(),
        target=_amount(mission, goal.target, visit),
        gives=titles.reward(goal.gives),
        state="taken" if taken else "ready" if done >= goal.target else "open",
    )


def _amount(mission: Mission, count: int, visit: Visit) -> str:
    if mission.measure is Measure.AMOUNT:
        return visit.words("way.measure.amount", count=format_yuan(count))
    if mission.measure is Measure.MOST and mission.property == STEPS:
        return visit.words("way.measure.steps", count=f"{count:,}")
    return visit.words(f"way.measure.{mission.measure.value}", count=f"{count:,}")
