"""Who went where between two months: chunk beside chunk, as arrays, off the event loop."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import msgspec
import numpy as np
from asyncpg import Record
from pyroaring import BitMap

from huoke.kernel.tx import Tx
from huoke.know.grid import cells, store
from huoke.know.grid.cells import Cells
from huoke.know.grid.model import ABSENT, Month, translation

CHUNKS_AT_ONCE = 16
_CELLS = 1 << 16
P = ParamSpec("P")
R = TypeVar("R")


class Flow(msgspec.Struct, frozen=True):
    """Customers who left one cell for another, in cells of the later month; None is no customer."""

    was: int | None
    cell: int | None
    customers: int


async def moved(tx: Tx, was: Month, now: Month, scope: Iterable[int] | None) -> list[Flow]:
    """Every move between two months, most customers first.

    For a scope only its own units' customers are anybody: who came from another unit came from None.
    """
    into = np.full(_CELLS, ABSENT, np.uint16)
    for before, after in translation(was.axes, now.axes).items():
        into[before] = after
    units = None if scope is None else np.array(sorted(scope), np.uint32)
    counts: dict[int, int] = {}
    for numbers in await batches(tx, [was.placement_id, now.placement_id]):
        pair = [await store.chunks(tx, one.placement_id, numbers[0], CHUNKS_AT_ONCE) for one in (was, now)]
        for key, count in (await in_thread(_moved_in, numbers, pair, into, units)).items():
            counts[key] = counts.get(key, 0) + count
    return [
        Flow(_cell(key // _CELLS), _cell(key % _CELLS), count)
        for key, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]


async def batches(tx: Tx, placement_ids: Sequence[UUID]) -> list[list[int]]:
    """The chunks of some placements by runs of `CHUNKS_AT_ONCE`, each beginning where its run does."""
    found: dict[int, list[int]] = {}
    for number in await store.chunk_numbers(tx, placement_ids):
        first = number // CHUNKS_AT_ONCE * CHUNKS_AT_ONCE
        found.setdefault(first, [first])
        if number != first:
            found[first].append(number)
    return list(found.values())


async def in_thread(work: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    """Work over arrays, which lets go of the interpreter while it counts."""
    return await asyncio.to_thread(work, *arguments, **named)


def members_of(rows: Sequence[Record], wanted: Sequence[int] | None, scope: Sequence[int] | None) -> BitMap:
    """Who of some chunks stands in the wanted cells, all for None, in units of `scope`."""
    found = BitMap()
    for row in rows:
        here = cells.unpack_cells(row["cells"])
        fits = here != ABSENT if wanted is None else np.isin(here, np.array(wanted, np.uint16))
        if scope is not None:
            fits &= np.isin(cells.unpack_units(row["units"]), np.array(scope, np.uint32))
        found |= BitMap(np.flatnonzero(fits).astype(np.uint32) + np.uint32(row["chunk"] * cells.CHUNK))
    return found


def _moved_in(numbers: Sequence[int], pair: Sequence[Sequence[Record]], into: Cells, units: Any) -> Mapping[int, int]:
    """Moves in some chunks: was · 65,536 + cell → customers."""
    before, after = ({row["chunk"]: row for row in rows} for rows in pair)
    counts: dict[int, int] = {}
    for number in {*numbers, *before, *after}:
        old, old_units = _opened(before.get(number))
        new, new_units = _opened(after.get(number))
        old = into[old]
        if units is not None:
            old = np.where(np.isin(old_units, units), old, ABSENT)
            new = np.where(np.isin(new_units, units), new, ABSENT)
        changed = old != new
        keys, times = np.unique(old[changed].astype(np.int64) * _CELLS + new[changed], return_counts=True)
        for key, count in zip(keys.tolist(), times.tolist(), strict=True):
            counts[key] = counts.get(key, 0) + count
    return counts


def _opened(row: Record | None) -> tuple[Cells, cells.Units]:
    return cells.nobody() if row is None else (cells.unpack_cells(row["cells"]), cells.unpack_units(row["units"]))


def _cell(number: int) -> int | None:
    return None if number == ABSENT else number
