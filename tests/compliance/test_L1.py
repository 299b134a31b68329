"""Rule L1: a single prize that depends on chance is worth at most 50,000 yuan, and so are all wins of one entry
together; a bank may say less, never more.
"""

import msgspec
import pytest

from huoke.govern import approvals, tenants
from huoke.govern.tenants import SettingUnfit
from huoke.reward import plays
from huoke.reward.plays import (
    CheckIn,
    CodeOf,
    Goal,
    Lobby,
    Milestone,
    Mission,
    NewAmendment,
    PlayKind,
    PlayState,
    Reward,
    Ways,
    check,
)
from huoke.reward.plays.check import TOP_PRIZE_FEN
from huoke.reward.plays.entry import most_of_draws
from tests.make import campaigns
from tests.make import catalogue as make_catalogue
from tests.make import plays as make


@pytest.fixture(scope="module")
async def world(database, feed, clickhouse, bank, ports, analytics):
    return await campaigns.world(database, feed, clickhouse, analytics, bank, count=4, same_person=0)


async def drafted(world, face_value_fen: int, per_person: int = 0, **changes):
    async with world.begin() as tx:
        sku_id = await make_catalogue.voucher(tx, supplier_id=world.supplier_id, face_value_fen=face_value_fen)
    prize = await make.prize(world, 1_000, stock=3, sku_id=sku_id, fallback=1, per_person=per_person)
    certain = await make.prize(world, 0, stock=3, sku_id=sku_id, fallback=1)
    prizes = [prize, make.nothing(999_000), *([certain] if changes.get("ways") else [])]
    return await make.create(world, prizes, **{"daily_chances": 1, **changes})


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


TWO = Reward(chances=2)
HALF = 2_500_001
"""Twice this is more than there may be."""


def checked(*days, **milestones):
    told = [Milestone(days=3, gives=reward) for reward in milestones.values()]
    return {"kind": PlayKind.CHECKIN, "daily_chances": 0, "ways": Ways(checkin=CheckIn(days=[*days], milestones=told))}


def mission(gives):
    done = Mission(title="支付", event="payment.made", goals=[Goal(target=1, gives=gives)])
    return {"kind": PlayKind.MISSION, "daily_chances": 0, "ways": Ways(missions=[done])}


@pytest.mark.parametrize(
    "together",
    [
        {"daily_chances": 2},
        {"daily_chances": 1, "welcome_chances": 1},
        {"daily_chances": 0, "lobby": Lobby(chances=2, by=CodeOf.RM)},
        mission(TWO),
        mission(Reward(chances=1, line=2)),
        checked(TWO),
        checked(Reward(chances=1), streak=Reward(chances=1)),
    ],
)
async def test_wins_of_one_entry_add_up(world, clock, monkeypatch, together):
    too_much = await drafted(world, HALF, **together)
    with pytest.raises(approvals.CheckFailed):
        await make.submit(world, too_much)
    assert (await make.get(world, too_much)).state is PlayState.DRAFT
    await make.submit(world, await drafted(world, HALF - 1, **together))
    # The negative control: a check that looks at single prizes alone.
    monkeypatch.setattr(check, "most_of_an_entry", lambda *_: 0)
    await make.submit(world, too_much)


@pytest.mark.parametrize(
    "apart",
    [
        {"daily_chances": 2, "per_person": 1},
        {"daily_chances": 2, "draws_a_day": 1},
        {**mission(Reward(chances=1)), "daily_chances": 1},
    ],
)
async def test_wins_of_several_entries_do_not(world, clock, apart):
    await make.submit(world, await drafted(world, HALF, **apart))


async def test_a_play_that_runs_is_not_given_more_chances_than_its_prizes_allow(world, clock):
    play_id = await drafted(world, HALF)
    await campaigns.approve(world, await make.submit(world, play_id))
    draft = (await make.get(world, play_id)).draft
    more = NewAmendment(draft=msgspec.structs.replace(draft, daily_chances=2), zh="每天多一次机会")
    with pytest.raises(approvals.CheckFailed):
        async with world.begin(world.operator) as tx:
            await plays.amend(tx, world.operator, play_id, more)
    assert (await make.get(world, play_id)).table_version == 1


def test_draws_win_the_dearest_first_as_often_as_one_person_may():
    prizes = [(10, 0), (100, 1), (50, 2)]
    assert [most_of_draws(draws, prizes) for draws in (0, 1, 2, 3, 5)] == [0, 100, 150, 200, 220]
    assert most_of_draws(3, []) == 0
