"""The mall for tests: benefits on the shelf, approved by a second person, and customers with points."""

from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.log import LoggedEvent
from huoke.kernel.tx import SYSTEM, Database
from huoke.reward import grants as real_grants
from huoke.reward import ledger as real_ledger
from huoke.reward import mall
from huoke.reward.mall import jobs
from huoke.reward.tills import jobs as till_jobs
from huoke.settle.fulfilment import jobs as fulfilment_jobs
from tests.make import catalogue, grants, ledger, people
from tests.make.payments import Till


class World(msgspec.Struct):
    """Something on the shelf, with what pays for it and where its stock came from."""

    database: Database
    bank: TenantId
    item_id: UUID
    sku_id: UUID
    budget_id: UUID
    pool_id: UUID


async def on_shelf(
    database: Database,
    bank: TenantId,
    *,
    stock: int = 10,
    held: int = 100,
    limit_fen: int = 1_000_000,
    sku_id: UUID | None = None,
    **changes,
) -> World:
    """A coffee voucher that costs 1,200 points, two a person, unless said otherwise; `held` units lie in its pool."""
    approvals.register(mall.ShelfApproval())
    async with database.begin(bank) as tx:
        head = (await people.units(tx)).head
        maker = people.actor(await people.staff(tx, Role.BUYER))
        checker = people.actor(await people.staff(tx, Role.APPROVER))
        sku_id = sku_id or await catalogue.voucher(tx)
        budget_id = await ledger.budget(tx, limit_fen)
        pool_id = await grants.pool(tx, held, sku_id=sku_id, unit_id=head)
    async with database.begin(bank, maker) as tx:
        new = mall.NewShelfItem(
            sku_id=sku_id, points=1_200, person_limit=2, stock=stock, budget_id=budget_id, pool_id=pool_id,
            opens_at=tx.now - timedelta(hours=1), closes_at=tx.now + timedelta(days=30),
        )  # fmt: skip
        item_id = await mall.propose(tx, msgspec.structs.replace(new, **changes))
        [found] = [one for one in await mall.find_items(tx) if one.id == item_id]
    async with database.begin(bank, checker) as tx:
        change = await approvals.find_change(tx, found.change_id)
        await approvals.decide(tx, found.change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    return World(database, bank, item_id, sku_id, budget_id, pool_id)


async def order(world: World, *orders: mall.Order):
    """Order in one batch."""
    async with world.database.begin(world.bank) as tx:
        return await mall.order(tx, [Call(one, SYSTEM, tx.now) for one in orders])


def wish(world: World, seq: int, **changes) -> mall.Order:
    """An order for one at the price that stands."""
    made = mall.Order(request_no=new_id().hex, shelf_item_id=world.item_id, seq=seq, expected_points=1_200)
    return msgspec.structs.replace(made, **changes)


class Shop(msgspec.Struct):
    """Something on the shelf that also costs money, and the till it is paid at."""

    world: World
    till: Till
    told: int = 0

    async def place(self, seq: int, quantity: int = 1, *, lines: list[mall.Line] | None = None, **changes):
        """Order at the price that stands."""
        wish = mall.Wish(request_no=new_id().hex, seq=seq, lines=[self.line(quantity)] if lines is None else lines)
        async with self.world.database.begin(self.world.bank) as tx:
            return await mall.place(tx, msgspec.structs.replace(wish, **changes))

    def line(self, quantity: int = 1, **changes) -> mall.Line:
        """So many of it at 1,200 points and 9.90 yuan."""
        made = mall.Line(
            shelf_item_id=self.world.item_id, quantity=quantity, expected_points=1_200, expected_cash_fen=990
        )
        return msgspec.structs.replace(made, **changes)

    async def settle(self) -> None:
        """Call the cashier, then let the mall hear all that happened, every word of it twice."""
        await self.till.carry()
        await self.hear()

    async def hear(self) -> None:
        """Let everybody hear what happened since the last time."""
        self.told = await hear(self.world.database, self.world.bank, self.told)

    async def pay(self, placed: mall.Placed) -> bool:
        """The customer pays at the cashier."""
        await self.till.carry()
        return self.till.fake.pay(placed.payment_id.hex)

    async def purchase(self, seq: int, purchase_id: UUID) -> mall.OwnPurchase:
        """An order as its customer sees it."""
        async with self.world.database.begin(self.world.bank) as tx:
            return await mall.own_purchase(tx, seq, purchase_id)

    async def stands(self, seq: int) -> tuple[int, int, int, int]:
        """(free points, units left, budget reserved, budget available in fen); and everything adds up."""
        async with self.world.database.begin(self.world.bank) as tx:
            assert await real_ledger.verify(tx) == []
            assert await real_grants.verify(tx) == []
            left = next(one.left for one in await mall.find_items(tx) if one.id == self.world.item_id)
            [budget] = await real_ledger.get_budgets(tx, [self.world.budget_id])
            free = await mall.points_of(tx, seq, "POINTS")
        return free, left, budget.reserved_fen, budget.available_fen


async def hear(database: Database, bank: TenantId, told: int = 0) -> int:
    """Give events of payments and grants to those that sell and deliver, each of them twice; returns how many there
    are. The first `told` were given before.
    """
    async with database.begin(bank) as tx:
        rows = await tx.fetch(
            "SELECT id, name, payload, recorded_at FROM kernel.event WHERE name IN ('payments.paid',"
            " 'payments.closed', 'payments.refunded', 'grants.moved', 'grants.issued') ORDER BY xid, ordinal"
        )
    take = {
        "payments.paid": (jobs.finish_purchase, till_jobs.finish_sale),
        "payments.closed": (jobs.close_purchase, till_jobs.close_sale),
        "payments.refunded": (jobs.end_refund, till_jobs.take_back),
        "grants.moved": (jobs.refund_orders,),
        "grants.issued": (fulfilment_jobs.create_orders,),
    }
    for row in rows[told:]:
        for one in 2 * take[row["name"]]:
            async with database.begin(bank) as tx:
                await one(tx, _logged(row))
    return len(rows)


def _logged(row) -> LoggedEvent:
    """An event as a subscriber gets it."""
    return LoggedEvent(
        tenant=TenantId(0), id=row["id"], name=row["name"], version=1, data_class="", recorded_at=row["recorded_at"],
        actor_kind="system", actor_id="", seq=None, members=None, payload=row["payload"], xid=0, ordinal=0,
    )  # fmt: skip
