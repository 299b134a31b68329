"""The seed of a play: made at publication, sealed under the bank's key, revealed after the end (rule L6)."""

import os
from collections.abc import Iterable
from uuid import UUID

from huoke.govern import privacy
from huoke.kernel.tx import Tx
from huoke.reward.plays import store_draw

FIELD = "play.seed"
SEED_BYTES = 32
MARK_BYTES = 8


async def new_seed(tx: Tx, play_id: UUID) -> tuple[bytes, bytes]:
    """A new seed, and the same sealed for this play alone."""
    seed = os.urandom(SEED_BYTES)
    [sealed] = (await privacy.keys(tx)).encrypt(FIELD, [play_id.int], [seed.hex()])
    assert sealed is not None
    return seed, sealed


def open_seed(keys: privacy.TenantKeys, play_id: UUID, sealed: bytes) -> bytes:
    """A sealed seed again."""
    [text] = keys.decrypt(FIELD, [play_id.int], [sealed])
    assert text is not None
    return bytes.fromhex(text)


async def marks_of(tx: Tx, keys: privacy.TenantKeys, play_id: UUID, persons: Iterable[int]) -> dict[bytes, int]:
    """Every mark that stands for these persons in a play (mark → person), those of before they were joined too."""
    asked = set(persons)
    return marks_under(keys, play_id, asked, await store_draw.numbers_of(tx, play_id, asked))


def marks_under(
    keys: privacy.TenantKeys, play_id: UUID, persons: Iterable[int], numbers: Iterable[tuple[int, int]]
) -> dict[bytes, int]:
    """`marks_of` where it is known which (number, person) played."""
    pairs = {*((person, person) for person in persons), *numbers}
    return {mark_of(keys, play_id, number): person for number, person in pairs}


def mark_of(keys: privacy.TenantKeys, play_id: UUID, person: int) -> bytes:
    """What stands for a natural person in a play's public archive: nothing without the bank's key."""
    return keys.mac("plays.person", f"{play_id}:{person}")[:MARK_BYTES]
