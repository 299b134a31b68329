"""Freezing: who falls in which variant by segment or cell, when a campaign is submitted; tiers are asked at claims."""

from uuid import UUID

from huoke.kernel.sets import CustomerSet, from_rows
from huoke.kernel.tx import Tx
from huoke.know import consent, customers, language
from huoke.reward.catalogue import Split, SplitBy
from huoke.reward.variants import store
from huoke.reward.variants.model import apart
from huoke.reward.variants.sets import by_tier, live


async def freeze(tx: Tx, analytics: language.Analytics, source_id: UUID, split: Split | None) -> None:
    """Keep who falls in which variant now; a second submission keeps it anew. Refusals as `live`."""
    if split is None or split.by is SplitBy.TIER:
        await store.put(tx, source_id, [])
        return
    universe = await consent.selectable(tx, consent.MARKETING)
    await store.put(tx, source_id, apart(await live(tx, analytics, split, universe), universe))


async def members(tx: Tx, source_id: UUID, split: Split, universe: CustomerSet) -> list[CustomerSet]:
    """Who of a universe falls in each variant, nobody in two: as frozen, of tiers as it is now. `TierUnknown`."""
    if split.by is SplitBy.TIER:
        return apart(await by_tier(tx, split, universe), universe)
    parts: list[list[bytes]] = [[] for _ in split.variants]
    for row in await store.chunks(tx, source_id, None):
        parts[row["place"]].append(row["members"])
    sets = [await customers.current(tx, from_rows(tx.tenant, rows)) for rows in parts]
    return apart(sets, universe)
