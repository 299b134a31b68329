"""The demo's mall: what the bank has in its library stands on the shelf, and customers with points have ordered."""

from collections.abc import Sequence
from datetime import timedelta

from huoke.app.demo import parcels
from huoke.app.demo.deciding import approve
from huoke.app.demo.fill import Filled
from huoke.app.runtime import Runtime
from huoke.govern.people import Role
from huoke.kernel.batch import Call
from huoke.kernel.ids import Seq, new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import Actor, ActorKind
from huoke.reward import catalogue, grants, ledger, mall, tiers
from huoke.reward.catalogue import SkuKind

ITEMS_MAX = 12
STOCK = 40
FEN_A_POINT = 2
ORDERS = 60
BUYERS = 400
_PARTS = 0.2
"""At most so much of a pool is put on the shelf."""


async def open_mall(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Put up to twelve benefits on the shelf, one of them from gold on; let customers order; done before, nothing."""
    async with runtime.database.begin(bank.tenant, bank.actors[Role.BUYER].actor) as tx:
        if await mall.find_items(tx):
            return
        scheme = await tiers.scheme(tx)
        pools = {pool.sku_id: pool for pool in await grants.find_pools(tx) if pool.parent_id is None}
        skus = await catalogue.skus(tx, pools)
        chosen = sorted(
            (
                sku
                for sku in skus.values()
                if sku.kind is not SkuKind.POINTS and sku.code != parcels.GIFT and pools[sku.id].available >= 10
            ),
            key=lambda one: one.cost_fen,
        )[:ITEMS_MAX]
        mixed = next((sku for sku in chosen[1:] if sku.handover is catalogue.Handover.COUNTER), None)
        wanted = [
            mall.NewShelfItem(
                sku_id=sku.id,
                points=_points(sku, mixed=sku is mixed),
                cash_fen=sku.face_value_fen // 2 if sku is mixed else 0,
                person_limit=2,
                stock=min(STOCK, int(pools[sku.id].available * _PARTS) + 1),
                budget_id=bank.budget_id,
                pool_id=pools[sku.id].id,
                tier=scheme.keys[2] if scheme and sku is chosen[-1] else "",
                opens_at=tx.now - timedelta(minutes=1),
                closes_at=tx.now + timedelta(days=180),
            )
            for sku in chosen
        ]
        for new in wanted:
            await mall.propose(tx, new)
        for one in await mall.find_items(tx):
            await approve(tx, bank, one.change_id)
    await _order(runtime, bank, seqs)


def _points(sku: catalogue.Sku, *, mixed: bool) -> int:
    """The price in points, in steps of fifty; half of it where the rest is paid in money."""
    whole = max(-(-sku.face_value_fen // FEN_A_POINT // 50) * 50, 50)
    return max(whole // 2 // 50 * 50, 50) if mixed else whole


async def _order(runtime: Runtime, bank: Filled, seqs: Sequence[Seq]) -> None:
    """Customers who have the points order what they can of what a counter hands over; a few give theirs back."""
    async with runtime.database.begin(bank.tenant) as tx:
        shelf = [one for one in await mall.shelf_for(tx, seqs[0]) if one.sku.handover is catalogue.Handover.COUNTER]
        wishes: list[mall.Order] = []
        accounts = {seq: ledger.points_account(seq, "POINTS") for seq in seqs[:BUYERS]}
        held = await ledger.stored_balances(tx, list(accounts.values()))
        for seq, account in accounts.items():
            points = held[account]
            fit = [one for one in shelf if one.points <= points and one.state == "on" and not one.cash_fen]
            if fit and len(wishes) < ORDERS:
                best = fit[(len(wishes) * 7) % len(fit)]
                wishes.append(
                    mall.Order(request_no=new_id().hex, shelf_item_id=best.id, seq=seq, expected_points=best.points)
                )
    calls = [Call(one, Actor(ActorKind.CUSTOMER, str(one.seq)), runtime.clock.now()) for one in wishes]
    async with runtime.database.begin(bank.tenant) as tx:
        answers = await mall.order(tx, calls)
        for place, answer in enumerate(answers):
            if not isinstance(answer, Refusal) and place % 9 == 4:
                await mall.give_back(tx, answer.order_id, [wishes[place].seq], "客户自行退回")
