"""Two means against each other, for counts and money per person, whose tails are long.

The statistic is Welch's t for independent groups, corrected for skewness by Hall's cubic transformation (Hall, On the
removal of skewness by transformation, JRSS B 54, 1992, 221-228; for two samples Zhou & Dinh, Biostatistics 6, 2005,
187-200), with Satterthwaite's degrees of freedom. Difference and ratio invert the same statistic, the ratio in the way
of Fieller (JRSS B 16, 1954, 175-185), so the difference leaves out 0 exactly where the ratio leaves out 1.

Where a group is too small for its skewness by the rule of Kohavi et al. (Seven rules of thumb, KDD 2014: n > 355 s²),
amounts are winsorised: whoever has more counts as the cap, which lies where `ABOVE_CAP` persons of the smaller group
are expected above it. The estimand is then the difference of E[min(amount, cap)], and the report says so. Measured:
with lognormal amounts of sigma 1.8, 9 of 10 persons at 0 and 1,000 in control Welch alone covers 88.8 %, this 93.8 %;
tails of equal weight on both sides. `huoke bench effect` measures it again.
"""

import math
from typing import Any

import msgspec
import numpy as np
import scipy
from numpy.typing import NDArray

from huoke.decide.experiments.outcome import Estimate

CONFIDENCE = 0.95
ABOVE_CAP = 20
KOHAVI = 355
SAVED_MIN = 0.05
"""CUPED is used when it takes out at least this share of the variance."""
_RATIO_MAX = 1e6

Floats = NDArray[np.float64]


class Moments(msgspec.Struct, frozen=True):
    """A mean, the variance of the mean and its third cumulant; `n` persons."""

    n: int
    mean: float
    variance: float
    third: float

    @classmethod
    def of(cls, values: NDArray[Any]) -> "Moments":
        """Of one value per person; at least two persons."""
        n = len(values)
        mean = float(values.mean())
        away = values - mean
        square = away * away
        return cls(n, mean, float(square.sum()) / (n - 1) / n, float((square * away).mean()) / n**2)

    @property
    def skewness(self) -> float:
        """Of the values, not of their mean."""
        return self.third / self.variance**1.5 * math.sqrt(self.n) if self.variance > 0 else 0.0


def mean_difference(treated: Moments, control: Moments, confidence: float = CONFIDENCE) -> Estimate:
    """Difference of two means with its interval."""
    value = treated.mean - control.mean
    variance, third, freedom = _contrast(treated, control, 1.0)
    if variance <= 0:
        return Estimate(value=value, low=value, high=value)
    error = math.sqrt(variance)
    quantile = float(scipy.special.stdtrit(freedom, (1 + confidence) / 2))
    skew = third / variance**1.5
    return Estimate(
        value=value, low=value - error * _unbend(quantile, skew), high=value - error * _unbend(-quantile, skew)
    )


def mean_ratio(treated: Moments, control: Moments, confidence: float = CONFIDENCE) -> Estimate | None:
    """Ratio of two means with its interval; None where the control's mean is too near 0 to bound it."""
    if control.mean <= 0 or treated.mean <= 0 or control.variance <= 0:
        return None
    value = treated.mean / control.mean

    def distance(ratio: float, side: float) -> float:
        variance, third, freedom = _contrast(treated, control, ratio)
        bent = _bend((treated.mean - ratio * control.mean) / math.sqrt(variance), third / variance**1.5)
        return bent - side * float(scipy.special.stdtrit(freedom, (1 + confidence) / 2))

    if distance(_RATIO_MAX, -1.0) > 0:
        return None
    low = 0.0 if distance(0.0, 1.0) <= 0 else float(scipy.optimize.brentq(distance, 0.0, value, args=(1.0,)))
    return Estimate(value=value, low=low, high=float(scipy.optimize.brentq(distance, value, _RATIO_MAX, args=(-1.0,))))


def cap_of(treated: Floats, control: Floats) -> float | None:
    """The cap that heavy tails need, None where both groups are large enough for their skewness."""
    if not any(_too_skewed(Moments.of(group), len(group)) for group in (treated, control)):
        return None
    return _cap(np.concatenate([treated, control]), min(len(treated), len(control)))


def cap_expected(values: Floats, smaller: int) -> float | None:
    """The cap that two groups drawn from `values` will need, the smaller one of `smaller` persons."""
    return _cap(values, smaller) if _too_skewed(Moments.of(values), smaller) else None


def adjust(
    treated: Floats, control: Floats, treated_before: Floats, control_before: Floats
) -> tuple[Floats, Floats, float]:
    """Both groups less what the time before explains, and the share of variance that took out (0: left as they are).

    CUPED: y − θ (x − mean x), θ = cov(x, y) / var(x) within groups (Deng, Xu, Kohavi & Walker, WSDM 2013). The mean of
    the control group stays what it would be with everybody's past, so ratios keep their meaning.
    """
    within, spread, total = 0.0, 0.0, 0.0
    for now, before in ((treated, treated_before), (control, control_before)):
        away = before - before.mean()
        within += float(away @ (now - now.mean()))
        spread += float(away @ away)
        total += float(((now - now.mean()) ** 2).sum())
    saved = within * within / (spread * total) if spread > 0 and total > 0 else 0.0
    if saved < SAVED_MIN:
        return treated, control, 0.0
    theta = within / spread
    centre = (treated_before.sum() + control_before.sum()) / (len(treated_before) + len(control_before))
    return treated - theta * (treated_before - centre), control - theta * (control_before - centre), saved


def _too_skewed(group: Moments, n: int) -> bool:
    return n < KOHAVI * group.skewness**2


def _cap(both: Floats, smaller: int) -> float | None:
    """Where `ABOVE_CAP` persons of the smaller group are expected above; None where so few have anything at all."""
    above = round(ABOVE_CAP * len(both) / max(smaller, 1))
    if above >= len(both):
        return None
    cap = float(np.partition(both, len(both) - above)[len(both) - above])
    return cap if cap > 0 else None


def _contrast(treated: Moments, control: Moments, ratio: float) -> tuple[float, float, float]:
    """Variance, third cumulant and degrees of freedom of mean − ratio × control mean."""
    ours, theirs = treated.variance, ratio * ratio * control.variance
    variance = ours + theirs
    third = treated.third - ratio**3 * control.third
    below = ours * ours / (treated.n - 1) + theirs * theirs / (control.n - 1)
    return variance, third, variance * variance / below if below > 0 else math.inf


def _bend(t: float, skew: float) -> float:
    """Hall's transformation: monotone in t, standard normal up to the second order."""
    return t + skew * t * t / 3 + skew * skew * t**3 / 27 + skew / 6


def _unbend(z: float, skew: float) -> float:
    """The t whose transformation is z."""
    if abs(skew) < 1e-9:
        return z
    return (float(np.cbrt(1 + skew * (z - skew / 6))) - 1) * 3 / skew
