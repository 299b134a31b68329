"""What a supplier's day file does to orders: ends what had no end, and, decided by two people, turns an end round."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.supply import Answer, Told
from huoke.settle.fulfilment import store, store_read
from huoke.settle.fulfilment.model import (
    GIVEN_BACK,
    NEXT,
    Cause,
    Order,
    OrderEnded,
    OrderState,
    OrderUnknown,
    PrepaymentShort,
    drawn_of,
    prepayment_of,
)
from huoke.settle.fulfilment.move import REASONS, Heard, move
from huoke.settle.fulfilment.refund import hear
from huoke.settle.fulfilment.store import Move

NOT_THERE = "not_at_supplier"
DIFFERENCE = "difference"
"""What the ledger calls the source of what no order and no grant stands for."""


async def orders_of_day(tx: Tx, supplier_id: UUID, on: date) -> list[Order]:
    """A supplier's orders of a business day, by number."""
    return await store_read.of_day(tx, supplier_id, on)


async def orders_by_number(tx: Tx, supplier_id: UUID, numbers: Sequence[str]) -> list[Order]:
    """A supplier's orders by number, whatever their day."""
    return await store_read.by_number(tx, supplier_id, numbers)


async def orders_by_id(tx: Tx, order_ids: Sequence[UUID]) -> dict[UUID, Order]:
    """Orders by id, as they stand."""
    return await store.find(tx, order_ids)


async def end_by_file(tx: Tx, told: Mapping[UUID, Answer]) -> int:
    """End open orders, and refunds that were asked for, as a day file says; returns how many orders moved."""
    said = [Heard(order_id=key, answer=answer, cause=Cause.DAY_FILE) for key, answer in told.items()]
    before = await store.lock(tx, list(told))
    after = await hear(tx, said)
    return sum(1 for one, state in zip(said, after, strict=True) if state is not before[one.order_id].state)


async def end_absent(tx: Tx, order_ids: Sequence[UUID]) -> int:
    """Fail orders nobody knew of that their day's file does not hold: they never arrived. Returns how many."""
    locked = await store.lock(tx, order_ids)
    gone = [order for order in locked.values() if order.state in (OrderState.SENT, OrderState.UNKNOWN)]
    await move(tx, [_failed(order, NOT_THERE, REASONS[NOT_THERE], Cause.DAY_FILE) for order in gone])
    return len(gone)


async def lock_orders(tx: Tx, order_ids: Sequence[UUID]) -> dict[UUID, Order]:
    """Orders by id, locked in ascending order until the transaction ends."""
    return await store.lock(tx, order_ids)


async def correct(tx: Tx, order_id: UUID, told: Told, reason: str) -> Order:
    """Turn an order to what its supplier says, as two people decided; returns it after.

    `OrderUnknown`, `OrderEnded` where it cannot.
    """
    order = (await store.lock(tx, [order_id])).get(order_id)
    if order is None:
        raise OrderUnknown("There is no such order.")
    state = OrderState.SUCCESS if told is Told.SUCCESS else OrderState.FAILED
    if order.code == GIVEN_BACK:
        raise OrderEnded("The supplier gave its price back; keep ours, it mends its books.", state=order.state.value)
    if state not in NEXT[order.state]:
        raise OrderEnded(f"An order that is {order.state} cannot become {state}.", state=order.state.value)
    if state is OrderState.FAILED:
        moved = _failed(order, "corrected", reason, Cause.STAFF)
    else:
        after = msgspec.structs.replace(order, state=state, code="corrected", reason=reason, due_at=None)
        moved = Move(order=after, previous=order.state, cause=Cause.STAFF)
    return (await move(tx, [moved]))[order_id]


async def adjust(tx: Tx, supplier_id: UUID, *, drawn: Mapping[UUID, int], owed: Mapping[UUID, int]) -> None:
    """Book what no order and no grant stands for, in fen by difference, below zero what comes back: drawn from what was
    paid ahead, and owed.

    Doing it again changes nothing. `PrepaymentShort`.
    """
    cost = ledger.AccountKey(ledger.AccountKind.BENEFIT_COST, "bank", "")
    payable = ledger.AccountKey(ledger.AccountKind.SUPPLIER_PAYABLE, "supplier", str(supplier_id))
    drawing = prepayment_of(supplier_id), drawn_of(supplier_id)
    moves = [(key, 0, *drawing, fen, ledger.TransferKind.DRAWDOWN) for key, fen in drawn.items() if fen]
    moves += [(key, 1, cost, payable, fen, ledger.TransferKind.PAYABLE) for key, fen in owed.items() if fen]
    accounts = await ledger.open_accounts(tx, list({key for _, _, *both, _, _ in moves for key in both}))
    outcomes = await ledger.post(
        tx,
        [
            ledger.Transfer(
                source_kind=DIFFERENCE,
                source_id=source_id,
                line=line,
                debit_account=accounts[debit if amount_fen > 0 else credit],
                credit_account=accounts[credit if amount_fen > 0 else debit],
                amount=abs(amount_fen),
                kind=kind,
            )
            for source_id, line, debit, credit, amount_fen, kind in moves
        ],
    )
    if ledger.Outcome.OVERDRAWN in outcomes:
        raise PrepaymentShort("The prepayment does not cover this; pay ahead first.")
    assert set(outcomes) <= {ledger.Outcome.POSTED, ledger.Outcome.EXISTS}, "a difference is booked once"


async def drawn_by(tx: Tx, supplier_id: UUID, order_ids: Sequence[UUID]) -> int:
    """What the ledger says some orders drew from the prepayment, in fen."""
    return await ledger.booked(tx, drawn_of(supplier_id), order_ids)


def _failed(order: Order, code: str, reason: str, cause: Cause) -> Move:
    after = msgspec.structs.replace(order, state=OrderState.FAILED, code=code, reason=reason, due_at=None)
    return Move(order=after, previous=order.state, cause=cause)
