"""`huoke rebuild`: make ClickHouse new from the truth, stream by stream, and say whether the two are equal."""

import asyncio
import sys
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from huoke.app.cli.printing import stdout
from huoke.app.cli.session import run
from huoke.app.runtime import Runtime, open_runtime
from huoke.app.worker import streams
from huoke.govern import tenants
from huoke.kernel import archives, log
from huoke.kernel import settings as instance
from huoke.kernel.archives import Compared
from huoke.kernel.refusals import NotFound, Outage

app = App(name="rebuild", help="Make ClickHouse new from PostgreSQL and the archives.")

PATIENCE_SECONDS = 600.0
LOOK_SECONDS = 1.0


class StreamUnknown(NotFound):
    """Nothing is shipped under that name."""

    code = "rebuild.stream_unknown"


@app.command
def clickhouse(
    *names: Annotated[str, Parameter(help="Streams, such as event or grant_step; all when not given.")],
    check: Annotated[bool, Parameter(negative="", help="Change nothing, only compare.")] = False,
    wait: Annotated[bool, Parameter(help="Wait until it is filled again, and compare.")] = True,
) -> None:
    """Drop what ClickHouse holds of the named streams; the worker fills them again from the log and the archives.

    Nothing is lost: ClickHouse holds only what PostgreSQL and its archives can tell again. Ends with the rows of each
    stream and bank on both sides, and with exit code 1 when they differ.
    """
    differing = run(_rebuild(names, check=check, wait=wait))
    if differing:
        sys.exit(1)


async def _rebuild(names: tuple[str, ...], *, check: bool, wait: bool) -> int:
    known = {stream.name: stream for stream in streams()}
    if unknown := sorted(set(names) - set(known)):
        raise StreamUnknown(f"There is no stream '{unknown[0]}'; choose from {', '.join(known)}.")
    wanted = [known[name] for name in names or known]
    async with open_runtime(instance.load(), maintenance=True, connections_max=4) as runtime:
        assert runtime.feed is not None
        if not check:
            shipper = log.Shipper(runtime.feed, runtime.clickhouse, wanted)
            for stream in wanted:
                await shipper.rebuild(stream)
                Console(stderr=True).print(f"{stream.name} will be filled again from the beginning.")
            if not wait:
                return 0
            await fill(runtime, wanted)
        found = await archives.compare(runtime.feed, runtime.clickhouse, wanted)
    _show(found)
    return sum(not one.equal for one in found)


async def fill(runtime: Runtime, wanted: list[log.Stream]) -> None:
    """Wait for the worker's shipper to come to an end of the log, bring the archives in, and wait for the last rows.

    `Outage` when that takes over ten minutes: the worker does not run, or does not get on.
    """
    assert runtime.feed is not None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await _resets(runtime, wanted):  # noqa: ASYNC110 - another process drops them
                await asyncio.sleep(LOOK_SECONDS)
            for bank in await tenants.every(runtime.database):
                await archives.ship(runtime.database, runtime.clickhouse, bank.id, wanted)
            await log.shipped_past(runtime.feed, runtime.clickhouse, wanted, timeout_seconds=PATIENCE_SECONDS)
    except TimeoutError:
        raise Outage("The worker did not fill ClickHouse within ten minutes; is it running? See its log.") from None


async def _resets(runtime: Runtime, wanted: list[log.Stream]) -> bool:
    """Whether a table still waits to be dropped."""
    shipments = [await log.read_shipment(runtime.clickhouse, stream.name) for stream in wanted]
    return any(shipment is not None and shipment.state == "reset" for shipment in shipments)


def _show(found: list[Compared]) -> None:
    table = Table("Stream", "Bank", "Truth", "ClickHouse", "")
    for one in found:
        word = "equal" if one.equal else f"[red]{one.clickhouse - one.truth:+,}[/red]"
        table.add_row(one.stream, str(one.tenant), f"{one.truth:,}", f"{one.clickhouse:,}", word)
    stdout().print(table)
