"""Point types: what 1,000 points cost, who pays, how long they are good, and what may be done with them. Pure."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound

_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,23}")
NAME_MAX = 40
COST_MAX_FEN = 100_000_00
SPANS_MAX = 120
DAYS_MAX = 3_650
PENDING_MAX = 366
MONTHS_A_YEAR = 12
MONTH_END = 31


class ExpiryKind(StrEnum):
    """How long points are good from the day they were credited."""

    NONE = "none"
    DAYS = "days"
    MONTHS = "months"
    DATE = "date"
    MONTH_END = "month_end"
    QUARTER_END = "quarter_end"
    YEAR_END = "year_end"


class Expiry(msgspec.Struct, frozen=True, kw_only=True):
    """A policy: `n` days or months rolling, or the end of the month, quarter or year after `n` more of them.

    `date` is the next `month`/`day` of the calendar, the day of the credit itself included.
    """

    kind: ExpiryKind
    n: int = 0
    month: int = 12
    day: int = 31


def last_day(expiry: Expiry, credited_on: date) -> date | None:  # noqa: PLR0911 - one for each kind of policy
    """The last day on which points are good; None for ever. A day a month lacks is that month's last day."""
    n = expiry.n
    match expiry.kind:
        case ExpiryKind.NONE:
            return None
        case ExpiryKind.DAYS:
            return credited_on + timedelta(days=n)
        case ExpiryKind.MONTHS:
            return _on(credited_on.year, credited_on.month + n, credited_on.day)
        case ExpiryKind.DATE:
            this = _on(credited_on.year, expiry.month, expiry.day)
            return this if this >= credited_on else _on(credited_on.year + 1, expiry.month, expiry.day)
        case ExpiryKind.MONTH_END:
            return _on(credited_on.year, credited_on.month + n, MONTH_END)
        case ExpiryKind.QUARTER_END:
            return _on(credited_on.year, (credited_on.month + 2) // 3 * 3 + 3 * n, MONTH_END)
        case ExpiryKind.YEAR_END:
            return _on(credited_on.year + n, MONTHS_A_YEAR, MONTH_END)


def expires_at(expiry: Expiry, credited_on: date) -> datetime | None:
    """The instant from which points are good no more: the end of their last day, as the bank counts days."""
    last = last_day(expiry, credited_on)
    return None if last is None else datetime.combine(last + timedelta(days=1), time(), CHINA).astimezone(UTC)


def _on(year: int, month: int, day: int) -> date:
    year, month = year + (month - 1) // MONTHS_A_YEAR, (month - 1) % MONTHS_A_YEAR + 1
    return date(year, month, min(day, monthrange(year, month)[1]))


class TypeState(StrEnum):
    """A closed type is earned no more; what customers have of it they may still spend."""

    OPEN = "open"
    CLOSED = "closed"


class PointType(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of points. `unit_cost_fen` is what 1,000 of them cost, `funder` the budget that pays.

    With `debt` spent points that are clawed back are owed, and later points pay first.
    """

    code: str
    name: str
    name_en: str
    unit_cost_fen: int
    expiry: Expiry
    funder: UUID | None = None
    pending_days: int = 0
    debt: bool = True
    transferable: bool = False
    state: TypeState = TypeState.OPEN


def cost_of(points: int, unit_cost_fen: int) -> int:
    """What points cost in fen, half a fen rounded up."""
    return (points * unit_cost_fen + 500) // 1000


class TypeChanged(Event, frozen=True, kw_only=True):
    """A type of points was opened or changed."""

    name: ClassVar[str] = "points.type_changed"
    request_id: UUID


class TypeUnfit(Invalid):
    """A type of points cannot be like this."""

    code = "points.type_unfit"


class TypeOpen(Conflict):
    """Another request for this type waits for its decision."""

    code = "points.type_open"


class TypeUnknown(NotFound):
    """This bank has no such type of points."""

    code = "points.type_unknown"


def check_type(wanted: PointType) -> None:
    """Raise `TypeUnfit`, naming the field."""
    for fit, field, detail in (
        (_CODE.fullmatch(wanted.code), "code", "A code has 2 to 24 of A-Z, 0-9 and _, a letter first."),
        (wanted.code != "CNY", "code", "CNY is money, not points."),
        (0 < len(wanted.name.strip()) <= NAME_MAX, "name", f"A name has 1 to {NAME_MAX} characters."),
        (0 < len(wanted.name_en.strip()) <= NAME_MAX, "name_en", f"A name has 1 to {NAME_MAX} characters."),
        (
            0 <= wanted.unit_cost_fen <= COST_MAX_FEN,
            "unit_cost_fen",
            f"1,000 points cost between 0 and {COST_MAX_FEN} fen.",
        ),
        (0 <= wanted.pending_days <= PENDING_MAX, "pending_days", f"Points wait 0 to {PENDING_MAX} days."),
    ):
        if not fit:
            raise TypeUnfit(detail, pointer=f"/type/{field}")
    _check_expiry(wanted.expiry)


def _check_expiry(expiry: Expiry) -> None:
    most = DAYS_MAX if expiry.kind is ExpiryKind.DAYS else SPANS_MAX
    least = 1 if expiry.kind in {ExpiryKind.DAYS, ExpiryKind.MONTHS} else 0
    if not least <= expiry.n <= most:
        raise TypeUnfit(f"n is between {least} and {most}.", pointer="/type/expiry/n")
    if expiry.kind is ExpiryKind.DATE:
        if not 1 <= expiry.month <= MONTHS_A_YEAR:
            raise TypeUnfit("A month is 1 to 12.", pointer="/type/expiry/month")
        # 29 February is a day of the calendar, though not of every year.
        if not 1 <= expiry.day <= monthrange(2024, expiry.month)[1]:
            raise TypeUnfit("This month has no such day.", pointer="/type/expiry/day")


class DayOpen(Conflict):
    """The day is not over, or has not begun."""

    code = "points.day_open"


class DaysClosed(Event, frozen=True, kw_only=True):
    """A day was closed; `difference` is 0 where the books are whole."""

    name: ClassVar[str] = "points.day_closed"
    day: date
    difference: int
