"""`huoke import events`: bring events from a file, as history or from a system that does not send them one by one."""

import csv
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from huoke.app.cli.printing import stdout
from huoke.app.cli.session import As, Bank, open_session, run
from huoke.know import events
from huoke.know.customers import LocalSource
from huoke.know.events import FileLoaded, Flaw

SHOWN_MAX = 10


def import_events(
    file: Annotated[Path, Parameter(help="A .csv, .ndjson or .jsonl file, also .gz; or .parquet.")],
    *,
    bank: Bank,
    as_: As,
    rejects: Annotated[Path | None, Parameter(help="Where to write refused rows as CSV.")] = None,
    timezone: Annotated[str, Parameter(help="Of times that name none.")] = "Asia/Shanghai",
) -> None:
    """Import FILE as events of a bank's customers; refused rows are listed with row and cause.

    Columns: customer_no, event, timestamp; where wanted message_id, amount_fen, entry_code; every other is a property.
    The same file, or the same message ids, again are duplicates.
    """
    flaws: list[Flaw] = []
    found = run(_import(file, bank, as_, timezone, flaws))
    _show(found, flaws)
    if rejects is not None:
        with rejects.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(("row", "code", "detail"))
            writer.writerows((flaw.row, flaw.code, flaw.detail) for flaw in flaws)
    if found.refused and not found.loaded and not found.duplicate:
        sys.exit(2)


async def _import(file: Path, bank: str, login: str, timezone: str, flaws: list[Flaw]) -> FileLoaded:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    async with open_session(bank, login) as session:
        session.require("event.write")
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Importing events", total=None)

            async def progress(so_far: FileLoaded) -> bool:
                bar.update(task, completed=so_far.read)
                return True

            return await events.load_file(
                session.runtime.database,
                session.runtime.clickhouse,
                session.principal.tenant,
                LocalSource(file),
                timezone=timezone,
                progress=progress,
                reject=lambda found, _rows, _start: flaws.extend(found),
            )


def _show(found: FileLoaded, flaws: list[Flaw]) -> None:
    console = stdout()
    console.print(
        f"Read {found.read:,} rows: {found.loaded:,} loaded, {found.duplicate:,} there before,"
        f" {found.refused:,} refused."
    )
    for flaw in flaws[:SHOWN_MAX]:
        console.print(f"row {flaw.row}: {flaw.code}. {flaw.detail}")
    if len(flaws) > SHOWN_MAX:
        console.print("More with --rejects FILE.")
