"""Rule L4 for plays: a prize says until when and where it can be used; where one does not, its reviewer is told."""

import msgspec
import pytest

from huoke.govern.approvals import CheckVerdict
from huoke.reward import catalogue, plays
from huoke.reward.plays import check
from tests.make import campaigns
from tests.make import plays as make


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=4, same_person=0)


async def test_every_prize_has_scope_and_validity_or_the_reviewer_is_told(world, clock, monkeypatch):
    play_id = await make.create(world, [await make.prize(world, 1_000, fallback=1), make.nothing(999_000)])

    async def verdict():
        async with world.begin() as tx:
            found = await plays.rules(tx, await plays.seen(tx, play_id, world.operator))
        return next(one.verdict for one in found if one.rule == "L4")

    assert await verdict() is CheckVerdict.PASS
    real = catalogue.skus

    async def without_scope(tx, ids):
        return {key: msgspec.structs.replace(sku, acceptance=" ") for key, sku in (await real(tx, ids)).items()}

    # The negative control: the same prize without its scope.
    monkeypatch.setattr(check.catalogue, "skus", without_scope)
    assert await verdict() is CheckVerdict.WARN
