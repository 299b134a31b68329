"""Refreshing tags in the background: when they were approved, when somebody asks, and by the clock."""

from datetime import datetime, time, timedelta
from typing import Any

import msgspec

from huoke.kernel import jobs
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.jobs import JobContext, Sweep, every, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.sets import SetServer
from huoke.kernel.tx import Tx
from huoke.know.language import Analytics
from huoke.know.tags import store
from huoke.know.tags.grow_old import grow_old
from huoke.know.tags.refresh import refresh

DAY_BEGINS = time(2, 0)
"""Daily tags are filled once the day before is in."""
TITLE = "标签更新 · Refresh tags"


class _Approved(msgspec.Struct, frozen=True):
    numbers: tuple[int, ...]


class _Asked(msgspec.Struct, frozen=True):
    numbers: tuple[int, ...]
    whole: bool = False


@subscriber("tags.backfill", events={"tags.approved"})
async def backfill(tx: Tx, event: LoggedEvent) -> None:
    """New definitions count: work them out."""
    await _enqueue(tx, list(event.decode(_Approved).numbers), whole=False, key=str(event.id))


@subscriber("tags.enqueue_refresh", events={"tags.refresh_asked"})
async def enqueue_refresh(tx: Tx, event: LoggedEvent) -> None:
    """Somebody wants tags filled again."""
    asked = event.decode(_Asked)
    await _enqueue(tx, list(asked.numbers), whole=asked.whole, key=str(event.id))


@every("tags.schedule", seconds=60)
async def schedule(sweep: Sweep) -> None:
    """Enqueue a refresh of what is due; once for a day, once for an hour."""
    async with sweep.database.begin(sweep.tenant) as tx:
        local = tx.now.astimezone(CHINA)
        day = datetime.combine(local.date(), DAY_BEGINS, CHINA)
        if day > local:
            day -= timedelta(days=1)
        hour = local.replace(minute=0, second=0, microsecond=0)
        due = await store.due(tx, day, hour)
        if due:
            await _enqueue(tx, due, whole=False, key=f"tags/{hour.isoformat()}")


@every("tags.grow_old", seconds=3_600)
async def sunset(sweep: Sweep) -> None:
    """Count who uses each tag; warn of those nobody uses, freeze and put away those warned of long ago."""
    async with sweep.database.begin(sweep.tenant) as tx:
        await grow_old(tx)


@job("tags.refresh", at_once_max=1)
async def refresh_tags(context: JobContext, payload: dict[str, Any]) -> None:
    """Fill tags again; cancelled, those that are done stay done."""
    analytics = Analytics(context.part(ClickHouse), context.part(SetServer))
    await refresh(
        context.database,
        analytics,
        context.tenant,
        payload["numbers"],
        whole=payload["whole"],
        job_id=context.job_id,
        progress=context.progress,
    )


async def _enqueue(tx: Tx, numbers: list[int], *, whole: bool, key: str) -> None:
    payload = {"numbers": numbers, "whole": whole}
    await jobs.enqueue(tx, "tags.refresh", payload, title=f"{TITLE} ({len(numbers)})", unique_key=key)
