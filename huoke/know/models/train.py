"""Training: features before several cut-offs, what came after each, both algorithms, judged on the latest time."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from huoke import __version__
from huoke.govern import audit
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.tx import Actor, Database, Tx
from huoke.know import customers
from huoke.know.customers import AttributeType
from huoke.know.models import learn, sql_matrix, store, worth
from huoke.know.models.features import FEATURES, NAN, Feature
from huoke.know.models.leak import check_leak
from huoke.know.models.learn import Algorithm, Learned, Rows
from huoke.know.models.model import (
    STANDING_MAX,
    TASKS,
    Group,
    NothingHappened,
    StandingUnfit,
    Task,
    TaskName,
    Trained,
    Version,
    Weighed,
    recommended,
)
from huoke.know.models.sql_matrix import ACTIVE_DAYS, Reach, Seqs

Progress = Callable[[int, int], Awaitable[bool]]
CUT_OFFS = 3
"""So many earlier cut-offs are learned from, beside the one that judges."""
STEP_DAYS = 15
ROWS_MAX = 20_000
"""Customers of one cut-off; more do not make it better, only slower."""
COMPARED = 5_000
WEIGHED_ROWS = 500


async def train(
    database: Database,
    clickhouse: ClickHouse,
    tenant: TenantId,
    actor: Actor,
    name: TaskName,
    *,
    standing: Sequence[str] = (),
    features: Sequence[Feature] = FEATURES,
    progress: Progress | None = None,
) -> list[Version]:
    """Learn a task anew by every algorithm and register what came of it as drafts, best first recommended.

    `standing`: attributes that count as features although only their present value is known. Raises `FeatureLeaks`
    when a feature looks past a cut-off, `OutcomeTooRare`, `TooFew`, `NothingHappened`, `StandingUnfit`.
    """
    task = TASKS[name]
    if not await sql_matrix.has_events(clickhouse, tenant):
        raise NothingHappened("Nothing has happened yet that a model could learn from; load the bank's past first.")
    tell = progress or _silently
    if name is TaskName.VALUE:
        rows = await worth.learn_value(database, clickhouse, tenant, task)
    else:
        async with database.begin(tenant, actor) as tx:
            chosen = [*features, *await standing_features(tx, standing)]
        rows = await _learn(clickhouse, tenant, task, chosen, midnight(database.clock.now()), tell)
    async with database.begin(tenant, actor) as tx:
        made_by = f"{actor.kind}:{actor.id}" if actor.kind != "staff" else actor.id
        made = await store.add_versions(tx, [{**row, "id": new_id(), "made_by": made_by} for row in rows])
        for version in made:
            entry = audit.AuditEntry(
                action="models.train", subject_kind="model", subject_id=str(version.id),
                after={"task": name.value, "number": version.number, "metrics": version.metrics},
            )  # fmt: skip
            await audit.record(tx, entry)
        tx.emit(Trained(task=name.value, numbers=tuple(sorted(version.number for version in made))))
    return made


async def standing_features(tx: Tx, names: Sequence[str]) -> list[Feature]:
    """Attributes as features: numbers of class C1 that tell of no deposit (rule B1); else `StandingUnfit`."""
    if len(names) > STANDING_MAX:
        raise StandingUnfit(f"At most {STANDING_MAX} attributes.", pointer="/standing")
    if not names:
        return []
    known = {attribute.name: attribute for attribute in await customers.list_attributes(tx)}
    found = []
    for place, name in enumerate(names):
        attribute = known.get(name)
        numeric = attribute is not None and attribute.type in (AttributeType.INTEGER, AttributeType.DECIMAL)
        if attribute is None or not numeric or attribute.deposit_derived or attribute.data_class != "C1":
            raise StandingUnfit(
                f"'{name[:80]}' is no number of class C1, or tells of deposits; choose another attribute.",
                pointer=f"/standing/{place}",
            )
        scale = f" / {customers.DECIMAL_SCALE}" if attribute.type is AttributeType.DECIMAL else ""
        found.append(
            Feature(name=f"attribute_{name}", label=attribute.label, label_en=attribute.label_en, unit="number",
                    sql=f"{customers.column_of(attribute)}{scale}", blank=NAN, standing=True)
        )  # fmt: skip
    return found


def midnight(at: datetime) -> datetime:
    """The bank's last midnight."""
    return at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)


def cut_offs(task: Task, today: datetime) -> tuple[list[datetime], datetime]:
    """Cut-offs to learn from, latest first, and the one that judges: what came after it is not over before today, and
    what came after those is over before it.
    """
    span = timedelta(days=task.horizon_days * (2 if task.name is TaskName.RESPONSE else 1))
    judged_on = today - span
    first = judged_on - span
    return [first - timedelta(days=STEP_DAYS * number) for number in range(CUT_OFFS)], judged_on


async def _learn(
    clickhouse: ClickHouse, tenant: TenantId, task: Task, features: Sequence[Feature], today: datetime, tell: Progress
) -> list[dict[str, Any]]:
    earlier, judged_on = cut_offs(task, today)
    past = await sql_matrix.past_days(clickhouse, tenant, min(earlier))
    features = [feature for feature in features if feature.days <= past or feature.standing]
    if not features:
        first = min(earlier)
        raise NothingHappened(
            f"The bank's events begin on {(first - timedelta(days=past)).date()}, and the first cut-off to learn from "
            f"is {first.date()}: load events from at least a week before it."
        )
    everybody = await sql_matrix.last_seq(clickhouse, tenant) + 1
    steps = len(earlier) + 2 + len(Algorithm)
    await check_leak(clickhouse, tenant, features, judged_on, today, _sample(everybody, COMPARED))
    await tell(1, steps)
    reach = _sample(everybody, ROWS_MAX)
    parts = []
    for cut_off in [*earlier, judged_on]:
        parts.append(await rows_of(clickhouse, tenant, task, features, cut_off, reach))
        await tell(1 + len(parts), steps)
    learning = Rows(np.concatenate([part.features for part in parts[:-1]]),
                    np.concatenate([part.outcome for part in parts[:-1]]))  # fmt: skip
    found = []
    for algorithm in Algorithm:
        found.append(await asyncio.to_thread(_one, algorithm, features, learning, *_halves(parts[-1])))
        await tell(len(parts) + 1 + len(found), steps)
    best = recommended([one["metrics"] for one in found])
    shared = {
        "task": task.name.value, "rows": len(learning.outcome), "outcomes": int(learning.outcome.sum()),
        "cut_offs": [cut_off.date() for cut_off in earlier], "judged_on": judged_on.date(),
        "data_hash": hashlib.sha256(f"{learning.data_hash} {parts[-1].data_hash}".encode()).hexdigest(),
        "code_version": code_version(features),
    }  # fmt: skip
    return [{**shared, **one, "recommended": place == best} for place, one in enumerate(found)]


async def rows_of(
    clickhouse: ClickHouse, tenant: TenantId, task: Task, features: Sequence[Feature], cut_off: datetime, reach: Reach
) -> Rows:
    """The rows of one cut-off: who is asked about, their features before it, and what came after it."""
    after = timedelta(days=task.horizon_days)
    outcome: NDArray[np.bool_]
    if task.name is TaskName.RESPONSE:
        seqs, outcome = await sql_matrix.given(clickhouse, tenant, cut_off, task.horizon_days, reach)
    else:
        seqs = await population(clickhouse, tenant, cut_off, reach)
        outcome = ~np.isin(seqs, await sql_matrix.active(clickhouse, tenant, cut_off, cut_off + after, reach))
    table = await sql_matrix.matrix(clickhouse, tenant, features, cut_off, reach)
    return Rows(table.of(seqs, features), outcome)


async def population(clickhouse: ClickHouse, tenant: TenantId, cut_off: datetime, reach: Reach) -> Seqs:
    """Who is asked about: active in the `ACTIVE_DAYS` before."""
    return await sql_matrix.active(clickhouse, tenant, cut_off - timedelta(days=ACTIVE_DAYS), cut_off, reach)


def code_version(features: Sequence[Feature]) -> str:
    """Which code made a model: the release, and a hash over every feature's measure and the settings of learning."""
    said = [(feature.name, feature.sql, repr(feature.blank)) for feature in features]
    settings = (learn.TREES, learn.LEAVES, learn.SEED, CUT_OFFS, STEP_DAYS, ROWS_MAX)
    return f"{__version__}+{hashlib.sha256(repr((said, settings)).encode()).hexdigest()[:12]}"


def _sample(everybody: int, wanted: int) -> Reach:
    return Reach(per_mille=min(1_000, max(1, round(1_000 * wanted / max(everybody, 1)))))


def _halves(rows: Rows) -> tuple[Rows, Rows]:
    """Customers of the judging time, by chance: those who calibrate, and the others, who judge."""
    first = np.random.default_rng(learn.SEED).random(len(rows.outcome)) < 0.5
    return rows.of(first), rows.of(~first)


def _one(algorithm: Algorithm, features: Sequence[Feature], earlier: Rows, recent: Rows, later: Rows) -> dict[str, Any]:
    learned = learn.learn(algorithm, earlier, later, recent=recent)
    told = learn.scores(learned, later.features)
    judged = learned.judged
    text = msgspec.json.encode(learned).decode()
    return {
        "algorithm": algorithm.value,
        "text": text,
        "text_hash": hashlib.sha256(text.encode()).hexdigest(),
        "features": _weighed(learned, features, later),
        "groups": _groups(told, later.outcome),
        "metrics": {
            "auc": judged.auc, "calibration_error": judged.calibration_error, "log_loss": judged.log_loss,
            "brier": judged.brier, "top_tenth_lift": judged.top_tenth_lift, "judged_rows": judged.rows,
            "judged_outcomes": judged.outcomes,
        },
    }  # fmt: skip


def _weighed(learned: Learned, features: Sequence[Feature], rows: Rows) -> list[Weighed]:
    """In the order of the matrix: the model's columns are these."""
    moved = np.abs(learn.contributions(learned, rows.features[:WEIGHED_ROWS])).mean(axis=0)
    shares = moved / max(float(moved.sum()), 1e-12)
    return [
        Weighed(name=feature.name, label=feature.label, label_en=feature.label_en, unit=feature.unit,
                standing=feature.standing, share=round(float(share), 6))
        for feature, share in zip(features, shares, strict=True)
    ]  # fmt: skip


def _groups(told: NDArray[np.float64], outcome: NDArray[np.bool_]) -> list[Group]:
    parts = np.array_split(np.argsort(told, kind="stable"), learn.CALIBRATION_BINS)
    return [
        Group(told=float(told[part].mean()), seen=float(outcome[part].mean()), rows=len(part))
        for part in parts
        if len(part)
    ]


async def _silently(done: int, total: int) -> bool:
    del done, total
    return True
