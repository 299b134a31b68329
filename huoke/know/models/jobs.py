"""Training and scoring in the background: when somebody asks, when a champion is chosen, and every night."""

from datetime import time, timedelta
from typing import Any

import msgspec

from huoke.kernel import jobs
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.jobs import JobContext, Sweep, every, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Actor, ActorKind, Tx
from huoke.know.models import store
from huoke.know.models.model import TASKS, TaskName
from huoke.know.models.score import score
from huoke.know.models.train import train

NIGHT = time(3, 0)
"""Once the day before is in, and tags were filled."""


class _Asked(msgspec.Struct, frozen=True):
    task: TaskName
    standing: tuple[str, ...] = ()


@subscriber("models.enqueue_training", events={"models.training_asked"})
async def enqueue_training(tx: Tx, event: LoggedEvent) -> None:
    """Somebody wants a task learned anew."""
    asked = event.decode(_Asked)
    payload = {"task": asked.task, "standing": list(asked.standing), "by": [event.actor_kind, event.actor_id]}
    label = TASKS[asked.task]
    await jobs.enqueue(
        tx, "models.train", payload, title=f"训练模型 · Train: {label.label} · {label.label_en}",
        unique_key=str(event.id),
    )  # fmt: skip


@subscriber("models.enqueue_scoring", events={"models.scoring_asked", "models.champion_chosen"})
async def enqueue_scoring(tx: Tx, event: LoggedEvent) -> None:
    """Everybody is to be scored: somebody asked, or another version tells from now on."""
    await _score(tx, event.decode(_Asked).task, str(event.id))


@every("models.nightly", seconds=600)
async def nightly(sweep: Sweep) -> None:
    """Every champion scores everybody once a night."""
    async with sweep.database.begin(sweep.tenant) as tx:
        local = tx.now.astimezone(CHINA)
        night = local.replace(hour=NIGHT.hour, minute=NIGHT.minute, second=0, microsecond=0)
        if night > local:
            night -= timedelta(days=1)
        for task in await store.due(tx, night):
            await _score(tx, task, f"models/{task}/{night.isoformat()}")


@job("models.train", at_once_max=1)
async def run_training(context: JobContext, payload: dict[str, Any]) -> None:
    """Learn a task; what came of it is registered as drafts."""
    kind, actor_id = payload["by"]
    await train(
        context.database,
        context.part(ClickHouse),
        context.tenant,
        Actor(ActorKind(kind), actor_id),
        TaskName(payload["task"]),
        standing=payload["standing"],
        progress=context.progress,
    )


@job("models.score", at_once_max=1)
async def run_scoring(context: JobContext, payload: dict[str, Any]) -> None:
    """Score everybody; an attempt that broke off is begun again and writes no score twice."""
    await score(
        context.database, context.part(ClickHouse), context.tenant, TaskName(payload["task"]),
        progress=context.progress,
    )  # fmt: skip


async def _score(tx: Tx, task: TaskName, key: str) -> None:
    label = TASKS[task]
    title = f"模型评分 · Score: {label.label} · {label.label_en}"
    await jobs.enqueue(tx, "models.score", {"task": task}, title=title, unique_key=key)
