"""How often the effect's 95 % interval covers the truth, over simulated campaigns whose effect is planted.

Ten families: shares (common, rare, unbalanced), counts, money, heavy tails (lognormal sigma 1.8 … 2.2, Pareto), and the
same with a past that CUPED may use. Every second campaign has no effect. Seeds are fixed. The truth is that of the
declared estimand: where amounts were capped, the difference of E[min(amount, cap)], computed, not simulated. Baseline:
the textbook interval (Wald) on the same data, without cap, skewness correction or past, against the uncapped truth.
"""

import math
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.stats import nbinom, norm

from huoke.decide.experiments import Estimate, Group, mean_effect, share_effect

SIZE = 2_000
SEED = 20_261_122
LOW, HIGH = 0.935, 0.965
Z = 1.959963984540054

Floats = NDArray[np.float64]
Truth = Callable[[float | None], tuple[float, float]]
"""Mean per person, treated and control, when every amount counts at most that much."""


class Campaign(msgspec.Struct, frozen=True):
    """A simulated campaign: both groups, what is true of them, whether the metric is a share."""

    treated: Group
    control: Group
    truth: Truth
    share: bool = False


async def run(size: int = SIZE) -> list[dict[str, Any]]:
    """Coverage of the difference and of the relative effect, overall and by family."""
    seen: dict[str, list[tuple[Estimate | None, Estimate | None, Estimate, float, float, float]]] = {}
    families = list(FAMILIES.items())
    for number in range(size):
        name, make = families[number % len(families)]
        rng = np.random.default_rng((SEED, number))
        campaign = make(rng, number // len(families) % 2 == 1)
        seen.setdefault(name, []).append(_judge(campaign))
    return [_row(size, seen)]


def _judge(campaign: Campaign) -> tuple[Estimate | None, Estimate | None, Estimate, float, float, float]:
    found = (share_effect if campaign.share else mean_effect)(campaign.treated, campaign.control)
    treated, control = campaign.truth(found.cap)
    whole, whole_control = campaign.truth(None)
    wald = _wald(campaign.treated.values, campaign.control.values)
    return found.difference, found.relative, wald, treated - control, treated / control - 1, whole - whole_control


def _wald(treated: Floats, control: Floats) -> Estimate:
    value = float(treated.mean() - control.mean())
    half = Z * math.sqrt(float(treated.var()) / len(treated) + float(control.var()) / len(control))
    return Estimate(value=value, low=value - half, high=value + half)


def _row(size: int, seen: dict[str, list[Any]]) -> dict[str, Any]:
    every = [one for some in seen.values() for one in some]
    ours = _coverage((one[0], one[3]) for one in every)
    return {
        "name": "effect",
        "ours": round(100 * ours, 2),
        "unit": "% of intervals cover the planted effect",
        "baseline": "Wald interval of the same campaigns",
        "baseline_value": round(100 * _coverage((one[2], one[5]) for one in every), 2),
        "ratio": None,
        "nominal": 95,
        "families": {name: _family(some) for name, some in sorted(seen.items())},
        "checks": {"campaigns": size, "covers_93.5_to_96.5": LOW <= ours <= HIGH},
    }


def _family(some: list[Any]) -> dict[str, Any]:
    told = [one for one in some if one[0] is not None]
    return {
        "campaigns": len(some),
        "not_enough_data": len(some) - len(told),
        "difference": round(100 * _coverage((one[0], one[3]) for one in told), 1),
        "too_high": sum(one[0].low > one[3] for one in told),
        "too_low": sum(one[0].high < one[3] for one in told),
        "relative": round(100 * _coverage((one[1], one[4]) for one in told), 1),
        "relative_told": sum(one[1] is not None for one in told),
        "wald": round(100 * _coverage((one[2], one[5]) for one in told), 1),
    }


def _coverage(pairs: Any) -> float:
    told = [estimate.low <= truth <= estimate.high for estimate, truth in pairs if estimate is not None]
    return sum(told) / len(told) if told else math.nan


def _sizes(rng: Generator, low: int = 5_000, high: int = 30_000, control: tuple[float, ...] = (0.1, 0.2, 0.5)) -> Any:
    total = int(rng.integers(low, high))
    left_out = round(total * float(rng.choice(control)))
    return total - left_out, left_out


def _bernoulli(rng: Generator, p: float | Floats, n: int) -> Floats:
    return (rng.random(n) < p).astype(np.float64)


def _shares(low: float, high: float, *sizes: Any) -> Callable[[Generator, bool], Campaign]:
    def make(rng: Generator, effect: bool) -> Campaign:
        n, m = _sizes(rng, *sizes)
        base = float(np.exp(rng.uniform(np.log(low), np.log(high))))
        p = base * (1.25 if effect else 1.0)
        return Campaign(Group(_bernoulli(rng, p, n)), Group(_bernoulli(rng, base, m)), lambda _: (p, base), share=True)

    return make


def _shares_with_past(rng: Generator, effect: bool) -> Campaign:
    n, m = _sizes(rng)
    rise = 0.04 if effect else 0.0
    habit = float(rng.uniform(0.2, 0.5))

    def group(size: int, more: float) -> Group:
        p = np.where(rng.random(size) < habit, 0.75, 0.1)
        return Group(_bernoulli(rng, p + more, size), _bernoulli(rng, p, size))

    base = habit * 0.75 + (1 - habit) * 0.1
    return Campaign(group(n, rise), group(m, 0.0), lambda _: (base + rise, base), share=True)


def _counts(rng: Generator, effect: bool) -> Campaign:
    """Payments per person: negative binomial, with the same person's past."""
    n, m = _sizes(rng)
    shape, rate = float(rng.uniform(0.15, 1.0)), float(rng.uniform(1.0, 6.0))
    more = 1.08 if effect else 1.0

    def group(size: int, factor: float) -> Group:
        habit = rng.gamma(shape, rate / shape, size)
        return Group(rng.poisson(habit * factor).astype(np.float64), rng.poisson(habit).astype(np.float64))

    def truth(cap: float | None) -> tuple[float, float]:
        return _limited_count(shape, rate * more, cap), _limited_count(shape, rate, cap)

    return Campaign(group(n, more), group(m, 1.0), truth)


def _limited_count(shape: float, mean: float, cap: float | None) -> float:
    """E[min(N, cap)] of a negative binomial: the sum of P(N > k) for k below the cap."""
    if cap is None:
        return mean
    return float(nbinom.sf(np.arange(round(cap)), shape, shape / (shape + mean)).sum())


def _money(
    sigma: tuple[float, float], active: tuple[float, float], past: float, *sizes: Any
) -> Callable[[Generator, bool], Campaign]:
    """Amounts per person: nothing for most, lognormal for the others; `past` correlates the logarithms."""

    def make(rng: Generator, effect: bool) -> Campaign:
        n, m = _sizes(rng, *sizes)
        spread, p = float(rng.uniform(*sigma)), float(rng.uniform(*active))
        shift = math.log(1.1) if effect else 0.0

        def group(size: int, by: float) -> Group:
            who = rng.random(size) < p
            common = rng.normal(size=size) * math.sqrt(past)
            now, before = (common + rng.normal(size=size) * math.sqrt(1 - past) for _ in range(2))
            return Group(
                np.where(who, np.exp(9 + by + spread * now), 0.0), np.where(who, np.exp(9 + spread * before), 0.0)
            )

        def truth(cap: float | None) -> tuple[float, float]:
            return p * _limited_lognormal(9 + shift, spread, cap), p * _limited_lognormal(9, spread, cap)

        treated, control = group(n, shift), group(m, 0.0)
        if not past:
            treated, control = Group(treated.values), Group(control.values)
        return Campaign(treated, control, truth)

    return make


def _limited_lognormal(mu: float, sigma: float, cap: float | None) -> float:
    if cap is None:
        return math.exp(mu + sigma * sigma / 2)
    z = (math.log(cap) - mu) / sigma
    return math.exp(mu + sigma * sigma / 2) * float(norm.cdf(z - sigma)) + cap * float(norm.sf(z))


def _pareto(rng: Generator, effect: bool) -> Campaign:
    n, m = _sizes(rng)
    alpha, p = float(rng.uniform(1.6, 2.6)), float(rng.uniform(0.05, 0.4))
    scale = 1.1 if effect else 1.0

    def group(size: int, by: float) -> Group:
        return Group(_bernoulli(rng, p, size) * by * (1 + rng.pareto(alpha, size)))

    def truth(cap: float | None) -> tuple[float, float]:
        return p * _limited_pareto(alpha, scale, cap), p * _limited_pareto(alpha, 1.0, cap)

    return Campaign(group(n, scale), group(m, 1.0), truth)


def _limited_pareto(alpha: float, low: float, cap: float | None) -> float:
    whole = alpha * low / (alpha - 1)
    return whole if cap is None else whole - (low / cap) ** alpha * cap / (alpha - 1)


FAMILIES: dict[str, Callable[[Generator, bool], Campaign]] = {
    "share": _shares(0.03, 0.6),
    "share rare": _shares(0.001, 0.01, 10_000, 50_000),
    "share unbalanced": _shares(0.01, 0.3, 20_000, 60_000, (0.02, 0.03)),
    "share with past": _shares_with_past,
    "count with past": _counts,
    "money": _money((0.7, 1.3), (0.2, 0.6), 0.0),
    "money with past": _money((0.7, 1.3), (0.2, 0.6), 0.7),
    "heavy lognormal": _money((1.8, 2.2), (0.05, 0.2), 0.0),
    "heavy unbalanced with past": _money((1.5, 2.0), (0.1, 0.3), 0.6, 20_000, 60_000, (0.05,)),
    "heavy Pareto": _pareto,
}
