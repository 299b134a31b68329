"""What travels between a process and the set server: length-prefixed msgpack frames over a Unix socket.

A frame is 4 bytes of length (little-endian) and one request or reply; requests are answered in order.
"""

import asyncio
from typing import Any

import msgspec

from huoke.kernel.sets.plan import Plan, Want

FRAME_BYTES_MAX = 1 << 31


class Missing(msgspec.Struct, frozen=True, tag="missing"):
    """Which of these keys are not held?"""

    tenant: int
    keys: tuple[str, ...]


class Put(msgspec.Struct, frozen=True, tag="put"):
    """Hold these sets."""

    tenant: int
    sets: dict[str, bytes]


class Drop(msgspec.Struct, frozen=True, tag="drop"):
    """Forget these sets."""

    tenant: int
    keys: tuple[str, ...]


class Evaluate(msgspec.Struct, frozen=True, tag="evaluate"):
    """What does this plan come to?"""

    tenant: int
    plan: Plan
    want: Want


Request = Missing | Put | Drop | Evaluate


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to any request: the keys that are absent, or the evaluation; `error` where the server failed."""

    absent: tuple[str, ...] = ()
    total: int = 0
    counts: dict[str, int] = {}
    members: bytes | None = None
    sample: tuple[int, ...] | None = None
    error: str = ""


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
    writer.write(len(payload).to_bytes(4, "little"))
    writer.write(payload)
    await writer.drain()
