"""Group buys for tests: one that is live, customers with points, seats taken, and what the cashier says of them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from huoke.app.demo.cashier_books import CashierManners, PlayedCashier
from huoke.app.demo.cashier_server import CashierServer
from huoke.govern import approvals
from huoke.kernel import log
from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants, group_buy, ledger, payments
from huoke.reward.group_buy import NewGroupBuy, Reserve
from huoke.reward.group_buy import jobs as group_buy_jobs
from tests.make import payments as make_payments
from tests.make.campaigns import World

POINTS = 300


def terms(world: World, **changes: Any) -> NewGroupBuy:
    """Three people, 300 points each, a day to fill, a quarter of an hour to pay; open now for thirty days."""
    now = world.database.clock.now()
    told: dict[str, Any] = {
        "name": "三人咖啡团",
        "title": "三人成团，咖啡更省",
        "title_en": "Coffee for three",
        "rules": "满三人付款即成团，未成团全部退回。",
        "sku_id": world.sku_id,
        "size": 3,
        "points": POINTS,
        "stock": 30,
        "budget_id": world.budget_id,
        "opens_at": now,
        "closes_at": now + timedelta(days=30),
        **changes,
    }
    return NewGroupBuy(**told)


async def live(world: World, **changes: Any) -> UUID:
    """A group buy that another person approved."""
    async with world.begin(world.operator) as tx:
        programme_id = await group_buy.propose(tx, world.operator, terms(world, **changes))
        change_id = (await group_buy.get(tx, programme_id)).change_id
    assert change_id is not None
    async with world.begin(world.approver) as tx:
        change = await approvals.find_change(tx, change_id)
        await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "已核对", change.diff_hash)
    return programme_id


async def rich(world: World, *seqs: int, points: int = 1_000) -> None:
    """Customers get points of one lot each."""
    async with world.begin() as tx:
        credits_ = [
            ledger.Credit(
                seq=seq, currency="POINTS", points=points, expires_at=tx.now + timedelta(days=365),
                source_kind="test", source_id=new_id(), line=0,
            )
            for seq in seqs
        ]  # fmt: skip
        await ledger.credit(tx, credits_)


async def purse(world: World, seq: int) -> tuple[int, int]:
    """(points, points left in the customer's lots)."""
    async with world.begin() as tx:
        lots = await ledger.find_lots(tx, seq, "POINTS")
        return await ledger.balance(tx, ledger.points_account(seq, "POINTS")), sum(lot.remaining for lot in lots)


async def take(world: World, programme_id: UUID, *wishes: tuple[int, str], **changes: Any) -> list[Any | Refusal]:
    """Seats taken in one batch: (customer, code of a group, empty for a new one)."""
    async with world.begin() as tx:
        programme = await group_buy.get(tx, programme_id)
        calls = [
            Call(
                Reserve(
                    **{
                        "request_no": new_id().hex, "programme_id": programme_id, "seq": seq, "code": code,
                        "expected_points": programme.terms.points, "expected_cash_fen": programme.terms.cash_fen,
                        **changes,
                    }
                ),
                SYSTEM,
                tx.now,
            )
            for seq, code in wishes
        ]  # fmt: skip
        return await group_buy.reserve(tx, calls)


async def sit(world: World, programme_id: UUID, seq: int, code: str = "") -> Any:
    """One seat that is reserved."""
    [answer] = await take(world, programme_id, (seq, code))
    assert not isinstance(answer, Refusal), answer
    return answer


async def expire(world: World) -> int:
    """One look at groups whose time is over."""
    async with world.begin() as tx:
        return await group_buy.expire(tx)


async def hear(world: World) -> None:
    """Group buys take what was said of payments and grants meanwhile."""
    dispatcher = log.Dispatcher(world.database, world.feed, log.subscribers_of([group_buy_jobs]))
    while await dispatcher.run_once():
        pass


async def states(world: World, code: str) -> tuple[str, list[str]]:
    """Where a group stands, and its seats in the order they were taken."""
    async with world.begin() as tx:
        party = await tx.fetch_row("SELECT id, state FROM group_buy.party WHERE code = $1", code)
        rows = await tx.fetch(
            "SELECT state FROM group_buy.seat WHERE party_id = $1 ORDER BY reserved_at, id", party["id"]
        )
    return party["state"], [row["state"] for row in rows]


async def stock(world: World, programme_id: UUID) -> tuple[int, int]:
    """(units free, units that seats keep)."""
    async with world.begin() as tx:
        programme = await group_buy.get(tx, programme_id)
        assert programme.pool_id is not None
        assert programme.seat_pool_id is not None
        pools = {pool.id: pool for pool in await grants.get_pools(tx, [programme.pool_id, programme.seat_pool_id])}
    return pools[programme.pool_id].available, pools[programme.seat_pool_id].available


async def till(world: World, server: CashierServer) -> make_payments.Till:
    """A cashier that is played, entered by the buyer and approved; it tells nothing of its own accord."""
    name = f"group-{world.tenant}-{len(server.partners)}"
    fake = PlayedCashier(make_payments.note(name), world.database.clock.machine, CashierManners(mute=1.0))
    server.partners[name] = fake
    async with world.begin(world.buyer) as tx:
        cashier_id = await payments.propose(tx, make_payments.cashier(server.address(name)))
        [row] = [one for one in await payments.cashiers(tx) if one.id == cashier_id]
    assert row.change_id is not None
    async with world.begin(world.approver) as tx:
        change = await approvals.find_change(tx, row.change_id)
        await approvals.decide(tx, row.change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    return make_payments.Till(world.database, world.tenant, name, server, fake)


async def pays(world: World, till: make_payments.Till, *payment_ids: UUID) -> None:
    """Customers pay at the cashier, the bank asks after it, and group buys hear."""
    await till.carry()
    for payment_id in payment_ids:
        till.fake.pay(payment_id.hex)
