"""The pure rules of the ledger, outcome by outcome: settling, groups, first in first out, claw-back."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoke.kernel.money import FEN_MAX
from huoke.reward.ledger.debt import ClawBack, LotStanding, plan, spread
from huoke.reward.ledger.model import BadAmount, Outcome, Standing, Transfer, TransferKind, check_amount
from huoke.reward.ledger.points import first_in_first_out
from huoke.reward.ledger.settle import settle, settle_whole
from tests.make import ledger as make

A, B, BANK, OTHER, FROZEN, FULL, NOWHERE, OWN = (UUID(int=n) for n in range(1, 9))
ACCOUNTS = {
    A: Standing("P", 100, 120),
    B: Standing("P", 0, 0),
    BANK: Standing("P", None),
    OTHER: Standing("Q", None),
    OWN: Standing("P", None),
    FROZEN: Standing("P", 50, 50, frozen=True),
    FULL: Standing("P", FEN_MAX, FEN_MAX),
}
S, T = UUID(int=100), UUID(int=101)


def move(debit, credit, amount, line=0, source=S, **more):
    return Transfer(
        source_kind="t", source_id=source, line=line, debit_account=debit, credit_account=credit, amount=amount, **more
    )


@pytest.mark.parametrize(
    ("transfer", "outcome"),
    [
        (move(A, BANK, 100), Outcome.POSTED),
        (move(A, BANK, 101), Outcome.OVERDRAWN),
        (move(A, BANK, 1), Outcome.POSTED),
        (move(A, BANK, 0), Outcome.BAD_AMOUNT),
        (move(A, BANK, -1), Outcome.BAD_AMOUNT),
        (move(BANK, B, FEN_MAX), Outcome.POSTED),
        (move(BANK, B, FEN_MAX + 1), Outcome.BAD_AMOUNT),
        (move(BANK, FULL, 1), Outcome.BAD_AMOUNT),
        (move(OWN, BANK, FEN_MAX), Outcome.POSTED),
        (move(BANK, A, FEN_MAX - 120), Outcome.POSTED),
        (move(BANK, A, FEN_MAX - 119), Outcome.BAD_AMOUNT),
        (move(A, A, 1), Outcome.SAME_ACCOUNT),
        (move(NOWHERE, A, 1), Outcome.UNKNOWN_ACCOUNT),
        (move(A, NOWHERE, 1), Outcome.UNKNOWN_ACCOUNT),
        (move(A, OTHER, 1), Outcome.CURRENCY_MIXED),
        *((move(FROZEN, BANK, 1, kind=kind), Outcome.FROZEN) for kind in (
            TransferKind.BURN, TransferKind.GIVE, TransferKind.EXCHANGE)),
        (move(FROZEN, BANK, 1, kind=TransferKind.EXPIRE), Outcome.POSTED),
        (move(BANK, FROZEN, 1, kind=TransferKind.BURN), Outcome.POSTED),
        (move(A, BANK, 1, line=1, reversal_of=0), Outcome.NOTHING_TO_REVERSE),
    ],
)  # fmt: skip
def test_one_transfer_comes_out_as_the_table_says(transfer, outcome):
    assert settle([transfer], ACCOUNTS, {}) == [outcome]


def test_what_comes_in_can_go_out_and_what_went_out_is_gone():
    wanted = [move(B, BANK, 5, 0), move(A, B, 60, 1), move(B, BANK, 60, 2), move(A, BANK, 41, 3), move(A, BANK, 40, 4)]
    said = settle(wanted, ACCOUNTS, {})
    assert [one.value for one in said] == ["overdrawn", "posted", "posted", "overdrawn", "posted"]


def test_what_comes_in_counts_against_the_largest_an_account_holds():
    wanted = [move(BANK, B, FEN_MAX - 1, 0), move(BANK, B, 2, 1), move(BANK, B, 1, 2), move(BANK, B, 1, 3)]
    said = settle(wanted, ACCOUNTS, {})
    assert [one.value for one in said] == ["posted", "bad_amount", "posted", "bad_amount"]


def test_a_name_stands_for_one_transfer():
    first = move(A, BANK, 10)
    assert settle([first, first, move(A, BANK, 11)], ACCOUNTS, {}) == [
        Outcome.POSTED, Outcome.EXISTS, Outcome.EXISTS_DIFFERENT,
    ]  # fmt: skip
    assert settle([first], ACCOUNTS, {first.name: first}) == [Outcome.EXISTS]
    assert settle([move(A, BANK, 10, line=1), move(A, BANK, 10, source=T)], ACCOUNTS, {first.name: first}) == [
        Outcome.POSTED, Outcome.POSTED,
    ]  # fmt: skip


def test_a_reversal_mirrors_its_original_once():
    first = move(A, BANK, 10)
    back = move(BANK, A, 10, line=1, reversal_of=0)
    known = {first.name: first}
    assert settle([back], ACCOUNTS, known) == [Outcome.POSTED]
    for wrong in (
        move(BANK, A, 11, line=1, reversal_of=0),
        move(BANK, B, 10, line=1, reversal_of=0),
        move(A, BANK, 10, line=1, reversal_of=0),
        move(B, A, 10, line=1, reversal_of=0),
        move(BANK, A, 10, line=1, reversal_of=5),
        move(BANK, A, 10, line=1, source=T, reversal_of=0),
    ):
        assert settle([wrong], ACCOUNTS, known) == [Outcome.NOTHING_TO_REVERSE]
    again = move(BANK, A, 10, line=2, reversal_of=0)
    assert settle([back, again], ACCOUNTS, known) == [Outcome.POSTED, Outcome.ALREADY_REVERSED]
    assert settle([again], ACCOUNTS, known | {back.name: back}) == [Outcome.ALREADY_REVERSED]
    assert settle([first, back], ACCOUNTS, {}) == [Outcome.POSTED, Outcome.POSTED]


def test_a_group_goes_through_whole_or_leaves_no_trace():
    out, too_much = move(A, BANK, 60), move(B, BANK, 1, line=1)
    assert settle_whole([[out, too_much], [move(A, BANK, 100, source=T)]], ACCOUNTS, {}) == [
        Outcome.OVERDRAWN, Outcome.POSTED,
    ]  # fmt: skip
    assert settle_whole([[move(A, B, 60), move(B, BANK, 60, line=1)]], ACCOUNTS, {}) == [Outcome.POSTED]
    assert settle_whole([[out, too_much], [out]], ACCOUNTS, {}) == [Outcome.OVERDRAWN, Outcome.POSTED]
    assert settle_whole([[out], [out]], ACCOUNTS, {}) == [Outcome.POSTED, Outcome.EXISTS]
    assert settle_whole([[out, move(A, BANK, 1, line=1)]], ACCOUNTS, {out.name: out}) == [Outcome.EXISTS_DIFFERENT]
    assert settle_whole([[too_much, move(A, A, 1, line=2)]], ACCOUNTS, {}) == [Outcome.OVERDRAWN]
    assert settle_whole([[out, too_much], [move(A, BANK, 41, source=T)]], ACCOUNTS, {out.name: out}) == [
        Outcome.OVERDRAWN, Outcome.POSTED,
    ]  # fmt: skip


def test_what_a_refused_group_reversed_can_be_reversed_by_another():
    first = move(A, BANK, 10)
    back = move(BANK, A, 10, line=1, reversal_of=0)
    said = settle_whole([[back, move(B, BANK, 1, line=3)], [back]], ACCOUNTS, {first.name: first})
    assert said == [Outcome.OVERDRAWN, Outcome.POSTED]


def test_a_refused_group_gives_back_what_it_brought_in():
    said = settle_whole([[move(A, B, 60), move(A, BANK, 60, line=1)], [move(B, BANK, 1, source=T)]], ACCOUNTS, {})
    assert said == [Outcome.OVERDRAWN, Outcome.OVERDRAWN]


@pytest.mark.parametrize(
    ("amount", "fits"), [(1, True), (FEN_MAX, True), (0, False), (-1, False), (FEN_MAX + 1, False)]
)
def test_amounts_are_one_to_the_largest(amount, fits):
    if fits:
        check_amount(amount, "/amount")
    else:
        with pytest.raises(BadAmount) as refused:
            check_amount(amount, "/amount")
        assert refused.value.pointer == "/amount"


LOTS = [UUID(int=200 + n) for n in range(4)]


def test_burns_take_the_oldest_lot_first_and_go_on_where_the_last_one_stopped():
    shelves = {A: list(zip(LOTS, (10, 20, 30, 40), strict=True)), B: [(UUID(int=300), 5)]}
    one, two, other, rest = make.burn(A, 15), make.burn(A, 15), make.burn(B, 5), make.burn(A, 70)
    draws = first_in_first_out([one, two, other, rest], shelves)
    assert [(d.source_id, d.account_id, d.lot_id, d.points, d.left) for d in draws] == [
        (one.source_id, A, LOTS[0], 10, 0), (one.source_id, A, LOTS[1], 5, 15), (two.source_id, A, LOTS[1], 15, 0),
        (other.source_id, B, UUID(int=300), 5, 0), (rest.source_id, A, LOTS[2], 30, 0),
        (rest.source_id, A, LOTS[3], 40, 0),
    ]  # fmt: skip
    with pytest.raises(AssertionError):
        first_in_first_out([make.burn(B, 6)], shelves)


@given(shelf=st.lists(st.integers(1, 50), min_size=1, max_size=6), share=st.integers(1, 100))
def test_a_spread_takes_all_it_is_asked_for_and_no_lot_twice(shelf, share):
    lots = [(UUID(int=400 + n), points) for n, points in enumerate(shelf)]
    asked = max(1, sum(shelf) * share // 100)
    draws = spread(S, 7, asked, A, lots)
    taken = {one.lot_id: one.points for one in draws}
    assert all(dict(lots)[one.lot_id] == one.points + one.left for one in draws)
    assert {one.account_id for one in draws} == {A}
    assert all(one.points > 0 for one in draws)
    assert (sum(taken.values()), len(taken), {one.line for one in draws}) == (asked, len(draws), {7})
    full = [lot_id for lot_id, points in lots if taken.get(lot_id) == points]
    assert [lot_id for lot_id, _ in lots][: len(full)] == full, "the oldest are emptied first"
    with pytest.raises(AssertionError):
        spread(S, 7, sum(shelf) + 1, A, lots)


def claw(points, owed=True, source=T):
    return ClawBack(
        of_source=S, of_line=0, points=points, source_kind="t", source_id=source, line=0, debt=owed
    )  # fmt: skip


def lot(amount, remaining, gone=0, lot_id=LOTS[0]):
    return LotStanding(lot_id, A, amount, remaining, gone)


@pytest.mark.parametrize(
    ("items", "lots", "free", "found"),
    [
        ([claw(10)], [lot(50, 50)], 70, [([(LOTS[0], 10)], 0, 0)]),
        ([claw(1)], [lot(50, 50)], 70, [([(LOTS[0], 1)], 0, 0)]),
        ([claw(50)], [lot(50, 50)], 70, [([(LOTS[0], 50)], 0, 0)]),
        ([claw(60)], [lot(50, 50)], 70, [([(LOTS[0], 50)], 0, 0)]),
        ([claw(60)], [lot(90, 50)], 70, [([(LOTS[0], 50), (LOTS[1], 10)], 0, 0)]),
        ([claw(90)], [lot(90, 50)], 70, [([(LOTS[0], 50), (LOTS[1], 20)], 20, 0)]),
        ([claw(90, owed=False)], [lot(90, 50)], 70, [([(LOTS[0], 50), (LOTS[1], 20)], 0, 20)]),
        ([claw(90)], [lot(90, 50)], 30, [([(LOTS[0], 30)], 60, 0)]),
        ([claw(90)], [lot(90, 50)], 0, [([], 90, 0)]),
        ([claw(90)], [lot(90, 50, 80)], 70, [([(LOTS[0], 10)], 0, 0)]),
        ([claw(1)], [lot(90, 50, 90)], 70, [None]),
        ([claw(0)], [lot(90, 50)], 70, [None]),
        ([claw(30)], [lot(50, 0, lot_id=LOTS[2])], 70, [([(LOTS[1], 20), (LOTS[0], 10)], 0, 0)]),
        ([claw(1)], [None], 70, [None]),
        (
            [claw(40), claw(40)],
            [lot(60, 50), lot(60, 50)],
            70,
            [([(LOTS[0], 40)], 0, 0), ([(LOTS[0], 10), (LOTS[1], 10)], 0, 0)],
        ),
        (
            [claw(30), claw(30)],
            [lot(60, 50), lot(60, 50)],
            40,
            [([(LOTS[0], 30)], 0, 0), ([(LOTS[0], 10)], 20, 0)],
        ),
    ],
)
def test_a_claw_back_takes_from_the_lot_then_from_others_never_from_a_hold(items, lots, free, found):
    shelf = [(LOTS[1], 20), (LOTS[0], 50)]
    plans = plan(items, lots, {A: shelf}, {A: free})
    draws = [[(lot_id, points) for lot_id, points, _ in one.draws] if one else [] for one in plans]
    assert [one and (drawn, one.owed, one.let_go) for one, drawn in zip(plans, draws, strict=True)] == found
    stands = dict(shelf)
    for lot_id, points, left in [drawn for one in plans if one for drawn in one.draws]:
        stands[lot_id] -= points
        assert left == stands[lot_id]
    assert [one.taken if one else 0 for one in plans] == [sum(p for _, p in f[0]) if f else 0 for f in found]


def test_an_account_nobody_knows_has_nothing_to_take_from():
    [taking] = plan([claw(30)], [lot(50, 50)], {A: [(LOTS[0], 50)]}, {})
    assert taking is not None
    assert (taking.draws, taking.owed) == ([], 30)
