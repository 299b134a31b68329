"""Where a supplier brings what was bought: told with the seat, encrypted (rule F1), gone once the seat has ended."""

from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec

from huoke.govern import privacy
from huoke.kernel.tx import Tx
from huoke.reward.grants import Delivery, PhoneDelivery, PostalDelivery
from huoke.reward.group_buy import store

FIELD = "group_buy.delivery"


async def seal(tx: Tx, told: Mapping[UUID, Delivery]) -> dict[UUID, bytes]:
    """Delivery facts by seat, each bound to its seat."""
    if not told:
        return {}
    texts = [msgspec.json.encode(one).decode() for one in told.values()]
    sealed = (await privacy.keys(tx)).encrypt(FIELD, [seat_id.int for seat_id in told], texts)
    return {seat_id: one for seat_id, one in zip(told, sealed, strict=True) if one is not None}


async def opened(tx: Tx, seat_ids: Collection[UUID]) -> dict[UUID, Delivery]:
    """Delivery facts of seats in clear; seats without any are left out."""
    rows = await store.deliveries(tx, ids=seat_ids)
    if not rows:
        return {}
    keys = await privacy.keys(tx)
    texts = keys.decrypt(FIELD, [row["id"].int for row in rows], [row["delivery"] for row in rows])
    return {
        row["id"]: msgspec.json.decode(text, type=PhoneDelivery | PostalDelivery)
        for row, text in zip(rows, texts, strict=True)
        if text is not None
    }
