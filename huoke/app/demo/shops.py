"""Where the demo's benefits are used: a merchant for every brand, its stores, and the clerk of the first."""

import csv
import io
from uuid import UUID

from huoke.app.demo.fill import FOUND_MAX, Filled
from huoke.app.demo.plan import BrandPlan
from huoke.app.runtime import Runtime
from huoke.govern import people
from huoke.govern.people import Role
from huoke.kernel.tx import Tx
from huoke.reward import catalogue, merchants
from huoke.reward.merchants import NewMerchant, NewRule, Scope

AT_ONCE = 15
STORES_EACH = 2
_STREETS = ("中山路", "滨河路", "新华街", "和平里", "文昌巷", "解放路", "桂花街", "星海大道", "人民路", "望江街")
HOURS = "10:00–22:00"


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
        await _bind_clerk(tx, bank)


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
    writer.writerow(("code", "name", "region", "street", "hours"))
    for number in range(STORES_EACH):
        city = cities[(place + number) % len(cities)]
        street = _STREETS[(place * 3 + number * 7) % len(_STREETS)]
        shop = f"{plan.name} {city}{street}店"
        door = f"{city}{street} {(place * 37 + number * 11) % 180 + 1} 号"
        writer.writerow((f"{plan.code}-S{number + 1}", shop, bank.plan.region, door, HOURS))
    return out.getvalue().encode()


async def _bind_clerk(tx: Tx, bank: Filled) -> None:
    login = next((person.login for person in bank.plan.people if person.role is Role.MERCHANT_CLERK), None)
    clerk = await people.staff.by_login(tx, login) if login else None
    first = bank.plan.merchants[0].code
    found = await merchants.find_merchants(tx, q=first, limit=1)
    if clerk is None or not found or await merchants.find_clerks(tx):
        return
    for shop in await merchants.find_stores(tx, merchant_ids=[found[0].id], limit=STORES_EACH):
        await merchants.bind_clerk(tx, clerk.id, shop.id, units=None)
