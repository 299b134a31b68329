"""What accepted differences lack in the ledger, booked afterwards: owed what was accepted before that was booked, drawn
what was accepted while the supplier was not paid ahead.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from asyncpg import Record

from huoke.govern import audit
from huoke.kernel.tx import Tx
from huoke.reward import supply
from huoke.settle import fulfilment
from huoke.settle.reconciliation import store
from huoke.settle.reconciliation.accept import owed
from huoke.settle.reconciliation.model import amount_of

AT_ONCE = 500


async def owe_earlier(tx: Tx) -> int:
    """Owe suppliers what accepted differences book and was never owed; returns how many were looked at.

    Afterwards a supplier is owed for a number what stands on our side of it. Doing it again finds none.
    """
    rows = await store.not_owed(tx, AT_ONCE)
    orders = await fulfilment.lock_orders(tx, sorted({row["order_id"] for row in rows if row["order_id"]}))
    for (supplier_id, number), members in groupby(rows, itemgetter("supplier_id", "number")):
        await _owe(tx, supplier_id, number, list(members), orders)
    return len(rows)


async def _owe(
    tx: Tx, supplier_id: UUID, number: str, rows: Sequence[Record], orders: dict[UUID, fulfilment.Order]
) -> None:
    last = rows[-1]
    order = orders.get(last["order_id"])
    booked = await store.accepted(tx, supplier_id, last["business_on"], [number])
    booked = [one for one in booked if one.number == number]
    ours_fen = amount_of(order) + sum(one.beside_fen for one in booked)
    missing_fen = ours_fen - await owed(tx, supplier_id, order, booked)
    await fulfilment.adjust(tx, supplier_id, drawn={}, owed={last["id"]: missing_fen})
    await store.put_owed(tx, [row["id"] for row in rows])
    entry = audit.AuditEntry(
        action="reconciliation.owe",
        subject_kind="difference",
        subject_id=str(last["id"]),
        after={"number": number, "amount_fen": missing_fen},
    )
    await audit.record(tx, entry)


async def draw_missing(tx: Tx, supplier_id: UUID) -> int:
    """Draw from money paid ahead for accepted differences that nothing was drawn for; returns for how many.

    What is not covered waits for the next payment.
    """
    if not any(one.prepaid for one in await supply.connections(tx, supplier_id=supplier_id)):
        return 0
    drawn = {}
    for one in await store.not_drawn(tx, supplier_id, AT_ONCE):
        try:
            await fulfilment.adjust(tx, supplier_id, drawn={one.id: one.beside_fen}, owed={})
        except fulfilment.PrepaymentShort:
            continue
        drawn[one.id] = one.beside_fen
    await store.put_drawn(tx, drawn)
    return len(drawn)
