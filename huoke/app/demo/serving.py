"""The demo's services: an airport lounge one books, in a bundle that gives higher tiers more; some have booked."""

from collections.abc import Sequence
from datetime import time, timedelta
from uuid import UUID

from huoke.app.demo import campaigning
from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.clock import CHINA
from huoke.kernel.ids import Seq
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Actor, ActorKind, Tx
from huoke.reach import campaigns
from huoke.reach.campaigns import CampaignMode, CampaignState, Line, NewCampaign, PageText, PageTexts
from huoke.reward import bookings, catalogue, grants, supply, tiers
from huoke.reward.bookings import Booking, NewSlots
from huoke.reward.catalogue import (
    BundleTerms,
    NewBrand,
    NewBundle,
    NewItem,
    NewSku,
    ServiceDetails,
    SkuKind,
    Split,
    SplitBy,
    Terms,
    Variant,
)

CODE = "LOUNGE"
NAME = "会员季选"
DAYS = 14
TIMES = (time(9), time(10, 30), time(14), time(15, 30))
CLAIMS = 12
STOCK = 200
_TEXTS = PageTexts(
    zh=PageText(
        title="会员季选",
        subtitle="等级越高，可选越多",
        rules="会员按当前等级选择权益；贵宾厅须先预约，开始前 24 小时可改约。领取后三十天内有效，不可转让、兑现。",
    ),
    en=PageText(
        title="A season's choice",
        subtitle="The higher the tier, the more to choose",
        rules="Members choose by their tier. A lounge visit is booked first and moved until 24 hours before. Good for"
        " 30 days, not transferable, no cash.",
    ),
)


async def serve(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """A service with slots at three units, a bundle by tier, its campaign, claims and bookings; but once."""
    operator = bank.actors[Role.OPERATOR]
    campaign_id = await _drafted(runtime, bank)
    if campaign_id is None:
        return
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        campaign = await campaigns.get(tx, operator, campaign_id)
    if campaign.state in (CampaignState.DRAFT, CampaignState.SUBMITTED):
        await campaigning.go_live(runtime, bank, campaign)
        await _book_some(runtime, bank, campaign_id, seqs)


async def _drafted(runtime: Runtime, bank: Filled) -> UUID | None:
    """The campaign, drafted where there is none; None in a bank without tiers."""
    operator = bank.actors[Role.OPERATOR]
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        scheme = await tiers.scheme(tx)
        known = {row.name: row.id for row in await campaigns.find(tx, operator, limit=200)}
        if scheme is None or NAME in known:
            return None if scheme is None else known[NAME]
        sku_id = await _service(tx)
        await _open(tx, bank, sku_id)
        bundle = await _bundle(tx, bank, sku_id, scheme)
        lines = [Line(sku_id=one, stock=STOCK) for one in bundle.every_sku]
        new = NewCampaign(
            name=NAME,
            goal="会员活跃",
            unit_id=bank.head_office(),
            bundle_id=bundle.id,
            lines=lines,
            mode=CampaignMode.PULL,
            published=True,
            budget_id=bank.budget_id,
            budget_fen=200_000_00,
            opens_at=tx.now,
            closes_at=tx.now + timedelta(days=30),
            valid_days=30,
            control_percent=0,
            page_texts=_TEXTS,
        )
        return await campaigns.create(tx, operator, new)


async def _service(tx: Tx) -> UUID:
    [supplier] = await supply.find(tx, limit=1)
    brand_id = await catalogue.add_brand(tx, NewBrand(code="YUNTING", name="云庭", name_en="Yunting"))
    item = NewItem(brand_id=brand_id, code=CODE, name="机场贵宾厅", name_en="Airport lounge", category="travel")
    terms = Terms(
        name="机场贵宾厅 单人一次",
        name_en="Airport lounge, one visit",
        face_value_fen=20_000,
        cost_fen=8_800,
        details=ServiceDetails(move_until_hours=24, no_shows_max=1),
        supplier_id=supplier.id,
        valid_days=30,
        acceptance="预约网点的贵宾服务台",
        acceptance_en="At the guest desk of the place booked",
    )
    item_id = await catalogue.add_item(tx, item)
    sku_id = await catalogue.add_sku(tx, NewSku(item_id=item_id, code=CODE, kind=SkuKind.VOUCHER, terms=terms))
    await catalogue.publish(tx, sku_id)
    return sku_id


async def _open(tx: Tx, bank: Filled, sku_id: UUID) -> None:
    """Two visitors at a time, four times a day, at the first units below head office."""
    below = [unit.code for unit in bank.plan.units if unit.parent_code][:3]
    today = tx.now.astimezone(CHINA).date()
    for code in below:
        new = NewSlots(
            sku_id=sku_id,
            unit_id=bank.units[code],
            begin=today,
            end=today + timedelta(days=DAYS),
            times=list(TIMES),
            minutes=90,
            capacity=2,
        )
        await bookings.open_slots(tx, new, bank.actors[Role.OPERATOR])


async def _bundle(tx: Tx, bank: Filled, sku_id: UUID, scheme: tiers.Scheme) -> catalogue.Bundle:
    skus = await catalogue.skus(tx, bank.skus.values())
    usual = sorted(
        (sku for sku in skus.values() if sku.handover is catalogue.Handover.COUNTER and sku.kind is SkuKind.VOUCHER),
        key=lambda sku: (sku.cost_fen, sku.code),
    )[:3]
    few = [sku.id for sku in usual]
    high, middle = scheme.keys[-2:], scheme.keys[1:-2]
    variants = [
        Variant(name="尊享版", name_en="Premium", tiers=high, choose=2, sku_ids=[sku_id, *few]),
        Variant(name="进阶版", name_en="Advanced", tiers=middle, choose=1, sku_ids=[sku_id, *few[:2]]),
    ]
    terms = BundleTerms(
        name=NAME,
        name_en="A season's choice",
        choose=1,
        sku_ids=few,
        split=Split(by=SplitBy.TIER, variants=[one for one in variants if one.tiers]),
    )
    bundle_id = await catalogue.add_bundle(tx, NewBundle(code="SEASON", terms=terms))
    await catalogue.publish_bundle(tx, bundle_id)
    return await catalogue.bundle(tx, bundle_id)


async def _book_some(runtime: Runtime, bank: Filled, campaign_id: UUID, seqs: Sequence[Seq]) -> None:
    """Customers of the upper tiers claim a visit; two in three book it."""
    async with runtime.database.begin(bank.tenant) as tx:
        offers = await grants.find_offers(tx, "campaign", campaign_id)
        services = {sku.id for sku in (await catalogue.skus(tx, [one.sku_id for one in offers])).values()
                    if sku.code == CODE}  # fmt: skip
        [offer] = [one for one in offers if one.sku_id in services]
        held = await tiers.standings(tx, seqs[:2_000])
        scheme = await tiers.scheme(tx)
        above = [seq for seq, key in held.items() if scheme and key in scheme.keys[1:]][:CLAIMS]
        calls = [
            Call(
                grants.OwnClaim(request_no=f"demo:lounge:{seq}", offer_id=offer.id, seq=seq),
                Actor(ActorKind.CUSTOMER, str(seq)),
                tx.now,
            )
            for seq in above
        ]
        answers = await grants.claim_own(tx, calls)
        claimed = [(seq, one) for seq, one in zip(above, answers, strict=True) if not isinstance(one, Refusal)]
        found = [await bookings.free(tx, one.grant_id, seq) for seq, one in claimed[:1]]
        free = [one.slot for one in found[0].slots] if found else []
        wishes = [
            Booking(grant_id=one.grant_id, slot_id=free[place % len(free)].id, seq=seq)
            for place, (seq, one) in enumerate(claimed)
            if free and place % 3
        ]
        await bookings.book(tx, [Call(one, Actor(ActorKind.CUSTOMER, str(one.seq)), tx.now) for one in wishes])
