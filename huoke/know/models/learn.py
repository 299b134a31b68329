"""Learning who will do something: two algorithms on the same rows, judged on a later time they never saw.

A model is text: LightGBM's own format, or the weights of a logistic regression as JSON. Nothing is ever pickled.
"""

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.kernel.refusals import Invalid
from huoke.know.models import trees

Matrix = NDArray[np.float32]
Numbers = NDArray[np.float64]
LABELS_MIN = 50
"""Fewer of one outcome than that cannot be learned, or judged."""
TREES, LEAVES = 200, 31
CALIBRATION_BINS = 10
DRIFT_BINS = 10
SEED = 20_240_601


class Algorithm(StrEnum):
    """How a model was learned."""

    BOOSTED = "boosted"
    """Gradient-boosted trees (LightGBM)."""
    LOGISTIC = "logistic"


class OutcomeTooRare(Invalid):
    """Too few customers with, or without, the outcome to learn from or to judge by."""

    code = "models.outcome_too_rare"


class Rows(msgspec.Struct, frozen=True):
    """What is learned from: a row per customer and cut-off, a column per feature (NaN: unknown); what came after."""

    features: Matrix
    outcome: NDArray[np.bool_]

    def of(self, chosen: NDArray[np.bool_]) -> "Rows":
        """Only these rows."""
        return Rows(self.features[chosen], self.outcome[chosen])

    @property
    def data_hash(self) -> str:
        """SHA-256 over every value: which rows a model learned from."""
        digest = hashlib.sha256(repr(self.features.shape).encode())
        digest.update(np.ascontiguousarray(self.features).tobytes())
        digest.update(np.ascontiguousarray(self.outcome).tobytes())
        return digest.hexdigest()


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """How well probabilities foretold outcomes. `calibration_error`: the mean distance of told and seen share over
    `CALIBRATION_BINS` groups of equal size, weighed by size (expected calibration error).
    """

    rows: int
    outcomes: int
    auc: float
    log_loss: float
    brier: float
    calibration_error: float
    top_tenth_lift: float
    """How much commoner the outcome is among the tenth with the highest probability."""


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """A model as it is kept. `steps` calibrates: raw probability → probability, linear between the points."""

    algorithm: Algorithm
    text: str
    steps: tuple[tuple[float, ...], tuple[float, ...]]
    judged: Judgement
    """On the later rows, after calibration on earlier ones."""
    edges: tuple[tuple[float, ...], ...]
    """Per feature the inner edges of its `DRIFT_BINS` groups when it was learned."""
    shares: tuple[tuple[float, ...], ...]
    """Per feature the share of rows in each group, unknown last."""


def learn(algorithm: Algorithm, earlier: Rows, later: Rows, *, recent: Rows | None = None) -> Learned:
    """Learn from `earlier`, calibrate on `recent`, judge on `later`; `OutcomeTooRare` where any has too few outcomes.

    `recent` are other customers of the later time: how common an outcome is moves with the seasons. Without them a
    fifth of `earlier` is kept aside to calibrate on. The same rows give the same text.
    """
    for rows in (earlier, later) if recent is None else (earlier, recent, later):
        seen = int(rows.outcome.sum())
        if min(seen, len(rows.outcome) - seen) < LABELS_MIN:
            raise OutcomeTooRare(f"Both outcomes are needed at least {LABELS_MIN} times; take a longer time.")
    if recent is None:
        aside = np.random.default_rng(SEED).random(len(earlier.outcome)) < 0.2
        earlier, recent = earlier.of(~aside), earlier.of(aside)
    fit = _FITS[algorithm]
    text = fit(earlier.features, earlier.outcome)
    steps = _calibrate(raw_scores(algorithm, text, recent.features), recent.outcome)
    told = np.interp(raw_scores(algorithm, text, later.features), *steps)
    edges = tuple(tuple(_edges(column)) for column in earlier.features.T)
    shares = tuple(
        tuple(_shares(column, edge).tolist()) for column, edge in zip(earlier.features.T, edges, strict=True)
    )
    return Learned(
        algorithm=algorithm, text=text, steps=steps, judged=judge(told, later.outcome), edges=edges, shares=shares
    )


def scores(model: Learned, features: Matrix) -> Numbers:
    """The calibrated probability of each row."""
    return np.asarray(np.interp(raw_scores(model.algorithm, model.text, features), *model.steps))


def raw_scores(algorithm: Algorithm, text: str, features: Matrix) -> Numbers:
    """The probability of each row as the algorithm tells it, before calibration."""
    if algorithm is Algorithm.BOOSTED:
        return trees.probabilities(trees.forest(text), features)
    weights = msgspec.json.decode(text, type=_Weights)
    odds = _parts(weights, features).sum(axis=1) + weights.intercept
    return np.asarray(1 / (1 + np.exp(-odds)))


def contributions(model: Learned, features: Matrix) -> Numbers:
    """What each feature adds to each row's log-odds, against the average row: exact for trees (Tree SHAP), weight times
    distance for a logistic model. Shape (rows, features).
    """
    if model.algorithm is Algorithm.BOOSTED:
        return np.asarray(_booster(model.text).predict(features, pred_contrib=True, num_threads=1))[:, :-1]
    return _parts(msgspec.json.decode(model.text, type=_Weights), features)


def judge(told: Numbers, outcome: NDArray[np.bool_]) -> Judgement:
    """How well `told` foretold `outcome`."""
    seen = int(outcome.sum())
    _, place, equal = np.unique(told, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(equal) - (equal - 1) / 2)[place]
    auc = (ranks[outcome].sum() - seen * (seen + 1) / 2) / (seen * (len(outcome) - seen))
    clipped = np.clip(told, 1e-9, 1 - 1e-9)
    order = np.argsort(told, kind="stable")
    groups = np.array_split(order, CALIBRATION_BINS)
    error = sum(len(group) * abs(told[group].mean() - outcome[group].mean()) for group in groups if len(group))
    return Judgement(
        rows=len(outcome),
        outcomes=seen,
        auc=float(auc),
        log_loss=float(-np.mean(np.where(outcome, np.log(clipped), np.log1p(-clipped)))),
        brier=float(np.mean((told - outcome) ** 2)),
        calibration_error=float(error / len(outcome)),
        top_tenth_lift=float(outcome[groups[-1]].mean() / outcome.mean()),
    )


def drift(model: Learned, features: Matrix) -> Numbers:
    """Per feature the population stability index of `features` against those the model learned from: below 0.1 is
    calm, above 0.25 another population.
    """
    found = []
    for column, edges, before in zip(features.T, model.edges, model.shares, strict=True):
        now, then = np.maximum(_shares(column, edges), 1e-4), np.maximum(np.array(before), 1e-4)
        found.append(float(np.sum((now - then) * np.log(now / then))))
    return np.array(found)


class _Weights(msgspec.Struct, frozen=True):
    """A logistic regression over features made standard; what is unknown stands at the mean."""

    intercept: float
    weights: list[float]
    means: list[float]
    deviations: list[float]


def _fit_boosted(features: Matrix, outcome: NDArray[np.bool_]) -> str:
    import lightgbm  # noqa: PLC0415 - it needs the system's libgomp, and takes a second to load

    settings: dict[str, Any] = {
        "objective": "binary", "num_leaves": LEAVES, "learning_rate": 0.05, "min_data_in_leaf": 40,
        "feature_fraction": 0.8, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0,
        "seed": SEED, "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbose": -1,
    }  # fmt: skip
    data = lightgbm.Dataset(features, label=outcome.astype(np.float32), free_raw_data=True)
    return str(lightgbm.train(settings, data, num_boost_round=TREES).model_to_string())


def _fit_logistic(features: Matrix, outcome: NDArray[np.bool_]) -> str:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - takes a second to load

    known = ~np.isnan(features)
    counts = np.maximum(known.sum(axis=0), 1)
    means = np.where(known, features, 0).sum(axis=0, dtype=np.float64) / counts
    deviations = np.sqrt((np.where(known, features - means, 0) ** 2).sum(axis=0) / counts)
    deviations[deviations == 0] = 1.0
    blank = _Weights(0.0, [1.0] * len(means), means.tolist(), deviations.tolist())
    fitted = LogisticRegression(C=0.5, max_iter=500).fit(_parts(blank, features), outcome)
    weights = _Weights(float(fitted.intercept_[0]), fitted.coef_[0].tolist(), blank.means, blank.deviations)
    return msgspec.json.encode(weights).decode()


_FITS = {Algorithm.BOOSTED: _fit_boosted, Algorithm.LOGISTIC: _fit_logistic}


def _parts(weights: _Weights, features: Matrix) -> Numbers:
    means, deviations = np.array(weights.means), np.array(weights.deviations)
    standard = np.where(np.isnan(features), 0.0, (features - means) / deviations)
    return np.asarray(np.clip(standard, -10, 10) * np.array(weights.weights))


def _booster(text: str) -> Any:
    import lightgbm  # noqa: PLC0415 - see _fit_boosted

    return lightgbm.Booster(model_str=text)


def _calibrate(told: Numbers, outcome: NDArray[np.bool_]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Platt's way: a logistic curve over the log-odds, as points. It keeps the order, and few rows do not bend it."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - see _fit_logistic

    fitted = LogisticRegression(C=1e6).fit(_log_odds(told)[:, None], outcome)
    points = np.unique(np.concatenate(([0.0, 1.0], np.quantile(told, np.linspace(0, 1, 101)))))
    return tuple(points.tolist()), tuple(fitted.predict_proba(_log_odds(points)[:, None])[:, 1].tolist())


def _log_odds(share: Numbers) -> Numbers:
    within = np.clip(share, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(within / (1 - within)))


def _edges(column: Matrix) -> list[float]:
    known = column[~np.isnan(column)]
    if not len(known):
        return []
    edges: list[float] = np.unique(np.quantile(known, np.linspace(0, 1, DRIFT_BINS + 1)[1:-1])).tolist()
    return edges


def _shares(column: Matrix, edges: Sequence[float]) -> Numbers:
    known = column[~np.isnan(column)]
    counts = np.bincount(np.searchsorted(np.array(edges), known, side="left"), minlength=len(edges) + 1)
    return np.append(counts, len(column) - len(known)) / max(len(column), 1)
