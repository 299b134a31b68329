"""What customers hold of one offer, for those who book what a benefit entails (tax, say)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.reward.grants import store_held
from huoke.reward.grants.model import State


class HeldGrant(msgspec.Struct, frozen=True, kw_only=True):
    """One grant of an offer as it stands, with what the offer is of. `person` is the natural person (rule R1)."""

    id: UUID
    seq: int
    person: int
    unit_id: int
    state: State
    received_at: datetime
    source_kind: str
    source_id: UUID
    sku_id: UUID
    sku_version: int
    title: str
    face_value_fen: int


async def held_of(tx: Tx, offer_id: UUID, seqs: Sequence[int]) -> list[HeldGrant]:
    """Every grant of the offer that these customers have, whatever its state, by id."""
    rows = await store_held.of_offer(tx, offer_id, seqs)
    return [msgspec.convert(dict(row), HeldGrant, builtin_types=(UUID, datetime)) for row in rows]


async def holders_of(tx: Tx, sku_ids: Iterable[UUID]) -> dict[UUID, CustomerSet]:
    """Who holds something of each SKU that is not used, over or taken back; SKUs that nobody holds are left out."""
    rows = await store_held.holders(tx, sorted(set(sku_ids)))
    return {row["sku_id"]: CustomerSet.of(tx.tenant, row["seqs"]) for row in rows}
