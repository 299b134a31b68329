"""Publishing a draft as the next version of a SKU, and retiring a SKU."""

from uuid import UUID

import msgspec

from huoke.govern import audit, tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.tx import Tx
from huoke.reward.catalogue import store
from huoke.reward.catalogue.brands import locked, usable
from huoke.reward.catalogue.model import SkuPublished, SkuRetired, SkuStatus
from huoke.reward.catalogue.refusals import NotPublished
from huoke.reward.catalogue.terms import SkuKind, Terms, check_card, check_publishable

CARD_CAP = tenants.declare("catalogue.card_cap_fen", int, 1_000_00, minimum=0, unit="fen", rule="V2")
REGISTERED_CARD_CAP = tenants.declare(
    "catalogue.registered_card_cap_fen", int, 5_000_00, minimum=0, unit="fen", rule="V2"
)
"""What a supplier's prepaid card may be worth, without and with its holder's name."""


async def publish(tx: Tx, sku_id: UUID) -> int:
    """Make the draft the next version, which never changes again; returns the version.

    `Unknown`, `Retired`, `NotPublished` where there is no draft, `CatalogueUnfit` where it lacks something.
    """
    known = await usable(tx, "sku", sku_id)
    if known["draft"] is None:
        raise NotPublished(f"The SKU '{known['code']}' has no draft to publish.", pointer="/id")
    terms = msgspec.convert(known["draft"], Terms)
    check_publishable(SkuKind(known["kind"]), terms, tx.now.astimezone(CHINA).date())
    check_card(terms, await tenants.setting(tx, CARD_CAP), await tenants.setting(tx, REGISTERED_CARD_CAP))
    version: int = known["version"] + 1
    row = {
        "sku_id": sku_id,
        "version": version,
        **{field: getattr(terms, field) for field in Terms.__struct_fields__},
        "published_at": tx.now,
        "published_by": tx.actor.id,
    }
    await store.add(tx, "sku_version", row)
    await store.change(tx, "sku", sku_id, {"draft": None, "version": version, "status": SkuStatus.PUBLISHED.value})
    tx.emit(SkuPublished(sku_id=sku_id, published_version=version))
    await _record(tx, sku_id, "sku_published", {"version": version})
    return version


async def retire(tx: Tx, sku_id: UUID) -> UUID:
    """Take a SKU out of use for new campaigns; doing it again changes nothing. `Unknown`."""
    known = await locked(tx, "sku", sku_id)
    if known["status"] != SkuStatus.RETIRED:
        await store.change(tx, "sku", sku_id, {"status": SkuStatus.RETIRED.value})
        tx.emit(SkuRetired(sku_id=sku_id))
        await _record(tx, sku_id, "sku_retired", {"status": "retired"})
    return sku_id


async def _record(tx: Tx, sku_id: UUID, action: str, after: dict[str, object]) -> None:
    entry = audit.AuditEntry(action=f"catalogue.{action}", subject_kind="sku", subject_id=str(sku_id), after=after)
    await audit.record(tx, entry)
