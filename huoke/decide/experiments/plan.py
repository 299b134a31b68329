"""Before launch: how large an effect groups of these sizes would show, and how many persons an effect needs.

Two-sided 5 %, power 80 %. Shares: Fleiss, Levin & Paik, Statistical Methods for Rates and Proportions (3rd ed., 2003),
4.14, for groups of unequal size, without continuity correction. Means: the normal approximation of the same.
"""

import math
from collections.abc import Callable

import msgspec
import scipy

ALPHA = 0.05
POWER = 0.8
PERSONS_MAX = 1_000_000_000


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    """What a person does without the campaign: the metric's mean and standard deviation per person.

    `deviation` None for a share, whose deviation follows from its mean. `variance_saved`: what CUPED is expected to
    take out, 0 … 1.
    """

    average: float
    deviation: float | None = None
    variance_saved: float = 0.0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Group sizes and the smallest rise per person they would show; relative to the mean, None where that is 0.

    `detectable` None: not even the largest possible rise would be seen.
    """

    treated: int
    control: int
    detectable: float | None
    detectable_relative: float | None


def plan(persons: int, control_percent: int, baseline: Baseline) -> Plan:
    """What a campaign to `persons`, `control_percent` of them left out, can tell."""
    control = round(persons * control_percent / 100)
    treated = persons - control
    found = detectable(treated, control, baseline)
    relative = found / baseline.average if found is not None and baseline.average > 0 else None
    return Plan(treated=treated, control=control, detectable=found, detectable_relative=relative)


def detectable(treated: int, control: int, baseline: Baseline) -> float | None:
    """The smallest rise per person that is seen with power 80 %; None where there is none."""
    if treated < 2 or control < 2:
        return None
    if baseline.deviation is not None:
        return _quantiles() * _spread(baseline.deviation, baseline) * math.sqrt(1 / treated + 1 / control)
    room = 1 - baseline.average

    def short(rise: float) -> float:
        return rise - _share_error(baseline.average + rise, treated, baseline.average, control, baseline)

    return float(scipy.optimize.brentq(short, 0.0, room)) if room > 0 and short(room) > 0 else None


def persons_for(rise: float, control_percent: int, baseline: Baseline) -> int | None:
    """Persons in both groups that a rise needs; None where no number is enough."""
    if rise <= 0 or not 0 < control_percent < 100:
        return None
    share = control_percent / 100
    if baseline.deviation is not None:
        deviations = _quantiles() * _spread(baseline.deviation, baseline) / rise
        return math.ceil(deviations**2 * (1 / share + 1 / (1 - share)))
    if baseline.average + rise > 1:
        return None
    return _least(
        lambda n: rise >= _share_error(baseline.average + rise, n * (1 - share), baseline.average, n * share, baseline)
    )


def _share_error(p: float, n: float, p_control: float, n_control: float, baseline: Baseline) -> float:
    """The rise at which the test has its power: z_alpha of the pooled error and z_power of the own."""
    pooled = (p * n + p_control * n_control) / (n + n_control)
    under_none = math.sqrt(max(pooled * (1 - pooled), 0.0) * (1 / n + 1 / n_control))
    under_rise = math.sqrt(max(p * (1 - p) / n + p_control * (1 - p_control) / n_control, 0.0))
    kept = math.sqrt(1 - baseline.variance_saved)
    return kept * (
        float(scipy.special.ndtri(1 - ALPHA / 2)) * under_none + float(scipy.special.ndtri(POWER)) * under_rise
    )


def _spread(deviation: float, baseline: Baseline) -> float:
    return deviation * math.sqrt(1 - baseline.variance_saved)


def _quantiles() -> float:
    return float(scipy.special.ndtri(1 - ALPHA / 2) + scipy.special.ndtri(POWER))


def _least(enough: Callable[[int], bool]) -> int | None:
    """The smallest number that is enough; more is always enough too."""
    high = 4
    while not enough(high):
        high *= 2
        if high > PERSONS_MAX:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
