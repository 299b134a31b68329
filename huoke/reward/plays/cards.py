"""Collected cards, pure: what draws gave, how many sets they make with wild cards, claiming the next set."""

from collections.abc import Mapping

from huoke.kernel.refusals import Refusal
from huoke.reward.plays.deed import Doing, NoSet, Own, Planned
from huoke.reward.plays.ways import Cards, DeedKind


def sets_of(cards: Cards, drawn: Mapping[int, int]) -> int:
    """How many sets the cards make: what a set lacks, wild cards fill in."""
    wild = drawn.get(cards.wild, 0) if cards.wild is not None else 0
    sets = 0
    while sum(max(sets + 1 - drawn.get(line, 0), 0) for line in cards.lines) <= wild:
        sets += 1
    return sets


def claimed(own: Own) -> int:
    """How many sets were claimed."""
    return sum(deed.kind is DeedKind.SET for deed in own.deeds)


def claim(own: Own, doing: Doing) -> list[Planned] | Refusal:
    """The reward of set number `item`, counted from 1; cards of earlier sets are used up."""
    cards = own.draft.ways.cards
    assert cards is not None, "a play of cards has its way"
    done = claimed(own)
    if 1 <= doing.item <= done:
        return []
    if doing.item != done + 1 or doing.item > min(sets_of(cards, own.drawn), cards.sets):
        return NoSet("A card is missing, or all sets were claimed.", sets=done)
    return [Planned(kind=DeedKind.SET, day=own.opens_on, item=doing.item, reward=cards.gives, owed=True)]
