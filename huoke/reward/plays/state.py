"""Pausing, resuming and ending a play; at the end its seed is revealed."""

from uuid import UUID

from huoke.govern import privacy
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward import grants
from huoke.reward.grants import OfferState
from huoke.reward.plays import store
from huoke.reward.plays.draft import locked, record
from huoke.reward.plays.events import PlayStateChanged, SeedRevealed
from huoke.reward.plays.model import NEXT, Play, PlayState
from huoke.reward.plays.refusals import PlayUnfit, WrongState
from huoke.reward.plays.seed import open_seed

_ACTIONS = {PlayState.PAUSED: "plays.pause", PlayState.LIVE: "plays.resume", PlayState.ENDED: "plays.end"}


async def move(tx: Tx, principal: Principal | None, play_id: UUID, state: PlayState, reason: str = "") -> None:
    """Pause, resume or end a play; the state it has is a retry. Chances are kept while it is paused.

    Ending is for good and reveals the seed: nobody can draw any more. Raises `PlayUnknown`, `WrongState`, `PlayUnfit`
    without a reason.
    """
    play = await locked(tx, play_id, principal)
    if play.state is state:
        return
    if state not in _ACTIONS or state not in NEXT[play.state] or play.state is PlayState.SUBMITTED:
        raise WrongState(f"A play that is {play.state.value} cannot become {state.value}.", state=play.state.value)
    if principal is not None and state is not PlayState.LIVE and not reason.strip():
        raise PlayUnfit("Say why, for its customers and the trail.", pointer="/reason")
    await store.set_state(tx, play_id, state)
    await record(
        tx, _ACTIONS[state], play_id, play.unit_id, reason=reason, before={"state": play.state}, after={"state": state}
    )
    tx.emit(PlayStateChanged(play_id=play_id, state=state.value))
    if state is PlayState.ENDED:
        await _close(tx, play)


async def end_due(tx: Tx) -> int:
    """End every play whose time is over; returns how many."""
    due = await store.over(tx)
    for play_id in due:
        await move(tx, None, play_id, PlayState.ENDED)
    return len(due)


async def _close(tx: Tx, play: Play) -> None:
    for offer in await grants.find_offers(tx, "play", play.id):
        await grants.update_offer_state(tx, offer.id, OfferState.ENDED)
    sealed = await store.sealed_seed(tx, play.id)
    assert sealed is not None, "a published play has a seed"
    await store.reveal(tx, play.id, open_seed(await privacy.keys(tx), play.id, sealed))
    tx.emit(SeedRevealed(play_id=play.id))
