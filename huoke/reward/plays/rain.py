"""Red-packet rain, pure: which round is on, and which comes next."""

from datetime import datetime, time, timedelta

from huoke.kernel.clock import CHINA
from huoke.reward.plays.ways import Rain

DAYS_AHEAD = 2


def rounds(rain: Rain, since: datetime) -> list[datetime]:
    """The beginnings of rounds on the bank's day of an instant, the day before and the one after, in order."""
    today = since.astimezone(CHINA).date()
    days = (today + timedelta(days=offset) for offset in range(-1, DAYS_AHEAD))
    return sorted(datetime.combine(day, time.fromisoformat(at), CHINA) for day in days for at in rain.times)


def now_on(rain: Rain, at: datetime) -> tuple[datetime, datetime] | None:
    """Beginning and end of the round that is on; the later one where two overlap."""
    length = timedelta(seconds=rain.seconds)
    found = [(begins, begins + length) for begins in rounds(rain, at) if begins <= at < begins + length]
    return found[-1] if found else None


def next_of(rain: Rain, at: datetime, closes_at: datetime) -> datetime | None:
    """When the next round begins, if one does before the play closes."""
    return next((begins for begins in rounds(rain, at) if at < begins < closes_at), None)
