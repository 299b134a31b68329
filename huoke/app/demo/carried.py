"""Benefits that somebody else's system carries: core banking by a file a day, and coupons of a payment platform.

Yesterday's customers chose two of a waived fee, cheaper instalments and a coupon; the day's file goes out, its answer
comes in, a used coupon is made good again. All through the use-cases that people use; done again it changes nothing.
"""

import base64
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.app.demo import campaigning, orders
from huoke.app.demo.coupon_server import PlatformNote, read_platforms, write_platforms
from huoke.app.demo.fill import Filled, Peopled
from huoke.app.demo.outside import private_key, public_key
from huoke.app.demo.plan import Supplier
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.clock import CHINA, SetClock
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Actor, ActorKind, Database, Tx
from huoke.reach import campaigns
from huoke.reach.campaigns import CampaignMode, Line, NewCampaign, PageText, PageTexts
from huoke.reward import catalogue, grants, supply
from huoke.reward.catalogue import (
    BundleTerms,
    CouponDetails,
    FinancialDetails,
    Instrument,
    NewBundle,
    ProductType,
    SkuKind,
    Terms,
)
from huoke.reward.grants import OwnClaim, PhoneDelivery
from huoke.reward.merchants import Place
from huoke.reward.supply import NewConnection, NewSupplier, NoAnswer, NotTaken
from huoke.settle import fulfilment, reconciliation
from huoke.settle.fulfilment import CouponKeys, CouponRedemption, Issued

COUPONS = Supplier("PAYCOUPON", "汇付券平台", "Huifu coupon platform", "99020000MA0012X", 15, "唐予安", "12000010012")
STOCK_ID = "1296300000000001"
APP_ID, SERIAL, PLATFORM_SERIAL = "wxc0000000000001", "5157F09EFDC096DE", "PUB_KEY_ID_COUPON"
NAME = "金融权益自由选"
CODE = "CARRIED"
CHOOSERS = 12
STOCK = 300
_TEXTS = PageTexts(
    zh=PageText(
        title="金融权益三选二",
        subtitle="年费、分期手续费、支付立减，选您用得上的",
        rules="每位客户三选二，选定后不能更换。年费减免与分期优惠由核心系统在次日入账；支付券发到您填写的手机号名下。不可转让、兑现。",
    ),
    en=PageText(
        title="Two of three for your card",
        subtitle="Annual fee, instalments, or money off a payment",
        rules="Two of three for each customer; a choice is final. Fees and instalments are entered by core banking the"
        " next day, the coupon goes to the phone number you give. Not transferable, no cash.",
    ),
)


async def connect(runtime: Runtime, bank: Peopled) -> None:
    """Give the bank its coupon platform, with keys of both sides; those once given stay: the platform holds them."""
    settings = runtime.settings
    known = {note.code: note for note in read_platforms(settings.home)}
    note = known.get(place := f"{bank.plan.code}-{COUPONS.code}") or _note(place)
    web = f"http://127.0.0.1:{settings.web_port}/v1/supplier-callbacks/{bank.plan.code}/{COUPONS.code}"
    note = msgspec.structs.replace(note, notice_address=web)
    write_platforms(settings.home, [*(one for code, one in known.items() if code != place), note])
    keys = CouponKeys(
        app_id=note.app_id,
        merchant_no=note.merchant_no,
        serial=note.serial,
        private_key=note.merchant_private,
        platform_serial=note.platform_serial,
        platform_key=public_key(note.platform_key),
        notice_key=note.notice_key,
        recipient_key=note.recipient_key,
    )
    async with runtime.database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        suppliers = {row.code: row.id for row in await supply.find(tx, limit=200)}
        supplier_id = suppliers.get(COUPONS.code) or await supply.add(
            tx, NewSupplier(**msgspec.structs.asdict(COUPONS))
        )
        connection = NewConnection(
            supplier_id=supplier_id,
            address=f"http://127.0.0.1:{settings.coupon_port}/{place}",
            callback_address=web,
            key_id=note.merchant_no,
            key=base64.b64encode(msgspec.json.encode(keys)).decode(),
            adapter="busifavor",
            timeout_seconds=3,
            prepaid=False,
            stock_alarm=100,
        )
        await supply.connect(tx, connection)


async def carry(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """What core banking and the platform carry, its campaign, and yesterday's customers who chose; but once."""
    operator = bank.actors[Role.OPERATOR]
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        if COUPONS.code not in {row.code for row in await supply.find(tx, limit=200)}:
            return
        if NAME in {row.name for row in await campaigns.find(tx, operator, limit=200)}:
            return
    yesterday = Database(runtime.database.pool, SetClock(runtime.clock.now() - timedelta(days=1)))
    then = msgspec.structs.replace(runtime, database=yesterday)
    async with yesterday.begin(bank.tenant, operator.actor) as tx:
        skus = await _skus(tx)
        bundle_id = await catalogue.add_bundle(tx, NewBundle(code=CODE, terms=_terms(skus)))
        await catalogue.publish_bundle(tx, bundle_id)
        campaign_id = await campaigns.create(tx, operator, _campaign(tx, bank, bundle_id, skus))
        campaign = await campaigns.get(tx, operator, campaign_id)
    await campaigning.go_live(then, bank, campaign)
    async with yesterday.begin(bank.tenant) as tx:
        await _choose(tx, campaign_id, seqs[:CHOOSERS])
        suppliers = {row.code: row.id for row in await supply.find(tx, limit=200)}
    await fulfilment.carry(yesterday, bank.tenant, suppliers[orders.CORE])


async def settle(runtime: Runtime, bank: Filled, _: Sequence[Seq]) -> None:
    """Yesterday's file to core banking and its answer, and one used coupon made good again; nothing a second time."""
    buyer = bank.actors[Role.BUYER]
    async with runtime.database.begin(bank.tenant, buyer.actor) as tx:
        suppliers = {row.code: row.id for row in await supply.find(tx, limit=200)}
        if COUPONS.code not in suppliers:
            return
        coupons = await fulfilment.find_orders(tx, buyer, supplier_id=suppliers[COUPONS.code], limit=CHOOSERS)
        files = await reconciliation.find_files(tx, supplier_id=suppliers[orders.CORE], limit=1)
    await fulfilment.send_files(runtime.database, bank.tenant)
    if not files:
        on = (runtime.clock.now() - timedelta(days=1)).astimezone(CHINA).date()
        with suppress(NotTaken):
            await reconciliation.fetch(runtime.database, bank.tenant, buyer.actor, suppliers[orders.CORE], on)
    for order in coupons:
        with suppress(Refusal):
            await fulfilment.return_coupon(
                runtime.database, bank.tenant, buyer.actor, order.id, "示范：客户退款，券退回"
            )
            break
    await _use_one(runtime, bank, [order.number for order in reversed(coupons)])


async def _use_one(runtime: Runtime, bank: Filled, numbers: Sequence[str]) -> None:
    """The first of these coupons that is good is used at the counter; a coupon's code is its order's number."""
    teller = bank.actors[Role.TELLER]
    assert teller.unit_id is not None, "a teller sits in a unit"
    for number in numbers:
        wanted = CouponRedemption(request_no=f"demo:{number}", code=number)
        with suppress(Refusal, NotTaken, NoAnswer):
            await fulfilment.use_coupon(
                runtime.database, bank.tenant, teller.actor, wanted, Place(unit_id=int(teller.unit_id))
            )
            return


async def _choose(tx: Tx, campaign_id: UUID, seqs: Sequence[Seq]) -> None:
    """Two of three each, in turn; what core banking carries is ordered in the same breath, on the day it was chosen."""
    offers = await grants.find_offers(tx, "campaign", campaign_id)
    wishes = [(int(seq), offers[(place + more) % len(offers)]) for place, seq in enumerate(seqs) for more in (0, 1)]
    calls = [
        Call(
            OwnClaim(
                request_no=f"demo:carried:{offer.line}:{seq}",
                offer_id=offer.id,
                seq=seq,
                delivery=PhoneDelivery(phone=f"1990{seq:07d}") if offer.kind is grants.BenefitKind.TOPUP else None,
            ),
            Actor(ActorKind.CUSTOMER, str(seq)),
            tx.now,
        )
        for seq, offer in wishes
    ]
    answers = await grants.claim_own(tx, calls)
    for offer in offers:
        held = [
            (one.grant_id, seq)
            for (seq, wish), one in zip(wishes, answers, strict=True)
            if wish.id == offer.id and not isinstance(one, Refusal)
        ]
        sku = await catalogue.sku(tx, offer.sku_id)
        issued = Issued(
            sku_id=offer.sku_id,
            kind=offer.kind.value,
            supplier_id=sku.supplier_id,
            cost_fen=offer.cost_fen,
            grant_ids=[grant_id for grant_id, _ in held],
            seqs=[seq for _, seq in held],
        )
        await fulfilment.create(tx, issued)


def _terms(skus: Sequence[UUID]) -> BundleTerms:
    return BundleTerms(name="金融权益包", name_en="Bundle for cards", choose=2, sku_ids=list(skus))


def _campaign(tx: Tx, bank: Filled, bundle_id: UUID, skus: Sequence[UUID]) -> NewCampaign:
    return NewCampaign(
        name=NAME,
        goal="信用卡活跃",
        unit_id=bank.head_office(),
        bundle_id=bundle_id,
        lines=[Line(sku_id=one, stock=STOCK) for one in skus],
        mode=CampaignMode.PULL,
        published=True,
        budget_id=bank.budget_id,
        budget_fen=30_000_00,
        opens_at=tx.now,
        closes_at=tx.now + timedelta(days=30),
        valid_days=30,
        control_percent=0,
        page_texts=_TEXTS,
    )


async def _skus(tx: Tx) -> list[UUID]:
    """The three benefits, published, in the order of the bundle."""
    suppliers = {row.code: row.id for row in await supply.find(tx, limit=200)}
    core = suppliers[orders.CORE]
    waiver = FinancialDetails(
        instrument=Instrument.FEE_WAIVER, product_type=ProductType.CARD, fee_code="ANNUAL", cap_fen=10_000, carried=True
    )
    cheaper = FinancialDetails(
        instrument=Instrument.INSTALMENT_COUPON, product_type=ProductType.CARD, rate_bp=50, cap_fen=6_000, carried=True
    )
    wanted = (
        ("FEE-ANNUAL", SkuKind.FINANCIAL, _financial("信用卡年费减免", "Annual fee waived", waiver, core, 1_200)),
        ("INSTALMENT-50", SkuKind.FINANCIAL, _financial("分期手续费优惠券", "Cheaper instalments", cheaper, core, 800)),
        (
            "PAYCOUPON-10",
            SkuKind.TOPUP,
            Terms(
                name="支付立减券 10 元",
                name_en="CNY 10 off a payment",
                face_value_fen=1_000,
                cost_fen=980,
                details=CouponDetails(stock_id=STOCK_ID),
                supplier_id=suppliers[COUPONS.code],
                valid_days=30,
                acceptance="支付平台的合作商户",
                acceptance_en="Merchants of the payment platform",
            ),
        ),
    )
    return [await orders.add(tx, code, kind, terms, "finance") for code, kind, terms in wanted]


def _financial(name: str, name_en: str, details: FinancialDetails, core_id: UUID, cost_fen: int) -> Terms:
    return Terms(
        name=name,
        name_en=name_en,
        details=details,
        supplier_id=core_id,
        cost_fen=cost_fen,
        valid_days=30,
        acceptance="本人名下信用卡",
        acceptance_en="Your own credit cards",
    )


def _note(code: str) -> PlatformNote:
    """A platform with keys of both sides."""
    merchant = private_key()
    return PlatformNote(
        code=code,
        app_id=APP_ID,
        merchant_no="1900000012",
        serial=SERIAL,
        merchant_key=public_key(merchant),
        platform_serial=PLATFORM_SERIAL,
        platform_key=private_key(),
        notice_key=new_id().hex,
        merchant_private=merchant,
        recipient_key=new_id().hex * 2,
    )
