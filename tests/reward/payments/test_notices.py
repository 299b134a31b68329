"""Notices: signed, fresh, sealed and once; late, repeated, reordered and false ones move nothing."""

from datetime import timedelta

import msgspec
import pytest

from huoke.kernel import signing_rsa
from huoke.reward import payments
from huoke.reward.payments import Call, NoticeRefused, NoticeUnfit
from tests.make import payments as make

PAID = "TRANSACTION.SUCCESS"


@pytest.fixture
async def paid(till):
    """A payment the customer made and nobody heard of."""
    payment_id = await till.charge(1_990)
    await till.carry()
    assert till.fake.pay(payment_id.hex)
    return payment_id


def notice(till, payment_id, *, event=PAID, **changes) -> Call:
    trade = till.fake.trades[payment_id.hex]
    body = till.fake.write_notice(event, {**till.fake.told(trade), **changes})
    return Call(headers=till.fake.sign(body), body=body)


async def take(till, call):
    return await payments.take_notice(till.database, till.code, call)


async def paid_events(till, payment_id):
    async with till.database.begin(till.bank) as tx:
        rows = await tx.fetch("SELECT payload FROM kernel.event WHERE name = 'payments.paid'")
    return sum(payment_id.hex in str(row["payload"]).replace("-", "") for row in rows)


async def test_a_notice_is_enough_and_a_repeated_one_changes_nothing(till, paid):
    call = notice(till, paid)
    assert (await take(till, call)).code == "SUCCESS"
    assert (await take(till, call)).code == "SUCCESS"
    await take(till, notice(till, paid))
    assert await till.state(paid) == "paid"
    assert await paid_events(till, paid) == 1
    await till.check()


async def test_answer_and_notice_together_are_one_payment(till, paid, clock):
    await till.wait(clock, 60)
    await take(till, notice(till, paid))
    assert await paid_events(till, paid) == 1
    await till.check()


async def test_an_older_word_never_undoes_a_payment(till, paid):
    await take(till, notice(till, paid))
    await take(till, notice(till, paid, trade_state="NOTPAY"))
    await take(till, notice(till, paid, trade_state="CLOSED"))
    assert await till.state(paid) == "paid"


@pytest.mark.parametrize("step", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
async def test_a_notice_out_of_the_window_is_refused(till, paid, clock, step):
    call = notice(till, paid)
    clock.advance(step)
    with pytest.raises(NoticeRefused):
        await take(till, call)
    assert await till.state(paid) == "prepaid"


async def test_who_has_not_the_platforms_key_tells_nothing(till, paid):
    body = till.fake.write_notice(PAID, till.fake.told(till.fake.trades[paid.hex]))
    now = till.database.clock.machine()
    stranger = signing_rsa.sign_told(make.pair("stranger")[0], "PUB_KEY_ID_01", body, now)
    other_serial = signing_rsa.sign_told(make.pair("platform")[0], "PUB_KEY_ID_09", body, now)
    for headers in (stranger, other_serial, {}, {**till.fake.sign(body), "Wechatpay-Nonce": "0" * 32}):
        with pytest.raises(NoticeRefused):
            await take(till, Call(headers=headers, body=body))
    with pytest.raises(NoticeRefused):
        await take(till, Call(headers=till.fake.sign(body), body=body.replace(b"SUCCESS", b"SUCCESs")))
    assert await till.state(paid) == "prepaid"


async def test_what_is_sealed_otherwise_or_of_another_merchant_is_refused(till, paid):
    content = msgspec.json.encode(till.fake.told(till.fake.trades[paid.hex]))
    sealed = signing_rsa.seal_resource(make.NOTICE_KEY[::-1].encode(), content, "transaction")
    body = msgspec.json.encode({"event_type": PAID, "resource": msgspec.to_builtins(sealed)})
    calls = [
        Call(headers=till.fake.sign(body), body=body),
        notice(till, paid, mchid="1900000002"),
        notice(till, paid, appid="wx0002"),
        notice(till, paid, out_trade_no="0" * 32),
        notice(till, paid, out_trade_no="nonsense"),
        notice(till, paid, trade_state="WHATEVER"),
    ]
    for call in calls:
        with pytest.raises(NoticeRefused):
            await take(till, call)
    assert await till.state(paid) == "prepaid"


@pytest.mark.parametrize(
    "amount", [{"total": 1_989, "currency": "CNY"}, {"total": 1_990, "currency": "USD"}, {"currency": "CNY"}]
)
async def test_another_amount_is_refused_and_asked_after(till, paid, amount, clock):
    with pytest.raises(NoticeUnfit):
        await take(till, notice(till, paid, amount=amount))
    async with till.database.begin(till.bank) as tx:
        [row] = await payments.find_payments(tx, q=paid.hex)
    assert (row.state, row.code) == ("prepaid", "amount_differs")
    await till.wait(clock, 60)
    assert await till.state(paid) == "paid"


async def test_a_payment_after_its_close_is_given_back_by_itself(till, clock):
    payment_id = await till.charge(1_990)
    await till.carry()
    await till.close(payment_id)
    await till.carry()
    assert await till.state(payment_id) == "closed"
    before = await till.check()
    trade = till.fake.trades[payment_id.hex]
    trade.state, trade.paid_at = "SUCCESS", clock.machine()
    await take(till, notice(till, payment_id))
    assert await till.state(payment_id) == "refunding"
    await till.carry()
    await till.wait(clock, 60)
    stands = await till.get(payment_id)
    assert (stands.state, stands.refunded_fen, till.fake.returned_fen()) == ("refunded", 1_990, 1_990)
    assert await paid_events(till, payment_id) == 0
    after = await till.check()
    assert (after.paid_fen - before.paid_fen, after.refunded_fen - before.refunded_fen) == (1_990, 1_990)


async def test_a_refund_is_heard_by_notice_once(till, paid):
    await take(till, notice(till, paid))
    made = await till.refund(paid, 990)
    till.fake.manners.refund_seconds = 3_600
    await till.carry()
    back = till.fake.backs[made.refund_id.hex]
    assert (await till.get(paid)).refunding_fen == 990
    back.state, back.refunded_at = "SUCCESS", till.database.clock.machine()
    for _ in range(2):
        body = till.fake.write_notice("REFUND.SUCCESS", till.fake.told_back(back))
        await take(till, Call(headers=till.fake.sign(body), body=body))
    stands = await till.get(paid)
    assert (stands.state, stands.refunding_fen, stands.refunded_fen) == ("paid", 0, 990)
    await till.check()


async def test_no_bank_of_that_name_says_the_same_as_a_wrong_signature(till, paid):
    with pytest.raises(NoticeRefused):
        await payments.take_notice(till.database, "nobody", notice(till, paid))
