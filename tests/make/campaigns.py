"""Campaigns for tests: a staffed bank with customers in ClickHouse, drafts, and the way through approval."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from huoke.govern import approvals
from huoke.govern.people import PERMISSIONS, Role
from huoke.kernel.batch import Call
from huoke.kernel.engines import ClickHouse
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.principal import Principal
from huoke.kernel.tx import SYSTEM, Database, Tx
from huoke.know import customers, language, segments
from huoke.measure import figures
from huoke.reach import campaigns
from huoke.reach.campaigns import CampaignMode, NewCampaign, PageText, PageTexts
from huoke.reward import grants
from tests.make import catalogue as make_catalogue
from tests.make import customers as make_customers
from tests.make import people as make_people
from tests.make import shipping

BALANCE = {"type": "decimal", "deposit_derived": True, "data_class": "C2", "bands": ["0", "1000"]}
TYPES = {"age": "integer", "balance": BALANCE}
TEXTS = PageTexts(
    zh=PageText(title="秋日咖啡季", subtitle="一杯等你", rules="每人限领一份，领取后十四天内有效。"),
    en=PageText(title="Autumn coffee", subtitle="One for you", rules="One per person, valid for 14 days."),
)
ADULTS = {"kind": "attr", "name": "age", "op": ">=", "value": 18}


class World(msgspec.Struct, kw_only=True):
    """A bank that can run campaigns. `seqs` are its customers, in the order they were imported."""

    database: Database
    feed: Database
    analytics: language.Analytics
    tenant: TenantId
    units: make_people.Units
    operator: Principal
    branch_operator: Principal
    reviewer: Principal
    approver: Principal
    buyer: Principal
    other_buyer: Principal
    teller: Principal
    seqs: list[int]
    segment_id: UUID
    supplier_id: UUID
    sku_id: UUID
    budget_id: UUID

    def begin(self, principal: Principal | None = None) -> Any:
        """A transaction as somebody, or as the system."""
        return self.database.begin(self.tenant, principal.actor if principal else SYSTEM)


async def world(
    database: Database,
    feed: Database,
    clickhouse: ClickHouse,
    analytics: language.Analytics,
    tenant: TenantId,
    *,
    count: int = 60,
    same_person: int = 2,
) -> World:
    """Staff, `count` adult customers with consent spread over three units, a segment of them all, a SKU, a budget.

    The last `same_person` customers share one id document: they are one natural person.
    """
    from huoke.reward import ledger

    async with database.begin(tenant) as tx:
        units = await make_people.units(tx)
        cast = {role: await _principal(tx, role, units.head) for role in _CAST}
        other_buyer = await _principal(tx, Role.BUYER, units.head)
        branch_operator = await _principal(tx, Role.BRANCH_OPERATOR, units.north)
        supplier_id = await make_catalogue.supplier(tx)
        sku_id = await make_catalogue.voucher(tx, supplier_id=supplier_id)
        budget = ledger.NewBudget(name="营销费用", unit_id=units.head, limit_fen=100_000_000)
        budget_id = await ledger.open_budget(tx, budget)
    rows = [_row(n, count, same_person) for n in range(count)]
    await make_customers.import_rows(database, tenant, rows, TYPES)
    await ship(feed, clickhouse)
    async with database.begin(tenant) as tx:
        found = await customers.find_by_no(tx, [row["customer_no"] for row in rows])
        segment_id = await segments.save(tx, segments.NewSegment(name="成年客户", expression=ADULTS))
    return World(
        database=database,
        feed=feed,
        analytics=analytics,
        tenant=tenant,
        units=units,
        operator=cast[Role.OPERATOR],
        branch_operator=branch_operator,
        reviewer=cast[Role.CONSUMER_REVIEWER],
        approver=cast[Role.APPROVER],
        buyer=cast[Role.BUYER],
        other_buyer=other_buyer,
        teller=cast[Role.TELLER],
        seqs=[int(found[row["customer_no"]]) for row in rows],
        segment_id=segment_id,
        supplier_id=supplier_id,
        sku_id=sku_id,
        budget_id=budget_id,
    )


def draft(world: World, **changes: Any) -> NewCampaign:
    """A push campaign over everybody, open now for ten days, without a control group; `changes` are fields."""
    now = world.database.clock.now()
    told: dict[str, Any] = {
        "name": "秋日咖啡季",
        "goal": "支付活跃",
        "segment_id": world.segment_id,
        "sku_id": world.sku_id,
        "stock": 1_000,
        "budget_id": world.budget_id,
        "budget_fen": 1_980 * 1_000,
        "opens_at": now,
        "closes_at": now + timedelta(days=10),
        "control_percent": 0,
        "page_texts": TEXTS,
    }
    if changes.get("published"):
        told |= {"mode": CampaignMode.PULL, "segment_id": None}
    return NewCampaign(**{**told, **changes})


async def create(world: World, principal: Principal | None = None, **changes: Any) -> UUID:
    """A draft."""
    maker = principal or world.operator
    async with world.begin(maker) as tx:
        return await campaigns.create(tx, maker, draft(world, **changes))


async def submit(world: World, campaign_id: UUID, principal: Principal | None = None) -> UUID:
    """Send a draft to approval; returns the change."""
    maker = principal or world.operator
    async with world.begin(maker) as tx:
        return await campaigns.submit(tx, world.database, maker, world.analytics, campaign_id)


async def approve(world: World, change_id: UUID) -> None:
    """Both stages, by two people."""
    for checker in (world.reviewer, world.approver):
        async with world.begin(checker) as tx:
            change = await approvals.find_change(tx, change_id)
            await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)


async def live(world: World, **changes: Any) -> UUID:
    """A campaign that was approved; it runs at once where its window is open."""
    campaign_id = await create(world, **changes)
    await approve(world, await submit(world, campaign_id))
    return campaign_id


async def run(world: World, campaign_id: UUID, *, rows_max: int = 10_000) -> campaigns.Progress:
    """Run a push campaign to its end."""

    async def go_on(_done: int, _total: int) -> bool:
        return True

    progress = await campaigns.run(world.database, world.tenant, campaign_id, go_on, rows_max=rows_max)
    assert progress is not None
    return progress


async def claim(world: World, campaign_id: UUID, *seqs: int) -> list[Any]:
    """Claim for customers, one answer each."""
    async with world.begin() as tx:
        [offer] = await grants.find_offers(tx, "campaign", campaign_id)
        return list(
            await grants.claim_own(
                tx,
                [
                    Call(grants.OwnClaim(request_no=new_id().hex, offer_id=offer.id, seq=seq), SYSTEM, tx.now)
                    for seq in seqs
                ],
            )
        )


async def redeem(world: World, *grant_ids: UUID) -> list[Any]:
    """Redeem grants at the counter, one answer each."""
    async with world.begin(world.teller) as tx:
        items = [grants.Redemption(request_no=new_id().hex, grant_id=grant_id) for grant_id in grant_ids]
        answers = await grants.redeem(tx, items, teller=world.teller.actor.id, unit_id=world.units.north)
    return list(answers)


async def ship(feed: Database, clickhouse: ClickHouse) -> None:
    """Bring customers and grants committed so far to ClickHouse."""
    await shipping.ship(feed, clickhouse, customers.CUSTOMERS, figures.STEPS)


_CAST = (Role.OPERATOR, Role.CONSUMER_REVIEWER, Role.APPROVER, Role.BUYER, Role.TELLER)


async def _principal(tx: Tx, role: Role, unit_id: int) -> Principal:
    from huoke.govern import people

    staff_id = await make_people.staff(tx, role, unit_id=unit_id)
    person = await people.staff.get(tx, staff_id)
    return Principal(
        actor=make_people.actor(staff_id),
        tenant=tx.tenant,
        permissions=PERMISSIONS[role],
        units=await people.staff.scope(tx, person.roles),
        unit_id=unit_id,
        name=person.name,
    )


def _row(n: int, count: int, same_person: int) -> dict[str, Any]:
    document = "330203199001011234" if n >= count - same_person else ""
    return {
        "customer_no": f"C{n:06}",
        "unit_code": ("N", "S", "N1")[n % 3],
        "id_document": document,
        "age": 20 + n % 50,
        "balance": n * 100,
    }
