"""What a short message says and how long it is."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.kernel.clock import CHINA
from huoke.reach.channels.model import NEXT, MessageState, Told, awake, heard
from huoke.reach.channels.text import Language, compose, segments, unknown_variables


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("您" * 70, 1),
        ("您" * 71, 2),
        ("您" * 134, 2),
        ("您" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_as_the_standard_says(text, parts):
    assert segments(text) == parts


def test_a_message_says_who_writes_and_how_to_opt_out():
    said = compose("滨海银行", "{name}您好，领取{benefit}", {"name": "王芳", "benefit": "咖啡"}, Language.ZH)
    assert said == "【滨海银行】王芳您好，领取咖啡 拒收请回复R"
    assert compose("滨海银行", "Hello {name}", {}, Language.EN) == "【滨海银行】Hello Reply R to opt out"


def test_a_name_in_braces_is_not_filled_in_twice():
    said = compose("滨海银行", "{name}", {"name": "{link}", "link": "x"}, Language.ZH, commercial=False)
    assert said == "【滨海银行】{link}"


def test_variables_nobody_fills_in_are_named():
    assert unknown_variables("{name} {nmae} {link}", frozenset({"name", "link"})) == ["nmae"]


@pytest.mark.parametrize(
    ("hour", "goes"),
    [("20:59", "20:59"), ("21:00", "08:00 next"), ("23:30", "08:00 next"), ("00:10", "08:00"), ("08:00", "08:00")],
)
def test_quiet_hours_cross_midnight(hour, goes):
    day = datetime(2026, 3, 2, tzinfo=CHINA)
    at = datetime.combine(day, time.fromisoformat(hour), CHINA).astimezone(UTC)
    wanted = datetime.combine(day, time.fromisoformat(goes[:5]), CHINA) + timedelta(days="next" in goes)
    assert awake(at, time(21), time(8)) == wanted


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), st.times(), st.times())
def test_what_is_put_off_goes_when_all_are_awake(at, start, end):
    later = awake(at, start, end)
    assert at <= later < at + timedelta(days=1, minutes=1)
    clock = later.astimezone(CHINA).time()
    assert later == at or (clock.hour, clock.minute) == (end.hour, end.minute)


@given(st.sampled_from(MessageState), st.lists(st.sampled_from(Told)))
def test_an_ended_message_stays_as_it_ended(state, news):
    for told in news:
        ended = not NEXT[state]
        after = heard(state, told)
        assert not (ended and after)
        state = after or state
