"""Pushing to an audience in chunks, and every way a grant ends."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Invalid, Refusal
from huoke.reward import grants
from huoke.reward.grants import NEXT, Mode, OfferState, Shelf, State, Terms
from tests.make import grants as make
from tests.make import ledger as make_ledger


async def expire_all(tx) -> int:
    """Expire until nothing is due in this bank; how many there were."""
    count = 0
    while some := await grants.expire(tx):
        count += some
    return count


async def test_a_repeated_chunk_grants_nothing_more(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, stock=5_000, limit_fen=10_000_000, mode=Mode.PUSH)
        first = await grants.grant_members(tx, world.offer.id, make.facts(range(1, 3_001)))
        again = await grants.grant_members(tx, world.offer.id, make.facts(range(1, 3_001)))
        assert (first.granted, again.granted, again.exists) == (3_000, 0, 3_000)
        assert await make.pool_numbers(tx, world.pool_id) == (5_000, 2_000, 3_000, 0, 0)
        assert (await make_ledger.budget_numbers(tx, world.budget_id))[2] == 3_000 * 1_280
        await make.assert_sound(tx)


async def test_the_same_person_and_the_same_customer_may_stand_twice_in_a_chunk(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, mode=Mode.PUSH, person_limit=2)
        pushed = await grants.grant_members(tx, world.offer.id, make.facts([1, 1, 2, 3], persons=[1, 1, 1, 1]))
        assert (pushed.granted, pushed.exists, pushed.limit_reached) == (2, 1, 1)
        await make.assert_sound(tx)


async def test_what_a_budget_leaves_over_in_a_shared_pool_goes_to_the_next(database, bank):
    """Three units of stock; the first branch has money for none: its customers must not keep the others from theirs."""
    async with database.begin(bank) as tx:
        sku_id = new_id()
        pool_id = await make.pool(tx, 3, sku_id=sku_id)
        poor, rich = await make_ledger.budget(tx, 100), await make_ledger.budget(tx, 1_000_000)
        offer = make.offer({1: Terms(poor, pool_id), 2: Terms(rich, pool_id)}, sku_id, tx.now, mode=Mode.PUSH)
        await grants.publish_offer(tx, offer)
        facts = grants.Facts(seqs=[1, 2, 3, 4, 5, 6], unit_ids=[1, 1, 1, 2, 2, 2], persons=[1, 2, 3, 4, 5, 6])
        pushed = await grants.grant_members(tx, offer.id, facts)
        assert (pushed.granted, pushed.sold_out + pushed.budget_exhausted) == (3, 3)
        assert await make.pool_numbers(tx, pool_id) == (3, 0, 3, 0, 0)
        assert (await make_ledger.budget_numbers(tx, rich))[2] == 3 * 1_280
        await make.assert_sound(tx)


async def test_a_unit_without_terms_is_not_eligible(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        terms = world.offer.unit_terms[0]
        offer = make.offer({1: terms}, world.offer.sku_id, tx.now, mode=Mode.PUSH)
        await grants.publish_offer(tx, offer)
        facts = grants.Facts(seqs=[1, 2], unit_ids=[1, 2], persons=[1, 2])
        pushed = await grants.grant_members(tx, offer.id, facts)
        assert (pushed.granted, pushed.not_eligible) == (1, 1)


async def test_a_paused_or_stopped_offer_and_too_large_a_chunk_are_refused(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, mode=Mode.PUSH)
        with pytest.raises(Invalid):
            await grants.grant_members(tx, world.offer.id, make.facts(range(10_001)))
        await grants.update_offer_state(tx, world.offer.id, OfferState.PAUSED)
        with pytest.raises(grants.Paused):
            await grants.grant_members(tx, world.offer.id, make.facts([1]))
        await grants.update_offer_state(tx, world.offer.id, OfferState.OPEN)
        await grants.update_offer_state(tx, world.offer.id, OfferState.STOPPED)
        with pytest.raises(grants.Ended):
            await grants.grant_members(tx, world.offer.id, make.facts([1]))
        with pytest.raises(Refusal):
            await grants.update_offer_state(tx, world.offer.id, OfferState.OPEN)
        assert await make.pool_numbers(tx, world.pool_id) == (100, 100, 0, 0, 0)


async def test_expiry_gives_back_stock_and_money_but_not_the_persons_chance(database, bank, clock):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        push = make.offer(world.offer.unit_terms, world.offer.sku_id, tx.now, mode=Mode.PUSH)
        await grants.publish_offer(tx, push)
        await make.claim_all(tx, make.claim(world.offer.id, 1))
        await grants.grant_members(tx, push.id, make.facts([1, 2]))
        assert await expire_all(tx) == 0
    clock.advance(timedelta(days=15))
    async with database.begin(bank) as tx:
        assert await expire_all(tx) > 0
        assert await make.pool_numbers(tx, world.pool_id) == (100, 98, 2, 0, 0)
        [refused] = await make.claim_all(tx, make.claim(world.offer.id, 1))
        assert refused.code == "grants.limit_reached"
    clock.advance(timedelta(days=15))
    async with database.begin(bank) as tx:
        assert await grants.expire(tx, limit=1) == 1
        assert await expire_all(tx) > 0
        assert await make.pool_numbers(tx, world.pool_id) == (100, 100, 0, 0, 0)
        assert (await make_ledger.budget_numbers(tx, world.budget_id))[1] == 1_000_000
        await make.assert_sound(tx)


async def test_a_revoked_grant_gives_the_limit_back(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        [claimed] = await make.claim_all(tx, make.claim(world.offer.id, 1))
        assert await grants.revoke(tx, [claimed.grant_id, claimed.grant_id], "发错") == [claimed.grant_id] * 2
        assert await grants.revoke(tx, [claimed.grant_id], "发错") == [claimed.grant_id]
        [refused] = await grants.return_(tx, [claimed.grant_id], "退货")
        assert refused.code == "grants.wrong_state"
        [again] = await make.claim_all(tx, make.claim(world.offer.id, 1))
        assert again.grant_id != claimed.grant_id
        with pytest.raises(grants.ReasonMissing):
            await grants.revoke(tx, [again.grant_id], " ")
        await make.assert_sound(tx)


async def test_unclaimed_grants_of_a_stopped_offer_are_taken_back(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, mode=Mode.PUSH)
        await grants.grant_members(tx, world.offer.id, make.facts(range(1, 11)))
        await make.claim_all(tx, make.claim(world.offer.id, 1))
        await grants.update_offer_state(tx, world.offer.id, OfferState.STOPPED)
        assert [await grants.revoke_unclaimed(tx, world.offer.id, limit=5) for _ in range(3)] == [5, 4, 0]
        assert await make.pool_numbers(tx, world.pool_id) == (100, 99, 1, 0, 0)
        await make.assert_sound(tx)


async def test_progress_counts_by_unit_and_state(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, mode=Mode.PUSH)
        facts = grants.Facts(seqs=[1, 2, 3], unit_ids=[5, 5, 6], persons=[1, 2, 3])
        await grants.grant_members(tx, world.offer.id, facts)
        await make.claim_all(tx, make.claim(world.offer.id, 1))
        counted = await grants.progress(tx, [world.offer.id])
        assert [(row.unit_id, row.state, row.count, row.claimed, row.amount_fen) for row in counted] == [
            (5, State.FULFILLED, 1, 1, 1_280),
            (5, State.RESERVED, 1, 0, 1_280),
            (6, State.RESERVED, 1, 0, 1_280),
        ]


async def test_pools_are_a_tree_and_refuse_bad_numbers(database, bank, other_bank):
    async with database.begin(bank) as tx:
        sku_id = new_id()
        top = await make.pool(tx, 10, sku_id=sku_id)
        branch = await make.pool(tx, 4, sku_id=sku_id, parent_id=top)
        assert await make.pool_numbers(tx, top) == (10, 6, 0, 0, 4)
        assert await make.pool_numbers(tx, branch) == (4, 4, 0, 0, 0)
        await grants.give_back_stock(tx, branch, top, 1)
        await grants.add_stock(tx, top, 5)
        assert await make.pool_numbers(tx, top) == (15, 12, 0, 0, 3)
        for quantity in (0, -1, 2**63, 13):
            with pytest.raises(Refusal):
                await grants.allocate_stock(tx, top, branch, quantity)
        with pytest.raises(grants.UnfitOffer):
            await grants.add_stock(tx, branch, 1)
        with pytest.raises(grants.BadQuantity):
            await grants.add_stock(tx, top, 2**63 - 1)
        with pytest.raises(grants.UnfitOffer):
            await make.pool(tx, 1, sku_id=new_id(), parent_id=top)
        assert await make.pool_numbers(tx, top) == (15, 12, 0, 0, 3)
        await make.assert_sound(tx)
    async with database.begin(other_bank) as tx:
        with pytest.raises(grants.UnknownPool):
            await grants.add_stock(tx, top, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"person_limit": 0},
        {"person_limit": -1},
        {"person_limit": 2**63},
        {"valid_days": 0},
        {"cost_fen": -1},
        {"cost_fen": 2**63},
        {"points": 5},
        {"supplier_id": None},
        {"unit_terms": {}},
        {"closes_at": make.TODAY - timedelta(days=9)},
        {"sku_id": new_id()},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_an_offer_that_cannot_be_is_refused(database, bank, clock, change):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        fields = {"sku_id": world.offer.sku_id, "unit_terms": world.offer.unit_terms, **change}
        offer = make.offer(fields.pop("unit_terms"), fields.pop("sku_id"), tx.now, **fields)
        with pytest.raises(grants.UnfitOffer):
            await grants.publish_offer(tx, offer)


async def test_publishing_twice_is_a_retry_and_another_offer_of_the_same_line_a_conflict(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        assert await grants.publish_offer(tx, world.offer) == world.offer.id
        twin = make.offer(world.offer.unit_terms, world.offer.sku_id, tx.now, source_id=world.offer.source_id)
        with pytest.raises(grants.OfferExists):
            await grants.publish_offer(tx, twin)


@given(st.sampled_from([None, *State]), st.sampled_from(list(State)))
def test_no_state_follows_a_final_one_and_stock_is_somewhere_in_every_state(before, after):
    if before in {State.FAILED, State.EXPIRED, State.REVOKED, State.RETURNED}:
        assert NEXT[before] == frozenset()
    assert grants.shelf(after) in Shelf
    assert grants.shelf(None) is Shelf.AVAILABLE
