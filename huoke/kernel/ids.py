"""Identifiers: time-ordered UUIDs made here, and the small integers that name a bank, a unit and a customer."""

import os
import struct
import threading
import time
from typing import NewType
from uuid import UUID

from asyncpg.pgproto import pgproto

TenantId = NewType("TenantId", int)
"""A bank: dense within one cell (database cluster), never reused."""
UnitId = NewType("UnitId", int)
"""An organisation unit: dense within its bank."""
Seq = NewType("Seq", int)
"""A customer: dense within its bank, 0 … 2^31-1, never reused."""


_RANDOM_MASK = (1 << 62) - 1
_NOISE_BYTES = 1 << 12
_last_tick = 0
_noise = b""
_tick_lock = threading.Lock()


def new_id() -> UUID:
    """Make a UUIDv7 greater than every one this process made before (RFC 9562 §5.7, §6.2 method 3)."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[UUID]:
    """Make `count` UUIDv7 in ascending order: rows made one after the other sort that way even within a millisecond.

    The 48 bits of Unix milliseconds and the 12 bits below them are one clock of 1/4096 ms that never stands still
    here; the remaining 62 bits are random.
    """
    ticks, noise = _take(count)
    tails = struct.unpack(f">{count}Q", noise)
    return [_id_of(tick, tail) for tick, tail in zip(ticks, tails, strict=True)]


def _id_of(tick: int, tail: int) -> UUID:
    """As rows hold them: a UUID that is made, compared and sent in a fraction of the time."""
    whole = (tick >> 12) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64 | 0x2 << 62 | tail & _RANDOM_MASK
    return pgproto.UUID(whole.to_bytes(16, "big"))


def _take(count: int) -> tuple[range, bytes]:
    """Reserve `count` instants of the id clock, all later than those reserved before, and 8 random bytes for each."""
    global _last_tick, _noise  # noqa: PLW0603 - the id clock is one per process by its nature
    wanted = 8 * count
    with _tick_lock:
        if len(_noise) < wanted:  # the system is asked for many at once: a question costs more than what it brings
            _noise = os.urandom(max(wanted, _NOISE_BYTES))
        noise, _noise = _noise[:wanted], _noise[wanted:]
        first = max(_last_tick + 1, (time.time_ns() << 12) // 1_000_000)
        _last_tick = first + count - 1
    return range(first, first + count), noise


def _forget_noise() -> None:
    """A forked child must not use what its parent uses."""
    global _noise  # noqa: PLW0603 - as above
    _noise = b""


os.register_at_fork(after_in_child=_forget_noise)
