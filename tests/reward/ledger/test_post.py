"""Posting: the pure rules, driven by Hypothesis, and the same through the front door."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.kernel.ids import new_id
from huoke.kernel.money import FEN_MAX
from huoke.reward import ledger
from huoke.reward.ledger import AccountKey, AccountKind, Outcome, Transfer
from huoke.reward.ledger.model import Standing
from huoke.reward.ledger.settle import settle
from tests.make import grants as make_grants

NAMES = [UUID(int=n) for n in range(1, 5)]
BANK = UUID(int=9)
"""An account of the bank's own: it may go below zero."""
POINTS = UUID(int=8)

accounts = st.sampled_from([*NAMES, BANK, POINTS, UUID(int=77)])
transfers = st.builds(
    Transfer,
    source_kind=st.just("test"),
    source_id=st.sampled_from([UUID(int=n) for n in range(100, 104)]),
    line=st.integers(0, 5),
    debit_account=accounts,
    credit_account=accounts,
    amount=st.sampled_from([-1, 0, 1, 3, 50, FEN_MAX, FEN_MAX + 1]),
    reversal_of=st.none() | st.integers(0, 5),
)


def standing(balances: dict[UUID, int]) -> dict[UUID, Standing]:
    stored = {key: Standing("CNY", amount, amount) for key, amount in balances.items()}
    return stored | {BANK: Standing("CNY", None), POINTS: Standing("POINTS", 100, 100)}


@given(st.lists(transfers, max_size=30), st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_no_batch_overdraws_makes_money_or_posts_a_name_twice(batch, opening):
    balances = dict(zip(NAMES, opening, strict=True))
    before = sum(balances.values())
    outcomes = settle(batch, standing(balances), {})
    names: set[tuple[UUID, int]] = set()
    bank = 0
    for transfer, outcome in zip(batch, outcomes, strict=True):
        if outcome is not Outcome.POSTED:
            continue
        assert transfer.amount > 0
        assert transfer.name not in names
        names.add(transfer.name)
        for account, sign in ((transfer.debit_account, -1), (transfer.credit_account, 1)):
            assert account != POINTS
            if account == BANK:
                bank += sign * transfer.amount
            else:
                balances[account] += sign * transfer.amount
                assert 0 <= balances[account] <= FEN_MAX
    assert sum(balances.values()) + bank == before


@given(st.lists(transfers, max_size=20), st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_a_batch_posted_again_posts_nothing(batch, opening):
    balances = dict(zip(NAMES, opening, strict=True))
    outcomes = settle(batch, standing(balances), {})
    posted = {t.name: t for t, outcome in zip(batch, outcomes, strict=True) if outcome is Outcome.POSTED}
    again = settle(list(posted.values()), standing(balances), posted)
    assert set(again) <= {Outcome.EXISTS}


@given(st.lists(transfers, max_size=30))
def test_a_transfer_is_reversed_at_most_once(batch):
    outcomes = settle(batch, standing(dict.fromkeys(NAMES, 1_000)), {})
    reversed_ = [
        (t.source_id, t.reversal_of)
        for t, outcome in zip(batch, outcomes, strict=True)
        if outcome is Outcome.POSTED and t.reversal_of is not None
    ]
    assert len(reversed_) == len(set(reversed_))


def prepayment(supplier: str) -> AccountKey:
    return AccountKey(AccountKind.PREPAYMENT, "supplier", supplier)


COST = AccountKey(AccountKind.BENEFIT_COST, "bank", "")


def transfer(debit: UUID, credit: UUID, amount: int, **more) -> Transfer:
    fields = {"source_kind": "test", "source_id": new_id(), "line": 0} | more
    return Transfer(debit_account=debit, credit_account=credit, amount=amount, **fields)


async def test_a_retry_posts_nothing_and_another_body_is_told_apart(database, bank):
    async with database.begin(bank) as tx:
        key = prepayment("a")
        ids = await ledger.open_accounts(tx, [COST, key])
        first = transfer(ids[COST], ids[key], 500)
        changed = transfer(ids[COST], ids[key], 501, source_id=first.source_id)
        assert await ledger.post(tx, [first, first, changed]) == [
            Outcome.POSTED,
            Outcome.EXISTS,
            Outcome.EXISTS_DIFFERENT,
        ]
        assert await ledger.post(tx, [first, changed]) == [Outcome.EXISTS, Outcome.EXISTS_DIFFERENT]
        assert await ledger.balance(tx, key) == 500
        await make_grants.assert_sound(tx)


async def test_an_account_never_goes_below_zero_and_may_spend_what_came_in_the_same_batch(database, bank):
    async with database.begin(bank) as tx:
        one, two = prepayment("b"), prepayment("c")
        ids = await ledger.open_accounts(tx, [COST, one, two])
        outcomes = await ledger.post(
            tx,
            [
                transfer(ids[one], ids[two], 1),
                transfer(ids[COST], ids[one], 100),
                transfer(ids[one], ids[two], 60),
                transfer(ids[one], ids[two], 60),
            ],
        )
        assert outcomes == [Outcome.OVERDRAWN, Outcome.POSTED, Outcome.POSTED, Outcome.OVERDRAWN]
        assert (await ledger.balance(tx, one), await ledger.balance(tx, two)) == (40, 60)
        await make_grants.assert_sound(tx)


@pytest.mark.parametrize("amount", [0, -1, 2**63])
async def test_bad_amounts_move_nothing(database, bank, amount):
    async with database.begin(bank) as tx:
        key = prepayment("d")
        ids = await ledger.open_accounts(tx, [COST, key])
        assert await ledger.post(tx, [transfer(ids[COST], ids[key], amount)]) == [Outcome.BAD_AMOUNT]
        assert await ledger.balance(tx, key) == 0


async def test_a_full_account_refuses_what_it_cannot_count(database, bank):
    async with database.begin(bank) as tx:
        key = prepayment("full")
        ids = await ledger.open_accounts(tx, [COST, key])
        outcomes = await ledger.post(tx, [transfer(ids[COST], ids[key], FEN_MAX), transfer(ids[COST], ids[key], 1)])
        assert outcomes == [Outcome.POSTED, Outcome.BAD_AMOUNT]
        back = transfer(ids[key], ids[COST], FEN_MAX)
        assert await ledger.post(tx, [back]) == [Outcome.POSTED]


async def test_a_transfer_is_taken_back_exactly_once(database, bank):
    async with database.begin(bank) as tx:
        key = prepayment("e")
        ids = await ledger.open_accounts(tx, [COST, key])
        original = transfer(ids[COST], ids[key], 70)
        await ledger.book(tx, [original])
        assert await ledger.reverse(tx, {original.name: 1}) == [Outcome.POSTED]
        assert await ledger.reverse(tx, {original.name: 1}) == [Outcome.EXISTS]
        assert await ledger.reverse(tx, {original.name: 2}) == [Outcome.ALREADY_REVERSED]
        assert await ledger.reverse(tx, {(new_id(), 0): 1}) == [Outcome.UNKNOWN_ACCOUNT]
        assert await ledger.balance(tx, key) == 0
        await make_grants.assert_sound(tx)


async def test_budgets_and_points_cannot_be_posted_past_their_own_verbs(database, bank):
    async with database.begin(bank) as tx:
        key = ledger.points_account(1, "POINTS")
        ids = await ledger.open_accounts(tx, [COST, key])
        with pytest.raises(AssertionError):
            await ledger.post(tx, [transfer(ids[COST], ids[key], 1)])


async def test_an_account_of_another_bank_does_not_exist(database, bank, other_bank):
    async with database.begin(bank) as tx:
        ids = await ledger.open_accounts(tx, [COST, prepayment("f")])
    async with database.begin(other_bank) as tx:
        debit, credit = ids.values()
        assert await ledger.post(tx, [transfer(debit, credit, 1)]) == [Outcome.UNKNOWN_ACCOUNT]


async def test_a_transfer_cannot_be_changed_or_removed(database, bank):
    import asyncpg

    for statement in ("UPDATE ledger.transfer SET amount = 1", "DELETE FROM ledger.transfer"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.begin(bank) as tx:
                await tx.execute(statement)


async def test_verify_finds_a_balance_that_was_tampered_with(database, owner, other_bank):
    """The negative control of every `assert_sound`."""
    async with database.begin(other_bank) as tx:
        key = prepayment("g")
        ids = await ledger.open_accounts(tx, [COST, key])
        await ledger.book(tx, [transfer(ids[COST], ids[key], 70)])
    async with owner.begin_shared() as tx:
        await tx.execute("UPDATE ledger.account SET balance = 71 WHERE id = $1", ids[key])
    async with database.begin(other_bank) as tx:
        [difference] = await ledger.verify(tx)
        assert (difference.key, difference.stored, difference.recomputed) == (str(ids[key]), 71, 70)
