"""An offer out of a published SKU: what the benefit is comes from its version, the rest from who offers it."""

from datetime import datetime
from uuid import UUID

import msgspec

from huoke.kernel.ids import new_id
from huoke.reward.catalogue import Sku
from huoke.reward.grants.model import BenefitKind, Handover, Mode, Offer, Terms


class Offering(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody who offers a benefit decides of it; fields as an `Offer`'s."""

    source_kind: str
    source_id: UUID
    line: int = 0
    mode: Mode = Mode.PULL
    person_limit: int
    choose: int = 0
    opens_at: datetime
    closes_at: datetime
    valid_days: int
    unit_terms: dict[int, Terms]


def offer_of(sku: Sku, offering: Offering, *, offer_id: UUID | None = None) -> Offer:
    """The offer of a SKU as published: kind, way, price and supplier are its version's; for `publish_offer`."""
    return Offer(
        id=offer_id or new_id(),
        sku_id=sku.id,
        sku_version=sku.version,
        kind=BenefitKind(sku.kind.value),
        handover=Handover(sku.handover.value),
        title=sku.name,
        cost_fen=sku.cost_fen,
        face_value_fen=sku.face_value_fen,
        supplier_id=sku.supplier_id,
        points=sku.points,
        **msgspec.structs.asdict(offering),
    )
