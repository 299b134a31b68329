"""Where the demo's benefits are used: a merchant for every brand, its stores, and their clerks."""

import csv
import io
from itertools import cycle
from uuid import UUID

import numpy as np

from huoke.app.demo import invented
from huoke.app.demo.fill import FOUND_MAX, Filled
from huoke.app.demo.plan import BrandPlan
from huoke.app.runtime import Runtime
from huoke.govern import people
from huoke.govern.people import NewStaff, Role, RoleScope, UnitKind
from huoke.kernel.ids import UnitId
from huoke.kernel.tx import Actor, ActorKind, Tx
from huoke.reward import catalogue, merchants, outlets
from huoke.reward.catalogue import Delivery, PhysicalDetails
from huoke.reward.merchants import NewMerchant, NewRule, Scope
from huoke.reward.outlets import GiftOrder, NewShipment, SignOrder

AT_ONCE = 15
STORES_EACH = 2
_STREETS = ("中山路", "滨河路", "新华街", "和平里", "文昌巷", "解放路", "桂花街", "星海大道", "人民路", "望江街")
_STREETS_EN = (
    "Zhongshan Road", "Binhe Road", "Xinhua Street", "Heping Lane", "Wenchang Alley", "Jiefang Road", "Guihua Street",
    "Xinghai Avenue", "Renmin Road", "Wangjiang Street",
)  # fmt: skip
HOURS = "10:00–22:00"
GIFTS_EACH = 500
"""As many as the campaign has: no outlet runs out while the demo's customers come."""
GIFTS_LOW = 10


async def open_shops(runtime: Runtime, bank: Filled) -> None:
    """Merchants, stores and acceptance for every brand of the plan: in the brand's own stores and at the counters."""
    buyer = bank.actors[Role.BUYER].actor
    plans = bank.plan.merchants
    for start in range(0, len(plans), AT_ONCE):
        async with runtime.database.begin(bank.tenant, buyer) as tx:
            known = {row.code for row in await merchants.find_merchants(tx, limit=FOUND_MAX)}
            brands = {row.code: row.id for row in await catalogue.find_brands(tx, limit=FOUND_MAX)}
            for place, plan in enumerate(plans[start : start + AT_ONCE], start):
                if plan.code not in known:
                    await _open(tx, bank, plan, place, brands[plan.code])
    async with runtime.database.begin(bank.tenant, bank.actors[Role.SYSTEM_ADMIN].actor) as tx:
        await _bind_clerks(tx, bank)
    for product in bank.plan.products:
        if product.details == PhysicalDetails(delivery=Delivery.OUTLET):
            await _fill_shelves(runtime, bank, bank.skus[product.code])


async def _open(tx: Tx, bank: Filled, plan: BrandPlan, place: int, brand_id: UUID) -> None:
    new = NewMerchant(
        code=plan.code, name=plan.name, name_en=plan.name_en, category=plan.category, unit_id=bank.head_office()
    )
    merchant_id = await merchants.add_merchant(tx, new, units=None)
    done = await merchants.import_stores(tx, merchant_id, _stores_csv(bank, plan, place), units=None)
    assert not done.problems, "the stores of the demo are well formed"
    rule = NewRule(scope=Scope.BRAND, scope_key=str(brand_id), merchant_ids=[merchant_id], counters=True)
    await merchants.add_rule(tx, rule, units=None)


def _stores_csv(bank: Filled, plan: BrandPlan, place: int) -> bytes:
    """Two stores in two cities, at addresses nobody has."""
    cities = bank.plan.cities
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("code", "name", "region", "street", "hours", "name_en"))
    for number in range(STORES_EACH):
        city = cities[(place + number) % len(cities)]
        which = (place * 3 + number * 7) % len(_STREETS)
        street = _STREETS[which]
        shop = f"{plan.name} {city}{street}店"
        door = f"{city}{street} {(place * 37 + number * 11) % 180 + 1} 号"
        shop_en = f"{plan.name_en}, {_STREETS_EN[which]}"
        writer.writerow((f"{plan.code}-S{number + 1}", shop, bank.plan.region, door, HOURS, shop_en))
    return out.getvalue().encode()


async def _fill_shelves(runtime: Runtime, bank: Filled, sku_id: UUID) -> None:
    """A gift on the shelf of every outlet, signed for by who works there; an alarm stands where few are left."""
    async with runtime.database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        if await outlets.find_shipments(tx, limit=1):
            return
        sent = {}
        for unit in bank.plan.units:
            new = NewShipment(sku_id=sku_id, unit_id=bank.units[unit.code], quantity=bank.scaled(GIFTS_EACH))
            sent[unit.code] = await outlets.send(tx, new)
            await outlets.set_gift(tx, GiftOrder(unit_id=new.unit_id, sku_id=sku_id, low_at=GIFTS_LOW))
    for colleague in bank.plan.colleagues:
        async with runtime.database.begin(bank.tenant) as tx:
            known = await people.staff.by_login(tx, colleague.login)
        assert known is not None, "colleagues are staff"
        async with runtime.database.begin(bank.tenant, Actor(ActorKind.STAFF, str(known.id))) as tx:
            order = SignOrder(quantity=bank.scaled(GIFTS_EACH))
            await outlets.sign(tx, sent[colleague.unit_code], order)


async def _bind_clerks(tx: Tx, bank: Filled) -> None:
    """Whoever signs in as a clerk stands in the first brand's stores; each other brand of a campaign has one too."""
    if await merchants.find_clerks(tx):
        return
    stores = await merchants.find_stores(tx, limit=FOUND_MAX)
    for code, staff_id in (await _clerks(tx, bank)).items():
        for store in stores:
            if store.code.startswith(f"{code}-S"):
                await merchants.bind_clerk(tx, staff_id, store.id, units=None)


async def _clerks(tx: Tx, bank: Filled) -> dict[str, UUID]:
    """A clerk by the code of their brand; those who do not sign in are made where they are missing."""
    clerks = {}
    own = next((person for person in bank.plan.people if person.role is Role.MERCHANT_CLERK), None)
    if own and (known := await people.staff.by_login(tx, own.login)):
        clerks[bank.plan.merchants[0].code] = known.id
    campaigned = dict.fromkeys(product.brand[0] for product in bank.plan.products)
    others = [plan.code for plan in bank.plan.merchants if plan.code in campaigned and plan.code not in clerks]
    outlets = [unit.code for unit in bank.plan.units if unit.kind is UnitKind.SUB_BRANCH]
    names = invented.names(np.random.default_rng(bank.plan.seed + 1), len(others)).tolist()
    for code, name, outlet in zip(others, names, cycle(outlets), strict=False):
        unit_id = UnitId(bank.units[outlet])
        roles = [RoleScope(Role.MERCHANT_CLERK, unit_id)]
        new = NewStaff(login=f"clerk-{code.lower()}", name=name, post="商户店员", unit_id=unit_id, roles=roles)
        known = await people.staff.by_login(tx, new.login)
        clerks[code] = known.id if known else (await people.staff.add(tx, [new]))[0]
    return clerks
