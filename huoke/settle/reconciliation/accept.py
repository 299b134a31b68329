"""What accepting a supplier's side books: our order follows; what no order and no grant stands for is booked beside."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward import ledger, supply
from huoke.reward.supply import Told
from huoke.settle import fulfilment
from huoke.settle.fulfilment import Order, OrderState
from huoke.settle.reconciliation import store
from huoke.settle.reconciliation.model import About, Booked, DifferenceKind, MovedSince, amount_of


class AcceptedDifference(msgspec.Struct, frozen=True, kw_only=True):
    """An accepted difference as a statement names it; SKU and title where the order is ours."""

    id: UUID
    business_on: date
    number: str
    sku_id: UUID | None
    title: str


async def accept(tx: Tx, row: Record) -> None:
    """Book a locked difference as the supplier has it: afterwards what it is owed for that number is what it charges.

    `MovedSince` where our side changed after the file was compared; `fulfilment.OrderEnded`, `PrepaymentShort`.
    """
    kind = DifferenceKind(row["kind"])
    if row["about"] == About.USES:
        if kind is not DifferenceKind.ONLY_THEIRS:
            used = kind is DifferenceKind.STATE_DIFFERS
            await fulfilment.correct_use(tx, row["supplier_id"], row["number"], used=used)
        return
    order = (await fulfilment.lock_orders(tx, [row["order_id"]]))[row["order_id"]] if row["order_id"] else None
    earlier = await store.accepted(tx, row["supplier_id"], row["business_on"], [row["number"]])
    earlier = [one for one in earlier if one.number == row["number"]]
    before_fen = amount_of(order) + sum(one.beside_fen for one in earlier)
    if before_fen != row["ours_fen"] or (order is not None and order.state != row["ours"]):
        raise MovedSince("Our side has changed since this file was compared; bring the file again.")
    after = order
    if order is not None and _turns(order, row["theirs"]):
        told = Told.SUCCESS if row["theirs"] == Told.SUCCESS.value else Told.FAILED
        after = await fulfilment.correct(tx, order.id, told, row["reason"])
    beside_fen = row["theirs_fen"] - row["ours_fen"] - (amount_of(after) - amount_of(order))
    owed_fen = row["theirs_fen"] - await owed(tx, row["supplier_id"], order, earlier)
    one = Booked(
        id=row["id"], number=row["number"], order_id=row["order_id"], beside_fen=beside_fen, drawn_fen=0, owed=True
    )
    drawn = await _drawn(tx, row["supplier_id"], one, earlier)
    await fulfilment.adjust(tx, row["supplier_id"], drawn=drawn, owed={one.id: owed_fen})
    await store.put_difference(tx, one.id, {"beside_fen": beside_fen})
    await store.put_drawn(tx, drawn)


async def _drawn(tx: Tx, supplier_id: UUID, one: Booked, earlier: Sequence[Booked]) -> dict[UUID, int]:
    """What to draw for a difference and for those of its number that were not drawn for. Of a supplier that is not paid
    ahead now nothing; what had been drawn while it was comes back all the same.
    """
    if any(connection.prepaid for connection in await supply.connections(tx, supplier_id=supplier_id)):
        return {each.id: each.beside_fen for each in (*earlier, one) if each.beside_fen != each.drawn_fen}
    comes_back = one.beside_fen < 0 <= one.beside_fen + sum(each.drawn_fen for each in earlier)
    return {one.id: one.beside_fen} if comes_back else {}


async def accepted(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, AcceptedDifference]:
    """Some differences as a statement names them, by id."""
    rows = await store.accepted_by_id(tx, ids)
    orders = await fulfilment.orders_by_id(tx, [row["order_id"] for row in rows if row["order_id"]])
    return {
        row["id"]: AcceptedDifference(
            id=row["id"],
            business_on=row["business_on"],
            number=row["number"],
            sku_id=orders[row["order_id"]].sku_id if row["order_id"] in orders else None,
            title=orders[row["order_id"]].title if row["order_id"] in orders else "",
        )
        for row in rows
    }


def _turns(order: Order, theirs: str) -> bool:
    """Whether an order has to follow; one that failed on both sides stays, only what was booked beside it goes."""
    wanted = theirs == Told.SUCCESS.value
    return order.state is OrderState.ACCEPTED or (order.state is OrderState.SUCCESS) is not wanted


async def owed(tx: Tx, supplier_id: UUID, order: Order | None, earlier: Sequence[Booked]) -> int:
    """What the supplier is owed for a number now: for the grant, where the order stands for one, and beside it."""
    sources = [one.id for one in earlier]
    if order is not None and order.next_id is None:
        sources.append(order.grant_id)
    return await ledger.owed(tx, supplier_id, sources)
