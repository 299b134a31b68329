"""The mall in the background: what could not be delivered is refunded; orders end as their payments do."""

from uuid import UUID

import msgspec

from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.reward.mall.finish import release, take_payment
from huoke.reward.mall.purchase_model import PURCHASE
from huoke.reward.mall.sell import money_back, refund_ended


class _Moved(msgspec.Struct, frozen=True):
    offer_id: UUID
    state: str


class _Ended(msgspec.Struct, frozen=True):
    payment_id: UUID
    source_kind: str
    source_id: UUID


class _Back(msgspec.Struct, frozen=True):
    source_kind: str
    request_no: str


@subscriber("mall.refund", events={"grants.moved"})
async def refund_orders(tx: Tx, event: LoggedEvent) -> None:
    """A benefit that failed, was revoked or returned gives its order's points back to their lots."""
    moved = event.decode(_Moved)
    await refund_ended(tx, moved.offer_id, moved.state)


@subscriber("mall.paid", events={"payments.paid"})
async def finish_purchase(tx: Tx, event: LoggedEvent) -> None:
    """An order whose money came is delivered."""
    paid = event.decode(_Ended)
    if paid.source_kind == PURCHASE:
        await take_payment(tx, paid.source_id, paid.payment_id)


@subscriber("mall.closed", events={"payments.closed"})
async def close_purchase(tx: Tx, event: LoggedEvent) -> None:
    """An order whose money will not come holds nothing any more."""
    closed = event.decode(_Ended)
    if closed.source_kind == PURCHASE:
        await release(tx, closed.source_id)


@subscriber("mall.money_back", events={"payments.refunded"})
async def end_refund(tx: Tx, event: LoggedEvent) -> None:
    """An order is refunded once its money is back too."""
    back = event.decode(_Back)
    if back.source_kind == PURCHASE:
        await money_back(tx, back.request_no)
