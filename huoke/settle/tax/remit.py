"""Paying a closed month's tax: one person enters the payment, another decides; then the month is at zero (rule T2)."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from huoke.govern.approvals import Check, CheckVerdict, FieldChange, Simulation, SimulationRow
from huoke.govern.requests import Approval, Once
from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.settle.tax import book, store, tables
from huoke.settle.tax.close import totals
from huoke.settle.tax.model import MonthRemitted, Remittance, RemittanceOpen, RemittanceUnfit, next_month

REFERENCE_MAX = 64


class RemittanceRequests(Once[Remittance]):
    """Payments of closed months; each month once."""

    kind = "tax_remittance"
    table = tables.remittance
    shape = Remittance
    group = "money"
    action = "tax.remit"
    subject_kind = "tax_month"
    open = RemittanceOpen
    unfit = RemittanceUnfit
    pointer = "/month"

    async def title(self, tx: Tx, wanted: Remittance) -> str:
        """The month."""
        del tx
        return f"代扣税款缴纳 {wanted.month:%Y-%m} · Pay the tax of {wanted.month:%Y-%m}"

    def asked(self, wanted: Remittance) -> dict[str, Any]:
        """The month stands in a column of its own."""
        return {"month": wanted.month, "body": msgspec.to_builtins(wanted)}

    def read(self, row: Record) -> Remittance:
        """What was entered."""
        return msgspec.convert(row["body"], Remittance)

    def subject(self, wanted: Remittance) -> str:
        """The month."""
        return wanted.month.isoformat()

    async def require_fit(self, tx: Tx, wanted: Remittance) -> None:
        """The month is closed and not paid, and the ledger owes just this for it; `RemittanceUnfit`, `MonthUnknown`."""
        await store.lock_months(tx, alone=True)
        if await store.closing_id(tx, wanted.month) is None:
            raise RemittanceUnfit("The month is not closed: two people close it first.", pointer="/month")
        if await store.is_remitted(tx, wanted.month):
            raise RemittanceUnfit("The month is paid.", pointer="/month")
        if not next_month(wanted.month) <= wanted.paid_on <= tx.now.astimezone(CHINA).date():
            raise RemittanceUnfit("It is paid after the month, and not later than today.", pointer="/paid_on")
        if not 1 <= len(wanted.reference) <= REFERENCE_MAX:
            raise RemittanceUnfit(f"The number of the payment has 1 to {REFERENCE_MAX} signs.", pointer="/reference")
        owed_fen = (await totals(tx, wanted.month)).tax_fen
        if wanted.amount_fen != owed_fen or not owed_fen:
            raise RemittanceUnfit(f"The month comes to {owed_fen} fen.", pointer="/amount_fen", month_fen=owed_fen)
        if (booked_fen := await book.open_fen(tx, wanted.month)) != owed_fen:
            raise RemittanceUnfit(
                f"The ledger says {booked_fen} fen are payable.", pointer="/amount_fen", booked_fen=booked_fen
            )

    def diff(self, held: Remittance | None, wanted: Remittance) -> Sequence[FieldChange]:
        """What is paid."""
        del held
        lines = (
            ("amount_fen", "缴纳金额", "Paid", wanted.amount_fen, "fen"),
            ("paid_on", "缴纳日期", "Paid on", wanted.paid_on.isoformat(), "text"),
            ("reference", "完税凭证号", "Number of the tax payment", wanted.reference, "text"),
        )
        return [
            FieldChange(path=path, label=zh, label_en=en, before=None, after=value, unit=unit, group=self.group)
            for path, zh, en, value, unit in lines
        ]

    def event(self, request_id: UUID) -> None:
        """Told by `enact`, which knows the month."""

    async def enact(self, tx: Tx, wanted: Remittance) -> None:
        """Pay it in the ledger and tell."""
        source_id = await store.closing_id(tx, wanted.month)
        assert source_id is not None, "a month that is paid is closed"
        await book.remit(tx, source_id, wanted.month, wanted.amount_fen)
        tx.emit(MonthRemitted(month=wanted.month, amount_fen=wanted.amount_fen))


REQUESTS = RemittanceRequests()


class RemittanceApproval(Approval[Remittance]):
    """Serves approvals of kind `tax_remittance`."""

    kind = REQUESTS.kind
    requests = REQUESTS

    async def effects(self, tx: Tx, wanted: Remittance) -> Simulation:
        """What is payable for the month, now and after."""
        now = await book.open_fen(tx, wanted.month)
        row = SimulationRow(
            key="payable", label="应交税款余额", label_en="Tax payable", unit="fen", before=now,
            after=now - wanted.amount_fen,
        )  # fmt: skip
        return Simulation(rows=(row,))

    async def checks(self, tx: Tx, wanted: Remittance) -> list[Check]:
        """The ledger owes just this (rule T2)."""
        same = await book.open_fen(tx, wanted.month) == wanted.amount_fen
        return [
            Check(
                rule="T2",
                verdict=CheckVerdict.PASS if same else CheckVerdict.FAIL,
                detail="与账面应交税款一致" if same else "与账面应交税款不一致",
                detail_en="Equals what the ledger owes" if same else "Differs from what the ledger owes",
            )
        ]


async def ask_remittance(tx: Tx, month: date, paid_on: date, reference: str, reason: str) -> UUID:
    """Enter the payment of a closed month, of all that is payable for it; another person decides.

    Raises `MonthUnknown`, `RemittanceUnfit`, `RemittanceOpen`, `audit.ReasonMissing`.
    """
    amount_fen = (await totals(tx, month)).tax_fen
    await book.book_month(tx, month)
    wanted = Remittance(month=month, paid_on=paid_on, reference=reference.strip(), amount_fen=amount_fen)
    return await REQUESTS.ask(tx, wanted, reason)
