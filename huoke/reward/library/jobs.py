"""What the library does by itself: it shows SKUs as they are published, and keeps what is searched in one piece."""

from uuid import UUID

import msgspec

from huoke.kernel.engines import ClickHouse
from huoke.kernel.jobs import Sweep, every
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.reward.library import finding, own


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
