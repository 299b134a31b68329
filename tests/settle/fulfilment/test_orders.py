"""Orders at a supplier that behaves in every way a supplier can."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import asyncpg
import pytest

from huoke.govern import approvals
from huoke.kernel.ids import new_id
from huoke.reward import supply
from huoke.settle import fulfilment
from huoke.settle.fulfilment.model import back_off
from tests.make import gates
from tests.make import supply as make

COST = 1_280


async def test_an_order_succeeds_and_draws_the_prepayment(new_shop):
    shop = await new_shop()
    await make.claim(shop, 1, 2)
    assert await shop.states() == {"created": 2}
    await shop.carry()
    assert await shop.states() == {"success": 2}
    account = await shop.money()
    assert (account.balance_fen, account.drawn_fen, account.on_the_way_fen) == (1_000_000 - 2 * COST, 2 * COST, 0)
    await make.assert_equal_books(shop)


async def test_what_a_supplier_tells_of_a_delivery_is_told_with_its_grant(new_shop):
    shop = await new_shop()
    [grant_id] = await make.claim(shop, 1)
    async with shop.begin() as tx:
        assert await fulfilment.proof_of(tx, grant_id) == {}
    await shop.carry()
    async with shop.begin() as tx:
        proof = await fulfilment.proof_of(tx, grant_id)
    assert proof.keys() == {"receipt"}, "a top-up has no parcel"


async def test_a_refused_order_fails_and_gives_everything_back(new_shop):
    shop = await new_shop(reject=1.0)
    await make.claim(shop, 1)
    await shop.carry()
    assert await shop.states() == {"refunded": 1}
    assert await make.grant_states(shop) == {"failed": 1}
    assert (await shop.money()).balance_fen == 1_000_000
    [row] = await shop.orders()
    assert (row.code, row.reason) == ("sku_off", "商品已下架")
    await make.assert_equal_books(shop)


async def test_a_dropped_answer_is_unknown_and_a_query_ends_it(new_shop, clock):
    shop = await new_shop(drop=1.0)
    await make.claim(shop, 1)
    await shop.carry()
    assert await shop.states() == {"unknown": 1}
    assert await make.grant_states(shop) == {"fulfilling": 1}
    assert (await shop.money()).on_the_way_fen == COST
    shop.fake.manners.drop = 0.0
    clock.advance(timedelta(seconds=10))
    await shop.carry()
    assert await shop.states() == {"success": 1}
    assert [order.calls for order in shop.fake.books.values()] == [1]
    await make.assert_equal_books(shop)


@pytest.mark.parametrize("manners", [{"drop": 1.0}, {"broken": 1.0}])
async def test_an_unknown_order_is_never_sent_again(new_shop, clock, manners):
    shop = await new_shop(**manners)
    await make.claim(shop, 1)
    for _ in range(6):
        await shop.carry()
        clock.advance(timedelta(hours=2))
    assert await shop.states() == {"unknown": 1}
    assert [order.calls for order in shop.fake.books.values()] == [1]
    assert await make.grant_states(shop) == {"fulfilling": 1}


async def test_what_was_not_taken_goes_out_again_under_the_same_number(new_shop, clock):
    shop = await new_shop(busy=1.0)
    await make.claim(shop, 1)
    await shop.carry()
    [before] = await shop.orders()
    assert (before.state, before.attempts, shop.fake.books) == ("created", 1, {})
    shop.fake.manners.busy = 0.0
    clock.advance(timedelta(seconds=5))
    await shop.carry()
    assert list(shop.fake.books) == [before.number]
    await make.assert_equal_books(shop)


async def test_the_pause_between_calls_doubles_by_order_and_ends_at_an_hour(new_shop, clock):
    one, other = new_id(), new_id()
    seconds = [back_off(attempt, one).total_seconds() for attempt in range(1, 60)]
    doubled = [min(5 * 2**place, 3_600) for place in range(59)]
    assert all(most * 0.8 <= pause <= most for pause, most in zip(seconds, doubled, strict=True))
    assert back_off(1, one) != back_off(1, other), "what failed together comes back apart"
    shop = await new_shop(busy=1.0)
    await make.claim(shop, 1)
    pauses = []
    for _ in range(4):
        await shop.carry()
        [row] = await shop.orders()
        pauses.append(row.due_at - clock.now())
        clock.set(row.due_at - timedelta(seconds=1))
        await shop.carry()
        [early] = await shop.orders()
        assert early.attempts == row.attempts
        clock.set(row.due_at)
    assert pauses == sorted(pauses) == [back_off(attempt, row.id) for attempt in range(1, 5)]


async def change_all(shop, order):
    """Lock and write every row an order hangs on, waiting for nobody."""
    rows = {
        "fulfilment.supplier_order": ("id", order.id),
        "fulfilment.health": ("supplier_id", order.supplier_id),
        'grants."grant"': ("id", order.grant_id),
        "grants.pool": ("id", shop.world.pool_id),
        "ledger.budget": ("id", shop.world.budget_id),
    }
    async with shop.begin() as tx:
        for table, (column, key) in rows.items():
            await tx.fetch(f"SELECT 1 FROM {table} WHERE {column} = $1 FOR UPDATE NOWAIT", key)
            assert await tx.execute(f"UPDATE {table} SET {column} = {column} WHERE {column} = $1", key) == 1


async def test_no_transaction_is_open_and_no_row_locked_while_a_supplier_is_asked(new_shop):
    shop = await new_shop()
    await make.claim(shop, 1)
    async with gates.asking(shop.fake, shop.carry()):
        [order] = await shop.orders()
        assert (order.state.value, await gates.open_transactions(shop.database)) == ("sent", 0)
        await change_all(shop, order)
        async with shop.begin() as held:
            await held.fetch('SELECT 1 FROM grants."grant" WHERE id = $1 FOR UPDATE', order.grant_id)
            assert await gates.open_transactions(shop.database) == 1
            with pytest.raises(asyncpg.LockNotAvailableError):
                await change_all(shop, order)
    assert await shop.states() == {"success": 1}
    await make.assert_equal_books(shop)


async def test_a_query_that_says_absent_neither_refunds_nor_resends(new_shop, clock):
    shop = await new_shop(drop=1.0, lies=2)
    await make.claim(shop, 1)
    await shop.carry()
    shop.fake.manners.drop = 0.0
    for _ in range(2):
        clock.advance(timedelta(hours=2))
        await shop.carry()
        assert await shop.states() == {"unknown": 1}
    clock.advance(timedelta(hours=2))
    await shop.carry()
    assert await shop.states() == {"success": 1}
    assert [order.calls for order in shop.fake.books.values()] == [1]


async def test_an_order_a_dead_worker_left_is_asked_after_and_not_sent_again(new_shop, clock):
    shop = await new_shop(slow_seconds=0.2)
    await make.claim(shop, 1)
    work = asyncio.create_task(shop.carry())
    while not shop.fake.books:
        await asyncio.sleep(0.01)
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work
    assert await shop.states() == {"sent": 1}
    await shop.carry()
    assert await shop.states() == {"sent": 1}
    clock.advance(timedelta(minutes=5))
    await shop.carry()
    assert await shop.states() == {"success": 1}
    assert [order.calls for order in shop.fake.books.values()] == [1]
    [row] = await shop.orders()
    async with shop.begin() as tx:
        order = await fulfilment.get_order(tx, shop.buyer, row.id)
    assert [(step.state.value, step.cause) for step in order.steps] == [
        ("created", "grant"),
        ("sent", "call"),
        ("unknown", "silence"),
        ("success", "query"),
    ]
    await make.assert_equal_books(shop)


async def test_the_breaker_opens_lets_one_probe_through_and_closes(new_shop, server, clock):
    shop = await new_shop()
    await make.claim(shop, *range(1, 21))
    server.stop()
    try:
        await shop.carry()
        assert (await health(shop)).breaker == "open"
        clock.advance(timedelta(seconds=20))
        before = (await health(shop)).calls
        await shop.carry()
        assert (await health(shop)).calls == before
        clock.advance(timedelta(seconds=15))
        await shop.carry()
        assert (await health(shop)).calls == before + 1
        assert (await health(shop)).breaker == "open"
    finally:
        server.start()
    clock.advance(timedelta(seconds=70))
    await shop.carry()
    assert (await health(shop)).breaker == "closed"
    clock.advance(timedelta(minutes=5))
    await shop.carry()
    assert await shop.states() == {"success": 20}
    await make.assert_equal_books(shop)


async def test_a_plain_no_does_not_open_the_breaker(new_shop):
    shop = await new_shop(reject=1.0)
    await make.claim(shop, *range(1, 21))
    await shop.carry()
    assert (await health(shop)).breaker == "closed"
    assert await shop.states() == {"refunded": 20}


async def test_orders_wait_for_money_and_go_out_once_it_is_paid(new_shop):
    shop = await new_shop(paid_fen=2 * COST + 1)
    await make.claim(shop, 1, 2, 3)
    await shop.carry()
    assert await shop.states() == {"success": 2, "created": 1}
    assert len(shop.fake.books) == 2
    assert (await shop.money()).balance_fen == 1
    await make.pay(shop, COST, "TOP-2")
    await shop.carry()
    assert await shop.states() == {"success": 3}
    await make.assert_equal_books(shop)


async def test_an_order_that_never_went_out_is_cancelled_here(new_shop):
    shop = await new_shop()
    await make.claim(shop, 1)
    [row] = await shop.orders()
    async with shop.begin(shop.buyer) as tx:
        await fulfilment.cancel(tx, row.id, "客户不要了")
    await shop.carry()
    assert await shop.states() == {"refunded": 1}
    assert shop.fake.books == {}
    assert await make.grant_states(shop) == {"failed": 1}


async def test_the_supplier_decides_over_a_cancellation_of_what_it_has(new_shop):
    shop = await new_shop(later=1.0, seconds=3_600)
    await make.claim(shop, 1, 2)
    await shop.carry()
    first, second = await shop.orders()
    shop.fake.books[second.number].status = "success"
    for row in (first, second):
        async with shop.begin(shop.buyer) as tx:
            await fulfilment.cancel(tx, row.id, "客户不要了")
    await shop.carry()
    assert [(row.state.value, row.code) for row in await shop.orders()] == [("refunded", "cancelled"), ("success", "")]
    with pytest.raises(fulfilment.OrderEnded):
        async with shop.begin(shop.buyer) as tx:
            await fulfilment.cancel(tx, first.id, "客户不要了")
    await make.assert_equal_books(shop)


async def test_a_grant_has_one_order_however_often_it_is_told(new_shop):
    shop = await new_shop()
    [grant_id] = await make.claim(shop, 1)
    issued = fulfilment.Issued(
        sku_id=shop.world.offer.sku_id,
        kind="topup",
        supplier_id=shop.supplier_id,
        cost_fen=COST,
        grant_ids=[grant_id],
        seqs=[1],
    )
    async with shop.begin() as tx:
        assert await fulfilment.create(tx, issued) == 0
    assert await shop.states() == {"created": 1}


async def test_a_recipient_who_was_forgotten_ends_an_order_that_has_not_gone_out(new_shop, database, bank):
    shop = await new_shop()
    await make.claim(shop, 77_001)
    async with shop.begin() as tx:
        await tx.execute("DELETE FROM grants.delivery WHERE grant_id = ANY($1::uuid[])", shop.grant_ids)
    await shop.carry()
    [row] = await shop.orders()
    assert (row.state.value, row.code) == ("refunded", "recipient_missing")
    assert shop.fake.books == {}


async def test_who_asks_for_a_prepayment_does_not_approve_it(new_shop):
    shop = await new_shop(paid_fen=0)
    async with shop.begin(shop.buyer) as tx:
        new = fulfilment.NewPrepayment(supplier_id=shop.supplier_id, amount_fen=5_000, reference="P-1")
        await fulfilment.prepay(tx, new, 1)
        with pytest.raises(fulfilment.ReferenceTaken):
            async with tx.savepoint():
                await fulfilment.prepay(tx, new, 1)
        [row] = await fulfilment.find_prepayments(tx, supplier_id=shop.supplier_id)
        change = await approvals.find_change(tx, row.change_id)
        with pytest.raises(approvals.OwnChange):
            await approvals.decide(tx, row.change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    assert (await shop.money()).balance_fen == 0
    async with shop.begin(shop.approver) as tx:
        await approvals.decide(tx, row.change_id, approvals.Verdict.REJECT, "没有合同", change.diff_hash)
        [row] = await fulfilment.find_prepayments(tx, supplier_id=shop.supplier_id)
    assert (row.state, (await shop.money()).balance_fen) == ("refused", 0)


async def test_alarms_rise_once_and_clear(new_shop, database, bank):
    shop = await new_shop(paid_fen=3 * COST, stock=5)
    async with shop.begin(shop.buyer) as tx:
        await make.connect(
            tx, shop.server, shop.supplier_id, shop.fake.code, prepayment_alarm_fen=2 * COST, stock_alarm=10
        )
    await make.claim(shop, 1)
    await shop.carry()

    async def standing() -> set[str]:
        await fulfilment.watch(database, bank)
        async with shop.begin() as tx:
            return {one.kind.value for one in await supply.alarms(tx, supplier_id=shop.supplier_id)}

    assert await standing() == {"low_prepayment"}
    await make.pay(shop, 10 * COST, "MORE")
    assert await standing() == set()


async def health(shop) -> fulfilment.SupplierHealth:
    async with shop.begin() as tx:
        [found] = await fulfilment.health(tx, supplier_id=shop.supplier_id)
    return found
