"""Cashiers: entered by one, approved by another; keys are sealed and never shown; new keys serve old payments."""

import msgspec
import pytest

from huoke.govern import approvals
from huoke.govern.people import Role
from huoke.kernel.tx import Actor
from huoke.reward import payments
from huoke.reward.payments import CashierUnfit
from tests.make import payments as make
from tests.make import people


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "http://pay.example"),
        ("address", "ftp://x"),
        ("notice_address", ""),
        ("merchant_no", "no spaces"),
        ("notice_key", "short"),
        ("private_key", "-----BEGIN"),
        ("platform_key", ""),
        ("timeout_seconds", 0),
        ("name", " "),
    ],
)
async def test_what_cannot_be_a_cashier_is_refused(database, bank, clock, field, value):
    async with database.begin(bank) as tx:
        with pytest.raises(CashierUnfit) as refused:
            await payments.propose(tx, make.cashier("https://pay.example", **{field: value}))
    assert refused.value.pointer == f"/{field}"


async def test_nobody_takes_payments_before_a_second_person_agreed(database, own_bank, clock, server):
    approvals.register(payments.CashierApproval())
    async with database.begin(own_bank) as tx:
        await people.units(tx)
        maker = people.actor(await people.staff(tx, Role.BUYER))
    async with database.begin(own_bank, maker) as tx:
        cashier_id = await payments.propose(tx, make.cashier("https://pay.example"))
        [row] = await payments.cashiers(tx)
        assert (row.id, row.state) == (cashier_id, "submitted")
        assert not await payments.is_open(tx)
        change = await approvals.find_change(tx, row.change_id)
        with pytest.raises(approvals.OwnChange):
            await approvals.decide(tx, row.change_id, approvals.Verdict.APPROVE, "", change.diff_hash)
        stored = await tx.fetch_row("SELECT * FROM payments.cashier")
    assert b"PRIVATE" not in stored["private_key"]
    assert make.NOTICE_KEY.encode() not in stored["notice_key"]
    assert "PRIVATE" not in str(msgspec.to_builtins(row))
    assert isinstance(maker, Actor)


async def test_new_keys_serve_payments_made_under_the_old_ones(till, clock):
    payment_id = await till.charge(1_000)
    await till.carry()
    await make.enter(till.database, till.bank, make.cashier(till.server.address(till.fake.code), name="新密钥"))
    async with till.database.begin(till.bank) as tx:
        states = [one.state for one in await payments.cashiers(tx)]
    assert states.count("active") == 1
    assert states[0] == "active"
    till.fake.pay(payment_id.hex)
    await till.wait(clock, 60)
    assert await till.state(payment_id) == "paid"


async def test_the_cashier_really_checks_our_signature(till, clock):
    address = till.server.address(till.fake.code)
    stranger = make.cashier(address, private_key=make.pair("stranger")[0])
    await make.enter(till.database, till.bank, stranger)
    payment_id = await till.charge()
    await till.carry()
    assert till.fake.trades == {}
    assert till.fake.refused_calls == 1
    async with till.database.begin(till.bank) as tx:
        [row] = await payments.find_payments(tx, q=payment_id.hex)
    assert (row.state, row.code) == ("created", "SIGN_ERROR")
