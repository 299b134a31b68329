"""A kit of the demo's bank: a month of play, set up by the operator as drafts that wait to be looked over."""

from datetime import timedelta

from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.tx import Tx
from huoke.reach import kits
from huoke.reach.kits import Chosen, NewSetup
from huoke.reward import catalogue, grants
from huoke.reward.catalogue import SkuKind

KEY = "game_month"
NAME = "新年游戏月"
STOCK_MAX = 200
AHEAD = timedelta(days=10)
DAYS = timedelta(days=30)


async def set_up_kit(runtime: Runtime, bank: Filled) -> None:
    """Set one kit up with the bank's two cheapest vouchers; what is there is left as it is."""
    operator = bank.actors[Role.OPERATOR]
    async with runtime.database.begin(bank.tenant, operator.actor) as tx:
        if await kits.find(tx, operator, q=NAME):
            return
        chosen, cost_fen = await choose(tx, 2, STOCK_MAX)
        new = NewSetup(
            key=KEY,
            name=NAME,
            benefits=chosen,
            budget_id=bank.budget_id,
            budget_fen=cost_fen,
            opens_at=tx.now + AHEAD,
            closes_at=tx.now + AHEAD + DAYS,
        )
        await kits.set_up(tx, operator, new)


async def choose(tx: Tx, count: int, stock_max: int) -> tuple[list[Chosen], int]:
    """The bank's cheapest vouchers as a kit's benefits, up to half of what is there, and what all cost (fen)."""
    pools = {pool.sku_id: pool for pool in await grants.find_pools(tx) if pool.parent_id is None}
    skus = await catalogue.skus(tx, pools)
    vouchers = sorted(
        (one for one in skus.values() if one.kind is SkuKind.VOUCHER and pools[one.id].available >= 2),
        key=lambda one: one.cost_fen,
    )[:count]
    chosen = [
        Chosen(sku_id=one.id, pool_id=pools[one.id].id, stock=min(stock_max, pools[one.id].available // 2))
        for one in vouchers
    ]
    return chosen, sum(sku.cost_fen * one.stock for sku, one in zip(vouchers, chosen, strict=True))
