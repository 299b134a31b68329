"""Scoring everybody by a champion, chunk by chunk; its bands become a model tag, and whether its customers are still
those it learned from is said.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Database, Tx
from huoke.know import consent, tags
from huoke.know.models import learn, sql_matrix, sql_scores, store, worth
from huoke.know.models.features import FEATURES, Feature
from huoke.know.models.learn import Learned, Matrix
from huoke.know.models.model import (
    DRIFT_MAX,
    TASKS,
    Damaged,
    DriftAlarm,
    Drifted,
    NoChampion,
    Run,
    Scored,
    State,
    Task,
    TaskName,
    Version,
)
from huoke.know.models.sql_matrix import Reach, Seqs
from huoke.know.models.train import Progress, midnight, population, standing_features
from huoke.know.models.worth import Lifetime

CHUNK = 200_000
"""Customers scored at once: 50 MB of features."""
THREADS = 2
DRIFT_ROWS = 20_000
DRIFT_SHOWN = 20
FINITE_MAX = 1e18


class Champion(msgspec.Struct, frozen=True, kw_only=True):
    """A version ready to tell: its text read, its features found."""

    task: Task
    version: Version
    model: Learned | Lifetime
    features: tuple[Feature, ...]


async def champion(tx: Tx, name: TaskName) -> Champion:
    """The version that tells; `NoChampion`, `Damaged` when its text is not the one that was approved."""
    found = await store.versions(tx, task=name, state=State.CHAMPION)
    if not found:
        raise NoChampion(f"No model of '{name}' is approved; train one and have it approved.", task=name.value)
    return await opened(tx, found[0])


async def opened(tx: Tx, version: Version) -> Champion:
    """Any version, ready to tell; `Damaged`."""
    text, text_hash = await store.text_of(tx, version.id)
    if hashlib.sha256(text.encode()).hexdigest() != text_hash:
        raise Damaged(f"The text of {version.task} {version.number} is not the one that was registered.")
    known = {feature.name: feature for feature in FEATURES}
    standing = [one.name.removeprefix("attribute_") for one in version.features if one.standing]
    known |= {feature.name: feature for feature in await standing_features(tx, standing)}
    value = version.task is TaskName.VALUE
    if not value and (gone := [one.name for one in version.features if one.name not in known]):
        raise Damaged(
            f"{version.task} {version.number} looks at '{gone[0]}', which is no feature any more; train anew."
        )
    return Champion(
        task=TASKS[version.task],
        version=version,
        model=msgspec.json.decode(text, type=Lifetime) if value else msgspec.json.decode(text, type=Learned),
        features=() if value else tuple(known[one.name] for one in version.features),
    )


async def score(
    database: Database,
    clickhouse: ClickHouse,
    tenant: TenantId,
    name: TaskName,
    *,
    run_id: UUID | None = None,
    progress: Progress | None = None,
) -> Run | None:
    """Score everybody the task asks about, as of the last midnight: what is learned from are whole days, and in the
    middle of one nobody's last action would be as long ago as it was then. None when it was told to stop: the scores
    before then count on.

    Raises `NoChampion`, `Damaged`, `Outage`.
    """
    at = database.clock.now()
    async with database.begin(tenant) as tx:
        chosen = await champion(tx, name)
        off = await left_out(tx, chosen.task)
    await sql_scores.prepare(clickhouse, tenant)
    begun = Run(
        id=run_id or new_id(), task=name, number=chosen.version.number, at=at, ended_at=at, rows=0,
        average=0.0, bands={}, drift=[], alarm=False,
    )  # fmt: skip
    everybody = await sql_matrix.last_seq(clickhouse, tenant) + 1
    looked = Looked(chosen)
    chunks = range(0, everybody, CHUNK)
    for part, low in enumerate(chunks):
        seqs, values = await _chunk(
            clickhouse, tenant, chosen, midnight(at), Reach(low=low, high=low + CHUNK), looked, off
        )
        await sql_scores.write(clickhouse, tenant, begun, seqs, values, part)
        if progress is not None and not await progress(part + 1, len(chunks)):
            return None
    run = looked.run(begun, database.clock.now())
    async with database.begin(tenant) as tx:
        await store.add_run(tx, run)
        await _tell(tx, chosen.task, run, looked)
    return run


class Looked:
    """What a scoring saw so far."""

    def __init__(self, chosen: Champion) -> None:
        self.chosen = chosen
        self.seqs: list[Seqs] = []
        self.values: list[NDArray[np.float64]] = []
        self.sample: Matrix | None = None

    def add(self, seqs: Seqs, values: NDArray[np.float64], features: Matrix | None) -> None:
        """A chunk; of the first ones features are kept to see how far the population moved."""
        self.seqs.append(seqs)
        self.values.append(values)
        if features is not None and len(features):
            part = features[:: max(1, len(features) // DRIFT_ROWS)]
            before = 0 if self.sample is None else len(self.sample)
            if before < DRIFT_ROWS:
                self.sample = part if self.sample is None else np.concatenate([self.sample, part])

    def run(self, begun: Run, ended_at: datetime) -> Run:
        """The scoring as it is kept."""
        drift = self.drift()
        values = np.concatenate(self.values) if self.values else np.array([])
        return msgspec.structs.replace(
            begun,
            ended_at=ended_at,
            rows=len(values),
            average=float(values.mean()) if len(values) else 0.0,
            bands={value: len(seqs) for value, seqs in self.banded().items()},
            drift=drift[:DRIFT_SHOWN],
            alarm=any(one.index > DRIFT_MAX for one in drift),
        )

    def banded(self) -> dict[str, Seqs]:
        """Who is in which band."""
        seqs = np.concatenate(self.seqs) if self.seqs else np.array([], dtype=np.uint32)
        values = np.concatenate(self.values) if self.values else np.array([])
        found, above = {}, np.zeros(len(values), dtype=bool)
        for band in self.chosen.task.bands:
            here = (values >= band.low) & ~above
            found[band.value] = seqs[here]
            above |= here
        return found

    def drift(self) -> list[Drifted]:
        """Every feature's move, widest first."""
        if self.sample is None or not isinstance(self.chosen.model, Learned):
            return []
        moved = learn.drift(self.chosen.model, self.sample)
        found = [
            Drifted(name=feature.name, label=feature.label, label_en=feature.label_en, index=round(float(index), 4))
            for feature, index in zip(self.chosen.features, moved, strict=True)
        ]
        return sorted(found, key=lambda one: -one.index)


async def left_out(tx: Tx, task: Task) -> CustomerSet:
    """Of whom nothing is told now: who switched choosing off, of what marketing chooses by (rule P4)."""
    if not task.choosing:
        return CustomerSet.empty(tx.tenant, tx.now)
    return await consent.withdrawn(tx, consent.PROFILING)


async def _chunk(
    clickhouse: ClickHouse, tenant: TenantId, chosen: Champion, at: datetime, reach: Reach, looked: Looked,
    off: CustomerSet,
) -> tuple[Seqs, NDArray[np.float64]]:  # fmt: skip
    alive = await sql_matrix.alive(clickhouse, tenant, reach)
    alive = np.setdiff1d(alive, off.array(), assume_unique=True)
    if isinstance(chosen.model, Lifetime):
        weeks = chosen.task.horizon_days // 7
        seqs, values = await worth.values_of(clickhouse, tenant, chosen.model, at, weeks, reach)
        here = np.isin(seqs, alive)
        seqs, values = seqs[here], np.nan_to_num(values[here], posinf=FINITE_MAX)
        looked.add(seqs, values, None)
        return seqs, values
    asked = np.intersect1d(await population(clickhouse, tenant, at, reach), alive).astype(np.uint32)
    table = await sql_matrix.matrix(clickhouse, tenant, chosen.features, at, reach)
    features = table.of(asked, chosen.features)
    values = await asyncio.to_thread(predict, chosen.model, features)
    looked.add(asked, values, features)
    return asked, values


def predict(model: Learned, features: Matrix, threads: int = THREADS) -> NDArray[np.float64]:
    """Probabilities of many rows, on threads of our own; the order of the rows is kept."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - only where many rows are scored

    with ThreadPoolExecutor(threads) as pool:
        parts = np.array_split(features, threads)
        return np.concatenate(list(pool.map(lambda part: learn.scores(model, part), parts)))


async def _tell(tx: Tx, task: Task, run: Run, looked: Looked) -> None:
    tx.emit(Scored(task=task.name.value, number=run.number, rows=run.rows))
    if run.alarm:
        moved = tuple(one.name for one in run.drift if one.index > DRIFT_MAX)
        tx.emit(DriftAlarm(task=task.name.value, number=run.number, features=moved))
    sets = {value: CustomerSet.of(tx.tenant, seqs, tx.now) for value, seqs in looked.banded().items()}
    everybody = CustomerSet.of(tx.tenant, np.concatenate(looked.seqs), tx.now) if looked.seqs else None
    with suppress(tags.TagUnknown, tags.TagNotThere):  # a bank need not have the tag
        await tags.put(tx, task.tag, sets, as_of=run.at, source=f"{task.name} {run.number}", known=everybody)


def band_tags(tasks: Sequence[TaskName] = tuple(TaskName)) -> list[tags.Definition]:
    """Definitions of the model tags that scorings fill, for the bank to save and approve."""
    return [
        tags.Definition(
            name=task.tag, label=task.label, label_en=task.label_en, meaning=task.meaning, meaning_en=task.meaning_en,
            category="model/forecast", kind=tags.Kind.MODEL, schedule=tags.Schedule.DAILY,
            values=tuple(
                tags.TagValue(name=band.value, label=band.label, label_en=band.label_en) for band in task.bands
            ),
        )
        for task in (TASKS[name] for name in tasks)
    ]  # fmt: skip
