"""How many of those a campaign is for live where a part of it is of no use: shown before anybody decides."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from huoke.kernel.sets import CustomerSet
from huoke.reach.campaigns.check import Regions
from huoke.reward.catalogue import Sku, Where
from huoke.reward.variants import Offered

Part = tuple[Offered, CustomerSet]
"""What some customers may take, and who they are; nobody is in two."""


async def counted(where: Where, skus: Iterable[Sku | None], parts: Sequence[Part]) -> Regions:
    """By benefit that holds in some regions only: how many who are offered it are known to live elsewhere, or of how
    many it is not known; and how many have fewer left to use than they may choose.
    """
    bound = [sku for sku in skus if sku is not None and sku.regions]
    if not bound:
        return Regions()
    placed = await where.placed()
    elsewhere = {sku.id: placed - await where.near(sku.regions) for sku in bound}
    to = {sku.id: [part for one, part in parts if sku.id in one.sku_ids] for sku in bound}
    return Regions(
        benefits=[await where.of(sku, *to[sku.id]) for sku in bound],
        short=sum(len(short(one, part, elsewhere)) for one, part in parts),
    )


def short(offered: Offered, part: CustomerSet, elsewhere: dict[UUID, CustomerSet]) -> CustomerSet:
    """Who of a part is left with fewer benefits of use than they may choose."""
    to_spare = len(offered.sku_ids) - offered.choose
    lost = [CustomerSet.empty(part.tenant, part.as_of)] * (to_spare + 1)
    """At each place who cannot use more than so many of the benefits looked at so far."""
    for sku_id in elsewhere.keys() & offered.sku_ids:
        here = part & elsewhere[sku_id]
        for place in range(to_spare, -1, -1):
            lost[place] |= here & lost[place - 1] if place else here
    return lost[to_spare]
