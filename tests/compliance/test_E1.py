"""Rule E1: a control group is drawn from unpublished, targeted offers only; of a public offer nobody is refused."""

import numpy as np
import pytest

from huoke.decide import experiments
from huoke.kernel.sets import CustomerSet
from huoke.reach import campaigns
from huoke.reward import grants
from tests.make import campaigns as make


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await make.world(database, feed, clickhouse, analytics, bank, count=120)


async def test_the_control_group_of_a_targeted_campaign_is_granted_nothing(world, clock):
    campaign_id = await make.live(world, control_percent=20)
    async with world.begin() as tx:
        control = await experiments.control_members(tx, campaign_id)
    progress = await make.run(world, campaign_id)
    assert 0 < len(control) == progress.control
    assert progress.total == 120 - len(control)
    async with world.begin() as tx:
        granted = await grants.find_grants(tx, source_id=campaign_id, limit=200)
    assert CustomerSet.of(world.tenant, [item.seq for item in granted]) & control == CustomerSet.empty(world.tenant)


async def test_one_person_is_in_the_same_arm_with_both_accounts(world, clock):
    """The last two customers share an id document (rule R1)."""
    for _ in range(3):
        campaign_id = await make.live(world, control_percent=50)
        async with world.begin() as tx:
            control = await experiments.control_members(tx, campaign_id)
        one, other = (seq in control for seq in world.seqs[-2:])
        assert one == other


def test_another_campaign_draws_another_group():
    person = np.array([7])
    arms = {bool(experiments.control_arm(f"campaign:{number}", 50, person)[0]) for number in range(20)}
    assert arms == {True, False}


async def test_a_published_offer_with_a_control_group_is_refused(world, clock):
    campaign_id = await make.create(world, published=True, control_percent=10)
    with pytest.raises(campaigns.DraftUnfit) as refused:
        await make.submit(world, campaign_id)
    assert refused.value.pointer == "/control_percent"
    async with world.begin() as tx:
        found = await campaigns.preview(tx, world.operator, world.analytics, campaign_id)
    [check] = [check for check in found.checks if check.rule == "E1"]
    assert check.verdict == "fail"


async def test_a_published_offer_refuses_nobody(world, clock):
    campaign_id = await make.live(world, published=True)
    async with world.begin() as tx:
        assert await campaigns.eligible(tx, campaign_id, world.seqs) == [True] * len(world.seqs)
        assert await experiments.control_group(tx, campaign_id) is None
