"""What the demo plants is what measuring finds: real campaigns, history by the real door, the real effect."""

from datetime import timedelta

import msgspec
import numpy as np
import pytest

from huoke.app.demo.binhai import BINHAI
from huoke.app.demo.binhai_past import PAST
from huoke.app.demo.telling import Finished, Story, tell
from huoke.app.demo.visits import Claims
from huoke.app.ports import register_ports
from huoke.decide import experiments
from huoke.decide.experiments import Verdict
from huoke.kernel.clock import CHINA
from huoke.kernel.sets import CustomerSet, SetServer
from huoke.kernel.settings import Settings
from huoke.know import events, metrics
from huoke.know.language import Analytics
from huoke.measure import reports
from tests.conftest import START
from tests.make import campaigns as make

CUSTOMERS = 4_000
DAYS_AFTER = 60


@pytest.fixture(scope="module")
def ports(cluster, schema):
    urls = ("database_url", "database_owner_url", "database_feed_url", "clickhouse_url")
    addresses = {name: getattr(cluster, name) for name in urls}
    register_ports(Settings(home=cluster.home, instance="test", web_port=0, **addresses))


@pytest.fixture(scope="module")
async def world(ports, database, feed, clickhouse, bank):
    return await make.world(
        database, feed, clickhouse, Analytics(clickhouse, SetServer()), bank, count=CUSTOMERS, same_person=1
    )


@pytest.fixture(scope="module")
async def told(world, clickhouse):
    """Each plan of the past carried out, then the history with their effects loaded."""
    finished = [await carry_out(world, plan) for plan in PAST]
    today = (START + timedelta(days=DAYS_AFTER)).astimezone(CHINA).date()
    story = Story(plan=BINHAI, customers=CUSTOMERS, today=today)
    for table in tell(story, np.array(world.seqs, np.uint32), finished):
        await events.load_archive(world.database, clickhouse, world.tenant, table, source="demo")
    return {one.plan.name: one for one in finished}


async def carry_out(world, plan) -> Finished:
    campaign_id = await make.live(
        world,
        name=plan.name,
        metric=plan.metric,
        metric_days=plan.metric_days,
        control_percent=plan.control_percent,
        stock=CUSTOMERS,
        budget_fen=1_980 * CUSTOMERS,
    )
    await make.run(world, campaign_id)
    async with world.begin() as tx:
        control = await experiments.control_members(tx, campaign_id)
    treated = CustomerSet.of(world.tenant, world.seqs) - control
    return Finished(
        campaign_id=campaign_id,
        plan=plan,
        started_ms=int(START.timestamp() * 1_000),
        treated=treated.array(),
        control=control.array(),
        codes=["own"],
        claims=Claims(np.array([], np.uint32), np.array([], np.int64)),
    )


async def measured(world, clock, campaign_id):
    clock.set(START + timedelta(days=DAYS_AFTER))
    async with world.begin(world.operator) as tx:
        return (await reports.effect(tx, world.analytics.clickhouse, campaign_id)).effect


def holds(estimate, truth: float) -> bool:
    """Whether a truth lies within twice the reach of a 95 % interval: it fails by chance once in ten thousand."""
    reach = (estimate.high - estimate.low) / 2
    return abs(estimate.value - truth) <= 2 * reach


def test_every_plan_of_the_past_is_measured_by_a_metric_of_what_it_changed():
    for plan in PAST:
        metric = metrics.get(plan.metric)
        assert plan.effect.event in metric.events
        assert metric.aggregate.value == plan.effect.aggregate.value
    kinds = [(plan.effect.lost > 0, plan.effect.tail > 0, plan.effect.extra > 0) for plan in PAST]
    assert {(True, False, False), (False, True, True), (False, False, False), (False, False, True)} == set(kinds)


@pytest.mark.parametrize("plan", PAST, ids=[plan.metric for plan in PAST])
async def test_measuring_finds_what_was_planted(world, told, clock, plan):
    one = told[plan.name]
    found = await measured(world, clock, one.campaign_id)
    truth = one.truth("binhai")
    assert (found.treated, found.control) == (truth.treated, truth.control)
    assert holds(found.difference, truth.effect)


async def test_a_truth_that_was_not_planted_is_not_found(world, told, clock):
    one = told["夏日咖啡唤醒"]
    found = await measured(world, clock, one.campaign_id)
    assert found.verdict is Verdict.RAISED
    assert not holds(found.difference, 0.0)
    doubled = msgspec.structs.replace(one.truth("binhai"), with_=one.truth("binhai").with_ + one.truth("binhai").effect)
    assert not holds(found.difference, doubled.effect)
