"""Days that pass on the phone: three check-ins, a group nobody joins; and the ledger adds up.

The demo's clock goes on by whole days, so these walks come last of all in their instance (`tests.schedule`).
"""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from playwright.async_api import expect

from huoke.app.h5.words import ZH
from huoke.app.runtime import clock_of
from huoke.kernel.clock import change_pace
from tests.e2e.test_friends import PRICE, WITH_POINTS, with_points

pytestmark = pytest.mark.e2e

BANK = "binhai"
PLAYS = """
SELECT p.code, p.draft->>'kind' AS kind FROM plays.play AS p JOIN tenants.tenant AS t ON t.id = p.tenant_id
WHERE t.code = $1 AND p.state = 'live' AND p.draft->>'kind' IN ('checkin', 'mission')
"""
NEVER_PLAYED = "NOT EXISTS (SELECT FROM plays.deed AS d WHERE d.tenant_id = a.tenant_id AND d.seq = c.seq)"
PURSE = """
SELECT a.balance, (SELECT coalesce(sum(remaining), 0) FROM ledger.open_lot AS l
  WHERE l.tenant_id = a.tenant_id AND l.account_id = a.id)::bigint AS lots,
  (SELECT coalesce(sum(CASE WHEN credit_account = a.id THEN amount ELSE -amount END), 0) FROM ledger.transfer AS x
  WHERE x.tenant_id = a.tenant_id AND a.id IN (x.credit_account, x.debit_account))::bigint AS moved
FROM ledger.account AS a JOIN customers.customer AS c ON c.tenant_id = a.tenant_id AND c.seq::text = a.owner_key
JOIN tenants.tenant AS t ON t.id = a.tenant_id AND t.code = $1
WHERE a.kind = 'points' AND a.currency = 'POINTS' AND c.customer_no = $2
"""


async def asked(place, query, *values):
    connection = await asyncpg.connect(place.settings.database_owner_url)
    try:
        return await connection.fetch(query, *values)
    finally:
        await connection.close()


async def points_of(place, number):
    """A customer's points, which lots and transfers agree on."""
    [row] = await asked(place, PURSE, BANK, number)
    assert row["balance"] == row["lots"] == row["moved"]
    return row["balance"]


async def newcomer(place):
    """Somebody with points who has never played."""
    query = WITH_POINTS.replace("ORDER BY", f"AND {NEVER_PLAYED} ORDER BY")
    return (await asked(place, query, BANK, 2 * PRICE, 1))[0]["customer_no"]


async def tomorrow(place, days=1):
    """The clock of every process goes on by whole days."""
    clock = clock_of(place.settings)
    change_pace(place.settings.clock_path, clock.machine(), instant=clock.now() + timedelta(days=days))
    await asyncio.sleep(1)


async def test_three_days_of_check_ins_are_a_streak_and_the_ledger_adds_up(place):
    number = await newcomer(place)
    ways = {row["kind"]: row["code"] for row in await asked(place, PLAYS, BANK)}
    phone = await place.phone("zh-CN", java_script_enabled=False)
    home = f"{place.web}/h5/{BANK}"
    for day in range(3):
        await place.hand_over(phone, BANK, number, "benefits")
        await phone.goto(f"{home}/p/{ways['checkin']}")
        await phone.locator("footer.dock form button").click()
        await expect(phone.get_by_role("button", name=ZH["way.checked"])).to_be_disabled()
        await expect(phone.locator(".way-top b")).to_have_text(str(day + 1))
        if day < 2:
            await tomorrow(place)
    assert await points_of(place, number) >= 2 * PRICE


async def test_a_group_that_nobody_joins_is_over_the_next_day_and_its_points_are_back(place):
    [number] = await with_points(place, BANK, 1)
    before = await points_of(place, number)
    phone = await place.phone("zh-CN", java_script_enabled=False)
    await place.hand_over(phone, BANK, number, "benefits")
    await phone.goto(f"{place.web}/h5/{BANK}/group-buys")
    await phone.locator("a.good").first.click()
    await phone.get_by_role("button", name=ZH["group.open"]).click()
    await expect(phone.get_by_role("heading", name=ZH["group.card.paid"])).to_be_visible()
    group = phone.url
    assert await points_of(place, number) < before
    await tomorrow(place)
    await place.hand_over(phone, BANK, number, "benefits")
    for _ in range(90):
        await phone.goto(group)
        if await phone.get_by_role("heading", name=ZH["group.card.refunded"]).count():
            break
        await asyncio.sleep(0.5)
    await expect(phone.get_by_role("heading", name=ZH["group.card.refunded"])).to_be_visible()
    assert await points_of(place, number) == before
