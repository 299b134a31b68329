"""A refund the cashier would not make: sent again once, by two people above the bank's amount; the books agree."""

from datetime import timedelta

import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.reward import payments
from huoke.reward.payments import RefundNotFailed, RefundUnknown
from tests.make import people


async def failed(till, clock, amount_fen):
    """A payment whose refund the cashier would not make; returns the refund."""
    payment_id = await till.charge(amount_fen)
    await till.carry()
    assert till.fake.pay(payment_id.hex)
    await till.wait(clock, 60)
    till.fake.manners.refund_fail = 1.0
    refund = await till.refund(payment_id, amount_fen, f"order-{payment_id.hex}")
    for _ in range(3):
        await till.wait(clock, 61)
    till.fake.manners.refund_fail = 0.0
    return payment_id, refund.refund_id


async def send(till, refund_id, actor=None):
    async with till.database.begin(till.bank, *([actor] if actor else [])) as tx:
        return await payments.send_again(tx, refund_id, "客户换了收款卡")


async def count(till):
    async with till.database.begin(till.bank) as tx:
        return await payments.count_failed(tx)


async def test_it_is_sent_again_once_and_told_under_its_first_number(till, clock):
    payment_id, refund_id = await failed(till, clock, 1_990)
    assert (await count(till), await till.state(payment_id)) == (1, "paid")
    await send(till, refund_id)
    with pytest.raises(RefundNotFailed):
        await send(till, refund_id)
    for _ in range(3):
        await till.wait(clock, 61)
    assert (await count(till), await till.state(payment_id)) == (0, "refunded")
    async with till.database.begin(till.bank) as tx:
        told = await payments.refunds_for(tx, [f"order-{payment_id.hex}"])
        last = await tx.fetch_value(
            "SELECT payload->>'request_no' FROM kernel.event"
            " WHERE name = 'payments.refunded' ORDER BY xid DESC, ordinal DESC LIMIT 1"
        )
    assert told[f"order-{payment_id.hex}"].state == "refunded"
    assert last == f"order-{payment_id.hex}"
    assert (await till.check()).refunded_fen >= 1_990


async def test_above_the_banks_amount_another_person_decides(till, clock):
    approvals.register(payments.RefundApproval())
    payment_id, refund_id = await failed(till, clock, 60_000)
    async with till.database.begin(till.bank) as tx:
        maker = people.actor(await people.staff(tx, Role.BUYER))
        checker = people.actor(await people.staff(tx, Role.APPROVER))
    change_id = await send(till, refund_id, maker)
    await till.wait(clock, 61)
    assert await till.state(payment_id) == "paid", "nothing moves before somebody decided"
    async with till.database.begin(till.bank, checker) as tx:
        change = await approvals.find_change(tx, change_id)
        await approvals.decide(tx, change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
    for _ in range(3):
        await till.wait(clock, 61)
    assert await till.state(payment_id) == "refunded"
    await till.check()


async def test_what_did_not_fail_is_not_sent_again(till, clock):
    payment_id = await till.charge(500)
    await till.carry()
    assert till.fake.pay(payment_id.hex)
    await till.wait(clock, 60)
    refund = await till.refund(payment_id, 500)
    with pytest.raises(RefundNotFailed):
        await send(till, refund.refund_id)
    with pytest.raises(RefundUnknown):
        await send(till, payment_id)
    clock.advance(timedelta(seconds=1))
