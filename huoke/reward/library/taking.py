"""Taking listings into the catalogue: as a SKU of its own, or as a further supplier of one that is there."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

import msgspec

from huoke.govern import audit
from huoke.kernel.tx import Tx
from huoke.reward import catalogue
from huoke.reward.catalogue import (
    Delivery,
    Details,
    NewBrand,
    NewItem,
    NewSku,
    PhysicalDetails,
    SkuKind,
    TaxCode,
    Terms,
    TopupDetails,
)
from huoke.reward.library import store
from huoke.reward.library.model import (
    Listing,
    ListingsChanged,
    ListingsDiffer,
    ListingStatus,
    ListingTaken,
    ListingUnknown,
)

_DETAILS: dict[SkuKind, Details] = {
    SkuKind.TOPUP: TopupDetails(),
    SkuKind.PHYSICAL: PhysicalDetails(delivery=Delivery.POST),
}


class Taking(msgspec.Struct, frozen=True, kw_only=True):
    """A listing to take: as a new SKU, published at once, or behind the suppliers of `sku_id`.

    `acceptance` says where it may be used (rule L4); a further supplier's listing needs none.
    """

    number: int
    sku_id: UUID | None = None
    acceptance: str = ""
    acceptance_en: str = ""
    tax_code: TaxCode = TaxCode.DISCOUNT_COUPON
    request_no: str | None = None


class Ordering(msgspec.Struct, frozen=True, kw_only=True):
    """The listings of a SKU, every one of them, in the order in which their suppliers are to be asked."""

    sku_id: UUID
    numbers: list[int]


async def order(tx: Tx, wanted: Ordering) -> UUID:
    """Say in which order a SKU's suppliers are asked; returns the SKU. `ListingUnknown`, `ListingsDiffer`."""
    known = await offers(tx, wanted.sku_id)
    if not known:
        raise ListingUnknown("No listing was taken into this SKU.", pointer="/sku_id")
    if sorted(wanted.numbers) != sorted(one.number for one in known):
        raise ListingsDiffer("Name every listing of the SKU once; look again, one may be new.", pointer="/numbers")
    await store.order(tx, wanted.numbers)
    tx.emit(ListingsChanged(numbers=tuple(wanted.numbers), change="ordered"))
    entry = audit.AuditEntry(
        action="library.order",
        subject_kind="sku",
        subject_id=str(wanted.sku_id),
        before={"numbers": [one.number for one in known]},
        after={"numbers": wanted.numbers},
    )
    await audit.record(tx, entry)
    return wanted.sku_id


async def take(tx: Tx, wanted: Taking) -> UUID:
    """Take a listing; returns the SKU. `ListingUnknown`, `ListingTaken`, and what the catalogue refuses."""
    rows = await store.lock(tx, [wanted.number])
    if not rows:
        raise ListingUnknown("There is no such listing in this bank.", pointer="/number")
    one = msgspec.convert(dict(rows[0]), Listing)
    if one.sku_id is not None or one.status is ListingStatus.GONE:
        raise ListingTaken("It was taken before, or its supplier has it no longer.", pointer="/number")
    if wanted.sku_id is None:
        sku_id, priority = await _as_new(tx, one, wanted), 0
    else:
        sku_id, priority = wanted.sku_id, await _behind(tx, one, wanted.sku_id)
    await store.take(tx, one.number, sku_id, priority)
    tx.emit(ListingsChanged(numbers=(one.number,), change="taken"))
    entry = audit.AuditEntry(
        action="library.take", subject_kind="sku", subject_id=str(sku_id), after={"number": one.number}
    )
    await audit.record(tx, entry)
    return sku_id


async def offers(tx: Tx, sku_id: UUID) -> list[Listing]:
    """Every supplier's listing of a SKU, the first to be asked first."""
    return [msgspec.convert(dict(row), Listing) for row in await store.of_skus(tx, [sku_id])]


async def offers_of(tx: Tx, sku_ids: Iterable[UUID]) -> dict[UUID, list[Listing]]:
    """The same of many SKUs; one without listings is left out."""
    found: defaultdict[UUID, list[Listing]] = defaultdict(list)
    for row in await store.of_skus(tx, list(sku_ids)):
        found[row["sku_id"]].append(msgspec.convert(dict(row), Listing))
    return dict(found)


async def _as_new(tx: Tx, one: Listing, wanted: Taking) -> UUID:
    terms = Terms(
        name=one.name,
        name_en=one.name_en,
        face_value_fen=one.face_value_fen,
        cost_fen=one.cost_fen,
        details=_DETAILS.get(one.kind),
        supplier_id=one.supplier_id,
        valid_days=one.valid_days,
        valid_until=one.valid_until,
        tax_code=wanted.tax_code,
        regions=one.regions,
        acceptance=wanted.acceptance,
        acceptance_en=wanted.acceptance_en,
    )
    item_id = await _item(tx, one, await _brand(tx, one))
    sku_id = await catalogue.add_sku(tx, NewSku(item_id=item_id, code=f"L{one.number}", kind=one.kind, terms=terms))
    await catalogue.publish(tx, sku_id)
    return sku_id


async def _brand(tx: Tx, one: Listing) -> UUID:
    known = await catalogue.find_brands(tx, status=catalogue.Status.ACTIVE, q=one.brand, limit=200)
    same = next((brand.id for brand in known if brand.name == one.brand), None)
    return same or await catalogue.add_brand(tx, NewBrand(code=f"LB{one.number}", name=one.brand))


async def _item(tx: Tx, one: Listing, brand_id: UUID) -> UUID:
    known = await catalogue.find_items(tx, status=catalogue.Status.ACTIVE, q=one.item, brand_id=brand_id, limit=200)
    same = next((item.id for item in known if item.name == one.item), None)
    new = NewItem(brand_id=brand_id, code=f"LI{one.number}", name=one.item, category=one.category)
    return same or await catalogue.add_item(tx, new)


async def _behind(tx: Tx, one: Listing, sku_id: UUID) -> int:
    sku = await catalogue.sku(tx, sku_id)
    known = await offers(tx, sku_id)
    if sku.kind is not one.kind or any(each.supplier_id == one.supplier_id for each in known):
        raise ListingTaken("It is of another kind, or its supplier has the SKU already.", pointer="/sku_id")
    return max((each.priority for each in known), default=0) + 1
