"""Rule S2 for plays: whoever is suppressed, and staff and relatives, draw nothing; it is looked at with every draw."""

from importlib import import_module

import pytest

from huoke.kernel.sets import CustomerSet
from huoke.know import consent
from huoke.know.consent import SuppressionReason, SuppressionStatement, Verdict
from huoke.know.customers import NotEligible
from tests.make import campaigns
from tests.make import plays as make


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=20, same_person=0)


@pytest.mark.parametrize("reason", list(SuppressionReason))
async def test_every_reason_keeps_a_customer_out_of_a_live_play(world, clock, reason):
    prize = await make.prize(world, 1_000_000, stock=5, fallback=1)
    play_id = await make.live(world, [prize, make.nothing(0)])
    seq = world.seqs[list(SuppressionReason).index(reason)]
    [before] = await make.draw(world, play_id, seq)
    assert before.line == 0
    async with world.begin() as tx:
        members = CustomerSet.of(world.tenant, [seq])
        await consent.suppress(tx, [SuppressionStatement(reason=reason, verdict=Verdict.GIVEN, members=members)])
    [refused] = await make.draw(world, play_id, seq)
    assert isinstance(refused, NotEligible)
    assert await make.stock(world, prize) == 4
    assert (await make.get(world, play_id)).drawn == 1


async def test_without_the_look_at_the_list_staff_would_draw(world, clock, monkeypatch):
    """The negative control."""
    play_id = await make.live(world, [make.nothing(1_000_000)])
    seq = world.seqs[-1]
    async with world.begin() as tx:
        members = CustomerSet.of(world.tenant, [seq])
        staff = SuppressionStatement(reason=SuppressionReason.STAFF, verdict=Verdict.GIVEN, members=members)
        await consent.suppress(tx, [staff])
    assert isinstance((await make.draw(world, play_id, seq))[0], NotEligible)

    async def nobody(tx):
        return CustomerSet.empty(tx.tenant, tx.now)

    monkeypatch.setattr(import_module("huoke.reward.plays.eligible").consent, "suppressed", nobody)
    assert (await make.draw(world, play_id, seq))[0].line == 0
