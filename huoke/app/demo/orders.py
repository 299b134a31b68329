"""Connecting the demo's banks with the suppliers that the demo plays: money paid ahead, first top-ups and gifts.

All through the use-cases that people use; doing it again changes nothing.
"""

import base64
import secrets
from collections.abc import Sequence
from uuid import UUID

import msgspec

from huoke.app.demo import campaigning, sourcing
from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import FOUND_MAX, Filled, Peopled
from huoke.app.demo.plan import RULES_EN, RULES_ZH, Plan, Supplier, texts
from huoke.app.demo.supplier_server import SupplierNote, read_suppliers, write_suppliers
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.ids import Seq
from huoke.kernel.tx import Actor, ActorKind, Tx
from huoke.reach.campaigns import Campaign, CampaignMode
from huoke.reward import catalogue, grants, library, supply
from huoke.reward.catalogue import (
    Delivery,
    NewBrand,
    NewItem,
    NewSku,
    PhysicalDetails,
    SkuKind,
    TaxCode,
    Terms,
    TopupDetails,
)
from huoke.reward.grants import NewPool, OwnClaim, PhoneDelivery, PostalDelivery
from huoke.reward.supply import NewConnection, NewSupplier
from huoke.settle import fulfilment
from huoke.settle.fulfilment import NewPrepayment

KEY_ID = "huoke-demo"
CORE = "CORE"
"""Core banking: financial benefits are handed to it as a file a day."""
SUPPLIERS = (
    Supplier("CHENGUANG", "晨光直充", "Dawn Top-up", "99020000MA0008X", 15, "沈知夏", "12000010008"),
    Supplier("XINGLI", "星礼配送", "Star Gifts", "99020000MA0009X", 30, "韩青禾", "12000010009"),
    Supplier("YUNDA", "云达直充", "Cloud Top-up", "99020000MA0010X", 15, "陆知远", "12000010010"),
    Supplier("CORE", "核心系统", "Core banking", "99020000MA0011X", 0, "顾明远", "12000010011"),
)
"""Suppliers that deliver by order, beside those of the bank's plan."""
PAID_FEN = {"CHENGUANG": 200_000_00, "XINGLI": 12_000_00, "YUNDA": 30_000_00}
ALARM_FEN = {"CHENGUANG": 20_000_00, "XINGLI": 10_000_00, "YUNDA": 3_000_00}
SECOND = "编码,名称,品牌,商品,类别,类型,面值,结算价\nYD-HF10,话费 10 元（快充）,全网通,话费,充值,直充,10.00,9.92\n"
"""What the second supplier of the top-up offers: dearer by seven fen, asked where the first one fails."""
STOCK = 3_000
"""For as many customers as the bank's plan has."""
CLAIMS = {"TOPUP-10": 90, "GIFT-MUG": 40}


async def connect(runtime: Runtime, banks: Sequence[Peopled], *, elsewhere: frozenset[str] = frozenset()) -> None:
    """Give every supplier of every bank an address and a key that both sides know, and pay ahead what orders need.

    Those `elsewhere` were given theirs by others.
    """
    notes = {note.code: note for note in read_suppliers(runtime.settings.home)}
    for bank in banks:
        buyer = bank.actors[Role.BUYER].actor
        async with runtime.database.begin(bank.tenant, buyer) as tx:
            known = {row.code: row.id for row in await supply.find(tx, limit=200)}
            for supplier in SUPPLIERS:
                if supplier.code not in known:
                    known[supplier.code] = await supply.add(tx, NewSupplier(**msgspec.structs.asdict(supplier)))
            for code, supplier_id in known.items():
                if code in elsewhere:
                    continue
                place = f"{bank.plan.code}-{code}"
                key = base64.b64encode(secrets.token_bytes(32)).decode()
                note = notes.setdefault(place, SupplierNote(place, KEY_ID, key))
                await supply.connect(tx, _connection(runtime, bank, supplier_id, code, note))
        for code, amount_fen in PAID_FEN.items():
            await _pay(runtime, bank, known[code], amount_fen)
    write_suppliers(runtime.settings.home, list(notes.values()))


async def order(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> list[Campaign]:
    """Campaigns of a top-up and a gift, open to everyone, and the first customers who claim them."""
    bank = await _stocked(runtime, bank)
    made = []
    for plan in PLANS:
        campaign = await campaigning.make_campaign(runtime, bank, plan, {})
        await _claim(runtime, bank, campaign, plan.product, seqs[: CLAIMS[plan.product]])
        made.append(campaign)
    return made


async def second_offer(runtime: Runtime, bank: Peopled) -> None:
    """Another supplier of the top-up, taken from its own catalogue behind the first; done before changes nothing."""
    buyer = bank.actors[Role.BUYER].actor
    async with runtime.database.begin(bank.tenant, buyer) as tx:
        suppliers = {row.code: row.id for row in await supply.find(tx, limit=200)}
        topups = await catalogue.find_skus(tx, kind=SkuKind.TOPUP, limit=200)
        [sku_id] = [row.id for row in topups if row.code == "TOPUP-10"]
        if any(one.supplier_id == suppliers["YUNDA"] for one in await library.offers(tx, sku_id)):
            return
    import_id = await sourcing.take_in(runtime, bank, suppliers["YUNDA"], "云达直充目录.csv", iter([SECOND]))
    async with runtime.database.begin(bank.tenant, buyer) as tx:
        [line] = await library.differences(tx, import_id, limit=1)
        assert line.number is not None, "it was written just now"
        await library.take(tx, library.Taking(number=line.number, sku_id=sku_id))


def _connection(runtime: Runtime, bank: Peopled, supplier_id: UUID, code: str, note: SupplierNote) -> NewConnection:
    settings = runtime.settings
    return NewConnection(
        supplier_id=supplier_id,
        address=f"http://127.0.0.1:{settings.supplier_port}/{note.code}",
        callback_address=f"http://127.0.0.1:{settings.web_port}/v1/supplier-callbacks/{bank.plan.code}/{code}",
        key_id=note.key_id,
        key=note.key,
        adapter="core_file" if code == CORE else "rest_hmac",
        timeout_seconds=3,
        prepaid=code in PAID_FEN,
        prepayment_alarm_fen=ALARM_FEN.get(code, 0),
        stock_alarm=100 if code in PAID_FEN else 0,
    )


async def _pay(runtime: Runtime, bank: Peopled, supplier_id: UUID, amount_fen: int) -> None:
    """The buyer asks, the approver approves."""
    async with runtime.database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        if await fulfilment.find_prepayments(tx, supplier_id=supplier_id, limit=1):
            return
        new = NewPrepayment(supplier_id=supplier_id, amount_fen=amount_fen, reference=f"FK-{tx.now:%Y%m%d}-01")
        await fulfilment.prepay(tx, new, bank.head_office())
        [row] = await fulfilment.find_prepayments(tx, supplier_id=supplier_id, limit=1)
        await approve(tx, bank, row.change_id, comment="示范：已核对合同")


async def _stocked(runtime: Runtime, bank: Filled) -> Filled:
    """The bank with SKUs and stock of what is ordered."""
    skus, pools = dict(bank.skus), dict(bank.pools)
    async with runtime.database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        suppliers = {row.code: row.id for row in await supply.find(tx, limit=200)}
        roots = {pool.sku_id: pool.id for pool in await grants.find_pools(tx) if pool.parent_id is None}
        for code, kind, terms in _goods(suppliers):
            skus[code] = await add(tx, code, kind, terms)
            name, quantity = f"{terms.name} 总行库存", bank.scaled(STOCK)
            new = NewPool(sku_id=skus[code], unit_id=bank.head_office(), name=name, quantity=quantity)
            pools[code] = roots.get(skus[code]) or await grants.open_pool(tx, new)
    return msgspec.structs.replace(bank, skus=skus, pools=pools)


async def add(tx: Tx, code: str, kind: SkuKind, terms: Terms, category: str = "retail") -> UUID:
    """A published SKU of a brand of its own, made where there is none of that code; returns it."""
    known = {row.code: row.id for row in await catalogue.find_skus(tx, limit=FOUND_MAX)}
    if code in known:
        return known[code]
    brand_id = await catalogue.add_brand(tx, NewBrand(code=code, name=terms.name, name_en=terms.name_en))
    category = "topup" if kind is SkuKind.TOPUP else category
    item = NewItem(brand_id=brand_id, code=code, name=terms.name, name_en=terms.name_en, category=category)
    sku_id = await catalogue.add_sku(
        tx, NewSku(item_id=await catalogue.add_item(tx, item), code=code, kind=kind, terms=terms)
    )
    await catalogue.publish(tx, sku_id)
    return sku_id


def _goods(suppliers: dict[str, UUID]) -> list[tuple[str, SkuKind, Terms]]:
    topup = Terms(
        name="话费充值 10 元",
        name_en="Phone top-up, CNY 10",
        face_value_fen=1_000,
        cost_fen=985,
        details=TopupDetails(),
        supplier_id=suppliers["CHENGUANG"],
        valid_days=30,
        tax_code=TaxCode.PURCHASE_GIFT,
        acceptance="全国手机号可充",
        acceptance_en="For every mobile number",
    )
    mug = Terms(
        name="四季马克杯",
        name_en="Four seasons mug",
        face_value_fen=6_900,
        cost_fen=2_650,
        details=PhysicalDetails(delivery=Delivery.POST),
        supplier_id=suppliers["XINGLI"],
        valid_days=30,
        tax_code=TaxCode.PURCHASE_GIFT,
        acceptance="快递到家，偏远地区除外",
        acceptance_en="Sent to your door, remote areas excluded",
    )
    return [("TOPUP-10", SkuKind.TOPUP, topup), ("GIFT-MUG", SkuKind.PHYSICAL, mug)]


async def _claim(runtime: Runtime, bank: Filled, campaign: Campaign, product: str, seqs: Sequence[Seq]) -> None:
    assert campaign.offer_id is not None, "a running campaign has an offer"
    calls = []
    async with runtime.database.begin(bank.tenant) as tx:
        for seq in seqs:
            claim = OwnClaim(
                request_no=f"demo:{campaign.offer_id}:{seq}",
                offer_id=campaign.offer_id,
                seq=int(seq),
                delivery=_delivery(product, int(seq)),
            )
            calls.append(Call(claim, Actor(ActorKind.CUSTOMER, str(seq)), tx.now))
        await grants.claim_own(tx, calls)


def _delivery(product: str, seq: int) -> grants.Delivery:
    return PhoneDelivery(phone=f"1990{seq:07d}") if product == "TOPUP-10" else postal(seq)


def postal(seq: int) -> PostalDelivery:
    """Where a gift of a customer is sent to."""
    address = f"示范路 {seq % 300 + 1} 号"
    return PostalDelivery(name="示范客户", phone=f"1990{seq:07d}", region="330203", address=address)


def _plan(name: str, product: str, budget_fen: int, zh: tuple[str, str], en: tuple[str, str]) -> Plan:
    return Plan(
        name=name,
        goal="全体客户可领，由供应商直接交付",
        segment="",
        product=product,
        mode=CampaignMode.PULL,
        published=True,
        stock=1_000,
        budget_fen=budget_fen,
        shares=0,
        days=30,
        control_percent=0,
        person_limit=1,
        texts=texts((*zh, RULES_ZH), (*en, RULES_EN)),
        until="running",
    )


TOPUP_ZH, TOPUP_EN = ("话费充值 10 元", "填手机号，即时到账"), ("CNY 10 for your phone", "On any number, at once")
MUG_ZH, MUG_EN = ("四季马克杯", "填地址，包邮到家"), ("A mug of four seasons", "Sent to your door")
PLANS = (
    _plan("手机充值有礼", "TOPUP-10", 985_000, TOPUP_ZH, TOPUP_EN),
    _plan("四季好礼到家", "GIFT-MUG", 2_650_000, MUG_ZH, MUG_EN),
)
