"""Filling a demo bank: organisation, people, benefits, money and stock, customers with consent; each step once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import numpy as np

from huoke.app.demo import held, population
from huoke.app.demo.behaviour import logins_in
from huoke.app.demo.plan import DemoBank, Product
from huoke.app.demo.population import SLICE, Population, customers_csv, mapping
from huoke.app.demo.related import RingTruth, relations_csv, write_rings
from huoke.app.demo.sign_ins import sign_in_of
from huoke.app.demo.telling import Story
from huoke.app.founding import found_bank
from huoke.app.runtime import Runtime
from huoke.govern import identity, people, tenants
from huoke.govern.people import NewStaff, Role, RoleScope
from huoke.govern.tenants import NewTenant, TenantCodeTaken
from huoke.kernel import files
from huoke.kernel.ids import Seq, TenantId
from huoke.kernel.principal import Principal
from huoke.kernel.refusals import Outage
from huoke.kernel.sets import CustomerSet
from huoke.kernel.tx import Tx
from huoke.know import consent, customers
from huoke.know.consent import MARKETING, Basis, Statement, SuppressionReason, SuppressionStatement, Verdict
from huoke.know.customers import ImportStatus, NewImport, NewOwnership, OwnershipStanding
from huoke.reward import catalogue, grants, ledger, supply
from huoke.reward.catalogue import NewBrand, NewItem, NewSku, Terms
from huoke.reward.grants import NewPool
from huoke.reward.ledger import NewBudget
from huoke.reward.supply import NewSupplier

Report = Callable[[int, int], Awaitable[bool]]
"""(done, total) → whether to go on."""
BUDGET_NAME = "2026 年权益预算"
CONSENT_SHARE = 0.9
LOGIN_DAYS = 30
SKUS_AT_ONCE = 60
GIVEN_AT_ONCE = 5_000
RICH_TIER = 2
"""From this tier on the manager of the branch looks after a customer as well."""
"""So many take well below the two seconds a transaction may last."""
FOUND_MAX = 1_000
SUPPRESSED = {
    SuppressionReason.OVERDUE: 0.008,
    SuppressionReason.COMPLAINT: 0.002,
    SuppressionReason.STAFF: 0.004,
}
"""Share of customers on each list."""


class Peopled(msgspec.Struct, frozen=True, kw_only=True):
    """A bank with its units and people."""

    plan: DemoBank
    tenant: TenantId
    actors: dict[Role, Principal]
    units: dict[str, int]
    """By code."""

    def head_office(self) -> int:
        """The unit that campaigns of the whole bank belong to."""
        return self.units["HO"]


class Filled(Peopled, frozen=True, kw_only=True):
    """A bank that campaigns can be made in."""

    skus: dict[str, UUID]
    pools: dict[str, UUID]
    budget_id: UUID
    customers: int

    def scaled(self, amount: int) -> int:
        """An amount of the plan for as many customers as there are."""
        return -(-amount * max(self.customers, self.plan.customers) // self.plan.customers)


async def find_bank(runtime: Runtime, plan: DemoBank) -> Peopled:
    """A bank that an earlier start has made."""
    tenant = await tenants.find_by_code(runtime.database, plan.code)
    async with runtime.database.begin(tenant) as tx:
        units = {unit.code: int(unit.id) for unit in await people.units.tree(tx)}
    return Peopled(plan=plan, tenant=tenant, actors=await _actors(runtime, plan, tenant), units=units)


async def open_bank(runtime: Runtime, plan: DemoBank) -> TenantId:
    """The bank with its units and the look of its pages."""
    try:
        new = NewTenant(code=plan.code, name=plan.name, name_en=plan.name_en, brand=plan.brand)
        tenant = (await found_bank(runtime, new)).tenant
    except TenantCodeTaken:
        tenant = await tenants.find_by_code(runtime.database, plan.code)
    async with runtime.database.begin(tenant) as tx:
        known = {unit.code for unit in await people.units.tree(tx)}
        await people.units.add(tx, [unit for unit in plan.units if unit.code not in known])
        for key, value in (("h5.scene", plan.scene), ("h5.mark", plan.mark)):
            await tenants.set_setting(tx, key, value, "示范数据")
    return tenant


async def add_people(runtime: Runtime, plan: DemoBank, tenant: TenantId) -> dict[Role, Principal]:
    """One person for each role, and their colleagues; returns who acts in each role."""
    async with runtime.database.begin(tenant) as tx:
        units = {unit.code: unit.id for unit in await people.units.tree(tx)}
        for person in plan.people:
            if await people.staff.by_login(tx, person.login) is None:
                unit_id = units[person.unit_code]
                roles = [RoleScope(person.role, unit_id)]
                new = NewStaff(login=person.login, name=person.name, post=person.post, unit_id=unit_id, roles=roles)
                await people.staff.add(tx, [new])
        for colleague in plan.colleagues:
            if await people.staff.by_login(tx, colleague.login) is None:
                unit_id = units[colleague.unit_code]
                new = NewStaff(
                    login=colleague.login,
                    name=colleague.name,
                    post=colleague.post,
                    unit_id=unit_id,
                    roles=[RoleScope(Role.RM, unit_id)],
                )
                await people.staff.add(tx, [new])
    return await _actors(runtime, plan, tenant)


async def give_sign_ins(runtime: Runtime, plan: DemoBank, tenant: TenantId) -> None:
    """Everybody of the plan gets the password and second factor that `huoke demo` shows."""
    await asyncio.gather(*(_give_credentials(runtime, plan, tenant, person.login) for person in plan.people))


async def _give_credentials(runtime: Runtime, plan: DemoBank, tenant: TenantId, login: str) -> None:
    sign_in = sign_in_of(runtime.settings.key_path, plan.code, login)
    async with runtime.database.begin(tenant) as tx:
        member = await people.staff.by_login(tx, login)
        assert member is not None, "added above"
        await identity.set_credentials(tx, member.id, sign_in.password, sign_in.totp_secret)


async def _actors(runtime: Runtime, plan: DemoBank, tenant: TenantId) -> dict[Role, Principal]:
    """Who acts in each role: the first of it."""
    return {
        person.role: await identity.principal_of_login(runtime.database, tenant, person.login)
        for person in reversed(plan.people)
    }


async def stock_up(
    runtime: Runtime, plan: DemoBank, tenant: TenantId, actors: dict[Role, Principal], count: int
) -> Filled:
    """Suppliers, SKUs, their pools and the budget that pays, for `count` customers; all by the buyer."""
    growth = -(-count // plan.customers)
    buyer = actors[Role.BUYER].actor
    async with runtime.database.begin(tenant, buyer) as tx:
        units = {unit.code: int(unit.id) for unit in await people.units.tree(tx)}
        suppliers = {row.code: row.id for row in await supply.find(tx, limit=200)}
        for supplier in plan.suppliers:
            if supplier.code not in suppliers:
                suppliers[supplier.code] = await supply.add(tx, NewSupplier(**msgspec.structs.asdict(supplier)))
    everything = [*plan.products, *plan.offers]
    skus: dict[str, UUID] = {}
    for start in range(0, len(everything), SKUS_AT_ONCE):
        async with runtime.database.begin(tenant, buyer) as tx:
            skus |= await catalogued(tx, everything[start : start + SKUS_AT_ONCE], suppliers)
    async with runtime.database.begin(tenant, buyer) as tx:
        pools = await _pools(tx, plan, skus, units["HO"], growth)
        budgets = {row.name: row.id for row in await ledger.find_budgets(tx)}
        if BUDGET_NAME not in budgets:
            new = NewBudget(name=BUDGET_NAME, unit_id=units["HO"], limit_fen=plan.budget_fen * growth)
            budgets[BUDGET_NAME] = await ledger.open_budget(tx, new)
    return Filled(
        plan=plan,
        tenant=tenant,
        actors=actors,
        units=units,
        skus=skus,
        pools=pools,
        budget_id=budgets[BUDGET_NAME],
        customers=count,
    )


async def numbers(runtime: Runtime, bank: Filled, story: Story) -> list[Seq]:
    """The customers that were brought, in file order."""
    everyone: list[Seq] = []
    for first in range(0, story.customers, SLICE):
        count = min(SLICE, story.customers - first)
        drawn = population.draw(count, story.plan.seed, story.plan.place, story.today, first=first)
        async with runtime.database.begin(bank.tenant) as tx:
            found = await customers.find_by_no(tx, drawn.customer_no.tolist())
        everyone += [Seq(found[number]) for number in drawn.customer_no.tolist()]
    return everyone


async def bring_customers(runtime: Runtime, bank: Filled, story: Story, report: Report) -> None:
    """Customers through the import itself, their consents and suppressions."""
    actor = bank.actors[Role.OPERATOR].actor
    everyone: list[Seq] = []
    planted: list[RingTruth] = []
    async with runtime.database.begin(bank.tenant) as tx:  # staff would need a second person for the bands
        await customers.define_attributes(tx, mapping().attributes())
    for first, world, history in story.slices():
        content = customers_csv(world.people, bank.plan.place, logins_in(history, world, LOGIN_DAYS))
        name = f"{bank.plan.code}-customers-{first // SLICE + 1}.csv"
        await _import(runtime, bank, name, content, mapping(), _part(report, first, story.customers))
        edges, edge_fields, rings = relations_csv(world.people, bank.plan.seed + first, bank.plan.code)
        planted += rings
        for what, (rows, fields) in (
            ("accounts", held.accounts_csv(world.people)),
            ("holdings", held.holdings_csv(world.people)),
            ("relations", (edges, edge_fields)),
        ):
            await _import(runtime, bank, name.replace("customers", what), rows, held.mapping(what, fields))
        async with runtime.database.begin(bank.tenant, actor) as tx:
            numbers = world.people.customer_no.tolist()
            found = await customers.find_by_no(tx, numbers)
            everyone += [Seq(found[number]) for number in numbers]
        await _give_to_managers(runtime, bank, world.people)
    write_rings(runtime.settings.home, bank.plan.code, planted)
    async with runtime.database.begin(bank.tenant, actor) as tx:
        if not await consent.members(tx, MARKETING):
            await _agree(tx, everyone, bank.plan.seed)


async def _give_to_managers(runtime: Runtime, bank: Filled, found: Population) -> None:
    """Whom the file names a manager for: the one of their unit, and for the rich that of the branch above as well."""
    managers = bank.plan.colleagues
    above = {unit.code: unit.parent_code for unit in bank.plan.units}
    by_unit = {manager.unit_code: manager.login for manager in managers}
    owned = np.flatnonzero(found.owned)
    news = []
    for number, unit, rich in zip(
        found.customer_no[owned].tolist(),
        found.unit[owned].tolist(),
        (found.tier[owned] >= RICH_TIER).tolist(),
        strict=True,
    ):
        own = managers[unit]
        news.append(NewOwnership(customer_no=number, login=own.login))
        second = by_unit.get(above[own.unit_code])
        if rich and second:
            standing = OwnershipStanding.CO_OWNER
            news.append(NewOwnership(customer_no=number, login=second, standing=standing))
    for start in range(0, len(news), GIVEN_AT_ONCE):
        async with runtime.database.begin(bank.tenant, bank.actors[Role.OPERATOR].actor) as tx:
            await customers.give(tx, news[start : start + GIVEN_AT_ONCE])


async def _import(
    runtime: Runtime, bank: Filled, name: str, content: bytes, how: customers.Mapping, report: Report | None = None
) -> None:
    actor = bank.actors[Role.OPERATOR].actor
    async with runtime.database.begin(bank.tenant, actor) as tx:
        expires_at = tx.now + timedelta(days=1)
        file_id = await files.put(tx, name, "text/csv", content, expires_at)
        new = NewImport(file_id=file_id, mapping=msgspec.to_builtins(how), name=name)
        import_id = await customers.start(tx, new, announce=False)
    done = await customers.run_import(runtime.database, bank.tenant, import_id, actor=actor, progress=report)
    if done.status is not ImportStatus.DONE or done.rows_refused:
        raise Outage(f"The import of the demo's customers ended as {done.status}: {done.refusal or done.report}")


def _part(report: Report, first: int, total: int) -> Report:
    """Progress of one slice as progress of the whole."""

    async def say(done: int, _slice: int) -> bool:
        return await report(first + done, total)

    return say


async def _agree(tx: Tx, seqs: list[Seq], seed: int) -> None:
    random = np.random.default_rng(seed)
    drawn = random.random(len(seqs))
    everyone = np.array(seqs)

    def chosen(share: float) -> CustomerSet:
        return CustomerSet.of(tx.tenant, random.permutation(everyone)[: int(share * len(seqs))], tx.now)

    agreed = CustomerSet.of(tx.tenant, everyone[drawn < CONSENT_SHARE], tx.now)
    given = Statement(
        purpose=MARKETING,
        verdict=Verdict.GIVEN,
        members=agreed,
        basis=Basis.CONSENT,
        text_version="1",
        channel="app",
    )
    await consent.record(tx, [given])
    lists = [
        SuppressionStatement(reason=reason, verdict=Verdict.GIVEN, members=chosen(share), source="示范数据")
        for reason, share in SUPPRESSED.items()
    ]
    await consent.suppress(tx, lists)


async def catalogued(tx: Tx, products: Sequence[Product], suppliers: Mapping[str, UUID]) -> dict[str, UUID]:
    """The published SKU of each product by code; brands, items and SKUs are made where they are missing."""
    brands = {row.code: row.id for row in await catalogue.find_brands(tx, limit=FOUND_MAX)}
    items = {row.code: row.id for row in await catalogue.find_items(tx, limit=FOUND_MAX)}
    skus = {row.code: row.id for row in await catalogue.find_skus(tx, limit=FOUND_MAX)}
    for product in products:
        code, name, name_en = product.brand
        if product.code in skus:
            continue
        if code not in brands:
            brands[code] = await catalogue.add_brand(tx, NewBrand(code=code, name=name, name_en=name_en))
        if product.code not in items:
            zh, en = product.name
            new = NewItem(brand_id=brands[code], code=product.code, name=zh, name_en=en, category=product.category)
            items[product.code] = await catalogue.add_item(tx, new)
        terms = _terms(product, suppliers)
        sku = NewSku(item_id=items[product.code], code=product.code, kind=product.kind, terms=terms)
        skus[product.code] = await catalogue.add_sku(tx, sku)
        await catalogue.publish(tx, skus[product.code])
    return {product.code: skus[product.code] for product in products}


def _terms(product: Product, suppliers: Mapping[str, UUID]) -> Terms:
    return Terms(
        name=product.name[0],
        name_en=product.name[1],
        face_value_fen=product.face_value_fen,
        cost_fen=product.cost_fen,
        points=product.points,
        details=product.details,
        supplier_id=suppliers[product.supplier] if product.supplier else None,
        valid_days=product.valid_days,
        tax_code=product.tax_code,
        acceptance=product.acceptance[0],
        acceptance_en=product.acceptance[1],
        regions=list(product.regions),
    )


async def _pools(tx: Tx, plan: DemoBank, skus: dict[str, UUID], unit_id: int, growth: int) -> dict[str, UUID]:
    """Head office's stock of each product that is bought in."""
    roots: dict[Any, UUID] = {pool.sku_id: pool.id for pool in await grants.find_pools(tx) if pool.parent_id is None}
    pools = {}
    for product in plan.products:
        if product.stock:
            sku_id = skus[product.code]
            quantity = product.stock * growth
            new = NewPool(sku_id=sku_id, unit_id=unit_id, name=f"{product.name[0]} 总行库存", quantity=quantity)
            pools[product.code] = roots.get(sku_id) or await grants.open_pool(tx, new)
    return pools
