"""Signs that a relationship is about to cool, and when they are enough for a warning."""

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.know.temperature.engine import Codes, Component, Floats, State
from huoke.know.temperature.model import Sign

BIT = {sign: np.uint8(1 << place) for place, sign in enumerate(Sign)}
COOLED_DAYS = 30
"""So long a colder stage is a sign."""
FALLEN = {Sign.QUIET: (Component.ACTIVITY, -2.0), Sign.MONEY_OUT: (Component.MONEY, -1.0)}
"""Doublings against the baseline at which a component is a sign."""
BACK = 0.5
"""It stops being one only so far above, so that nobody is told twice of a wavering customer."""
SIGNS_MIN = 2


class Facts(msgspec.Struct, frozen=True):
    """What is known of every customer beside their temperature, by place."""

    unpaid: NDArray[np.bool_]
    """The salary came regularly and stays away."""
    due: NDArray[np.bool_]
    """Something falls due, and nobody followed it up."""
    complained: NDArray[np.bool_]


def standing(state: State, doublings: Mapping[Component, Floats], before: Codes, facts: Facts) -> Codes:
    """The signs of every customer today, as bits; `before` are yesterday's, `doublings` those of `FALLEN` today."""
    found = np.zeros(len(state.since), np.uint8)
    found[state.fell > state.day - COOLED_DAYS] |= BIT[Sign.COOLED]
    for sign, (component, edge) in FALLEN.items():
        found[_fallen(doublings[component], edge, (before & BIT[sign]) > 0)] |= BIT[sign]
    found[facts.unpaid] |= BIT[Sign.SALARY_GONE]
    found[facts.due] |= BIT[Sign.DUE]
    found[facts.complained] |= BIT[Sign.COMPLAINED]
    return found


def _fallen(doublings: Floats, edge: float, was: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray((doublings <= edge) | (was & (doublings <= edge + BACK)))


def alarmed(before: Codes, now: Codes) -> NDArray[np.int64]:
    """The places of those to warn of: a sign is new today, and at least `SIGNS_MIN` stand together."""
    count = np.bitwise_count(now)
    return np.flatnonzero(((now & ~before) > 0) & (count >= SIGNS_MIN))


def names(bits: int) -> list[Sign]:
    """The signs of one customer."""
    return [sign for sign, bit in BIT.items() if bits & int(bit)]
