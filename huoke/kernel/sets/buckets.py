"""Salted-hash buckets: a stable, even split of whole numbers that no one can steer.

The hash of a number under a salt is the finaliser of splitmix64 (Steele, Lea and Flood 2014, constants of Stafford's
"Mix13") over `number XOR key`, where `key` is the first 8 bytes of SHA-256(salt), little-endian. A bucket is the upper
32 bits scaled to parts per million. The same salt and number give the same bucket in every process and every release.
"""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

PPM = 1_000_000
"""Buckets are counted in parts per million: 10 % = 100_000."""


def hash_numbers(salt: str, numbers: NDArray[Any]) -> NDArray[np.uint64]:
    """The 64-bit hash of each number (any integer array) under `salt`."""
    key = np.uint64(int.from_bytes(hashlib.sha256(salt.encode()).digest()[:8], "little"))
    mixed = numbers.astype(np.uint64) ^ key
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def bucket_numbers(salt: str, numbers: NDArray[Any]) -> NDArray[np.uint32]:
    """The bucket 0 … 999,999 of each number under `salt`."""
    upper = hash_numbers(salt, numbers) >> np.uint64(32)
    return ((upper * np.uint64(PPM)) >> np.uint64(32)).astype(np.uint32)


def sample_numbers(salt: str, numbers: NDArray[np.uint32], count: int) -> NDArray[np.uint32]:
    """The `count` numbers with the smallest hashes, ascending; a smaller sample is part of every larger one."""
    if count >= len(numbers):
        return numbers
    if count <= 0:
        return numbers[:0]
    hashes = hash_numbers(salt, numbers)
    edge = np.partition(hashes, count - 1)[count - 1]
    chosen = numbers[hashes < edge]
    ties = np.sort(numbers[hashes == edge])[: count - len(chosen)]
    return np.sort(np.concatenate([chosen, ties]))
