"""Random sets of customers at scale, drawn 64 at a time by machine code: filling a store is not what is measured.

A word of 64 coins that fall with a chance of `k / 2^24` is put together of 24 random words, the lowest bit of `k`
first: `or` where the bit is set, `and` where it is not.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from pyroaring import BitMap

from huoke.kernel.sets import blocks

CHUNK = 65_536
_WORDS = CHUNK // 64
_BITS = 24
_STEP = np.uint64(0x9E3779B97F4A7C15)


@njit(nogil=True, error_model="numpy", cache=True)
def _next(state: Any) -> Any:
    """The next random word (splitmix64)."""
    state[0] += _STEP
    mixed = state[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@njit(nogil=True, error_model="numpy", cache=True)
def _toss(words: Any, chances: Any, state: Any) -> None:
    """Fill a row of words for each chunk by its chance, in parts of 2^24."""
    for chunk in range(len(chances)):
        chance = np.int64(chances[chunk])
        lowest = 0
        while lowest < _BITS and not (chance >> lowest) & 1:
            lowest += 1
        for n in range(_WORDS):
            word = np.uint64(0)
            for bit in range(lowest, _BITS):
                drawn = _next(state)
                word = (word | drawn) if (chance >> bit) & 1 else (word & drawn)
            words[chunk, n] = word


@njit(nogil=True, error_model="numpy", cache=True)
def _deal(planes: Any, values: Any, state: Any) -> None:
    """Give every customer one of `values` values with the same chance; a plane of words for each of the first ones."""
    for chunk in range(planes.shape[1]):
        for n in range(_WORDS):
            for place in range(len(planes)):
                planes[place, chunk, n] = np.uint64(0)
            for bit in range(64):
                place = np.int64(((_next(state) >> np.uint64(32)) * np.uint64(values)) >> np.uint64(32))
                if place < len(planes):
                    planes[place, chunk, n] |= np.uint64(1) << np.uint64(bit)


def strewn(generator: np.random.Generator, count: int, chances: NDArray[np.float64]) -> BitMap:
    """Of the first `count` customers each by the chance of its chunk of 65,536."""
    words = np.empty((len(chances), _WORDS), np.uint64)
    _toss(words, np.rint(chances * (1 << _BITS)).astype(np.int64), _seeded(generator))
    return _of(words, count)


def dealt(generator: np.random.Generator, count: int, places: int, values: int) -> list[BitMap]:
    """The first `places` of `values` values that exclude each other, each with the same chance."""
    planes = np.empty((places, _chunks(count), _WORDS), np.uint64)
    _deal(planes, values, _seeded(generator))
    return [_of(words, count) for words in planes]


def _of(words: NDArray[np.uint64], count: int) -> BitMap:
    words.reshape(-1).view(np.uint8)[-(-count // 8) :] = 0
    if count % 8:
        words.reshape(-1).view(np.uint8)[count // 8] &= (1 << count % 8) - 1
    return blocks.to_bitmap(words, np.arange(len(words), dtype=np.int64))


def _seeded(generator: np.random.Generator) -> NDArray[np.uint64]:
    return generator.integers(0, 1 << 63, 1, dtype=np.uint64)


def _chunks(count: int) -> int:
    return -(-count // CHUNK)
