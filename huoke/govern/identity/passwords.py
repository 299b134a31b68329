"""Passwords: argon2id in a few threads of their own, so that a storm of sign-ins cannot starve the API.

Parameters (OWASP password storage, argon2id): 46 MiB of memory, 1 pass, 1 lane. At most `THREADS` hashes run and
`WAITING_MAX` wait; one more is refused with `Busy`. Memory is bounded by THREADS × 46 MiB.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from huoke.govern.identity.model import Busy

T = TypeVar("T")

MEMORY_KIB = 47_104
THREADS = 2
WAITING_MAX = 16

_hasher = PasswordHasher(time_cost=1, memory_cost=MEMORY_KIB, parallelism=1)
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
_NOBODY = "$argon2id$v=19$m=47104,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""A hash that no password has: an unknown login costs as much work as a known one."""


class _Load:
    running = 0


async def hashed(password: str) -> str:
    """The argon2id hash of a password; `Busy`."""
    return await _run(lambda: _hasher.hash(password))


async def matches(password: str, stored: str | None) -> bool:
    """Whether the password has that hash; None works as long and is always false. `Busy`."""
    found = await _run(lambda: _verify(stored or _NOBODY, password))
    return found and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def _run(work: Callable[[], T]) -> T:
    if _Load.running >= THREADS + WAITING_MAX:
        raise Busy("Many people are signing in; try again in a moment.", retry_after_seconds=2)
    _Load.running += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_pool, work)
    finally:
        _Load.running -= 1
