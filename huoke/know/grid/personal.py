"""What the grid holds of a person: a place in every month, and perhaps in a task."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from huoke.govern.privacy import Remainder
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Tx
from huoke.know.grid import cells, fill, read, store
from huoke.know.grid.model import ABSENT


class PersonalGrid:
    """Serves `privacy.PersonalData`."""

    columns = frozenset({"grid.chunk.cells", "grid.fill_task.members"})

    async def export(self, tx: Tx, seq: int) -> dict[str, Any]:
        """Where the customer stood, month by month."""
        return {
            "grid": [
                {"month": stay.month.isoformat(), "bands": [band.label if band else None for band in stay.bands]}
                for stay in await read.of(tx, Seq(seq))
            ]
        }

    async def hindrances(self, _tx: Tx, _seqs: Sequence[int], /) -> list[str]:
        """None."""
        return []

    async def erase(self, tx: Tx, seqs: Sequence[int]) -> None:
        """Forget where they stood; the counts of a month, which name nobody, stay."""
        numbers = np.array(sorted(seqs), np.int64)
        changed = []
        for row in await store.chunks_for_erasing(tx, np.unique(numbers >> cells.CHUNK_BITS).tolist()):
            here = cells.unpack_cells(row["cells"])
            mine = numbers[numbers >> cells.CHUNK_BITS == row["chunk"]] & (cells.CHUNK - 1)
            if (here[mine] != ABSENT).any():
                here[mine] = ABSENT
                changed.append((row["placement_id"], row["chunk"], cells.pack(here)))
        if changed:
            await store.rewrite_chunks(tx, changed)
        await fill.forget(tx, seqs)

    async def prove(self, tx: Tx, seqs: Sequence[int]) -> list[Remainder]:
        """Any month that still places them."""
        count = sum([bool(await read.of(tx, Seq(seq))) for seq in seqs])
        return [Remainder("grid", f"{count} customers placed")] if count else []
