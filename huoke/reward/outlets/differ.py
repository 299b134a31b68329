"""Counting the shelf, and a second person's decision about what does not agree."""

from uuid import UUID

from huoke.govern import audit
from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.outlets import store
from huoke.reward.outlets.model import (
    CheckOrder,
    CountOrder,
    Difference,
    DifferenceKind,
    DifferenceState,
    OutletUnfit,
    OutletUnknown,
    OwnDifference,
    Settled,
    check_quantity,
    missing,
    shelf,
    transit,
)
from huoke.reward.outlets.post import post
from huoke.reward.outlets.read import to_difference
from huoke.reward.outlets.send import note


async def count(tx: Tx, order: CountOrder) -> Difference:
    """Write down what lies on the shelf; the book changes once a second person confirms. `OutletUnfit`."""
    check_quantity(order.quantity, 0)
    key = shelf(order.unit_id, order.sku_id)
    book = (await ledger.stored_balances(tx, [key]))[key]
    if book != order.quantity and not order.reason.strip():
        raise OutletUnfit(f"The book says {book}; say why the shelf has {order.quantity}.", pointer="/reason")
    return await note(tx, order.unit_id, order.sku_id, book, order.quantity, order.reason)


async def check_difference(tx: Tx, difference_id: UUID, order: CheckOrder) -> Difference:
    """Decide about a difference that somebody else noted; confirmed, the book follows.

    A count moves what it found missing or over, whatever was handed out since. Raises `OutletUnknown`, `Settled`,
    `OwnDifference` (rule D5), `OutletEmpty`.
    """
    row = await store.lock(tx, "difference", difference_id)
    if row is None:
        raise OutletUnknown("There is no such difference.")
    if row["state"] != DifferenceState.OPEN:
        raise Settled("This difference has been decided.", state=row["state"])
    if row["noted_by"] == tx.actor.id:
        raise OwnDifference("A second person decides about a difference you noted.", rule="D5")
    if order.confirmed:
        await _book(tx, to_difference(dict(row)))
    state = DifferenceState.CONFIRMED if order.confirmed else DifferenceState.REJECTED
    changes = {"state": state.value, "checked_by": tx.actor.id, "checked_at": tx.now}
    await store.change(tx, "difference", difference_id, changes)
    entry = audit.AuditEntry(
        action="outlets.difference_checked",
        subject_kind="difference",
        subject_id=str(difference_id),
        unit_id=row["unit_id"],
        reason=row["reason"],
        after={"state": state.value, "expected": row["expected"], "found": row["found"]},
    )
    await audit.record(tx, entry)
    return to_difference(dict(row) | changes)


async def _book(tx: Tx, difference: Difference) -> None:
    unit_id, sku_id = difference.unit_id, difference.sku_id
    over = difference.found - difference.expected
    if difference.kind is DifferenceKind.SHIPMENT:
        await post(tx, difference.id, 0, transit(unit_id, sku_id), missing(sku_id), -over)
    elif over < 0:
        await post(tx, difference.id, 0, shelf(unit_id, sku_id), missing(sku_id), -over)
    else:
        await post(tx, difference.id, 0, missing(sku_id), shelf(unit_id, sku_id), over)
