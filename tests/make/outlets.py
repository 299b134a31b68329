"""Builders for gifts that lie at outlets and are handed out at counters."""

from uuid import UUID

from huoke.kernel.tx import Tx
from huoke.reward import catalogue, grants, outlets
from huoke.reward.catalogue import Delivery, NewSku, PhysicalDetails, SkuKind
from huoke.reward.grants import BenefitKind, Claimed, Handover
from huoke.reward.outlets import NewShipment, SignOrder
from tests.make import catalogue as make_catalogue
from tests.make import grants as make_grants
from tests.make import ledger as make_ledger


async def gift(tx: Tx, delivery: Delivery = Delivery.OUTLET, *, supplier_id: UUID | None = None) -> UUID:
    """An umbrella on sale, as a SKU; of a supplier of its own unless one is named."""
    terms = make_catalogue.voucher_terms(
        supplier_id or await make_catalogue.supplier(tx), name="雨伞", details=PhysicalDetails(delivery=delivery)
    )
    new = NewSku(
        item_id=await make_catalogue.item(tx), code=make_catalogue.next_code(), kind=SkuKind.PHYSICAL, terms=terms
    )
    sku_id = await catalogue.add_sku(tx, new)
    await catalogue.publish(tx, sku_id)
    return sku_id


async def stocked(tx: Tx, quantity: int, unit_id: int = 1) -> UUID:
    """A gift of which so many lie on a unit's shelf."""
    sku_id = await gift(tx)
    shipment_id = await outlets.send(tx, NewShipment(sku_id=sku_id, unit_id=unit_id, quantity=quantity))
    await outlets.sign(tx, shipment_id, SignOrder(quantity=quantity))
    return sku_id


async def claimed_gift(tx: Tx, sku_id: UUID, *seqs: int) -> list[Claimed]:
    """Customers who claimed a gift and come to a counter for it."""
    budget_id = await make_ledger.budget(tx, 1_000_000)
    pool_id = await make_grants.pool(tx, 50, sku_id=sku_id)
    offer = make_grants.offer(
        {grants.EVERY_UNIT: grants.Terms(budget_id, pool_id)},
        sku_id,
        tx.now,
        kind=BenefitKind.PHYSICAL,
        handover=Handover.COUNTER,
    )
    await grants.publish_offer(tx, offer)
    return await make_grants.claim_all(tx, *(make_grants.claim(offer.id, seq) for seq in seqs))
