"""Who of a chunk can be given all of what is meant for them: stock and money counted over every line together. Pure."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

NOWHERE = -1
"""In place of a pool or budget: the customer's unit has no terms."""


class Verdict(IntEnum):
    """What may become of a customer: everything, or why nothing."""

    FITS = 0
    NOT_ELIGIBLE = 1
    SOLD_OUT = 2
    BUDGET_EXHAUSTED = 3


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is meant for whom, as arrays of lines by customers.

    `meant`: whether a customer gets the line. `pools`, `budgets`: the place of what it is drawn from and paid by in
    `units` left and `rooms_fen`, or `NOWHERE`. `costs_fen` by line.
    """

    meant: NDArray[np.bool_]
    pools: NDArray[np.int64]
    budgets: NDArray[np.int64]
    units: NDArray[np.int64]
    rooms_fen: NDArray[np.int64]
    costs_fen: NDArray[np.int64]


def verdicts(wanted: Wanted) -> NDArray[np.int8]:
    """A `Verdict` for every customer, in their order: nobody is given a part of what is meant for them."""
    nowhere = (wanted.meant & ((wanted.pools == NOWHERE) | (wanted.budgets == NOWHERE))).any(axis=0)
    out = np.where(nowhere | ~wanted.meant.any(axis=0), Verdict.NOT_ELIGIBLE, Verdict.FITS).astype(np.int8)
    ones = np.ones(len(wanted.costs_fen), np.int64)
    stock = (wanted.pools, ones, wanted.units, Verdict.SOLD_OUT)
    money = (wanted.budgets, wanted.costs_fen, wanted.rooms_fen, Verdict.BUDGET_EXHAUSTED)
    for together in (False, True):
        for sources, weights, left, verdict in (stock, money):
            asked = wanted.meant & (out == Verdict.FITS)
            out[_beyond(asked, sources, weights, left, together=together)] = verdict
    return out


def _beyond(
    asked: NDArray[np.bool_],
    sources: NDArray[np.int64],
    weights: NDArray[np.int64],
    left: NDArray[np.int64],
    *,
    together: bool,
) -> NDArray[np.bool_]:
    """Which customers ask of a source more than is left, alone or `together` with those before them.

    Who cannot be served alone is left out first, so that the first of the others always is.
    """
    beyond = np.zeros(asked.shape[1], np.bool_)
    for source, room in enumerate(left.tolist()):
        drawn = ((asked & (sources == source)) * weights[:, None]).sum(axis=0)
        beyond |= (drawn > 0) & ((np.cumsum(drawn) if together else drawn) > room)
    return beyond


def places(by_unit: Mapping[int, UUID], unit_ids: NDArray[np.int64], order: Mapping[UUID, int]) -> NDArray[Any]:
    """For each customer the place of what serves their unit."""
    known = {unit_id: order[one] for unit_id, one in by_unit.items()}
    units, inverse = np.unique(unit_ids, return_inverse=True)
    return np.array([known.get(int(unit), NOWHERE) for unit in units], np.int64)[inverse]
