"""Effects of finished campaigns, planted into the history of those they reached, and their truth.

Because the history is drawn without the campaign first, both outcomes of every treated customer are known: the truth of
an effect is the mean difference between them, which nobody can see in a real bank and which measuring has to find.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.app.demo import behaviour, seasons
from huoke.app.demo.behaviour import Happenings, World
from huoke.app.demo.seasons import DAY_MS, UTC_AHEAD_MS

_PARETO_YUAN = 120
"""Where the heavy tail of planted payments begins."""


class Aggregate(StrEnum):
    """What of a customer's events counts: whether there is any, how many, how much (fen)."""

    ANY = "any"
    COUNT = "count"
    SUM = "sum"


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What a campaign does to those it reaches, within the days its metric is measured.

    A share `responding` of them brings `extra` more events on average; each event they would have brought anyway is
    lost with probability `lost`. `tail` makes the extra payments Pareto of that exponent.
    """

    event: str
    aggregate: Aggregate
    responding: float = 0.0
    extra: float = 0.0
    lost: float = 0.0
    tail: float = 0.0


class Window(msgspec.Struct, frozen=True):
    """When outcomes count: from `start_ms` (ms UTC) on for `days` days."""

    start_ms: int
    days: int

    @property
    def end_ms(self) -> int:
        """The first instant beyond."""
        return self.start_ms + self.days * DAY_MS


class Planted(msgspec.Struct, frozen=True):
    """A history with an effect in it; of each treated customer the outcome as it is, and as it would have been."""

    happenings: Happenings
    outcome: NDArray[np.float64]
    without: NDArray[np.float64]

    @property
    def truth(self) -> float:
        """The average effect on those treated."""
        return float((self.outcome - self.without).mean())


def plant(
    random: np.random.Generator,
    world: World,
    history: Mapping[str, Happenings],
    treated: NDArray[np.int_],
    window: Window,
    effect: Effect,
) -> Planted:
    """Let `treated` (places in the population, ascending) live through the campaign."""
    before = history[effect.event]
    inside = (before.at >= window.start_ms) & (before.at < window.end_ms) & _among(before.customer, treated, world)
    lost = inside & (random.random(len(before)) < effect.lost)
    after = before.kept(~lost).joined(_extra(random, world, treated, window, effect))
    return Planted(
        after, outcomes(after, treated, window, effect.aggregate), outcomes(before, treated, window, effect.aggregate)
    )


def outcomes(
    happenings: Happenings, customers: NDArray[np.int_], window: Window, aggregate: Aggregate
) -> NDArray[np.float64]:
    """The metric of each of `customers` within the window: 0 or 1, a number, or fen."""
    inside = (happenings.at >= window.start_ms) & (happenings.at < window.end_ms)
    weights = happenings.amount_fen[inside] if aggregate is Aggregate.SUM else None
    size = int(max(customers.max(initial=-1), happenings.customer.max(initial=-1))) + 1
    found = np.bincount(happenings.customer[inside], weights, minlength=size)[customers].astype(np.float64)
    return np.minimum(found, 1) if aggregate is Aggregate.ANY else found


def _extra(
    random: np.random.Generator, world: World, treated: NDArray[np.int_], window: Window, effect: Effect
) -> Happenings:
    responding = treated[random.random(len(treated)) < effect.responding]
    counts = random.poisson(effect.extra, len(responding)) if effect.extra else np.zeros(len(responding), int)
    who = np.repeat(responding, counts).astype(np.int32)
    # From the day after the start, more of it early; whole days, so that the hour is one of the customer's own.
    day = 1 + (random.beta(1, 1.6, len(who)) * (window.days - 1)).astype(np.int64)
    midnight = window.start_ms - (window.start_ms + UTC_AHEAD_MS) % DAY_MS
    at = midnight + day * DAY_MS + seasons.times_of_day(random, seasons.MEALS_AND_EVENING, len(who))
    if effect.event == behaviour.LOGIN:
        return behaviour.logins(random, who, at)
    made = behaviour.payments(random, world, who, at)
    if not effect.tail:
        return made
    heavy = (_PARETO_YUAN * 100 * (1 + random.pareto(effect.tail, len(who)))).astype(np.int64)
    return msgspec.structs.replace(made, amount_fen=heavy)


def _among(customers: NDArray[np.int32], chosen: NDArray[np.int_], world: World) -> NDArray[np.bool_]:
    flags = np.zeros(len(world.people), bool)
    flags[chosen] = True
    return flags[customers]
