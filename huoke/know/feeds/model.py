"""What a feed is: file names with a business date, the days it is due, its control file, and what may be refused."""

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from huoke.kernel.clock import CHINA
from huoke.kernel.events import Event
from huoke.kernel.refusals import Conflict, Invalid, NotFound

DATE_FORMS = {"{date}": ("%Y%m%d", r"([0-9]{8})"), "{date-}": ("%Y-%m-%d", r"([0-9]{4}-[0-9]{2}-[0-9]{2})")}
QUERY_CHARACTERS_MAX = 20_000
DAYS_BACK = 60
"""A day that is longer ago is not asked for any more; a file that comes is taken all the same."""
_FOLDER = re.compile(r"[A-Za-z0-9_-]{1,60}(/[A-Za-z0-9_-]{1,60}){0,3}")
_NAME = re.compile(r"[^/\\\x00-\x1f]{1,120}")


class FeedStatus(StrEnum):
    """A paused feed takes nothing and misses nothing; an ended one stays as a record."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class DayStatus(StrEnum):
    """missing → waiting → running → done, failed or cancelled; an excused day has no file and needs none."""

    MISSING = "missing"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXCUSED = "excused"


class NewFeed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed to declare. Names carry the business date as {date} (20260331) or {date-} (2026-03-31).

    `folder` lies below the bank's own folder of feeds. With `database_id` a day is what `query` answers as soon as
    `control_query` counts rows for it. With neither, days are uploaded. `weekdays` are the business days data is due
    for, 1 is Monday; it is late from `due_hour` of the next day on, China time.
    """

    name: str
    mapping: dict[str, Any]
    folder: str = ""
    pattern: str = ""
    control_pattern: str = ""
    database_id: UUID | None = None
    query: str = ""
    control_query: str = ""
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    due_hour: int = 6
    begins_on: date
    request_no: str | None = None


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed as declared; `place` is the folder its files belong into, as the operator of the instance sees it."""

    id: UUID
    name: str
    folder: str
    place: str = ""
    pattern: str
    control_pattern: str
    database_id: UUID | None
    query: str
    control_query: str
    asked_at: datetime | None
    """When its database was last asked for days."""
    trouble: dict[str, Any] | None
    """Why the database did not answer then: code and detail."""
    mapping: dict[str, Any]
    weekdays: tuple[int, ...]
    due_hour: int
    begins_on: date
    status: FeedStatus
    created_at: datetime
    created_by: str
    changed_at: datetime
    days: list["Day"]
    """The latest days, latest first."""
    can: list[str]


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a day's rows."""

    read: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    older: int = 0
    refused: int = 0


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """One business day of a feed. `late` when it came, or has not come, after its hour."""

    feed_id: UUID
    business_on: date
    status: DayStatus
    due_at: datetime
    late: bool
    attempt: int
    file_name: str
    rows_expected: int | None
    import_id: UUID | None
    counts: Counts | None
    refusal: dict[str, Any] | None
    arrived_at: datetime | None
    ended_at: datetime | None
    can: list[str]


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """What the sender says of a file: how many records it has, and the sum over its bytes."""

    rows: int | None = None
    sha256: str = ""
    md5: str = ""


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A day's file that was uploaded before, with what its control file says."""

    business_on: date
    file_id: UUID
    control: Control
    request_no: str | None = None


class FeedUnknown(NotFound):
    """No such feed in this bank, or no such day of it."""

    code = "feeds.unknown"


class FeedUnfit(Invalid):
    """A feed that cannot be declared so."""

    code = "feeds.unfit"


class FeedNameTaken(Conflict):
    """Another feed has the name."""

    code = "feeds.name_taken"


class FeedAtWork(Conflict):
    """The day or the feed is not in a state for this."""

    code = "feeds.state"


class ControlUnfit(Invalid):
    """A control file that does not say rows and a sum, or a file that is not as it says; nothing was taken."""

    code = "feeds.control"


class TakenBack(Conflict):
    """The import of a day was undone."""

    code = "feeds.taken_back"


class DayWaits(Event, frozen=True, kw_only=True):
    """A day's file is there and waits for its turn."""

    name: ClassVar[str] = "feeds.day_waits"
    feed_id: UUID
    business_on: date
    attempt: int


class DayEnded(Event, frozen=True, kw_only=True):
    """A day is done, failed or cancelled."""

    name: ClassVar[str] = "feeds.day_ended"
    feed_id: UUID
    business_on: date
    status: str


class DayMissing(Event, frozen=True, kw_only=True):
    """A day's hour has passed and its file is not there."""

    name: ClassVar[str] = "feeds.day_missing"
    feed_id: UUID
    business_on: date


class DayDraws(Event, frozen=True, kw_only=True):
    """A day is drawn from its database."""

    name: ClassVar[str] = "feeds.day_draws"
    feed_id: UUID
    business_on: date
    extract_id: UUID


class LookAsked(Event, frozen=True, kw_only=True):
    """Somebody wants a feed's folder looked into now."""

    name: ClassVar[str] = "feeds.look_asked"
    feed_id: UUID


def check_feed(new: NewFeed) -> None:
    """Raise `FeedUnfit` where a feed contradicts itself."""
    if not new.name.strip() or len(new.name) > 80:
        raise FeedUnfit("A feed needs a name of at most 80 characters.", pointer="/name")
    if not new.weekdays or any(not 1 <= day <= 7 for day in new.weekdays):
        raise FeedUnfit("Say the weekdays a file is due for, from 1 (Monday) to 7.", pointer="/weekdays")
    if not 0 <= new.due_hour <= 23:
        raise FeedUnfit("The hour is from 0 to 23.", pointer="/due_hour")
    if new.database_id is not None:
        _check_queries(new)
    elif new.folder:
        _check_names(new)


def _check_queries(new: NewFeed) -> None:
    if new.folder:
        raise FeedUnfit("Days come from a folder or from a database, not from both.", pointer="/folder")
    for pointer, query in (("/query", new.query), ("/control_query", new.control_query)):
        if not query.strip() or len(query) > QUERY_CHARACTERS_MAX:
            raise FeedUnfit(f"Write one SELECT of at most {QUERY_CHARACTERS_MAX:,} characters.", pointer=pointer)
        if not any(form in query for form in DATE_FORMS):
            raise FeedUnfit("A query asks for one business day: write it as {date} or {date-}.", pointer=pointer)


def _check_names(new: NewFeed) -> None:
    if not _FOLDER.fullmatch(new.folder):
        raise FeedUnfit("A folder is made of letters, digits, _ and -, as in core/customers.", pointer="/folder")
    for pointer, pattern in (("/pattern", new.pattern), ("/control_pattern", new.control_pattern)):
        if not _NAME.fullmatch(pattern) or sum(pattern.count(form) for form in DATE_FORMS) != 1:
            raise FeedUnfit("A file's name carries the business date once, as {date} or {date-}.", pointer=pointer)
    if new.pattern == new.control_pattern:
        raise FeedUnfit("The control file needs another name than the file.", pointer="/control_pattern")


def name_on(pattern: str, day: date) -> str:
    """The name a pattern gives for a business day."""
    for form, (written, _) in DATE_FORMS.items():
        pattern = pattern.replace(form, day.strftime(written))
    return pattern


def day_in(pattern: str, name: str) -> date | None:
    """The business day that a file's name says; None when it is not of the pattern."""
    for form, (written, digits) in DATE_FORMS.items():
        if form in pattern:
            before, _, after = pattern.partition(form)
            found = re.fullmatch(re.escape(before) + digits + re.escape(after), name)
            try:
                return datetime.strptime(found[1], written).date() if found else None  # noqa: DTZ007 - a date alone
            except ValueError:
                return None
    return None


def due_at(day: date, hour: int) -> datetime:
    """When a business day's file is late."""
    return datetime.combine(day + timedelta(days=1), time(hour), CHINA)


def days_due(begins_on: date, weekdays: tuple[int, ...], hour: int, now: datetime) -> list[date]:
    """Business days whose hour has passed, the latest `DAYS_BACK` days of them, ascending."""
    return [day for day in days_over(begins_on, weekdays, now) if due_at(day, hour) <= now]


def days_over(begins_on: date, weekdays: tuple[int, ...], now: datetime) -> list[date]:
    """Business days that are over, the latest `DAYS_BACK` days of them, ascending."""
    today = now.astimezone(CHINA).date()
    first = max(begins_on, today - timedelta(days=DAYS_BACK))
    days = [first + timedelta(days=number) for number in range((today - first).days)]
    return [day for day in days if day.isoweekday() in weekdays]


def bits_of(weekdays: tuple[int, ...]) -> int:
    """Weekdays as bits, Monday the lowest."""
    return sum(1 << (day - 1) for day in set(weekdays))


def weekdays_of(bits: int) -> tuple[int, ...]:
    """Bits as weekdays."""
    return tuple(day for day in range(1, 8) if bits >> (day - 1) & 1)


_KEYS = {"rows": "rows", "row_count": "rows", "count": "rows", "records": "rows", "行数": "rows", "笔数": "rows",
         "sha256": "sha256", "sha-256": "sha256", "md5": "md5"}  # fmt: skip
_SUM = re.compile(r"^([0-9a-fA-F]{64}|[0-9a-fA-F]{32})(\s+\*?\S.*)?$")


def read_control(text: str) -> Control:
    """A control file: JSON, lines of `rows=…`, `sha256: …`, `md5=…`, or a line of sha256sum; `ControlUnfit`."""
    said: dict[str, str] = {}
    try:
        decoded = msgspec.json.decode(text.encode())
        pairs = [(str(key), str(value)) for key, value in decoded.items()] if isinstance(decoded, dict) else []
    except msgspec.DecodeError:
        pairs = [(key, value) for key, sign, value in map(_parted, text.splitlines()) if sign]
        sums = [found[1] for line in text.splitlines() if (found := _SUM.match(line.strip()))]
        said |= {"sha256" if len(one) == 64 else "md5": one for one in sums}
    said |= {_KEYS[key.strip().lower()]: value.strip() for key, value in pairs if key.strip().lower() in _KEYS}
    rows = said.get("rows", "").replace(",", "")
    return check_control(
        Control(
            rows=int(rows) if rows.isdecimal() else None,
            sha256=said.get("sha256", "").lower(),
            md5=said.get("md5", "").lower(),
        )
    )


def check_control(control: Control) -> Control:
    """The control itself when it says rows and a sum; `ControlUnfit`."""
    summed = re.fullmatch("[0-9a-f]{64}", control.sha256) or re.fullmatch("[0-9a-f]{32}", control.md5)
    if control.rows is None or control.rows < 0 or not summed:
        raise ControlUnfit(
            "A control file says the number of rows and a checksum: rows=1200 and sha256=… (or md5=…).",
            pointer="/control",
        )
    return control


def _parted(line: str) -> tuple[str, str, str]:
    return line.partition("=") if "=" in line else line.partition(":")
