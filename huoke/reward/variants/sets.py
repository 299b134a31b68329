"""Who is meant by each variant now, as one set a variant: never customer by customer."""

from functools import reduce

from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import language, segments
from huoke.reward import tiers
from huoke.reward.catalogue import Split, SplitBy, Variant
from huoke.reward.variants.model import TierUnknown


async def live(tx: Tx, analytics: language.Analytics | None, split: Split, universe: CustomerSet) -> list[CustomerSet]:
    """The set of each variant of a universe as it is now; they may overlap. `analytics` is for segments and cells.

    Raises `TierUnknown`, `segments.SegmentUnknown`, and the refusals of compiling, `language.DepositSelection` too.
    """
    if split.by is SplitBy.TIER:
        return await by_tier(tx, split, universe)
    assert analytics is not None, "segments and cells are asked of the analytic store"
    return [universe & await _selected(tx, analytics, split, variant) for variant in split.variants]


async def by_tier(tx: Tx, split: Split, universe: CustomerSet) -> list[CustomerSet]:
    """Who of a universe stands on the tiers of each variant; whoever never earned growth is on the lowest."""
    held = await tiers.scheme(tx)
    keys = held.keys if held else []
    for place, variant in enumerate(split.variants):
        if strange := set(variant.tiers) - set(keys):
            raise TierUnknown(
                f"This bank has no tier '{min(strange)}'.", pointer=f"/terms/split/variants/{place}/tiers"
            )
    found = await tiers.members(tx)
    nobody = CustomerSet.empty(tx.tenant)
    above = reduce(CustomerSet.__or__, (found.get(key, nobody) for key in keys[1:]), nobody)
    on = {key: universe & found.get(key, nobody) for key in keys[1:]} | {keys[0]: universe - above}
    return [reduce(CustomerSet.__or__, (on[key] for key in variant.tiers), nobody) for variant in split.variants]


async def _selected(tx: Tx, analytics: language.Analytics, split: Split, variant: Variant) -> CustomerSet:
    if variant.segment_id is not None:
        segment = await segments.get(tx, variant.segment_id)
        scope = segments.Scope(purpose=segment.purpose, serves=segment.serves, basis=segment.basis)
        return await segments.members_of(tx, analytics, language.parse(segment.expression), scope)
    assert variant.bands is not None, "a variant that was drafted says for whom it is"
    return await segments.members_of(
        tx, analytics, variant.bands.expression(), segments.Scope(basis=split.basis or None)
    )
