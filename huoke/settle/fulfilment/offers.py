"""The suppliers of a SKU as its buyer sees them: who is asked first, and why one is passed over now."""

from enum import StrEnum
from uuid import UUID

import msgspec

from huoke.govern import tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, library, supply
from huoke.settle.fulfilment import route, store_read


class Passed(StrEnum):
    """Why orders do not go there now; READY is none."""

    READY = "ready"
    GONE = "gone"
    TOO_DEAR = "too_dear"
    NOT_CONNECTED = "not_connected"
    OFF = "off"
    NO_ANSWER = "no_answer"
    SHORT = "short"


class SupplierOffer(msgspec.Struct, frozen=True, kw_only=True):
    """One supplier's offer of a SKU, in the order asked. `published` is the supplier the SKU was published with.

    `cost_fen` is what an order costs there now; `latest_fen` what its catalogue says today.
    """

    number: int
    supplier_id: UUID
    supplier: str
    supplier_en: str
    code: str
    cost_fen: int
    latest_fen: int
    published: bool
    passed: Passed


async def of_sku(tx: Tx, sku_id: UUID) -> list[SupplierOffer]:
    """Every supplier's offer of a SKU that is ordered; `catalogue.UnknownSku`."""
    sku = await catalogue.get_sku(tx, sku_id)
    if sku.terms is None:
        return []
    own, cost_fen = sku.terms.supplier_id, sku.terms.cost_fen
    listed = [one for one in await library.offers(tx, sku_id) if one.supplier_id is not None]
    dearest = cost_fen * (100 + await tenants.setting(tx, route.DRIFT_PERCENT))
    suppliers = [one.supplier_id for one in listed if one.supplier_id is not None]
    names = await supply.names(tx, suppliers)
    room = await route.healthy(tx, suppliers)
    connected = {one.supplier_id: one.enabled for one in await supply.connections(tx)}
    silent = {row["supplier_id"] for row in await store_read.open_breakers(tx)}
    today = tx.now.astimezone(CHINA).date()

    def passed(one: library.Listing, supplier_id: UUID, fen: int) -> Passed:
        left = room.get(supplier_id)
        reasons = (
            (Passed.GONE, supplier_id != own and not one.can_be_had(today)),
            (Passed.TOO_DEAR, fen * 100 > dearest),
            (Passed.NOT_CONNECTED, supplier_id not in connected),
            (Passed.OFF, not connected.get(supplier_id)),
            (Passed.NO_ANSWER, supplier_id in silent),
            (Passed.SHORT, left is not None and left < fen),
        )
        return next((why for why, holds in reasons if holds), Passed.READY)

    return [
        SupplierOffer(
            number=one.number,
            supplier_id=one.supplier_id,
            supplier=names.get(one.supplier_id, ("", ""))[0],
            supplier_en=names.get(one.supplier_id, ("", ""))[1],
            code=one.code,
            cost_fen=fen,
            latest_fen=one.cost_fen,
            published=one.supplier_id == own,
            passed=passed(one, one.supplier_id, fen),
        )
        for one in listed
        if one.supplier_id is not None
        for fen in [cost_fen if one.supplier_id == own else one.cost_fen]
    ]
