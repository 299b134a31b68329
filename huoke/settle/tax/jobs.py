"""What tax does by itself: records follow grants."""

from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.kernel.log import LoggedEvent, subscriber
from huoke.kernel.tx import Tx
from huoke.settle.tax.record import GONE, RECEIVED, record

_STATES = frozenset(state.value for state in RECEIVED | GONE)


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed of `grants.moved`."""

    offer_id: UUID
    state: str


@subscriber("tax.record", events={"grants.moved"})
async def follow_grants(tx: Tx, event: LoggedEvent) -> None:
    """What was received is recorded, what went back is taken back."""
    moved = event.decode(Moved)
    if moved.state in _STATES and event.members is not None:
        await record(tx, moved.offer_id, list(BitMap.deserialize(event.members)))
