"""`huoke archive`: months of the log that were closed, and history that was loaded."""

import re
import sys
from datetime import date
from typing import Annotated

from cyclopts import App, Parameter
from rich.table import Table

from huoke.app.cli.printing import stdout
from huoke.app.cli.session import run
from huoke.app.runtime import open_runtime
from huoke.app.worker import closing_of, streams
from huoke.govern import tenants
from huoke.kernel import archives
from huoke.kernel import settings as instance
from huoke.kernel.archives import Archive, Closed, MonthOpen
from huoke.kernel.ids import TenantId
from huoke.kernel.log import Verdict
from huoke.kernel.refusals import Invalid

app = App(name="archive", help="Months of the log that were closed, and history that was loaded.")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@app.command(name="list")
def list_() -> None:
    """Every archive of every bank, with its hash."""
    table = Table("Bank", "Month", "Of", "Origin", "Rows", "From", "To", "SHA-256")
    for one in run(_list()):
        ends = (f"{one.first_at:%Y-%m-%d %H:%M}", f"{one.last_at:%Y-%m-%d %H:%M}")
        row = (str(one.tenant), f"{one.month:%Y-%m}", one.source, one.origin, f"{one.rows:,}", *ends)
        table.add_row(*row, one.sha256.hex()[:16])
    stdout().print(table)


@app.command
def close(
    month: Annotated[str, Parameter(help="Such as 2026-01; every month that is due when not given.")] = "",
) -> None:
    """Close a month of the logs now: its rows become archives.

    The worker does it by itself: events of customers a week after their month, the business log when as many whole
    months as HUOKE_LOG_MONTHS says (3) stand behind it.
    """
    closed = run(_close(month))
    for waits in closed.waiting:
        stdout().print(waits.detail)
    stdout().print(f"{len(closed.archives)} archives, {sum(one.rows for one in closed.archives):,} rows.")
    if month and closed.waiting:
        sys.exit(2)


@app.command
def verify() -> None:
    """Read every archive and the whole business log again, and compare with hashes and seals.

    Exit code 1 when an archive is damaged or missing, or a bank's chain of seals does not hold.
    """
    damaged, verdicts = run(_verify())
    for one in damaged:
        stdout().print(f"Bank {one.tenant}, {one.month:%Y-%m}, {one.rows:,} rows: archive {one.id} is damaged.")
    stdout().print("Every archive is as it was written." if not damaged else f"{len(damaged)} damaged.")
    for tenant, verdict in verdicts:
        held = f"{verdict.events:,} events under {verdict.seals:,} seals"
        broken = verdict.broken_seal is not None
        stdout().print(f"Bank {tenant}: {held} hold" + (f", seal {verdict.broken_seal} is broken." if broken else "."))
    if damaged or any(verdict.broken_seal is not None for _, verdict in verdicts):
        sys.exit(1)


async def _list() -> list[Archive]:
    found: list[Archive] = []
    async with open_runtime(instance.load(), connections_max=2) as runtime:
        for bank in await tenants.every(runtime.database):
            async with runtime.database.begin(bank.id) as tx:
                for source in sorted({stream.source for stream in streams() if stream.month_of}):
                    found += await archives.find(tx, source)
    return found


async def _close(text: str) -> Closed:
    month = _MONTH.fullmatch(text)
    if text and month is None:
        raise Invalid(f"'{text[:20]}' is no month; write it as 2026-01.", pointer="/month")
    async with open_runtime(instance.load(), maintenance=True, connections_max=4) as runtime:
        closing = closing_of(runtime)
        if month is None:
            return await archives.close_due(closing)
        closed = Closed([], [])
        for stream in [one for one in closing.streams if one.month_of]:
            try:
                closed.archives.extend(await archives.close(closing, stream, date(int(month[1]), int(month[2]), 1)))
            except MonthOpen as waits:
                closed.waiting.append(waits)
        return closed


async def _verify() -> tuple[list[Archive], list[tuple[TenantId, Verdict]]]:
    damaged: list[Archive] = []
    verdicts: list[tuple[TenantId, Verdict]] = []
    async with open_runtime(instance.load(), maintenance=True, connections_max=2) as runtime:
        assert runtime.feed is not None
        for bank in await tenants.every(runtime.database):
            damaged += await archives.damaged(runtime.database, bank.id, streams())
            verdicts.append((bank.id, await archives.verify(runtime.database, runtime.feed, bank.id)))
    return damaged, verdicts
