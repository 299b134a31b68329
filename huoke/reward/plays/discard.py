"""Throwing a draft of a play away, and what those who do so ask first."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward.plays import store_discard
from huoke.reward.plays.draft import locked, record, require
from huoke.reward.plays.model import PlayState
from huoke.reward.plays.refusals import WrongState


async def discard(tx: Tx, principal: Principal, play_id: UUID) -> None:
    """Throw a draft away that was never submitted; the trail keeps what it was. Raises `PlayUnknown`, `WrongState`."""
    play = await locked(tx, play_id, principal)
    require(play, PlayState.DRAFT)
    if play.change_id is not None:
        raise WrongState("The play was submitted once; it stays with its approvals.", state=play.state.value)
    await store_discard.delete(tx, play_id)
    await record(tx, "plays.discard", play_id, play.unit_id, before=msgspec.to_builtins(play.draft))


async def states(tx: Tx, play_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The states of those of these ids that are plays."""
    return await store_discard.states(tx, list(play_ids))
