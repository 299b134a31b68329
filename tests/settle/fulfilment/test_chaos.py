"""A supplier that misbehaves in every way at once, dying workers, lost commits: money is equal at the end."""

import asyncio
import random
from collections import Counter
from contextlib import asynccontextmanager, suppress
from datetime import date, timedelta

import msgspec
import pytest

from huoke.kernel.refusals import Outage
from huoke.kernel.tx import SYSTEM, Database
from huoke.reward import supply
from huoke.reward.supply import NoAnswer
from huoke.settle import fulfilment, reconciliation
from tests.make import supply as make

TODAY = date(2026, 3, 2)
ORDERS = 300
EVERYTHING = {
    "later": 0.5,
    "seconds": 0.02,
    "fail": 0.1,
    "reject": 0.05,
    "busy": 0.1,
    "drop": 0.1,
    "broken": 0.05,
    "lies": 1,
    "mute": 0.3,
    "twice": 0.3,
    "reorder": 0.3,
}


class Lossy(Database):
    """A database whose commits are lost now and then: what was done is undone, and nobody is told in time."""

    def __init__(self, pool, clock, share: float) -> None:
        super().__init__(pool, clock)
        self.random = random.Random(1)
        self.share = share

    @asynccontextmanager
    async def begin(self, tenant, actor=SYSTEM):
        async with super().begin(tenant, actor) as tx:
            yield tx
            await tx.flush()
            if self.random.random() < self.share:
                raise Outage("The connection was lost while committing.", unknown=True)


async def live_through(shop, clock, *, rounds: int = 14) -> None:
    """Carry the orders on while commits are lost, workers are killed and the supplier goes away for a while."""
    lossy = Lossy(shop.database.pool, shop.database.clock, 0.25)
    dice = random.Random(2)
    for turn in range(rounds):
        if turn == 3:
            shop.server.stop()
        if turn == 5:
            shop.server.start()
        work = asyncio.create_task(fulfilment.carry(lossy, shop.tenant, shop.supplier_id))
        if dice.random() < 0.3:
            await asyncio.sleep(dice.random() * 0.1)
            work.cancel()
        with suppress(asyncio.CancelledError, Outage):
            while await work:
                work = asyncio.create_task(fulfilment.carry(lossy, shop.tenant, shop.supplier_id))
        clock.advance(timedelta(minutes=4))


async def settle_day(shop, clock) -> None:
    """The supplier closes its books of the first day, and its file comes."""
    shop.server.end_all()
    if clock.now().date() <= TODAY:
        clock.advance(timedelta(days=1))
    await reconciliation.bring(
        shop.database, shop.tenant, shop.buyer.actor, shop.supplier_id, TODAY, shop.fake.day_file(TODAY)
    )


async def finish(shop, clock) -> None:
    """The next day: the supplier ends what it has, its file comes, what still waits goes out or ends."""
    await asyncio.sleep(0.2)
    shop.server.end_all()
    clock.advance(timedelta(days=1))
    await reconciliation.bring(
        shop.database, shop.tenant, shop.buyer.actor, shop.supplier_id, TODAY, shop.fake.day_file(TODAY)
    )
    shop.fake.manners = type(shop.fake.manners)()
    for _ in range(4):
        await shop.carry()
        clock.advance(timedelta(hours=2))


async def test_everything_at_once_and_equal_to_the_fen(new_shop, clock, callbacks):
    shop = await new_shop(callbacks=callbacks, stock=ORDERS, paid_fen=ORDERS * 1_280, **EVERYTHING)
    for start in range(1, ORDERS + 1, 100):
        await make.claim(shop, *range(start, start + 100))
    await live_through(shop, clock)
    before = Counter(await shop.states())
    await finish(shop, clock)
    states = await shop.states()
    assert set(states) == {"success", "refunded"}
    assert sum(states.values()) == ORDERS
    assert before["success"] > 0
    assert before["refunded"] > 0
    await make.assert_equal_books(shop)
    async with shop.begin() as tx:
        listed = await reconciliation.find_differences(tx, shop.buyer, supplier_id=shop.supplier_id)
        seen = {
            row["operation"] + "/" + row["outcome"]
            for row in await tx.fetch(
                "SELECT DISTINCT operation, outcome FROM fulfilment.exchange WHERE supplier_id = $1", shop.supplier_id
            )
        }
    assert listed == []
    assert {
        "order/success",
        "order/processing",
        "order/failed",
        "order/no_answer",
        "order/not_taken",
        "callback/success",
    } <= seen


async def accept_all(*shops) -> int:
    """Every difference goes the supplier's way: one proposes, another confirms. Returns how many there were."""
    found = 0
    for shop in shops:
        async with shop.begin(shop.buyer) as tx:
            listed = await reconciliation.find_differences(tx, shop.buyer, supplier_id=shop.supplier_id, limit=200)
            for one in listed:
                await reconciliation.resolve(tx, one.id, reconciliation.Resolution.ACCEPT_THEIRS, "以供应商账为准")
        for one in listed:
            async with shop.begin(shop.approver) as tx:
                await reconciliation.confirm(tx, one.id)
        found += len(listed)
    return found


async def test_two_suppliers_that_fail_for_certain_and_for_nobody_knows_what(new_shop, clock):
    """Fail-over in the midst of everything; one of them finds delivered what it had said had failed."""
    rude = EVERYTHING | {"fail": 0.3, "fail_code": "sku_off"}
    shop = await new_shop(stock=ORDERS, paid_fen=ORDERS * 1_280, **rude, recant=0.3)
    other = await make.second_offer(shop, cost_fen=1_300, paid_fen=ORDERS * 1_300, **(rude | {"drop": 0.3}))
    await make.claim(shop, *range(1, 121))
    for _ in range(2):
        await live_through(shop, clock, rounds=6)
        await live_through(other, clock, rounds=6)
        async with shop.begin() as tx:
            await fulfilment.divert_waiting(tx, shop.supplier_id)
    for turn in (shop, other, shop):
        await settle_day(turn, clock)
    for one in (shop, other):
        one.fake.manners = type(one.fake.manners)()
    for _ in range(4):
        await shop.carry()
        await other.carry()
        clock.advance(timedelta(hours=2))
    assert await accept_all(shop, other) > 0
    rerouted = [row for row in await shop.orders() if row.next_id is not None]
    assert any(row.state == "success" for row in rerouted), "what two delivered is paid to both, and given once"
    assert len(rerouted) > 10
    await make.assert_equal_books_of(shop, other)


class Twice(fulfilment.RestSupplier):
    """The bug planted: an order without an answer goes out again under another number."""

    async def order(self, call):
        try:
            return await super().order(call)
        except NoAnswer:
            again = await super().order(msgspec.structs.replace(call, number=f"{call.number}B"))
            return msgspec.structs.replace(again, number=call.number)


async def test_an_order_that_goes_out_twice_would_be_found(new_shop, clock):
    """The negative control."""
    supply.register_adapter("rest_hmac", Twice)
    try:
        shop = await new_shop(drop=0.5)
        await make.claim(shop, *range(1, 31))
        await live_through(shop, clock, rounds=3)
        await finish(shop, clock)
        with pytest.raises(AssertionError):
            await make.assert_equal_books(shop)
        async with shop.begin() as tx:
            listed = await reconciliation.find_differences(tx, shop.buyer, supplier_id=shop.supplier_id, limit=200)
    finally:
        supply.register_adapter("rest_hmac", fulfilment.RestSupplier)
    assert reconciliation.DifferenceKind.ONLY_THEIRS in {one.kind for one in listed}
