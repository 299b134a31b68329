"""`huoke import`: bring customers from a file, try it without effects, or propose how to read it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from huoke.app.cli.import_events import import_events
from huoke.app.cli.printing import stdout
from huoke.app.cli.session import As, Bank, Session, open_session, run
from huoke.kernel import files
from huoke.kernel.refusals import Invalid
from huoke.know import customers
from huoke.know.customers import Import, ImportStatus, NewImport, Proposal

app = App(name="import")
app.command(import_events, name="events")
FILE_KEPT = timedelta(days=7)
PIECE_BYTES = 1 << 20
LOOKED_AT_BYTES = 4 << 20

File = Annotated[Path, Parameter(help="A CSV file, plain or gzip.")]


@app.default
def import_(
    file: File,
    *,
    bank: Bank,
    as_: As,
    mapping: Annotated[str, Parameter(help="A mapping as a JSON file, or the name of a saved one.")] = "",
    dry_run: Annotated[bool, Parameter(negative="", help="Read and report, write nothing.")] = False,
    propose: Annotated[bool, Parameter(negative="", help="Print a mapping to start from, and stop.")] = False,
    rejects: Annotated[Path | None, Parameter(help="Where to write refused rows as CSV.")] = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="Print the report as JSON.")] = False,
) -> None:
    """Import FILE as customers of a bank; refused rows are listed with line, cause and mend.

    The same file with the same mapping again does nothing; an import that was cut short goes on where it stood.
    """
    if propose:
        proposal = run(_propose(file, bank, as_))
        print(msgspec.json.format(msgspec.json.encode(proposal.mapping), indent=2).decode())
        return
    if not mapping:
        raise Invalid(
            "Say how to read the file with --mapping; --propose prints one to start from.", pointer="/mapping"
        )
    found = run(_import(file, bank, as_, mapping, dry_run=dry_run, rejects=rejects))
    if as_json:
        print(msgspec.json.encode(found).decode())
    else:
        _show(found)
    if found.status is not ImportStatus.DONE:
        sys.exit(2)


async def _propose(file: Path, bank: str, login: str) -> Proposal:
    async with open_session(bank, login) as session, session.begin("customer.import") as tx:
        known = {attribute.name: attribute for attribute in await customers.list_attributes(tx)}
        with _opened(file) as source:
            return customers.propose_for(source.read(LOOKED_AT_BYTES), known)


async def _import(file: Path, bank: str, login: str, mapping: str, *, dry_run: bool, rejects: Path | None) -> Import:
    async with open_session(bank, login) as session:
        session.require("customer.import")
        runtime, principal = session.runtime, session.principal
        file_id = await files.upload(
            runtime.database,
            principal.tenant,
            principal.actor,
            file.name,
            "text/csv",
            _pieces(file),
            runtime.clock.now() + FILE_KEPT,
        )
        new = await _new_import(file_id, mapping, dry_run=dry_run)
        async with session.begin() as tx:
            import_id = await customers.start(tx, new, announce=False)
        with _progress() as bar:
            task = bar.add_task("Trying" if dry_run else "Importing", total=None)

            async def progress(done: int, total: int) -> bool:
                bar.update(task, completed=done, total=total)
                return True

            found = await customers.run_import(
                runtime.database, principal.tenant, import_id, actor=principal.actor, progress=progress
            )
        if rejects is not None and found.rejects_file_id is not None:
            await _write_rejects(session, found, rejects)
        return found


async def _new_import(file_id: files.FileId, mapping: str, *, dry_run: bool) -> NewImport:
    path = Path(mapping)
    if not await asyncio.to_thread(path.exists):
        return NewImport(file_id=file_id, mapping_name=mapping, dry_run=dry_run)
    try:
        read: dict[str, Any] = msgspec.json.decode(await asyncio.to_thread(path.read_bytes), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Invalid(f"{mapping} is no JSON object: {error}.", pointer="/mapping") from None
    return NewImport(file_id=file_id, mapping=read, dry_run=dry_run)


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with _opened(file) as source:
        while piece := await asyncio.to_thread(source.read, PIECE_BYTES):
            yield piece


def _opened(file: Path) -> Any:
    try:
        return file.open("rb")
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}.", pointer="/file") from None


async def _write_rejects(session: Session, found: Import, path: Path) -> None:
    async with session.begin() as tx:
        file_id = await customers.rejects_file(tx, found.id)
        body = b"".join([piece async for piece in files.open(tx, file_id)])
    await asyncio.to_thread(path.write_bytes, body)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _show(found: Import) -> None:
    console = stdout()
    if found.refusal:
        console.print(f"Refused {found.refusal.detail}")
        return
    word = "Tried" if found.dry_run else "Imported"
    console.print(
        f"{word} {found.rows_read:,} rows: {found.rows_added:,} new, {found.rows_changed:,} changed,"
        f" {found.rows_same:,} the same, {found.rows_refused:,} refused."
    )
    if found.report is None:
        return
    table = Table("Column", "Is", "Filled", "Empty", "Refused", "Distinct", "From", "To")
    for column in found.report.columns:
        is_ = f"attribute {column.name}" if column.to == "attribute" else column.to.value
        counts = (f"{number:,}" for number in (column.filled, column.empty, column.refused, column.distinct))
        table.add_row(column.column, is_, *counts, column.minimum or "", column.maximum or "")
    console.print(table)
    for error in found.report.errors[:20]:
        console.print(f"line {error.line}, {error.column or 'row'}: {error.cause}. {error.mend}")
    if found.rows_refused > len(found.report.errors[:20]):
        console.print("More in the reject file: --rejects FILE writes it.")
