"""The clock that decides: injected everywhere, so that no statement ever asks the database for the time."""

from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
"""The default time zone of a bank: days and quiet hours are counted in it."""


class Clock(Protocol):
    """Tells the present instant, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """A clock that stands where it is put; for tests and replays."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        return self._instant

    def advance(self, step: timedelta) -> None:
        """Move the clock forward by `step`."""
        self._instant += step

    def set(self, instant: datetime) -> None:
        """Put the clock at `instant`."""
        self._instant = instant
