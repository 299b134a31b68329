"""What goes wrong in a play unless somebody acts: odds that hardly come out as stated, prizes that run out."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.reward import grants
from huoke.reward.plays import store
from huoke.reward.plays.model import Play, PlayState

LOW_PPM = 100_000
"""Below a tenth of all units ever put in, a prize runs low."""


class PlayAlarm(msgspec.Struct, frozen=True, kw_only=True):
    """`kind` is play_odds, play_low or play_out; `name` the play, with the prize where one is meant.

    `share_ppm` is what is left of the pool, or how probable the gap of the odds is, in ppm.
    """

    kind: str
    play_id: UUID
    name: str
    share_ppm: int


async def alarms(tx: Tx, units: Iterable[int] | None) -> list[PlayAlarm]:
    """Alarms of the plays that run in these units (None: the whole bank), odds first."""
    running = await store.find(tx, units, [PlayState.LIVE], None, None, 50)
    pool_ids = sorted({one.pool_id for play in running for one in play.draft.prizes if one.pool_id})
    pools = {pool.id: pool for pool in await grants.get_pools(tx, pool_ids)} if pool_ids else {}
    odds = await store.latest_alarms(tx, [play.id for play in running])
    names = {play.id: play.draft.name for play in running}
    found = [PlayAlarm(kind="play_odds", play_id=key, name=names[key], share_ppm=ppm) for key, ppm in odds.items()]
    return found + [alarm for play in running for alarm in _stock(play, pools)]


def _stock(play: Play, pools: dict[UUID, grants.Pool]) -> list[PlayAlarm]:
    found = []
    for prize in play.draft.prizes:
        pool = pools.get(prize.pool_id) if prize.pool_id else None
        if pool is None or not pool.total or pool.available * 1_000_000 >= pool.total * LOW_PPM:
            continue
        kind = "play_low" if pool.available else "play_out"
        share = pool.available * 1_000_000 // pool.total
        found.append(PlayAlarm(kind=kind, play_id=play.id, name=f"{play.draft.name} · {prize.title}", share_ppm=share))
    return found
