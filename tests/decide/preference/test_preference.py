"""What a segment leans to: a reason only where there is one, and benefits that can be had."""

import pytest

from huoke.decide.preference import lean


def test_a_lean_says_how_much_more_a_segment_does_than_everybody():
    found = lean("dining", 1_000, 620, 10_000, 2_600)
    assert (found.customers, found.share, found.usual) == (620, 0.62, 0.26)
    assert round(found.times_usual, 2) == 2.38


@pytest.mark.parametrize(
    ("members", "paid", "universe", "usual"),
    [
        (9, 9, 1_000, 100),  # too few to be told
        (1_000, 260, 10_000, 2_600),  # as everybody
        (20, 6, 10_000, 2_600),  # chance would do that
        (1_000, 0, 10_000, 0),  # nobody pays there
        (1_000, 100, 10_000, 2_600),  # less than everybody
    ],
)
def test_what_is_no_reason_is_none(members, paid, universe, usual):
    assert lean("dining", members, paid, universe, usual) is None
