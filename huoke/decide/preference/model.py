"""What a segment leans to: shares of its customers beside those of everybody, and what follows for a library. Pure."""

from math import sqrt

import msgspec

from huoke.reward.library import Listing

MEMBERS_MIN = 10
"""Below so many customers nothing is told: it would show one of them."""
TIMES_USUAL_MIN = 1.05
"""A category that a segment hardly prefers is no reason."""
Z = 1.64
"""One-sided 95 %: more than usual is told only where chance alone would seldom make it."""


class Interest(msgspec.Struct, frozen=True, kw_only=True):
    """A category of the library, and the categories of payments that show an interest in it."""

    category: str
    spending: tuple[str, ...]


class Lean(msgspec.Struct, frozen=True, kw_only=True):
    """How a segment leans to a category: `customers` of it paid there, a `share` of all of it, `usual` in the bank."""

    category: str
    customers: int
    share: float
    usual: float
    times_usual: float


class Suggested(Listing, frozen=True, kw_only=True):
    """A listing of the library for a segment: `holding` of its customers have one that is good now.

    Of one that holds in some regions `near` live where it does; None for one that holds everywhere, or where nobody's
    region is known.
    """

    holding: int = 0
    near: int | None = None


class Suggestions(msgspec.Struct, frozen=True, kw_only=True):
    """What a segment leans to, most first, each with how many listings can be had and the first of them.

    `total` customers of the segment beside `universe`, both with a basis for marketing (rule P1).
    """

    total: int
    universe: int
    days: int
    placed: int = 0
    """Of `total`, those whose region is known."""
    leans: list["Leaning"]


class Leaning(Lean, frozen=True, kw_only=True):
    """A lean with what answers it."""

    in_stock: int
    listings: list[Suggested]


def lean(category: str, members: int, paid: int, universe: int, paid_usually: int) -> Lean | None:
    """How `paid` of `members` compare with `paid_usually` of a `universe` that holds them; None where it is no reason.

    A reason is a share above everybody's by more than chance: two proportions, pooled, one-sided (Z = 1.64).
    """
    if members < MEMBERS_MIN or not paid_usually or not paid:
        return None
    share, usual = paid / members, paid_usually / universe
    times_usual = share / usual
    spread = sqrt(usual * (1 - usual) / members)
    if times_usual < TIMES_USUAL_MIN or share - usual < Z * spread:
        return None
    return Lean(category=category, customers=paid, share=share, usual=usual, times_usual=times_usual)
