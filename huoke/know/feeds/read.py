"""Questions about feeds: their days, and what needs somebody's eyes."""

from datetime import date, timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.know.feeds import store
from huoke.know.feeds.model import Day, DayStatus, Feed, FeedStatus, FeedUnknown, due_at, weekdays_of

SHOWN_DAYS = 35


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """A feed that needs somebody: days that failed, days that are missing."""

    feed_id: UUID
    name: str
    failed: int
    missing: int
    latest_on: date


async def find(tx: Tx) -> list[Feed]:
    """Every feed of the bank by name, each with its latest five weeks."""
    rows = await store.feeds(tx)
    since = tx.now.date() - timedelta(days=SHOWN_DAYS)
    days = await store.days(tx, [row["id"] for row in rows], since=since)
    return [_feed(tx, row, [day for day in days if day["feed_id"] == row["id"]]) for row in rows]


async def get(tx: Tx, feed_id: UUID) -> Feed:
    """One feed with all its days; `FeedUnknown`."""
    rows = await store.feeds(tx, feed_id=feed_id)
    if not rows:
        raise FeedUnknown("There is no such feed.")
    return _feed(tx, rows[0], await store.days(tx, [feed_id], since=date.min))


async def alarms(tx: Tx) -> list[Alarm]:
    """Active feeds whose days failed or are missing."""
    return [
        Alarm(
            feed_id=row["id"],
            name=row["name"],
            failed=row["failed"],
            missing=row["missing"],
            latest_on=row["latest_on"],
        )
        for row in await store.alarms(tx)
    ]


def _feed(tx: Tx, row: Record, days: list[Record]) -> Feed:
    status = FeedStatus(row["status"])
    can = {
        FeedStatus.ACTIVE: ["run", "upload", "pause", "change", "end"],
        FeedStatus.PAUSED: ["resume", "change", "end"],
    }
    fields = {**dict(row), "status": status, "weekdays": weekdays_of(row["weekdays"])}
    known = {name: fields[name] for name in Feed.__struct_fields__ if name in fields}
    return Feed(**known, days=[_day(tx, row, day) for day in days], can=can.get(status, []))


def _day(tx: Tx, feed: Record, row: Record) -> Day:
    due = due_at(row["business_on"], feed["due_hour"])
    status = DayStatus(row["status"])
    came = row["arrived_at"] or (tx.now if status is DayStatus.MISSING else due)
    can: list[str] = []
    if feed["status"] == FeedStatus.ACTIVE:
        can = {
            DayStatus.WAITING: ["cancel"],
            DayStatus.RUNNING: ["cancel"],
            DayStatus.MISSING: ["excuse"],
            DayStatus.EXCUSED: [],
        }.get(status, ["rerun"])
    fields = {name: row[name] for name in Day.__struct_fields__ if name in row.keys()}  # noqa: SIM118 - a Record
    return msgspec.convert(
        {**fields, "status": status.value, "due_at": due, "late": came > due, "can": can},
        Day,
        builtin_types=(UUID, date),
    )
