"""`huoke statement`: make, show, confirm, reverse and export supplier statements."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from cyclopts import App, Parameter
from rich.table import Table

from huoke.app.cli.names import supplier_of
from huoke.app.cli.printing import stdout, whole
from huoke.app.cli.session import As, Bank, open_session, run
from huoke.kernel.money import format_yuan
from huoke.settle import statements
from huoke.settle.statements import ExportFile, ExportFormat, NewStatement, Statement, StatementRow

app = App(name="statement", help="Make and export supplier statements.")

Id = Annotated[UUID, Parameter(help="The statement's id.")]
Day = Annotated[datetime, Parameter(help="A day, such as 2026-03-01.")]
Reason = Annotated[str, Parameter(help="Why, in 2 to 500 characters; it stands in the audit trail.")]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]


@app.command
def create(
    supplier: Annotated[str, Parameter(help="The supplier's id or code.")],
    since: Day,
    until: Day,
    *,
    bank: Bank,
    as_: As,
) -> None:
    """Make a draft statement of SUPPLIER for the days from SINCE to UNTIL, both included, and print its id."""
    print(run(_create(supplier, since, until, bank, as_)))


@app.command(name="list")
def list_(*, bank: Bank, as_: As, as_json: AsJson = False) -> None:
    """The latest statements."""
    rows = run(_list(bank, as_))
    if as_json:
        print(msgspec.json.encode(rows).decode())
        return
    table = Table(whole("Id"), "Number", "Supplier", "State", "Quantity", "Amount (CNY)")
    for row in rows:
        amount = format_yuan(row.amount_fen)
        table.add_row(str(row.id), row.number, row.supplier, row.state, f"{row.quantity:,}", amount)
    stdout().print(table)


@app.command
def show(statement: Id, *, bank: Bank, as_: As, as_json: AsJson = False) -> None:
    """STATEMENT line by line, with what the ledger says."""
    found = run(_show(statement, bank, as_))
    if as_json:
        print(msgspec.json.encode(found).decode())
        return
    table = Table(
        "Campaign", "Benefit", "Quantity", "Unit cost", "Amount (CNY)", title=f"{found.number} ({found.state})"
    )
    for line in found.lines:
        cost, amount = format_yuan(line.unit_cost_fen), format_yuan(line.amount_fen)
        if line.difference_id is None:
            table.add_row(line.campaign, line.title, f"{line.quantity:,}", cost, amount)
        else:
            table.add_row(statements.difference_of(line, "en"), line.title, "", "", amount)
    table.add_row("Total", "", f"{found.quantity:,}", "", format_yuan(found.amount_fen))
    console = stdout()
    console.print(table)
    console.print(f"The ledger says {format_yuan(found.ledger_fen)} for the same period.")
    console.print(
        f"Drawn from prepayment {format_yuan(found.prepaid_fen)}, still payable {format_yuan(found.payable_fen)}."
    )


@app.command
def confirm(statement: Id, *, bank: Bank, as_: As) -> None:
    """Confirm STATEMENT; its maker cannot."""
    print(run(_confirm(statement, bank, as_)))


@app.command
def reverse(statement: Id, *, bank: Bank, as_: As, reason: Reason) -> None:
    """Take STATEMENT back; its period is free again."""
    print(run(_reverse(statement, bank, as_, reason)))


@app.command
def export(
    statement: Id,
    *,
    bank: Bank,
    as_: As,
    format_: Annotated[ExportFormat, Parameter(name="--format", help="A workbook or text.")] = ExportFormat.XLSX,
    lang: Annotated[Literal["zh", "en"], Parameter(help="Language of the headings.")] = "zh",
    out: Annotated[Path | None, Parameter(help="A file or folder; the present folder when not given.")] = None,
) -> None:
    """Write STATEMENT as a file and print its path."""
    file = run(_export(statement, bank, as_, format_, lang))
    target = out or Path()
    path = target / file.name if target.is_dir() else target
    path.write_bytes(file.content)
    print(path)


async def _create(supplier: str, since: datetime, until: datetime, bank: str, login: str) -> UUID:
    async with open_session(bank, login) as session, session.begin("statement.write") as tx:
        new = NewStatement(supplier_id=await supplier_of(tx, supplier), since_on=since.date(), until_on=until.date())
        return await statements.create(tx, new)


async def _list(bank: str, login: str) -> list[StatementRow]:
    async with open_session(bank, login) as session, session.begin("statement.read") as tx:
        return await statements.find(tx, session.principal)


async def _show(statement_id: UUID, bank: str, login: str) -> Statement:
    async with open_session(bank, login) as session, session.begin("statement.read") as tx:
        return await statements.get(tx, session.principal, statement_id)


async def _confirm(statement_id: UUID, bank: str, login: str) -> str:
    async with open_session(bank, login) as session, session.begin("statement.write") as tx:
        await statements.confirm(tx, statement_id)
        return (await statements.get(tx, session.principal, statement_id)).state.value


async def _reverse(statement_id: UUID, bank: str, login: str, reason: str) -> str:
    async with open_session(bank, login) as session, session.begin("statement.write") as tx:
        await statements.reverse(tx, statement_id, reason)
        return (await statements.get(tx, session.principal, statement_id)).state.value


async def _export(statement_id: UUID, bank: str, login: str, file_format: ExportFormat, lang: str) -> ExportFile:
    async with open_session(bank, login) as session, session.begin("statement.read") as tx:
        found = await statements.get(tx, session.principal, statement_id)
    return statements.export(found, file_format, lang)
