"""The demo as somebody at the terminal has it: customers who come by themselves, a clock that runs fast, the truth."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from huoke.app.demo.truth import read_truths
from huoke.app.runtime import clock_of
from huoke.kernel.settings import Settings


def huoke(demo: Settings, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "huoke", "demo", *words, "--home", str(demo.home)],
        capture_output=True,
        text=True,
        check=False,
        env={"COLUMNS": "300", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_customers_come_by_themselves_and_leave_when_told_to(demo: Settings):
    said = huoke(demo, "live", "--rate", "1200", "--seconds", "5")
    counts = {name: int(count.replace(",", "")) for name, count in re.findall(r"([a-z]+(?: out)?) ([\d,]+)", said)}
    assert counts["logins"] > 10
    assert counts["claimed"] + counts["looked"] + counts["nothing"] > 5
    assert counts["away"] == 0


def test_a_fast_clock_goes_on_at_its_own_pace_afterwards(demo: Settings):
    clock = clock_of(demo)
    before = clock.now()
    huoke(demo, "live", "--rate", "60", "--speed", "60", "--seconds", "4")
    passed = clock_of(demo).now() - before
    assert passed > timedelta(minutes=3), "four seconds at sixty"
    ahead = clock_of(demo).now() - datetime.now(UTC)
    again = clock_of(demo).now() - datetime.now(UTC)
    assert abs(again - ahead) < timedelta(seconds=1)


def test_the_truth_of_every_finished_campaign_is_told(demo: Settings):
    said = huoke(demo, "truth")
    truths = read_truths(demo.home)
    assert len(truths) == 6
    assert all(truth.name in said for truth in truths)
    assert all(truth.treated > truth.control > 200 for truth in truths)
