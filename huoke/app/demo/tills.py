"""Where customers of a demo redeem what they have: at the bank's counters, and in the stores that have a clerk."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
import numpy as np

from huoke.app.demo.fill import FOUND_MAX
from huoke.govern import people
from huoke.kernel.ids import TenantId
from huoke.kernel.tx import Actor, ActorKind, Database, Tx
from huoke.reward import catalogue, grants, merchants
from huoke.reward.grants import GrantItem, Redeemed, Redemption
from huoke.reward.merchants import Place

STORE_SHARE = 0.6
"""Of what a store takes: the rest comes to the bank's counters."""
FIRST_STORE_SHARE = 0.65
"""The first store of a brand is its busiest, each after it takes the same share of what is left."""


class Till(msgspec.Struct, frozen=True, kw_only=True):
    """One place, who redeems there, and how many of a brand's customers come to it."""

    place: Place
    staff_id: str
    weight: float


Stores = dict[UUID, list[Till]]
"""The stores that take a SKU, the busiest first."""


async def find_stores(tx: Tx) -> Stores:
    """The stores with a clerk, by SKU of their brand."""
    clerks = {clerk.store_id: str(clerk.staff_id) for clerk in await merchants.find_clerks(tx)}
    units = {one: int((await people.staff.get(tx, UUID(one))).unit_id) for one in sorted(set(clerks.values()))}
    stores = [store for store in await merchants.find_stores(tx, limit=FOUND_MAX) if store.id in clerks]
    codes = {merchant.id: merchant.code for merchant in await merchants.find_merchants(tx, limit=FOUND_MAX)}
    brands = {brand.code: brand.id for brand in await catalogue.find_brands(tx, limit=FOUND_MAX)}
    by_brand: dict[UUID, list[Till]] = {}
    for store in stores:
        tills = by_brand.setdefault(brands[codes[store.merchant_id]], [])
        place = Place(unit_id=units[clerks[store.id]], store_id=store.id, merchant_id=store.merchant_id)
        weight = FIRST_STORE_SHARE * (1 - FIRST_STORE_SHARE) ** len(tills)
        tills.append(Till(place=place, staff_id=clerks[store.id], weight=weight))
    skus = await catalogue.find_skus(tx, limit=FOUND_MAX)
    return {sku.id: by_brand[sku.brand_id] for sku in skus if sku.brand_id in by_brand}


async def redeem(
    database: Database,
    tenant: TenantId,
    items: Sequence[GrantItem],
    counter: Till,
    stores: Stores,
    random: np.random.Generator,
) -> int:
    """Redeem benefits of one SKU or of several, each at one of the places that take it; returns how many were."""
    at: dict[Till, list[GrantItem]] = {}
    for item, drawn, which in zip(items, random.random(len(items)), random.random(len(items)), strict=True):
        near = stores.get(item.sku_id, []) if drawn < STORE_SHARE else []
        at.setdefault(_drawn(near, which) if near else counter, []).append(item)
    done = 0
    for till, here in at.items():
        async with database.begin(tenant, Actor(ActorKind.STAFF, till.staff_id)) as tx:
            wanted = [Redemption(request_no=f"demo:{item.id}", grant_id=item.id) for item in here]
            answers = await grants.redeem(
                tx, wanted, teller=till.staff_id, unit_id=till.place.unit_id, place=till.place
            )
        done += sum(isinstance(answer, Redeemed) for answer in answers)
    return done


def _drawn(tills: Sequence[Till], drawn: float) -> Till:
    shares = np.cumsum([till.weight for till in tills])
    return tills[int(np.searchsorted(shares, drawn * shares[-1]))]
