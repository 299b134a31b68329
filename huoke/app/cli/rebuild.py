"""`huoke rebuild`: make ClickHouse new from PostgreSQL, stream by stream."""

import asyncio

from cyclopts import App
from rich.console import Console

from huoke.app.runtime import open_runtime
from huoke.app.worker import streams
from huoke.kernel import log
from huoke.kernel import settings as instance

app = App(name="rebuild", help="Make ClickHouse new from PostgreSQL.")


@app.default
def rebuild(*names: str) -> None:
    """Drop what ClickHouse holds of the named streams (all when none is named); the worker fills them again.

    Nothing is lost: ClickHouse holds only what PostgreSQL can tell again.
    """
    asyncio.run(_rebuild(names))


async def _rebuild(names: tuple[str, ...]) -> None:
    async with open_runtime(instance.load(), maintenance=True, connections_max=4) as runtime:
        assert runtime.feed is not None
        shipper = log.Shipper(runtime.feed, runtime.clickhouse, streams())
        for stream in streams():
            if not names or stream.name in names:
                await shipper.rebuild(stream)
                Console().print(f"{stream.name} will be filled again from the beginning.")
