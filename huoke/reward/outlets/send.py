"""Sending gifts to units, and signing for what arrived."""

from uuid import UUID

from huoke.govern import audit
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, supply
from huoke.reward.catalogue import Handover, SkuKind
from huoke.reward.outlets import store
from huoke.reward.outlets.model import (
    Difference,
    DifferenceKind,
    DifferenceState,
    GiftOrder,
    NewShipment,
    OutletUnfit,
    OutletUnknown,
    Settled,
    Shipment,
    ShipmentState,
    SignOrder,
    check_quantity,
    shelf,
    source,
    transit,
)
from huoke.reward.outlets.post import post
from huoke.reward.outlets.read import find_gifts, to_difference, to_shipment

ARRIVED = 1
"""Ledger lines of a shipment: 0 sends it, each signing takes the next."""


async def send(tx: Tx, new: NewShipment) -> UUID:
    """Send gifts to a unit: they are on their way until somebody there signs. `OutletUnfit`, `Unknown`."""
    check_quantity(new.quantity)
    sku = await catalogue.sku(tx, new.sku_id)
    if sku.kind is not SkuKind.PHYSICAL or sku.handover is not Handover.COUNTER:
        raise OutletUnfit("Only gifts that are handed out at outlets are sent there.", pointer="/sku_id")
    shipment_id = new_id()
    row = {
        "id": shipment_id,
        "sku_id": new.sku_id,
        "unit_id": new.unit_id,
        "quantity": new.quantity,
        "state": ShipmentState.SENT.value,
        "sent_by": tx.actor.id,
        "sent_at": tx.now,
    }
    await store.add(tx, "shipment", row)
    await store.put_gift(tx, new.unit_id, new.sku_id, None)
    await post(tx, shipment_id, 0, source(new.sku_id), transit(new.unit_id, new.sku_id), new.quantity)
    await _tell(tx, shipment_id, "sent", new.unit_id, {"sku_id": str(new.sku_id), "quantity": new.quantity})
    return shipment_id


async def sign(tx: Tx, shipment_id: UUID, order: SignOrder) -> Shipment:
    """Sign for what arrived; what is missing becomes a difference that a second person decides about.

    Raises `OutletUnknown`, `Settled`, `OutletUnfit` (more than was sent, or something missing without a reason).
    """
    row = await store.lock(tx, "shipment", shipment_id)
    if row is None:
        raise OutletUnknown("There is no such shipment.")
    if row["state"] != ShipmentState.SENT:
        raise Settled("This shipment has been signed for.", state=row["state"])
    check_quantity(order.quantity, 0)
    short = row["quantity"] - order.quantity
    if short < 0:
        raise OutletUnfit(f"{row['quantity']} were sent; count again.", pointer="/quantity")
    if short and not order.reason.strip():
        raise OutletUnfit("Say why some are missing.", pointer="/reason")
    unit_id, sku_id = row["unit_id"], row["sku_id"]
    if order.quantity:
        await post(tx, shipment_id, ARRIVED, transit(unit_id, sku_id), shelf(unit_id, sku_id), order.quantity)
    if short:
        await note(tx, row["unit_id"], sku_id, row["quantity"], order.quantity, order.reason, shipment_id=shipment_id)
    changes = {"signed": order.quantity, "state": "signed", "signed_by": tx.actor.id, "signed_at": tx.now}
    await store.change(tx, "shipment", shipment_id, changes)
    await _tell(tx, shipment_id, "signed", unit_id, {"quantity": order.quantity, "missing": short})
    return to_shipment(dict(row) | changes)


async def note(
    tx: Tx, unit_id: int, sku_id: UUID, expected: int, found: int, reason: str, *, shipment_id: UUID | None = None
) -> Difference:
    """Write down a difference for a second person; one without a difference is confirmed at once."""
    row = {
        "id": new_id(),
        "kind": (DifferenceKind.SHIPMENT if shipment_id else DifferenceKind.COUNT).value,
        "shipment_id": shipment_id,
        "sku_id": sku_id,
        "unit_id": unit_id,
        "expected": expected,
        "found": found,
        "reason": reason.strip(),
        "state": (DifferenceState.CONFIRMED if expected == found else DifferenceState.OPEN).value,
        "noted_by": tx.actor.id,
        "noted_at": tx.now,
    }
    await store.add(tx, "difference", row)
    return to_difference(row | {"checked_by": None, "checked_at": None})


async def set_gift(tx: Tx, order: GiftOrder) -> None:
    """Say below how many units of a gift an alarm stands at a unit. `OutletUnfit`."""
    check_quantity(order.low_at, 0)
    await store.put_gift(tx, order.unit_id, order.sku_id, order.low_at)


async def watch_gifts(tx: Tx) -> int:
    """Raise an alarm for every gift that ran low, clear those that are over; returns how many rose."""
    low = [gift for gift in await find_gifts(tx) if gift.low]
    skus = await catalogue.skus(tx, [gift.sku_id for gift in low])
    standing = [
        supply.Standing(
            kind=supply.AlarmKind.LOW_OUTLET,
            subject=f"{gift.unit_id}:{gift.sku_id}",
            supplier_id=skus[gift.sku_id].supplier_id if gift.sku_id in skus else None,
            title=skus[gift.sku_id].name if gift.sku_id in skus else str(gift.sku_id),
            value=gift.on_hand,
            threshold=gift.low_at,
        )
        for gift in low
    ]
    return await supply.watch(tx, [supply.AlarmKind.LOW_OUTLET], standing)


async def _tell(tx: Tx, shipment_id: UUID, change: str, unit_id: int, after: dict[str, object]) -> None:
    entry = audit.AuditEntry(
        action=f"outlets.shipment_{change}",
        subject_kind="shipment",
        subject_id=str(shipment_id),
        unit_id=unit_id,
        after=after,
    )
    await audit.record(tx, entry)
