"""Working followed segments out: every night, and when somebody asks."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel import jobs
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.jobs import JobContext, Sweep, every, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Tx
from huoke.know.language import Analytics
from huoke.know.membership import store
from huoke.know.membership.reckon import reckon

DAY_BEGINS = time(3, 0)
"""Tags and temperatures of the day are filled by then."""
TITLE = "客群成员更新 · Segments' members"


class _Asked(msgspec.Struct, frozen=True):
    segment_id: UUID


@subscriber("membership.enqueue", events={"membership.asked"})
async def enqueue(tx: Tx, event: LoggedEvent) -> None:
    """Somebody wants a segment's members, now."""
    await _enqueue(tx, [event.decode(_Asked).segment_id], key=str(event.id))


@every("membership.schedule", seconds=300)
async def schedule(sweep: Sweep) -> None:
    """Enqueue what was not worked out today; what was held back is tried again every hour."""
    async with sweep.database.begin(sweep.tenant) as tx:
        local = tx.now.astimezone(CHINA)
        if local < datetime.combine(local.date(), DAY_BEGINS, CHINA):
            return
        due = await store.due(tx, local.date())
        if due:
            await _enqueue(tx, due, key=f"membership/{local:%Y-%m-%dT%H}")


@job("membership.reckon", at_once_max=1)
async def reckon_segments(context: JobContext, payload: dict[str, Any]) -> None:
    """Work segments out; cancelled, those that are done stay done."""
    analytics = Analytics(context.part(ClickHouse), context.part(SetServer))
    segment_ids = [UUID(one) for one in payload["segment_ids"]]
    await reckon(context.database, analytics, context.tenant, segment_ids, context.progress)


async def _enqueue(tx: Tx, segment_ids: list[UUID], *, key: str) -> None:
    payload = {"segment_ids": [str(one) for one in segment_ids]}
    await jobs.enqueue(tx, "membership.reckon", payload, title=f"{TITLE} ({len(segment_ids)})", unique_key=key)
