"""How plays stand in a few words, many of them at once: for those who keep plays among other things."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reward.plays import store
from huoke.reward.plays.model import PlayState
from huoke.reward.plays.refusals import PlayUnknown


class PlayBoard(msgspec.Struct, frozen=True, kw_only=True):
    """A play: how many natural persons drew, and how often."""

    name: str
    state: PlayState
    change_id: UUID | None
    players: int
    draws: int


async def boards(tx: Tx, principal: Principal, play_ids: Sequence[UUID]) -> dict[UUID, PlayBoard]:
    """Plays in the caller's scope by id; `PlayUnknown` where one is not."""
    if not play_ids:
        return {}
    found = {play.id: play for play in await store.get_many(tx, play_ids) if principal.covers(play.unit_id)}
    for missing in sorted(set(play_ids) - found.keys()):
        raise PlayUnknown(f"There is no play {missing}.")
    players = await store.count_players(tx, play_ids)
    return {
        key: PlayBoard(
            name=play.draft.name,
            state=play.state,
            change_id=play.change_id,
            players=players.get(key, 0),
            draws=play.drawn,
        )
        for key, play in found.items()
    }
