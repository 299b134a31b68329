"""What goes wrong in a play unless somebody acts: odds that are not as stated, prizes and money that run out."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.reward import grants, ledger
from huoke.reward.plays import store, store_draw
from huoke.reward.plays.model import PPM, Play, PlayState

LOW_PPM = 100_000
"""Below a tenth of all units ever put in, a prize runs low; below a tenth of its limit, a budget does."""
LATELY = 1_000
"""Fallbacks are looked for among so many of the latest draws."""


class PlayAlarm(msgspec.Struct, frozen=True, kw_only=True):
    """`kind` is play_odds, play_low, play_out, play_fallback or play_budget; `name` the play, with the prize or the
    budget where one is meant.

    `share_ppm` is what is left of the pool or the budget, how probable the gap of the odds is, or how many of the
    latest draws gave something else than they pointed at, in ppm.
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
    passed = await store_draw.passed_over(tx, [(play.id, play.drawn) for play in running if play.drawn], LATELY)
    found += [
        PlayAlarm(kind="play_fallback", play_id=key, name=names[key], share_ppm=count * PPM // of)
        for key, (count, of) in passed.items()
    ]
    found += await _budgets(tx, running)
    return found + [alarm for play in running for alarm in _stock(play, pools)]


async def _budgets(tx: Tx, running: Iterable[Play]) -> list[PlayAlarm]:
    plays = {play.draft.budget_id: play for play in reversed(list(running)) if play.draft.budget_id is not None}
    budgets = await ledger.get_budgets(tx, sorted(plays)) if plays else []
    return [
        PlayAlarm(
            kind="play_budget",
            play_id=plays[one.id].id,
            name=f"{plays[one.id].draft.name} · {one.name}",
            share_ppm=one.available_fen * PPM // one.limit_fen,
        )
        for one in budgets
        if one.limit_fen and one.available_fen * PPM < one.limit_fen * LOW_PPM
    ]


def _stock(play: Play, pools: Mapping[UUID, grants.Pool]) -> list[PlayAlarm]:
    found = []
    for prize in play.draft.prizes:
        pool = pools.get(prize.pool_id) if prize.pool_id else None
        if pool is None or not pool.total or pool.available * PPM >= pool.total * LOW_PPM:
            continue
        kind = "play_low" if pool.available else "play_out"
        share = pool.available * PPM // pool.total
        found.append(PlayAlarm(kind=kind, play_id=play.id, name=f"{play.draft.name} · {prize.title}", share_ppm=share))
    return found
