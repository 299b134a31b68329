"""Who falls in which variant of a bundle: as sets for everybody at once, and for those who ask.

await variants.freeze(tx, analytics, campaign_id, split)     segments and cells, when a campaign is submitted
found = await variants.of(tx, campaign_id, bundle, seqs)     what each may choose from, None for nothing
counts = await variants.count(tx, split, sets, universe)     how many fall in each: the first that fits counts
"""

from huoke.reward.variants.count import VariantCount, VariantCounts, count
from huoke.reward.variants.freeze import freeze, members
from huoke.reward.variants.model import Offered, TierUnknown, apart, every_offered
from huoke.reward.variants.of import of
from huoke.reward.variants.sets import live

__all__ = [
    "Offered",
    "TierUnknown",
    "VariantCount",
    "VariantCounts",
    "apart",
    "count",
    "every_offered",
    "freeze",
    "live",
    "members",
    "of",
]
