"""Many connections at once, and the three traps that the real statements avoid, each shown to snap when built wrong."""

import asyncio
import random

import asyncpg
import pytest

from huoke.kernel.batch import BATCHER, Batcher
from huoke.kernel.ids import new_id
from huoke.reward import grants, ledger
from huoke.reward.grants import Mode
from tests.make import grants as make
from tests.make import ledger as make_ledger

CONNECTIONS = 16
CUSTOMERS = 4_000
UNITS = 500


async def test_4000_claims_on_500_units_from_16_connections_with_replays_give_500_grants(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, stock=UNITS, limit_fen=10_000_000)
    claims = [make.claim(world.offer.id, seq, request_no=f"{world.offer.id}-{seq}") for seq in range(CUSTOMERS)]
    replayed = [*claims, *random.Random(1).sample(claims, 1_000)]
    random.Random(2).shuffle(replayed)
    lanes = [Batcher(database, grants.claim, size_max=25) for _ in range(CONNECTIONS)]
    answers = await asyncio.gather(
        *(lanes[i % CONNECTIONS].submit(bank, BATCHER, claim) for i, claim in enumerate(replayed)),
        return_exceptions=True,
    )
    granted = {answer.grant_id for answer in answers if isinstance(answer, grants.Claimed)}
    assert len(granted) == UNITS
    assert {answer.code for answer in answers if isinstance(answer, Exception)} == {"grants.sold_out"}
    async with database.begin(bank) as tx:
        assert await tx.fetch_value("SELECT count(*) FROM grants.grant WHERE offer_id = $1", world.offer.id) == UNITS
        assert await make.pool_numbers(tx, world.pool_id) == (UNITS, 0, UNITS, 0, 0)
        assert (await make_ledger.budget_numbers(tx, world.budget_id))[2] == UNITS * 1_280
        await make.assert_sound(tx)


async def test_the_same_chunk_pushed_by_two_workers_at_once_grants_once(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx, stock=10_000, limit_fen=100_000_000, mode=Mode.PUSH)

    async def worker() -> grants.Pushed:
        async with database.begin(bank) as tx:
            return await grants.grant_members(tx, world.offer.id, make.facts(range(1, 2_001)))

    pushed = await asyncio.gather(*(worker() for _ in range(4)))
    assert sorted((p.granted, p.exists) for p in pushed) == [(0, 2_000)] * 3 + [(2_000, 0)]


async def test_claims_redemptions_revocations_and_expiry_at_once_add_up_without_a_deadlock(database, bank):
    async with database.begin(bank) as tx:
        worlds = [await make.world(tx, stock=200, limit_fen=10_000_000, person_limit=3) for _ in range(3)]

    async def worker(number: int) -> None:
        chance = random.Random(number)
        for _ in range(12):
            chosen = chance.sample(worlds, 2)
            async with database.begin(bank) as tx:
                answers = await make.claim_all(
                    tx,
                    *(make.claim(world.offer.id, chance.randrange(1_000, 1_060)) for world in chosen for _ in range(4)),
                )
            mine = [answer.grant_id for answer in answers if isinstance(answer, grants.Claimed)]
            async with database.begin(bank) as tx:
                if number % 2:
                    items = [grants.Redemption(request_no=new_id().hex, grant_id=key) for key in reversed(mine)]
                    await grants.redeem(tx, items, teller=f"t-{number}", unit_id=1)
                else:
                    await grants.revoke(tx, mine[::-1], "test")

    await asyncio.gather(*(worker(number) for number in range(8)))
    async with database.begin(bank) as tx:
        await make.assert_sound(tx)


async def test_a_sibling_statement_that_writes_beside_the_stock_gives_out_too_many(owner, bank):
    """The trap: `WITH taken AS (UPDATE stock …) INSERT INTO grants SELECT … FROM items` without a join between them."""
    async with owner.begin_shared() as tx:
        await tx.connection.execute(
            "CREATE TEMPORARY TABLE stock (id int PRIMARY KEY, left_over int CHECK (left_over >= 0));"
            "CREATE TEMPORARY TABLE given (item int); INSERT INTO stock VALUES (1, 512)"
        )
        wanted = list(range(4_000))
        await tx.execute(
            "WITH taken AS (UPDATE stock SET left_over = left_over - least(left_over, 4000) WHERE id = 1 RETURNING id)"
            " INSERT INTO given SELECT item FROM unnest($1::int[]) AS item",
            wanted,
        )
        assert await tx.fetch_value("SELECT left_over FROM stock") == 0
        assert await tx.fetch_value("SELECT count(*) FROM given") == 4_000  # for 512 units
        await tx.connection.execute("TRUNCATE given; UPDATE stock SET left_over = 512")
        await tx.execute(
            "WITH wish AS (SELECT item, row_number() OVER (ORDER BY item) AS nth FROM unnest($1::int[]) AS item),"
            " fitting AS (SELECT item FROM wish, stock WHERE nth <= left_over),"
            " taken AS (UPDATE stock SET left_over = left_over - (SELECT count(*) FROM fitting) WHERE id = 1"
            " RETURNING id)"
            " INSERT INTO given SELECT item FROM fitting JOIN taken ON taken.id = 1",
            wanted,
        )
        assert await tx.fetch_value("SELECT count(*) FROM given") == 512
        await tx.connection.execute("DROP TABLE stock, given")


async def test_lots_read_before_their_account_is_locked_are_drawn_twice(database, bank):
    """The trap: two burns of one statement each, both reading the lots as they were before the other."""
    async with database.begin(bank) as tx:
        account = await make_ledger.points(tx, 9_001, 100)
    seen = asyncio.Event()
    drawn = []

    async def careless(first: bool) -> None:
        async with database.begin(bank) as tx:
            left = await tx.fetch_value("SELECT remaining FROM ledger.open_lot WHERE account_id = $1", account)
            if first:
                seen.set()
            await seen.wait()
            await asyncio.sleep(0.02)
            drawn.append(min(left, 80))

    await asyncio.gather(careless(True), careless(False))
    assert sum(drawn) == 160  # of 100

    async def careful() -> ledger.Outcome:
        async with database.begin(bank) as tx:
            return (await ledger.burn(tx, [make_ledger.burn(account, 80)]))[0]

    outcomes = await asyncio.gather(careful(), careful())
    assert sorted(outcomes) == [ledger.Outcome.OVERDRAWN, ledger.Outcome.POSTED]
    async with database.begin(bank) as tx:
        [lot] = await ledger.find_lots(tx, 9_001, "POINTS")
        assert lot.remaining == 20


async def test_locks_taken_in_mixed_order_end_in_a_deadlock_and_in_one_order_do_not(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
    lock_pool = ("SELECT 1 FROM grants.pool WHERE id = $1 FOR NO KEY UPDATE", world.pool_id)
    lock_budget = ("SELECT 1 FROM ledger.budget WHERE id = $1 FOR NO KEY UPDATE", world.budget_id)

    async def take(first: tuple, second: tuple) -> None:
        async with database.begin(bank) as tx:
            await tx.execute(*first)
            await asyncio.sleep(0.05)
            await tx.execute(*second)

    with pytest.raises(asyncpg.DeadlockDetectedError):
        await asyncio.gather(take(lock_pool, lock_budget), take(lock_budget, lock_pool))
    await asyncio.gather(take(lock_pool, lock_budget), take(lock_pool, lock_budget))


async def test_a_claim_that_waits_for_a_pause_sees_it(database, bank):
    async with database.begin(bank) as tx:
        world = await make.world(tx)
    paused = asyncio.Event()

    async def pause() -> None:
        async with database.begin(bank) as tx:
            await grants.update_offer_state(tx, world.offer.id, grants.OfferState.PAUSED)
            paused.set()
            await asyncio.sleep(0.1)

    async def claim() -> None:
        await paused.wait()
        async with database.begin(bank) as tx:
            [answer] = await make.claim_all(tx, make.claim(world.offer.id, 1))
            assert answer.code == "grants.paused"

    await asyncio.gather(pause(), claim())
