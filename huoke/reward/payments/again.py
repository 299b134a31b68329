"""A refund the cashier would not make, asked for once more: at once, or by two people above the bank's amount."""

from uuid import UUID

from asyncpg import Record

from huoke.govern import approvals, audit, tenants
from huoke.govern.approvals import Check, CheckVerdict, FieldChange, NewChange, Simulation, SimulationRow
from huoke.govern.people import units
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Tx
from huoke.reward.payments import store
from huoke.reward.payments.charge import refund
from huoke.reward.payments.model import Refund, RefundNotFailed, RefundState, RefundUnknown

KIND = "refund_again"
TWO_PEOPLE_FEN = tenants.declare("payments.refund_again_fen", int, 50_000, minimum=0, unit="fen", rule="D5")
"""A failed refund above this is sent again by two people."""


async def send_again(tx: Tx, refund_id: UUID, reason: str) -> UUID:
    """Ask the cashier once more for a refund it would not make, under a number of its own; returns the refund.

    Above the setting `payments.refund_again_fen` a change is asked for instead, and its id returned: another person
    decides. `RefundUnknown`, `RefundNotFailed` (also sent again before), `RefundTooMuch`, `audit.ReasonMissing`.
    """
    why = audit.require_reason(reason)
    row = await _failed(tx, refund_id)
    if row["amount_fen"] - row["reduction_fen"] > await tenants.setting(tx, TWO_PEOPLE_FEN):
        return await _ask(tx, row, why)
    await _record(tx, row, why)
    return await _send(tx, row)


class RefundApproval:
    """Serves approvals of kind `refund_again`."""

    kind = KIND

    async def simulate(self, tx: Tx, subject_id: str) -> Simulation:
        """What would go back to the customer."""
        row = (await store.lock_refunds(tx, [UUID(subject_id)]))[UUID(subject_id)]
        line = SimulationRow(
            key="back", label="退回客户", label_en="Back to the customer", unit="fen", before=0,
            after=row["amount_fen"] - row["reduction_fen"],
        )  # fmt: skip
        return Simulation(rows=(line,))

    async def check(self, tx: Tx, subject_id: str) -> list[Check]:
        """It failed, and nobody sent it again."""
        row = (await store.lock_refunds(tx, [UUID(subject_id)]))[UUID(subject_id)]
        fine = row["state"] == RefundState.FAILED and not await store.sent_again(tx, row["id"])
        verdict = CheckVerdict.PASS if fine else CheckVerdict.FAIL
        detail = ("退款失败，尚未重发", "It failed, and was not sent again")
        return [Check(rule="payments.refund", verdict=verdict, detail=detail[0], detail_en=detail[1], data={})]

    async def apply(self, tx: Tx, subject_id: str, diff_hash: str) -> None:
        """Ask the cashier again; `approvals.Stale`."""
        row = await _failed(tx, UUID(subject_id))
        if approvals.diff_hash(_diff(row)) != diff_hash:
            raise approvals.Stale("The refund is no longer what was approved.")
        await _send(tx, row)

    async def close(self, tx: Tx, subject_id: str, state: approvals.ChangeState) -> None:
        """What was not approved stays failed, and may be asked for anew."""
        del tx, subject_id, state


async def _failed(tx: Tx, refund_id: UUID) -> Record:
    row = (await store.lock_refunds(tx, [refund_id])).get(refund_id)
    if row is None:
        raise RefundUnknown("There is no such refund.")
    if row["state"] != RefundState.FAILED or await store.sent_again(tx, refund_id):
        raise RefundNotFailed("Only a refund that failed is sent again, once.", state=row["state"])
    return row


async def _send(tx: Tx, row: Record) -> UUID:
    wanted = Refund(
        request_no=f"again-{row['id'].hex}", payment_id=row["payment_id"], amount_fen=row["amount_fen"],
        reason=row["reason"],
    )  # fmt: skip
    [answer] = await refund(tx, [wanted])
    if isinstance(answer, Refusal):
        raise answer
    number = row["told_as"] or row["request_no"]
    await store.put_refund(tx, answer.refund_id, again_of=row["id"], told_as=number)
    return answer.refund_id


async def _ask(tx: Tx, row: Record, why: str) -> UUID:
    change = NewChange(
        kind=KIND,
        subject_id=str(row["id"]),
        title=f"重发退款：{row['id'].hex[-8:].upper()}",
        diff=_diff(row),
        unit_id=await units.head_office(tx),
    )
    await _record(tx, row, why)
    return await approvals.submit(tx, change)


def _diff(row: Record) -> tuple[FieldChange, ...]:
    lines = (
        ("amount_fen", "退款金额", "Refund", row["amount_fen"], "fen"),
        ("reduction_fen", "其中立减", "Of it a reduction", row["reduction_fen"] or None, "fen"),
        ("reason", "原因", "Reason", row["reason"], "text"),
        ("code", "收银台答复", "What the cashier said", row["code"], "text"),
    )
    return tuple(
        FieldChange(path=path, label=zh, label_en=en, before=None, after=after, group="benefit", unit=unit)
        for path, zh, en, after, unit in lines
        if after is not None
    )


async def _record(tx: Tx, row: Record, why: str) -> None:
    entry = audit.AuditEntry(
        action="payments.refund_again",
        subject_kind="refund",
        subject_id=str(row["id"]),
        reason=why,
        after={"amount_fen": row["amount_fen"], "payment_id": str(row["payment_id"])},
    )
    await audit.record(tx, entry)
