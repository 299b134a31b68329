"""What a customer may choose from, and how sets that overlap become variants that do not."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Invalid
from huoke.kernel.sets import CustomerSet
from huoke.reward.catalogue import Bundle


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What one customer may choose from: `choose` of `sku_ids`; `place` is the variant's, None for the bundle's own."""

    place: int | None
    choose: int
    sku_ids: list[UUID]


class TierUnknown(Invalid):
    """A variant names a tier that the bank's scheme has not."""

    code = "variants.tier_unknown"


def offered(bundle: Bundle, place: int | None) -> Offered | None:
    """What those in the variant at `place` may choose from; None is in no variant, and may come to nothing."""
    if place is not None and bundle.split is not None:
        variant = bundle.split.variants[place]
        return Offered(place=place, choose=variant.choose, sku_ids=variant.sku_ids)
    return Offered(place=None, choose=bundle.choose, sku_ids=bundle.sku_ids) if bundle.sku_ids else None


def apart(sets: Sequence[CustomerSet], universe: CustomerSet) -> list[CustomerSet]:
    """Of sets that may overlap, those of a universe in the first that fits each; the rest is in none."""
    left, parts = universe, []
    for one in sets:
        parts.append(left & one)
        left -= one
    return parts
