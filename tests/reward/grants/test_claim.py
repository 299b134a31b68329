"""Claims: one by one, in batches, again, and everything that is refused."""

from datetime import timedelta

import pytest

from huoke.kernel.batch import Batchers
from huoke.kernel.idempotency import RequestReused
from huoke.kernel.tx import SYSTEM
from huoke.reward import grants, ledger
from huoke.reward.grants import Mode, OfferState, State
from tests.make import grants as make
from tests.make import ledger as make_ledger


async def test_a_claim_takes_one_unit_and_its_cost_and_books_it(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, stock=3)
        [claimed] = await make.claim_all(tx, make.claim(world.offer.id, 11))
        assert (claimed.state, claimed.exists) == (State.FULFILLED, False)
        assert claimed.expires_at == tx.now + timedelta(days=15)
        assert await make.pool_numbers(tx, world.pool_id) == (3, 2, 1, 0, 0)
        assert await make_ledger.budget_numbers(tx, world.budget_id) == (1_000_000, 998_720, 1_280, 0)
        [item] = await grants.wallet(tx, 11)
        assert (item.id, item.title, item.shown(tx.now)) == (claimed.grant_id, "咖啡券", "available")
        [step] = await grants.find_steps(tx, claimed.grant_id)
        assert (step.step, step.previous, step.state, step.amount_fen) == (1, None, State.FULFILLED, 1_280)
        await make.assert_sound(tx)


async def test_a_retry_answers_the_same_and_takes_nothing(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, stock=3, person_limit=2)
        claim = make.claim(world.offer.id, 12, request_no="retry-1")
        [first] = await make.claim_all(tx, claim)
        [second] = await make.claim_all(tx, claim)
        assert (second.grant_id, second.exists) == (first.grant_id, True)
        assert await make.pool_numbers(tx, world.pool_id) == (3, 2, 1, 0, 0)
        await make.assert_sound(tx)


async def test_a_request_number_with_another_body_is_refused(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        await make.claim_all(tx, make.claim(world.offer.id, 13, request_no="reused"))
        [refused] = await make.claim_all(tx, make.claim(world.offer.id, 14, request_no="reused"))
        assert isinstance(refused, RequestReused)
        pair = await make.claim_all(
            tx, make.claim(world.offer.id, 15, request_no="twin"), make.claim(world.offer.id, 16, request_no="twin")
        )
        assert pair[0].state is State.FULFILLED
        assert isinstance(pair[1], RequestReused)
        assert (await make.pool_numbers(tx, world.pool_id))[2] == 2
        await make.assert_sound(tx)


async def test_the_same_person_and_the_same_number_may_stand_twice_in_a_batch(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, person_limit=2)
        twice = make.claim(world.offer.id, 21, request_no="same")
        answers = await make.claim_all(
            tx,
            twice,
            twice,
            make.claim(world.offer.id, 22, person=21),
            make.claim(world.offer.id, 23, person=21),
        )
        assert [type(answer).__name__ for answer in answers] == ["Claimed", "Claimed", "Claimed", "LimitReached"]
        assert (answers[1].grant_id, answers[1].exists) == (answers[0].grant_id, True)
        assert (await make.pool_numbers(tx, world.pool_id))[2] == 2
        await make.assert_sound(tx)


async def test_stock_and_budget_run_out_to_the_last_one(database, bank):
    async with database.begin(bank) as tx:
        scarce = await make.world(tx, stock=2)
        answers = await make.claim_all(tx, *(make.claim(scarce.offer.id, seq) for seq in range(31, 35)))
        assert [getattr(answer, "code", "granted") for answer in answers] == ["granted"] * 2 + ["grants.sold_out"] * 2
        poor = await make.world(tx, limit_fen=2 * 1_280 + 1_279)
        answers = await make.claim_all(tx, *(make.claim(poor.offer.id, seq) for seq in range(31, 35)))
        assert [getattr(answer, "code", "granted") for answer in answers] == (
            ["granted"] * 2 + ["grants.budget_exhausted"] * 2
        )
        assert await make_ledger.budget_numbers(tx, poor.budget_id) == (3_839, 1_279, 2_560, 0)
        await make.assert_sound(tx)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": OfferState.PAUSED}, "grants.paused"),
        ({"state": OfferState.STOPPED}, "grants.ended"),
        ({"opens_at": make.TODAY + timedelta(days=1)}, "grants.not_started"),
        ({"opens_at": make.TODAY - timedelta(days=9), "closes_at": make.TODAY}, "grants.ended"),
        ({"unit_terms": {99: None}}, "customers.not_eligible"),
    ],
)
async def test_an_offer_that_is_not_open_refuses_and_nothing_moves(database, bank, clock, change, code):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        state = change.pop("state", None)
        if "unit_terms" in change:
            change["unit_terms"] = {99: world.offer.unit_terms[0]}
        offer = make.offer(world.offer.unit_terms, world.offer.sku_id, tx.now, **change)
        await grants.publish_offer(tx, offer)
        if state:
            await grants.update_offer_state(tx, offer.id, state)
        [refused] = await make.claim_all(tx, make.claim(offer.id, 41))
        assert refused.code == code
        assert await make.pool_numbers(tx, world.pool_id) == (100, 100, 0, 0, 0)
        assert await make_ledger.budget_numbers(tx, world.budget_id) == (1_000_000, 1_000_000, 0, 0)


async def test_a_customer_the_offer_is_not_for_and_an_unknown_offer_are_refused(database, bank, other_bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
        [refused] = await make.claim_all(tx, make.claim(world.offer.id, 42, eligible=False))
        assert refused.code == "customers.not_eligible"
    async with database.begin(other_bank) as tx:
        [foreign] = await make.claim_all(tx, make.claim(world.offer.id, 42))
        assert foreign.code == "grants.unknown_offer"


async def test_points_are_credited_used_and_funded_at_once(database, bank):
    async with database.begin(bank) as tx:
        world = await make.points_world(tx, points=500, cost_fen=250)
        [claimed] = await make.claim_all(tx, make.claim(world.offer.id, 51))
        assert (claimed.state, claimed.expires_at) == (State.USED, None)
        assert await make.pool_numbers(tx, world.pool_id) == (100, 99, 0, 1, 0)
        assert await make_ledger.budget_numbers(tx, world.budget_id) == (1_000_000, 999_750, 0, 250)
        assert await ledger.balance(tx, ledger.points_account(51, "POINTS")) == 500
        liability = ledger.AccountKey(ledger.AccountKind.POINTS_LIABILITY, "bank", "")
        assert await ledger.balance(tx, liability) == 250
        [lot] = await ledger.find_lots(tx, 51, "POINTS")
        assert (lot.remaining, lot.source_id) == (500, claimed.grant_id)
        await make.assert_sound(tx)


async def test_a_pushed_grant_waits_for_its_claim_and_only_for_its_customer(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, mode=Mode.PUSH)
        pushed = await grants.grant_members(tx, world.offer.id, make.facts([61, 62]))
        assert (pushed.granted, pushed.exists) == (2, 0)
        answers = await make.claim_all(
            tx, make.claim(world.offer.id, 61), make.claim(world.offer.id, 61), make.claim(world.offer.id, 63)
        )
        assert answers[0].state is State.FULFILLED
        assert (answers[1].grant_id, answers[1].exists) == (answers[0].grant_id, True)
        assert answers[2].code == "customers.not_eligible"
        [again] = await make.claim_all(tx, make.claim(world.offer.id, 61))
        assert (again.grant_id, again.exists) == (answers[0].grant_id, True)
        assert await make.pool_numbers(tx, world.pool_id) == (100, 98, 2, 0, 0)
        assert [(step.previous, step.state) for step in await grants.find_steps(tx, answers[0].grant_id)] == [
            (None, State.RESERVED),
            (State.RESERVED, State.FULFILLED),
        ]
        await make.assert_sound(tx)


async def test_pushed_points_are_used_when_they_are_claimed(database, bank):
    async with database.begin(bank) as tx:
        world = await make.points_world(tx, mode=Mode.PUSH, cost_fen=100)
        await grants.grant_members(tx, world.offer.id, make.facts([71]))
        [claimed] = await make.claim_all(tx, make.claim(world.offer.id, 71))
        assert claimed.state is State.USED
        assert await make_ledger.budget_numbers(tx, world.budget_id) == (1_000_000, 999_900, 0, 100)
        assert await ledger.balance(tx, ledger.points_account(71, "POINTS")) == 500
        await make.assert_sound(tx)


async def test_callers_of_the_batcher_each_get_their_own_answer(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, stock=5)
    batchers = Batchers(database)
    import asyncio

    answers = await asyncio.gather(
        *(batchers.submit(grants.claim, bank, SYSTEM, make.claim(world.offer.id, 80 + i)) for i in range(9)),
        return_exceptions=True,
    )
    await batchers.close()
    assert sum(not isinstance(answer, Exception) for answer in answers) == 5
    assert {answer.code for answer in answers if isinstance(answer, Exception)} == {"grants.sold_out"}
    async with database.begin(bank) as tx:
        assert await make.pool_numbers(tx, world.pool_id) == (5, 0, 5, 0, 0)
        await make.assert_sound(tx)
