"""Finding look-alikes in the background."""

from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel import jobs
from huoke.kernel.engines import ClickHouse
from huoke.kernel.jobs import JobContext, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Actor, ActorKind, Tx
from huoke.know.language import Analytics
from huoke.know.lookalikes.nearest import search

TITLE = "查找相似客群 · Look-alikes"


class _Asked(msgspec.Struct, frozen=True):
    search_id: UUID


@subscriber("lookalikes.enqueue", events={"lookalikes.asked"})
async def enqueue(tx: Tx, event: LoggedEvent) -> None:
    """Somebody wants customers like those of a seed."""
    payload = {"search_id": str(event.decode(_Asked).search_id), "by": [event.actor_kind, event.actor_id]}
    await jobs.enqueue(tx, "lookalikes.search", payload, title=TITLE, unique_key=str(event.id))


@job("lookalikes.search", at_once_max=1)
async def find_lookalikes(context: JobContext, payload: dict[str, Any]) -> None:
    """Learn the seed and find who is like it; the list is made in the name of who asked."""
    kind, actor_id = payload["by"]
    analytics = Analytics(context.part(ClickHouse), context.part(SetServer))
    actor = Actor(ActorKind(kind), actor_id)
    await search(context.database, analytics, context.tenant, actor, UUID(payload["search_id"]), context.progress)
