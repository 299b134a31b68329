"""Rule S2: who is suppressed is reached by no campaign and claims from none, from the moment it is said."""

import pytest

from huoke.kernel.sets import CustomerSet
from huoke.know import consent
from huoke.know.consent import SuppressionReason, SuppressionStatement, Verdict
from huoke.know.customers import NotEligible
from huoke.reach import campaigns
from huoke.reward import grants
from tests.make import campaigns as make


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await make.world(database, feed, clickhouse, analytics, bank, count=30, same_person=0)


async def suppress(world, reason, *seqs, verdict=Verdict.GIVEN):
    async with world.begin() as tx:
        members = CustomerSet.of(world.tenant, seqs)
        await consent.suppress(tx, [SuppressionStatement(reason=reason, verdict=verdict, members=members)])


@pytest.mark.parametrize("reason", [reason for reason in SuppressionReason if reason is not SuppressionReason.STAFF])
async def test_every_reason_takes_a_customer_out_of_the_reach(world, clock, reason):
    await suppress(world, reason, world.seqs[0])
    try:
        campaign_id = await make.create(world)
        async with world.begin() as tx:
            found = await campaigns.preview(tx, world.operator, world.analytics, campaign_id)
        assert (found.waterfall.suppressed, found.waterfall.reachable) == (1, 29)
    finally:
        await suppress(world, reason, world.seqs[0], verdict=Verdict.WITHDRAWN)


async def test_suppressed_after_approval_is_withheld_by_the_run(world, clock):
    campaign_id = await make.live(world)
    await suppress(world, SuppressionReason.COMPLAINT, world.seqs[1])
    try:
        progress = await make.run(world, campaign_id)
        assert (progress.withheld, progress.granted) == (1, 29)
        async with world.begin() as tx:
            assert await grants.find_grants(tx, source_id=campaign_id, seq=world.seqs[1]) == []
    finally:
        await suppress(world, SuppressionReason.COMPLAINT, world.seqs[1], verdict=Verdict.WITHDRAWN)


async def test_suppressed_claims_nothing_of_a_public_offer_and_moves_nothing(world, clock):
    campaign_id = await make.live(world, published=True, stock=10, budget_fen=19_800)
    await suppress(world, SuppressionReason.AML, world.seqs[2])
    try:
        refused, granted = await make.claim(world, campaign_id, world.seqs[2], world.seqs[3])
        assert isinstance(refused, NotEligible)
        assert isinstance(granted, grants.Claimed)
        async with world.begin() as tx:
            found = await campaigns.report(tx, world.operator, campaign_id)
        assert (found.granted, found.stock_reserved) == (1, 1)
    finally:
        await suppress(world, SuppressionReason.AML, world.seqs[2], verdict=Verdict.WITHDRAWN)
    [now] = await make.claim(world, campaign_id, world.seqs[2])
    assert isinstance(now, grants.Claimed)
