"""A set in its working form: a block for every chunk of 65,536 customers in which it has anybody."""

import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from huoke.kernel.sets.codecs import Payload

Column = NDArray[np.int64]
_CONTAINERS_MOST = 64
_NOTHING = np.empty(0, np.int64)


class Blocks(NamedTuple):
    """What a set is made of, see `loops`. Never changed; the memory its places point to lives as long as it."""

    chunks: Column
    """Where it has a block, ascending."""
    table: Column
    """Code and place (2, last chunk + 1) of every chunk, nobody's where it has none."""
    address: int
    """Where the table lies."""
    memory: tuple[NDArray[Any], ...]

    @property
    def size_bytes(self) -> int:
        """What the set takes in memory: room that was made for more and never written takes none."""
        return sum(part.nbytes for part in (self.chunks, self.table, *self.memory))


NOBODY = Blocks(_NOTHING, np.zeros((2, 0), np.int64), 0, ())


def read(payloads: Sequence[Payload], erased: Blocks = NOBODY) -> Blocks:
    """The union of bitmaps (bytes in the roaring portable format) without the erased; `ValueError` for other bytes."""
    from huoke.kernel.sets import loops  # noqa: PLC0415 - loads a compiler, which only who keeps sets needs

    views = [np.frombuffer(payload, np.uint8) for payload in payloads]
    containers = np.concatenate([_survey(view) for view in views]) if views else np.empty((0, 4), np.int64)
    if len(views) > 1:
        containers = containers[np.argsort(containers[:, 0], kind="stable")]
    chunks, starts = np.unique(containers[:, 0], return_index=True)
    told = np.add.reduceat(containers[:, 2], starts) if len(starts) else _NOTHING
    few = told <= loops.LISTED_MAX
    drawn = np.empty((int(len(told) - few.sum()) + 1, loops.WORDS), np.uint64)
    listed = np.empty(int(told[few].sum()), np.uint16)
    codes, places = np.zeros(len(chunks), np.int64), np.zeros(len(chunks), np.int64)
    used, numbers = loops.fill(containers, erased.table, drawn, listed, codes, places)
    if used < 0:
        raise ValueError("these bytes hold more than they tell")
    table = np.zeros((2, int(chunks[-1]) + 1 if len(chunks) else 0), np.int64)
    table[0, chunks], table[1, chunks] = codes, places
    return Blocks(chunks, table, table.ctypes.data, (drawn[:used], listed[:numbers]))


def of(members: BitMap) -> Blocks:
    """The blocks of a bitmap."""
    return read((members.serialize(),))


def to_bitmap(made: NDArray[np.uint64], chunks: Column) -> BitMap:
    """The bitmap of drawn blocks (blocks, words) of these chunks, ascending."""
    from huoke.kernel.sets import loops  # noqa: PLC0415 - as above

    sizes = np.zeros(len(made), np.int64)
    loops.size_all(made, sizes)
    there = np.flatnonzero(sizes)
    heads = np.empty((len(there), 2), "<u2")
    heads[:, 0], heads[:, 1] = chunks[there], sizes[there] - 1
    taken = np.where(sizes > 4_096, 8_192, 2 * sizes)
    begin = 8 + 8 * len(there)
    ends = begin + np.cumsum(taken)
    payload = np.empty(begin + int(taken.sum()), np.uint8)
    payload[:8] = np.frombuffer(struct.pack("<II", 12_346, len(there)), np.uint8)
    payload[8 : 8 + heads.nbytes] = heads.reshape(-1).view(np.uint8)
    payload[8 + heads.nbytes : begin] = (ends - taken)[there].astype("<u4").view(np.uint8)
    loops.pack(made, sizes, ends, payload)
    return BitMap.deserialize(payload.tobytes())


def _survey(view: NDArray[np.uint8]) -> Column:
    """(chunk, kind, members, address) of each container."""
    from huoke.kernel.sets import loops  # noqa: PLC0415 - as above

    found = np.empty((_CONTAINERS_MOST, 4), np.int64)
    count = loops.survey(view.ctypes.data, len(view), found)
    if count > len(found):
        found = np.empty((count, 4), np.int64)
        count = loops.survey(view.ctypes.data, len(view), found)
    if count < 0:
        raise ValueError("these bytes are no bitmap")
    return found[:count]
