"""BG/NBD and Gamma-Gamma: planted truths come back, and the published figures of CDNOW hold."""

import csv
import gzip
import os
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from huoke.know import models
from huoke.know.models import Purchases, TooFew
from tests.gates.sources import ROOT

DATA = Path(os.environ.get("HUOKE_DATA") or ROOT.parent / "shared" / "data")
CALIBRATED_UNTIL, HOLDOUT_WEEKS = date(1997, 9, 30), 39


def bought(r, alpha, a, b, customers, age, seed):
    """Customers who live as the model says, over `age` weeks, and what they did in the `age` weeks after."""
    random = np.random.default_rng(seed)
    rates, drops = random.gamma(r, 1 / alpha, customers), random.beta(a, b, customers)
    buys = np.cumsum(random.exponential(1 / rates[:, None], (customers, 120)), axis=1)
    buys[np.arange(120) >= random.geometric(np.maximum(drops, 1e-9))[:, None]] = np.inf
    inside = buys <= age
    recency = np.where(inside, buys, 0.0).max(axis=1)
    seen = Purchases(repeats=inside.sum(axis=1).astype(float), recency=recency, age=np.full(customers, float(age)))
    return seen, ((buys > age) & (buys <= 2 * age)).sum(axis=1)


def test_planted_habits_come_back_and_foretell_what_follows():
    seen, after = bought(0.8, 5.0, 0.9, 2.5, customers=12_000, age=40, seed=1)
    model = models.fit_comeback(seen)
    assert model.expected(seen, 40.0).sum() == pytest.approx(after.sum(), rel=0.04)
    assert model.r == pytest.approx(0.8, rel=0.1)
    assert model.alpha == pytest.approx(5.0, rel=0.12)
    busy = seen.repeats >= 5
    assert model.expected(seen, 40.0)[busy].sum() == pytest.approx(after[busy].sum(), rel=0.08)


def test_who_was_here_last_week_is_likelier_alive_than_who_was_not():
    model = models.fit_comeback(bought(0.8, 5.0, 0.9, 2.5, customers=3_000, age=40, seed=2)[0])
    three = Purchases(repeats=np.array([3.0, 3.0, 0.0]), recency=np.array([39.0, 5.0, 0.0]), age=np.full(3, 40.0))
    here, gone, never = model.alive(three)
    assert here > 0.8
    assert gone < 0.35
    assert never == 1.0
    assert (np.diff(model.expected(three, 10.0)[[1, 0]]) > 0).all()


def test_the_unit_of_time_changes_nothing_but_the_rate():
    weeks = bought(0.8, 5.0, 0.9, 2.5, customers=2_000, age=40, seed=3)[0]
    days = Purchases(repeats=weeks.repeats, recency=weeks.recency * 7, age=weeks.age * 7)
    slow, fast = models.fit_comeback(weeks), models.fit_comeback(days)
    assert fast.alpha == pytest.approx(7 * slow.alpha, rel=1e-3)
    assert fast.expected(days, 70.0).sum() == pytest.approx(slow.expected(weeks, 10.0).sum(), rel=1e-4)


def test_what_a_visit_brings_is_drawn_towards_everybodys_mean():
    random = np.random.default_rng(4)
    typical = 15.0 / random.gamma(3.7, 1.0, 4_000) * 6.2
    repeats = random.integers(1, 12, 4_000).astype(float)
    mean = random.gamma(6.2 * repeats, typical / (6.2 * repeats))
    model = models.fit_worth(repeats, mean)
    assert np.mean(np.abs(model.average(repeats, mean) - typical)) < np.mean(np.abs(mean - typical))
    once, often = model.average(np.array([1.0, 40.0]), np.array([200.0, 200.0]))
    assert once < often < 200
    assert model.average(np.array([0.0]), np.array([0.0]))[0] == pytest.approx(model.p * model.v / (model.q - 1))


def test_nobody_came_back_is_refused():
    with pytest.raises(TooFew):
        models.fit_comeback(Purchases(repeats=np.zeros(500), recency=np.zeros(500), age=np.full(500, 30.0)))
    with pytest.raises(TooFew):
        models.fit_worth(np.ones(500), np.zeros(500))


@pytest.mark.skipif(not (DATA / "cdnow_master.csv.gz").exists(), reason="needs cdnow_master.csv.gz: set HUOKE_DATA")
def test_cdnow_gives_the_published_figures():
    with (DATA / "cdnow_sample_ids.csv").open() as file:
        wanted = {int(row[0]) for row in csv.reader(file) if row[0].strip().isdigit()}
    days: dict[int, dict[date, float]] = {}
    with gzip.open(DATA / "cdnow_master.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            if (customer := int(row["customer_id"])) in wanted:
                day = datetime.strptime(row["date"], "%Y%m%d").date()
                paid = days.setdefault(customer, {})
                paid[day] = paid.get(day, 0.0) + float(row["dollar_value"])
    assert len(days) == 2_357
    repeats, recency, age, after = [], [], [], 0
    for paid in days.values():
        first, *_, last = [*sorted(day for day in paid if day <= CALIBRATED_UNTIL), CALIBRATED_UNTIL]
        seen = sorted(day for day in paid if day <= CALIBRATED_UNTIL)
        repeats.append(len(seen) - 1.0)
        recency.append((seen[-1] - first).days / 7)
        age.append((last - first).days / 7)
        after += sum(CALIBRATED_UNTIL < day <= CALIBRATED_UNTIL + timedelta(weeks=HOLDOUT_WEEKS) for day in paid)
    seen_all = Purchases(repeats=np.array(repeats), recency=np.array(recency), age=np.array(age))
    model = models.fit_comeback(seen_all)
    found = (model.r, model.alpha, model.a, model.b)
    assert found == pytest.approx((0.2426, 4.414, 0.793, 2.426), abs=0.002)
    assert model.log_likelihood == pytest.approx(-9582.4, abs=0.1)
    assert model.expected(seen_all, HOLDOUT_WEEKS).sum() == pytest.approx(after, rel=0.15)
