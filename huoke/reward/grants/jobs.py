"""What grants do by the clock, where those whose time has run out expire, and when others say something."""

from uuid import UUID

import msgspec

from huoke.kernel.jobs import Sweep, every
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.reward import grants


class _Stocked(msgspec.Struct, frozen=True):
    sku_id: UUID
    unit_id: int
    quantity: int


@subscriber("grants.stock_codes", events={"card_codes.stocked"})
async def stock_codes(tx: Tx, event: LoggedEvent) -> None:
    """Free card codes are stock: the pools of their SKU follow."""
    stocked = event.decode(_Stocked)
    await grants.stock_codes(tx, stocked.sku_id, stocked.unit_id, stocked.quantity)


@every("grants.expire", seconds=60)
async def expire(sweep: Sweep) -> None:
    """Expire chunk by chunk, each in a transaction of its own, until nothing is due."""
    while True:
        async with sweep.database.begin(sweep.tenant) as tx:
            if not await grants.expire(tx):
                return
