"""What a cashier's word does, by whatever way it came: each moves money once, late and repeated ones nothing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record

from huoke.kernel.tx import Tx
from huoke.reward import ledger, reductions
from huoke.reward.ledger import AccountKey, AccountKind, Transfer, TransferKind
from huoke.reward.payments import store
from huoke.reward.payments.charge import end_closed, refund
from huoke.reward.payments.model import (
    ABSENT_REST_SECONDS,
    ASKED_SECONDS,
    OPEN,
    REFUND_OPEN,
    RETRY_SECONDS,
    TAKEN,
    PaymentPaid,
    PaymentRefunded,
    PaymentState,
    Refund,
    RefundFailed,
    RefundState,
    Said,
    Told,
    waits,
)

AMOUNT_DIFFERS = "amount_differs"
LATE_REASON = "订单关闭后到账，自动退回"


def cashier_account(cashier_no: str) -> AccountKey:
    """What the cashier of a merchant number holds for the bank."""
    return AccountKey(AccountKind.CASHIER, "cashier", cashier_no)


PAID_IN = AccountKey(AccountKind.CASH_PAID_IN, "bank", "")
"""What customers paid, less nothing."""
PAID_BACK = AccountKey(AccountKind.CASH_PAID_BACK, "bank", "")
"""What went back to customers."""


async def lock(tx: Tx, payments: Collection[UUID], refunds: Collection[UUID]) -> None:
    """Lock all that words on these may touch, before any of it is written, in the order of the house: offers, pools and
    budgets of what was taken off, then the payments.

    For whoever hears more than one thing in a transaction; `hear` and `hear_refunds` lock what is theirs by themselves.
    """
    of = [*{*payments, *await store.payments_of(tx, refunds)}]
    await reductions.lock_for(tx, of, back=bool(refunds))
    await store.lock(tx, of)


async def hear(tx: Tx, said: Mapping[UUID, Said], merchant_no: str) -> None:
    """Take what the cashier says of payments; unknown ones are passed over."""
    await reductions.lock_for(tx, list(said))
    rows = await store.lock(tx, said)
    over = [row for payment_id, row in rows.items() if await _hear_one(tx, row, said[payment_id], merchant_no)]
    await end_closed(tx, over)


async def hear_refunds(tx: Tx, said: Mapping[UUID, Said], merchant_no: str) -> None:
    """Take what the cashier says of refunds; unknown ones are passed over."""
    await reductions.lock_for(tx, await store.payments_of(tx, said), back=True)
    rows = await store.lock_refunds(tx, said)
    payments = await store.by_ids(tx, {row["payment_id"] for row in rows.values()})
    done = [
        row
        for refund_id, row in rows.items()
        if await _hear_refund(tx, row, payments[row["payment_id"]], said[refund_id], merchant_no)
    ]
    await _give_back(tx, [row for row in done if payments[row["payment_id"]]["reduction_fen"]])


async def _hear_one(tx: Tx, row: Record, said: Said, merchant_no: str) -> bool:
    """Take the word on one payment; whether it ends it unpaid."""
    state = PaymentState(row["state"])
    if state in TAKEN:
        return False
    if said.told is Told.PAID:
        if (said.amount_fen, said.reduction_fen) != (row["amount_fen"], row["reduction_fen"]):
            await _wait(tx, row, AMOUNT_DIFFERS)
        else:
            await _take_money(tx, row, said, merchant_no)
    elif state is PaymentState.CLOSED:
        return False
    elif said.told is Told.CLOSED or (said.told is Told.ABSENT and _is_over(tx, row)):
        return True
    elif said.told is Told.ABSENT:
        await _wait(tx, row, "absent")
    else:
        attempts = row["attempts"] + 1
        due_at = tx.now + waits(attempts, ASKED_SECONDS)
        if not row["close_asked"]:
            due_at = min(due_at, max(row["expires_at"], tx.now))
        kept = PaymentState.PREPAID.value if row["pay_address"] else state.value
        await store.put(tx, row["id"], state=kept, code=said.code, attempts=attempts, due_at=due_at)
    return False


def _is_over(tx: Tx, row: Record) -> bool:
    """Whether a payment the cashier does not know is to end, and no call about it can still travel."""
    wanted = row["close_asked"] or row["expires_at"] <= tx.now
    return bool(wanted and row["sent_at"] + timedelta(seconds=ABSENT_REST_SECONDS) <= tx.now)


async def _wait(tx: Tx, row: Record, code: str) -> None:
    attempts = row["attempts"] + 1
    await store.put(
        tx, row["id"], code=code, attempts=attempts, due_at=tx.now + waits(attempts, RETRY_SECONDS)
    )  # fmt: skip


async def _take_money(tx: Tx, row: Record, said: Said, merchant_no: str) -> None:
    is_late = row["state"] == PaymentState.CLOSED
    await store.put(
        tx, row["id"], state=PaymentState.PAID.value, cashier_no=said.cashier_no, paid_at=said.at or tx.now,
        ended_at=tx.now, due_at=None, code="late" if is_late else "",
    )  # fmt: skip
    paid_fen = row["amount_fen"] - row["reduction_fen"]
    await _book(tx, row["id"], PAID_IN, cashier_account(merchant_no), paid_fen, TransferKind.CHARGE)
    if row["reduction_fen"] and not is_late:
        await reductions.use(tx, [row["id"]])
    if is_late:
        wanted = Refund(
            request_no=f"late-{row['id'].hex}", payment_id=row["id"], amount_fen=row["amount_fen"], reason=LATE_REASON
        )
        await refund(tx, [wanted])
        return
    tx.emit(
        PaymentPaid(
            payment_id=row["id"], source_kind=row["source_kind"], source_id=row["source_id"], line=row["line"],
            seq=row["seq"], amount_fen=row["amount_fen"], reduction_fen=row["reduction_fen"],
        ),
        seq=row["seq"],
    )  # fmt: skip


async def _hear_refund(tx: Tx, row: Record, payment: Record, said: Said, merchant_no: str) -> bool:
    """Take the word on one refund; whether its money is back by it."""
    if row["state"] not in REFUND_OPEN:
        return False
    attempts = row["attempts"] + 1
    same = (said.amount_fen, said.reduction_fen) == (row["amount_fen"], row["reduction_fen"])
    if said.told is Told.REFUNDED and not same:
        due_at = tx.now + waits(attempts, RETRY_SECONDS)
        await store.put_refund(tx, row["id"], code=AMOUNT_DIFFERS, attempts=attempts, due_at=due_at)
    elif said.told is Told.REFUNDED:
        await store.put_refund(
            tx, row["id"], state=RefundState.REFUNDED.value, cashier_no=said.cashier_no, code="", due_at=None,
            refunded_at=said.at or tx.now,
        )  # fmt: skip
        await store.settle_refund(tx, row, done=True)
        back_fen = row["amount_fen"] - row["reduction_fen"]
        if back_fen:
            await _book(tx, row["id"], cashier_account(merchant_no), PAID_BACK, back_fen, TransferKind.REFUND)
        told = PaymentRefunded(**_told(row, payment), reduction_fen=row["reduction_fen"])
        tx.emit(told, seq=payment["seq"])
        return True
    elif said.told is Told.FAILED:
        await store.put_refund(
            tx, row["id"], state=RefundState.FAILED.value, cashier_no=said.cashier_no, code=said.code, due_at=None
        )  # fmt: skip
        await store.settle_refund(tx, row, done=False)
        tx.emit(RefundFailed(**_told(row, payment)), seq=payment["seq"])
    else:
        state = RefundState.PROCESSING if said.told is Told.PROCESSING else RefundState(row["state"])
        code = "absent" if said.told is Told.ABSENT else ""
        due_at = tx.now + waits(attempts, RETRY_SECONDS)
        await store.put_refund(tx, row["id"], state=state.value, code=code, attempts=attempts, due_at=due_at)
    return False


async def _give_back(tx: Tx, rows: Sequence[Record]) -> None:
    """Who bore the reductions takes back what of them lay in refunds that are done; the last one of a payment of which
    nothing is left ends it.
    """
    if not rows:
        return
    payments = await store.by_ids(tx, {row["payment_id"] for row in rows})
    last = {row["payment_id"]: row["id"] for row in rows}
    await reductions.give_back(
        tx,
        [
            reductions.Back(
                refund_id=row["id"], payment_id=row["payment_id"], reduction_fen=row["reduction_fen"],
                whole=payments[row["payment_id"]]["state"] == PaymentState.REFUNDED
                and last[row["payment_id"]] == row["id"],
            )
            for row in rows
        ],
    )  # fmt: skip


def _told(row: Record, payment: Record) -> dict[str, Any]:
    return {
        "payment_id": payment["id"],
        "refund_id": row["id"],
        "request_no": row["told_as"] or row["request_no"],
        "source_kind": payment["source_kind"],
        "source_id": payment["source_id"],
        "line": payment["line"],
        "seq": payment["seq"],
        "amount_fen": row["amount_fen"],
    }


async def silence(tx: Tx, row: Record, code: str, *, unknown: bool) -> None:
    """A call about a payment brought nothing; `unknown` where it may have had its effect."""
    locked = (await store.lock(tx, [row["id"]]))[row["id"]]
    if locked["state"] not in OPEN:
        return
    fresh = locked["state"] != PaymentState.PREPAID and unknown
    state = PaymentState.UNKNOWN.value if fresh else locked["state"]
    attempts = locked["attempts"] + 1
    due_at = tx.now + waits(attempts, RETRY_SECONDS)
    await store.put(tx, row["id"], state=state, code=code, attempts=attempts, due_at=due_at)


async def refund_silence(tx: Tx, row: Record, code: str, *, unknown: bool) -> None:
    """A call about a refund brought nothing; it is asked after, and asked for again under its number."""
    locked = (await store.lock_refunds(tx, [row["id"]]))[row["id"]]
    if locked["state"] not in REFUND_OPEN:
        return
    fresh = locked["state"] == RefundState.CREATED and unknown
    attempts = locked["attempts"] + 1
    await store.put_refund(
        tx, row["id"], state=RefundState.UNKNOWN.value if fresh else locked["state"], code=code, attempts=attempts,
        due_at=tx.now + waits(attempts, RETRY_SECONDS),
    )  # fmt: skip


async def _book(tx: Tx, source_id: UUID, debit: AccountKey, credit: AccountKey, fen: int, kind: TransferKind) -> None:
    accounts = await ledger.open_accounts(tx, [debit, credit])
    transfer = Transfer(
        source_kind="payment", source_id=source_id, line=0, debit_account=accounts[debit],
        credit_account=accounts[credit], amount=fen, kind=kind,
    )  # fmt: skip
    await ledger.book(tx, [transfer])
