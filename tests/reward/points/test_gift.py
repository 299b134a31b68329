"""Gifts of points: to one other customer of the bank, within limits of the person, and back while unused."""

from datetime import timedelta

import pytest

from huoke.govern import tenants
from huoke.know import consent, customers
from huoke.reward import ledger, points
from huoke.reward.points import AskedGift, GiftClosed, GiftLimit, GiftLine, GiftShort, GiftUnfit, GiftUsed, gift
from tests.make import customers as make_customers
from tests.make import grants as make_grants
from tests.make import ledger as make_ledger
from tests.make import people
from tests.make import points as make

PEOPLE = 9


def phone(n):
    return f"1380000{n:04d}"


@pytest.fixture(scope="module")
async def seqs(database, bank):
    """Customers with a phone each; the last two share one."""
    async with database.begin(bank) as tx:
        await people.units(tx)
    rows = [
        {"customer_no": f"G{n}", "unit_code": "N1", "name": f"张三{n}", "phone": phone(min(n, PEOPLE - 2))}
        for n in range(PEOPLE)
    ]
    await make_customers.import_rows(database, bank, rows, {})
    async with database.begin(bank) as tx:
        found = await customers.find_by_no(tx, [row["customer_no"] for row in rows])
    return [found[f"G{n}"] for n in range(PEOPLE)]


@pytest.fixture
async def tx(database, bank, seqs, clock):
    async with database.begin(bank) as tx:
        await make.kind(tx, "BEANS", transferable=True)
        await make.kind(tx, "FIXED")
        yield tx
        await make_grants.assert_sound(tx)


def asked(giver, taker, amount, **more):
    given = {"request_no": f"{giver}-{taker}-{amount}", "giver": giver, "phone": phone(taker), "type": "BEANS"}
    return AskedGift(**given | {"points": amount} | more)


async def held(tx, seq):
    return [lot.remaining for lot in await ledger.find_lots(tx, seq, "BEANS")]


async def test_points_go_to_the_customer_with_that_number_once(tx, seqs):
    await make_ledger.points(tx, seqs[0], 300, currency="BEANS")
    assert await points.check(tx, asked(seqs[0], 1, 100)) == points.Receiver(seqs[1], "张**")
    first, again = await points.give(tx, [asked(seqs[0], 1, 100), asked(seqs[0], 1, 100)])
    assert first == again
    assert (await held(tx, seqs[0]), await held(tx, seqs[1])) == ([200], [100])


async def test_looking_for_receivers_tells_nobody_who_is_a_customer(tx, seqs, monkeypatch):
    """Unknown, shared and suppressed numbers get the same answer, and a person may try so many different ones a day."""
    await make_ledger.points(tx, seqs[5], 300, currency="BEANS")
    await tenants.set_setting(tx, gift.LOOKS_MAX.key, 4, "少一些")

    async def suppressed(_tx):
        return {seqs[4]}

    monkeypatch.setattr(consent, "suppressed", suppressed)
    said = []
    for one in (asked(seqs[5], 4, 10), asked(seqs[5], PEOPLE - 2, 10), asked(seqs[5], 0, 10, phone="13999999999")):
        with pytest.raises(points.ReceiverUnknown) as refused:
            await points.check(tx, one)
        said.append((refused.value.code, refused.value.detail, refused.value.pointer))
    assert len(set(said)) == 1
    for _ in range(3):
        assert (await points.check(tx, asked(seqs[5], 0, 10))).seq == seqs[0]
    for other in (asked(seqs[5], 1, 10), asked(seqs[5], 0, 10, phone="13999999998")):
        with pytest.raises(points.LookLimit):
            await points.check(tx, other)
        [answer] = await points.give(tx, [other])
        assert type(answer) is points.LookLimit
    assert await held(tx, seqs[5]) == [300]


async def test_the_next_day_other_numbers_may_be_tried(database, bank, seqs, clock):
    async with database.begin(bank) as tx:
        await make.kind(tx, "BEANS", transferable=True)
        await tenants.set_setting(tx, gift.LOOKS_MAX.key, 1, "少一些")
        assert (await points.check(tx, asked(seqs[6], 0, 10))).seq == seqs[0]
        with pytest.raises(points.LookLimit):
            await points.check(tx, asked(seqs[6], 1, 10))
    clock.advance(timedelta(days=1))
    async with database.begin(bank) as tx:
        assert (await points.check(tx, asked(seqs[6], 1, 10))).seq == seqs[1]
        assert await tx.fetch_value("SELECT count(*) FROM points.look WHERE person = $1", seqs[6]) == 1
        await tenants.set_setting(tx, gift.LOOKS_MAX.key, 10, "如前")


async def test_whoever_cannot_get_or_give_moves_nothing(tx, seqs):
    await make_ledger.points(tx, seqs[2], 300, currency="BEANS")
    for one, refusal in (
        (asked(seqs[2], 2, 10), points.ReceiverUnknown),
        (asked(seqs[2], 0, 10, phone="13999999999"), points.ReceiverUnknown),
        (asked(seqs[2], PEOPLE - 2, 10), points.ReceiverUnknown),
        (asked(seqs[2], 0, 10, type="FIXED"), GiftUnfit),
        (asked(seqs[2], 0, 0), GiftUnfit),
        (asked(seqs[2], 0, 5_001), GiftUnfit),
        (asked(seqs[2], 0, 301), GiftShort),
    ):
        [answer] = await points.give(tx, [one])
        assert type(answer) is refusal
    await ledger.freeze(tx, seqs[2], "BEANS", frozen=True)
    [answer] = await points.give(tx, [asked(seqs[2], 0, 10)])
    assert type(answer) is GiftClosed
    assert await held(tx, seqs[2]) == [300]


async def test_whoever_is_suppressed_neither_gives_nor_gets(tx, seqs, monkeypatch):
    await make_ledger.points(tx, seqs[3], 300, currency="BEANS")

    async def suppressed(_tx):
        return {seqs[4]}

    monkeypatch.setattr(consent, "suppressed", suppressed)
    [to, by] = await points.give(tx, [asked(seqs[3], 4, 10), asked(seqs[4], 3, 10)])
    assert (type(to), type(by), await held(tx, seqs[3])) == (points.ReceiverUnknown, GiftClosed, [300])


async def test_a_day_has_its_limits_and_the_next_its_own(tx, seqs):
    await make_ledger.points(tx, seqs[5], 20_000, currency="BEANS")
    await tenants.set_setting(tx, gift.RECEIVERS_MAX.key, 2, "少一些")
    said = await points.give(
        tx,
        [
            asked(seqs[5], 0, 5_000),
            asked(seqs[5], 1, 4_000),
            asked(seqs[5], 2, 1),
            asked(seqs[5], 1, 1_001),
            asked(seqs[5], 1, 1_000),
        ],
    )
    assert [type(one) for one in said] == [GiftLine, GiftLine, GiftLimit, GiftLimit, GiftLine]
    tx.now += timedelta(days=1)
    [answer] = await points.give(tx, [asked(seqs[5], 2, 1)])
    assert type(answer) is GiftLine


async def test_an_unused_gift_goes_back_to_the_lots_it_came_from(tx, seqs):
    ends = tx.now + timedelta(days=9)
    await make_ledger.points(tx, seqs[6], 70, currency="BEANS", expires_at=ends)
    tx.now += timedelta(minutes=1)
    await make_ledger.points(tx, seqs[6], 50, currency="BEANS")
    before = await ledger.find_lots(tx, seqs[6], "BEANS")
    [made] = await points.give(tx, [asked(seqs[6], 3, 100)])
    with pytest.raises(points.GiftUnknown):
        await points.take_back(tx, made.id, [seqs[3]])
    await points.take_back(tx, made.id, [seqs[6]])
    await points.take_back(tx, made.id, [seqs[6]])
    assert await ledger.find_lots(tx, seqs[6], "BEANS") == before
    assert [line.state for line in await points.gifts_of(tx, seqs[6])] == ["taken_back"]


async def test_a_gift_that_is_used_or_old_stays(tx, seqs):
    await make_ledger.points(tx, seqs[6], 500, currency="BEANS")
    used, old = await points.give(tx, [asked(seqs[6], 0, 50), asked(seqs[6], 4, 60)])
    key = ledger.points_account(seqs[0], "BEANS")
    account = (await ledger.open_accounts(tx, [key]))[key]
    all_of_it = await ledger.balance(tx, key)
    assert await ledger.burn(tx, [make_ledger.burn(account, all_of_it)]) == [ledger.Outcome.POSTED]
    tx.now += timedelta(minutes=59)
    with pytest.raises(GiftUsed):
        await points.take_back(tx, used.id, [seqs[6]])
    tx.now += timedelta(minutes=1)
    with pytest.raises(GiftUsed):
        await points.take_back(tx, old.id, [seqs[6]])
