"""Questions about card codes: batches, and how many codes of a SKU are where."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.reward.card_codes import store
from huoke.reward.card_codes.model import Batch, BatchUnknown, CodeState


async def find_batches(
    tx: Tx, *, sku_id: UUID | None = None, before: UUID | None = None, limit: int = 50
) -> list[Batch]:
    """Batches, latest first; `before` is the last id of the page before."""
    return [msgspec.convert(dict(row), Batch) for row in await store.batches(tx, None, sku_id, before, limit)]


async def get_batch(tx: Tx, batch_id: UUID) -> Batch:
    """One batch; `BatchUnknown`."""
    rows = await store.batches(tx, batch_id, None, None, 1)
    if not rows:
        raise BatchUnknown("There is no such batch in this bank.")
    return msgspec.convert(dict(rows[0]), Batch)


async def count_codes(tx: Tx, sku_ids: Sequence[UUID]) -> dict[UUID, dict[CodeState, int]]:
    """By SKU, how many codes are in each state; SKUs without codes are left out."""
    counts: dict[UUID, dict[CodeState, int]] = {}
    for row in await store.count_codes(tx, sku_ids):
        counts.setdefault(row["sku_id"], dict.fromkeys(CodeState, 0))[CodeState(row["state"])] = row["n"]
    return counts
