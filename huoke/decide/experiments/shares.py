"""Two shares against each other: score intervals of their difference and of their ratio.

Both invert the same score statistic (Miettinen & Nurminen, Comparative analysis of two rates, Statistics in Medicine 4,
1985, 213-226), so the difference leaves out 0 exactly where the ratio leaves out 1. The restricted maximum likelihood
of the difference is the closed form of Farrington & Manning (Statistics in Medicine 9, 1990, 1447-1454).
"""

import math
from collections.abc import Callable

import scipy

from huoke.decide.experiments.outcome import Estimate

CONFIDENCE = 0.95
_RATIO_MAX = 1e6
_EDGE = 1e-12


def share_difference(hits: int, n: int, hits_control: int, n_control: int, confidence: float = CONFIDENCE) -> Estimate:
    """Share less control share, with its score interval."""
    value = hits / n - hits_control / n_control
    quantile = float(scipy.special.ndtri((1 + confidence) / 2))

    def score(delta: float) -> float:
        return _difference_score(delta, hits / n, n, hits_control / n_control, n_control)

    return Estimate(
        value=value,
        low=_crossing(score, quantile, -1 + _EDGE, value, otherwise=-1.0),
        high=_crossing(score, -quantile, value, 1 - _EDGE, otherwise=1.0),
    )


def share_ratio(
    hits: int, n: int, hits_control: int, n_control: int, confidence: float = CONFIDENCE
) -> Estimate | None:
    """Share ÷ control share with its score interval; None where control has nobody, or there is no upper end."""
    if not hits_control:
        return None
    value = (hits / n) / (hits_control / n_control)
    quantile = float(scipy.special.ndtri((1 + confidence) / 2))

    def score(ratio: float) -> float:
        return _ratio_score(ratio, hits, n, hits_control, n_control)

    high = _crossing(score, -quantile, max(value, _EDGE), _RATIO_MAX, otherwise=math.inf)
    if math.isinf(high):
        return None
    low = _crossing(score, quantile, _EDGE, value, otherwise=0.0) if hits else 0.0
    return Estimate(value=value, low=low, high=high)


def _difference_score(delta: float, p: float, n: int, p_control: float, n_control: int) -> float:
    theta = n_control / n
    a = 1 + theta
    b = -(1 + theta + p + theta * p_control + delta * (theta + 2))
    c = delta * delta + delta * (2 * p + theta + 1) + p + theta * p_control
    d = -p * delta * (1 + delta)
    v = (b / (3 * a)) ** 3 - b * c / (6 * a * a) + d / (2 * a)
    u = math.copysign(math.sqrt(max((b / (3 * a)) ** 2 - c / (3 * a), 0.0)), v)
    angle = (math.pi + math.acos(max(-1.0, min(1.0, v / u**3 if u else 1.0)))) / 3
    restricted = _within(2 * u * math.cos(angle) - b / (3 * a))
    restricted_control = _within(restricted - delta)
    return _score(p - p_control - delta, restricted, n, restricted_control, n_control, 1.0)


def _ratio_score(ratio: float, hits: int, n: int, hits_control: int, n_control: int) -> float:
    a = (n + n_control) * ratio
    b = -(n * ratio + hits + n_control + hits_control * ratio)
    c = hits + hits_control
    restricted_control = _within((-b - math.sqrt(max(b * b - 4 * a * c, 0.0))) / (2 * a))
    restricted = _within(ratio * restricted_control)
    return _score(hits / n - ratio * hits_control / n_control, restricted, n, restricted_control, n_control, ratio)


def _score(distance: float, p: float, n: int, p_control: float, n_control: int, weight: float) -> float:
    total = n + n_control
    variance = (p * (1 - p) / n + weight * weight * p_control * (1 - p_control) / n_control) * total / (total - 1)
    if variance <= 0:
        return 0.0 if distance == 0 else math.copysign(math.inf, distance)
    return distance / math.sqrt(variance)


def _within(p: float) -> float:
    return max(0.0, min(1.0, p))


def _crossing(score: Callable[[float], float], quantile: float, low: float, high: float, *, otherwise: float) -> float:
    """Where a score that falls from `low` to `high` passes `quantile`."""
    at_low, at_high = score(low) - quantile, score(high) - quantile
    if not math.isfinite(at_low):
        at_low = math.copysign(1e300, at_low)
    if at_low < 0 or at_high > 0:
        return otherwise

    def distance(x: float) -> float:
        return max(-1e300, min(1e300, score(x) - quantile))

    return float(scipy.optimize.brentq(distance, low, high, xtol=1e-12, rtol=1e-12))
