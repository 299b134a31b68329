"""Questions about outlet stock: what lies where, what is on its way, what does not agree."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec

from huoke.kernel.tx import Tx
from huoke.reward import ledger
from huoke.reward.outlets import store
from huoke.reward.outlets.model import (
    Difference,
    DifferenceState,
    Gift,
    Shipment,
    ShipmentState,
    handed_out,
    shelf,
    transit,
)


async def find_gifts(tx: Tx, *, units: Iterable[int] | None = None, sku_id: UUID | None = None) -> list[Gift]:
    """The gifts that units keep, in units of each."""
    rows = await store.gifts(tx, units, sku_id)
    ways = {(row["unit_id"], row["sku_id"]): row["low_at"] for row in rows}
    keys = [key for way in ways for key in (shelf(*way), transit(*way), handed_out(*way))]
    balances = await ledger.stored_balances(tx, keys)
    return [
        Gift(
            unit_id=way[0],
            sku_id=way[1],
            on_hand=balances[shelf(*way)],
            in_transit=balances[transit(*way)],
            handed_out=balances[handed_out(*way)],
            low_at=low_at,
        )
        for way, low_at in ways.items()
    ]


async def find_shipments(
    tx: Tx,
    *,
    units: Iterable[int] | None = None,
    state: ShipmentState | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Shipment]:
    """Shipments of units, latest first."""
    return [to_shipment(dict(row)) for row in await store.rows(tx, "shipment", units, state, before, limit)]


async def find_differences(
    tx: Tx,
    *,
    units: Iterable[int] | None = None,
    state: DifferenceState | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Difference]:
    """Differences of units, latest first."""
    return [to_difference(dict(row)) for row in await store.rows(tx, "difference", units, state, before, limit)]


def to_shipment(row: Mapping[str, Any]) -> Shipment:
    """A row as a shipment."""
    return msgspec.convert({name: row[name] for name in Shipment.__struct_fields__}, Shipment)


def to_difference(row: Mapping[str, Any]) -> Difference:
    """A row as a difference."""
    return msgspec.convert({name: row[name] for name in Difference.__struct_fields__}, Difference)
