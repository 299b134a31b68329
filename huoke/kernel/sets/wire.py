"""What travels between a process and the set server: length-prefixed msgpack frames over a Unix socket.

A frame is 4 bytes of length (little-endian) and one request or reply; requests are answered in order.
"""

import asyncio
from datetime import datetime
from typing import Any

import msgspec

from huoke.kernel.sets.plan import Plan, Want

FRAME_BYTES_MAX = 1 << 31
BUFFER_BYTES = 1 << 24
"""What a stream reads ahead: its default of 64 KiB makes a set of ten million customers slow to hand over."""


_JOINED_MAX = 1 << 16
"""A frame below this is sent in one piece, so that its reader wakes once."""


class Missing(msgspec.Struct, frozen=True, tag="missing"):
    """Which of these keys are not held?"""

    tenant: int
    keys: tuple[str, ...]


class Put(msgspec.Struct, frozen=True, tag="put"):
    """Hold these sets."""

    tenant: int
    sets: dict[str, bytes]


class Source(msgspec.Struct, frozen=True):
    """A query of ClickHouse that gives sets: columns `key` (unsigned) and `bitmap` (groupBitmap of UInt32).

    `keys` says under which key the rows of each `key` are held; the rows of one key are united, over all sources of a
    request, and a key without rows is held as nobody. Where rows have their `versions`, a third column, `version`, says
    which one of several counts, and `key` is that of `keys` times `versions` plus what tells rows of it apart.
    """

    sql: str
    keys: dict[int, str]
    params: dict[str, Any] = {}
    versions: int = 0


class Fetch(msgspec.Struct, frozen=True, tag="fetch"):
    """Fetch these sets from ClickHouse, without the members of the set held under `erased` (unless it is empty)."""

    tenant: int
    sources: tuple[Source, ...]
    as_of: datetime
    erased: str


class Drop(msgspec.Struct, frozen=True, tag="drop"):
    """Forget these sets."""

    tenant: int
    keys: tuple[str, ...]


class Evaluate(msgspec.Struct, frozen=True, tag="evaluate"):
    """What does this plan come to?"""

    tenant: int
    plan: Plan
    want: Want


Request = Missing | Put | Fetch | Drop | Evaluate


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to any request: the keys that are absent, or the evaluation; `error` where the request was wrong,
    `outage` where ClickHouse was away.
    """

    absent: tuple[str, ...] = ()
    total: int = 0
    counts: dict[str, int] = {}
    members: bytes | None = None
    sample: tuple[int, ...] | None = None
    error: str = ""
    outage: str = ""


async def read_frame(reader: asyncio.StreamReader) -> bytes | None:
    """The next frame, or None at the end of the stream."""
    try:
        length = int.from_bytes(await reader.readexactly(4), "little")
        if length > FRAME_BYTES_MAX:
            raise ConnectionError("a frame beyond any set")
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return None


async def write_frame(writer: asyncio.StreamWriter, message: Any) -> None:
    """Send one message."""
    payload = msgspec.msgpack.encode(message)
    head = len(payload).to_bytes(4, "little")
    if len(payload) < _JOINED_MAX:
        writer.write(head + payload)
    else:
        writer.write(head)
        writer.write(payload)
    await writer.drain()
