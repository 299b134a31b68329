"""What points come to: owed by funder and age, spent or run out by month, ending soon; all reckoned by hand."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from huoke.kernel.clock import CHINA
from huoke.kernel.ids import new_id
from huoke.reward import ledger
from huoke.reward.ledger import Breakage, ClawBack, Credit, Expiring, Liability, Outcome, Standing
from tests.conftest import START
from tests.make import ledger as make

BRAND = UUID("01900000-0000-7000-8000-000000000001")


@pytest.fixture
async def put(database, own_bank, other_bank, clock):
    """Credit a lot so many days after the start; the other bank has points of the same type all the while."""
    async with database.begin(other_bank) as tx:
        await make.points(tx, 1, 5_000, currency="GOLD", expires_at=START + timedelta(days=29))

    async def put(seq, amount, cost_fen=0, *, funder=None, expires_at=None, at=START):
        clock.set(at)
        item = Credit(
            seq=seq, currency="GOLD", points=amount, cost_fen=cost_fen, funder=funder, expires_at=expires_at,
            source_kind="test", source_id=new_id(), line=0,
        )  # fmt: skip
        async with database.begin(own_bank) as tx:
            assert await ledger.credit(tx, [item]) == [Outcome.POSTED]
        return item.source_id

    return put


async def burn(tx, seq, amount):
    """Spend; returns the burn's name."""
    key = ledger.points_account(seq, "GOLD")
    item = make.burn((await ledger.open_accounts(tx, [key]))[key], amount)
    assert await ledger.burn(tx, [item]) == [Outcome.POSTED]
    return item.source_id


async def test_what_is_owed_stands_by_funder_and_age_with_its_share_of_the_cost(database, own_bank, put, clock):
    today = START + timedelta(days=400)

    def old(days):
        return today - timedelta(days=days)

    await put(1, 100, 300, at=old(400))
    await put(2, 10, 10, funder=BRAND, at=old(366))
    await put(2, 200, 200, funder=BRAND, at=old(365))
    await put(3, 50, 75, at=old(180))
    await put(4, 40, 40, at=old(90))
    await put(5, 7, at=old(31))
    last = await put(6, 30, 33, at=old(30))
    clock.set(today)
    async with database.begin(own_bank) as tx:
        await burn(tx, 1, 40)
        await burn(tx, 6, 10)
        rows = [(BRAND, 0, 10, 10), (BRAND, 365, 200, 200), (None, 0, 60, 180), (None, 30, 20, 22)]
        rows += [(None, 90, 47, 40), (None, 180, 50, 75)]
        assert await ledger.liability(tx) == [
            Liability(currency="GOLD", funder=funder, days_max=days_max, points=points, cost_fen=cost_fen)
            for funder, days_max, points, cost_fen in rows
        ]
        whole = 10 + 200 + 60 + 20 + 47 + 50
        assert await ledger.standing(tx) == [Standing(currency="GOLD", points=whole, held=0, owed=0, customers=6)]
        await tx.execute(
            "UPDATE ledger.lot SET credited_at = credited_at - interval '1 second' WHERE source_id = $1", last
        )
        ages = {one.days_max: one.points for one in await ledger.liability(tx) if one.funder is None}
        assert ages == {0: 60, 90: 67, 180: 50}, "a second older and the lot is of the next age"


async def test_every_month_says_what_became_of_its_points(database, own_bank, put, clock):
    """March: 1,000 that run out after April and 500 that do not. April, from half past midnight: 200."""
    await put(1, 1_000, expires_at=datetime(2026, 5, 1, tzinfo=CHINA))
    await put(2, 500, at=datetime(2026, 3, 31, 23, 30, tzinfo=CHINA))
    april = await put(3, 200, at=datetime(2026, 4, 1, 0, 30, tzinfo=CHINA))
    async with database.begin(own_bank) as tx:
        first, second = await burn(tx, 1, 300), await burn(tx, 2, 120)
        await ledger.refund(tx, second, 0, 20, refund_line=1)
        await burn(tx, 3, 150)
        claw = ClawBack(
            of_source=april, of_line=0, points=80, source_kind="test", source_id=new_id(), line=0, debt=True
        )
        [clawed] = await ledger.claw_back(tx, [claw])
        assert (clawed.taken, clawed.owed) == (50, 30)
    clock.set(datetime(2026, 5, 2, 9, tzinfo=CHINA))
    async with database.begin(own_bank) as tx:
        assert await ledger.expire_lots(tx) == 1
        await ledger.refund(tx, first, 0, 30, refund_line=1)
        assert await ledger.expire_lots(tx) == 1
        march = Breakage(
            currency="GOLD", month="2026-03", credited=1_500, spent=370, expired=730, clawed=0, remaining=400
        )
        # Of the 150 spent in April 30 were asked for again: they are clawed back, as a debt, and spent no more.
        april = Breakage(currency="GOLD", month="2026-04", credited=200, spent=120, expired=0, clawed=80, remaining=0)
        assert await ledger.breakage(tx) == [march, april]
        assert await ledger.breakage(tx, months=2) == [april], "a month is told whole or not at all"
        assert await ledger.breakage(tx, months=1) == []
        [stands] = await ledger.standing(tx)
        assert (stands.points, stands.owed) == (400, 30)
        await tx.execute("DELETE FROM ledger.open_lot WHERE remaining = 400")
        [lost, _] = await ledger.breakage(tx)
        assert (lost.remaining, lost.spent) == (0, 770), "a lot that is gone without a movement shows as spent"


async def test_what_ends_soon_stands_under_its_last_day(database, own_bank, put, clock):
    def after(day):
        return datetime.combine(day + timedelta(days=1), datetime.min.time(), CHINA)

    today, month_end = date(2026, 3, 2), date(2026, 3, 31)
    await put(1, 100, 150, expires_at=after(today))
    await put(2, 30, expires_at=after(month_end))
    await put(2, 20, 20, expires_at=after(month_end))
    await put(3, 40, 40, expires_at=after(month_end))
    await put(4, 99)
    await put(5, 11, expires_at=START + timedelta(hours=1))
    await put(6, 13, expires_at=after(date(2026, 6, 1)))
    clock.advance(timedelta(hours=2))
    async with database.begin(own_bank) as tx:
        await burn(tx, 3, 10)
        soon = Expiring(currency="GOLD", day=today, points=100, cost_fen=150, customers=1)
        later = Expiring(currency="GOLD", day=month_end, points=80, cost_fen=50, customers=2)
        assert await ledger.expiring(tx) == [soon, later]
        assert await ledger.expiring(tx, days=29) == [soon]
        assert await ledger.expiring(tx, days=30) == [soon, later]
        await tx.execute(
            "UPDATE ledger.open_lot SET expires_at = expires_at + interval '1 second' WHERE remaining = 100"
        )
        assert [one.day for one in await ledger.expiring(tx)] == [date(2026, 3, 3), month_end], "a second, and a day"
