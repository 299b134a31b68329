"""Cancelling and asking at once: what a person may do to an order that has not ended."""

from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.tx import Tx
from huoke.settle.fulfilment import refund, store
from huoke.settle.fulfilment.model import OPEN, Order, OrderEnded, OrderState, OrderUnknown


async def cancel(tx: Tx, order_id: UUID, reason: str) -> None:
    """Ask for an order to be cancelled. One that never went out ends here; of the others the supplier decides.

    `OrderUnknown`, `OrderEnded`, `audit.ReasonMissing`.
    """
    why = audit.require_reason(reason)
    order = await _open_order(tx, order_id)
    await store.put(tx, [msgspec.structs.replace(order, cancel_asked_at=tx.now, due_at=tx.now)])
    await _record(tx, "fulfilment.cancel", order, why)


async def ask_again(tx: Tx, order_id: UUID) -> None:
    """Let an order, or the refund it waits for, be carried on now instead of at its turn.

    `OrderUnknown`, `OrderEnded`.
    """
    order = (await store.lock(tx, [order_id])).get(order_id)
    if order is None or order.state is not OrderState.SUCCESS or not await refund.hurry(tx, order_id):
        order = await _open_order(tx, order_id)
        await store.put(tx, [msgspec.structs.replace(order, due_at=tx.now)])
    await _record(tx, "fulfilment.ask_again", order, "")


async def _open_order(tx: Tx, order_id: UUID) -> Order:
    order = (await store.lock(tx, [order_id])).get(order_id)
    if order is None:
        raise OrderUnknown("There is no such order.")
    if order.state not in OPEN:
        raise OrderEnded(f"The order is {order.state}; nothing is left to do.", state=order.state.value)
    return order


async def _record(tx: Tx, action: str, order: Order, reason: str) -> None:
    entry = audit.AuditEntry(
        action=action,
        subject_kind="supplier_order",
        subject_id=str(order.id),
        reason=reason,
        before={"state": order.state.value},
    )
    await audit.record(tx, entry)
