"""Statements: what a supplier or merchant is owed for a period, line by line, equal to the ledger; as CSV and Excel.

statement_id = await statements.create(tx, NewStatement(supplier_id=…, since_on=…, until_on=…))
file = statements.export(await statements.get(tx, principal, statement_id), ExportFormat.XLSX)
"""

from huoke.settle.statements.agreement import agree, answer, dispute, pay
from huoke.settle.statements.export import ExportFile, ExportFormat, export
from huoke.settle.statements.make import confirm, create, reverse
from huoke.settle.statements.model import (
    LedgerDiffers,
    NewStatement,
    NotAgreed,
    NothingOwed,
    NotMerchants,
    OwedUnfit,
    PeriodTaken,
    PeriodUnfit,
    ReferenceMissing,
    SamePerson,
    SettledStatement,
    Statement,
    StatementAnswered,
    StatementConfirmed,
    StatementCreated,
    StatementLine,
    StatementPaid,
    StatementReversed,
    StatementRow,
    StatementState,
    StatementUnknown,
    StoreLine,
    StoreLineKind,
    WrongState,
)
from huoke.settle.statements.read import count, find, get, settled, skus_of, standing

__all__ = [
    "ExportFile",
    "ExportFormat",
    "LedgerDiffers",
    "NewStatement",
    "NotAgreed",
    "NotMerchants",
    "NothingOwed",
    "OwedUnfit",
    "PeriodTaken",
    "PeriodUnfit",
    "ReferenceMissing",
    "SamePerson",
    "SettledStatement",
    "Statement",
    "StatementAnswered",
    "StatementConfirmed",
    "StatementCreated",
    "StatementLine",
    "StatementPaid",
    "StatementReversed",
    "StatementRow",
    "StatementState",
    "StatementUnknown",
    "StoreLine",
    "StoreLineKind",
    "WrongState",
    "agree",
    "answer",
    "confirm",
    "count",
    "create",
    "dispute",
    "export",
    "find",
    "get",
    "pay",
    "reverse",
    "settled",
    "skus_of",
    "standing",
]
