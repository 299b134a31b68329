"""Payments: paid once, closed for good, given back in parts; whatever the cashier does, the books stay equal."""

from datetime import timedelta

import msgspec
import pytest

from huoke.kernel.idempotency import RequestReused
from huoke.kernel.ids import new_id
from huoke.reward import payments
from huoke.reward.payments import ChargeUnfit, NoCashier, NotPaid, PaymentUnknown, RefundTooMuch
from tests.make import gates
from tests.make import payments as make


async def test_a_payment_is_announced_paid_and_booked_once(till, clock):
    before = await till.check()
    payment_id = await till.charge(1_990)
    assert await till.state(payment_id) == "created"
    await till.carry()
    waiting = await till.get(payment_id)
    assert waiting.state == "prepaid"
    assert waiting.pay_address.startswith(till.server.address(till.fake.code))
    assert till.fake.pay(payment_id.hex)
    await till.wait(clock, 60)
    paid = await till.get(payment_id)
    assert (paid.state, paid.refunded_fen, paid.paid_at is not None) == ("paid", 0, True)
    books = await till.check()
    assert books.paid_fen - before.paid_fen == till.fake.taken_fen() == 1_990


async def test_the_same_number_is_the_same_payment_and_another_body_is_refused(till):
    wish = till.wish(500)
    async with till.database.begin(till.bank) as tx:
        first, again = await payments.charge(tx, [wish, wish])
        [third, other] = await payments.charge(tx, [wish, msgspec.structs.replace(wish, amount_fen=501)])
    assert first.payment_id == again.payment_id == third.payment_id
    assert (first.exists, third.exists) == (False, True)
    assert isinstance(other, RequestReused)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_fen": 0}, "amount_fen"),
        ({"subject": " "}, "subject"),
        ({"request_no": ""}, "request_no"),
        ({"expires_at": None}, "expires_at"),
    ],
)
async def test_what_cannot_be_is_refused_and_the_rest_goes_on(till, clock, changes, field):
    if changes == {"expires_at": None}:
        changes = {"expires_at": clock.now()}
    async with till.database.begin(till.bank) as tx:
        refused, made = await payments.charge(tx, [till.wish(**changes), till.wish()])
    assert isinstance(refused, ChargeUnfit)
    assert refused.pointer == f"/0/{field}"
    assert made.state == "created"


async def test_a_bank_without_a_cashier_takes_no_payment(database, own_bank, clock, server):
    till = make.Till(database, own_bank, "", server, None)
    with pytest.raises(NoCashier):
        await till.charge()


async def test_what_the_cashier_never_heard_of_is_closed_at_once(till, clock):
    payment_id = await till.charge()
    assert await till.close(payment_id) == "closed"
    await till.wait(clock)
    assert payment_id.hex not in till.fake.trades
    assert isinstance(await till.close(new_id()), PaymentUnknown)


async def test_a_payment_not_paid_in_time_is_closed_there_and_here(till, clock):
    payment_id = await till.charge()
    await till.carry()
    await till.wait(clock, 899)
    assert await till.state(payment_id) == "prepaid"
    await till.wait(clock, 1)
    assert await till.state(payment_id) == "closed"
    assert till.fake.trades[payment_id.hex].state == "CLOSED"
    assert not till.fake.pay(payment_id.hex)


async def test_who_paid_in_the_last_moment_has_paid(till, clock):
    payment_id = await till.charge()
    await till.carry()
    clock.advance(timedelta(seconds=899))
    assert till.fake.pay(payment_id.hex)
    assert await till.close(payment_id) == "prepaid"
    await till.wait(clock, 1)
    assert await till.state(payment_id) == "paid"


async def test_a_call_without_an_answer_is_unknown_and_made_again_under_its_number(till, clock):
    till.fake.manners.drop = 1.0
    payment_id = await till.charge()
    await till.carry()
    assert await till.state(payment_id) == "unknown"
    assert len(till.fake.trades) == 1
    till.fake.manners.drop = 0.0
    await till.wait(clock, 10)
    assert await till.state(payment_id) == "prepaid"
    assert len(till.fake.trades) == 1


async def test_an_answer_that_is_not_signed_decides_nothing(till, clock):
    payment_id = await till.charge()
    await till.carry()
    assert till.fake.pay(payment_id.hex)
    till.fake.manners.broken = 1.0
    await till.wait(clock, 60)
    assert await till.state(payment_id) == "prepaid"
    till.fake.manners.broken = 0.0
    await till.wait(clock, 60)
    assert await till.state(payment_id) == "paid"


async def test_another_amount_than_ours_is_never_taken_for_paid(till, clock):
    before = await till.check()
    payment_id = await till.charge(2_000)
    await till.carry()
    assert till.fake.pay(payment_id.hex)
    till.fake.manners.lie_fen = -1
    await till.wait(clock, 60)
    async with till.database.begin(till.bank) as tx:
        [row] = await payments.find_payments(tx, q=payment_id.hex)
    assert (row.state, row.code) == ("prepaid", "amount_differs")
    assert (await till.check()).paid_fen == before.paid_fen
    till.fake.manners.lie_fen = 0
    await till.wait(clock, 800)
    assert await till.state(payment_id) == "paid"


async def test_refunds_in_parts_add_up_to_no_more_than_was_paid(till, clock):
    payment_id = await till.charge(1_000)
    assert isinstance(await till.refund(payment_id, 1), NotPaid)
    await till.carry()
    till.fake.pay(payment_id.hex)
    await till.wait(clock, 60)
    before = await till.check()
    first = await till.refund(payment_id, 400, "R-1")
    assert (await till.refund(payment_id, 400, "R-1")).refund_id == first.refund_id
    assert isinstance(await till.refund(payment_id, 401, "R-1"), RequestReused)
    assert isinstance(await till.refund(payment_id, 601), RefundTooMuch)
    assert (await till.get(payment_id)).refunding_fen == 400
    await till.refund(payment_id, 600)
    await till.carry()
    await till.wait(clock, 60)
    done = await till.get(payment_id)
    assert (done.state, done.refunding_fen, done.refunded_fen) == ("refunded", 0, 1_000)
    books = await till.check()
    assert books.refunded_fen - before.refunded_fen == till.fake.returned_fen() == 1_000


async def test_a_refund_whose_answer_was_lost_goes_out_once(till, clock):
    payment_id = await till.charge(1_000)
    await till.carry()
    till.fake.pay(payment_id.hex)
    await till.wait(clock, 60)
    await till.refund(payment_id, 1_000)
    till.fake.manners.drop = 1.0
    await till.carry()
    assert await till.state(payment_id) == "refunding"
    till.fake.manners.drop = 0.0
    await till.wait(clock, 60)
    await till.wait(clock, 60)
    assert (await till.state(payment_id), till.fake.returned_fen()) == ("refunded", 1_000)
    assert len(till.fake.backs) == 1


async def test_a_refund_the_cashier_will_not_make_frees_its_money_and_is_told(till, clock):
    till.fake.manners.refund_fail = 1.0
    payment_id = await till.charge(1_000)
    await till.carry()
    till.fake.pay(payment_id.hex)
    await till.wait(clock, 60)
    await till.refund(payment_id, 1_000)
    await till.carry()
    await till.wait(clock, 60)
    stands = await till.get(payment_id)
    assert (stands.state, stands.refunding_fen, stands.refunded_fen) == ("paid", 0, 0)
    async with till.database.begin(till.bank) as tx:
        page = await payments.get_page(tx, payment_id, may_write=True)
    assert [(one.state, one.code) for one in page.refunds] == [("failed", "ABNORMAL")]
    await till.check()


async def test_another_bank_sees_no_payment_of_ours(till, database, other_bank):
    payment_id = await till.charge()
    async with database.begin(other_bank) as tx:
        assert await payments.get_payments(tx, [payment_id]) == {}
        assert await payments.find_payments(tx) == []


async def test_a_flaky_cashier_and_our_books_end_equal(new_till, clock):
    till = await new_till(mute=1.0, drop=0.2, broken=0.2, busy=0.2)
    before = await till.check()
    ids = [await till.charge(100 + n) for n in range(12)]
    for _ in range(6):
        await till.wait(clock, 60)
    for n, payment_id in enumerate(ids):
        if n % 3 == 0:
            till.fake.pay(payment_id.hex)
    for _ in range(36):
        await till.wait(clock, 900)
    states = [await till.state(payment_id) for payment_id in ids]
    assert states == ["paid" if n % 3 == 0 else "closed" for n in range(12)]
    for payment_id in ids[::6]:
        await till.refund(payment_id, 50)
    for _ in range(36):
        await till.wait(clock, 900)
    after = await till.check()
    assert after.paid_fen - before.paid_fen == till.fake.taken_fen()
    assert after.refunded_fen - before.refunded_fen == till.fake.returned_fen() == 50 * 2


async def test_a_word_signed_by_somebody_else_is_no_word(till, clock):
    payment_id = await till.charge()
    await till.carry()
    assert till.fake.pay(payment_id.hex)
    own = till.fake.note
    till.fake.note = msgspec.structs.replace(own, platform_key=make.pair("stranger")[0])
    await till.wait(clock, 60)
    assert await till.state(payment_id) == "prepaid"
    till.fake.note = own
    await till.wait(clock, 60)
    assert await till.state(payment_id) == "paid"


async def test_no_transaction_is_open_and_no_payment_locked_while_the_cashier_is_asked(till):
    payment_id = await till.charge()
    async with gates.asking(till.fake, till.carry()):
        assert await gates.open_transactions(till.database) == 0
        async with till.database.begin(till.bank) as tx:
            rows = await tx.fetch("SELECT 1 FROM payments.payment WHERE id = $1 FOR UPDATE NOWAIT", payment_id)
            assert (len(rows), await gates.open_transactions(till.database)) == (1, 1)
    assert await till.state(payment_id) == "prepaid"
    await till.check()
