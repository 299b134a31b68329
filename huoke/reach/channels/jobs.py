"""What channels do by themselves: queue as customers are reached, hold and end with their source, hand over."""

from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.kernel.jobs import Sweep, every
from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.reach.channels import plan
from huoke.reach.channels.hand_over import hand_over

SMS = "sms"
SLICES_MAX = 50
"""Slices of one bank before the next bank has its turn."""


class _Reached(msgspec.Struct, frozen=True):
    campaign_id: UUID
    channel: str


class _Moved(msgspec.Struct, frozen=True):
    campaign_id: UUID


@subscriber("channels.queue", events={"campaigns.chunk_reached"})
async def queue(tx: Tx, event: LoggedEvent) -> None:
    """Whom a campaign reached is written to, where its plan says so."""
    reached = event.decode(_Reached)
    if reached.channel == SMS and event.members:
        await plan.queue(tx, reached.campaign_id, BitMap.deserialize(event.members))


@subscriber("channels.hold", events={"campaigns.paused"})
async def hold(tx: Tx, event: LoggedEvent) -> None:
    """A paused campaign writes to nobody."""
    await plan.hold(tx, event.decode(_Moved).campaign_id)


@subscriber("channels.resume", events={"campaigns.resumed"})
async def resume(tx: Tx, event: LoggedEvent) -> None:
    """A resumed one goes on."""
    await plan.resume(tx, event.decode(_Moved).campaign_id)


@subscriber("channels.end", events={"campaigns.stopped", "campaigns.ended"})
async def end(tx: Tx, event: LoggedEvent) -> None:
    """A finished campaign writes to nobody any more."""
    await plan.end(tx, event.decode(_Moved).campaign_id)


@every("channels.hand_over", seconds=1)
async def hand_over_due(sweep: Sweep) -> None:
    """Hand over what is due."""
    for _ in range(SLICES_MAX):
        if not await hand_over(sweep.database, sweep.tenant):
            return
