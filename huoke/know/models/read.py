"""What the console asks about models, and what it wishes for."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.kernel.engines import ClickHouse
from huoke.kernel.tx import Tx
from huoke.know.models import sql_matrix, store
from huoke.know.models.choose import get
from huoke.know.models.model import (
    TASKS,
    NoChampion,
    NothingHappened,
    Run,
    ScoringAsked,
    State,
    Task,
    TaskName,
    TrainingAsked,
    Version,
)
from huoke.know.models.train import standing_features


class TaskRow(msgspec.Struct, frozen=True, kw_only=True):
    """What can be foretold, which version tells it, and the latest scoring."""

    task: Task
    tag: str
    champion: Version | None
    versions: int
    latest: Version | None
    run: Run | None


class VersionPage(msgspec.Struct, frozen=True, kw_only=True):
    """One version, its task, its scorings, the others it can be compared with; features by weight."""

    version: Version
    task: Task
    runs: list[Run]
    others: list[Version]


async def tasks(tx: Tx) -> list[TaskRow]:
    """Every task."""
    found = await store.versions(tx)
    runs = await store.latest_runs(tx)
    rows = []
    for name, task in TASKS.items():
        mine = [one for one in found if one.task is name]
        champion = next((one for one in mine if one.state is State.CHAMPION), None)
        rows.append(
            TaskRow(task=task, tag=task.tag, champion=champion, versions=len(mine), latest=next(iter(mine), None),
                    run=runs.get(name))
        )  # fmt: skip
    return rows


async def versions(tx: Tx, task: TaskName | None = None) -> list[Version]:
    """Versions, latest first; at most 500."""
    return await store.versions(tx, task=task)


async def page(tx: Tx, version_id: UUID) -> VersionPage:
    """One version; `ModelUnknown`."""
    version = await get(tx, version_id)
    others = [one for one in await store.versions(tx, task=version.task) if one.id != version.id]
    weighed = sorted(version.features, key=lambda one: -one.share)
    return VersionPage(
        version=msgspec.structs.replace(version, features=weighed),
        task=TASKS[version.task],
        runs=await store.runs(tx, version.task, version.number),
        others=[msgspec.structs.replace(one, features=[]) for one in others],
    )


async def ask_training(tx: Tx, clickhouse: ClickHouse, task: TaskName, standing: Sequence[str] = ()) -> None:
    """Have a task learned anew in the background; `NothingHappened`, `StandingUnfit`."""
    await standing_features(tx, standing)
    if not await sql_matrix.has_events(clickhouse, tx.tenant):
        raise NothingHappened("Nothing has happened yet that a model could learn from; load the bank's past first.")
    tx.emit(TrainingAsked(task=task.value, standing=tuple(standing)))


async def ask_scoring(tx: Tx, task: TaskName) -> None:
    """Have everybody scored in the background; `NoChampion`."""
    if not await store.versions(tx, task=task, state=State.CHAMPION):
        raise NoChampion(f"No model of '{task}' is approved; train one and have it approved.", task=task.value)
    tx.emit(ScoringAsked(task=task.value))
