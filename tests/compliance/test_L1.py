"""Rule L1: a single prize that depends on chance is worth at most 50,000 yuan; a bank may say less, never more."""

import msgspec
import pytest

from huoke.govern import approvals, tenants
from huoke.govern.tenants import SettingUnfit
from huoke.reward import plays
from huoke.reward.plays import PlayState, check
from huoke.reward.plays.check import TOP_PRIZE_FEN
from tests.make import campaigns
from tests.make import catalogue as make_catalogue
from tests.make import plays as make


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=4, same_person=0)


async def drafted(world, face_value_fen: int):
    async with world.begin() as tx:
        sku_id = await make_catalogue.voucher(tx, supplier_id=world.supplier_id, face_value_fen=face_value_fen)
    prize = await make.prize(world, 1_000, stock=3, sku_id=sku_id, fallback=1)
    return await make.create(world, [prize, make.nothing(999_000)])


async def test_a_prize_of_50_000_yuan_is_the_most_there_can_be(world, clock):
    most, too_much = await drafted(world, 5_000_000), await drafted(world, 5_000_001)
    await make.submit(world, most)
    with pytest.raises(approvals.CheckFailed):
        await make.submit(world, too_much)
    assert (await make.get(world, too_much)).state is PlayState.DRAFT


async def test_a_check_that_takes_every_prize_for_worthless_would_let_it_pass(world, clock, monkeypatch):
    """The negative control."""
    too_much = await drafted(world, 5_000_001)
    monkeypatch.setattr(check, "value_of", lambda _: 0)
    await make.submit(world, too_much)
    assert (await make.get(world, too_much)).state is PlayState.SUBMITTED


async def test_a_bank_may_say_less_but_not_more(world, clock):
    with pytest.raises(SettingUnfit):
        TOP_PRIZE_FEN.read(5_000_001)
    play_id = await drafted(world, 300_000)
    async with world.begin() as tx:
        play = await plays.seen(tx, play_id, world.operator)
        [check] = [one for one in await plays.rules(tx, play) if one.rule == "L1"]
        assert (check.verdict, check.data["top_fen"]) == (approvals.CheckVerdict.PASS, 300_000)
        assert await tenants.setting(tx, TOP_PRIZE_FEN) == 5_000_000
    assert msgspec.structs.asdict(check)["data"]["limit_fen"] == 5_000_000
