"""How many fall in which variant, for whoever makes a bundle or decides about a campaign."""

from collections.abc import Sequence

import msgspec

from huoke.kernel.sets import CustomerSet
from huoke.reward.catalogue import Split
from huoke.reward.variants.model import apart


class VariantCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many customers a variant is for; `earlier` would fit it and are taken by one before."""

    name: str
    name_en: str
    customers: int
    earlier: int


class VariantCounts(msgspec.Struct, frozen=True, kw_only=True):
    """`total` customers over the variants in their order; `rest` fall in none."""

    total: int
    rest: int
    variants: list[VariantCount]


def count(split: Split, sets: Sequence[CustomerSet], universe: CustomerSet) -> VariantCounts:
    """How many of a universe fall in each variant, by the sets of those who fit."""
    parts = apart(sets, universe)
    rows = [
        VariantCount(
            name=variant.name,
            name_en=variant.name_en,
            customers=len(part),
            earlier=len(universe & fits) - len(part),
        )
        for variant, fits, part in zip(split.variants, sets, parts, strict=True)
    ]
    return VariantCounts(total=len(universe), rest=len(universe) - sum(row.customers for row in rows), variants=rows)
