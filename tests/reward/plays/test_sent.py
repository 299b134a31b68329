"""Prizes that are sent: won and kept until their customer says where to; what nobody asks for goes back."""

from datetime import timedelta

import pytest

from huoke.kernel.batch import Call
from huoke.kernel.ids import new_id
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants, ledger, plays
from huoke.reward.grants import DeliveryMissing, OwnClaim, PhoneDelivery, State
from tests.make import catalogue as make_catalogue
from tests.make import plays as make

PHONE = PhoneDelivery(phone="13800138000")


@pytest.fixture
async def sent(world, clock):
    """A prize sent to a phone, of which everybody wins one a draw; three chances a day, ten days to claim."""
    async with world.begin(world.operator) as tx:
        sku_id = await make_catalogue.topup(tx, supplier_id=world.supplier_id)
    prize = await make.prize(world, 1_000_000, stock=5, fallback=1, sku_id=sku_id)
    return prize, await make.live(world, [prize, make.nothing(0)], claim_days=10)


async def claim(world, grant_id, delivery):
    async with world.begin() as tx:
        item = await grants.get_grant(tx, grant_id)
        order = OwnClaim(request_no=new_id().hex, offer_id=item.offer_id, seq=item.seq, delivery=delivery)
        [answer] = await grants.claim_own(tx, [Call(order, SYSTEM, tx.now)])
        return answer


async def state_of(world, grant_id):
    async with world.begin() as tx:
        return await grants.get_grant(tx, grant_id)


async def test_a_prize_waits_for_its_address_and_is_then_on_its_way(world, clock, sent):
    prize, play_id = sent
    [done] = await make.draw(world, play_id, world.seqs[0])
    kept = await state_of(world, done.grant_id)
    assert (kept.state, kept.claimed_at) == (State.RESERVED, None)
    assert kept.expires_at - clock.now() > timedelta(days=9)
    assert await make.stock(world, prize) == 4
    assert isinstance(await claim(world, done.grant_id, None), DeliveryMissing)
    answer = await claim(world, done.grant_id, PHONE)
    assert (answer.grant_id, answer.state) == (done.grant_id, State.FULFILLING)
    async with world.begin() as tx:
        assert await grants.deliveries(tx, [done.grant_id]) == {done.grant_id: PHONE}
    assert await make.stock(world, prize) == 4


async def test_who_wins_twice_claims_twice(world, clock, sent):
    _, play_id = sent
    first, second = await make.draw(world, play_id, world.seqs[1], world.seqs[1])
    claimed = {(await claim(world, one.grant_id, PHONE)).grant_id for one in (first, second)}
    assert claimed == {first.grant_id, second.grant_id}
    assert (await claim(world, first.grant_id, PHONE)).exists


async def test_what_nobody_claims_goes_back_to_the_pool_and_the_draw_stays(world, clock, sent):
    prize, play_id = sent
    [done] = await make.draw(world, play_id, world.seqs[2])
    async with world.begin() as tx:
        [before] = await ledger.get_budgets(tx, [world.budget_id])
    clock.set(clock.now() + timedelta(days=12))
    async with world.begin() as tx:
        assert await grants.expire(tx) >= 1
    assert (await state_of(world, done.grant_id)).state is State.EXPIRED
    assert await make.stock(world, prize) == 5
    async with world.begin() as tx:
        [after] = await ledger.get_budgets(tx, [world.budget_id])
    assert after.available_fen > before.available_fen
    assert (await make.get(world, play_id)).drawn == 1


async def test_a_prize_can_still_be_claimed_after_the_end_of_its_play(world, clock, sent):
    _, play_id = sent
    [done] = await make.draw(world, play_id, world.seqs[3])
    await make.end(world, play_id)
    assert (await claim(world, done.grant_id, PHONE)).state is State.FULFILLING
    assert (await plays.replay(world.database, world.tenant, play_id)).mismatches == []
