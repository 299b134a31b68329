"""What a customer will still be worth: how often they come back (BG/NBD) and what a visit brings (Gamma-Gamma).

Fader, Hardie, Lee: "Counting Your Customers the Easy Way" (2005) and "RFM and CLV" (2005). Pure, on arrays.
"""

import math
from collections.abc import Callable

import msgspec
import numpy as np
import scipy
from numpy.typing import NDArray

from huoke.kernel.refusals import Invalid

Numbers = NDArray[np.float64]
CUSTOMERS_MIN = 50
"""Fewer repeating customers than that fit anything."""


class TooFew(Invalid):
    """Too few customers came back, or paid, to learn from."""

    code = "models.too_few"


class Purchases(msgspec.Struct, frozen=True, kw_only=True):
    """One row per customer. `repeats`: buys after the first; `recency`: time from first to last; `age`: time from the
    first to the end of observation, in the same unit (weeks). `0 ≤ recency ≤ age`, recency 0 where nothing repeats.
    """

    repeats: Numbers
    recency: Numbers
    age: Numbers


class Comeback(msgspec.Struct, frozen=True, kw_only=True):
    """The BG/NBD model: buying rates are gamma(r, alpha) over customers, drop-out after a buy is beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    customers: int

    def alive(self, bought: Purchases) -> Numbers:
        """Each customer's probability of not having dropped out; 1 for who never came back, as the model has it."""
        x, recency, age = bought.repeats, bought.recency, bought.age
        with np.errstate(divide="ignore", over="ignore"):
            odds = (self.r + x) * np.log((self.alpha + age) / (self.alpha + recency)) + np.log(
                self.a / (self.b + np.maximum(x, 1) - 1)
            )
            return np.where(x > 0, 1 / (1 + np.exp(np.minimum(odds, 700))), 1.0)

    def expected(self, bought: Purchases, ahead: float) -> Numbers:
        """How often each customer will buy in the next `ahead` units of time, given their past."""
        x, age = bought.repeats, bought.age
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        rate = scipy.special.hyp2f1(r + x, b + x, a + b + x - 1, ahead / (alpha + age + ahead))
        shrink = np.exp((r + x) * np.log((alpha + age) / (alpha + age + ahead)))
        return np.asarray((a + b + x - 1) / (a - 1) * (1 - shrink * rate) * self.alive(bought))

    def expected_of_new(self, ahead: float) -> float:
        """How often a new customer buys again within `ahead` of the first time."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        rate = float(scipy.special.hyp2f1(r, b, a + b - 1, ahead / (alpha + ahead)))
        return float((a + b - 1) / (a - 1) * (1 - (alpha / (alpha + ahead)) ** r * rate))


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """The Gamma-Gamma model of what a visit brings: independent of how often one comes."""

    p: float
    q: float
    v: float
    log_likelihood: float
    customers: int

    def average(self, repeats: Numbers, mean: Numbers) -> Numbers:
        """What a visit of each customer brings on average, in the unit of `mean`; of the unknown: the mean."""
        weight = self.p * repeats / (self.p * repeats + self.q - 1)
        everybody = self.p * self.v / (self.q - 1)
        return np.asarray((1 - weight) * everybody + weight * np.where(repeats > 0, mean, 0.0))


def fit_comeback(bought: Purchases) -> Comeback:
    """The likeliest BG/NBD model; `TooFew` below `CUSTOMERS_MIN` customers who came back.

    Equal rows are weighed, not repeated, and times are scaled to about ten units, so that the search is stable.
    """
    if np.count_nonzero(bought.repeats) < CUSTOMERS_MIN:
        raise TooFew(f"At least {CUSTOMERS_MIN} customers must have come back; look at a longer time.")
    scale = 10.0 / float(bought.age.max())
    rows, weights = np.unique(
        np.column_stack((bought.repeats, bought.recency * scale, bought.age * scale)), axis=0, return_counts=True
    )
    x, recency, age = rows.T

    def loss(logs: Numbers) -> float:
        with np.errstate(over="ignore"):
            r, alpha, a, b = np.exp(logs)
        return -float(weights @ _comeback_likelihood(r, alpha, a, b, x, recency, age)) / float(weights.sum())

    logs, smallest = _search(loss, (0.0, 0.0, 0.0, 0.0))
    r, alpha, a, b = np.exp(logs).tolist()
    count = int(weights.sum())
    # a density in scaled time: each repeat brings a factor of `scale`
    likelihood = -smallest * count + float(bought.repeats.sum()) * math.log(scale)
    return Comeback(r=r, alpha=alpha / scale, a=a, b=b, log_likelihood=likelihood, customers=count)


def fit_worth(repeats: Numbers, mean: Numbers) -> Worth:
    """The likeliest Gamma-Gamma model of customers who repeated and whose `mean` is above 0; else `TooFew`."""
    there = (repeats > 0) & (mean > 0)
    if np.count_nonzero(there) < CUSTOMERS_MIN:
        raise TooFew(f"At least {CUSTOMERS_MIN} customers must have come back and paid; look at a longer time.")
    x, typical = repeats[there], float(mean[there].mean())
    m = mean[there] / typical

    def loss(logs: Numbers) -> float:
        with np.errstate(over="ignore"):
            p, q, v = np.exp(logs)
        return -float(np.mean(_worth_likelihood(p, q, v, x, m)))

    logs, smallest = _search(loss, (1.0, 1.0, 0.0))
    p, q, v = np.exp(logs).tolist()
    count = int(there.sum())
    likelihood = -smallest * count - count * math.log(typical)
    return Worth(p=p, q=q, v=v * typical, log_likelihood=likelihood, customers=count)


def lifetime_value(
    comeback: Comeback, worth: Worth, bought: Purchases, mean: Numbers, *, steps: int, step: float, discount: float
) -> Numbers:
    """What each customer brings in the next `steps` of length `step`, discounted by `discount` a step."""
    average, before = worth.average(bought.repeats, mean), np.zeros_like(bought.repeats)
    total = np.zeros_like(bought.repeats)
    for number in range(1, steps + 1):
        until = comeback.expected(bought, number * step)
        total += (until - before) / (1 + discount) ** number
        before = until
    return total * average


def _comeback_likelihood(
    r: float, alpha: float, a: float, b: float, x: Numbers, recency: Numbers, age: Numbers
) -> Numbers:
    gammaln, betaln = scipy.special.gammaln, scipy.special.betaln
    common = gammaln(r + x) - gammaln(r) + r * math.log(alpha) + betaln(a, b + x) - betaln(a, b)
    still = -(r + x) * np.log(alpha + age)
    with np.errstate(divide="ignore"):
        gone = np.where(
            x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + recency), -np.inf
        )
    return np.asarray(common + np.logaddexp(still, gone))


def _worth_likelihood(p: float, q: float, v: float, x: Numbers, m: Numbers) -> Numbers:
    return np.asarray(
        scipy.special.gammaln(p * x + q)
        - scipy.special.gammaln(p * x)
        - scipy.special.gammaln(q)
        + q * np.log(v)
        + (p * x - 1) * np.log(m)
        + p * x * np.log(x)
        - (p * x + q) * np.log(x * m + v)
    )


def _search(loss: Callable[[Numbers], float], start: tuple[float, ...]) -> tuple[Numbers, float]:
    """The lowest point of a smooth hollow, found twice: a simplex that starts anew does not rest on a slope."""
    found = np.array(start)
    for tolerance in (1e-7, 1e-9):
        options = {"maxiter": 4_000, "xatol": tolerance, "fatol": tolerance / 10_000}
        best = scipy.optimize.minimize(loss, found, method="Nelder-Mead", options=options)
        found = best.x
    return found, float(best.fun)
