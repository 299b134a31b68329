"""The first page: what each role sees of it, the north star equals SQL, alarms, and the guide read off the bank."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from huoke.govern import views
from huoke.govern.people.model import PERMISSIONS, Role
from huoke.kernel import log
from huoke.kernel.ids import new_id
from huoke.measure import figures
from huoke.measure.figures import Money, RunningCampaign, StockLeft, store_home
from huoke.measure.figures.home import GUIDE, alarms_of
from huoke.reach import campaigns
from huoke.reward import grants
from tests.make import campaigns as make

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
async def tables(world, feed, clickhouse):
    await log.Shipper(feed, clickhouse, [figures.STEPS]).prepare(world.tenant)


async def see(world, clickhouse, principal):
    async with world.begin(principal) as tx:
        return await figures.home(tx, clickhouse, principal)


def running(**changes) -> RunningCampaign:
    told = {
        "id": new_id(),
        "name": "秋日咖啡季",
        "state": "running",
        "unit": "总行",
        "unit_en": "Head office",
        "sku": "咖啡券",
        "opens_at": NOW - timedelta(days=5),
        "closes_at": NOW + timedelta(days=5),
        "budget": Money(limit_fen=1_000, committed_fen=500),
        "stock": StockLeft(total=100, available=50),
        "granted": 0,
        "claimed": 0,
        "redeemed": 0,
    }
    return RunningCampaign(**{**told, **changes})


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, []),
        ({"budget": Money(limit_fen=1_000, committed_fen=700)}, []),
        ({"budget": Money(limit_fen=1_000, committed_fen=701)}, ["budget_fast"]),
        ({"stock": StockLeft(total=100, available=10)}, []),
        ({"stock": StockLeft(total=100, available=9)}, ["stock_low"]),
        ({"stock": StockLeft(total=100, available=0)}, ["stock_out"]),
        ({"state": "paused", "stock": StockLeft(total=100, available=0)}, []),
    ],
)
def test_an_alarm_is_raised_just_beyond_its_bound(changes, kinds):
    assert [alarm.kind for alarm in alarms_of(running(**changes), NOW)] == kinds


async def test_the_guide_is_read_off_the_bank_and_can_be_put_away(world, tables, clock, feed, clickhouse):
    steps = {step.key: step.done for step in (await see(world, clickhouse, world.operator)).guide}
    assert (steps["segment"], steps["benefit"], steps["budget"]) == (True, True, True)
    assert (steps["claim"], steps["redemption"]) == (False, False)

    campaign_id = await make.live(world, control_percent=10)
    await make.run(world, campaign_id)
    async with world.begin() as tx:
        items = await grants.find_grants(tx, source_id=campaign_id, limit=200)
    claimed = await make.claim(world, campaign_id, *(item.seq for item in items[:3]))
    await make.redeem(world, claimed[0].grant_id)
    steps = {step.key: step.done for step in (await see(world, clickhouse, world.operator)).guide}
    assert (steps["campaign"], steps["approval"], steps["claim"], steps["redemption"]) == (True, True, True, True)
    assert steps["effect"] is False

    async with world.begin(world.operator) as tx:
        await views.dismiss_guide(tx)
    assert (await see(world, clickhouse, world.operator)).guide is None
    async with world.begin(world.operator) as tx:
        await views.restore_guide(tx)
    assert (await see(world, clickhouse, world.operator)).guide is not None
    assert (await see(world, clickhouse, world.reviewer)).guide is None


async def test_who_brings_people_in_is_led_there_first(world, tables, clock, clickhouse):
    security = msgspec.structs.replace(world.teller, permissions=frozenset({"staff.write"}), units=None)
    [first, *_] = (await see(world, clickhouse, security)).guide
    assert (first.key, first.path) == ("staff", "/staff")
    who = " WHERE id IN (SELECT staff_id FROM people.staff_role WHERE role = 'approver')"
    async with world.begin() as tx:
        assert (await store_home.guide(tx))["staff"] is True
        await tx.execute(f"UPDATE people.staff SET status = 'disabled'{who}")
        assert (await store_home.guide(tx))["staff"] is False, "nobody is left who approves"
        await tx.execute(f"UPDATE people.staff SET status = 'active'{who}")


async def test_each_step_of_the_guide_is_offered_to_whoever_may_do_it(world, tables, clock, clickhouse):
    """By role: all who plan or bring people in see every step, and the others' as the others'."""
    offered = {}
    for role in (Role.OPERATOR, Role.BRANCH_OPERATOR, Role.SECURITY_ADMIN):
        somebody = msgspec.structs.replace(world.operator, permissions=PERMISSIONS[role], units=None)
        offered[role] = {step.key for step in (await see(world, clickhouse, somebody)).guide if step.yours}
    planning = {"segment", "campaign", "claim", "effect"}
    assert offered == {
        Role.OPERATOR: {"import", *planning},
        Role.BRANCH_OPERATOR: planning,
        Role.SECURITY_ADMIN: {"staff"},
    }
    owners = {"benefit": Role.BUYER, "budget": Role.BUYER, "approval": Role.APPROVER, "redemption": Role.TELLER}
    for step, role in owners.items():
        assert GUIDE[step][1] in PERMISSIONS[role]


async def test_the_guide_ends_with_an_effect_that_was_measured(world, tables, clock, feed, clickhouse):
    """A control group alone measures nothing: the campaign needs a metric, and it must be over."""

    async def is_done() -> bool:
        guide = (await see(world, clickhouse, world.operator)).guide
        return guide is None or next(step.done for step in guide if step.key == "effect")

    for metric, ended, expected in ((None, True, False), ("app_login", False, False), ("app_login", True, True)):
        campaign_id = await make.live(world, control_percent=10, metric=metric)
        await make.run(world, campaign_id)
        if ended:
            async with world.begin(world.operator) as tx:
                await campaigns.stop(tx, world.operator, campaign_id, "到此为止")
        assert await is_done() is expected, (metric, ended)


async def test_the_north_star_counts_customers_once_and_takes_undone_redemptions_off(
    world, tables, clock, feed, clickhouse
):
    campaign_id = await make.live(world)
    await make.run(world, campaign_id)
    async with world.begin() as tx:
        items = await grants.find_grants(tx, source_id=campaign_id, limit=200)
    claimed = await make.claim(world, campaign_id, *(item.seq for item in items[:8]))
    done = await make.redeem(world, *(answer.grant_id for answer in claimed[:5]))
    async with world.begin(world.teller) as tx:
        teller = world.teller.actor.id
        await grants.undo_redeem(tx, done[0].redemption_id, teller=teller, units=frozenset(), reason="柜员点错")
        expected = await tx.fetch_value(
            "SELECT count(DISTINCT seq) FROM grants.redemption WHERE undone_at IS NULL AND at > $1",
            tx.now - timedelta(days=30),
        )
    await make.ship(feed, clickhouse)
    star = (await see(world, clickhouse, world.operator)).north_star
    assert (star.customers, star.weeks[-1].customers, len(star.weeks)) == (expected, expected, 12)
    assert star.before == 0
    clock.advance(timedelta(days=31))
    star = (await see(world, clickhouse, world.operator)).north_star
    assert (star.customers, star.before) == (0, expected)


async def test_a_buyer_of_a_new_bank_is_shown_the_two_steps_that_are_theirs(world, database, own_bank, clickhouse):
    rights = frozenset({"benefit.write", "budget.write"})
    buyer = msgspec.structs.replace(world.teller, tenant=own_bank, permissions=rights, units=None)
    async with database.begin(own_bank, buyer.actor) as tx:
        shown = await figures.home(tx, clickhouse, buyer)
    assert [(step.key, step.done) for step in shown.guide] == [("benefit", False), ("budget", False)]
    there = msgspec.structs.replace(buyer, tenant=world.tenant)
    assert (await see(world, clickhouse, there)).guide is None, "this bank has a benefit and a budget"


async def test_each_sees_what_is_theirs(world, tables, clock, feed, clickhouse):
    counter = await see(world, clickhouse, world.teller)
    assert counter.counter is not None
    assert (counter.running, counter.guide, counter.people, counter.trail, counter.work) == ([], None, None, None, None)
    may = {"staff.write": "people", "audit.read": "trail", "job.read": "work"}
    for permission, part in may.items():
        somebody = msgspec.structs.replace(world.teller, permissions=frozenset({permission}), units=None)
        shown = await see(world, clickhouse, somebody)
        parts = {name: getattr(shown, name) is not None for name in ("counter", *may.values())}
        assert parts == {name: name == part for name in parts}
