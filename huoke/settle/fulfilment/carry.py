"""Carrying a supplier's orders on, slice by slice: take them, call without any lock, write what came back.

An order is `sent` before its call goes out, so a worker that dies in between leaves an order that will be asked after
and never one that goes out twice.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern import tenants
from huoke.kernel import regions
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq, TenantId
from huoke.kernel.tx import Database, Tx
from huoke.know import customers
from huoke.reward import grants, supply
from huoke.reward.supply import (
    Answer,
    Connection,
    NoAnswer,
    NotTaken,
    OrderCall,
    OrderKind,
    Recipient,
    RefundCall,
    SupplierOrder,
    Wire,
)
from huoke.settle.fulfilment import refund, store
from huoke.settle.fulfilment.model import (
    ROUNDS,
    Breaker,
    BreakerMoved,
    BreakerState,
    Cause,
    Order,
    OrderState,
    back_off,
)
from huoke.settle.fulfilment.move import REASONS, Heard, move
from huoke.settle.fulfilment.refund_model import Refund
from huoke.settle.fulfilment.route import prepaid_room
from huoke.settle.fulfilment.store import Move

BREAKER_FAILURES = tenants.declare("fulfilment.breaker_failures", int, 5, minimum=1, maximum=100)
BREAKER_SECONDS = tenants.declare("fulfilment.breaker_seconds", int, 30, minimum=1, maximum=3_600, unit="seconds")
SPARE_SECONDS = 30
"""Beyond the longest a slice's calls may take, before another worker may take its orders up."""
SHORT_SECONDS = 60
"""An order that the prepayment does not cover is looked at again after so long."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call to make: an order goes out, is asked after, is to be cancelled, or its price is asked back.

    `refund` is the one that this call is about; None where it is about the order.
    """

    order: Order
    operation: str
    recipient: Recipient = Recipient()
    refund: Refund | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a call brought: an answer, or why there is none; `milliseconds` is how long it took."""

    call: Call
    answer: Answer | None
    failure: NotTaken | NoAnswer | None
    milliseconds: int

    @property
    def no_effect(self) -> bool:
        """Whether the call was certainly not taken."""
        return isinstance(self.failure, NotTaken)

    @property
    def wire(self) -> Wire:
        """What was said."""
        return self.answer.wire if self.answer else self.failure.wire if self.failure else Wire()


class Slice(msgspec.Struct, frozen=True):
    """Calls that were taken, and the port they go through; `more` says that the slice was full."""

    calls: list[Call]
    port: SupplierOrder
    connection: Connection
    more: bool


async def carry(database: Database, tenant: TenantId, supplier_id: UUID) -> bool:
    """Carry one slice of a supplier's due orders; returns whether there may be more to do at once.

    A breaker that is open lets nothing through until its probe is due; half open, one call. `supply.NotConnected`.
    """
    taken = await _take(database, tenant, supplier_id)
    if taken is None:
        return False
    try:
        outcomes = await _ask_all(taken)
    finally:
        await taken.port.close()
    async with database.begin(tenant) as tx:
        closed = await settle(tx, supplier_id, outcomes)
    return taken.more and closed


async def _take(database: Database, tenant: TenantId, supplier_id: UUID) -> Slice | None:
    async with database.begin(tenant) as tx:
        found = await supply.connections(tx, supplier_id=supplier_id)
        if not found or not found[0].enabled:
            return None
        connection = found[0]
        health = await store.lock_health(tx, supplier_id)
        breaker, room = breaker_of(health).room(tx.now, connection.at_once_max * ROUNDS)
        lease = lease_of(connection)
        due = await store.take_due(tx, supplier_id, room) if room else []
        backs = await refund.due(tx, supplier_id, room - len(due), tx.now + lease) if room > len(due) else []
        taken = len(due) + len(backs)
        await _note(tx, supplier_id, health, breaker, carried_until=tx.now + lease if taken else None)
        if not taken:
            return None
        calls = [
            *await _calls(tx, connection, due, lease),
            *(Call(order=order, operation="refund" if new else "query", refund=one) for order, one, new in backs),
        ]
        port = await supply.open_port(tx, supplier_id, database.clock.machine)
        return Slice(calls, port, connection, taken == room)


def lease_of(connection: Connection) -> timedelta:
    """How long the calls of a slice may take at most."""
    return timedelta(seconds=ROUNDS * connection.timeout_seconds + SPARE_SECONDS)


async def _calls(tx: Tx, connection: Connection, due: Sequence[Order], lease: timedelta) -> list[Call]:
    """What is to be asked of each order; those that go out are `sent` from here on, the others due again later."""
    fresh = [order for order in due if order.state is OrderState.CREATED]
    ready, moves = await _ready(tx, connection, fresh)
    calls = [Call(order=order, operation="order", recipient=recipient) for order, recipient in ready]
    today = tx.now.astimezone(CHINA).date()
    until = tx.now + lease
    sent = {
        call.order.id: msgspec.structs.replace(
            call.order, state=OrderState.SENT, ordered_on=call.order.ordered_on or today, due_at=until, code=""
        )
        for call in calls
    }
    moves += [Move(order=order, previous=OrderState.CREATED, cause=Cause.CALL) for order in sent.values()]
    lost = [order for order in due if order.state is OrderState.SENT]
    found = [msgspec.structs.replace(order, state=OrderState.UNKNOWN, due_at=until, attempts=0) for order in lost]
    moves += [Move(order=order, previous=OrderState.SENT, cause=Cause.SILENCE) for order in found]
    stand = await move(tx, moves)
    later = [order for order in due if order.state in (OrderState.ACCEPTED, OrderState.UNKNOWN)]
    if later:
        await store.put(tx, [msgspec.structs.replace(order, due_at=until) for order in later])
    calls = [msgspec.structs.replace(call, order=stand[call.order.id]) for call in calls]
    asked = [*later, *(stand[order.id] for order in found)]
    where = await recipients(tx, asked) if asked else {}
    return calls + [
        Call(
            order=order,
            operation="cancel" if order.cancel_asked_at else "query",
            recipient=where.get(order.id, Recipient()),
        )
        for order in asked
    ]


async def _ready(
    tx: Tx, connection: Connection, orders: Sequence[Order]
) -> tuple[list[tuple[Order, Recipient]], list[Move]]:
    """Orders that can go out with who gets them; the moves of those that never will. The rest wait for money."""
    if not orders:
        return [], []
    where = await recipients(tx, orders)
    room = await prepaid_room(tx, connection.supplier_id) if connection.prepaid else None
    ready, over, short = [], [], []
    for order in orders:
        recipient = where.get(order.id)
        if order.cancel_asked_at is not None or recipient is None:
            over.append(_never(order, "cancelled" if order.cancel_asked_at else "recipient_missing"))
        elif room is not None and order.amount_fen > room:
            short.append(
                msgspec.structs.replace(
                    order, code="prepayment_short", due_at=tx.now + timedelta(seconds=SHORT_SECONDS)
                )
            )
        else:
            room = None if room is None else room - order.amount_fen
            ready.append((order, recipient))
    if short:
        await store.put(tx, short)
    return ready, over


def _never(order: Order, code: str) -> Move:
    after = msgspec.structs.replace(order, state=OrderState.FAILED, code=code, reason=REASONS[code], due_at=None)
    return Move(order=after, previous=OrderState.CREATED, cause=Cause.CANCEL)


async def recipients(tx: Tx, orders: Sequence[Order]) -> dict[UUID, Recipient]:
    """Who gets each order: where its claim says; of a financial benefit the customer, by the bank's own number."""
    where = await grants.deliveries(tx, [order.grant_id for order in orders])
    found = {order.id: recipient_of(order, where[order.grant_id]) for order in orders if order.grant_id in where}
    seqs = sorted({Seq(order.seq) for order in orders if order.kind is OrderKind.FINANCIAL})
    people = {int(row.seq): row.customer_no for row in await customers.masked_rows(tx, seqs)} if seqs else {}
    financial = [order for order in orders if order.kind is OrderKind.FINANCIAL and order.seq in people]
    told = {order.id: Recipient(account=people[order.seq]) for order in financial}
    return found | told


def recipient_of(order: Order, delivery: grants.Delivery) -> Recipient:
    """Who gets an order, as the supplier is told."""
    if order.kind is OrderKind.TOPUP:
        return Recipient(account=delivery.phone)
    assert isinstance(delivery, grants.PostalDelivery), "a gift is sent to an address"
    address = f"{regions.named(delivery.region)} {delivery.address}"
    return Recipient(name=delivery.name, phone=delivery.phone, address=address)


async def _ask_all(taken: Slice) -> list[Outcome]:
    """Make the calls: at most so many at once, and so many a second. In the order in which they ended."""
    places = asyncio.Semaphore(taken.connection.at_once_max)
    outcomes: list[Outcome] = []

    async def ask(call: Call) -> None:
        async with places:
            outcomes.append(await _ask(taken.port, call))

    async with asyncio.TaskGroup() as group:
        for place, call in enumerate(taken.calls):
            if place:
                await asyncio.sleep(1 / taken.connection.per_second_max)
            group.create_task(ask(call))
    return outcomes


async def _ask(port: SupplierOrder, call: Call) -> Outcome:
    began = time.monotonic()
    answer, failure = None, None
    try:
        answer = await _operate(port, call)
    except (NotTaken, NoAnswer) as error:
        failure = error
    milliseconds = int((time.monotonic() - began) * 1_000)
    return Outcome(call=call, answer=answer, failure=failure, milliseconds=milliseconds)


def call_of(order: Order, recipient: Recipient) -> OrderCall:
    """An order that went out, as its supplier is asked about it."""
    assert order.ordered_on is not None, "an order that went out has its business day"
    return OrderCall(
        number=order.number,
        ordered_on=order.ordered_on,
        sku_code=order.sku_code,
        kind=order.kind,
        quantity=1,
        amount_fen=order.amount_fen,
        recipient=recipient,
    )


async def _operate(port: SupplierOrder, call: Call) -> Answer:
    told = call_of(call.order, call.recipient)
    if call.operation == "cancel":
        return await port.cancel(told)
    if call.operation == "refund" and call.refund is not None:
        return await port.refund(told, RefundCall(number=call.refund.number, reason=call.refund.reason))
    return await (port.query(told) if call.operation == "query" else port.order(told))


_CAUSES = {"order": Cause.ANSWER, "query": Cause.QUERY, "cancel": Cause.CANCEL, "refund": Cause.REFUND}


async def settle(tx: Tx, supplier_id: UUID, outcomes: Sequence[Outcome]) -> bool:
    """Write what calls brought; returns whether the supplier's breaker is closed."""
    said = [
        Heard(order_id=one.call.order.id, answer=one.answer, cause=_CAUSES[one.call.operation])
        for one in outcomes
        if one.answer is not None
    ]
    locked = await store.lock(tx, [one.call.order.id for one in outcomes])
    silent = [one for one in outcomes if one.answer is None]
    await _keep_waiting(tx, [(locked[one.call.order.id], one) for one in silent if one.call.refund is None])
    await refund.silent(
        tx, [(one.call.refund, one.no_effect, one.call.operation == "refund") for one in silent if one.call.refund]
    )
    await refund.hear(tx, said)
    spoken = [one for one in outcomes if one.failure is not None or one.wire != Wire()]
    await store.add_exchanges(tx, [_exchange(supplier_id, one) for one in spoken])
    health = await store.lock_health(tx, supplier_id)
    failures_max, seconds = await tenants.settings(tx, BREAKER_FAILURES, BREAKER_SECONDS)
    breaker = breaker_of(health)
    for one in outcomes:
        breaker = breaker.after(one.failure is None, tx.now, failures_max, seconds)
    await _note(tx, supplier_id, health, breaker, carried_until=None)
    answered, failed = [one for one in outcomes if one.answer], [one for one in outcomes if one.failure]
    told: dict[str, object] = {"answered_at": tx.now} if answered else {}
    if failed and failed[-1].failure:
        told |= {"failed_at": tx.now, "error": failed[-1].failure.detail[:300]}
    if told:
        await store.put_health(tx, supplier_id, told)
    return breaker.state is BreakerState.CLOSED


async def _keep_waiting(tx: Tx, silent: Sequence[tuple[Order, Outcome]]) -> None:
    """Orders whose call brought no answer: put back where it certainly had no effect, unknown where nobody knows."""
    moves, waiting = [], []
    for order, one in silent:
        taken = not isinstance(one.failure, NotTaken)
        attempts = order.attempts + 1
        due_at = tx.now + back_off(attempts, order.id)
        if order.state is OrderState.SENT and one.call.operation == "order":
            state = OrderState.UNKNOWN if taken else OrderState.CREATED
            after = msgspec.structs.replace(
                order,
                state=state,
                attempts=0 if taken else attempts,
                due_at=due_at,
                ordered_on=order.ordered_on if taken else None,
            )
            moves.append(Move(order=after, previous=order.state, cause=Cause.SILENCE if taken else Cause.NOT_TAKEN))
        elif order.due_at is not None:
            waiting.append(msgspec.structs.replace(order, attempts=attempts, due_at=due_at))
    if waiting:
        await store.put(tx, waiting)
    await move(tx, moves)


def breaker_of(health: Record) -> Breaker:
    """A supplier's breaker as stored."""
    return Breaker(
        state=BreakerState(health["breaker"]),
        failures=health["failures"],
        trips=health["trips"],
        probe_at=health["probe_at"],
    )


async def _note(tx: Tx, supplier_id: UUID, health: Record, breaker: Breaker, *, carried_until: object) -> None:
    values = {
        "breaker": breaker.state.value,
        "failures": breaker.failures,
        "trips": breaker.trips,
        "probe_at": breaker.probe_at,
        "carried_until": carried_until,
    }
    await store.put_health(tx, supplier_id, values)
    if breaker.state.value != health["breaker"] and breaker.state is not BreakerState.HALF_OPEN:
        tx.emit(BreakerMoved(supplier_id=supplier_id, state=breaker.state.value))


def _exchange(supplier_id: UUID, one: Outcome) -> store.NewExchange:
    outcome = "not_taken" if one.no_effect else "no_answer"
    if one.answer is not None:
        about = one.call.refund and one.answer.refund
        outcome = about.status.value if about else one.answer.told.value
    return store.NewExchange(
        supplier_id=supplier_id,
        order_id=one.call.order.id,
        operation=one.call.operation,
        outcome=outcome,
        status=one.wire.status,
        milliseconds=one.milliseconds,
        request=one.wire.request,
        response=one.wire.response,
    )
