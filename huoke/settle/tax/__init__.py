"""Tax on prizes (rules T1, T2): withheld when a random prize is received, taken back with it, closed and filed monthly.

await tax.record(tx, offer_id, seqs)                 records follow grants; a batch, as often as one likes
request_id = await tax.ask(tx, month, "按月申报")      another person decides on the same totals
await tax.ask_remittance(tx, month, day, "…", "…")   paid by two people; the ledger owes nothing for the month then
content = await tax.file(tx, month)                  names and id documents in clear, noted in the trail
"""

from huoke.settle.tax.book import payable
from huoke.settle.tax.close import MonthApproval, ask
from huoke.settle.tax.filing import file
from huoke.settle.tax.model import (
    Bearer,
    Closing,
    Method,
    MonthClosed,
    MonthOpen,
    MonthRemitted,
    MonthState,
    MonthUnfit,
    MonthUnknown,
    Owed,
    Remittance,
    RemittanceOpen,
    RemittanceUnfit,
    TaxMonth,
    Withholding,
    month_of,
    next_month,
    owed,
)
from huoke.settle.tax.read import find, months
from huoke.settle.tax.record import BEARER, METHOD, record
from huoke.settle.tax.remit import RemittanceApproval, ask_remittance

__all__ = [
    "BEARER",
    "METHOD",
    "Bearer",
    "Closing",
    "Method",
    "MonthApproval",
    "MonthClosed",
    "MonthOpen",
    "MonthRemitted",
    "MonthState",
    "MonthUnfit",
    "MonthUnknown",
    "Owed",
    "Remittance",
    "RemittanceApproval",
    "RemittanceOpen",
    "RemittanceUnfit",
    "TaxMonth",
    "Withholding",
    "ask",
    "ask_remittance",
    "file",
    "find",
    "month_of",
    "months",
    "next_month",
    "owed",
    "payable",
    "record",
]
