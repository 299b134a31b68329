"""Scoring customers by a boosted model: 60 features, 200 trees of 31 leaves, chunk by chunk on two threads of ours.

The model is learned on rows whose outcome depends on a few features. Features of each chunk are made in memory just
before it is scored and are not counted: how long they take is ClickHouse's figure. Checked: some rows of every chunk
are scored as LightGBM itself scores them, and the ten tenths are calibrated as they were when it was judged.
"""

import asyncio
import time
from typing import Any

import lightgbm
import numpy as np

from huoke.know import models
from huoke.know.models import Algorithm, Rows
from huoke.know.models.learn import LEAVES, TREES, Matrix
from huoke.know.models.score import CHUNK

SIZE = 1_000_000
FEATURES = 60
LEARNED_ROWS = 20_000
COMPARED = 500
SECONDS_MAX = 120.0
CUSTOMERS_MAX = 10_000_000
ERROR_MAX = 0.03
TRAIN_SEED, JUDGE_SEED = 1, 2


async def run(size: int = SIZE) -> list[dict[str, Any]]:
    """Score `size` customers; seconds are those of scoring alone, the rate is what ten million would take at it."""
    return [await asyncio.to_thread(_measure, size)]


def _measure(size: int) -> dict[str, Any]:
    learned = models.learn(Algorithm.BOOSTED, _rows(LEARNED_ROWS, TRAIN_SEED), _rows(LEARNED_ROWS, JUDGE_SEED))
    booster = lightgbm.Booster(model_str=learned.text)
    models.predict(learned, _rows(COMPARED, 0).features)
    seconds, cpu, alike, told, seen = 0.0, 0.0, True, 0.0, 0
    for number, low in enumerate(range(0, size, CHUNK)):
        rows = _rows(min(CHUNK, size - low), 100 + number)
        began, before = time.perf_counter(), time.process_time()
        found = models.predict(learned, rows.features)
        seconds, cpu = seconds + time.perf_counter() - began, cpu + time.process_time() - before
        plain = np.interp(booster.predict(rows.features[:COMPARED]), *learned.steps)
        alike &= bool(np.allclose(found[:COMPARED], plain, rtol=0, atol=1e-12))
        told, seen = told + float(found.sum()), seen + int(rows.outcome.sum())
    at_full_size = seconds * CUSTOMERS_MAX / size
    return {
        "name": "churn-score",
        "ours": round(seconds, 2),
        "unit": f"s for {size:,} customers × {FEATURES} features, {_trees(booster)} trees × {LEAVES} leaves",
        "baseline": None,
        "baseline_value": None,
        "ratio": None,
        "cpu_s": round(cpu, 2),
        "seconds_at_10m": round(at_full_size, 1),
        "checks": {
            "scored as LightGBM itself does": alike,
            "what was told is what was seen": abs(told / size - seen / size) <= ERROR_MAX,
            f"10 million within {SECONDS_MAX:.0f} s": at_full_size <= SECONDS_MAX,
        },
    }


def _rows(count: int, seed: int) -> Rows:
    random = np.random.default_rng(seed)
    features: Matrix = random.standard_normal((count, FEATURES), dtype=np.float32)
    features[random.random(count) < 0.1, 0] = np.nan
    known = np.nan_to_num(features[:, :4])
    odds = -1.5 + known @ np.array([1.2, -0.8, 0.5, 0.3], dtype=np.float32) + 0.8 * (np.abs(known[:, 1]) > 1)
    return Rows(features, random.random(count) < 1 / (1 + np.exp(-odds)))


def _trees(booster: lightgbm.Booster) -> int:
    """How many trees there are; every one may have `LEAVES` leaves."""
    leaves = max(tree["num_leaves"] for tree in booster.dump_model()["tree_info"])
    assert (booster.num_trees(), leaves) == (TREES, LEAVES), "another model than the figure speaks of"
    return int(booster.num_trees())
