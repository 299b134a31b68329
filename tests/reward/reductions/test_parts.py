"""Dividing a reduction: whatever goes back in whatever parts, what was taken off is given back to the fen."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from huoke.reward.catalogue import ReductionDetails
from huoke.reward.reductions import Shares, divide, part
from huoke.reward.reductions.model import shares_of


@st.composite
def payments_with_parts(draw):
    """A price, a reduction below it, and parts that go back, after each of which earlier ones may fail."""
    price = draw(st.integers(2, 2_000))
    reduction = draw(st.integers(1, price - 1))
    steps = draw(st.lists(st.tuples(st.integers(1, price), st.lists(st.integers(0, 7), max_size=2)), max_size=8))
    return price, reduction, steps


@example(case=(100, 10, [(9, []), (1, [0]), (1, [])]))
@example(case=(100, 10, [(9, []), (1, []), (9, []), (1, []), (9, [1, 2]), (1, [])]))
@given(case=payments_with_parts())
def test_parts_add_up_to_the_reduction_and_nobody_gets_less_than_nothing(case):
    price, reduction, steps = case
    parts: list[tuple[int, int]] = []
    for wanted, fails in [*steps, (price, [])]:
        gone, off = (sum(one[place] for one in parts) for place in (0, 1))
        amount = min(wanted, price - gone)
        if amount:
            mine = part(price, reduction, gone, off, amount)
            assert 0 <= mine <= amount
            assert 0 <= reduction - off - mine <= price - gone - amount
            parts.append((amount, mine))
        for one in fails:
            parts.pop(one % len(parts)) if parts else None
    assert [sum(one[place] for one in parts) for place in (0, 1)] == [price, reduction]


@given(
    case=payments_with_parts(),
    cut=st.tuples(st.integers(0, 1_000), st.integers(0, 1_000)),
)
def test_every_funder_takes_back_exactly_what_it_bore(case, cut):
    price, reduction, steps = case
    brand = min(cut[0], reduction)
    merchant = min(cut[1], reduction - brand)
    whole = Shares(bank_fen=reduction - brand - merchant, merchant_fen=merchant, brand_fen=brand)
    gone, back = 0, Shares()
    for wanted, _ in [*steps, (price, [])]:
        amount = min(wanted, price - gone)
        if amount:
            shares = divide(whole, back, part(price, reduction, gone, back.amount_fen, amount))
            gone += amount
            back += shares
            assert min(shares.bank_fen, shares.merchant_fen, shares.brand_fen) >= 0
            assert back.bank_fen <= whole.bank_fen
    assert back == whole


def test_a_part_is_by_proportion_and_the_last_takes_the_rest():
    assert [part(1_000, 333, 0, 0, 500), part(1_000, 333, 500, 166, 500)] == [166, 167]
    assert [part(1_000, 1, 0, 0, 999), part(1_000, 1, 999, 0, 1)] == [0, 1]
    assert divide(Shares(bank_fen=100, brand_fen=50), Shares(), 75) == Shares(bank_fen=50, brand_fen=25)


def test_after_parts_that_failed_a_part_takes_no_more_than_itself_and_nothing_where_too_much_is_gone():
    assert part(100, 10, 27, 0, 1) == 1, "by proportion it would be 2: the customer would have to pay for a refund"
    assert part(100, 10, 3, 3, 1) == 0, "by proportion it would be less than nothing"


@pytest.mark.parametrize(("gone", "amount"), [(0, 0), (0, -1), (60, 41), (100, 1)])
def test_nothing_and_more_than_is_left_are_no_part(gone, amount):
    with pytest.raises(AssertionError):
        part(100, 10, gone, gone // 10, amount)


def test_the_bank_bears_what_nobody_else_does():
    details = ReductionDetails(merchant_fen=120, brand_fen=50, threshold_fen=900, in_mall=False)
    assert shares_of(300, details) == Shares(bank_fen=130, merchant_fen=120, brand_fen=50)
    assert shares_of(300, details).amount_fen == 300
    twice = shares_of(300, details) + Shares(bank_fen=1, merchant_fen=2, brand_fen=3)
    assert twice == Shares(bank_fen=131, merchant_fen=122, brand_fen=53)


def test_the_fen_left_over_goes_to_the_largest_remainder_and_no_more_than_was_taken_off_goes_back():
    whole = Shares(bank_fen=50, merchant_fen=30, brand_fen=20)
    assert divide(whole, Shares(), 7) == Shares(bank_fen=4, merchant_fen=2, brand_fen=1)
    assert divide(whole, Shares(bank_fen=4, merchant_fen=2, brand_fen=1), 93) == Shares(
        bank_fen=46, merchant_fen=28, brand_fen=19
    )
    assert divide(Shares(bank_fen=60, brand_fen=40), Shares(), 2) == Shares(bank_fen=1, brand_fen=1)
    assert divide(whole, whole, 0) == Shares()
    assert divide(Shares(bank_fen=1, brand_fen=1), Shares(), 1) == Shares(bank_fen=1), (
        "the bank first where both are alike"
    )
    for amount in (-1, 101):
        with pytest.raises(AssertionError):
            divide(whole, Shares(), amount)
