"""The two groups of a campaign as columns: one value per natural person, in the window and before it."""

from datetime import datetime

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.decide import experiments
from huoke.decide.experiments import Effect, Group, SampleRatio
from huoke.kernel.engines import ClickHouse
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import metrics
from huoke.know.metrics import Metric, Unit
from huoke.measure.reports import store

Ints = NDArray[np.int64]


class Arm(msgspec.Struct, frozen=True):
    """One group: of each natural person the branch and the metric; `before` where the records reach so far back."""

    persons: Ints
    branches: Ints
    values: NDArray[np.float64]
    before: NDArray[np.float64] | None

    def __len__(self) -> int:
        return len(self.persons)

    def part(self, where: NDArray[np.bool_]) -> "Arm":
        """Only the persons `where` says."""
        before = None if self.before is None else self.before[where]
        return Arm(self.persons[where], self.branches[where], self.values[where], before)

    @property
    def group(self) -> Group:
        """As experiments read it."""
        return Group(self.values, self.before)


class Window(msgspec.Struct, frozen=True):
    """From `begin` until before `end`, and as long again from `before` on, where there are records of it."""

    begin: datetime
    end: datetime
    before: datetime | None


async def read_arm(
    tx: Tx, clickhouse: ClickHouse, members: CustomerSet, metric: Metric, window: Window, branch_of: dict[int, int]
) -> Arm:
    """The metric of everybody in a set, summed over the accounts of a person."""
    seqs = members.array()
    people = await store.people(tx, seqs)
    values = await metrics.values(clickhouse, tx.tenant, metric, seqs, window.begin, window.end)
    before = None
    if window.before is not None:
        before = await metrics.values(clickhouse, tx.tenant, metric, seqs, window.before, window.begin)
    persons, first, place = np.unique(people.persons, return_index=True, return_inverse=True)
    branches = np.array([branch_of.get(int(unit), int(unit)) for unit in people.unit_ids[first]], np.int64)
    return Arm(
        persons,
        branches,
        _by_person(values, place, len(persons), metric),
        None if before is None else _by_person(before, place, len(persons), metric),
    )


def compare(metric: Metric, treated: Arm, control: Arm, ratio: SampleRatio | None = None, *, parts: int = 1) -> Effect:
    """The effect between two arms; intervals of several `parts` are widened to hold together (Bonferroni)."""
    estimate = experiments.share_effect if metric.unit is Unit.SHARE else experiments.mean_effect
    return estimate(treated.group, control.group, ratio, confidence=1 - 0.05 / parts)


def _by_person(values: NDArray[np.float64], place: Ints, persons: int, metric: Metric) -> NDArray[np.float64]:
    summed = np.bincount(place, values, minlength=persons).astype(np.float64)
    return np.minimum(summed, 1.0) if metric.unit is Unit.SHARE else summed
