"""The bookable visit of a kit: a service of the bank's own branches with times to book, made with the kit's drafts."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from huoke.govern import tenants
from huoke.kernel.clock import CHINA
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Tx
from huoke.reach.kits.model import Gap, Kit, Terms, VisitPlan, VisitService
from huoke.reward import bookings, catalogue
from huoke.reward.bookings import DAYS_MAX, NewSlots, SlotUnfit, check_slots
from huoke.reward.catalogue import NewBrand, NewItem, NewSku, ServiceDetails, SkuKind

OWN_BRAND = "OWN"
"""The brand of what the bank gives of itself."""
UNITS_MAX = 50


def visit_gaps(principal: Principal, kit: Kit, terms: Terms) -> Iterator[Gap]:
    """What is wrong with when and where visits can be booked."""
    if kit.visit is None:
        if terms.visit is not None:
            yield Gap(pointer="/visit", code="visit_none", detail="Nothing is booked in this kit.")
        return
    if terms.visit is None or not 1 <= len(terms.visit.unit_ids) <= UNITS_MAX:
        yield Gap(pointer="/visit", code="visit_missing", detail="Say at which branches and when a visit is booked.")
        return
    if not all(principal.covers(unit_id) for unit_id in terms.visit.unit_ids):
        yield Gap(pointer="/visit/unit_ids", code="visit_units", detail="A branch is outside your units.")
    try:
        for new in _slots(terms, terms.visit, UUID(int=0)):
            check_slots(new)
    except SlotUnfit as refusal:
        yield Gap(pointer=f"/visit{refusal.pointer or ''}", code="visit_times", detail=refusal.detail)


async def make_visit(
    tx: Tx, principal: Principal, service: VisitService, terms: Terms, plan: VisitPlan, code: str
) -> UUID:
    """Publish the visit of a kit as a service of the bank's own and open its times; returns the SKU.

    Nobody can book before a campaign that gives it was approved. `OutOfScope`, `bookings.SlotUnfit`.
    """
    item = NewItem(
        brand_id=await _own_brand(tx), code=code, name=service.name.zh, name_en=service.name.en, category="visit"
    )
    own = catalogue.Terms(
        name=service.name.zh,
        name_en=service.name.en,
        details=ServiceDetails(
            visit=True, move_until_hours=service.move_until_hours, no_shows_max=service.no_shows_max
        ),
        valid_days=service.valid_days,
        acceptance=service.acceptance.zh,
        acceptance_en=service.acceptance.en,
    )
    item_id = await catalogue.add_item(tx, item)
    sku_id = await catalogue.add_sku(tx, NewSku(item_id=item_id, code=code, kind=SkuKind.VOUCHER, terms=own))
    await catalogue.publish(tx, sku_id)
    for new in _slots(terms, plan, sku_id):
        await bookings.open_slots(tx, new, principal)
    return sku_id


def _slots(terms: Terms, plan: VisitPlan, sku_id: UUID) -> list[NewSlots]:
    begin = terms.opens_at.astimezone(CHINA).date()
    end = min(terms.closes_at.astimezone(CHINA).date(), begin + timedelta(days=DAYS_MAX))
    return [
        NewSlots(
            sku_id=sku_id,
            unit_id=unit_id,
            begin=begin,
            end=max(begin, end),
            weekdays=plan.weekdays,
            times=plan.times,
            minutes=plan.minutes,
            capacity=plan.capacity,
        )
        for unit_id in plan.unit_ids
    ]


async def _own_brand(tx: Tx) -> UUID:
    for brand in await catalogue.find_brands(tx, q=OWN_BRAND.lower()):
        if brand.code == OWN_BRAND and brand.status is catalogue.Status.ACTIVE:
            return brand.id
    bank = await tenants.get(tx)
    return await catalogue.add_brand(tx, NewBrand(code=OWN_BRAND, name=bank.name, name_en=bank.name_en))
