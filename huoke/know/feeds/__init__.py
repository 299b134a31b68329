"""Nightly feeds: files a bank's systems leave every business day, each with its control file.

feed_id = await feeds.declare(tx, new)
await feeds.look(database, tenant, settings)              which days' files are there, which are missing
await feeds.take_next(database, tenant, settings, id)     begins the earliest day that waits
"""

from huoke.know.feeds.model import (
    Control,
    ControlUnfit,
    Day,
    DayStatus,
    Feed,
    FeedAtWork,
    FeedNameTaken,
    FeedStatus,
    FeedUnfit,
    FeedUnknown,
    NewFeed,
    Upload,
)
from huoke.know.feeds.read import Alarm, alarms, find, get
from huoke.know.feeds.steer import cancel_day, change, declare, excuse, look_now, move, rerun, upload_day
from huoke.know.feeds.take import draw_day, look, note_end, note_undo, place_of, take_next

__all__ = [
    "Alarm",
    "Control",
    "ControlUnfit",
    "Day",
    "DayStatus",
    "Feed",
    "FeedAtWork",
    "FeedNameTaken",
    "FeedStatus",
    "FeedUnfit",
    "FeedUnknown",
    "NewFeed",
    "Upload",
    "alarms",
    "cancel_day",
    "change",
    "declare",
    "draw_day",
    "excuse",
    "find",
    "get",
    "look",
    "look_now",
    "move",
    "note_end",
    "note_undo",
    "place_of",
    "rerun",
    "take_next",
    "upload_day",
]
