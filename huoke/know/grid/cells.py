"""Who stood where, as bytes and as arrays: 65,536 customer numbers a chunk, a cell and a unit for each. Pure."""

import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from huoke.know.grid.model import ABSENT

CHUNK_BITS = 16
CHUNK = 1 << CHUNK_BITS
LEVEL = 1
"""Of deflating: cells hold some six bits each, and more effort finds no more."""
Cells = NDArray[np.uint16]
Units = NDArray[np.uint32]


def packed(seqs: NDArray[np.uint32], cells: Cells, units: Units) -> Iterator[tuple[int, bytes, bytes]]:
    """The chunks of customers ascending by seq: number, cells, units."""
    numbers = seqs >> CHUNK_BITS
    for number in np.unique(numbers).tolist():
        here = slice(*np.searchsorted(numbers, [number, number + 1]))
        places = seqs[here] & (CHUNK - 1)
        own_cells, own_units = np.full(CHUNK, ABSENT, np.uint16), np.zeros(CHUNK, np.uint32)
        own_cells[places], own_units[places] = cells[here], units[here]
        yield number, pack(own_cells), pack(own_units)


def pack(values: Cells | Units) -> bytes:
    """Little-endian bytes, deflated."""
    return zlib.compress(values.astype(values.dtype.newbyteorder("<")).tobytes(), LEVEL)


def unpack_cells(payload: bytes) -> Cells:
    """The cells of a chunk."""
    return np.frombuffer(zlib.decompress(payload), "<u2").astype(np.uint16)


def unpack_units(payload: bytes) -> Units:
    """The units of a chunk."""
    return np.frombuffer(zlib.decompress(payload), "<u4").astype(np.uint32)


def nobody() -> tuple[Cells, Units]:
    """A chunk without a customer."""
    return np.full(CHUNK, ABSENT, np.uint16), np.zeros(CHUNK, np.uint32)
