"""Reading temperatures in the background: every night, and anew when the scale changes."""

from datetime import datetime, time
from typing import Any

import msgspec

from huoke.kernel import jobs
from huoke.kernel.clock import CHINA
from huoke.kernel.engines import ClickHouse
from huoke.kernel.jobs import JobContext, Sweep, every, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.know.temperature import store
from huoke.know.temperature.refresh import refresh

READ_FROM = time(2, 30)
"""The day before is in by then."""
TITLE = "客户温度 · Customer temperature"


@every("temperature.schedule", seconds=300)
async def schedule(sweep: Sweep) -> None:
    """Enqueue a day's reading once."""
    async with sweep.database.begin(sweep.tenant) as tx:
        local = tx.now.astimezone(CHINA)
        if local >= datetime.combine(local.date(), READ_FROM, CHINA):
            await _enqueue(tx, whole=False, key=f"temperature/{local.date()}")


@subscriber("temperature.measure_anew", events={"temperature.scale_changed"})
async def measure_anew(tx: Tx, event: LoggedEvent) -> None:
    """Another scale holds from the beginning of the history."""
    await _enqueue(tx, whole=True, key=str(event.id))


class _Case(msgspec.Struct, frozen=True):
    kind: str


@subscriber("temperature.hear_complaint", events={"care.case_opened"})
async def hear_complaint(tx: Tx, event: LoggedEvent) -> None:
    """A complaint at the service desk is a sign."""
    if event.seq is not None and event.decode(_Case).kind == "complaint":
        await store.note_complaint(tx, event.id, event.seq, event.recorded_at)


@job("temperature.refresh", at_once_max=1)
async def refresh_temperature(context: JobContext, payload: dict[str, Any]) -> None:
    """Read the days that were not read."""
    await refresh(
        context.database,
        context.part(ClickHouse),
        context.tenant,
        whole=payload["whole"],
        progress=context.progress,
    )


async def _enqueue(tx: Tx, *, whole: bool, key: str) -> None:
    await jobs.enqueue(tx, "temperature.refresh", {"whole": whole}, title=TITLE, unique_key=key)
