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
from huoke.know.customers import FixedColumn, Import, ImportStatus, Look, NewImport, Proposal, read_layout

app = App(name="import")
app.command(import_events, name="events")
FILE_KEPT = timedelta(days=7)
PIECE_BYTES = 1 << 20

File = Annotated[Path | None, Parameter(help="CSV (plain or gzip), Excel, Parquet; fixed width with --layout.")]


@app.default
def import_(
    file: File = None,
    *,
    bank: Bank,
    as_: As,
    mapping: Annotated[str, Parameter(help="A mapping as a JSON file, or the name of a saved one.")] = "",
    dry_run: Annotated[bool, Parameter(negative="", help="Read and report, write nothing.")] = False,
    propose: Annotated[bool, Parameter(negative="", help="Print a mapping to start from, and stop.")] = False,
    sheet: Annotated[str, Parameter(help="Excel: the sheet's name; the first one when it is not said.")] = "",
    layout: Annotated[Path | None, Parameter(help="Fixed width: a file of lines 'column,width in bytes'.")] = None,
    entity: Annotated[str, Parameter(help="What the rows are, for --propose: customers, account, …")] = "customers",
    database: Annotated[str, Parameter(help="Instead of FILE: a database of the bank by its name.")] = "",
    query: Annotated[str, Parameter(help="The SELECT to put to it, every column named.")] = "",
    rejects: Annotated[Path | None, Parameter(help="Where to write refused rows as CSV.")] = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="Print the report as JSON.")] = False,
) -> None:
    """Import FILE, or the answer of a query, as customers of a bank; refused rows are listed with line, cause and mend.

    The same file with the same mapping again does nothing; an import that was cut short goes on where it stood.
    """
    columns = read_layout(layout.read_text("utf-8-sig")) if layout else ()
    if bool(database) != bool(query) or (file is None) != bool(database):
        raise Invalid("Give a FILE, or --database with its --query.", pointer="/file")
    source = Bring(file=file, database=database, query=query)
    if propose:
        proposal = run(_propose(source, bank, as_, Look(entity=entity, sheet=sheet, layout=columns)))
        print(msgspec.json.format(msgspec.json.encode(proposal.mapping), indent=2).decode())
        return
    if not mapping:
        raise Invalid(
            "Say how to read the file with --mapping; --propose prints one to start from.", pointer="/mapping"
        )
    way = Way(mapping=mapping, sheet=sheet, layout=columns, dry_run=dry_run)
    found = run(_import(source, bank, as_, way, rejects=rejects))
    if as_json:
        print(msgspec.json.encode(found).decode())
    else:
        _show(found)
    if found.status is not ImportStatus.DONE:
        sys.exit(2)


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is to be read, as the command line says it."""

    mapping: str
    sheet: str
    layout: tuple[FixedColumn, ...]
    dry_run: bool


class Bring(msgspec.Struct, frozen=True, kw_only=True):
    """Where the rows are: a file of this machine, or a query to a database of the bank."""

    file: Path | None
    database: str
    query: str


async def _propose(source: Bring, bank: str, login: str, look: Look) -> Proposal:
    async with open_session(bank, login) as session:
        session.require("customer.import")
        if source.file is None:
            file_id = await _asked(session, source)
            return await customers.propose(session.runtime.database, session.principal.tenant, file_id, look)
        async with session.begin() as tx:
            known = {attribute.name: attribute for attribute in await customers.list_attributes(tx)}
        _opened(source.file).close()
        return await asyncio.to_thread(customers.propose_for, customers.LocalSource(source.file), known, look)


async def _asked(session: Session, source: Bring) -> files.FileId:
    """Put the query and say which file holds its answer."""
    runtime, principal = session.runtime, session.principal
    async with session.begin() as tx:
        known = {one.name: one.id for one in await customers.list_databases(tx)}
        if source.database not in known:
            raise Invalid(f"There is no database '{source.database}'.", pointer="/database")
        wanted = customers.NewExtract(database_id=known[source.database], query=source.query)
        extract_id = await customers.ask(tx, wanted, announce=False)
    answer = await customers.run_extract(
        runtime.database,
        principal.tenant,
        extract_id,
        customers.allowed_of(runtime.settings.import_addresses),
        actor=principal.actor,
    )
    if answer.file_id is None:
        raise Invalid(answer.refusal.detail if answer.refusal else "The query was cancelled.", pointer="/query")
    return files.FileId(answer.file_id)


async def _uploaded(session: Session, file: Path) -> files.FileId:
    runtime, principal = session.runtime, session.principal
    return await files.upload(
        runtime.database,
        principal.tenant,
        principal.actor,
        file.name,
        "application/octet-stream",
        _pieces(file),
        runtime.clock.now() + FILE_KEPT,
    )


async def _import(source: Bring, bank: str, login: str, way: Way, *, rejects: Path | None) -> Import:
    async with open_session(bank, login) as session:
        session.require("customer.import")
        runtime, principal = session.runtime, session.principal
        file_id = await _asked(session, source) if source.file is None else await _uploaded(session, source.file)
        new = await _new_import(session, file_id, way)
        async with session.begin() as tx:
            import_id = await customers.start(tx, new, announce=False)
        with _progress() as bar:
            task = bar.add_task("Trying" if way.dry_run else "Importing", total=None)

            async def progress(done: int, total: int) -> bool:
                bar.update(task, completed=done, total=total)
                return True

            found = await customers.run_import(
                runtime.database,
                principal.tenant,
                import_id,
                actor=principal.actor,
                progress=progress,
                clickhouse=runtime.clickhouse,
            )
        if rejects is not None and found.rejects_file_id is not None:
            await _write_rejects(session, found, rejects)
        return found


async def _new_import(session: Session, file_id: files.FileId, way: Way) -> NewImport:
    path = Path(way.mapping)
    read: dict[str, Any]
    if await asyncio.to_thread(path.exists):
        try:
            read = msgspec.json.decode(await asyncio.to_thread(path.read_bytes), type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise Invalid(f"{way.mapping} is no JSON object: {error}.", pointer="/mapping") from None
    else:
        async with session.begin() as tx:
            read = await customers.saved_mapping(tx, way.mapping)
    if way.sheet:
        read["sheet"] = way.sheet
    if way.layout:
        read["layout"] = msgspec.to_builtins(way.layout)
    return NewImport(file_id=file_id, mapping=read, dry_run=way.dry_run)


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
        is_ = f"{column.to.value} {column.name}" if column.to in ("attribute", "field") else column.to.value
        counts = (f"{number:,}" for number in (column.filled, column.empty, column.refused, column.distinct))
        table.add_row(column.column, is_, *counts, column.minimum or "", column.maximum or "")
    console.print(table)
    for warned in found.report.warnings:
        console.print(f"{warned.column}: {warned.cells:,} cells. {warned.mend}")
    for error in found.report.errors[:20]:
        console.print(f"line {error.line}, {error.column or 'row'}: {error.cause}. {error.mend}")
    if found.rows_refused > len(found.report.errors[:20]):
        console.print("More in the reject file: --rejects FILE writes it.")
