"""The set-server process: `python -m huoke.kernel.sets.server SOCKET [--bytes-max N]`.

Bitmap work holds Python's interpreter lock for milliseconds; here it holds nobody's requests up. One process, one
thread, sets of all banks by (bank, key). It keeps nothing on disk: a restarted server is filled again by its callers.
"""

import argparse
import asyncio
import os
import signal
import socket
from contextlib import suppress
from pathlib import Path

import msgspec

from huoke.kernel.ids import TenantId
from huoke.kernel.sets.cache import BYTES_MAX, Absent, SetCache
from huoke.kernel.sets.wire import Drop, Evaluate, Missing, Put, Reply, Request, read_frame, write_frame

_decoder = msgspec.msgpack.Decoder(Request)


async def serve(path: Path, bytes_max: int = BYTES_MAX, *, stop: asyncio.Event | None = None) -> None:
    """Listen on a Unix socket (mode 0600) until `stop` is set or the process is told to end."""
    stop = stop or asyncio.Event()
    cache = SetCache(bytes_max)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while frame := await read_frame(reader):
                await write_frame(writer, answer(cache, frame))
        writer.close()

    server = await asyncio.start_unix_server(talk, sock=_listen(path))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with server:
        await stop.wait()


def _listen(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    earlier = os.umask(0o177)
    try:
        listening.bind(str(path))
    finally:
        os.umask(earlier)
    return listening


def answer(cache: SetCache, frame: bytes) -> Reply:
    """What the cache says to one request frame."""
    try:
        match _decoder.decode(frame):
            case Missing(tenant=tenant, keys=wanted):
                return Reply(absent=tuple(cache.missing(TenantId(tenant), wanted)))
            case Put(tenant=tenant, sets=sets):
                cache.put(TenantId(tenant), sets)
            case Drop(tenant=tenant, keys=dropped):
                cache.drop(TenantId(tenant), dropped)
            case Evaluate(tenant=tenant, plan=plan, want=want):
                found = cache.evaluate(TenantId(tenant), plan, want)
                members = found.members.to_bytes() if found.members else None
                return Reply(total=found.total, counts=found.counts, members=members, sample=found.sample)
    except Absent as absent:
        return Reply(absent=absent.keys)
    except (AssertionError, ValueError, TypeError, msgspec.MsgspecError) as error:
        return Reply(error=f"{type(error).__name__}: {error}")
    return Reply()


def main() -> None:
    """Run the server until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description="Holds customer sets in memory and combines them.")
    parser.add_argument("path", type=Path, help="Unix socket to listen on")
    parser.add_argument("--bytes-max", type=int, default=BYTES_MAX, help="cap on the bytes of sets held")
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.path, chosen.bytes_max))


if __name__ == "__main__":
    main()
