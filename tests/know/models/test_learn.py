"""Learning: planted causes are found, told shares are the seen ones, and a text is the whole model."""

import csv
import gzip
import os
from pathlib import Path

import lightgbm
import msgspec
import numpy as np
import pytest

from huoke.know import models
from huoke.know.models import Algorithm, OutcomeTooRare, Rows, trees
from huoke.know.models.learn import _fit_boosted, raw_scores
from tests.gates.sources import ROOT

DATA = Path(os.environ.get("HUOKE_DATA") or ROOT.parent / "shared" / "data") / "bank_marketing_full.csv.gz"
CAUSES = 2


def rows(count, seed, shift=0.0):
    """Six features of which the first two matter, the second not along a line; a tenth of the first is unknown."""
    random = np.random.default_rng(seed)
    features = random.normal(shift, 1.0, (count, 6)).astype(np.float32)
    odds = -2.0 + 1.2 * features[:, 0] + 1.5 * (np.abs(features[:, 1]) > 1)
    outcome = random.random(count) < 1 / (1 + np.exp(-odds))
    features[random.random(count) < 0.1, 0] = np.nan
    return Rows(features, outcome)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_told_shares_are_the_seen_ones_on_rows_never_seen(algorithm):
    learned = models.learn(algorithm, rows(16_000, 1), rows(8_000, 2))
    assert learned.judged.auc > (0.72 if algorithm is Algorithm.LOGISTIC else 0.76)
    assert learned.judged.calibration_error < (0.045 if algorithm is Algorithm.LOGISTIC else 0.02)
    fresh = rows(8_000, 3)
    again = models.judge(models.scores(learned, fresh.features), fresh.outcome)
    assert again.auc == pytest.approx(learned.judged.auc, abs=0.03)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_the_causes_are_named(algorithm):
    learned = models.learn(algorithm, rows(8_000, 1), rows(2_000, 2))
    weight = np.abs(models.contributions(learned, rows(500, 3).features)).mean(axis=0)
    assert weight.argmax() == 0
    if algorithm is Algorithm.BOOSTED:
        assert set(np.argsort(weight)[-CAUSES:]) == {0, 1}


def test_contributions_of_trees_add_up_to_the_log_odds():
    learned = models.learn(Algorithm.BOOSTED, rows(3_000, 1), rows(2_000, 2))
    some = rows(50, 3).features
    told = raw_scores(Algorithm.BOOSTED, learned.text, some)
    odds = np.log(told / (1 - told))
    spread = odds - models.contributions(learned, some).sum(axis=1)
    assert np.ptp(spread) < 1e-6


def test_trees_tell_what_lightgbm_tells_the_unknown_included():
    """And the control: a limit that is one float32 too high sends a row that stands on it elsewhere."""
    seen = rows(4_000, 5)
    holes = np.random.default_rng(6).random(seen.features.shape) < 0.1
    for features in (np.where(holes, np.float32(np.nan), seen.features), seen.features):
        text = _fit_boosted(features, seen.outcome)
        booster = lightgbm.Booster(model_str=text)
        asked = np.where(holes[::-1], np.float32(np.nan), seen.features)
        limits = np.sort(trees.forest(text).limit)[: len(asked)]
        asked[: len(limits), 0] = limits
        found = trees.probabilities(trees.forest(text), asked)
        assert np.abs(found - booster.predict(asked, num_threads=1)).max() < 1e-12
        higher = msgspec.structs.replace(trees.forest(text), limit=trees.forest(text).limit + np.float32(0.1))
        assert np.abs(trees.probabilities(higher, asked) - found).max() > 1e-3


def test_limits_round_down_to_what_splits_alike():
    limits = np.array([0.1, -0.1, 0.5, 1e-40, 1e30])
    found = trees._down(limits)
    assert (found.astype(np.float64) <= limits).all()
    assert (np.nextafter(found, np.float32(np.inf)).astype(np.float64) > limits).all()


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_the_same_rows_give_the_same_text(algorithm):
    earlier, later = rows(2_000, 1), rows(2_000, 2)
    assert models.learn(algorithm, earlier, later).text == models.learn(algorithm, earlier, later).text
    assert earlier.data_hash == rows(2_000, 1).data_hash != later.data_hash


def test_another_population_is_seen():
    learned = models.learn(Algorithm.LOGISTIC, rows(4_000, 1), rows(2_000, 2))
    assert models.drift(learned, rows(4_000, 3).features).max() < 0.05
    assert models.drift(learned, rows(4_000, 4, shift=0.8).features).min() > 0.25
    blank = rows(4_000, 5)
    blank.features[:, 3] = np.nan
    assert models.drift(learned, blank.features).argmax() == 3


def test_what_nearly_never_happens_is_not_learned():
    earlier = rows(2_000, 1)
    rare = Rows(earlier.features, np.arange(2_000) < 49)
    with pytest.raises(OutcomeTooRare):
        models.learn(Algorithm.BOOSTED, rare, earlier)
    with pytest.raises(OutcomeTooRare):
        models.learn(Algorithm.BOOSTED, earlier, Rows(earlier.features, ~rare.outcome))


@pytest.mark.skipif(not DATA.exists(), reason=f"needs {DATA.name}: set HUOKE_DATA to the folder that holds it")
def test_bank_marketing_without_the_leak_reaches_its_reference():
    with gzip.open(DATA, "rt") as file:
        table = list(csv.DictReader(file))
    columns = []
    for name in table[0]:
        if name in ("duration", "y"):
            continue
        values = [row[name] for row in table]
        known = sorted(set(values))
        numeric = all(value.lstrip("-").isdigit() for value in known)
        columns.append([float(value) if numeric else float(known.index(value)) for value in values])
    features = np.array(columns, dtype=np.float32).T
    outcome = np.array([row["y"] == "yes" for row in table])
    fold = np.random.default_rng(1).integers(0, 5, len(outcome))
    judged = [
        models.learn(
            Algorithm.BOOSTED,
            Rows(features[fold != k], outcome[fold != k]),
            Rows(features[fold == k], outcome[fold == k]),
        ).judged
        for k in range(5)
    ]
    assert np.mean([one.auc for one in judged]) >= 0.795
    assert np.mean([one.calibration_error for one in judged]) <= 0.015
