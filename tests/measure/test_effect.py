"""The effect of a campaign on a real bank of records: planted, then found; and silence where nothing can be said."""

from datetime import timedelta

import pytest

from huoke.decide.experiments import Missing, Verdict
from huoke.kernel.principal import OutOfScope
from huoke.kernel.sets import SetServer
from huoke.know.language import Analytics
from huoke.measure import figures, reports
from huoke.measure.reports import Narrowed, Stage
from huoke.reach.campaigns import Share
from tests.make import campaigns as make
from tests.make import effects


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank):
    analytics = Analytics(clickhouse, SetServer())
    return await make.world(database, feed, clickhouse, analytics, bank, count=effects.CUSTOMERS)


@pytest.fixture(scope="module")
async def planted(world, feed, clickhouse):
    """40 % of the treated and 30 % of control paid after, everybody of a third habitually before."""
    found = await effects.planted(world)
    treated, control = found.treated, found.control
    await effects.happened(
        world, "payment.made", treated[: len(treated) * 4 // 10], found.began + timedelta(days=1), 500
    )
    await effects.happened(
        world, "payment.made", control[: len(control) * 3 // 10], found.began + timedelta(days=1), 500
    )
    await effects.happened(world, "payment.made", [int(treated[0])], found.began - timedelta(days=40), 500)
    await effects.happened(world, "payment.made", treated[:600], found.began + timedelta(days=20), 500)
    await make.ship(feed, clickhouse)
    return found


async def see(world, campaign_id):
    async with world.begin(world.operator) as tx:
        return await reports.effect(tx, world.analytics.clickhouse, campaign_id)


async def test_a_planted_effect_is_found_once_its_window_has_closed(world, planted, clock):
    clock.set(planted.began + timedelta(days=15))
    found = await see(world, planted.campaign_id)
    assert found.effect.treated + found.effect.control == effects.CUSTOMERS - 1, "two accounts of one person are one"
    assert found.effect.verdict is Verdict.RAISED
    expected = (len(planted.treated) * 4 // 10) / len(planted.treated)
    assert found.effect.treated_average == pytest.approx(expected, abs=0.002), (
        "what came after the window is not counted"
    )
    assert found.effect.difference.low < 0.1 < found.effect.difference.high
    assert found.sample_ratio.p > 0.001
    assert not found.provisional
    assert found.cost.spent_fen == 0, "nobody redeemed: what it brought cost nothing"


async def test_before_the_window_closes_a_number_is_shown_and_nothing_concluded(world, planted, clock):
    clock.set(planted.began + timedelta(days=5))
    found = await see(world, planted.campaign_id)
    assert found.provisional
    assert found.effect.verdict is Verdict.NOT_ENOUGH_DATA
    assert (found.effect.gap.code, found.effect.gap.have, found.effect.gap.enough) == (Missing.WINDOW_OPEN, 5, 14)
    assert found.effect.difference.value == pytest.approx(0.1, abs=0.01)


async def test_a_campaign_without_control_tells_no_effect(world, clock, planted):
    campaign_id = await make.live(world, metric="payment", metric_days=14, stock=10, budget_fen=19_800)
    clock.advance(timedelta(days=30))
    found = await see(world, campaign_id)
    assert (found.effect.verdict, found.effect.gap.code) == (Verdict.NOT_ENOUGH_DATA, Missing.NO_CONTROL)
    assert found.effect.difference is None


async def test_what_is_redeemed_is_the_cost_of_the_customers_it_brought(world, feed, clickhouse, clock):
    found = await effects.planted(world, name="第二次")
    await effects.happened(world, "payment.made", found.treated[:900], found.began + timedelta(hours=1), 500)
    claims = await make.claim(world, found.campaign_id, *[int(seq) for seq in found.treated[:50]])
    await make.redeem(world, *[claim.grant_id for claim in claims])
    await make.ship(feed, clickhouse)
    clock.set(found.began + timedelta(days=20))
    told = await see(world, found.campaign_id)
    assert told.cost.spent_fen == 50 * 1_980
    assert told.cost.per_incremental.value == pytest.approx(50 * 1_980 / told.effect.incremental.value)
    assert told.parts.branch
    assert sum(part.effect.treated for part in told.parts.branch) == told.effect.treated


async def test_ways_count_visits_claims_and_redemptions_by_the_last_entry_point_before_the_claim(
    world, feed, clickhouse, clock
):
    north = Share(unit_id=world.units.north, amount_fen=1_980 * 1_700, stock=1_700)
    found = await effects.planted(world, name="入口", shares=[north])
    visitors = [int(seq) for seq in found.treated[:6]]
    campaign = str(found.campaign_id)
    seen = found.began - timedelta(minutes=9)
    await effects.happened(world, "campaign.viewed", visitors[:4], seen, campaign=campaign, entry_code="POSTER")
    await effects.happened(
        world, "campaign.viewed", visitors[3:5], seen + timedelta(minutes=5), campaign=campaign, entry_code="LINK"
    )
    await effects.happened(world, "campaign.viewed", visitors[:1], seen, campaign="another", entry_code="POSTER")
    claims = await make.claim(world, found.campaign_id, *visitors)
    await make.redeem(world, *[claim.grant_id for claim in claims[:4]])
    await make.ship(feed, clickhouse)
    async with world.begin(world.operator) as tx:
        told = await reports.ways(tx, clickhouse, found.campaign_id)
    ways = {way.entry_code: (way.visited, way.claimed, way.redeemed) for way in told.entry_points}
    assert ways["POSTER"] == (4, 3, 3)
    assert ways["LINK"] == (2, 2, 1)
    assert ways[""] == (0, 1, 0)
    assert (told.visited, told.claimed, told.redeemed) == (5, 6, 4)
    assert [(one.claimed, one.redeemed, one.redeemed_fen) for one in told.benefits] == [(6, 4, 4 * 1_980)]
    [benefit] = told.benefits
    assert (benefit.stock, benefit.stock_used) == (effects.CUSTOMERS, 4), "a pool that serves several units counts once"
    assert benefit.stock_reserved == benefit.granted - 4
    async with world.begin(world.operator) as tx:
        came = await reports.drill(
            tx, clickhouse, world.operator, found.campaign_id, Stage.CLAIMED, Narrowed(entry_code="POSTER")
        )
    assert [row.seq for row in came] == visitors[:3]
    assert all("*" in (row.customer_no + str(row.name) + str(row.id_document)) or row.name is None for row in came)


async def test_a_number_opens_to_its_customers_within_scope_page_by_page(world, feed, clickhouse):
    found = await effects.planted(world, name="下钻")
    wanted = [int(seq) for seq in found.treated[:30]]
    assert min(world.seqs) == 0, "the first customer of a bank is number 0, and is seen when reached"
    await make.claim(world, found.campaign_id, *wanted)
    await make.ship(feed, clickhouse)
    async with world.begin(world.operator) as tx:
        first = await reports.drill(
            tx, clickhouse, world.operator, found.campaign_id, Stage.CLAIMED, Narrowed(), limit=20
        )
        rest = await reports.drill(
            tx, clickhouse, world.operator, found.campaign_id, Stage.CLAIMED, Narrowed(), after=first[-1].seq
        )
        south = await reports.drill(
            tx, clickhouse, world.operator, found.campaign_id, Stage.CLAIMED, Narrowed(unit_id=world.units.south)
        )
        hours = [
            await reports.drill(tx, clickhouse, world.operator, found.campaign_id, Stage.CLAIMED, hour)
            for hour in (
                Narrowed(begin=tx.now, end=tx.now + timedelta(hours=1)),
                Narrowed(begin=tx.now - timedelta(hours=1), end=tx.now),
            )
        ]
    assert [row.seq for row in (*first, *rest)] == wanted
    assert {row.unit_id for row in south} == {world.units.south}
    assert 0 < len(south) < 30
    assert [[row.seq for row in hour] for hour in hours] == [wanted, []], "an hour has its end outside"


async def test_a_branch_drills_into_its_own_campaigns_and_units_only(world, feed, clickhouse, planted):
    branch = world.branch_operator
    async with world.begin(branch) as tx:
        with pytest.raises(figures.CampaignUnknown):
            await reports.drill(tx, clickhouse, branch, planted.campaign_id, Stage.GRANTED, Narrowed())
    own = await make.create(world, branch, name="北区", unit_id=world.units.north)
    async with world.begin(branch) as tx:
        with pytest.raises(OutOfScope):
            await reports.drill(tx, clickhouse, branch, own, Stage.GRANTED, Narrowed(unit_id=world.units.south))
        assert await reports.drill(tx, clickhouse, branch, own, Stage.GRANTED, Narrowed()) == []


async def test_who_reads_numbers_only_sees_no_customers(world, clickhouse, planted):
    async with world.begin(world.approver) as tx:
        with pytest.raises(reports.CustomersClosed):
            await reports.drill(tx, clickhouse, world.approver, planted.campaign_id, Stage.GRANTED, Narrowed())


async def test_a_plan_says_what_each_size_of_control_would_show(world, planted, clock):
    clock.set(planted.began + timedelta(days=14))
    draft = await make.create(world, name="下一次")
    async with world.begin(world.operator) as tx:
        told = await reports.effect_plan(tx, world.operator, world.analytics, draft, "payment", 14)
        amount = await reports.effect_plan(tx, world.operator, world.analytics, draft, "payment_amount", 14)
        unknown = await reports.effect_plan(tx, world.operator, world.analytics, draft, "bill_paid", 14)
    assert told.persons == effects.CUSTOMERS - 1
    assert told.baseline.average > 0.3
    shown = [plan.detectable for plan in told.plans]
    assert [plan.percent for plan in told.plans] == [2, 5, 10, 15, 20, 30, 50]
    assert shown == sorted(shown, reverse=True), "more control shows smaller effects"
    assert amount.baseline.deviation > 0
    assert (unknown.baseline, unknown.plans, unknown.history_days) == (None, [], 0)


async def test_the_groups_have_the_sizes_they_were_drawn_with(world, planted, clock):
    clock.set(planted.began + timedelta(days=15))
    ratio = (await see(world, planted.campaign_id)).sample_ratio
    assert ratio.treated + ratio.control == effects.CUSTOMERS - 1
    assert ratio.expected_control == pytest.approx(0.3 * (effects.CUSTOMERS - 1))
