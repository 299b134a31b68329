"""The set-server process: `python -m huoke.kernel.sets.server SOCKET [--bytes-max N]`.

Sets take memory and processors; here they hold nobody's requests up. One process, sets of all banks by (bank, key).
The loops are compiled, or loaded from where they are kept, before the socket appears. It keeps nothing on disk: a
restarted server is filled again by its callers. It fetches sets from the instance's ClickHouse itself, so that their
bytes never pass through its callers.
"""

import argparse
import asyncio
import os
import signal
import socket
from contextlib import suppress
from pathlib import Path

import uvloop

from huoke.kernel.refusals import Outage
from huoke.kernel.sets.answer import Answerer
from huoke.kernel.sets.cache import BYTES_MAX, SetCache
from huoke.kernel.sets.evaluate import make_ready
from huoke.kernel.sets.wire import BUFFER_BYTES, read_frame, write_frame
from huoke.kernel.settings import load


async def serve(path: Path, bytes_max: int = BYTES_MAX, *, stop: asyncio.Event | None = None) -> None:
    """Listen on a Unix socket (mode 0600) until `stop` is set or the process is told to end."""
    stop = stop or asyncio.Event()
    make_ready()
    answerer = Answerer(SetCache(bytes_max), _clickhouse_url())

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while frame := await read_frame(reader):
                await write_frame(writer, await answerer.answer(frame))
        writer.close()

    server = await asyncio.start_unix_server(talk, sock=_listen(path), limit=BUFFER_BYTES)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with server:
        await stop.wait()


def _clickhouse_url() -> str:
    with suppress(Outage):
        return os.environ.get("CLICKHOUSE_URL") or load().clickhouse_url
    return ""


def _listen(path: Path) -> socket.socket:
    """A socket that appears at `path` only once it takes connections."""
    draft = path.with_name(f"{path.name[:-1]}~")  # no longer than the path itself, which may be at its limit
    draft.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    earlier = os.umask(0o177)
    try:
        listening.bind(str(draft))
    finally:
        os.umask(earlier)
    listening.listen(128)
    draft.replace(path)
    return listening


def main() -> None:
    """Run the server until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description="Holds customer sets in memory and combines them.")
    parser.add_argument("path", type=Path, help="Unix socket to listen on")
    parser.add_argument("--bytes-max", type=int, default=BYTES_MAX, help="cap on the bytes of sets held")
    chosen = parser.parse_args()
    uvloop.run(serve(chosen.path, chosen.bytes_max))


if __name__ == "__main__":
    main()
