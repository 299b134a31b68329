"""What a customer may choose from, and how sets that overlap become variants that do not."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.kernel.refusals import Invalid
from huoke.kernel.sets import CustomerSet
from huoke.reward.catalogue import Bundle, given_at_once


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What one customer may choose from: `choose` of `sku_ids`; `place` is the variant's, None for the bundle's own.

    A campaign that pushes gives those `given` at once.
    """

    place: int | None
    choose: int
    sku_ids: list[UUID]
    given: list[UUID]

    @property
    def left(self) -> list[UUID]:
        """What is chosen from beside what is given at once; nothing where all that one gets is given."""
        return [one for one in self.sku_ids if one not in self.given] if self.choose > len(self.given) else []


class TierUnknown(Invalid):
    """A variant names a tier that the bank's scheme has not."""

    code = "variants.tier_unknown"


def offered(bundle: Bundle, place: int | None) -> Offered | None:
    """What those in the variant at `place` may choose from; None is in no variant, and may come to nothing."""
    if place is not None and bundle.split is not None:
        variant = bundle.split.variants[place]
        given = given_at_once(variant.choose, variant.sku_ids, variant.given)
        return Offered(place=place, choose=variant.choose, sku_ids=variant.sku_ids, given=given)
    if not bundle.sku_ids:
        return None
    given = given_at_once(bundle.choose, bundle.sku_ids, bundle.given)
    return Offered(place=None, choose=bundle.choose, sku_ids=bundle.sku_ids, given=given)


def every_offered(bundle: Bundle) -> list[Offered]:
    """What each variant offers, and those in none where they are offered something."""
    places = [None, *range(len(bundle.split.variants) if bundle.split else 0)]
    return [one for place in places if (one := offered(bundle, place)) is not None]


def apart(sets: Sequence[CustomerSet], universe: CustomerSet) -> list[CustomerSet]:
    """Of sets that may overlap, those of a universe in the first that fits each; the rest is in none."""
    left, parts = universe, []
    for one in sets:
        parts.append(left & one)
        left -= one
    return parts
