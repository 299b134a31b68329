"""A gift of the demo's mall that its supplier sends: on the shelf for points, and ordered by a few customers."""

from collections.abc import Sequence
from datetime import timedelta

from huoke.app.demo import orders
from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import BUDGET_NAME, FOUND_MAX, Peopled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.tx import Actor, ActorKind
from huoke.reward import catalogue, grants, ledger, mall

GIFT = "GIFT-MUG"
POINTS, STOCK, DAYS = 300, 40, 180
BUYERS, ORDERS = 400, 3


async def send(runtime: Runtime, bank: Peopled, seqs: Sequence[Seq]) -> None:
    """Shelve the gift and let customers who have the points order it; done before, nothing happens."""
    async with runtime.database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        found = {row.code: row.id for row in await catalogue.find_skus(tx, limit=FOUND_MAX)}
        sku_id = found.get(GIFT)
        items = await mall.find_items(tx)
        if sku_id is None or not items or any(one.sku_id == sku_id for one in items):
            return
        [pool_id] = [pool.id for pool in await grants.find_pools(tx) if pool.sku_id == sku_id and not pool.parent_id]
        [budget_id] = [row.id for row in await ledger.find_budgets(tx) if row.name == BUDGET_NAME]
        new = mall.NewShelfItem(
            sku_id=sku_id, points=POINTS, person_limit=2, stock=STOCK, budget_id=budget_id, pool_id=pool_id,
            opens_at=tx.now - timedelta(minutes=1), closes_at=tx.now + timedelta(days=DAYS),
        )  # fmt: skip
        item_id = await mall.propose(tx, new)
        [change_id] = [one.change_id for one in await mall.find_items(tx) if one.id == item_id]
        await approve(tx, bank, change_id)
    async with runtime.database.begin(bank.tenant) as tx:
        accounts = {int(seq): ledger.points_account(seq, "POINTS") for seq in seqs[:BUYERS]}
        held = await ledger.stored_balances(tx, list(accounts.values()))
        able = [seq for seq, account in accounts.items() if held[account] >= POINTS][-ORDERS:]
        wishes = [
            mall.Order(
                request_no=new_id().hex, shelf_item_id=item_id, seq=seq, expected_points=POINTS,
                delivery=orders.postal(seq),
            )
            for seq in able
        ]  # fmt: skip
        await mall.order(tx, [Call(one, Actor(ActorKind.CUSTOMER, str(one.seq)), tx.now) for one in wishes])
