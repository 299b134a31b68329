"""Days: the cashier's file, our books and the ledger side by side; what differs is listed and worked to zero."""

from datetime import timedelta

import pytest

from huoke.govern.audit.model import ReasonMissing
from huoke.kernel.clock import CHINA
from huoke.kernel.tx import SYSTEM
from huoke.reward import payments
from huoke.reward.payments import DayUnfit, DifferenceUnknown, PaymentDayNotOver
from huoke.reward.payments.day import read_file
from tests.make import payments as make


async def pay(till, clock, fen, *, heard=True):
    payment_id = await till.charge(fen)
    await till.carry()
    assert till.fake.pay(payment_id.hex)
    if heard:
        await till.wait(clock, 60)
    return payment_id


async def close(till, clock, on):
    return await payments.close_day(till.database, till.bank, SYSTEM, on)


async def day_of(till, on):
    async with till.database.begin(till.bank) as tx:
        return next(one for one in await payments.days(tx) if one.business_on == on)


async def differences(till, state="open"):
    async with till.database.begin(till.bank) as tx:
        return await payments.differences(tx, state=state)


@pytest.fixture
async def fresh(database, own_bank, server, clock):
    """A bank with no payments yet."""
    return await make.till(database, own_bank, server, mute=1.0)


async def test_a_day_closes_to_zero(fresh, clock):
    first = await pay(fresh, clock, 1_990)
    await pay(fresh, clock, 505)
    await fresh.refund(first, 990)
    await fresh.carry()
    await fresh.wait(clock, 60)
    on = clock.now().astimezone(CHINA).date()
    with pytest.raises(PaymentDayNotOver):
        await close(fresh, clock, on)
    clock.advance(timedelta(days=1))
    assert await close(fresh, clock, on) == 0
    day = await day_of(fresh, on)
    assert (day.theirs, day.ours) == (2, 2)
    assert day.theirs_fen == day.ours_fen == day.ledger_fen == 2_495
    assert day.theirs_back_fen == day.ours_back_fen == day.ledger_back_fen == 990
    assert await close(fresh, clock, on) == 0


async def test_what_nobody_told_us_of_comes_with_the_file(fresh, clock):
    on = clock.now().astimezone(CHINA).date()
    silent = await pay(fresh, clock, 700, heard=False)
    closed = await fresh.charge(300)
    await fresh.carry()
    await fresh.close(closed)
    fresh.fake.trades[closed.hex].state = "CLOSED"
    async with fresh.database.begin(fresh.bank) as tx:
        await tx.execute("UPDATE payments.payment SET state = 'closed', due_at = NULL WHERE id = $1", closed)
    trade = fresh.fake.trades[closed.hex]
    trade.state, trade.paid_at = "SUCCESS", clock.machine()
    clock.advance(timedelta(days=1))
    assert await close(fresh, clock, on) == 0
    assert (await fresh.state(silent), await fresh.state(closed)) == ("paid", "refunding")
    await fresh.carry()
    await fresh.wait(clock, 60)
    assert await fresh.state(closed) == "refunded"
    assert (await fresh.check()).paid_fen == fresh.fake.taken_fen() == 1_000


async def test_what_the_file_lacks_or_says_otherwise_is_listed_until_it_is_gone_or_explained(fresh, clock):
    on = clock.now().astimezone(CHINA).date()
    lost, other = await pay(fresh, clock, 700), await pay(fresh, clock, 800)
    fresh.fake.trades[lost.hex].is_lost = True
    fresh.fake.trades[other.hex].amount_fen = 801
    clock.advance(timedelta(days=1))
    assert await close(fresh, clock, on) == 2
    found = {one.number: (one.kind, one.ours_fen, one.theirs_fen) for one in await differences(fresh)}
    assert found == {lost.hex: ("only_ours", 700, 0), other.hex: ("amount_differs", 800, 801)}
    fresh.fake.trades[lost.hex].is_lost = False
    assert await close(fresh, clock, on) == 1
    assert [one.number for one in await differences(fresh, "gone")] == [lost.hex]
    async with fresh.database.begin(fresh.bank) as tx:
        with pytest.raises(ReasonMissing):
            await payments.explain(tx, on, other.hex, "")
        await payments.explain(tx, on, other.hex, "收银台已更正，见函 2026-3")
        with pytest.raises(DifferenceUnknown):
            await payments.explain(tx, on, other.hex, "再来一次")
    assert await close(fresh, clock, on) == 0
    fresh.fake.trades[other.hex].amount_fen = 802
    assert await close(fresh, clock, on) == 1, "what was explained was another difference"


async def test_a_payment_belongs_to_the_day_the_cashier_took_it(fresh, clock):
    clock.set(clock.now().replace(hour=23, minute=59, second=50))
    on = clock.now().astimezone(CHINA).date()
    late = await pay(fresh, clock, 123, heard=False)
    await fresh.wait(clock, 20)
    assert await fresh.state(late) == "paid"
    assert clock.now().astimezone(CHINA).date() == on + timedelta(days=1)
    assert await close(fresh, clock, on) == 0
    assert (await day_of(fresh, on)).ours_fen == 123


async def test_a_file_cut_off_or_of_somebody_else_is_refused(fresh, clock):
    on = clock.now().astimezone(CHINA).date()
    await pay(fresh, clock, 700)
    content = fresh.fake.day_file(on)
    assert [line.amount_fen for line in read_file(content, "1900000001").lines] == [700]
    whole = content.decode().splitlines()
    cut = ["\n".join(whole[:-2]), "\n".join([whole[0], *whole[2:]]), "", "a,b\n1,2", content.decode("latin-1")[:40]]
    for wrong in cut:
        with pytest.raises(DayUnfit):
            read_file(wrong.encode(), "1900000001")
    with pytest.raises(DayUnfit):
        read_file(content, "1900000002")
