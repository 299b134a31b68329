"""What benefits of customers cost: for modules below that count it among what they know."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId
from huoke.measure.figures import store


async def cost_of(
    clickhouse: ClickHouse, tenant: TenantId, seqs: NDArray[np.uint32], begin: datetime, end: datetime
) -> NDArray[np.float64]:
    """What redemptions of each of `seqs` (ascending) cost within [begin, end), in fen."""
    found = np.zeros(len(seqs))
    if len(seqs) and await store.shipped_place(clickhouse, tenant) is not None:
        who, fen = await store.cost_by_customer(clickhouse, tenant, int(seqs[0]), int(seqs[-1]), begin, end)
        _, mine, theirs = np.intersect1d(seqs, who, assume_unique=True, return_indices=True)
        found[mine] = fen[theirs]
    return found
