"""Conditions to claim: asked of the bank's own records, events included, for all who claim at once."""

import pytest

from huoke.know import language, segments
from huoke.reach.campaigns import CampaignMode, reach
from huoke.reward import grants
from tests.make import campaigns as make
from tests.make import events as make_events

PAID_TWICE = {
    "kind": "event", "name": "payment.made", "measure": "count", "op": ">=", "value": 2, "window_days": 30,
}  # fmt: skip
THIRTY = {"kind": "attr", "name": "age", "op": ">=", "value": 30}


@pytest.fixture(scope="module")
async def source(world):
    return await make_events.source(world.database, world.tenant)


async def pay(world, source, number, times):
    messages = [make_events.track(f"{number}-{n}-{times}", number, "payment.made") for n in range(times)]
    await make_events.take(world.database, world.tenant, source, *messages)


async def condition(world, expression):
    async with world.begin(world.operator) as tx:
        new = segments.NewSegment(name="领取条件", expression=expression, serves=language.Serves.CONDITION)
        return await segments.save(tx, new)


async def claimed(world, campaign_id, *seqs):
    answers = await make.claim(world, campaign_id, *seqs)
    return [type(answer).__name__ for answer in answers]


async def test_what_a_customer_did_lets_them_claim(world, source, clock):
    await pay(world, source, "C000000", 2)
    await pay(world, source, "C000001", 1)
    await make_events.ship(world.feed, world.analytics.clickhouse)
    condition_id = await condition(world, PAID_TWICE)
    campaign_id = await make.live(world, mode=CampaignMode.PULL, condition_segment_id=condition_id)
    assert await claimed(world, campaign_id, *world.seqs[:3]) == ["Claimed", "NotEligible", "NotEligible"]
    await pay(world, source, "C000001", 3)
    await make_events.ship(world.feed, world.analytics.clickhouse)
    assert await claimed(world, campaign_id, world.seqs[1]) == ["Claimed"]


async def test_records_and_events_are_asked_together(world, source, clock):
    await pay(world, source, "C000004", 2)
    await pay(world, source, "C000014", 2)
    await make_events.ship(world.feed, world.analytics.clickhouse)
    condition_id = await condition(world, {"kind": "all", "of": [PAID_TWICE, THIRTY]})
    campaign_id = await make.live(world, mode=CampaignMode.PULL, condition_segment_id=condition_id)
    young, grown, idle = world.seqs[4], world.seqs[14], world.seqs[15]
    assert await claimed(world, campaign_id, young, grown, idle) == ["NotEligible", "Claimed", "NotEligible"]


async def test_while_events_cannot_be_read_nobody_is_let_in_or_turned_away(world, clock, monkeypatch):
    condition_id = await condition(world, PAID_TWICE)
    campaign_id = await make.live(world, mode=CampaignMode.PULL, condition_segment_id=condition_id)
    monkeypatch.setattr(reach, "_events", {})
    with pytest.raises(Exception, match="cannot be read"):
        await make.claim(world, campaign_id, world.seqs[0])
    async with world.begin() as tx:
        [offer] = await grants.find_offers(tx, "campaign", campaign_id)
        assert await grants.progress(tx, [offer.id]) == []
