"""A day of points is closed: opening + moved = closing, and what does not add up shows, by job, call and command."""

import json
import os
from datetime import date, timedelta

import pytest

from huoke.govern.people import Role
from huoke.reward import ledger, points
from huoke.reward.points.close import CATCH_UP_MAX, close_days
from huoke.reward.points.model import DayOpen
from tests.make import ledger as make
from tests.make import people
from tests.make.command_line import command_line, own_home

MONDAY = date(2026, 3, 2)
TUESDAY = date(2026, 3, 3)
TYPE = "BEANS"


@pytest.fixture
async def closing(database, own_bank, other_bank, clock):
    """Monday: 100 and 50 come, 30 go; Tuesday: 20 come. Now it is Wednesday; the other bank has points of this type."""
    async with database.begin(other_bank) as tx:
        await make.points(tx, 1, 7_000, currency=TYPE)
    async with database.begin(own_bank) as tx:
        account = await make.points(tx, 1, 100, currency=TYPE)
        await make.points(tx, 2, 50, currency=TYPE)
        await ledger.burn(tx, [make.burn(account, 30)])
    clock.advance(timedelta(days=1))
    async with database.begin(own_bank) as tx:
        await make.points(tx, 1, 20, currency=TYPE)
    clock.advance(timedelta(days=1))
    return own_bank


async def tamper(tx):
    """Three lots that hold a point less than their accounts do."""
    await tx.execute("UPDATE ledger.open_lot SET remaining = remaining - 1")


def line(day, opening, moved, closed, difference=0):
    return ledger.RollForward(
        day=day, currency=TYPE, opening=opening, moved=moved, closing=closed, difference=difference
    )


async def test_a_day_that_is_over_closes_to_zero_and_the_next_begins_with_it(database, closing, other_bank):
    monday = line(MONDAY, 0, {"burn": -30, "credit": 150}, 120)
    tuesday = line(TUESDAY, 120, {"credit": 20}, 140)
    async with database.begin(closing) as tx:
        assert await points.close_day(tx, MONDAY) == [monday]
        assert await points.roll(tx, TUESDAY) == [tuesday], "the lots of today, less what came since, are Monday's"
        assert await points.closings(tx, MONDAY, TUESDAY) == [monday], "rolling keeps nothing"
        assert await points.close_day(tx, TUESDAY) == [tuesday]
        assert await points.close_day(tx, MONDAY) == [monday], "closed again it says the same"
        assert await points.closings(tx, MONDAY, TUESDAY) == [tuesday, monday]
    async with database.begin(closing) as tx:
        told = await tx.fetch(
            "SELECT payload->>'day' AS day, (payload->>'difference')::int AS difference FROM kernel.event"
            " WHERE name = 'points.day_closed' ORDER BY id"
        )
    assert {(row["day"], row["difference"]) for row in told} == {(str(MONDAY), 0), (str(TUESDAY), 0)}
    async with database.begin(other_bank) as tx:
        assert await points.closings(tx, date(2026, 1, 1), date(2026, 12, 31)) == []


async def test_a_day_is_closed_when_it_is_over_and_rolled_once_it_began(database, closing):
    today = date(2026, 3, 4)
    async with database.begin(closing) as tx:
        assert await points.roll(tx, today) == [line(today, 140, {}, 140)]
        for refused in (points.close_day(tx, today), points.roll(tx, today + timedelta(days=1))):
            with pytest.raises(DayOpen):
                await refused
        assert await points.closings(tx, MONDAY, today) == []


async def test_a_tampered_lot_balance_or_closing_is_a_difference(database, closing, other_bank):
    async with database.begin(closing) as tx:
        await points.close_day(tx, MONDAY)
        await tamper(tx)
        assert [one.difference for one in await points.close_day(tx, TUESDAY)] == [3]
        await tx.execute("UPDATE ledger.open_lot SET remaining = remaining + 1")
        await tx.execute("UPDATE ledger.account SET balance = balance + 5 WHERE kind = 'points' AND owner_key = '2'")
        assert [one.difference for one in await points.close_day(tx, TUESDAY)] == [5 + 5], "transfers and lots say no"
        await tx.execute("UPDATE ledger.account SET balance = balance - 5 WHERE kind = 'points' AND owner_key = '2'")
        await tx.execute("UPDATE points.closing SET closing = closing + 7 WHERE day = $1", MONDAY)
        assert await points.close_day(tx, TUESDAY) == [line(TUESDAY, 127, {"credit": 20}, 147, 7)]
        assert [one.difference for one in await points.closings(tx, TUESDAY, TUESDAY)] == [7]
    async with database.begin(other_bank) as tx:
        assert [one.difference for one in await points.roll(tx, TUESDAY) if one.currency == TYPE] == [0]


async def test_days_not_closed_yet_are_closed_in_order_and_a_long_pause_is_caught_up(database, closing, clock):
    async with database.begin(closing) as tx:
        assert await close_days(tx, MONDAY) == 1
        assert await close_days(tx, TUESDAY) == 1
        assert await close_days(tx, TUESDAY) == 0
    clock.advance(timedelta(days=40))
    async with database.begin(closing) as tx:
        await make.points(tx, 3, 9, currency=TYPE)
        last = date(2026, 4, 12)
        assert await close_days(tx, last) == CATCH_UP_MAX
        closed = await points.closings(tx, date(2026, 3, 4), last)
        assert [one.day for one in closed] == [last - timedelta(days=back) for back in range(CATCH_UP_MAX)]
        assert {(one.opening, one.closing, one.difference) for one in closed} == {(140, 140, 0)}


@pytest.fixture
async def operator(database, closing):
    """(login, the bank's code) of an operator."""
    async with database.begin(closing) as tx:
        await people.staff(tx, Role.OPERATOR, login="closer")
        return "closer", await tx.fetch_value("SELECT code FROM tenants.tenant WHERE id = $1", closing)


async def test_the_command_exits_with_0_at_no_difference_and_with_1_at_one(
    cluster, database, closing, other_bank, operator, tmp_path
):
    login, code = operator
    known = {**own_home(cluster, tmp_path / "an instance"), "HUOKE_BANK": code, "HUOKE_AS": login, "COLUMNS": "120"}
    with command_line({**os.environ, **known}) as run:
        assert run("ledger", "close", "--day", str(MONDAY)).splitlines()[-1] == "difference 0"
        [told] = json.loads(run("ledger", "close", "--day", str(TUESDAY), "--json"))
        assert (told["opening"], told["moved"], told["closing"], told["difference"]) == (120, {"credit": 20}, 140, 0)
        async with database.begin(closing) as tx:
            before = await tx.fetch_value("SELECT count(*) FROM points.closing")
            await people.staff(tx, Role.BRANCH_OPERATOR, login="reader")
        assert "points.write" in run("ledger", "close", "--day", str(MONDAY), "--as", "reader", exit_code=2)
        async with database.begin(closing) as tx:
            assert await tx.fetch_value("SELECT count(*) FROM points.closing") == before, (
                "who only reads closes nothing"
            )
            await tamper(tx)
        assert run("ledger", "close", "--day", str(TUESDAY), exit_code=1).splitlines()[-1] == "difference 3"
    async with database.begin(closing) as tx:
        assert [one.difference for one in await points.closings(tx, MONDAY, TUESDAY)] == [3, 0]
    async with database.begin(other_bank) as tx:
        assert await points.closings(tx, date(2026, 1, 1), date(2026, 12, 31)) == []
