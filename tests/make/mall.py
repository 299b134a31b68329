"""The mall for tests: benefits on the shelf, approved by a second person, and customers with points."""

from datetime import timedelta
from uuid import UUID

import msgspec

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.ids import TenantId, new_id
from huoke.kernel.tx import SYSTEM, Database
from huoke.reward import mall
from tests.make import catalogue, grants, ledger, people


class World(msgspec.Struct):
    """Something on the shelf, with what pays for it and where its stock came from."""

    database: Database
    bank: TenantId
    item_id: UUID
    sku_id: UUID
    budget_id: UUID
    pool_id: UUID


async def on_shelf(
    database: Database, bank: TenantId, *, stock: int = 10, limit_fen: int = 1_000_000, **changes
) -> World:
    """A coffee voucher that costs 1,200 points, two a person, unless said otherwise."""
    approvals.register(mall.ShelfApproval())
    async with database.begin(bank) as tx:
        head = (await people.units(tx)).head
        maker = people.actor(await people.staff(tx, Role.BUYER))
        checker = people.actor(await people.staff(tx, Role.APPROVER))
        sku_id = await catalogue.voucher(tx)
        budget_id = await ledger.budget(tx, limit_fen)
        pool_id = await grants.pool(tx, 100, sku_id=sku_id, unit_id=head)
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
