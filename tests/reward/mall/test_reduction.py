"""Orders with a reduction: taken off once, borne by who said so, given back to the fen, and the cashier agrees."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants, ledger, mall, payments, reductions
from huoke.reward.ledger import AccountKey, AccountKind
from huoke.reward.payments.hear import hear
from huoke.reward.payments.model import Said, Told
from huoke.reward.reductions import ReductionLimitReached, ReductionNotHere, ReductionTooSmall, ReductionUnknown
from huoke.reward.reductions.store import take_days
from tests.make import catalogue as make_catalogue
from tests.make import reductions as make_reductions


@pytest.fixture
async def give(database, bank, give_points):
    """Points for an order or two, and one reduction of 3 yuan from 9 yuan on."""

    async def given(seq, *, each=1, **changes):
        await give_points(seq, 5_000)
        async with database.begin(bank) as tx:
            sku_id = await make_reductions.sku(tx, **changes)
            return (await make_reductions.give(tx, sku_id, [seq], each=each))[seq]

    return given


async def state(shop, grant_id):
    async with shop.world.database.begin(shop.world.bank) as tx:
        return (await grants.get_grant(tx, grant_id)).state


async def funded(shop, owner_kind="bank", owner=""):
    async with shop.world.database.begin(shop.world.bank) as tx:
        assert await reductions.verify(tx) == []
        assert await ledger.verify(tx) == []
        assert await grants.verify(tx) == []
        return -await ledger.balance(tx, AccountKey(AccountKind.REDUCTION_FUNDED, owner_kind, owner))


async def pay(shop, placed):
    assert await shop.pay(placed)
    await shop.till.wait(shop.world.database.clock, 60)
    await shop.settle()


async def test_the_customer_pays_less_and_who_bears_it_is_booked(shop, seqs, give):
    async with shop.world.database.begin(shop.world.bank) as tx:
        brand = await make_catalogue.supplier(tx)
    [mine] = await give(seqs[0], brand_fen=120, brand_payer_id=brand)
    books, before = await shop.till.check(), await funded(shop)
    async with shop.world.database.begin(shop.world.bank) as tx:
        quote = await mall.quote(tx, seqs[0], [(shop.world.item_id, 1)])
    assert [(one.grant_id, one.amount_fen, one.refusal) for one in quote.fitting] == [(mine, 300, "")]
    placed = await shop.place(seqs[0], reduction=mine)
    assert (placed.cash_fen, placed.reduction_fen, await state(shop, mine)) == (990, 300, "fulfilling")
    await pay(shop, placed)
    assert await state(shop, mine) == "used"
    assert (await shop.till.check()).paid_fen - books.paid_fen == 690
    assert (await funded(shop) - before, await funded(shop, "supplier", str(brand))) == (180, 120)
    trade = shop.till.fake.trades[placed.payment_id.hex]
    [told] = shop.till.fake.told(trade)["promotion_detail"]
    assert (told["amount"], trade.amount_fen) == (300, 990)


async def test_what_is_not_paid_gives_the_reduction_back(shop, seqs, give, clock):
    [mine] = await give(seqs[1])
    before = await funded(shop)
    await shop.place(seqs[1], reduction=mine)
    await shop.settle()
    with pytest.raises(ReductionUnknown):
        await shop.place(seqs[1], reduction=mine)
    clock.advance(timedelta(minutes=16))
    await shop.settle()
    assert (await state(shop, mine), await funded(shop)) == ("fulfilled", before)
    assert (await shop.place(seqs[1], reduction=mine)).reduction_fen == 300


async def test_parts_that_go_back_are_divided_and_all_of_it_back_restores_the_benefit(shop, seqs, give, clock):
    [mine] = await give(seqs[2], face_fen=301)
    books, before = await shop.till.check(), await funded(shop)
    placed = await shop.place(seqs[2], 2, reduction=mine)
    await pay(shop, placed)
    units = (await shop.purchase(seqs[2], placed.purchase_id)).units
    gone = []
    for unit in units:
        async with shop.world.database.begin(shop.world.bank) as tx:
            await mall.give_back(tx, unit.id, [seqs[2]], "不想要了")
        await shop.settle()
        await shop.till.wait(clock, 61)
        gone.append((await shop.till.check()).refunded_fen - books.refunded_fen)
        if len(gone) == 1:
            assert (await state(shop, mine), await funded(shop) - before) == ("used", 151)
    assert gone == [990 - 150, 1_980 - 301]
    assert (await state(shop, mine), await funded(shop)) == ("fulfilled", before)
    assert shop.till.fake.returned_fen() >= 1_980 - 301


async def test_one_reduction_and_two_orders_at_once_is_taken_off_one_of_them(shop, seqs, give):
    [mine] = await give(seqs[3])
    answers = await asyncio.gather(
        *(shop.place(seqs[3], reduction=mine, request_no=new_id().hex) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in answers) == ["Placed", "ReductionUnknown"]
    assert (await shop.stands(seqs[3]))[0] == 5_000 - 1_200, "the order that was refused holds no points"


async def test_what_does_not_fit_is_refused_and_nothing_is_held(shop, seqs, give, give_points):
    await give_points(seqs[5], 5_000)
    cases = [
        ({"face_fen": 500}, ReductionTooSmall),
        ({"in_mall": False, "merchant_fen": 100}, ReductionNotHere),
        ({"tier": "gold", "tier_reason": "等级权益，已登记"}, reductions.TierTooLow),
    ]
    for changes, wanted in cases:
        [mine] = await give(seqs[4], **changes)
        before = await shop.stands(seqs[4])
        with pytest.raises(wanted):
            await shop.place(seqs[4], reduction=mine)
        with pytest.raises(ReductionUnknown):
            await shop.place(seqs[5], reduction=mine)
        assert (await shop.stands(seqs[4]), await state(shop, mine)) == (before, "fulfilled")


async def test_as_many_as_a_day_and_a_person_allow(shop, seqs, give, clock):
    first, second = await give(seqs[6], each=2, person_day_limit=1)
    await shop.place(seqs[6], reduction=first)
    with pytest.raises(ReductionLimitReached):
        await shop.place(seqs[6], reduction=second)
    await shop.settle()
    clock.advance(timedelta(minutes=16))
    await shop.settle()
    placed = await shop.place(seqs[6], reduction=second)
    assert placed.reduction_fen == 300, "what was not paid does not count"
    third, _ = await give(seqs[7], each=2, day_limit=1)
    await shop.place(seqs[7], reduction=third)


async def test_money_that_comes_late_goes_back_and_the_benefit_stays_with_its_customer(shop, seqs, give, clock):
    [mine] = await give(seqs[8])
    before, books = await funded(shop), await shop.till.check()
    placed = await shop.place(seqs[8], reduction=mine)
    await shop.settle()
    clock.advance(timedelta(minutes=16))
    await shop.settle()
    trade = shop.till.fake.trades[placed.payment_id.hex]
    trade.state, trade.paid_at = "SUCCESS", clock.machine()
    async with shop.world.database.begin(shop.world.bank) as tx:
        said = Said(told=Told.PAID, amount_fen=990, reduction_fen=300, cashier_no="42")
        await hear(tx, {placed.payment_id: said}, "1900000001")
    await shop.settle()
    await shop.till.wait(clock, 61)
    after = await shop.till.check()
    assert (after.paid_fen - books.paid_fen, after.refunded_fen - books.refunded_fen) == (690, 690)
    assert (await state(shop, mine), await funded(shop)) == ("fulfilled", before)


@asynccontextmanager
async def meanwhile(shop, lock, work):
    """Somebody else at `work` waits for what this transaction has locked; then it goes on to its end."""
    world = shop.world
    async with world.database.begin(world.bank) as tx:
        await lock(tx)
        other = asyncio.create_task(work())
        async with asyncio.timeout(20):
            while not await tx.fetch_value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                assert not other.done(), "nobody waited"
                await asyncio.sleep(0.01)
        yield tx
    await other


async def is_free(tx, table, **key):
    """Whether nobody else has locked a row."""
    where = " AND ".join(f"{name} = ${place}" for place, name in enumerate(key, 1))
    try:
        async with tx.savepoint():
            return await tx.execute(f"SELECT FROM {table} WHERE {where} FOR NO KEY UPDATE NOWAIT", *key.values()) == 1
    except asyncpg.LockNotAvailableError:
        return False


def notice(till, kind, told):
    body = till.fake.write_notice(kind, told)
    call = payments.Call(headers=till.fake.sign(body), body=body)
    return lambda: payments.take_notice(till.database, till.code, call)


async def test_a_notice_waits_for_the_pool_before_it_holds_the_payment_as_an_answer_does(shop, seqs, give, clock):
    [mine] = await give(seqs[7])
    placed = await shop.place(seqs[7], reduction=mine)

    def lock(tx):
        return reductions.lock_for(tx, [placed.payment_id])

    till = shop.till
    async with meanwhile(shop, lock, till.carry) as tx:
        assert await is_free(tx, "payments.payment", id=placed.payment_id), "an answer with an address"
    await shop.settle()
    assert await shop.pay(placed)
    paid = notice(till, "TRANSACTION.SUCCESS", till.fake.told(till.fake.trades[placed.payment_id.hex]))
    async with meanwhile(shop, lock, paid) as tx:
        assert await is_free(tx, "payments.payment", id=placed.payment_id)
    assert await state(shop, mine) == "used"
    await shop.settle()
    [unit] = (await shop.purchase(seqs[7], placed.purchase_id)).units
    till.fake.manners.refund_seconds = 3_600
    async with shop.world.database.begin(shop.world.bank) as tx:
        await mall.give_back(tx, unit.id, [seqs[7]], "不想要了")
    await shop.settle()
    [back] = [one for one in till.fake.backs.values() if one.payment_number == placed.payment_id.hex]
    till.fake.manners.refund_seconds = 0
    back.state, back.refunded_at = "SUCCESS", clock.machine()
    refunded = notice(till, "REFUND.SUCCESS", till.fake.told_back(back))
    async with meanwhile(shop, lock, refunded) as tx:
        assert await is_free(tx, "payments.payment", id=placed.payment_id)
        assert await is_free(tx, "payments.refund", id=UUID(hex=back.number))
    await refunded()
    assert await state(shop, mine) == "fulfilled", "all of it is back: the customer has it again, once"


async def test_two_that_close_payments_count_their_days_back_in_one_order(shop, seqs, give, clock):
    held = {}
    for seq in seqs[10:12]:
        [mine] = await give(seq, day_limit=5)
        placed = await shop.place(seq, reduction=mine)
        async with shop.world.database.begin(shop.world.bank) as tx:
            held[(await grants.get_grant(tx, mine)).sku_id] = placed.payment_id
    (low, first), (high, last) = sorted(held.items())
    on = clock.now().astimezone(CHINA).date()

    async def close():
        async with shop.world.database.begin(shop.world.bank) as tx:
            await payments.close(tx, [last, first])

    async with meanwhile(shop, lambda tx: take_days(tx, [(low, 5)], on), close) as tx:
        assert await is_free(tx, "reductions.day_limit", sku_id=high, held_on=on)
    async with shop.world.database.begin(shop.world.bank) as tx:
        assert await take_days(tx, [(low, 5), (high, 5)], on) == {low: 5, high: 5}


async def test_a_day_file_waits_for_what_refunds_count_on_before_it_holds_any_payment(
    shop, seqs, give, give_points, clock
):
    [mine] = await give(seqs[12])
    await give_points(seqs[13], 5_000)
    placed, silent = await shop.place(seqs[12], reduction=mine), await shop.place(seqs[13])
    await pay(shop, placed)
    [unit] = (await shop.purchase(seqs[12], placed.purchase_id)).units
    till, database, bank = shop.till, shop.till.database, shop.till.bank
    till.fake.manners.refund_seconds = 3_600
    async with database.begin(bank) as tx:
        await mall.give_back(tx, unit.id, [seqs[12]], "不想要了")
    await shop.settle()
    [back] = [one for one in till.fake.backs.values() if one.payment_number == placed.payment_id.hex]
    till.fake.manners.refund_seconds = 0
    trade = till.fake.trades[silent.payment_id.hex]
    back.state, back.refunded_at = trade.state, trade.paid_at = "SUCCESS", clock.machine()
    on = clock.now().astimezone(CHINA).date()
    clock.advance(timedelta(days=1))

    async with meanwhile(
        shop,
        lambda tx: reductions.lock_for(tx, [placed.payment_id], back=True),
        lambda: payments.close_day(database, bank, SYSTEM, on),
    ) as tx:
        assert await is_free(tx, "payments.payment", id=silent.payment_id)
        assert await is_free(tx, "payments.refund", id=UUID(hex=back.number))
    assert await state(shop, mine) == "fulfilled"
    await shop.settle()


async def test_the_day_compares_what_reductions_bore(shop, seqs, give, clock):
    [mine] = await give(seqs[9])
    placed = await shop.place(seqs[9], reduction=mine)
    await pay(shop, placed)
    on = clock.now().astimezone(CHINA).date()
    clock.advance(timedelta(days=1))
    database, bank = shop.till.database, shop.till.bank
    first = await payments.close_day(database, bank, SYSTEM, on)
    async with database.begin(bank) as tx:
        assert placed.payment_id.hex not in {one.number for one in await payments.differences(tx)}
    shop.till.fake.manners.stint_fen = 1
    assert await payments.close_day(database, bank, SYSTEM, on) == first + 1
    async with database.begin(bank) as tx:
        [one] = [one for one in await payments.differences(tx, state="open") if one.kind == "reduction_differs"]
    assert (one.number, one.ours_fen, one.theirs_fen) == (placed.payment_id.hex, 300, 299)
    shop.till.fake.manners.stint_fen = 0
