"""Buying together, inviting and asking for help on the phone, in a real browser and without a script."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from playwright.async_api import expect

from huoke.app.h5.words import EN, ZH
from huoke.kernel.engines import ClickHouse
from huoke.know import language as events_of
from huoke.reward import referral
from tests.e2e import tour
from tests.e2e.rewarding import WAIT_TIMES, Bank, Somebody

pytestmark = pytest.mark.e2e

PRICE = 200
WITH_POINTS = """
SELECT c.customer_no FROM ledger.account AS a JOIN customers.customer AS c ON c.tenant_id = a.tenant_id
  AND c.seq::text = a.owner_key JOIN tenants.tenant AS t ON t.id = a.tenant_id AND t.code = $1
WHERE a.kind = 'points' AND a.currency = 'POINTS' AND a.balance - a.held >= $2 AND c.status = 'active' AND NOT EXISTS
  (SELECT FROM group_buy.seat AS s WHERE s.tenant_id = a.tenant_id AND s.seq = c.seq) AND EXISTS
  (SELECT FROM grants.grant AS g WHERE g.tenant_id = a.tenant_id AND g.seq = c.seq AND g.state = 'fulfilled')
  AND NOT EXISTS (SELECT FROM referral.referrer AS r WHERE r.tenant_id = a.tenant_id AND r.seq = c.seq)
  AND NOT EXISTS (SELECT FROM referral.bond AS b WHERE b.tenant_id = a.tenant_id AND b.invitee_seq = c.seq)
ORDER BY c.seq LIMIT $3
"""


async def with_points(place, bank: str, count: int) -> list[str]:
    """Customers who can pay for two seats, took none and invite nobody yet; who has a voucher is on no list."""
    connection = await asyncpg.connect(place.settings.database_owner_url)
    try:
        rows = await connection.fetch(WITH_POINTS, bank, 2 * PRICE, count)
    finally:
        await connection.close()
    assert len(rows) == count, "the demo has customers with points"
    return [row["customer_no"] for row in rows]


async def test_a_group_buy_completes_for_all_and_who_leaves_gets_all_back(place):
    """Three open, join and complete a group; one opens another, leaves it, and has the points again."""
    numbers = await with_points(place, "binhai", 3)
    phones = [await place.phone("zh-CN", java_script_enabled=False) for _ in numbers]
    for phone, number in zip(phones, numbers, strict=True):
        await place.hand_over(phone, "binhai", number, "benefits")
        await phone.goto(f"{place.web}/h5/binhai/group-buys")
    opener = phones[0]
    await opener.locator("a.good").first.click()
    await opener.get_by_role("button", name=ZH["group.open"]).click()
    await expect(opener.get_by_role("heading", name=ZH["group.card.paid"])).to_be_visible()
    await expect(opener.locator(".seats .free")).to_have_count(2)
    for friend in phones[1:]:
        await friend.goto(opener.url)
        await friend.get_by_role("button", name=ZH["group.join"]).click()
    for phone in phones:
        await phone.goto(opener.url)
        await expect(phone.get_by_role("heading", name=ZH["group.card.delivered"])).to_be_visible()
    await opener.goto(f"{place.web}/h5/binhai/group-buys")
    await opener.locator("a.good").first.click()
    await opener.get_by_role("button", name=ZH["group.open"]).click()
    await opener.get_by_role("button", name=ZH["group.leave"]).click()
    await expect(opener.get_by_role("heading", name=ZH["group.card.refunded"])).to_be_visible()
    await opener.goto(f"{place.web}/h5/binhai/group-buys/mine")
    await expect(opener.locator(".rows .chip")).to_have_text([ZH["group.state.refunded"], ZH["group.state.delivered"]])


async def test_an_invitation_is_accepted_by_a_friend_and_never_by_oneself(place):
    inviter, friend = await with_points(place, "binhai", 2)
    phone, guest = [await place.phone("zh-CN", java_script_enabled=False) for _ in range(2)]
    await place.hand_over(phone, "binhai", inviter, "benefits")
    await phone.goto(f"{place.web}/h5/binhai/invite")
    await phone.get_by_role("button", name=ZH["invite.begin"]).click()
    poster = await phone.get_by_role("link", name=ZH["invite.save"]).get_attribute("href")
    page = f"{place.web}{poster.removesuffix('/poster.png')}"
    await phone.goto(page)
    await expect(phone.get_by_role("heading", name=ZH["invite.card.own"])).to_be_visible()
    await expect(phone.get_by_role("button", name=ZH["invite.accept"])).to_have_count(0)
    await place.hand_over(guest, "binhai", friend, "benefits")
    await guest.goto(page)
    await guest.get_by_role("button", name=ZH["invite.accept"]).click()
    await expect(guest.get_by_role("heading", name=ZH["invite.card.bound"])).to_be_visible()
    await phone.goto(f"{place.web}/h5/binhai/invite")
    await expect(phone.locator(".friends li")).to_have_count(1)


async def newcomer(bank: Bank, clickhouse: ClickHouse) -> Somebody:
    """A customer who never paid anything."""
    people = await bank.people_free(12)
    paid = await events_of.happened_to(clickhouse, bank.people.tenant, {one.seq for one in people}, {"payment.made"})
    return next(one for one in people if not paid.get(one.seq))


async def rewarded(bank: Bank, clickhouse: ClickHouse, programme_id, inviter: Somebody) -> None:
    """Look at invitations as every minute does, each time a minute later by the clock, until something is given."""
    for minute in range(1, WAIT_TIMES):
        async with bank.begin(at=bank.database.clock.now() + timedelta(minutes=minute, seconds=minute)) as tx:
            await referral.advance(tx, clickhouse)
        async with bank.begin() as tx:
            if (await referral.own(tx, programme_id, inviter.seq)).rewarded:
                return
        await asyncio.sleep(0.25)
    raise AssertionError("nothing was given for the friend's payment")


@tour.shown_in_docs()
async def test_a_friend_who_is_new_pays_and_both_have_the_benefit_once(place, binhai, language):
    said, strip = {"zh-CN": ZH, "en": EN}[language], tour.Strip("referral-walk")
    clickhouse = await ClickHouse.connect(place.settings.clickhouse_url)
    [inviter] = await binhai.people_free(1)
    friend = await newcomer(binhai, clickhouse)
    programme_id = await binhai.programme(hold_days=0, fresh_days=365)
    own = f"invite/{programme_id}"
    phone = await binhai.phone(inviter, own, language, java_script_enabled=False)
    await phone.get_by_role("button", name=said["invite.begin"]).click()
    poster = await phone.get_by_role("link", name=said["invite.save"]).get_attribute("href")
    await strip.add(phone)
    guest = await binhai.phone(friend, "", language, java_script_enabled=False)
    await guest.goto(f"{place.web}{poster.removesuffix('/poster.png')}")
    await strip.add(guest)
    await guest.get_by_role("button", name=said["invite.accept"]).dblclick()
    await expect(guest.get_by_role("heading", name=said["invite.card.bound"])).to_be_visible()
    await expect(phone.locator(".friends li")).to_have_count(0)
    await binhai.happens(friend, "payment.made", amount_fen=2_000, channel="app")
    await rewarded(binhai, clickhouse, programme_id, inviter)
    await phone.goto(f"{binhai.home}/{own}")
    await expect(phone.locator(".friends .chip.ok")).to_have_text([said["invite.state.rewarded"]])
    await strip.add(phone)
    await guest.reload()
    await expect(guest.get_by_role("heading", name=said["invite.card.rewarded"])).to_be_visible()
    for one in (phone, guest):
        await one.goto(f"{binhai.home}/benefits")
        await expect(one.locator(".list.available article.ticket")).to_have_count(1)
    await strip.add(guest)
    strip.keep()
    await clickhouse.close()
