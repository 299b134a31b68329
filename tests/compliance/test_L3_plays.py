"""Rule L3 for running plays: what changes after the start is in the customers' favour, or it is refused."""

from importlib import import_module

import msgspec
import pytest

from huoke.reward import plays
from huoke.reward.plays import NewAmendment, PlayUnfit
from tests.make import campaigns
from tests.make import plays as make


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=4, same_person=0)


def with_odds(draft, ppm):
    prize, nothing = draft.prizes
    changed = [
        msgspec.structs.replace(prize, odds_ppm=ppm),
        msgspec.structs.replace(nothing, odds_ppm=1_000_000 - ppm),
    ]
    return NewAmendment(draft=msgspec.structs.replace(draft, prizes=changed), zh="调整中奖概率")


async def test_odds_of_a_running_play_only_rise_and_by_two_people(world, clock, monkeypatch):
    play_id = await make.live(world, [await make.prize(world, 200_000, fallback=1), make.nothing(800_000)])
    draft = (await make.get(world, play_id)).draft
    with pytest.raises(PlayUnfit):
        async with world.begin(world.operator) as tx:
            await plays.amend(tx, world.operator, play_id, with_odds(draft, 199_999))
    async with world.begin(world.operator) as tx:
        change_id = await plays.amend(tx, world.operator, play_id, with_odds(draft, 200_001))
    assert (await make.get(world, play_id)).table_version == 1
    await campaigns.approve(world, change_id)
    assert (await make.get(world, play_id)).table_version == 2
    # The negative control: without the comparison a worse table would go to approval.
    monkeypatch.setattr(import_module("huoke.reward.plays.amend"), "against", lambda *_: iter(()))
    async with world.begin(world.operator) as tx:
        assert await plays.amend(tx, world.operator, play_id, with_odds(draft, 1))
