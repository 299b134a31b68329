"""Tax on prizes (rules T1, T2): withheld when a random prize is received, taken back with it, closed and filed monthly.

await tax.record(tx, offer_id, seqs)                 records follow grants; a batch, as often as one likes
request_id = await tax.ask(tx, month, "按月申报")      another person decides on the same totals
content = await tax.file(tx, month)                  names and id documents in clear, noted in the trail
"""

from huoke.settle.tax.close import MonthApproval, ask
from huoke.settle.tax.filing import file
from huoke.settle.tax.model import (
    Bearer,
    Closing,
    MonthClosed,
    MonthOpen,
    MonthState,
    MonthUnfit,
    MonthUnknown,
    Owed,
    TaxMonth,
    Withholding,
    month_of,
    next_month,
    owed,
)
from huoke.settle.tax.read import find, months
from huoke.settle.tax.record import BEARER, record

__all__ = [
    "BEARER",
    "Bearer",
    "Closing",
    "MonthApproval",
    "MonthClosed",
    "MonthOpen",
    "MonthState",
    "MonthUnfit",
    "MonthUnknown",
    "Owed",
    "TaxMonth",
    "Withholding",
    "ask",
    "file",
    "find",
    "month_of",
    "months",
    "next_month",
    "owed",
    "record",
]
