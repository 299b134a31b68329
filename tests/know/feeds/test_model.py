"""Names with a business date, days that are due, and control files."""

import hashlib
from datetime import UTC, date, datetime

import pytest

from huoke.know.feeds.model import (
    Control,
    ControlUnfit,
    FeedUnfit,
    NewFeed,
    bits_of,
    check_feed,
    day_in,
    days_due,
    due_at,
    name_on,
    read_control,
    weekdays_of,
)

DAY = date(2026, 3, 31)
SHA = hashlib.sha256(b"x").hexdigest()
MD5 = hashlib.md5(b"x", usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(
    ("pattern", "name"), [("cust_{date}.csv.gz", "cust_20260331.csv.gz"), ("客户.{date-}.txt", "客户.2026-03-31.txt")]
)
def test_a_name_says_its_business_date_and_back(pattern, name):
    assert name_on(pattern, DAY) == name
    assert day_in(pattern, name) == DAY
    assert day_in(pattern, "x" + name) is None
    assert day_in(pattern, name.replace("31", "32")) is None


def test_weekdays_are_bits():
    assert weekdays_of(bits_of((1, 2, 3, 4, 5))) == (1, 2, 3, 4, 5)
    assert bits_of((7,)) == 64


def test_a_day_is_due_from_its_hour_of_the_next_day_in_china():
    assert due_at(DAY, 6) == datetime(2026, 3, 31, 22, tzinfo=UTC)
    just_before, at = datetime(2026, 3, 31, 21, 59, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)
    begins = date(2026, 3, 27)  # a Friday
    working = (1, 2, 3, 4, 5)
    assert days_due(begins, working, 6, just_before) == [date(2026, 3, 27), date(2026, 3, 30)]
    assert days_due(begins, working, 6, at) == [date(2026, 3, 27), date(2026, 3, 30), DAY]


@pytest.mark.parametrize(
    "text",
    [
        f"rows=1,200\nsha256={SHA}\n",
        f"行数: 1200\nSHA-256: {SHA.upper()}\nsender=core\n",
        f'{{"row_count": 1200, "sha256": "{SHA}"}}',
        f"count=1200\n{SHA}  cust.csv\n",
    ],
)
def test_control_files_are_read_as_people_write_them(text):
    assert read_control(text) == Control(rows=1200, sha256=SHA)


def test_an_md5_will_do():
    assert read_control(f"rows=0\nmd5={MD5}") == Control(rows=0, md5=MD5)


@pytest.mark.parametrize("text", ["", "rows=12", f"sha256={SHA}", "rows=-1\nmd5=x", "rows=1\nsha256=12", "[1]", "{"])
def test_a_control_file_that_does_not_say_enough_is_refused(text):
    with pytest.raises(ControlUnfit):
        read_control(text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"folder": "../etc"},
        {"folder": "/etc"},
        {"pattern": "cust.csv"},
        {"pattern": "a/{date}"},
        {"control_pattern": "c_{date}.csv"},
        {"weekdays": ()},
        {"weekdays": (8,)},
        {"due_hour": 24},
    ],
)
def test_a_feed_that_cannot_be_is_refused(wrong):
    names = {"pattern": "c_{date}.csv", "control_pattern": "c_{date}.ctl"}
    fit = {"name": "核心", "mapping": {}, "folder": "core", "begins_on": DAY, **names}
    check_feed(NewFeed(**fit))
    with pytest.raises(FeedUnfit):
        check_feed(NewFeed(**{**fit, **wrong}))
