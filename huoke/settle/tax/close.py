"""Closing a month: one person asks with the totals, another decides on the same totals; later records correct it."""

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
from huoke.settle.tax import store, tables
from huoke.settle.tax.book import book_month
from huoke.settle.tax.model import Closing, MonthClosed, MonthOpen, MonthUnfit, MonthUnknown, month_of


class ClosingRequests(Once[Closing]):
    """Months to be closed; each once."""

    kind = "tax_month"
    table = tables.closing
    shape = Closing
    group = "money"
    action = "tax.close"
    subject_kind = "tax_month"
    open = MonthOpen
    unfit = MonthUnfit
    pointer = "/month"

    async def title(self, tx: Tx, wanted: Closing) -> str:
        """The month."""
        del tx
        return f"代扣税款关账 {wanted.month:%Y-%m} · Close tax month {wanted.month:%Y-%m}"

    def asked(self, wanted: Closing) -> dict[str, Any]:
        """The month stands in a column of its own."""
        return {"month": wanted.month, "body": msgspec.to_builtins(wanted)}

    def read(self, row: Record) -> Closing:
        """What was asked for."""
        return msgspec.convert(row["body"], Closing)

    def subject(self, wanted: Closing) -> str:
        """The month."""
        return wanted.month.isoformat()

    async def require_fit(self, tx: Tx, wanted: Closing) -> None:
        """The month is over, and its totals are those that were asked for; `MonthUnfit`, `MonthUnknown`."""
        await store.lock_months(tx, alone=True)
        if wanted.month >= month_of(tx.now.astimezone(CHINA).date()):
            raise MonthUnfit("A month is closed when it is over.", pointer="/month")
        if await totals(tx, wanted.month) != wanted:
            raise MonthUnfit("Something was withheld or taken back meanwhile; ask again.", pointer="/month")

    def diff(self, held: Closing | None, wanted: Closing) -> Sequence[FieldChange]:
        """What is filed."""
        del held
        lines = (
            ("records", "记录数", "Records", wanted.records, "count"),
            ("people", "人数", "Persons", wanted.people, "count"),
            ("base_fen", "计税金额", "Base", wanted.base_fen, "fen"),
            ("tax_fen", "代扣税额", "Tax", wanted.tax_fen, "fen"),
        )
        return [
            FieldChange(path=path, label=zh, label_en=en, before=None, after=value, unit=unit, group=self.group)
            for path, zh, en, value, unit in lines
        ]

    def event(self, request_id: UUID) -> None:
        """Told by `enact`, which knows the month."""

    async def enact(self, tx: Tx, wanted: Closing) -> None:
        """Tell that it is closed."""
        tx.emit(MonthClosed(month=wanted.month, tax_fen=wanted.tax_fen))


REQUESTS = ClosingRequests()


class MonthApproval(Approval[Closing]):
    """Serves approvals of kind `tax_month`."""

    kind = REQUESTS.kind
    requests = REQUESTS

    async def effects(self, tx: Tx, wanted: Closing) -> Simulation:
        """What would be filed now."""
        now = await totals(tx, wanted.month)
        row = SimulationRow(
            key="tax", label="代扣税额", label_en="Tax withheld", unit="fen", before=wanted.tax_fen, after=now.tax_fen
        )
        return Simulation(rows=(row,))

    async def checks(self, tx: Tx, wanted: Closing) -> list[Check]:
        """The totals are still the same (rule T2)."""
        same = await totals(tx, wanted.month) == wanted
        return [
            Check(
                rule="T2",
                verdict=CheckVerdict.PASS if same else CheckVerdict.FAIL,
                detail="合计与申请时一致" if same else "申请之后有新的记录，请重新申请",
                detail_en="Totals are those asked for" if same else "There are new records; ask again",
            )
        ]


async def ask(tx: Tx, month: date, reason: str) -> UUID:
    """Ask to close a month with the totals it has now; returns the request's id.

    Raises `MonthUnknown`, `MonthUnfit` (not over, or closed already), `MonthOpen`, `audit.ReasonMissing`.
    """
    await store.lock_months(tx, alone=True)
    if month in await store.taken_months(tx):
        raise MonthUnfit("The month is closed, or waits to be.", pointer="/month")
    wanted = await totals(tx, month)
    await book_month(tx, month)
    return await REQUESTS.ask(tx, wanted, reason)


async def totals(tx: Tx, month: date) -> Closing:
    """A month's totals; `MonthUnknown` where it has none."""
    rows = await store.months(tx, month, None)
    if not rows:
        raise MonthUnknown("Nothing was withheld in that month.")
    [row] = rows
    return Closing(**{name: row[name] for name in Closing.__struct_fields__})
