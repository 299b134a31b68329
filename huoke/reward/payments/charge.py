"""Asking customers for money, closing what they will not pay, giving back: batches in, one outcome per item out.

Nothing here calls the cashier: what is written is carried by `carry`, with no transaction open.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from asyncpg import Record

from huoke.kernel.idempotency import RequestReused
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward import reductions
from huoke.reward.payments import store, store_cashier
from huoke.reward.payments.model import (
    OPEN,
    TAKEN,
    Charge,
    Charged,
    NoCashier,
    NotPaid,
    PaymentClosed,
    PaymentState,
    PaymentUnknown,
    Refund,
    Refunded,
    RefundState,
    RefundTooMuch,
    check_charge,
)

REASON_MAX = 80


async def charge(tx: Tx, new: Sequence[Charge]) -> list[Charged | Refusal]:
    """Ask customers for money; one answer per charge, in order.

    A number used before answers with its payment (`exists`), or `RequestReused` where it asked for something else.
    `ChargeUnfit` per item, and what `reductions.hold` refuses; raises `NoCashier` where the bank has none and something
    is new.
    """
    known = await store.known_charges(tx, {one.request_no for one in new})
    answers: dict[int, Charged | Refusal] = {}
    fresh: dict[str, int] = {}
    for index, one in enumerate(new):
        try:
            if one.request_no not in known:
                check_charge(one, tx.now, f"/{index}")
                fresh.setdefault(one.request_no, index)
        except Refusal as refusal:
            answers[index] = refusal
    if fresh:
        cashier = await store_cashier.active(tx)
        if cashier is None:
            raise NoCashier("The bank has no approved cashier yet; enter one under Payments.")
        made = {index: new_id() for index in fresh.values()}
        reduced = await _reduce(tx, new, made)
        answers |= {index: answer for index, answer in reduced.items() if isinstance(answer, Refusal)}
        off = {index: 0 if isinstance(answer, Refusal) else answer for index, answer in reduced.items()}
        todo = [index for index in made if index not in answers]
        await store.add_charges(
            tx, cashier["id"], [made[index] for index in todo], [new[index] for index in todo],
            [off.get(index, 0) for index in todo],
        )  # fmt: skip
        for index in todo:
            answers[index] = Charged(
                payment_id=made[index], state=PaymentState.CREATED, reduction_fen=off.get(index, 0)
            )
        known |= await store.known_charges(tx, list(fresh))
    return [
        answers[index] if index in answers else _again(one, known.get(one.request_no), answers, fresh)
        for index, one in enumerate(new)
    ]


async def _reduce(tx: Tx, new: Sequence[Charge], made: Mapping[int, UUID]) -> dict[int, int | Refusal]:
    """Hold the reductions of payments to be: what each takes off in fen, or why it cannot."""
    wanted = {
        index: reductions.Hold(
            payment_id=payment_id, grant_id=asked.grant_id, seq=new[index].seq, price_fen=new[index].amount_fen,
            place=asked.place,
        )
        for index, payment_id in made.items()
        if (asked := new[index].reduction) is not None
    }  # fmt: skip
    if not wanted:
        return {}
    said = zip(wanted, await reductions.hold(tx, list(wanted.values())), strict=True)
    return {index: answer if isinstance(answer, Refusal) else answer.amount_fen for index, answer in said}


async def close(tx: Tx, ids: Sequence[UUID]) -> list[PaymentState | Refusal]:
    """Have payments closed; in order how each stands, or `PaymentUnknown`.

    What the cashier never heard of is closed at once; the others stay open until it says that they cannot be paid any
    more (`payments.closed`), or that they were (`payments.paid`).
    """
    rows = await store.lock(tx, ids)
    open_ = [key for key in dict.fromkeys(ids) if key in rows and rows[key]["state"] in OPEN]
    unsent = [key for key in open_ if rows[key]["sent_at"] is None]
    await end_closed(tx, [rows[key] for key in unsent])
    await store.ask_to_close(tx, [key for key in open_ if key not in unsent], tx.now)
    now = await store.by_ids(tx, ids)
    return [
        PaymentState(now[key]["state"]) if key in now else PaymentUnknown("There is no such payment.") for key in ids
    ]


async def refund(tx: Tx, new: Sequence[Refund]) -> list[Refunded | Refusal]:
    """Give money back; one answer per refund, in order. The money is back with the customer at `payments.refunded`.

    A number used before answers with its refund (`exists`), or `RequestReused`. `PaymentUnknown`, `NotPaid`,
    `RefundTooMuch` where parts would come to more than was paid; then nothing of it is asked for.
    """
    rows = await store.lock(tx, {one.payment_id for one in new})
    known = await store.known_refunds(tx, {one.request_no for one in new})
    left = {key: row["amount_fen"] - row["refunding_fen"] - row["refunded_fen"] for key, row in rows.items()}
    gone = {key: row["reduction_gone_fen"] for key, row in rows.items()}
    off: list[int] = []
    answers: dict[int, Refunded | Refusal] = {}
    fresh: dict[str, int] = {}
    for index, one in enumerate(new):
        if one.request_no in known or one.request_no in fresh:
            continue
        refusal = _no_refund(one, rows.get(one.payment_id), left.get(one.payment_id, 0), f"/{index}")
        if refusal is not None:
            answers[index] = refusal
            continue
        row = rows[one.payment_id]
        off.append(
            reductions.part(
                row["amount_fen"], row["reduction_fen"], row["amount_fen"] - left[one.payment_id],
                gone[one.payment_id], one.amount_fen,
            )
        )  # fmt: skip
        gone[one.payment_id] += off[-1]
        left[one.payment_id] -= one.amount_fen
        fresh[one.request_no] = index
    if fresh:
        ids = await store.add_refunds(tx, [new[index] for index in fresh.values()], off)
        for index, refund_id in zip(fresh.values(), ids, strict=True):
            answers[index] = Refunded(refund_id=refund_id, state=RefundState.CREATED)
        known |= await store.known_refunds(tx, list(fresh))
    return [
        answers[index] if index in answers else _again_refund(one, known[one.request_no])
        for index, one in enumerate(new)
    ]


async def end_closed(tx: Tx, rows: Sequence[Record]) -> None:
    """Locked payments will not come any more; what was to be taken off them is their customers' again, all at once: so
    what it counted on is locked in one order.
    """
    reduced = [row["id"] for row in rows if row["reduction_fen"]]
    if reduced:
        await reductions.free(tx, reduced)
    for row in rows:
        await store.put(tx, row["id"], state=PaymentState.CLOSED.value, due_at=None, ended_at=tx.now, code="")
        tx.emit(
            PaymentClosed(
                payment_id=row["id"], source_kind=row["source_kind"], source_id=row["source_id"], line=row["line"],
                seq=row["seq"], amount_fen=row["amount_fen"],
            ),
            seq=row["seq"],
        )  # fmt: skip


def _again(
    one: Charge, row: Record | None, answers: Mapping[int, Charged | Refusal], fresh: Mapping[str, int]
) -> Charged | Refusal:
    if row is None:  # the same number earlier in this batch was refused
        return answers[fresh[one.request_no]]
    same = (row["seq"], row["amount_fen"], row["source_kind"], row["source_id"], row["line"])
    if same != (one.seq, one.amount_fen, one.source_kind, one.source_id, one.line):
        return _reused(one.request_no)
    return Charged(
        payment_id=row["id"], state=PaymentState(row["state"]), reduction_fen=row["reduction_fen"], exists=True
    )  # fmt: skip


def _again_refund(one: Refund, row: Record) -> Refunded | Refusal:
    if (row["payment_id"], row["amount_fen"]) != (one.payment_id, one.amount_fen):
        return _reused(one.request_no)
    return Refunded(refund_id=row["id"], state=RefundState(row["state"]), exists=True)


def _reused(number: str) -> Refusal:
    return RequestReused(
        f"Request number '{number}' was already used for another body; take a new number.",
        pointer="/request_no",
        request_no=number,
    )


def _no_refund(one: Refund, row: Record | None, left_fen: int, pointer: str) -> Refusal | None:
    if row is None:
        return PaymentUnknown("There is no such payment.", pointer=f"{pointer}/payment_id")
    if row["state"] not in TAKEN:
        return NotPaid("Nothing was paid that could be given back.", pointer=f"{pointer}/payment_id")
    if not 0 < one.amount_fen <= left_fen or not one.reason.strip():
        return RefundTooMuch(
            f"Of this payment {left_fen} fen can still be given back.",
            pointer=f"{pointer}/amount_fen",
            left_fen=left_fen,
        )
    return None
