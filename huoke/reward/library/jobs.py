"""What the library does by itself: it shows SKUs as they are published, carries imports on, and
keeps what is searched in one piece.
"""

from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel import jobs
from huoke.kernel.engines import ClickHouse
from huoke.kernel.jobs import JobContext, Sweep, every, job
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.reward.library import applying, finding, own, prices, reading
from huoke.reward.library.import_read import get_import


class _Sku(msgspec.Struct, frozen=True):
    sku_id: UUID


@subscriber("library.follow_skus", events={"catalogue.sku_published", "catalogue.sku_retired"})
async def follow_skus(tx: Tx, event: LoggedEvent) -> None:
    """Show a SKU as it is now."""
    await own.follow(tx, event.decode(_Sku).sku_id)


@every("library.merge", seconds=600)
async def merge(sweep: Sweep) -> None:
    """Make one part of many after much has changed."""
    await finding.merge(sweep.part(ClickHouse), sweep.tenant)


class _Step(msgspec.Struct, frozen=True):
    import_id: UUID
    step: str


_TITLES = {"read": "读取目录", "apply": "写入目录", "price": "更新供货价", "undo": "撤回目录"}
_STEPS = {
    "read": reading.read,
    "apply": applying.run_apply,
    "price": prices.run_prices,
    "undo": applying.run_undo,
}


@subscriber("library.enqueue_catalogue", events={"library.catalogue_queued"})
async def enqueue_catalogue(tx: Tx, event: LoggedEvent) -> None:
    """Have a step of an import carried out."""
    asked = event.decode(_Step)
    found = await get_import(tx, asked.import_id)
    payload = {"import_id": str(asked.import_id), "step": asked.step}
    title = f"{_TITLES[asked.step]} · {found.file_name}"
    await jobs.enqueue(tx, "library.catalogue", payload, title=title, unique_key=str(event.id))


@job("library.catalogue")
async def catalogue(context: JobContext, payload: dict[str, Any]) -> None:
    """Carry out a step of an import; begun again it goes on, or begins anew, with the same outcome."""
    run = _STEPS[payload["step"]]
    await run(
        context.database, context.tenant, UUID(payload["import_id"]), actor=context.actor, progress=context.progress
    )
