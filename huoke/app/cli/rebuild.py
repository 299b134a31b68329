"""`huoke rebuild`: make ClickHouse new from PostgreSQL, stream by stream."""

import asyncio
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console

from huoke.app.runtime import open_runtime
from huoke.app.worker import streams
from huoke.kernel import log
from huoke.kernel import settings as instance
from huoke.kernel.refusals import NotFound

app = App(name="rebuild")


class StreamUnknown(NotFound):
    """Nothing is shipped under that name."""

    code = "rebuild.stream_unknown"


@app.default
def rebuild(*names: Annotated[str, Parameter(help="Streams, such as grant_step; all when not given.")]) -> None:
    """Make ClickHouse new: drop what it holds of the named streams; the worker fills them again from PostgreSQL.

    Nothing is lost: ClickHouse holds only what PostgreSQL can tell again.
    """
    asyncio.run(_rebuild(names))


async def _rebuild(names: tuple[str, ...]) -> None:
    known = [stream.name for stream in streams()]
    if unknown := sorted(set(names) - set(known)):
        raise StreamUnknown(f"There is no stream '{unknown[0]}'; choose from {', '.join(known)}.")
    async with open_runtime(instance.load(), maintenance=True, connections_max=4) as runtime:
        assert runtime.feed is not None
        shipper = log.Shipper(runtime.feed, runtime.clickhouse, streams())
        for stream in streams():
            if not names or stream.name in names:
                await shipper.rebuild(stream)
                Console().print(f"{stream.name} will be filled again from the beginning.")
