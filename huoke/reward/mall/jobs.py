"""The mall in the background: what could not be delivered is refunded."""

from uuid import UUID

import msgspec

from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.reward.mall.sell import refund_ended


class _Moved(msgspec.Struct, frozen=True):
    offer_id: UUID
    state: str


@subscriber("mall.refund", events={"grants.moved"})
async def refund_orders(tx: Tx, event: LoggedEvent) -> None:
    """A benefit that failed, was revoked or returned gives its order's points back to their lots."""
    moved = event.decode(_Moved)
    await refund_ended(tx, moved.offer_id, moved.state)
