"""Grants of card codes: drawn at the claim in order of expiry, never twice, shown to their customer alone."""

import asyncio
from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest

from huoke.govern import privacy
from huoke.kernel import files
from huoke.kernel.principal import Principal
from huoke.kernel.tx import Actor, ActorKind
from huoke.reward import card_codes, grants, ledger
from huoke.reward.card_codes import CodeState
from huoke.reward.grants import Handover, Mode, State, Terms
from tests.make import card_codes as make_codes
from tests.make import grants as make
from tests.make import ledger as make_ledger


@pytest.fixture(autouse=True, scope="module")
def file_keys(cluster, schema):
    files.register_keys(files.MasterKeys.load(cluster.home / "master.key"))


async def world(database, bank, count=5, *, sku_id=None, **changes):
    """An offer of card codes with a pool below the codes' own."""
    sku_id = sku_id or await make_codes.stocked(database, bank, [f"CODE-{uuid4().hex}" for _ in range(count)])
    async with database.begin(bank) as tx:
        budget_id = await make_ledger.budget(tx, 10_000_000)
        pool_id = await make.pool(tx, count, sku_id=sku_id)
        terms = {grants.EVERY_UNIT: Terms(budget_id, pool_id)}
        offer = make.offer(terms, sku_id, tx.now, handover=Handover.CARD_CODE, **changes)
        await grants.publish_offer(tx, offer)
    return make.World(offer, budget_id, pool_id)


async def test_the_free_codes_are_the_stock_and_a_campaign_takes_its_part(database, bank, clock):
    mine = await world(database, bank, 5)
    async with database.begin(bank) as tx:
        [pool] = await grants.get_pools(tx, [mine.pool_id])
        [root] = await grants.get_pools(tx, [pool.parent_id])
        assert (root.total, root.available, root.allocated, pool.available) == (5, 0, 5, 5)
        with pytest.raises(grants.PoolShort):
            await make.pool(tx, 1, sku_id=mine.offer.sku_id)
        with pytest.raises(grants.UnfitOffer):
            await grants.add_stock(tx, root.id, 1)


async def test_the_first_to_expire_is_drawn_first_and_the_grant_lives_no_longer(database, bank, clock):
    late = date(2026, 12, 31)
    early = date(2026, 3, 5)
    sku_id = await make_codes.stocked(database, bank, ["LATE-1"], expires_on=late)
    batch = await make_codes.upload(database, bank, sku_id, ["EARLY-1"], expires_on=early)
    async with database.begin(bank) as tx:
        await grants.stock_codes(tx, sku_id, 1, batch.success)
    mine = await world(database, bank, 2, sku_id=sku_id)
    async with database.begin(bank) as tx:
        [first] = await make.claim_all(tx, make.claim(mine.offer.id, 1))
        [second] = await make.claim_all(tx, make.claim(mine.offer.id, 2))
        assert first.expires_at.isoformat() == "2026-03-06T00:00:00+08:00"
        assert (await grants.get_grant(tx, first.grant_id)).expires_at == first.expires_at
        assert second.expires_at == tx.now + timedelta(days=15)
        assert (await grants.see_code(tx, first.grant_id, 1)).code == "EARLY-1"


async def test_a_code_is_seen_by_its_customer_and_the_supplier_is_owed_once(database, bank, clock):
    mine = await world(database, bank, 3)
    async with database.begin(bank) as tx:
        [claimed] = await make.claim_all(tx, make.claim(mine.offer.id, 11))
        with pytest.raises(grants.UnknownGrant):
            await grants.see_code(tx, claimed.grant_id, 12)
        assert (await grants.get_grant(tx, claimed.grant_id)).state is State.FULFILLED
        first = await grants.see_code(tx, claimed.grant_id, 11)
        assert await grants.see_code(tx, claimed.grant_id, 11) == first
        assert (await grants.get_grant(tx, claimed.grant_id)).state is State.USED
        assert await make.pool_numbers(tx, mine.pool_id) == (3, 2, 0, 1, 0)
        lines = await grants.settled_lines(tx, make.SUPPLIER, tx.now, tx.now + timedelta(days=1))
        assert [line.redeemed for line in lines if line.source_id == mine.offer.source_id] == [1]
        [refused] = await grants.return_(tx, [claimed.grant_id], "不要了")
        assert refused.code == "grants.wrong_state"
        await make.assert_sound(tx)


async def test_a_code_nobody_saw_goes_back_when_its_grant_ends(database, bank, clock):
    mine = await world(database, bank, 1)
    async with database.begin(bank) as tx:
        [claimed] = await make.claim_all(tx, make.claim(mine.offer.id, 21))
        [refused] = await make.claim_all(tx, make.claim(mine.offer.id, 22))
        assert refused.code == "grants.sold_out"
        await grants.revoke(tx, [claimed.grant_id], "测试")
        [again] = await make.claim_all(tx, make.claim(mine.offer.id, 22))
        assert isinstance(again, grants.Claimed)
        await make.assert_sound(tx)


async def test_a_claim_that_finds_no_code_is_sold_out_and_takes_nothing(database, bank, clock):
    mine = await world(database, bank, 2)
    async with database.begin(bank) as tx:
        await tx.execute("UPDATE card_codes.card_code SET state = 'void' WHERE sku_id = $1", mine.offer.sku_id)
        answers = await make.claim_all(tx, make.claim(mine.offer.id, 31), make.claim(mine.offer.id, 32))
        assert [answer.code for answer in answers] == ["grants.sold_out"] * 2
        assert await make.pool_numbers(tx, mine.pool_id) == (2, 2, 0, 0, 0)
        [budget] = await ledger.get_budgets(tx, [mine.budget_id])
        assert budget.reserved_fen == 0
        await make.assert_sound(tx)


async def test_a_pushed_card_code_is_drawn_when_it_is_claimed(database, bank, clock):
    mine = await world(database, bank, 2, mode=Mode.PUSH)
    async with database.begin(bank) as tx:
        await grants.grant_members(tx, mine.offer.id, make.facts([41, 42]))
        assert (await card_codes.count_codes(tx, [mine.offer.sku_id]))[mine.offer.sku_id][CodeState.DRAWN] == 0
        [claimed] = await make.claim_all(tx, make.claim(mine.offer.id, 41))
        assert (await card_codes.count_codes(tx, [mine.offer.sku_id]))[mine.offer.sku_id][CodeState.DRAWN] == 1
        assert (await grants.see_code(tx, claimed.grant_id, 41)).code.startswith("CODE-")
        with pytest.raises(grants.WrongState):
            await grants.see_code(tx, (await grants.wallet(tx, 42))[0].id, 42)
        await make.assert_sound(tx)


async def test_however_many_claim_at_once_no_code_is_drawn_twice(database, bank, clock):
    sku_id = await make_codes.stocked(database, bank, [f"RACE-{n:03d}" for n in range(60)])
    worlds = [await world(database, bank, 30, sku_id=sku_id) for _ in range(2)]

    async def claim(number):
        async with database.begin(bank) as tx:
            mine = worlds[number % 2]
            answers = await make.claim_all(tx, *(make.claim(mine.offer.id, 1_000 + number * 5 + n) for n in range(5)))
            return [
                (answer.grant_id, 1_000 + number * 5 + n)
                for n, answer in enumerate(answers)
                if isinstance(answer, grants.Claimed)
            ]

    won = [pair for pairs in await asyncio.gather(*(claim(number) for number in range(16))) for pair in pairs]
    assert len(won) == 60
    async with database.begin(bank) as tx:
        shown = Counter([(await grants.see_code(tx, grant_id, seq)).code for grant_id, seq in won])
        assert (len(shown), set(shown.values())) == (60, {1})
        await make.assert_sound(tx)


async def test_two_readers_of_the_first_free_code_take_the_same_one_without_the_lock(database, bank, clock):
    """The negative control: choosing and taking in two statements without a lock."""
    sku_id = await make_codes.stocked(database, bank, ["ONLY-1", "ONLY-2"])
    both = asyncio.Barrier(2)

    async def careless():
        async with database.begin(bank) as tx:
            chosen = await tx.fetch_value(
                "SELECT id FROM card_codes.card_code WHERE sku_id = $1 AND state = 'free' ORDER BY id LIMIT 1", sku_id
            )
            await both.wait()
            return chosen

    first, second = await asyncio.gather(careless(), careless())
    assert first == second


async def test_expired_codes_leave_the_pools_from_the_root_down(database, bank, clock):
    mine = await world(database, bank, 3)
    async with database.begin(bank) as tx:
        await grants.stock_codes(tx, mine.offer.sku_id, 1, -2)
        assert await make.pool_numbers(tx, mine.pool_id) == (1, 1, 0, 0, 0)
        await make.assert_sound(tx)


async def test_staff_see_a_code_with_a_reason_and_a_fresh_proof_and_it_is_written_down(database, owner, bank, clock):
    """Rule F2."""
    async with owner.begin_shared() as tx:
        await tx.execute(
            "INSERT INTO customers.customer (tenant_id, seq, customer_no, unit_id, person, status, created_at,"
            " changed_at, ordinal) VALUES ($1, 77, 'C77', 1, 77, 'active', $2, $2, 77)",
            bank,
            tx.now,
        )
    mine = await world(database, bank, 1)
    desk = Actor(ActorKind.STAFF, "22222222-0000-7000-8000-000000000001")
    async with database.begin(bank, desk) as tx:
        [claimed] = await make.claim_all(tx, make.claim(mine.offer.id, 77))
        late = Principal(actor=desk, tenant=bank, units=None)
        with pytest.raises(privacy.ProofNeeded):
            await grants.reveal_code(tx, late, claimed.grant_id, "客户来电")
        fresh = Principal(actor=desk, tenant=bank, units=None, proved_at=tx.now)
        elsewhere = Principal(actor=desk, tenant=bank, units=frozenset({9}), proved_at=tx.now)
        with pytest.raises(grants.UnknownGrant):
            await grants.reveal_code(tx, elsewhere, claimed.grant_id, "客户来电")
        assert await tx.fetch_value("SELECT count(*) FROM privacy.reveal WHERE kind = 'card_code'") == 0
        shown = await grants.reveal_code(tx, fresh, claimed.grant_id, "客户来电核对")
        assert shown.plaintext.startswith("CODE-")
        assert await tx.fetch_value("SELECT reason FROM privacy.reveal WHERE kind = 'card_code'") == "客户来电核对"
        assert (await grants.get_grant(tx, claimed.grant_id)).state is State.FULFILLED
