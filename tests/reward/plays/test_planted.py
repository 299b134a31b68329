"""A bug planted in each kind of play, and the neighbouring test that turns red of it."""

from datetime import timedelta
from importlib import import_module

import asyncpg
import pytest

from huoke.reward.plays import chances, checkin, counting, missions, quiz
from tests.make import plays as make
from tests.reward.plays import test_checkin, test_missions, test_ways

cards = import_module("huoke.reward.plays.cards")


def always_on(_rain, at):
    return at - timedelta(seconds=1), at + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("place", "name", "planted", "test"),
    [
        (checkin, "_milestones", lambda *_: [],
         test_checkin.test_three_days_on_end_give_three_coffees_a_cake_and_a_draw),
        (checkin, "present", lambda _: set(),
         test_checkin.test_a_double_tap_and_another_record_of_the_person_count_once),
        (missions, "day_for", lambda mission, happened_on, opens_on: opens_on,
         test_missions.test_a_daily_mission_counts_each_day_and_late_events_on_their_own),
        (counting, "_fits", lambda *_: True,
         test_ways.test_steps_count_the_highest_of_a_day_from_known_sources_within_reason),
        (quiz, "GRACE", timedelta(days=1), test_ways.test_late_and_wrong_answers_give_nothing),
        (cards, "sets_of", lambda *_: 9, test_ways.test_a_full_set_of_cards_is_claimed_once),
        (chances, "now_on", always_on, test_ways.test_a_round_of_rain_is_one_draw_for_each_person),
    ],
    ids=["check-in", "double tap", "mission", "steps", "quiz", "cards", "rain"],
)  # fmt: skip
async def test_a_bug_planted_in_a_kind_of_play_is_seen(world, clock, monkeypatch, place, name, planted, test):
    if place is missions:
        monkeypatch.setattr(counting, "day_for", planted)
    monkeypatch.setattr(place, name, planted)
    more = {"calendar": await make.calendar(world)} if "calendar" in test.__code__.co_varnames else {}
    with pytest.raises((AssertionError, AttributeError, asyncpg.PostgresError)):
        await test(world, clock, **more)
