"""Rule M3: nothing is given for the act of sharing: a play's chances come by day and by welcome, and no other way."""

from importlib import import_module

import pytest

from huoke.govern.approvals import CheckVerdict
from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants, ledger, plays
from huoke.reward.ledger import Credit
from huoke.reward.plays import Cards, Draft, Giving, Move, PlayKind, PrizeDraft, Reward, Trade, Ways
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
    assert [one.verdict for one in found if one.rule == "M3"] == [CheckVerdict.PASS] * 2


async def given_over(world):
    """A play of cards in which one customer gave a card to another, and what both have for it beside the card."""
    coffee = await make.prize(world, 0, stock=5)
    cards = [PrizeDraft(title=name, odds_ppm=500_000) for name in ("春", "秋")]
    ways = Ways(cards=Cards(lines=[1, 2], gives=Reward(line=0), giving=Giving()))
    play_id = await make.live(world, [coffee, *cards], kind=PlayKind.CARDS, daily_chances=1, ways=ways)
    giver, friend = world.seqs[:2]
    [drawn] = await make.draw(world, play_id, giver)
    async with world.begin() as tx:
        play = await plays.seen(tx, play_id, world.operator)
        before = len(await grants.wallet(tx, giver)), len(await grants.wallet(tx, friend))
        offer = Trade(play_id=play_id, seq=giver, move=Move.OFFER, line=drawn.line)
        [made] = await plays.trade(tx, [Call(offer, SYSTEM, tx.now)])
        agree = Trade(play_id=play_id, seq=friend, move=Move.AGREE, code=made.code)
        await plays.trade(tx, [Call(agree, SYSTEM, tx.now)])
        lots = [lot for seq in (giver, friend) for lot in await ledger.find_lots(tx, seq, play.currency)]
        after = len(await grants.wallet(tx, giver)), len(await grants.wallet(tx, friend))
        deeds = (await plays.mine(tx, play, giver)).own.deeds
    return sum(lot.remaining for lot in lots), after == before, deeds


async def test_nothing_is_given_for_giving_a_card(world, clock, monkeypatch):
    assert await given_over(world) == (0, True, [])
    gifts = import_module("huoke.reward.plays.store_gift")
    put = gifts.put

    async def rewarded(tx, play_id, made):
        await put(tx, play_id, made)
        credit = {"expires_at": None, "source_kind": "play_chance", "source_id": new_id(), "line": 0}
        await ledger.credit(
            tx, [Credit(seq=one.from_seq, currency=f"PLAY-{play_id.hex}", points=1, **credit) for one in made]
        )

    monkeypatch.setattr(gifts, "put", rewarded)  # the negative control: a chance for each card that is offered or given
    assert (await given_over(world))[0] > 0
