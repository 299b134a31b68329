"""Budgets as a tree: limits move down and back up, money between the three places, and every movement is booked."""

import asyncpg
import pytest

from huoke.kernel.ids import new_id
from huoke.kernel.refusals import Refusal
from huoke.reward import ledger
from huoke.reward.ledger import Place
from tests.make import grants as make_grants
from tests.make import ledger as make


async def test_limits_move_from_parent_to_child_and_back(database, bank):
    async with database.begin(bank) as tx:
        head = await make.budget(tx, 1_000)
        branch = await make.budget(tx, 300, parent_id=head)
        leaf = await make.budget(tx, 0, parent_id=branch)
        await ledger.allocate(tx, branch, leaf, 50)
        await ledger.give_back(tx, branch, head, 100, expected_limit_fen=250)
        await ledger.fund(tx, head, 5)
        assert await make.budget_numbers(tx, head) == (805, 805, 0, 0)
        assert await make.budget_numbers(tx, branch) == (150, 150, 0, 0)
        assert await make.budget_numbers(tx, leaf) == (50, 50, 0, 0)
        await make_grants.assert_sound(tx)


async def test_money_moves_between_the_three_places(database, other_bank):
    async with database.begin(other_bank) as tx:
        budget = await make.budget(tx, 1_000)
        await ledger.reserve(tx, make.moves((budget, 300), (budget, 200), (budget, 0)))
        await ledger.commit(tx, make.moves((budget, 100)))
        await ledger.release(tx, make.moves((budget, 250)))
        assert await make.budget_numbers(tx, budget) == (1_000, 750, 150, 100)
        await ledger.return_(tx, make.moves((budget, 40)))
        assert await make.budget_numbers(tx, budget) == (1_000, 790, 150, 60)
        assert await ledger.verify(tx) == []
        kinds = await tx.fetch(
            "SELECT t.kind, t.amount FROM ledger.transfer t JOIN ledger.budget b ON b.id = $1 WHERE"
            " b.available_account IN (t.debit_account, t.credit_account)"
            " OR b.reserved_account IN (t.debit_account, t.credit_account) ORDER BY t.kind, t.amount",
            budget,
        )
        assert [tuple(row) for row in kinds] == [
            ("commit", 100),
            ("fund", 1_000),
            ("release", 250),
            ("reserve", 200),
            ("reserve", 300),
            ("return", 40),
        ]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (Place.AVAILABLE, Place.RESERVED, "ledger.budget_exhausted"),
        (Place.RESERVED, Place.COMMITTED, "ledger.budget_unbalanced"),
        (Place.COMMITTED, Place.AVAILABLE, "ledger.budget_unbalanced"),
    ],
)
async def test_more_than_is_there_moves_nothing(database, bank, before, after, code):
    async with database.begin(bank) as tx:
        rich, poor = await make.budget(tx, 5_000), await make.budget(tx, 99)
        with pytest.raises(Refusal) as refused:
            await ledger.move(tx, make.moves((rich, 0), (poor, 50), (poor, 50)), before, after)
        assert refused.value.code == code
        assert refused.value.data["needed_fen"] == 100
        assert await make.budget_numbers(tx, rich) == (5_000, 5_000, 0, 0)
        assert await make.budget_numbers(tx, poor) == (99, 99, 0, 0)


@pytest.mark.parametrize("amount", [0, -1, 2**63, 301])
async def test_bad_numbers_move_no_limit(database, bank, amount):
    async with database.begin(bank) as tx:
        head = await make.budget(tx, 300)
        branch = await make.budget(tx, 0, parent_id=head)
        with pytest.raises(Refusal):
            await ledger.allocate(tx, head, branch, amount)
        with pytest.raises(Refusal):
            await ledger.give_back(tx, branch, head, amount)
        if amount != 301:
            with pytest.raises(Refusal):
                await ledger.fund(tx, head, amount)
        assert await make.budget_numbers(tx, head) == (300, 300, 0, 0)


@pytest.mark.parametrize("limit", [-1, 2**63])
async def test_a_budget_of_an_impossible_size_is_refused(database, bank, limit):
    async with database.begin(bank) as tx:
        with pytest.raises(ledger.BadAmount):
            await make.budget(tx, limit)


async def test_a_limit_that_someone_else_moved_is_refused(database, bank):
    async with database.begin(bank) as tx:
        head = await make.budget(tx, 300)
        branch = await make.budget(tx, 100, parent_id=head)
        with pytest.raises(Refusal) as refused:
            await ledger.allocate(tx, head, branch, 10, expected_limit_fen=99)
        assert (refused.value.code, refused.value.data) == ("ledger.limit_moved", {"limit_fen": 100})


async def test_strangers_children_and_unknown_budgets_are_refused(database, bank, other_bank):
    async with database.begin(bank) as tx:
        head, stranger = await make.budget(tx, 300), await make.budget(tx, 300)
        branch = await make.budget(tx, 100, parent_id=head)
        for wrong in (
            ledger.allocate(tx, head, stranger, 1),
            ledger.allocate(tx, branch, head, 1),
            ledger.fund(tx, branch, 1),
            ledger.reserve(tx, make.moves((new_id(), 1))),
        ):
            with pytest.raises(Refusal):
                await wrong
        with pytest.raises(ledger.BadAmount):
            await ledger.reserve(tx, make.moves((head, 5), (head, -5)))
    async with database.begin(other_bank) as tx:
        with pytest.raises(ledger.UnknownBudget):
            await ledger.reserve(tx, make.moves((head, 1)))


async def test_the_database_itself_keeps_the_sum_of_a_budget(database, bank):
    """The negative control: a statement that forgets one side is refused by the CHECK."""
    async with database.begin(bank) as tx:
        budget = await make.budget(tx, 300)
    for wrong in ("available_fen = available_fen - 1", "available_fen = 301, reserved_fen = -1"):
        with pytest.raises(asyncpg.CheckViolationError):
            async with database.begin(bank) as tx:
                await tx.execute(f"UPDATE ledger.budget SET {wrong} WHERE id = $1", budget)
