"""Statements: what a supplier is owed for a period, line by line, equal to the ledger; as CSV and Excel.

statement_id = await statements.create(tx, NewStatement(supplier_id=…, since_on=…, until_on=…))
file = statements.export(await statements.get(tx, principal, statement_id), ExportFormat.XLSX)
"""

from huoke.settle.statements.export import ExportFile, ExportFormat, export
from huoke.settle.statements.make import confirm, create, reverse
from huoke.settle.statements.model import (
    LedgerDiffers,
    NewStatement,
    NothingOwed,
    PeriodTaken,
    PeriodUnfit,
    SamePerson,
    SettledStatement,
    Statement,
    StatementConfirmed,
    StatementCreated,
    StatementLine,
    StatementReversed,
    StatementRow,
    StatementState,
    StatementUnknown,
    WrongState,
)
from huoke.settle.statements.read import count, find, get, settled, standing

__all__ = [
    "ExportFile",
    "ExportFormat",
    "LedgerDiffers",
    "NewStatement",
    "NothingOwed",
    "PeriodTaken",
    "PeriodUnfit",
    "SamePerson",
    "SettledStatement",
    "Statement",
    "StatementConfirmed",
    "StatementCreated",
    "StatementLine",
    "StatementReversed",
    "StatementRow",
    "StatementState",
    "StatementUnknown",
    "WrongState",
    "confirm",
    "count",
    "create",
    "export",
    "find",
    "get",
    "reverse",
    "settled",
    "standing",
]
