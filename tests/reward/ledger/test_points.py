"""Points: lots in and out in order, refunds into their own lots, expiry, holds."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.reward import ledger
from huoke.reward.ledger import NewHold, Outcome
from tests.make import grants as make_grants
from tests.make import ledger as make


async def left(tx, seq: int) -> list[int]:
    return [lot.remaining for lot in await ledger.find_lots(tx, seq, "POINTS")]


async def test_points_are_burned_first_in_first_out(database, bank, clock):
    for amount in (100, 50, 30):
        async with database.begin(bank) as tx:
            account = await make.points(tx, 1, amount)
        clock.advance(timedelta(minutes=1))
    async with database.begin(bank) as tx:
        burns = [make.burn(account, 60), make.burn(account, 70), make.burn(account, 60), make.burn(account, 10)]
        assert await ledger.burn(tx, [*burns, burns[0]]) == [
            Outcome.POSTED,
            Outcome.POSTED,
            Outcome.OVERDRAWN,
            Outcome.POSTED,
            Outcome.EXISTS,
        ]
        assert await left(tx, 1) == [10, 30]
        assert await ledger.balance(tx, ledger.points_account(1, "POINTS")) == 40
        await make_grants.assert_sound(tx)


async def test_a_refund_goes_back_to_the_lots_it_came_from(database, bank, clock):
    for amount in (100, 50):
        async with database.begin(bank) as tx:
            account = await make.points(tx, 2, amount)
        clock.advance(timedelta(minutes=1))
    async with database.begin(bank) as tx:
        burn = make.burn(account, 120)
        await ledger.burn(tx, [burn])
        assert await left(tx, 2) == [30]
        assert await ledger.refund(tx, burn.source_id, 0, 30, refund_line=1) is Outcome.POSTED
        assert await ledger.refund(tx, burn.source_id, 0, 30, refund_line=1) is Outcome.EXISTS
        assert await left(tx, 2) == [10, 50]
        with pytest.raises(Refusal):
            await ledger.refund(tx, burn.source_id, 0, 91, refund_line=2)
        assert await ledger.refund(tx, burn.source_id, 0, 90, refund_line=2) is Outcome.POSTED
        assert await left(tx, 2) == [100, 50]
        await make_grants.assert_sound(tx)


async def test_refunds_in_one_batch_come_to_what_they_come_to_one_by_one(database, bank, clock):
    """Two burns of one customer, one of another; a name told twice goes back once, too much and nothing moves."""
    for seq, amount in ((51, 100), (51, 50), (52, 80)):
        async with database.begin(bank) as tx:
            await make.points(tx, seq, amount)
        clock.advance(timedelta(minutes=1))
    async with database.begin(bank) as tx:
        one, two = [await make.points(tx, seq, 1) for seq in (51, 52)]
        burns = [make.burn(one, 90), make.burn(one, 40), make.burn(two, 70)]
        await ledger.burn(tx, burns)

        def back(which, points, line):
            return ledger.Refund(source_id=burns[which].source_id, line=0, points=points, refund_line=line)

        with pytest.raises(Refusal):
            await ledger.refund_all(tx, [back(2, 10, 1), back(0, 60, 1), back(0, 31, 2)])
        assert (await left(tx, 51), await left(tx, 52)) == ([20, 1], [10, 1])
        batch = [back(0, 50, 1), back(0, 40, 2), back(0, 50, 1), back(1, 15, 1), back(2, 70, 1)]
        posted, exists = Outcome.POSTED, Outcome.EXISTS
        assert await ledger.refund_all(tx, batch) == [posted, posted, exists, posted, posted]
        assert await ledger.refund_all(tx, batch) == [exists] * 5
        assert (await left(tx, 51), await left(tx, 52)) == ([90, 35, 1], [80, 1])
        await make_grants.assert_sound(tx)
        assert await ledger.verify(tx) == []


async def test_a_lot_that_has_run_out_cannot_be_burned_and_a_refund_into_it_runs_out_again(database, bank, clock):
    async with database.begin(bank) as tx:
        account = await make.points(tx, 3, 100, expires_at=tx.now + timedelta(days=1))
        await make.points(tx, 3, 40)
        burn = make.burn(account, 30)
        await ledger.burn(tx, [burn])
    clock.advance(timedelta(days=1))
    async with database.begin(bank) as tx:
        assert await ledger.burn(tx, [make.burn(account, 41)]) == [Outcome.OVERDRAWN]
        assert await left(tx, 3) == [40]
        await ledger.refund(tx, burn.source_id, 0, 30, refund_line=1)
        assert await left(tx, 3) == [30, 40]
        assert await ledger.expire_lots(tx) == 1
        assert await ledger.expire_lots(tx) == 0
        assert await left(tx, 3) == [40]
        expired = ledger.AccountKey(ledger.AccountKind.POINTS_EXPIRED, "bank", "", "POINTS")
        assert await ledger.balance(tx, expired) == 100
        await make_grants.assert_sound(tx)


async def test_a_credit_is_booked_once(database, bank):
    async with database.begin(bank) as tx:
        item = ledger.Credit(
            seq=4,
            currency="POINTS",
            points=10,
            expires_at=None,
            source_kind="t",
            source_id=new_id(),
            line=0,
            cost_fen=7,
        )
        assert await ledger.credit(tx, [item, item]) == [Outcome.POSTED, Outcome.EXISTS]
        assert await ledger.credit(tx, [item]) == [Outcome.EXISTS]
        assert await left(tx, 4) == [10]
        await make_grants.assert_sound(tx)


@pytest.mark.parametrize("points", [0, -1, 2**63])
async def test_bad_numbers_of_points_move_nothing(database, bank, points):
    async with database.begin(bank) as tx:
        account = await make.points(tx, 5, 10)
        before = await left(tx, 5)
        assert await ledger.burn(tx, [make.burn(account, points)]) == [Outcome.BAD_AMOUNT]
        item = ledger.Credit(
            seq=5, currency="POINTS", points=points, expires_at=None, source_kind="t", source_id=new_id(), line=0
        )
        assert await ledger.credit(tx, [item]) == [Outcome.BAD_AMOUNT]
        with pytest.raises(Refusal):
            await ledger.hold(
                tx, [NewHold(id=new_id(), account_id=account, amount=points, ttl_seconds=1, source_kind="test")]
            )
        assert await left(tx, 5) == before


async def test_a_hold_is_burned_released_or_runs_out(database, bank, clock):
    async with database.begin(bank) as tx:
        account = await make.points(tx, 6, 100)
        holds = [
            NewHold(id=new_id(), account_id=account, amount=amount, ttl_seconds=60, source_kind="test")
            for amount in (40, 30, 30, 1)
        ]
        assert await ledger.hold(tx, [*holds, holds[0]]) == [
            Outcome.POSTED,
            Outcome.POSTED,
            Outcome.POSTED,
            Outcome.OVERDRAWN,
            Outcome.EXISTS,
        ]
        assert await ledger.burn(tx, [make.burn(account, 1)]) == [Outcome.OVERDRAWN]
        await ledger.commit_hold(tx, holds[0].id, source_kind="order")
        await ledger.release_hold(tx, holds[1].id)
        for again in (ledger.commit_hold(tx, holds[1].id, source_kind="order"), ledger.release_hold(tx, holds[0].id)):
            with pytest.raises(Refusal):
                await again
        assert await ledger.burn(tx, [make.burn(account, 31), make.burn(account, 30)]) == [
            Outcome.OVERDRAWN,
            Outcome.POSTED,
        ]
    clock.advance(timedelta(seconds=60))
    async with database.begin(bank) as tx:
        with pytest.raises(Refusal):
            await ledger.commit_hold(tx, holds[2].id, source_kind="order")
        assert await ledger.expire_holds(tx) == 1
        assert await ledger.expire_holds(tx) == 0
        assert await ledger.burn(tx, [make.burn(account, 30)]) == [Outcome.POSTED]
        assert await left(tx, 6) == []
        await make_grants.assert_sound(tx)


async def test_held_points_do_not_run_out_under_their_hold(database, bank, clock):
    async with database.begin(bank) as tx:
        account = await make.points(tx, 7, 100, expires_at=tx.now + timedelta(seconds=30))
        held = NewHold(id=new_id(), account_id=account, amount=60, ttl_seconds=60, source_kind="test")
        await ledger.hold(tx, [held])
    clock.advance(timedelta(seconds=31))
    async with database.begin(bank) as tx:
        await ledger.expire_lots(tx)
        assert await left(tx, 7) == [60]
        await ledger.commit_hold(tx, held.id, source_kind="order")
        assert await left(tx, 7) == []
        await make_grants.assert_sound(tx)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lots=st.lists(st.integers(1, 50), min_size=1, max_size=6),
    burns=st.lists(st.integers(1, 80), min_size=1, max_size=8),
)
async def test_any_burns_of_one_batch_draw_what_they_would_one_by_one(database, bank, lots, burns):
    seqs = iter(range(1_000_000))
    async with database.begin(bank) as tx:
        await tx.connection.execute("SAVEPOINT example")
        together, alone = 500_000 + next(seqs), 600_000 + next(seqs)
        for amount in lots:
            account = await make.points(tx, together, amount)
            other = await make.points(tx, alone, amount)
        outcomes = await ledger.burn(tx, [make.burn(account, amount) for amount in burns])
        one_by_one = [(await ledger.burn(tx, [make.burn(other, amount)]))[0] for amount in burns]
        assert outcomes == one_by_one
        assert sum(await left(tx, together)) == sum(await left(tx, alone))
        assert await ledger.verify(tx) == []
        await tx.connection.execute("ROLLBACK TO SAVEPOINT example")
        tx._entries.clear()


async def test_points_of_joined_numbers_are_one_sum_and_the_next_to_end_stands_first(database, bank, clock):
    async with database.begin(bank) as tx:
        await make.points(tx, 31, 100)
        await make.points(tx, 32, 40)
        await make.points(tx, 33, 7)
        [held] = await ledger.points_of(tx, [31, 32])
        assert (held.currency, held.balance, sum(lot.remaining for lot in held.lots)) == ("POINTS", 140, 140)
        ends = [lot.expires_at for lot in held.lots if lot.expires_at]
        assert ends == sorted(ends)
        assert await ledger.points_of(tx, [34]) == []
