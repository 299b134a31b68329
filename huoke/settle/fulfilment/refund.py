"""Asking a supplier for the price of a delivered order back: one person asks, another decides, the supplier answers.

Nothing moves before the supplier has said yes; then once: the order is refunded, the prepayment comes back, the
statement carries a credit. A refund is `sent` before its call goes out, as orders are, and goes out under one number.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.govern import approvals, audit
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.kernel.ids import new_id
from huoke.kernel.tx import Tx
from huoke.reward import ledger, supply
from huoke.reward.supply import Told
from huoke.settle.fulfilment import coupon, refund_model, store, store_refund
from huoke.settle.fulfilment.model import (
    Cause,
    Order,
    OrderState,
    OrderUnknown,
    back_off,
    number_of,
    prepayment_of,
)
from huoke.settle.fulfilment.move import Heard, contradict, give_back, take
from huoke.settle.fulfilment.refund_model import (
    Refund,
    RefundEnded,
    RefundImpossible,
    RefundState,
    RefundUnfit,
    RefundUnknown,
)

KIND = "supplier_refund"
ORDER_CHANGED = "order_changed"
_COUPON_MEND = "a used coupon is made good again by its own return, on its order's page; for its money, "


class NewRefund(msgspec.Struct, frozen=True, kw_only=True):
    """The refund of a whole delivered order to ask for, and why; the supplier is told the reason."""

    order_id: UUID
    reason: str
    request_no: str | None = None


class RefundApproval:
    """Serves approvals of kind `supplier_refund`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """The prepayment before and after, once the supplier has said yes; of what was not drawn nothing comes back."""
        refund, order = await _get(tx, UUID(subject_id))
        before = await ledger.balance(tx, prepayment_of(refund.supplier_id))
        row = SimulationRow(
            key="balance",
            label="预付余额",
            label_en="Prepayment balance",
            unit="fen",
            before=before,
            after=before + order.drawn_fen,
        )
        return Simulation(rows=(row,))

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """Whether the order still stands delivered."""
        _, order = await _get(tx, UUID(subject_id))
        verdict = CheckVerdict.PASS if order.state is OrderState.SUCCESS else CheckVerdict.FAIL
        return [Check(rule="order", verdict=verdict, detail="订单已成功", detail_en="The order was delivered.")]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """The supplier is asked at its next turn; `approvals.Stale` when it is no longer what was approved."""
        refund, order = await _get(tx, UUID(subject_id), lock=True)
        fits = refund.state is RefundState.SUBMITTED and order.state is OrderState.SUCCESS
        if not fits or approvals.diff_hash(_diff(refund, order)) != diff_hash:
            raise approvals.Stale("The refund is no longer what was approved.")
        await store_refund.put(tx, [msgspec.structs.replace(refund, state=RefundState.APPROVED, due_at=tx.now)])

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """A refund that was not approved is declined; another one may be asked for."""
        del state
        refund, _ = await _get(tx, UUID(subject_id), lock=True)
        await store_refund.put(tx, [_closed(refund, RefundState.DECLINED, tx.now)])


async def ask_refund(tx: Tx, new: NewRefund, unit_id: int) -> UUID:
    """Ask for the refund of a delivered order, to be decided by somebody else; returns the refund's id.

    `OrderUnknown`, `RefundUnfit`, `RefundImpossible`, `RefundStands`, `audit.ReasonMissing`.
    """
    why = audit.require_reason(new.reason)
    order = (await store.lock(tx, [new.order_id])).get(new.order_id)
    if order is None:
        raise OrderUnknown("There is no such order.")
    if order.state is not OrderState.SUCCESS or not order.amount_fen:
        raise RefundUnfit("Only a delivered order that cost something is refunded.", state=order.state.value)
    await _check_protocol(tx, order)
    refund_id = new_id()
    refund = Refund(
        id=refund_id,
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=number_of(refund_id),
        amount_fen=order.amount_fen,
        reason=why,
        state=RefundState.SUBMITTED,
        code="",
        answer="",
        change_id=None,
        attempts=0,
        due_at=None,
        created_by=tx.actor.id,
        created_at=tx.now,
        closed_at=None,
    )
    await store_refund.insert(tx, refund)
    await _submit(tx, refund, order, unit_id)
    await _record(tx, refund)
    return refund_id


async def due(tx: Tx, supplier_id: UUID, limit: int, until: datetime) -> list[tuple[Order, Refund, bool]]:
    """Refunds to be carried on, due again at `until`: the order, the refund, and whether it is asked for now.

    The others are asked after: they went out before. One whose order changed before it went out ends here.
    """
    refunds = await store_refund.take_due(tx, supplier_id, limit)
    if not refunds:
        return []
    orders = await store.find(tx, [refund.order_id for refund in refunds])
    after, calls = [], []
    for refund in refunds:
        order, fresh = orders[refund.order_id], refund.state is RefundState.APPROVED
        if fresh and order.state is not OrderState.SUCCESS:
            after.append(_closed(refund, RefundState.REFUSED, tx.now, code=ORDER_CHANGED))
            continue
        lost = refund.state is RefundState.SENT
        state = RefundState.SENT if fresh else RefundState.UNKNOWN if lost else refund.state
        after.append(msgspec.structs.replace(refund, state=state, due_at=until))
        calls.append((order, after[-1], fresh))
    await store_refund.put(tx, after)
    return calls


async def silent(tx: Tx, calls: Sequence[tuple[Refund, bool, bool]]) -> None:
    """Refunds whose call brought no answer: asked again where it certainly had no effect, unknown where nobody knows.

    Each with whether its call certainly had no effect, and whether it was asked for (else: asked after).
    """
    if not calls:
        return
    locked = {one.id: one for one in await store_refund.lock_asked(tx, [refund.order_id for refund, _, _ in calls])}
    after = []
    for refund, no_effect, asked_for in calls:
        now = locked.get(refund.id)
        if now is None or now.state is not refund.state:
            continue
        state = now.state
        if asked_for:
            state = RefundState.APPROVED if no_effect else RefundState.UNKNOWN
        after.append(_later(now, state, tx.now))
    await store_refund.put(tx, after)


async def hear(tx: Tx, said: Sequence[Heard]) -> list[OrderState | None]:
    """Take what suppliers say of orders and of their refunds, at most once an order; answers as `move.take`.

    A refund ends once; late and repeated words change nothing. An order that is refunded although nobody asked is told
    to the log and left to reconciliation.
    """
    states = await take(tx, said)
    told = {one.order_id: one for one in said}
    refunds = await store_refund.lock_asked(tx, list(told)) if told else []
    asked = {refund.order_id for refund in refunds}
    strange = [key for key, one in told.items() if one.answer.told is Told.REFUNDED and key not in asked]
    orders = await store.lock(tx, [*asked, *strange]) if asked or strange else {}
    after = [_heard(refund, told[refund.order_id], tx.now) for refund in refunds]
    await store_refund.put(tx, [refund for refund in after if refund is not None])
    ended = [refund for refund in after if refund is not None and refund.closed_at is not None]
    moved = await _end(tx, ended, orders)
    for key in strange:
        if key in orders and orders[key].state is OrderState.SUCCESS:
            contradict(tx, orders[key], Told.REFUNDED)
    return [OrderState.REFUNDED if one.order_id in moved else state for one, state in zip(said, states, strict=True)]


async def hurry(tx: Tx, order_id: UUID) -> bool:
    """Let a refund that stands at its supplier be carried on now; False where there is none."""
    refunds = await store_refund.lock_asked(tx, [order_id])
    await store_refund.put(tx, [msgspec.structs.replace(one, due_at=tx.now) for one in refunds])
    return bool(refunds)


async def send_again(tx: Tx, refund_id: UUID) -> None:
    """Let a refund that nobody answered go out once more, under its number. `RefundUnfit` where it is not unknown."""
    refund, order = await _unknown(tx, refund_id)
    if order.state is not OrderState.SUCCESS:
        raise RefundUnfit("The order stands delivered no more.", state=order.state.value)
    await store_refund.put(tx, [msgspec.structs.replace(refund, state=RefundState.APPROVED, attempts=0, due_at=tx.now)])


async def give_up(tx: Tx, refund_id: UUID, code: str, word: str) -> None:
    """End a refund that nobody answered as not given back. `RefundUnfit` where it is not unknown."""
    refund, order = await _unknown(tx, refund_id)
    ended = _closed(refund, RefundState.REFUSED, tx.now, code=code, answer=word)
    await store_refund.put(tx, [ended])
    await _end(tx, [ended], {order.id: order})


async def _unknown(tx: Tx, refund_id: UUID) -> tuple[Refund, Order]:
    refund, order = await _get(tx, refund_id, lock=True)
    if refund.state is not RefundState.UNKNOWN:
        raise RefundUnfit("The supplier said meanwhile how this refund stands.", state=refund.state.value)
    return refund, order


async def _end(tx: Tx, ended: Sequence[Refund], orders: dict[UUID, Order]) -> dict[UUID, Order]:
    """What follows from ends; an order that was turned round meanwhile had its price back before."""
    reasons = {one.order_id: one.reason for one in ended if one.state is RefundState.SUCCESS}
    paid_back = [orders[key] for key in reasons if orders[key].state is OrderState.SUCCESS]
    moved = await give_back(tx, paid_back, reasons)
    for one in ended:
        event = RefundEnded(
            refund_id=one.id,
            order_id=one.order_id,
            supplier_id=one.supplier_id,
            state=one.state.value,
            amount_fen=one.amount_fen,
        )
        tx.emit(event, seq=orders[one.order_id].seq)
    return moved


def _heard(refund: Refund, one: Heard, now: datetime) -> Refund | None:
    """A refund after its supplier spoke of its order; None where that changes nothing."""
    state = refund_model.heard(refund.number, one.answer)
    if state is None:
        return _later(refund, refund.state, now) if one.cause is Cause.QUERY else None
    if state is RefundState.PROCESSING:
        after = refund if refund.state is state else msgspec.structs.replace(refund, attempts=0)
        return _later(after, state, now)
    told = one.answer.refund
    no = (told.code, told.reason) if told and state is RefundState.REFUSED else ("", "")
    return _closed(refund, state, now, code=no[0], answer=no[1])


def _later(refund: Refund, state: RefundState, now: datetime) -> Refund:
    attempts = refund.attempts + 1
    return msgspec.structs.replace(refund, state=state, attempts=attempts, due_at=now + back_off(attempts, refund.id))


def _closed(refund: Refund, state: RefundState, now: datetime, *, code: str = "", answer: str = "") -> Refund:
    return msgspec.structs.replace(refund, state=state, code=code, answer=answer, due_at=None, closed_at=now)


async def _check_protocol(tx: Tx, order: Order) -> None:
    found = await supply.connections(tx, supplier_id=order.supplier_id)
    adapter = found[0].adapter if found else ""
    if not found:
        raise supply.NotConnected("This supplier has no connection; make one on its page.")
    if not supply.has_refunds(adapter):
        mend = f"{_COUPON_MEND if adapter == coupon.ADAPTER else ''}{supply.REFUND_MEND}"
        raise RefundImpossible(f"This supplier cannot be asked for a refund by call: {mend}", pointer="/order_id")


async def _submit(tx: Tx, refund: Refund, order: Order, unit_id: int) -> None:
    change = NewChange(
        kind=KIND,
        subject_id=str(refund.id),
        title=f"{order.title} 向供应商退款",
        diff=_diff(refund, order),
        unit_id=unit_id,
        office_no=refund.number,
    )
    await store_refund.set_change(tx, refund.id, await approvals.submit(tx, change))


async def _record(tx: Tx, refund: Refund) -> None:
    entry = audit.AuditEntry(
        action="fulfilment.ask_refund",
        subject_kind="supplier_order",
        subject_id=str(refund.order_id),
        reason=refund.reason,
        after={"refund_no": refund.number, "amount_fen": refund.amount_fen},
    )
    await audit.record(tx, entry)


async def _get(tx: Tx, refund_id: UUID, *, lock: bool = False) -> tuple[Refund, Order]:
    """A refund and its order, the order locked first as everywhere."""
    refund = await store_refund.get(tx, refund_id)
    if refund is None:
        raise RefundUnknown("There is no such refund.")
    orders = await (store.lock if lock else store.find)(tx, [refund.order_id])
    if lock:
        refund = await store_refund.get(tx, refund_id, lock=True)
        assert refund is not None, "refunds are not deleted"
    return refund, orders[refund.order_id]


def _diff(refund: Refund, order: Order) -> tuple[FieldChange, ...]:
    values = (
        ("amount_fen", "退款金额", "Amount", refund.amount_fen, "fen"),
        ("order", "订单号", "Order", order.number, ""),
        ("reason", "原因", "Reason", refund.reason, ""),
    )
    return tuple(
        FieldChange(path=path, label=label, label_en=english, before=None, after=value, group="money", unit=unit)
        for path, label, english, value, unit in values
    )
