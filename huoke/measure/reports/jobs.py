"""Making papers in the background."""

from typing import Any

import msgspec

from huoke.kernel import jobs
from huoke.kernel.jobs import JobContext, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.measure.reports import store
from huoke.measure.reports.model import PaperRequested
from huoke.measure.reports.paper import make_paper


@subscriber("reports.enqueue_paper", events={"reports.paper_requested"})
async def enqueue_paper(tx: Tx, event: LoggedEvent) -> None:
    """Somebody asked for a paper: let a worker make it."""
    wanted = event.decode(PaperRequested)
    row = await store.campaign(tx, wanted.campaign_id)
    payload = msgspec.to_builtins(wanted)
    await jobs.enqueue(tx, "reports.paper", payload, title=row["name"] if row else "", unique_key=str(wanted.paper_id))


@job("reports.paper", at_once_max=1)
async def make(context: JobContext, payload: dict[str, Any]) -> None:
    """Make one paper with its owner's rights."""
    await make_paper(context, msgspec.convert(payload, PaperRequested))
