from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from huoke.app.demo import behaviour, population
from huoke.app.demo.behaviour import LOGIN, PAYMENT, SALARY, Happenings, World
from huoke.app.demo.population import Place
from huoke.app.demo.seasons import DAY_MS, Span

TODAY = date(2026, 11, 22)
DAYS = 180
HOUR_MS = 3_600_000
PLACE = Place(
    region="990200",
    cities=("港湾市", "临港市"),
    unit_codes=("B01", "B02"),
    unit_cities=(0, 1),
    unit_owners=("甲", "乙"),
)


def make_world(count: int) -> World:
    return World(
        people=population.draw(count, 7, PLACE, TODAY),
        span=Span(TODAY - timedelta(days=DAYS), DAYS),
        merchants=[f"商户{place}" for place in range(24)],
        merchant_categories=[place % 8 for place in range(24)],
        benefits=[f"SKU-{place}" for place in range(30)],
    )


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(8_000)


@pytest.fixture(scope="module")
def history(world: World) -> dict[str, Happenings]:
    return behaviour.history(world, 7)


def day_of(happenings: Happenings, world: World) -> np.ndarray:
    return (happenings.at - world.span.start_ms) // DAY_MS


def test_the_same_seed_gives_the_same_events():
    small = make_world(500)
    seqs = np.arange(500, dtype=np.uint32)
    once, again, other = (
        pa.concat_tables(
            [each.table(seqs) for each in behaviour.history(small, seed).values()], promote_options="default"
        )
        for seed in (7, 7, 8)
    )
    assert once.equals(again)
    assert not once.equals(other)


def test_there_are_sixty_events_for_each_customer_or_as_many_as_asked(world, history):
    assert sum(map(len, history.values())) / 8_000 == pytest.approx(60, rel=0.04)
    asked = behaviour.history(world, 7, events_per_customer=20)
    assert sum(map(len, asked.values())) / 8_000 == pytest.approx(21, rel=0.06)


def test_everything_happens_within_the_span_and_nothing_to_the_quiet(world, history):
    for happenings in history.values():
        days = day_of(happenings, world)
        assert days.min() >= 0
        assert days.max() < DAYS
        assert (days < DAYS - world.people.quiet_days[happenings.customer]).all()
        assert not world.people.prospect[happenings.customer].any()
    long_quiet = np.flatnonzero(world.people.quiet_days >= DAYS)
    assert len(long_quiet) > 100
    assert not np.isin(history[PAYMENT].customer, long_quiet).any()


def test_few_spend_most(world, history):
    payments = history[PAYMENT]
    spent = np.sort(np.bincount(payments.customer, payments.amount_fen, minlength=8_000))[::-1]
    assert 0.6 < spent[:1_600].sum() / spent.sum() < 0.85
    at = np.sort(np.bincount(payments.properties["merchant"][0], minlength=24))[::-1]
    assert at[0] > 5 * at[-1]


def test_salaries_come_once_a_month_on_working_days_and_spending_follows(world, history):
    salaries = history[SALARY]
    days = day_of(salaries, world)
    assert {world.span.dates()[day].weekday() for day in np.unique(days)} <= {0, 1, 2, 3, 4}
    steady = np.flatnonzero((world.people.salary_day == 10) & (world.people.quiet_days == 0))
    counts = np.bincount(salaries.customer, minlength=8_000)[steady]
    assert set(counts) == {6}
    payments = history[PAYMENT]
    of_them = np.isin(payments.customer, steady)
    dates = np.array([day.day for day in world.span.dates()])[day_of(payments, world)[of_them]]
    assert np.isin(dates, [10, 11, 12]).sum() > 1.5 * np.isin(dates, [6, 7, 8]).sum()


def test_shopping_days_and_evenings_stand_out(world, history):
    by_day = np.bincount(day_of(history[PAYMENT], world), minlength=DAYS)
    of_festival = [world.span.dates().index(date(2026, 11, 10)), world.span.dates().index(date(2026, 11, 11))]
    assert by_day[of_festival].min() > 1.6 * np.median(by_day)
    hours = np.bincount((history[LOGIN].at + 8 * HOUR_MS) // HOUR_MS % 24, minlength=24)
    assert hours[21] > 8 * hours[3]


def test_logins_of_the_last_days_are_counted_from_the_events(world, history):
    counted = behaviour.logins_in(history, world, 30)
    logins = history[LOGIN]
    assert counted.sum() == (day_of(logins, world) >= DAYS - 30).sum()
    assert counted[world.people.quiet_days > 30].sum() == 0
