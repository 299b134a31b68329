"""Campaigns and customers who turn out to be one: nobody gets it twice, nobody is in both groups, parting undoes it."""

import pytest

from huoke.decide import experiments
from huoke.know import customers, language, segments
from huoke.measure.reports.effect import _arms
from huoke.reach import campaigns
from huoke.reach.campaigns import CampaignMode
from huoke.reward import grants
from tests.make import campaigns as make


@pytest.fixture
async def join(world, clock):
    """A way to join two of the bank's customers; they part when the test is over."""
    opened = []

    async def join(seq, kept):
        async with world.begin() as tx:
            await customers.join(tx, seq, kept)
        opened.append(seq)
        await make.ship(world.feed, world.analytics.clickhouse)

    yield join
    async with world.begin() as tx:
        for seq in reversed(opened):
            if await customers.survivors(tx, [seq]):
                await customers.part(tx, seq)
    await make.ship(world.feed, world.analytics.clickhouse)


async def owned(world, campaign_id, seq):
    async with world.begin() as tx:
        return [(item.seq, item.state.value) for item in await grants.find_grants(tx, source_id=campaign_id, seq=seq)]


async def test_who_was_granted_under_one_number_is_not_granted_again_under_the_other(world, join):
    campaign_id = await make.live(world, person_limit=2)
    first, later = world.seqs[0], world.seqs[30]
    async with world.begin() as tx:
        await campaigns.run_chunk(tx, campaign_id, rows_max=7)
    await join(first, later)
    await make.run(world, campaign_id)
    assert await owned(world, campaign_id, later) == [(first, "reserved")]


async def test_who_is_joined_before_their_turn_is_granted_as_the_kept_one(world, join):
    campaign_id = await make.live(world, person_limit=2)
    late, kept = world.seqs[40], world.seqs[1]
    await join(late, kept)
    progress = await make.run(world, campaign_id, rows_max=7)
    assert await owned(world, campaign_id, kept) == [(kept, "reserved")]
    assert progress.granted + progress.exists + progress.limit_reached + progress.withheld == 60


async def both_groups(world, campaign_id):
    """Somebody of control, and somebody treated who comes after them."""
    async with world.begin() as tx:
        control = (await experiments.control_members(tx, campaign_id)).array().tolist()
        treated, _ = await _arms(tx, campaign_id)
    return control[0], max(treated.array().tolist())


async def test_who_stands_in_both_groups_is_held_back_and_counts_in_neither(world, join):
    campaign_id = await make.live(world, control_percent=30)
    control, treated = await both_groups(world, campaign_id)
    async with world.begin() as tx:
        before = [arm.array().tolist() for arm in await _arms(tx, campaign_id)]
    await join(control, treated)
    async with world.begin() as tx:
        arms = [set(arm.array().tolist()) for arm in await _arms(tx, campaign_id)]
        found = await campaigns.why(tx, world.analytics.clickhouse, campaign_id, treated)
    assert arms[0].isdisjoint({control, treated})
    assert arms[1].isdisjoint({control, treated})
    assert {one.condition: one.holds for one in found.findings}[campaigns.Condition.NOT_CONTROL] is False
    await make.run(world, campaign_id)
    assert await owned(world, campaign_id, treated) == []
    async with world.begin() as tx:
        await customers.part(tx, control)
        assert [arm.array().tolist() for arm in await _arms(tx, campaign_id)] == before


async def test_two_numbers_of_one_group_stay_in_it_as_one_person(world, join):
    campaign_id = await make.live(world, control_percent=30)
    async with world.begin() as tx:
        treated, control = await _arms(tx, campaign_id)
    one, other = treated.array().tolist()[:2]
    await join(one, other)
    async with world.begin() as tx:
        now, beside = await _arms(tx, campaign_id)
    assert {one, other} <= set(now.array().tolist())
    assert beside == control


async def test_a_targeted_offer_is_for_the_kept_one_when_it_was_for_the_joined_number(world, join):
    youngest = {"kind": "attr", "name": "age", "op": "<", "value": 21}
    async with world.begin(world.operator) as tx:
        segment_id = await segments.save(tx, segments.NewSegment(name="二十岁", expression=youngest))
    campaign_id = await make.live(world, mode=CampaignMode.PULL, segment_id=segment_id)
    meant, other = world.seqs[0], world.seqs[5]
    [before] = await make.claim(world, campaign_id, other)
    assert before.code == "customers.not_eligible", "the negative control: nobody is joined"
    await join(meant, other)
    [after] = await make.claim(world, campaign_id, other)
    assert isinstance(after, grants.Claimed)


async def test_lists_brought_before_mean_whom_their_numbers_lead_to(world, join):
    listed, kept = world.seqs[2], world.seqs[3]
    async with world.begin(world.operator) as tx:
        upload_id = await segments.upload(tx, segments.NewUpload(name="旧名单", customer_nos=["C000002"]))
    expression = language.parse({"kind": "upload", "upload_id": str(upload_id)})

    async def counted():
        await make.ship(world.feed, world.analytics.clickhouse)
        async with world.begin() as tx:
            asked = await segments.members_of(tx, world.analytics, expression, segments.Scope())
            verdicts = await segments.fulfil(tx, None, expression, segments.Scope(), [listed, kept])
            return asked.array().tolist(), verdicts

    assert await counted() == ([listed], [True, False])
    await join(listed, kept)
    assert await counted() == ([kept], [False, True])
    async with world.begin() as tx:
        await customers.part(tx, listed)
    assert await counted() == ([listed], [True, False])
