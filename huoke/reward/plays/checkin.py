"""Check-in, pure: days of the bank joined to streaks, what a day and a milestone give, cards that mend a missed day."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date, timedelta

from huoke.kernel.refusals import Refusal
from huoke.reward.plays.deed import Deed, Doing, NoCard, NotMissed, Own, Planned
from huoke.reward.plays.model import day_of
from huoke.reward.plays.ways import CheckIn, DeedKind, Reward

DAY = timedelta(days=1)
PRESENT = frozenset({DeedKind.CHECKED, DeedKind.MADE_UP})


def present(deeds: Iterable[Deed]) -> set[date]:
    """The days that count, mended ones included."""
    return {deed.day for deed in deeds if deed.kind in PRESENT}


def streak(days: AbstractSet[date], within: date) -> tuple[date, date]:
    """The first and the last day of the run of days that `within` lies in."""
    first = last = within
    while first - DAY in days:
        first -= DAY
    while last + DAY in days:
        last += DAY
    return first, last


def length(days: AbstractSet[date], today: date) -> int:
    """How long the streak is now: up to today, or to yesterday while today is still open; 0 where it is broken."""
    end = today if today in days else today - DAY
    if end not in days:
        return 0
    return (end - streak(days, end)[0]).days + 1


def reward_of(checkin: CheckIn, nth: int) -> Reward:
    """What the n-th day of a streak gives; after the last day of the cycle the first comes again."""
    return checkin.days[(nth - 1) % len(checkin.days)]


def cards_left(own: Own) -> int:
    """Cards that can be used today: what is left of the month's, and the earned ones no month's took the place of."""
    checkin = own.draft.ways.checkin
    assert checkin is not None, "asked for a check-in"
    used: dict[tuple[int, int], int] = {}
    for deed in own.deeds:
        if deed.kind is DeedKind.MADE_UP:
            on = day_of(deed.at)
            used[on.year, on.month] = used.get((on.year, on.month), 0) + 1
    earned = sum(deed.cards for deed in own.deeds)
    spent = sum(max(count - checkin.cards_a_month, 0) for count in used.values())
    return max(checkin.cards_a_month - used.get((own.today.year, own.today.month), 0), 0) + max(earned - spent, 0)


def missed(own: Own) -> list[date]:
    """Days that a card can mend, the latest first."""
    checkin = own.draft.ways.checkin
    assert checkin is not None, "asked for a check-in"
    days = present(own.deeds)
    past = (own.today - DAY * back for back in range(1, checkin.back_days + 1))
    return [day for day in past if day >= own.opens_on and day not in days]


def check_in(own: Own, doing: Doing) -> list[Planned] | Refusal:
    """Today's check-in with the milestones it reaches; nothing, where today was checked in."""
    del doing
    checkin = own.draft.ways.checkin
    assert checkin is not None, "asked for a check-in"
    days = present(own.deeds)
    if own.today in days:
        return []
    days.add(own.today)
    nth = length(days, own.today)
    done = Planned(kind=DeedKind.CHECKED, day=own.today, reward=reward_of(checkin, nth))
    return [done, *_milestones(own, checkin, days, own.today)]


def make_up(own: Own, doing: Doing) -> list[Planned] | Refusal:
    """Mend a missed day: it joins its neighbours, gives nothing itself, and may complete a milestone."""
    checkin, day = own.draft.ways.checkin, doing.day
    assert checkin is not None, "asked for a check-in"
    if day is not None and own.did(DeedKind.MADE_UP, 0, day):
        return []
    if day is None or day not in missed(own):
        return NotMissed("Only a missed day of the last few can be mended.", back_days=checkin.back_days)
    if not cards_left(own):
        return NoCard("No card is left this month.")
    done = Planned(kind=DeedKind.MADE_UP, day=day)
    return [done, *_milestones(own, checkin, present(own.deeds) | {day}, day)]


def _milestones(own: Own, checkin: CheckIn, days: AbstractSet[date], around: date) -> list[Planned]:
    """Milestones the streak around a day has reached and not had; named by today, for a streak has each once."""
    first, last = streak(days, around)
    reached = (last - first).days + 1
    had = {deed.item for deed in own.deeds if deed.kind is DeedKind.MILESTONE and first <= deed.day <= last}
    return [
        Planned(kind=DeedKind.MILESTONE, day=last, item=one.days, reward=one.gives)
        for one in checkin.milestones
        if one.days <= reached and one.days not in had
    ]
