"""The clock that decides: injected everywhere, so that no statement ever asks the database for the time.

A demo's clock may be set forward and run fast (`PacedClock`): a file in the instance's home says how, and every process
of the instance reads it. The time of machines and people's phones goes on as ever; who has to agree with them (second
factors, signed requests) asks for `machine`.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

CHINA = ZoneInfo("Asia/Shanghai")
"""The default time zone of a bank: days and quiet hours are counted in it."""


class Clock(Protocol):
    """Tells the present instant, in UTC."""

    def now(self) -> datetime:
        """The instant of the bank."""
        ...

    def machine(self) -> datetime:
        """The instant other machines believe it is; the same as `now` except in a demo that runs fast."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return _machine()

    def machine(self) -> datetime:
        return _machine()


class SetClock:
    """A clock that stands where it is put; for tests and replays."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        return self._instant

    def machine(self) -> datetime:
        return self._instant

    def advance(self, step: timedelta) -> None:
        """Move the clock forward by `step`."""
        self._instant += step

    def set(self, instant: datetime) -> None:
        """Put the clock at `instant`."""
        self._instant = instant


class Pace(msgspec.Struct, frozen=True):
    """From the machine's `machine` on, the clock stands at `instant` and runs `speed` times as fast."""

    machine: datetime
    instant: datetime
    speed: float = 1.0

    def at(self, machine: datetime) -> datetime:
        """The clock's instant at an instant of the machine."""
        return self.instant + (machine - self.machine) * self.speed


def _machine() -> datetime:
    return datetime.now(UTC)


READ_SECONDS = 0.2
"""A process looks at the file so often; a new pace begins later than that, so all take it up at one instant."""
LEAD = timedelta(seconds=0.5)
PACES_KEPT = 8
"""More than can be waiting to begin."""


class PacedClock:
    """The clock of a demo: it goes as the file at `path` says, and as the machine where there is none."""

    def __init__(self, path: Path, machine: Callable[[], datetime] = _machine) -> None:
        self.machine = machine
        self._path = path
        self._paces: Sequence[Pace] = ()
        self._read_at = 0.0

    def now(self) -> datetime:
        monotonic = time.monotonic()
        if monotonic - self._read_at >= READ_SECONDS:
            self._paces, self._read_at = read_paces(self._path), monotonic
        return instant_of(self._paces, self.machine())


def instant_of(paces: Sequence[Pace], machine: datetime) -> datetime:
    """What a clock of these paces, ascending, shows at an instant of the machine."""
    begun = [pace for pace in paces if pace.machine <= machine]
    return begun[-1].at(machine) if begun else machine


def read_paces(path: Path) -> Sequence[Pace]:
    """The paces in a file; none where there is no file."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Pace])
    except FileNotFoundError:
        return ()


def change_pace(path: Path, machine: datetime, *, instant: datetime | None = None, speed: float = 1.0) -> Pace:
    """From half a second after `machine` on, run `speed` times as fast, from `instant` where that is given.

    Every process of the instance changes at the same instant. Without `instant` the clock never jumps.
    """
    begins = machine + LEAD
    before = read_paces(path) or [Pace(machine, machine)]
    pace = Pace(begins, instant or instant_of(before, begins), speed)
    draft = path.with_suffix(".new")
    draft.write_bytes(msgspec.json.encode([*before[-PACES_KEPT:], pace]))
    draft.replace(path)
    return pace
