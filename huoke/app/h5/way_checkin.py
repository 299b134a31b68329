"""The check-in page: streak, the week of it, the month as a calendar whose days run together."""

import calendar
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Any

import msgspec

from huoke.app.h5.rewards import Titles
from huoke.app.h5.visit import Visit
from huoke.reward.plays import CheckIn, Own, Reward, cards_left, missed, present, reward_of, streak_length

WEEK = 7
DAY = timedelta(days=1)
MENDED_MAX = 3
"""Missed days offered to be mended at once; the latest are worth most."""


class Drop(msgspec.Struct, frozen=True, kw_only=True):
    """A day of the streak."""

    label: str
    done: bool
    today: bool
    gold: bool


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A day of the month, or a blank before its first."""

    number: int = 0
    on: bool = False
    first: bool = False
    last: bool = False
    today: bool = False
    gold: str = ""


def page(own: Own, titles: Titles, visit: Visit) -> dict[str, Any]:
    """What the template says; a day is a day of the bank."""
    way, words, today = own.draft.ways.checkin, visit.words, own.today
    assert way is not None, "a check-in has its way"
    days = present(own.deeds)
    length, here = streak_length(days, today), today in days
    nth = length if here else length + 1
    ahead = sorted((one for one in way.milestones if one.days > length), key=lambda one: one.days)
    return {
        "way": "checkin",
        "length": length,
        "here": here,
        "next": [(words("way.more_days", count=one.days - length), titles.reward(one.gives)) for one in ahead[:1]],
        "drops": _drops(way, titles, nth, here=here),
        "month": words.month(today),
        "weekdays": words("way.weekdays").split(),
        "weeks": _weeks(own, way, titles, days, length),
        "count": sum(day.year == today.year and day.month == today.month for day in days),
        "cards": cards_left(own),
        "has_cards": bool(way.cards_a_month) or _earns_cards(way),
        "missed": [(day.isoformat(), words.month_day(day)) for day in missed(own)[:MENDED_MAX]],
        "today_gives": titles.to_have(_today(way, nth, length)) if not here else "",
        "tomorrow_gives": titles.to_have(_today(way, length + 1, length)) if here else "",
        "dock": True,
    }


def _today(way: CheckIn, nth: int, length: int) -> Reward:
    """What the next check-in gives, a milestone it reaches before its day's own."""
    for one in way.milestones:
        if one.days == nth > length:
            return one.gives
    return reward_of(way, nth)


def _earns_cards(way: CheckIn) -> bool:
    return any(reward.cards for reward in [*way.days, *(one.gives for one in way.milestones)])


def _drops(way: CheckIn, titles: Titles, nth: int, *, here: bool) -> list[Drop]:
    begin = (nth - 1) // WEEK * WEEK + 1
    stones = {one.days: one.gives for one in way.milestones}
    return [
        Drop(
            label=titles.short(stones.get(n) or reward_of(way, n)),
            done=n < nth or (n == nth and here),
            today=n == nth and not here,
            gold=n in stones,
        )
        for n in range(begin, begin + WEEK)
    ]


def _weeks(own: Own, way: CheckIn, titles: Titles, days: AbstractSet[date], length: int) -> list[list[Cell]]:
    today = own.today
    stones = {one.days: titles.short(one.gives) for one in way.milestones if one.days > length}
    since = length if today in days else length + 1
    coming = {today + DAY * (n - since): label for n, label in stones.items()}
    weeks = []
    for week in calendar.Calendar().monthdatescalendar(today.year, today.month):
        mine = [day for day in week if day.month == today.month]
        weeks.append([_cell(day, mine, days, today, coming) if day in mine else Cell() for day in week])
    return weeks


def _cell(day: date, week: list[date], days: AbstractSet[date], today: date, coming: dict[date, str]) -> Cell:
    on = day in days
    return Cell(
        number=day.day,
        on=on,
        first=on and (day == week[0] or day - DAY not in days),
        last=on and (day == week[-1] or day + DAY not in days),
        today=day == today,
        gold=coming.get(day, ""),
    )
