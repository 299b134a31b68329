"""Tills in the background: sales end as their payments do."""

from uuid import UUID

import msgspec

from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.reward.tills import sell
from huoke.reward.tills.model import SALE


class _Ended(msgspec.Struct, frozen=True):
    source_kind: str
    source_id: UUID


class _Back(msgspec.Struct, frozen=True):
    source_kind: str
    source_id: UUID
    refund_id: UUID
    amount_fen: int
    reduction_fen: int = 0


@subscriber("tills.paid", events={"payments.paid"})
async def finish_sale(tx: Tx, event: LoggedEvent) -> None:
    """A sale whose money came is owed to its merchant."""
    paid = event.decode(_Ended)
    if paid.source_kind == SALE:
        await sell.take_payment(tx, paid.source_id)


@subscriber("tills.closed", events={"payments.closed"})
async def close_sale(tx: Tx, event: LoggedEvent) -> None:
    """A sale whose money will not come is over."""
    closed = event.decode(_Ended)
    if closed.source_kind == SALE:
        await sell.close(tx, closed.source_id)


@subscriber("tills.back", events={"payments.refunded"})
async def take_back(tx: Tx, event: LoggedEvent) -> None:
    """What of a sale went back is owed no more."""
    back = event.decode(_Back)
    if back.source_kind == SALE:
        await sell.take_back(tx, back.source_id, back.refund_id, back.amount_fen, back.reduction_fen)
