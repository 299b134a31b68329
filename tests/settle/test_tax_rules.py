"""The pure rules of tax on prizes: to the fen, in both methods, and months that follow one another."""

from datetime import date

import pytest

from huoke.settle.tax.model import Bearer, Method, Owed, month_of, next_month, owed


@pytest.mark.parametrize(
    ("value", "rate", "bearer", "method", "said"),
    [
        (10_000, 200_000, Bearer.CUSTOMER, Method.GROSSED_UP, Owed(10_000, 2_000)),
        (10_000, 200_000, Bearer.CUSTOMER, Method.ON_VALUE, Owed(10_000, 2_000)),
        (10_000, 200_000, Bearer.BANK, Method.GROSSED_UP, Owed(12_500, 2_500)),
        (10_000, 200_000, Bearer.BANK, Method.ON_VALUE, Owed(10_000, 2_000)),
        (2, 200_000, Bearer.CUSTOMER, Method.GROSSED_UP, Owed(2, 0)),
        (3, 200_000, Bearer.CUSTOMER, Method.GROSSED_UP, Owed(3, 1)),
        (1, 500_000, Bearer.CUSTOMER, Method.GROSSED_UP, Owed(1, 1)),
        (3, 500_000, Bearer.CUSTOMER, Method.GROSSED_UP, Owed(3, 2)),
        (2, 200_000, Bearer.BANK, Method.GROSSED_UP, Owed(3, 1)),
        (3, 200_000, Bearer.BANK, Method.GROSSED_UP, Owed(4, 1)),
        (1, 200_000, Bearer.BANK, Method.GROSSED_UP, Owed(1, 0)),
        (999, 999_999, Bearer.BANK, Method.GROSSED_UP, Owed(999_000_000, 998_999_001)),
        (7, 0, Bearer.BANK, Method.GROSSED_UP, Owed(7, 0)),
        (0, 200_000, Bearer.BANK, Method.GROSSED_UP, Owed(0, 0)),
    ],
)
def test_base_and_tax_are_right_to_the_fen(value, rate, bearer, method, said):
    assert owed(value, rate, bearer, method) == said


def test_grossed_up_is_the_usual_method():
    assert owed(10_000, 200_000, Bearer.BANK) == Owed(12_500, 2_500)


@pytest.mark.parametrize("rate", [-1, 1_000_000])
def test_a_tax_takes_less_than_all_and_not_less_than_nothing(rate):
    with pytest.raises(AssertionError):
        owed(1, rate, Bearer.CUSTOMER)


def test_months_begin_on_their_first_day_and_follow_one_another():
    assert month_of(date(2026, 3, 31)) == date(2026, 3, 1)
    days = {
        date(2026, 1, 1): date(2026, 2, 1),
        date(2026, 11, 1): date(2026, 12, 1),
        date(2026, 12, 1): date(2027, 1, 1),
    }
    assert {day: next_month(day) for day in days} == days
