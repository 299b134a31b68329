from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from huoke.app.runtime import clock_of
from huoke.kernel import clock as clocks
from huoke.kernel.clock import LEAD, PacedClock, SetClock, SystemClock, change_pace
from huoke.kernel.settings import Settings

START = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    monkeypatch.setattr(clocks, "READ_SECONDS", 0.0)
    return SetClock(START)


def settings(home: Path, *, demo: bool) -> Settings:
    urls = dict.fromkeys(("database_url", "database_owner_url", "database_feed_url", "clickhouse_url"), "")
    return Settings(home=home, instance="test", web_port=0, demo=demo, **urls)


def test_without_a_file_a_paced_clock_is_the_machines(tmp_path, machine):
    assert PacedClock(tmp_path / "clock.json", machine.now).now() == START


def test_a_minute_at_sixty_is_an_hour_and_the_machine_goes_on(tmp_path, machine):
    path = tmp_path / "clock.json"
    fast = PacedClock(path, machine.now)
    change_pace(path, machine.now(), speed=60)
    machine.advance(LEAD)
    assert fast.now() == START + LEAD
    machine.advance(timedelta(minutes=1))
    assert fast.now() == START + LEAD + timedelta(hours=1)
    assert fast.machine() == START + LEAD + timedelta(minutes=1)


def test_a_new_pace_begins_later_than_everybody_reads_and_for_all_at_one_instant(tmp_path, machine):
    path = tmp_path / "clock.json"
    one, other = PacedClock(path, machine.now), PacedClock(path, machine.now)
    change_pace(path, machine.now(), speed=60)
    assert timedelta(seconds=2 * 0.2) <= LEAD
    machine.advance(LEAD / 2)
    assert one.now() == other.now() == machine.now()
    machine.advance(LEAD)
    assert one.now() == other.now() == START + LEAD + LEAD / 2 * 60


def test_a_change_of_pace_never_jumps_and_two_in_a_row_both_count(tmp_path, machine):
    path = tmp_path / "clock.json"
    clock = PacedClock(path, machine.now)
    change_pace(path, machine.now(), speed=600)
    machine.advance(LEAD / 2)
    change_pace(path, machine.now(), speed=1)
    seen = []
    for _ in range(400):
        machine.advance(timedelta(milliseconds=5))
        seen.append(clock.now())
    steps = [(after - before).total_seconds() for before, after in pairwise(seen)]
    assert min(steps) == pytest.approx(0.005)
    assert max(steps) == pytest.approx(3.0)
    assert clock.now() == machine.now() + LEAD / 2 * 599


def test_a_clock_set_to_an_instant_stands_there(tmp_path, machine):
    path = tmp_path / "clock.json"
    past = START - timedelta(days=150)
    change_pace(path, machine.now(), instant=past)
    machine.advance(LEAD)
    assert PacedClock(path, machine.now).now() == past


def test_only_a_demos_clock_reads_the_file(tmp_path):
    change_pace(tmp_path / "clock.json", START, instant=START - timedelta(days=900))
    assert isinstance(clock_of(settings(tmp_path, demo=False)), SystemClock)
    assert isinstance(clock_of(settings(tmp_path, demo=True)), PacedClock)
