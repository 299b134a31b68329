"""Identifiers: time-ordered UUIDs made here, and the small integers that name a bank, a unit and a customer."""

import os
import threading
import time
from typing import NewType
from uuid import UUID

TenantId = NewType("TenantId", int)
"""A bank: dense within one cell (database cluster), never reused."""
UnitId = NewType("UnitId", int)
"""An organisation unit: dense within its bank."""
Seq = NewType("Seq", int)
"""A customer: dense within its bank, 0 … 2^31-1, never reused."""


_RANDOM_MASK = (1 << 62) - 1
_last_tick = 0
_tick_lock = threading.Lock()


def new_id() -> UUID:
    """Make a UUIDv7 greater than every one this process made before (RFC 9562 §5.7, §6.2 method 3)."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[UUID]:
    """Make `count` UUIDv7 in ascending order: rows made one after the other sort that way even within a millisecond.

    The 48 bits of Unix milliseconds and the 12 bits below them are one clock of 1/4096 ms that never stands still
    here; the remaining 62 bits are random.
    """
    noise = os.urandom(8 * count)
    ids = []
    for tick, tail in zip(_take_ticks(count), range(0, 8 * count, 8), strict=True):
        low = int.from_bytes(noise[tail : tail + 8], "big") & _RANDOM_MASK
        ids.append(UUID(int=(tick >> 12) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64 | 0x2 << 62 | low))
    return ids


def _take_ticks(count: int) -> range:
    """Reserve `count` instants of the id clock, all later than those reserved before."""
    global _last_tick  # noqa: PLW0603 - the id clock is one per process by its nature
    with _tick_lock:
        first = max(_last_tick + 1, (time.time_ns() << 12) // 1_000_000)
        _last_tick = first + count - 1
    return range(first, first + count)
