"""P4: who switches choosing off is chosen no more, and keeps what is open to everybody."""

import pytest

from huoke.kernel.sets import CustomerSet
from huoke.know import consent, language, segments
from huoke.know.consent import Statement, Verdict
from huoke.reach import campaigns
from huoke.reward import grants
from tests.make import campaigns as make

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await make.world(database, feed, clickhouse, analytics, bank, count=9, same_person=0)


async def switch(world, seq, verdict) -> None:
    async with world.begin() as tx:
        whom = CustomerSet.of(tx.tenant, [seq])
        said = Statement(purpose=consent.PROFILING, verdict=verdict, members=whom, text_version="1", channel="h5")
        await consent.record(tx, [said])


async def granted(world, campaign_id) -> set[int]:
    async with world.begin() as tx:
        return {item.seq for item in await grants.find_grants(tx, source_id=campaign_id, limit=50)}


async def counted(world) -> int:
    async with world.begin() as tx:
        return (await segments.count(tx, world.analytics, language.parse(make.ADULTS), segments.Scope())).total


async def test_who_switched_choosing_off_after_approval_is_left_out_at_the_next_hand_over(world):
    campaign_id = await make.live(world)
    await switch(world, world.seqs[0], Verdict.WITHDRAWN)
    await make.run(world, campaign_id)
    assert await granted(world, campaign_id) == set(world.seqs[1:])


async def test_a_segment_does_not_count_them_and_says_why(world):
    before = await counted(world)
    await switch(world, world.seqs[1], Verdict.WITHDRAWN)
    assert await counted(world) == before - 1
    async with world.begin() as tx:
        told = await segments.explain(tx, language.parse(make.ADULTS), segments.Scope(), world.seqs[1])
    assert told.scope == ["basis"]
    await switch(world, world.seqs[1], Verdict.GIVEN)
    assert await counted(world) == before


async def test_a_public_campaign_stays_open_to_them(world):
    await switch(world, world.seqs[2], Verdict.WITHDRAWN)
    campaign_id = await make.live(world, published=True)
    async with world.begin() as tx:
        assert await campaigns.eligible(tx, campaign_id, [world.seqs[2]]) == [True]
    [answer] = await make.claim(world, campaign_id, world.seqs[2])
    assert isinstance(answer, grants.Claimed)


async def test_who_never_said_anything_is_not_taken_for_a_refusal(world):
    async with world.begin() as tx:
        refused = await consent.withdrawn(tx, consent.PROFILING)
        assert world.seqs[5] not in refused
        assert world.seqs[5] in await consent.selectable(tx, consent.MARKETING)


async def test_folding_changes_no_answer(world):
    await switch(world, world.seqs[6], Verdict.WITHDRAWN)
    await switch(world, world.seqs[7], Verdict.WITHDRAWN)
    await switch(world, world.seqs[7], Verdict.GIVEN)
    async with world.begin() as tx:
        before = await consent.withdrawn(tx, consent.PROFILING), await consent.members(tx, consent.MARKETING)
    async with world.begin() as tx:
        assert await consent.refold(tx) > 0
    await switch(world, world.seqs[8], Verdict.WITHDRAWN)
    async with world.begin() as tx:
        refused, given = await consent.withdrawn(tx, consent.PROFILING), await consent.members(tx, consent.MARKETING)
    assert set(refused) == {*before[0], world.seqs[8]}
    assert world.seqs[6] in refused
    assert world.seqs[7] not in refused
    assert set(given) == set(before[1])
