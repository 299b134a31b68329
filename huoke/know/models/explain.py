"""What a champion tells of customers: the latest score, its band, and what moves it, in words."""

import math
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import Seq
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know.models import learn, sql_matrix, sql_scores, store, worth
from huoke.know.models.features import NAN, Feature
from huoke.know.models.learn import Learned
from huoke.know.models.model import (
    TASKS,
    Damaged,
    Driver,
    Explained,
    NoChampion,
    Run,
    Score,
    State,
    TaskName,
    band_of,
)
from huoke.know.models.score import Champion, left_out, opened
from huoke.know.models.sql_matrix import Reach
from huoke.know.models.train import midnight

DRIVERS = 5
SEQS_MAX = 10_000


async def scores_of(
    tx: Tx, clickhouse: ClickHouse, seqs: Sequence[Seq], tasks: Sequence[TaskName] = tuple(TaskName)
) -> dict[Seq, list[Score]]:
    """The latest scores of at most `SEQS_MAX` customers; who has none, or may not be chosen by one, is not there."""
    assert len(seqs) <= SEQS_MAX, "ask in parts"
    off = {task: await left_out(tx, TASKS[task]) for task in tasks}
    runs = [run for task, run in (await store.latest_runs(tx)).items() if task in tasks]
    found: dict[Seq, list[Score]] = {}
    for name, seq, value, version, at in await sql_scores.read(clickhouse, tx.tenant, runs, seqs):
        task = TASKS[TaskName(name)]
        if seq in off[task.name]:
            continue
        one = Score(task=task.name, seq=Seq(seq), value=value, band=band_of(task, value).value, version=version, at=at)
        found.setdefault(Seq(seq), []).append(one)
    return found


async def members(tx: Tx, clickhouse: ClickHouse, task: TaskName, low: float, high: float = math.inf) -> CustomerSet:
    """Customers whose latest score is from `low` upwards, below `high`; nobody before the first scoring."""
    run = (await store.latest_runs(tx)).get(task)
    if run is None:
        return CustomerSet.empty(tx.tenant, tx.now)
    found = await sql_scores.between(clickhouse, tx.tenant, run, low, min(high, 1e300))
    return CustomerSet.of(tx.tenant, found, run.at) - await left_out(tx, TASKS[task])


async def explain(tx: Tx, clickhouse: ClickHouse, seq: Seq) -> list[Explained]:
    """Every score of a customer with the `DRIVERS` features that move it most, as they were at the scoring."""
    found = []
    runs = await store.latest_runs(tx)
    for score in (await scores_of(tx, clickhouse, [seq])).get(seq, []):
        task = TASKS[score.task]
        band = band_of(task, score.value)
        found.append(
            Explained(
                score=score, label=task.label, label_en=task.label_en, unit=task.unit, band_label=band.label,
                band_label_en=band.label_en, drivers=await _drivers(tx, clickhouse, seq, score, runs[score.task]),
            )
        )  # fmt: skip
    return found


async def _drivers(tx: Tx, clickhouse: ClickHouse, seq: Seq, score: Score, run: Run) -> list[Driver]:
    versions = [one for one in await store.versions(tx, task=score.task) if one.number == score.version]
    if not versions or versions[0].state is State.RETIRED:
        return []
    try:
        told = await opened(tx, versions[0])
    except (Damaged, NoChampion):
        return []
    if not isinstance(told.model, Learned):
        return await _payments(tx, clickhouse, seq, told, midnight(run.at))
    reach = Reach(low=int(seq), high=int(seq) + 1)
    table = await sql_matrix.matrix(clickhouse, tx.tenant, told.features, midnight(run.at), reach)
    row = table.of(np.array([seq], dtype=np.uint32), told.features)
    return drivers(told.features, row[0], learn.contributions(told.model, row)[0])


def drivers(features: Sequence[Feature], row: NDArray[np.float32], moved: NDArray[np.float64]) -> list[Driver]:
    """The features that move a score most, the strongest first."""
    total = max(float(np.abs(moved).sum()), 1e-12)
    order = np.argsort(-np.abs(moved), kind="stable")[:DRIVERS]
    return [
        Driver(
            name=features[place].name, label=features[place].label, label_en=features[place].label_en,
            unit=features[place].unit, value=None if np.isnan(row[place]) else round(float(row[place]), 4),
            direction="up" if moved[place] > 0 else "down", share=round(float(abs(moved[place])) / total, 4),
        )
        for place in order
        if moved[place]
    ]  # fmt: skip


async def _payments(tx: Tx, clickhouse: ClickHouse, seq: Seq, told: Champion, at: datetime) -> list[Driver]:
    """Of value: the four facts it is made of, each against the average customer of the model."""
    paid = await sql_matrix.payments(clickhouse, tx.tenant, at, Reach(low=int(seq), high=int(seq) + 1))
    if not len(paid.seqs) or not isinstance(told.model, worth.Lifetime):
        return []
    alive = float(told.model.comeback.alive(worth.purchases(paid))[0])
    typical = told.model.worth.p * told.model.worth.v / (told.model.worth.q - 1)
    facts = [
        ("still_paying", "仍会支付的概率", "probability of still paying", "share", alive, alive >= 0.5),
        ("payment_days", "有支付的天数", "days with payments", "days", float(paid.days[0]), paid.days[0] > 1),
        ("weeks_since_last", "距上次支付的周数", "weeks since the last payment", "number", float(paid.last[0]),
         paid.last[0] < paid.first[0] / 4),
        ("payment_average", "日均支付金额", "average paid on a day", "fen", float(paid.mean[0]),
         paid.mean[0] > typical),
    ]  # fmt: skip
    return [
        Driver(name=name, label=label, label_en=label_en, unit=unit, value=None if value is NAN else round(value, 4),
               direction="up" if up else "down", share=0.25)
        for name, label, label_en, unit, value, up in facts
    ]  # fmt: skip
