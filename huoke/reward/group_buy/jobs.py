"""Group buys in the background: what the cashier says of seats, groups whose time is over, what is left."""

from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.kernel.jobs import Sweep, every
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.reward.group_buy.end import CHUNK_MAX, expire, give_back_all
from huoke.reward.group_buy.model import SOURCE
from huoke.reward.group_buy.settle import money_back, refund_ended, release, take_payment


class _Told(msgspec.Struct, frozen=True):
    source_kind: str
    source_id: UUID


class _Moved(msgspec.Struct, frozen=True):
    offer_id: UUID
    state: str


@subscriber("group_buy.payments", events={"payments.paid", "payments.closed", "payments.refunded"})
async def hear_payments(tx: Tx, event: LoggedEvent) -> None:
    """A seat's payment was made, will not be made, or is back with its customer."""
    told = event.decode(_Told)
    if told.source_kind != SOURCE:
        return
    verb = {"payments.paid": take_payment, "payments.closed": release, "payments.refunded": money_back}[event.name]
    await verb(tx, told.source_id)


@subscriber("group_buy.refund", events={"grants.moved"})
async def refund_seats(tx: Tx, event: LoggedEvent) -> None:
    """A benefit that failed, was revoked or returned gives its seat's price back."""
    moved = event.decode(_Moved)
    seqs = None if event.members is None else list(BitMap.deserialize(event.members))
    await refund_ended(tx, moved.offer_id, moved.state, seqs)


@every("group_buy.expire", seconds=20)
async def expire_groups(sweep: Sweep) -> None:
    """Groups whose time is over, chunk by chunk, each in a transaction of its own."""
    while True:
        async with sweep.database.begin(sweep.tenant) as tx:
            if await expire(tx) < CHUNK_MAX:
                return


@every("group_buy.leftover", seconds=3_600)
async def give_back_leftovers(sweep: Sweep) -> None:
    """What group buys that are over keep aside and nobody can get any more goes back."""
    async with sweep.database.begin(sweep.tenant) as tx:
        await give_back_all(tx)
