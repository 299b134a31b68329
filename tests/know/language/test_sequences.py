"""What came after what: progress through a sequence against every way there is, counted out."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.know import language
from huoke.know.events import EventSchema
from huoke.know.language import Happened, Stopped

TODAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
NAMES = ("a", "b", "c")
WORDS = language.Vocabulary({}, {name: EventSchema(name=name, title=name, title_en=name) for name in NAMES}, {})


def bound(steps, within_days=2, window_days=None, never=None):
    tree = {
        "kind": "sequence",
        "steps": [{"name": name} for name in steps],
        "within_days": within_days,
        "window_days": window_days,
        "never": {"name": never} if never else None,
    }
    return language.compile_expression(language.parse(tree), WORDS).sequences[""]


def at(hours):
    return NOON - timedelta(hours=hours)


def happened(*told):
    """Events as (name, hours before noon)."""
    return [Happened(name, at(hours)) for name, hours in told]


def by_hand(steps, within, never, events):
    """Whether any choice of events fulfils the rule as it is told: strictly in order, within, nothing between."""
    found = [[one.at for one in events if one.name == name] for name in steps]
    forbidden = [one.at for one in events if one.name == never]
    return any(
        all(first < second for first, second in pairwise(way))
        and way[-1] - way[0] <= within
        and not any(way[0] < one < way[-1] for one in forbidden)
        for way in product(*found)
    )


EVENTS = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 90)), max_size=9)


@given(
    st.lists(st.sampled_from(NAMES), min_size=2, max_size=4),
    st.sampled_from([1, 2, 4]),
    st.sampled_from([None, *NAMES]),
    EVENTS,
)
def test_a_sequence_is_whole_exactly_when_some_choice_of_events_fulfils_it(steps, within_days, never, told):
    events = happened(*told)
    found = language.progress(bound(steps, within_days, never=never), events, TODAY)
    assert (found.stopped is None) is by_hand(steps, timedelta(days=within_days), never, events)
    assert list(found.at) == sorted(set(found.at))
    assert len(found.at) == len(steps) or found.stopped


@pytest.mark.parametrize(
    ("told", "never", "done", "stopped"),
    [
        ([("a", 5), ("b", 4), ("c", 3)], None, 3, None),
        ([("c", 5), ("b", 4), ("a", 3)], None, 1, Stopped.ABSENT),
        ([("a", 4), ("b", 4), ("c", 3)], None, 1, Stopped.ABSENT),
        ([("a", 80), ("b", 79), ("c", 3)], None, 2, Stopped.LATE),
        ([("a", 80), ("a", 40), ("b", 30), ("c", 3)], None, 3, None),
        ([("a", 53), ("b", 20), ("c", 5)], None, 3, None),
        ([("a", 53), ("b", 20), ("c", 4)], None, 2, Stopped.LATE),
        ([("a", 9), ("b", 8), ("b", 7), ("c", 6)], "b", 3, None),
        ([], None, 0, Stopped.ABSENT),
    ],
    ids=["in order", "backwards", "of one instant", "too late", "a later begin fits", "to the hour", "an hour more",
         "what is a step may lie between others", "nothing"],
)  # fmt: skip
def test_it_is_said_how_far_one_came_and_why_no_further(told, never, done, stopped):
    found = language.progress(bound("abc"), happened(*told), TODAY)
    assert (len(found.at), found.stopped) == (done, stopped)


def test_what_must_not_lie_between_ends_only_the_ways_that_began_before_it():
    rule = bound("ab", never="c")
    stopped = language.progress(rule, happened(("a", 9), ("c", 8), ("b", 7)), TODAY)
    assert (stopped.at, stopped.stopped) == ((at(9),), Stopped.NEVER)
    assert language.progress(rule, happened(("a", 9), ("c", 8), ("a", 8), ("b", 7)), TODAY).at == (at(8), at(7))
    assert language.progress(rule, happened(("c", 9), ("a", 9), ("b", 7), ("c", 7)), TODAY).stopped is None


def test_the_window_counts_the_bank_s_days_and_a_late_event_counts_by_its_own_time():
    yesterday = [Happened("a", datetime(2026, 3, 9, 15, 59, tzinfo=UTC)), Happened("b", at(1))]
    assert language.progress(bound("ab", window_days=1), yesterday, TODAY).stopped is Stopped.ABSENT
    assert language.progress(bound("ab", window_days=2), list(reversed(yesterday)), TODAY).stopped is None
    tomorrow = [*happened(("a", 1)), Happened("b", datetime(2026, 3, 10, 16, tzinfo=UTC))]
    assert len(language.progress(bound("ab"), tomorrow, TODAY).at) == 1


def test_one_rule_has_one_hash_whatever_order_its_properties_came_in():
    asked = [{"property": "x", "op": "in", "value": ["1", "2"]}, {"property": "y", "op": "=", "value": "3"}]
    other = [asked[1], {"property": "x", "op": "in", "value": ["2", "1"]}]

    def hash_of(where, first="a"):
        steps = [{"name": first, "where": where}, {"name": "b"}]
        return language.content_hash(language.parse({"kind": "sequence", "steps": steps, "within_days": 2}))

    assert hash_of(asked) == hash_of(other)
    assert hash_of(asked) != hash_of(asked, first="c")
    assert hash_of(asked) != hash_of(asked[:1])
