"""Dividing a reduction: whatever goes back in whatever parts, what was taken off is given back to the fen."""

from hypothesis import given
from hypothesis import strategies as st

from huoke.reward.reductions import Shares, divide, part


@st.composite
def payments_with_parts(draw):
    """A price, a reduction below it, and parts that go back, some of which fail."""
    price = draw(st.integers(2, 2_000))
    reduction = draw(st.integers(1, price - 1))
    steps = draw(st.lists(st.tuples(st.integers(1, price), st.booleans()), max_size=8))
    return price, reduction, steps


@given(case=payments_with_parts())
def test_parts_add_up_to_the_reduction_and_nobody_gets_less_than_nothing(case):
    price, reduction, steps = case
    parts: list[tuple[int, int]] = []
    for wanted, earlier_fails in [*steps, (price, False)]:
        gone, off = (sum(one[place] for one in parts) for place in (0, 1))
        amount = min(wanted, price - gone)
        if amount:
            mine = part(price, reduction, gone, off, amount)
            assert 0 <= mine <= amount
            assert 0 <= reduction - off - mine <= price - gone - amount
            parts.append((amount, mine))
        if earlier_fails and parts:
            parts.pop(0)
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
    for wanted, _ in [*steps, (price, False)]:
        amount = min(wanted, price - gone)
        if amount:
            shares = divide(whole, back, part(price, reduction, gone, back.amount_fen, amount))
            gone += amount
            back = Shares(
                bank_fen=back.bank_fen + shares.bank_fen, merchant_fen=back.merchant_fen + shares.merchant_fen,
                brand_fen=back.brand_fen + shares.brand_fen,
            )  # fmt: skip
            assert min(shares.bank_fen, shares.merchant_fen, shares.brand_fen) >= 0
            assert back.bank_fen <= whole.bank_fen
    assert back == whole


def test_a_part_is_by_proportion_and_the_last_takes_the_rest():
    assert [part(1_000, 333, 0, 0, 500), part(1_000, 333, 500, 166, 500)] == [166, 167]
    assert divide(Shares(bank_fen=100, brand_fen=50), Shares(), 75) == Shares(bank_fen=50, brand_fen=25)
