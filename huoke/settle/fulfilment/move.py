"""Moving orders: one way of writing for every cause, with the grant and the prepayment that follow from the state."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from pyroaring import BitMap

from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward import grants, ledger, supply
from huoke.reward.supply import Answer, Told
from huoke.settle.fulfilment import route, store
from huoke.settle.fulfilment.create import place
from huoke.settle.fulfilment.model import (
    GIVEN_BACK,
    NEXT,
    OPEN,
    Cause,
    Order,
    OrderContradicted,
    OrdersMoved,
    OrderState,
    back_off,
    contradicts,
    drawn_of,
    heard,
    prepayment_of,
)
from huoke.settle.fulfilment.store import Move

REASONS = {
    "recipient_missing": "The recipient is no longer known.",
    "cancelled": "Cancelled before it was delivered.",
    "not_at_supplier": "The supplier never had this order.",
    "rerouted": "It never went out; another supplier delivers.",
}
"""Sentences for ends that we give ourselves."""


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What a supplier said of one of our orders, and by which way."""

    order_id: UUID
    answer: Answer
    cause: Cause


async def take(tx: Tx, said: Sequence[Heard]) -> list[OrderState | None]:
    """Take what suppliers say of orders, at most once an order. In order: the state then, None for no such order.

    What is said of goods on their way is kept in any state. Duplicates and late words change nothing; the opposite of
    an end is told to the log and left to reconciliation.
    """
    locked = await store.lock(tx, [one.order_id for one in said])
    moves, waiting = [], []
    for one in said:
        order = locked.get(one.order_id)
        if order is None:
            continue
        state = heard(order.state, one.answer.told)
        if state is not None:
            moves.append(_moved(order, state, one, tx.now))
        elif order.state in OPEN:
            waiting.append(_waiting(order, one.answer, tx.now))
        elif contradicts(order.state, one.answer.told) and order.code != GIVEN_BACK:
            contradict(tx, order, one.answer.told)
    if waiting:
        await store.put(tx, waiting)
    told = [(one.order_id, one.answer.parcel) for one in said if one.order_id in locked and one.answer.parcel]
    if told:
        await store.add_parcels(tx, told)
    ended = await move(tx, moves)
    return [_state(one, locked, ended) for one in said]


async def move(tx: Tx, moves: Sequence[Move]) -> dict[UUID, Order]:
    """Move locked orders, each to a state that may follow its own, and all that follows from it; returns them after.

    Success: the grant is delivered and the prepayment drawn. Failed: what was drawn comes back, the order is refunded
    at once, and either another supplier takes its place or the grant fails.
    """
    if not moves:
        return {}
    assert all(one.order.state in NEXT[one.previous] for one in moves), "the caller refused the others"
    await store.write(tx, moves)
    stand = {one.order.id: msgspec.structs.replace(one.order, steps=one.order.steps + 1) for one in moves}
    done = [stand[one.order.id] for one in moves if one.order.state is OrderState.SUCCESS]
    stand |= {order.id: order for order in await _deliver(tx, done)}
    failed = {one.order.id: one.cause for one in moves if one.order.state is OrderState.FAILED}
    stand |= {order.id: order for order in await _refund(tx, [stand[key] for key in failed], failed)}
    _announce(tx, list(stand.values()))
    return stand


async def give_back(tx: Tx, orders: Sequence[Order], reasons: Mapping[UUID, str]) -> dict[UUID, Order]:
    """Delivered orders whose price their suppliers gave back: refunded, the prepayment comes back, nothing is owed.

    The order is locked; its grant stays as it stands, and its statement carries the credit. `reasons` are by order.
    Returns the orders after.
    """
    if not orders:
        return {}
    await grants.give_up_payables(tx, {one.grant_id: reasons[one.id] for one in orders if one.next_id is None})
    after = [
        msgspec.structs.replace(order, state=OrderState.REFUNDED, code=GIVEN_BACK, reason=reasons[order.id])
        for order in await _give_back(tx, orders)
    ]
    await store.write(tx, [Move(order=order, previous=OrderState.SUCCESS, cause=Cause.REFUND) for order in after])
    moved = [msgspec.structs.replace(order, steps=order.steps + 1) for order in after]
    _announce(tx, moved)
    return {order.id: order for order in moved}


async def divert_waiting(tx: Tx, supplier_id: UUID, *, limit: int = 200) -> int:
    """Send orders that never went out to another healthy supplier; returns how many found one. The rest wait on."""
    locked = await store.lock(tx, await store.waiting(tx, supplier_id, limit))
    waiting = [order for order in locked.values() if order.state is OrderState.CREATED]
    causes = {order.id: Cause.REROUTE for order in waiting}
    nexts = await route.divert(tx, waiting, causes)
    failed = [
        msgspec.structs.replace(
            order, state=OrderState.FAILED, code="rerouted", reason=REASONS["rerouted"], due_at=None
        )
        for order in waiting
        if order.id in nexts
    ]
    await store.write(tx, [Move(order=order, previous=OrderState.CREATED, cause=Cause.REROUTE) for order in failed])
    moved = [msgspec.structs.replace(order, steps=order.steps + 1) for order in failed]
    _announce(tx, await _refund(tx, moved, causes, nexts))
    return len(moved)


async def draw_short(tx: Tx, supplier_id: UUID, *, limit: int = 500) -> int:
    """Draw for delivered orders that the prepayment did not cover when they ended; returns how many it covers now."""
    locked = await store.lock(tx, await store.short_orders(tx, supplier_id, limit))
    short = [order for order in locked.values() if order.state is OrderState.SUCCESS and not order.drawn_fen]
    return sum(1 for order in await _draw(tx, short) if order.drawn_fen)


async def _deliver(tx: Tx, orders: Sequence[Order]) -> list[Order]:
    """Grants are delivered; one that cannot be any more (it was refunded before) is drawn for all the same."""
    if not orders:
        return []
    results = [grants.Fulfilment(grant_id=order.grant_id, delivered=True) for order in orders if order.next_id is None]
    await grants.fulfil(tx, results)
    return await _draw(tx, orders)


async def _refund(
    tx: Tx, orders: Sequence[Order], causes: Mapping[UUID, Cause], nexts: Mapping[UUID, Order] | None = None
) -> list[Order]:
    """Give back what failed orders drew. Their grants go on with `nexts`; where none are given, with who is next."""
    if not orders:
        return []
    after = await route.divert(tx, orders, causes) if nexts is None else nexts
    results = [
        grants.Fulfilment(grant_id=order.grant_id, delivered=False, reason=order.reason or order.code or "failed")
        for order in orders
        if order.id not in after and order.next_id is None
    ]
    answers = await grants.fulfil(tx, results)
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert not refused, f"a grant with an open order fails: {refused[:1]}"
    returned = await _give_back(tx, orders)
    refunded = [
        msgspec.structs.replace(
            order,
            state=OrderState.REFUNDED,
            due_at=None,
            next_id=after[order.id].id if order.id in after else order.next_id,
        )
        for order in returned
    ]
    await store.write(tx, [Move(order=order, previous=OrderState.FAILED, cause=causes[order.id]) for order in refunded])
    await place(tx, list(after.values()), Cause.REROUTE)
    return [msgspec.structs.replace(order, steps=order.steps + 1) for order in refunded]


async def _draw(tx: Tx, orders: Sequence[Order]) -> list[Order]:
    """Draw the prepayments of prepaid suppliers; what they do not cover is drawn later and stays at `drawn_fen` 0."""
    prepaid = {one.supplier_id for one in await supply.connections(tx) if one.prepaid}
    due = [order for order in orders if order.supplier_id in prepaid and order.amount_fen]
    if not due:
        return list(orders)
    keys = {order.supplier_id: (prepayment_of(order.supplier_id), drawn_of(order.supplier_id)) for order in due}
    accounts = await ledger.open_accounts(tx, [key for pair in keys.values() for key in pair])
    outcomes = await ledger.post(
        tx,
        [
            ledger.Transfer(
                source_kind="supplier_order",
                source_id=order.id,
                line=order.draws * 2,
                debit_account=accounts[keys[order.supplier_id][0]],
                credit_account=accounts[keys[order.supplier_id][1]],
                amount=order.amount_fen,
                kind=ledger.TransferKind.DRAWDOWN,
            )
            for order in due
        ],
    )
    drawn = {
        order.id: msgspec.structs.replace(order, drawn_fen=order.amount_fen, draws=order.draws + 1)
        for order, outcome in zip(due, outcomes, strict=True)
        if outcome is ledger.Outcome.POSTED
    }
    assert set(outcomes) <= {ledger.Outcome.POSTED, ledger.Outcome.OVERDRAWN}, "an order is drawn once"
    if drawn:
        await store.put(tx, list(drawn.values()))
    return [drawn.get(order.id, order) for order in orders]


async def _give_back(tx: Tx, orders: Sequence[Order]) -> list[Order]:
    drawn = [order for order in orders if order.drawn_fen]
    if drawn:
        lines = {(order.id, order.draws * 2 - 2): order.draws * 2 - 1 for order in drawn}
        outcomes = await ledger.reverse(tx, lines)
        assert set(outcomes) == {ledger.Outcome.POSTED}, "what was drawn comes back once"
    return [msgspec.structs.replace(order, drawn_fen=0) for order in orders]


def _moved(order: Order, state: OrderState, one: Heard, now: datetime) -> Move:
    answer = one.answer
    after = msgspec.structs.replace(
        order,
        state=state,
        supplier_no=answer.supplier_no or order.supplier_no,
        code=answer.code,
        reason=answer.reason or REASONS.get(answer.code, ""),
        proof=answer.proof or order.proof,
        attempts=0,
        due_at=now + back_off(1, order.id) if state in OPEN else None,
        cancel_asked_at=None if one.cause is Cause.CANCEL else order.cancel_asked_at,
    )
    return Move(order=after, previous=order.state, cause=one.cause)


def _waiting(order: Order, answer: Answer, now: datetime) -> Order:
    """An order that an answer did not move is asked after again, later each time."""
    return msgspec.structs.replace(
        order,
        supplier_no=answer.supplier_no or order.supplier_no,
        attempts=order.attempts + 1,
        due_at=now + back_off(order.attempts + 1, order.id),
        cancel_asked_at=order.cancel_asked_at if answer.told is Told.ABSENT else None,
    )


def contradict(tx: Tx, order: Order, told: Told) -> None:
    """Tell the log that a supplier says the opposite of how an order ended."""
    tx.emit(
        OrderContradicted(order_id=order.id, supplier_id=order.supplier_id, state=order.state.value, told=told.value),
        seq=order.seq,
    )


def _announce(tx: Tx, orders: Sequence[Order]) -> None:
    groups: defaultdict[tuple[UUID, OrderState], list[Order]] = defaultdict(list)
    for order in orders:
        groups[order.supplier_id, order.state].append(order)
    for (supplier_id, state), members in groups.items():
        tx.emit(
            OrdersMoved(
                supplier_id=supplier_id,
                state=state.value,
                count=len(members),
                amount_fen=sum(order.amount_fen for order in members),
            ),
            members=BitMap([order.seq for order in members]).serialize(),
        )


def _state(one: Heard, locked: dict[UUID, Order], ended: dict[UUID, Order]) -> OrderState | None:
    order = ended.get(one.order_id) or locked.get(one.order_id)
    return order.state if order else None
