"""Identifiers: time-ordered UUIDs made here, and the small integers that name a bank, a unit and a customer."""

import os
import time
from typing import NewType
from uuid import UUID

TenantId = NewType("TenantId", int)
"""A bank: dense within one cell (database cluster), never reused."""
UnitId = NewType("UnitId", int)
"""An organisation unit: dense within its bank."""
Seq = NewType("Seq", int)
"""A customer: dense within its bank, 0 … 2^31-1, never reused."""


def new_id() -> UUID:
    """Make a UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then random."""
    unix_ms = time.time_ns() // 1_000_000
    value = int.from_bytes(unix_ms.to_bytes(6, "big") + os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return UUID(int=value)


def new_ids(count: int) -> list[UUID]:
    """Make `count` UUIDv7 of the same millisecond in one draw of randomness."""
    prefix = (time.time_ns() // 1_000_000).to_bytes(6, "big")
    noise = os.urandom(10 * count)
    ids = []
    for start in range(0, 10 * count, 10):
        tail = bytearray(noise[start : start + 10])
        tail[0] = tail[0] & 0x0F | 0x70
        tail[2] = tail[2] & 0x3F | 0x80
        ids.append(UUID(bytes=prefix + bytes(tail)))
    return ids
