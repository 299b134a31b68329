"""Rule M3: nothing is given for the act of sharing: a play's chances come by day and by welcome, and no other way."""

import pytest

from huoke.govern.approvals import CheckVerdict
from huoke.reward import plays
from huoke.reward.plays import Draft
from tests.make import campaigns
from tests.make import plays as make


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=4, same_person=0)


async def test_a_play_has_no_chance_for_sharing_and_its_check_says_so(world, clock):
    sources = {name for name in Draft.__struct_fields__ if name.endswith("_chances")}
    assert sources == {"daily_chances", "welcome_chances"}
    play_id = await make.create(world, [make.nothing(1_000_000)])
    async with world.begin() as tx:
        found = await plays.rules(tx, await plays.seen(tx, play_id, world.operator))
    assert [one.verdict for one in found if one.rule == "M3"] == [CheckVerdict.PASS]
